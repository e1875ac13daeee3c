# ruff: noqa: E501  the programs of the tables stand on one line each
"""Does the evaluator resolve every construct that real Keras 1 code reaches a layer, a model or a tensor by?

The 78 constructs that the tools were compared on, in that order. `means` is everything that the probed expression may
be: a name or object of Keras alone is a proof, with `unknown` beside it a guess, `other` is certainly not of Keras.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import pytest
from probed_program import probed

DENSE = "keras.layers.Dense"
CONV = "keras.layers.Convolution2D"
SEQUENTIAL = "keras.models.Sequential"
MODEL = "keras.models.Model"


@dataclass(frozen=True)
class Construct:
    """One construct: the program, what `probe(...)` means in it, and the modules that it imports."""

    name: str
    program: str
    means: set[str]
    modules: dict[str, str] = field(default_factory=dict)
    bug: str = ""


NAMES = (
    Construct("from-import-as", "from keras.layers import Dense as D\nprobe(D)", {DENSE}),
    Construct("from-submodule", "from keras.layers.core import Dense\nprobe(Dense)", {DENSE}),
    Construct("import-keras-dotted", "import keras\nprobe(keras.layers.Dense)", {DENSE}),
    Construct("import-module-dotted", "import keras.layers\nprobe(keras.layers.core.Dense)", {DENSE}),
    Construct("import-module-as", "import keras.layers as L\nprobe(L.core.Dense)", {DENSE}),
    Construct("from-keras-module", "from keras import layers\nprobe(layers.Dense)", {DENSE}),
    Construct("backend-alias", "from keras import backend as K\nprobe(K.concatenate)", {"keras.backend.concatenate"}),
    Construct(
        "assigned-module-alias", "import keras\nK = keras.backend\nprobe(K.concatenate)", {"keras.backend.concatenate"}
    ),
    Construct("star-import", "from keras.layers import *\nprobe(Dense)", {DENSE}),
    Construct("two-star-imports", "from keras.models import *\nfrom keras.layers import *\nprobe(Dense)", {DENSE}),
    Construct(
        "star-through-own-module",
        "from own import *\nprobe(Dense)",
        {DENSE},
        {"own.py": "from keras.layers import *\n"},
    ),
    Construct(
        "re-export-through-package",
        "from pkg.models import Dense\nprobe(Dense)",
        {DENSE},
        {
            "pkg/__init__.py": "",
            "pkg/models.py": "from .base import Dense\n",
            "pkg/base.py": "from keras.layers import Dense\n",
        },
    ),
    Construct(
        "own-package-attribute",
        "import pkg\nprobe(pkg.Seq)",
        {SEQUENTIAL},
        {"pkg/__init__.py": "from keras.models import Sequential as Seq\n"},
    ),
    Construct(
        "sibling-script",
        "from nets import Dense\nprobe(Dense)",
        {DENSE},
        {"nets.py": "from keras.layers import Dense\n"},
    ),
    Construct(
        "own-module-keras-utils",
        "from keras_utils import Dense\nprobe(Dense)",
        {"other"},
        {"keras_utils.py": "def Dense(n):\n    return n\n"},
    ),
    Construct("function-local-import", "def f():\n    from keras.layers import Dense\n    probe(Dense)", {DENSE}),
    Construct(
        "local-import-used-elsewhere",
        "def f():\n    global Dense\n    from keras.layers import Dense\ndef g():\n    probe(Dense)",
        {DENSE},
    ),
    Construct(
        "try-both-keras",
        "try:\n    from keras.layers import Dense\nexcept ImportError:\n    from keras.layers.core import Dense\nprobe(Dense)",
        {DENSE},
    ),
    Construct(
        "try-keras-except-own",
        "try:\n    from keras.layers import Dense\nexcept ImportError:\n    from own import Dense\nprobe(Dense)",
        {DENSE, "other"},
        {"own.py": "class Dense: pass\n"},
    ),
    Construct(
        "if-else-two-symbols",
        "if a:\n    from keras.layers import LSTM as R\nelse:\n    from keras.layers import GRU as R\nprobe(R)",
        {"keras.layers.LSTM", "keras.layers.GRU"},
    ),
    Construct("assigned-alias", "from keras.layers import Dense\nD = Dense\nprobe(D)", {DENSE}),
    Construct("alias-in-function", "from keras.layers import Dense\ndef f():\n    D = Dense\n    probe(D)", {DENSE}),
    Construct(
        "conditional-alias",
        "from keras.layers import LSTM, GRU\nR = LSTM if a else GRU\nprobe(R)",
        {"keras.layers.LSTM", "keras.layers.GRU"},
    ),
    Construct(
        "class-attribute-alias",
        "from keras.layers import Dense\nclass A:\n    layer = Dense\n    def f(self):\n        probe(self.layer)",
        {DENSE},
    ),
    Construct(
        "default-parameter", "from keras.layers import Dense\ndef f(layer=Dense):\n    probe(layer)", {DENSE, "unknown"}
    ),
    Construct(
        "dict-of-classes", "from keras.layers import Dense, LSTM\nd = {'d': Dense, 'l': LSTM}\nprobe(d['d'])", {DENSE}
    ),
    Construct(
        "partial",
        "from functools import partial\nfrom keras.layers import Dense\nD = partial(Dense, init='he_normal')\nprobe(D)",
        {f"partial {DENSE}"},
    ),
    Construct("getattr", "import keras.layers\nprobe(getattr(keras.layers, 'Dense'))", {DENSE}),
    Construct(
        "redefined-by-def", "from keras.layers import Dense\ndef Dense(n):\n    return n\nprobe(Dense)", {"other"}
    ),
    Construct(
        "rebound-by-assignment",
        "from keras.layers import Dense\nimport numpy as np\nDense = np.array\nprobe(Dense)",
        {"other"},
    ),
    Construct("parameter-shadows", "from keras.layers import Dense\ndef f(Dense):\n    probe(Dense)", {"unknown"}),
    Construct(
        "lambda-parameter-shadows", "from keras.layers import Dense\nf = lambda Dense: probe(Dense)", {"unknown"}
    ),
    Construct(
        "comprehension-variable-shadows",
        "from keras.layers import Dense\nx = [probe(Dense) for Dense in (1, 2)]",
        {"other"},
    ),
    Construct(
        "own-class-of-the-name", "from keras.layers import LSTM\nclass Dense:\n    pass\nprobe(Dense)", {"other"}
    ),
)

CLASSES = (
    Construct(
        "subclass-method",
        "from keras.models import Sequential\nclass M(Sequential):\n    pass\nclass N(M):\n    def f(self):\n        probe(self.fit)",
        {f"{SEQUENTIAL}.fit"},
    ),
    Construct(
        "subclass-in-other-module",
        "from base import M\nclass N(M):\n    def f(self):\n        probe(self.fit)",
        {f"{SEQUENTIAL}.fit"},
        {"base.py": "from keras.models import Sequential\nclass M(Sequential):\n    pass\n"},
    ),
    Construct(
        "super-in-subclass",
        "from keras.layers import Dense\nclass D(Dense):\n    def f(self):\n        probe(super())",
        {f"a {DENSE}"},
    ),
    Construct(
        "base-unbound",
        "from keras.models import Sequential\nclass D(Sequential):\n    def f(self):\n        probe(Sequential.fit)",
        {f"{SEQUENTIAL}.fit"},
    ),
)

MODELS = (
    Construct("sequential", "from keras.models import Sequential\nm = Sequential()\nprobe(m)", {f"a {SEQUENTIAL}"}),
    Construct(
        "sequential-inline", "from keras.models import Sequential\nprobe(Sequential([]).fit)", {f"{SEQUENTIAL}.fit"}
    ),
    Construct(
        "functional-model", "from keras.models import Model\nm = Model(input=a, output=b)\nprobe(m)", {f"a {MODEL}"}
    ),
    Construct(
        "rebound-model",
        "from keras.models import Sequential, load_model\nm = Sequential()\nm = load_model('x')\nprobe(m)",
        {f"a {MODEL}"},
    ),
    Construct(
        "rebound-unknown-then-model",
        "from keras.models import Sequential\nfrom own import thing\nm = thing()\nm = Sequential()\nprobe(m)",
        {f"a {SEQUENTIAL}"},
    ),
    Construct(
        "function-returning-model",
        "from keras.models import Sequential\ndef build():\n    m = Sequential()\n    return m\nprobe(build())",
        {f"a {SEQUENTIAL}"},
    ),
    Construct(
        "imported-function-returning-model",
        "from nets import build\nprobe(build())",
        {f"a {SEQUENTIAL}"},
        {"nets.py": "from keras.models import Sequential\ndef build():\n    return Sequential()\n"},
    ),
    Construct(
        "self-model-set-in-init",
        "from keras.models import Sequential\nclass A:\n    def __init__(self):\n        self.model = Sequential()\n    def f(self):\n        probe(self.model)",
        {f"a {SEQUENTIAL}"},
    ),
    Construct(
        "self-model-from-method",
        "from keras.models import Sequential\nclass A:\n    def __init__(self):\n        self.model = self.build()\n"
        "    def build(self):\n        return Sequential()\n    def f(self):\n        probe(self.model)",
        {f"a {SEQUENTIAL}"},
    ),
    Construct(
        "self-model-none-in-init",
        "from keras.models import Sequential\nclass A:\n    def __init__(self):\n        self.model = None\n"
        "    def build(self):\n        self.model = Sequential()\n    def f(self):\n        probe(self.model)",
        {f"a {SEQUENTIAL}"},
    ),
    Construct(
        "self-model-set-in-base-class",
        "from base import B\nclass A(B):\n    def f(self):\n        probe(self.model)",
        {f"a {SEQUENTIAL}"},
        {
            "base.py": "from keras.models import Sequential\nclass B:\n    def __init__(self):\n        self.model = Sequential()\n"
        },
    ),
    Construct(
        "object-attribute-from-outside",
        "from keras.models import Sequential\nclass A:\n    def __init__(self):\n        self.model = Sequential()\na = A()\nprobe(a.model)",
        {f"a {SEQUENTIAL}"},
    ),
    Construct(
        "property-returning-model",
        "from keras.models import Sequential\nclass A:\n    @property\n    def model(self):\n        return Sequential()\n    def f(self):\n        probe(self.model)",
        {f"a {SEQUENTIAL}"},
    ),
    Construct(
        "parameter-one-call-site",
        "from keras.models import Sequential\ndef f(m):\n    probe(m)\nf(Sequential())",
        {f"a {SEQUENTIAL}", "unknown"},
    ),
    Construct(
        "parameter-call-site-elsewhere",
        "def f(m):\n    probe(m)",
        {"unknown"},
        {"other.py": "from keras.models import Sequential\nfrom main import f\nf(Sequential())\n"},
    ),
    Construct(
        "tuple-returning-function",
        "from keras.models import Sequential\ndef f():\n    return 1, Sequential()\nn, m = f()\nprobe(m)",
        {f"a {SEQUENTIAL}"},
    ),
    Construct(
        "dict-held-model",
        "from keras.models import Sequential\nd = {'m': Sequential()}\nprobe(d['m'])",
        {f"a {SEQUENTIAL}"},
    ),
    Construct(
        "list-of-models",
        "from keras.models import Sequential\nfor m in [Sequential(), Sequential()]:\n    probe(m)",
        {f"a {SEQUENTIAL}"},
    ),
    Construct(
        "global-statement",
        "from keras.models import Sequential\ndef build():\n    global m\n    m = Sequential()\ndef f():\n    probe(m)",
        {f"a {SEQUENTIAL}"},
    ),
    Construct(
        "closure-variable",
        "from keras.models import Sequential\ndef f():\n    m = Sequential()\n    def g():\n        probe(m)",
        {f"a {SEQUENTIAL}"},
    ),
    Construct(
        "model-in-if-else",
        "from keras.models import Sequential\nif a:\n    m = Sequential()\nelse:\n    m = Sequential([])\nprobe(m)",
        {f"a {SEQUENTIAL}"},
    ),
    Construct(
        "main-guard-and-parameter",
        "from keras.models import Sequential\ndef f(m):\n    probe(m)\nif __name__ == '__main__':\n    m = Sequential()\n    f(m)",
        {f"a {SEQUENTIAL}", "unknown"},
    ),
    Construct(
        "walrus", "from keras.models import Sequential\nif (m := Sequential()):\n    probe(m)", {f"a {SEQUENTIAL}"}
    ),
    Construct(
        "subclass-instance",
        "from keras.models import Sequential\nclass M(Sequential):\n    pass\nm = M()\nprobe(m.fit)",
        {f"{SEQUENTIAL}.fit"},
    ),
    Construct(
        "self-fit-in-subclass",
        "from keras.models import Sequential\nclass M(Sequential):\n    def f(self):\n        probe(self.fit)",
        {f"{SEQUENTIAL}.fit"},
    ),
    Construct("application-model", "from keras.applications.vgg16 import VGG16\nm = VGG16()\nprobe(m)", {f"a {MODEL}"}),
    Construct(
        "history",
        "from keras.models import Sequential\nm = Sequential()\nh = m.fit(x, y)\nprobe(h)",
        {"a keras.callbacks.History"},
    ),
    Construct(
        "sklearn-fit",
        "from sklearn.svm import SVC\nfrom keras.models import Sequential\nclf = SVC()\nprobe(clf.fit)",
        {"other"},
    ),
)

TENSORS = (
    Construct("layer-call", "from keras.layers import Dense, Input\nprobe(Dense(3)(Input((2,))))", {"tensor"}),
    Construct(
        "self-rebinding",
        "from keras.layers import Dense, Input\nx = Input((2,))\nx = Dense(3)(x)\nx = Dense(3)(x)\nprobe(x)",
        {"tensor"},
    ),
    Construct("layer-instance", "from keras.layers import Dense\nl = Dense(3)\nprobe(l)", {f"a {DENSE}"}),
    Construct(
        "user-block",
        "from keras.layers import Dense\ndef block(x):\n    x = Dense(3)(x)\n    return x\nprobe(block(y))",
        {"tensor"},
    ),
    Construct(
        "tensor-in-parameter",
        "from keras.layers import Input\ndef block(x):\n    probe(x)\nblock(Input((2,)))",
        {"tensor", "unknown"},
    ),
    Construct(
        "closure-returning-block",
        "from keras.layers import Dense\ndef conv(n):\n    def f(x):\n        return Dense(n)(x)\n    return f\nc = conv(3)\nprobe(c(y))",
        {"tensor"},
    ),
    Construct(
        "model-output", "from keras.models import Model\nm = Model(input=a, output=b)\nprobe(m.output)", {"tensor"}
    ),
    Construct(
        "lambda-body",
        "from keras.layers import Lambda, Input\nfrom keras import backend as K\nl = Lambda(lambda x: probe(K.square(x)))",
        {"raw tensor"},
    ),
    Construct(
        "dict-of-two-classes",
        "from keras.layers import LSTM, GRU\nd = {'l': LSTM, 'g': GRU}\nprobe(d[k])",
        {"keras.layers.LSTM", "keras.layers.GRU"},
    ),
    Construct(
        "two-returns-of-different-types",
        "from keras.models import Sequential\nfrom sklearn.svm import SVC\ndef f(a):\n    if a:\n        return Sequential()\n    return SVC()\nprobe(f(1))",
        {f"a {SEQUENTIAL}", "other"},
    ),
    Construct(
        "reused-keras-then-sklearn",
        "from keras.models import Sequential\nfrom sklearn.svm import SVC\nm = Sequential()\nm.fit(1)\nm = SVC()\nprobe(m)",
        {"other"},
    ),
    Construct(
        "reused-sklearn-then-keras",
        "from keras.models import Sequential\nfrom sklearn.svm import SVC\nm = SVC()\nprobe(m)\nm = Sequential()",
        {"other"},
    ),
)

CONSTRUCTS = (*NAMES, *CLASSES, *MODELS, *TENSORS)


def test_all_78_constructs_are_here() -> None:
    assert len({construct.name for construct in CONSTRUCTS}) == len(CONSTRUCTS) == 78


@pytest.mark.parametrize("construct", [pytest.param(construct, id=construct.name) for construct in CONSTRUCTS])
def test_construct(construct: Construct, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    if construct.bug:
        request.applymarker(pytest.mark.xfail(reason=construct.bug, strict=True))
    assert probed(construct.program, tmp_path, construct.modules) == construct.means


@pytest.mark.parametrize(
    "construct", [pytest.param(construct, id=construct.name) for construct in CONSTRUCTS if not construct.modules]
)
def test_construct_without_a_project(construct: Construct, request: pytest.FixtureRequest) -> None:
    if construct.bug:
        request.applymarker(pytest.mark.xfail(reason=construct.bug, strict=True))
    found = probed(construct.program)
    assert found == construct.means or found - {"other"} | {"unknown"} == construct.means - {"other"} | {"unknown"}
