# ruff: noqa: E501  the programs of the tables stand on one line each
"""What becomes of a call, depending on how sure its callee or receiver is: changed, a guess for `--unsafe`, or left alone?"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import pytest

from kmigrate.config import Settings
from kmigrate.engine import Engine
from kmigrate.results import FileResult, Outcome
from kmigrate.source.text import Source


@dataclass(frozen=True)
class Program:
    """A program and the texts that must stand in its result (`gives`) or must still stand there (`keeps`)."""

    name: str
    text: str
    gives: tuple[str, ...] = ()
    keeps: tuple[str, ...] = ()
    modules: dict[str, str] = field(default_factory=dict)
    bug: str = ""


PROVEN = (
    Program(
        "models-of-a-generator",
        "from keras.models import Sequential\ndef models():\n    for size in (3, 4):\n        yield Sequential()\n"
        "for model in models():\n    model.fit(x, y, nb_epoch=1)\nnext(models()).fit(x, y, nb_epoch=2)\n",
        gives=("epochs=1", "epochs=2"),
    ),
    Program(
        "models-of-a-generator-that-hands-on-another",
        "from keras.models import Sequential\ndef inner():\n    yield Sequential()\ndef models():\n    yield from inner()\n"
        "for model in models():\n    model.fit(x, y, nb_epoch=1)\n",
        gives=("epochs=1",),
    ),
    Program(
        "star-of-a-module-that-has-the-name-in-keras-2-only",
        "from keras.layers import *\nfrom keras.models import *\nmodel = Sequential()\n"
        "model.add(InputLayer(input_shape=(5, 6)))\nmodel.add(LSTM(1, activation='softplus'))\n",
        gives=("recurrent_activation='hard_sigmoid'",),
    ),
    Program(
        "star-of-a-module-that-binds-something-else",
        "from keras.layers import Convolution2D\nfrom own import *\nx = Convolution2D(3, 3, 3)\n",
        gives=("x = Conv2D(3, (3, 3))",),
        modules={"own.py": "import numpy as np\ndef helper(): pass\n"},
    ),
    Program(
        "star-of-a-star",
        "from keras import backend as K\nfrom own import *\nx = K.image_dim_ordering() == 'th'\n",
        gives=("x = K.image_data_format() == 'channels_first'",),
        modules={"own.py": "from deeper import *\nfrom keras import backend as K\n", "deeper.py": "import json\n"},
    ),
    Program(
        "star-of-a-module-with-unknown-imports",
        "from keras import backend as K\nfrom own import *\nx = K.image_dim_ordering() == 'th'\n",
        gives=("x = K.image_data_format() == 'channels_first'",),
        modules={"own.py": "from elsewhere import thing\nimport tables\n"},
    ),
    Program(
        "layer-in-dict", "from keras.layers import Dense, Convolution2D\nd = {'c': Convolution2D}\nx = d['c'](3, 5, 5, border_mode='same')\n",
        gives=("d['c'](3, (5, 5), padding='same')",),
    ),
    Program(
        "getattr-called", "import keras.layers\nx = getattr(keras.layers, 'Convolution2D')(3, 5, 5, border_mode='same')\n",
        gives=("(3, (5, 5), padding='same')",),
    ),
    Program("getattr-bound", "import keras.layers\nL = getattr(keras.layers, 'Dense')\nx = L(3, init='uniform')\n",
            gives=("L(3, kernel_initializer='uniform')",)),
    Program("partial", "from functools import partial\nfrom keras.layers import Dense\nD = partial(Dense, init='uniform')\nx = D(3, W_regularizer=None)\n",
            gives=("partial(Dense, kernel_initializer='uniform')", "D(3, kernel_regularizer=None)")),
    Program("partial-by-another-name", "from functools import partial as P\nfrom keras.layers import Dense\nD = P(Dense, init='uniform')\n",
            gives=("P(Dense, kernel_initializer='uniform')",)),
    Program("functools-by-another-name", "import functools as F\nfrom keras.layers import Dense\nD = F.partial(Dense, init='uniform')\n",
            gives=("F.partial(Dense, kernel_initializer='uniform')",)),
    Program("super-init", "from keras.layers import Dense\nclass D(Dense):\n    def __init__(self, n):\n        super(D, self).__init__(n, init='uniform')\n",
            gives=("__init__(n, kernel_initializer='uniform')",)),
    Program("super-init-of-python-3", "from keras.layers import Dense\nclass D(Dense):\n    def __init__(self, n):\n        super().__init__(n, init='uniform')\n",
            gives=("__init__(n, kernel_initializer='uniform')",)),
    Program("base-init", "from keras.layers import Dense\nclass D(Dense):\n    def __init__(self, n):\n        Dense.__init__(self, n, init='uniform')\n",
            gives=("__init__(self, n, kernel_initializer='uniform')",)),
    Program("inherited-init", "from keras.layers import Dense\nclass D(Dense):\n    pass\nx = D(output_dim=3, init='uniform')\n",
            gives=("D(units=3, kernel_initializer='uniform')",)),
    Program("subclass-of-model", "from keras.models import Sequential\nclass M(Sequential):\n    def f(self, x):\n        self.fit(x, x, nb_epoch=2)\nM().fit(1, 2, nb_epoch=3)\n",
            gives=("self.fit(x, x, epochs=2)", "M().fit(1, 2, epochs=3)")),
    Program("none-and-a-model", "from keras.models import Sequential\ndef f():\n    m = None\n    if a:\n        m = Sequential()\n    m.fit(x, y, nb_epoch=3)\n",
            gives=("m.fit(x, y, epochs=3)",)),
    Program("none-default", "from keras.models import Sequential\ndef f(m=None):\n    if m is None:\n        m = Sequential()\n    m.fit(x, y, nb_epoch=3)\n",
            gives=("epochs=3",)),
    Program("global-model", "from keras.models import Sequential\nm = None\ndef build():\n    global m\n    m = Sequential()\ndef f():\n    m.fit(x, y, nb_epoch=3)\n",
            gives=("m.fit(x, y, epochs=3)",)),
    Program("model-of-another-module", "from nets import build\nbuild().fit(x, y, nb_epoch=3)\n", gives=("build().fit(x, y, epochs=3)",),
            modules={"nets.py": "from keras.models import Sequential\ndef build():\n    return Sequential()\n"}),
    Program("layer-through-own-module", "from nets import *\nx = Dense(3, init='uniform')\n", gives=("Dense(3, kernel_initializer='uniform')",),
            modules={"nets.py": "from keras.layers import *\n"}),
    Program("layer-through-a-module-that-never-names-its-library", "from own import Dense\nx = Dense(3, init='uniform')\n",
            gives=("Dense(3, kernel_initializer='uniform')",),
            modules={"own.py": "from deeper import Dense\n", "deeper.py": "from keras.layers import Dense\n"}),
    Program("parameter-with-a-caller", "from keras.models import Sequential\ndef f(m):\n    m.fit(1, 2, nb_epoch=3)\nf(Sequential())\n",
            gives=("m.fit(1, 2, epochs=3)",)),
    Program("await", "from keras.models import Sequential\nasync def f():\n    m = Sequential()\n    await m.fit(x, y, nb_epoch=3)\n",
            gives=("await m.fit(x, y, epochs=3)",)),
    Program("walrus", "from keras.models import Sequential\nif (m := Sequential()):\n    m.fit(x, y, nb_epoch=3)\n", gives=("m.fit(x, y, epochs=3)",)),
)  # fmt: skip

GUESSES = (
    Program("keras-or-sklearn", "from keras.models import Sequential\nfrom sklearn.svm import SVC\nm = Sequential() if a else SVC()\nm.fit(x, y, nb_epoch=3)\n",
            gives=("epochs=3",)),
    Program("keras-or-own", "try:\n    from keras.layers import Dense\nexcept ImportError:\n    from own import Dense\nx = Dense(3, init='uniform')\n",
            gives=("kernel_initializer='uniform'",)),
    Program("rebound-in-a-branch", "from keras.layers import Dense\nfrom own import Foo\nif a:\n    Dense = Foo\nx = Dense(3, init='uniform')\n",
            gives=("kernel_initializer='uniform'",)),
    Program("default-parameter", "from keras.layers import Dense\ndef f(layer=Dense):\n    return layer(3, init='uniform')\n", gives=("kernel_initializer='uniform'",)),
    Program("parameter", "from keras.models import Sequential\ndef f(m):\n    m.fit(1, 2, nb_epoch=3)\n", gives=("m.fit(1, 2, epochs=3)",)),
    Program("attribute-that-somebody-else-sets", "import keras\nclass A:\n    def f(self, x):\n        self.m.fit(x, x, nb_epoch=3)\n",
            gives=("self.m.fit(x, x, epochs=3)",)),
    Program("none-or-what-nobody-knows", "import keras\nclass A:\n    def __init__(self, make=open):\n        self.make = make\n    def f(self, x):\n        self.make(2).fit(x, x, nb_epoch=3)\n",
            gives=("fit(x, x, epochs=3)",)),
)  # fmt: skip

REVIEWS = (
    Program("either-of-two-classes-alike", "from keras.layers import LSTM, GRU\nR = LSTM if a else GRU\nx = R(3, return_sequences=True)\n",
            keeps=("R(3, return_sequences=True)",)),
    Program("gone-name-in-a-branch", "if a: from keras.layers import merge\nelse: merge = None\nx = merge([a, b], mode='sum')\n",
            keeps=("merge([a, b], mode='sum')",)),
    Program("hidden-arguments", "from keras.layers import Dense\nx = Dense(3, **kwargs)\n", keeps=("Dense(3, **kwargs)",)),
)  # fmt: skip

NOT_KERAS = (
    Program("def-of-the-name", "from keras.layers import Dense\ndef Dense(n, init):\n    return n\ny = Dense(3, init='uniform')\n"),
    Program("class-of-the-name", "from keras.layers import LSTM\nclass Dense:\n    pass\ny = Dense(3, init='uniform')\n"),
    Program("rebound", "from keras.layers import Dense\nimport numpy as np\nDense = np.array\ny = Dense(3, init='uniform')\n"),
    Program("parameter", "from keras.layers import Dense\ndef f(Dense):\n    return Dense(3, init='uniform')\n"),
    Program("lambda-parameter", "from keras.layers import Dense\nf = lambda Dense: Dense(3, init='uniform')\n"),
    Program("comprehension-variable", "from keras.layers import Dense\ny = [Dense(3, init='uniform') for Dense in (f, g)]\n"),
    Program("loop-variable", "from keras.layers import Dense\nfor Dense in (1, 2):\n    y = Dense(3, init='uniform')\n"),
    Program("with-variable", "from keras.layers import Dense\nwith f() as Dense:\n    y = Dense(3, init='uniform')\n"),
    Program("except-variable", "from keras.layers import Dense\ntry:\n    pass\nexcept E as Dense:\n    y = Dense(3, init='uniform')\n"),
    Program("pattern-variable", "from keras.layers import Dense\nmatch x:\n    case [Dense, 1]:\n        y = Dense(3, init='uniform')\n"),
    Program("own-method-of-the-name", "from keras.layers import Dense\nclass A:\n    def Dense(self, n, init): pass\n    def f(self):\n        self.Dense(3, init='uniform')\n"),
    Program("sklearn-fit", "from keras.models import Sequential\nfrom sklearn.svm import SVC\nclf = SVC()\nclf.fit(x, y, nb_epoch=3)\n"),
    Program("variable-reused", "from keras.layers import Dense\nfrom sklearn.svm import SVC\nm = Dense(3)\nm = SVC()\nm.fit(x, y, nb_epoch=3)\n"),
    Program("pandas-merge", "import keras\nimport pandas as pd\nd = pd.merge(a, b, mode='sum')\n"),
    Program("theano-conv2d", "import keras\nfrom theano.tensor.nnet import conv2d\ny = conv2d(x, w, border_mode='full', subsample=(2, 2))\n"),
    Program("tf-keras", "import tensorflow as tf\nimport keras\nx = tf.merge_summary([a])\ny = tf.concat(1, [a])\n"),
    Program("own-merge", "from own import merge\nfrom keras.layers import Dense\nx = merge([a, b], mode='concat')\n",
            modules={"own.py": "def merge(x, mode):\n    return x\n"}),
    Program("own-override", "from keras.models import Sequential\nclass M(Sequential):\n    def fit(self, x, nb_epoch):\n        pass\nM().fit(x, nb_epoch=3)\n"),
    Program("own-star-after-keras", "from keras.layers import *\nfrom own import *\nx = Dense(3, init='uniform')\n",
            modules={"own.py": "class Dense:\n    def __init__(self, n, init): pass\n"}),
    Program("own-star-after-the-name", "from keras.layers import Dense\nfrom own import *\nx = Dense(3, init='uniform')\n",
            modules={"own.py": "class Dense:\n    def __init__(self, n, init): pass\n"}),
)  # fmt: skip


@pytest.fixture
def migrate(tmp_path: Path):
    def run(program: Program, *, unsafe: bool = False) -> FileResult:
        for name, text in program.modules.items():
            (tmp_path / name).write_text(text)
        path = tmp_path / "main.py"
        path.write_text(program.text)
        return Engine(tmp_path, Settings(unsafe=unsafe)).migrate(Source(str(path), program.text))

    return run


def params(programs: tuple[Program, ...]) -> list[object]:
    return [
        pytest.param(
            program, id=program.name, marks=[pytest.mark.xfail(reason=program.bug, strict=True)] if program.bug else []
        )
        for program in programs
    ]


@pytest.mark.parametrize("program", params(PROVEN))
def test_what_is_proven_changes(program: Program, migrate) -> None:
    result = migrate(program)
    assert result.outcome is Outcome.CHANGED, result.failure
    for text in program.gives:
        assert text in result.after


@pytest.mark.parametrize("program", params(GUESSES))
def test_a_guess_waits_for_unsafe(program: Program, migrate) -> None:
    careful = migrate(program)
    assert careful.after == careful.before
    assert any(review.unsafe for review in careful.reviews)
    bold = migrate(program, unsafe=True)
    for text in program.gives:
        assert text in bold.after


@pytest.mark.parametrize("program", params(REVIEWS))
@pytest.mark.parametrize("unsafe", [False, True], ids=["careful", "unsafe"])
def test_what_nobody_can_decide_is_a_review(program: Program, unsafe: bool, migrate) -> None:
    result = migrate(program, unsafe=unsafe)
    assert result.reviews
    for text in program.keeps:
        assert text in result.after


@pytest.mark.parametrize("program", params(NOT_KERAS))
@pytest.mark.parametrize("unsafe", [False, True], ids=["careful", "unsafe"])
def test_what_is_not_keras_stays(program: Program, unsafe: bool, migrate) -> None:
    result = migrate(program, unsafe=unsafe)
    assert result.after == result.before
    assert not result.reviews


@pytest.mark.skipif(not Path("/proc/self/mem").exists(), reason="needs a file that every user fails to read")
def test_an_import_that_cannot_be_read_stops_nobody(migrate, tmp_path: Path) -> None:
    (tmp_path / "own.py").symlink_to("/proc/self/mem")
    result = migrate(Program("", "from keras.layers import Dense\nfrom own import cut\nx = Dense(3, init=cut)\n"))
    assert result.outcome is Outcome.CHANGED
    assert "Dense(3, kernel_initializer=cut)" in result.after
