# ruff: noqa: E501  the programs of the tables stand on one line each
"""Do import statements follow their uses, where they stand, with nothing lost and no name of the user's taken?"""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from fidelity import migrated

from kmigrate.api import migrate_text, scan
from kmigrate.config import Settings
from kmigrate.engine import Engine
from kmigrate.results import State
from kmigrate.source.text import Source

CASES = {
    "comments-of-statements-that-go": (
        "from keras.layers import Merge      # unused\ndef f():\n    from keras.models import Graph  # too\n    return 1\n",
        "# unused\ndef f():\n    # too\n    return 1\n",
    ),
    "comments-for-tools-of-another-statement-stay": (
        "import os; from keras.layers import merge  # noqa\nif os: from keras.layers import merge  # noqa\n",
        "import os  # noqa\nif os: pass  # noqa\n",
    ),
    "modules-that-a-star-brought": (
        "from keras.layers.recurrent import *\n\ndef f(x, w):\n    return K.dot(x, w) + K.concatenate([x, x]), initializations.get('one'), activations.relu\n",
        "from keras.layers import *\nfrom keras import backend as K, initializers, activations\n\n"
        "def f(x, w):\n    return K.dot(x, w) + K.concatenate([x, x]), initializers.get('one'), activations.relu\n",
    ),
    "the-backend-by-the-layers": (
        "from keras.layers import Dense, K, Lambda\ny = Lambda(lambda t: K.repeat_elements(K.dot(t, t), 2, axis=-1))\n",
        "from keras.layers import Dense, Lambda\nfrom keras import backend as K\ny = Lambda(lambda t: K.repeat_elements(K.dot(t, t), 2, axis=-1))\n",
    ),
    "modules-that-become-one": (
        "import keras.layers.core\nimport keras.layers.recurrent, os\nimport keras.layers.pooling\nfrom x import y\nimport keras.layers.local\n"
        "a = keras.layers.core.Dense(2)\nimport keras.layers.noise\ndef f():\n    import keras.layers.core, keras.layers.noise as n\n    return n\n",
        "import keras.layers\nimport os\nfrom x import y\n"
        "a = keras.layers.Dense(2)\nimport keras.layers\ndef f():\n    import keras.layers, keras.layers as n\n    return n\n",
    ),
    "two-statements-on-a-line": (
        "import os; from keras.layers import merge; import sys\nx = merge([a, b], mode='sum')\n",
        "import os; from keras.layers import add; import sys\nx = add([a, b])\n",
    ),
    "parenthesised-with-comments": (
        "from keras.layers import (Dense,   # dense\n                          merge,   # merging\n                          Dropout)  # drop\nx = merge([a, b], mode='sum')\n",
        "from keras.layers import (Dense,   # dense\n                          add,     # merging\n                          Dropout)  # drop\nx = add([a, b])\n",
    ),
    "trailing-comma": (
        "from keras.layers import (\n    merge,\n    Dense,\n)\nx = merge([a, b], mode='sum'), merge([a, b], mode='max')\n",
        "from keras.layers import (\n    add, maximum,\n    Dense,\n)\nx = add([a, b]), maximum([a, b])\n",
    ),
    "in-a-function": (
        "def f():\n    from keras.layers import merge\n    return merge([a, b], mode='sum')\ndef g():\n    from keras.layers import merge, Dense\n"
        "    return merge([a, b], mode='concat'), Dense(3)\n",
        "def f():\n    from keras.layers import add\n    return add([a, b])\ndef g():\n    from keras.layers import concatenate, Dense\n"
        "    return concatenate([a, b]), Dense(3)\n",
    ),
    "in-branches-that-do-not-both-run": (
        "def f(kind):\n    if kind:\n        from keras.layers import merge\n        return merge([a, b], mode='sum')\n    else:\n"
        "        from keras.layers import merge, Input\n        return merge([Input((2,)), b], mode='sum')\n",
        "def f(kind):\n    if kind:\n        from keras.layers import add\n        return add([a, b])\n    else:\n"
        "        from keras.layers import add, Input\n        return add([Input((2,)), b])\n",
    ),
    "in-one-branch-after-the-other": (
        "if one:\n    from keras.utils.visualize_util import plot\n    plot(a)\nif two:\n    from keras.utils.visualize_util import plot\n    plot(b)\n",
        "if one:\n    from keras.utils import plot_model\n    plot_model(a)\nif two:\n    from keras.utils import plot_model\n    plot_model(b)\n",
    ),
    "in-a-loop-and-behind-it": (
        "def f(x):\n    for i in x:\n        from keras.layers import merge\n        x = merge([x, i], mode='sum')\n"
        "    from keras.layers import merge\n    return merge([x, x], mode='sum')\n",
        "def f(x):\n    for i in x:\n        from keras.layers import add\n        x = add([x, i])\n"
        "    from keras.layers import add\n    return add([x, x])\n",
    ),
    "twice-in-one-branch": (
        "if one:\n    from keras.layers import merge\n    x = merge([a, b], mode='sum')\n    if two:\n"
        "        from keras.layers import merge, Input\n        x = merge([Input((2,)), b], mode='sum')\n",
        "if one:\n    from keras.layers import add\n    x = add([a, b])\n    if two:\n"
        "        from keras.layers import Input\n        x = add([Input((2,)), b])\n",
    ),
    "modules-brought-by-modules-that-import-them": (
        "from keras.engine.training import objectives, optimizers\nimport keras.models as m\nlosses = [objectives.mean_squared_error, objectives]\nrate = optimizers.SGD(lr=0.1), m.optimizers.SGD(lr=0.1)\n",
        "from keras import losses as objectives, optimizers\nfrom keras.optimizers import SGD\nlosses = [objectives.mean_squared_error, objectives]\nrate = optimizers.SGD(0.1), SGD(0.1)\n",
    ),
    "where-functions-alone-import-keras": (
        "import os\ndef rate(r):\n    'Sets it.'\n    build().optimizer.lr.set_value(r)\ndef build():\n    os.environ['DEVICE'] = 'gpu'\n"
        "    from keras.models import Sequential\n    model = Sequential()\n    model.optimizer.lr.set_value(1)\n    model.optimizer.lr.set_value(2)\n    return model\n",
        "import os\ndef rate(r):\n    'Sets it.'\n    from keras import backend as K\n    K.set_value(build().optimizer.lr, r)\ndef build():\n    os.environ['DEVICE'] = 'gpu'\n"
        "    from keras.models import Sequential\n    from keras import backend as K\n    model = Sequential()\n    K.set_value(model.optimizer.lr, 1)\n    K.set_value(model.optimizer.lr, 2)\n    return model\n",
    ),
    "in-a-function-on-one-line-that-imports-keras-itself": (
        "def f(): from keras.models import load_model; load_model('a').optimizer.lr.set_value(1); return load_model('a')\ndef g(): f().optimizer.lr.set_value(1)\n",
        "def f(): from keras.models import load_model; from keras import backend as K; K.set_value(load_model('a').optimizer.lr, 1); return load_model('a')\n"
        "def g(): from keras import backend as K; K.set_value(f().optimizer.lr, 1)\n",
    ),
    "in-a-one-line-function": (
        "def f(): from keras.layers import merge; return merge([a, b], mode='sum')\n",
        "def f(): from keras.layers import add; return add([a, b])\n",
    ),
    "a-module-by-another-name-whose-part-went-elsewhere": (
        "import keras.utils.layer_utils as lu\nx = lu.layer_from_config(c)\n",
        "from keras.layers import deserialize\nx = deserialize(c)\n",
    ),
    "a-module-that-a-part-of-keras-2-needs": (
        "import keras.utils.layer_utils as lu\nlu.convert_dense_weights_data_format(m, 1, 2)\nx = lu.layer_from_config(c)\n",
        "import keras.utils.layer_utils as lu\nfrom keras.layers import deserialize\nlu.convert_dense_weights_data_format(m, 1, 2)\nx = deserialize(c)\n",
    ),
    "the-same-from-the-package": (
        "from keras.utils import layer_utils\nlayer_utils.convert_dense_weights_data_format(m, 1, 2)\n",
        "from keras.utils import layer_utils\nlayer_utils.convert_dense_weights_data_format(m, 1, 2)\n",
    ),
    "the-backend-through-a-module-by-another-name": (
        "import keras.layers.core as core\nx = core.K.sum(y)\n",
        "from keras import backend as K\nx = K.sum(y)\n",
    ),
    "blanks-around-the-dots": (
        "from keras.\tlayers.core import Dense\nimport keras . layers \\\n  .convolutional as C\nDense(output_dim=2), C.AveragePooling1D(pool_length=2)\n",
        "from keras.layers import Dense\nimport keras.layers as C\nDense(units=2), C.AveragePooling1D(pool_size=2)\n",
    ),
    "below-its-use": (
        "values = K.batch_get_value(xs=[])\nfrom keras import backend as K\nvalues = K.batch_get_value(xs=[])\n",
        "values = K.batch_get_value([])\nfrom keras import backend as K\nvalues = K.batch_get_value([])\n",
    ),
    "in-a-class": (
        "class A:\n    from keras.layers import merge\n    x = merge([a, b], mode='sum')\n",
        "class A:\n    from keras.layers import add\n    x = add([a, b])\n",
    ),
    "in-try": (
        "try:\n    from keras.layers import Convolution2D\nexcept ImportError:\n    from keras.layers.convolutional import Convolution2D\nx = Convolution2D(3, 3, 3)\n",
        "try:\n    from keras.layers import Conv2D\nexcept ImportError:\n    from keras.layers import Conv2D\nx = Conv2D(3, (3, 3))\n",
    ),
    "name-of-the-user": (
        "from keras.layers import merge\nadd = 3\nx = merge([a, b], mode='sum')\n",
        "from keras.layers import add as keras_add\nadd = 3\nx = keras_add([a, b])\n",
    ),
    "names-of-numpy": (
        "from keras.layers import merge\nfrom numpy import add, dot, maximum\nx = merge([a, b], mode='sum')\ny = merge([a, b], mode='dot', dot_axes=1)\n",
        "from keras.layers import add as keras_add, dot as keras_dot\nfrom numpy import add, dot, maximum\nx = keras_add([a, b])\ny = keras_dot([a, b], axes=1)\n",
    ),
    "parameter-of-the-name": (
        "from keras.layers import merge\ndef f(add):\n    return merge([a, b], mode='sum')\n",
        "from keras.layers import add as keras_add\ndef f(add):\n    return keras_add([a, b])\n",
    ),
    "star": (
        "from keras.layers import *\nx = merge([a, b], mode='sum')\n",
        "from keras.layers import *\nx = add([a, b])\n",
    ),
    "module-alias": (
        "import keras.layers as L, numpy as np\nx = L.merge([a, b], mode='sum')\n",
        "import keras.layers as L, numpy as np\nx = L.add([a, b])\n",
    ),
    "moved-module": (
        "import keras.utils.visualize_util as vu, os\nvu.plot(m, to_file='a.png')\n",
        "import keras.utils as vu, os\nvu.plot_model(m, to_file='a.png')\n",
    ),
    "moved-module-dotted": (
        "import keras.utils.visualize_util\nkeras.utils.visualize_util.plot(m)\n",
        "import keras.utils\nkeras.utils.plot_model(m)\n",
    ),
    "alias-of-one-target-stays": (
        "from keras.utils.visualize_util import plot as draw\ndraw(m)\ndraw(n)\n",
        "from keras.utils import plot_model as draw\ndraw(m)\ndraw(n)\n",
    ),
    "alias-that-is-the-new-name": (
        "from keras.utils.visualize_util import plot as plot_model\nfrom keras import initializations as initializers\n"
        "from keras.layers.core import Dense as Dense\nplot_model(m), initializers.get('one'), Dense(3)\n",
        "from keras.utils import plot_model\nfrom keras import initializers\n"
        "from keras.layers import Dense as Dense\nplot_model(m), initializers.get('one'), Dense(3)\n",
    ),
    "alias-of-two-targets": (
        "from keras.layers import merge as m\nx = m([a, b], mode='sum'), m([a, b], mode='concat')\n",
        "from keras.layers import add, concatenate\nx = add([a, b]), concatenate([a, b])\n",
    ),
    "already-imported": (
        "from keras.utils.np_utils import to_categorical\nfrom keras.utils import np_utils\nx = to_categorical(y), np_utils.to_categorical(y)\n",
        "from keras.utils import to_categorical\nx = to_categorical(y), to_categorical(y)\n",
    ),
    "below-an-environment-setting": (
        "import os\nos.environ['KERAS_BACKEND'] = 'theano'\nfrom keras.layers import merge\nx = merge([a, b], mode='sum')\n",
        "import os\nos.environ['KERAS_BACKEND'] = 'theano'\nfrom keras.layers import add\nx = add([a, b])\n",
    ),
    "deep-path": (
        "from keras.layers.core import Dense, Dropout as D\nx = Dense(3), D(0.5)\n",
        "from keras.layers import Dense, Dropout as D\nx = Dense(3), D(0.5)\n",
    ),
    "global-statement": (
        "from keras.layers import merge\ndef f():\n    global merge\n    return merge([a, b], mode='sum')\n",
        "from keras.layers import add\ndef f():\n    global merge\n    return add([a, b])\n",
    ),
    "alias-of-a-module-with-other-uses": (
        "from keras import initializations\nf = initializations.get(x)\n",
        "from keras import initializers\nf = initializers.get(x)\n",
    ),
}


@pytest.mark.parametrize("before, after", [pytest.param(*pair, id=name) for name, pair in CASES.items()])
def test_imports(before: str, after: str) -> None:
    result = migrated(before)
    assert result.after == after


@pytest.mark.parametrize("star", ["numpy", "tensorflow", "own"])
@pytest.mark.parametrize("keras", ["merge", "*"])
def test_new_names_are_not_hidden_by_a_later_star_import(star: str, keras: str) -> None:
    after = migrated(f"from keras.layers import {keras}\nfrom {star} import *\nx = merge([a, b], mode='sum')\n").after
    if "= add(" in after:
        assert after.index("import add") > after.index(f"from {star}")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("from keras.layers import Merge  # noqa: F401\nx = 1\n", "x = 1\n"),
        ("from keras.models import Graph;  # pylint: disable=unused-import\nx = 1\n", "x = 1\n"),
        ("from keras.layers import (\n    merge,\n)  # type: ignore  # noqa\nx = 1\n", "x = 1\n"),
        ("def f():\n    from keras.layers import merge  # isort:skip\n", "def f():\n    pass\n"),
        ("from keras.layers import merge  # noqa  # to see\n", "# to see\n"),
        ("from keras.layers import merge  # flake8 is wrong\n", "# flake8 is wrong\n"),
    ],
)
def test_a_comment_for_tools_goes_with_its_statement(before: str, after: str) -> None:
    assert migrate_text(before).after == after


def test_an_exported_name_stays() -> None:
    result = migrated(
        "from keras.layers import merge, Dense\n__all__ = ['Dense', 'merge']\ndef f(x):\n    return merge([a, b], mode='sum')\n"
    )
    assert "import merge" in result.after
    assert any("merge" in review.name for review in result.reviews)


def test_an_unused_import_that_keras_2_lost_goes() -> None:
    assert (
        migrated("from keras.layers import merge, Dense\nx = Dense(3)\n").after
        == "from keras.layers import Dense\nx = Dense(3)\n"
    )


def test_an_import_that_asks_what_there_is_stays() -> None:
    asking = "try:\n    {}\n    HAVE = True\nexcept ImportError:\n    HAVE = False\n"
    gone = migrate_text(asking.format("from keras.layers import merge"))
    assert gone.after == gone.before
    assert ["decides what runs" in review.reason for review in gone.reviews] == [True]
    both = migrate_text(asking.format("from keras.layers import merge, Merge"))
    assert both.after == both.before
    assert ["decides what runs" in review.reason for review in both.reviews] == [True, True]
    moved = migrate_text(asking.format("from keras.utils import np_utils"))
    assert moved.after == asking.format("from keras import utils as np_utils")
    one = "try:\n    from keras.layers import Convolution2D, merge\nexcept ImportError:\n    pass\nx = Convolution2D(3, 3, 3)\n"
    assert "    from keras.layers import Conv2D\n" in migrate_text(one).after


@pytest.mark.parametrize(
    "use", ["eval('np_utils.to_categorical([1], 2)')", "globals()['np_utils'].to_categorical([1])", "vars()[name]; name = 'np_utils'",
            "exec 'y = np_utils.to_categorical([1], 2)'", "exec 'np_utils.to_categorical([1], 2)' in names"],
)  # fmt: skip
def test_a_name_that_a_string_looks_up_stays(tmp_path: Path, use: str) -> None:
    path = tmp_path / "net.py"
    path.write_text(f"from keras.utils import np_utils\nfrom keras.layers import Dense\nx = Dense(output_dim=3)\n{use}\n")
    (result,) = scan(path)
    assert result.after.startswith("from keras import utils as np_utils\n")


def test_a_deleted_name_stays_bound() -> None:
    after = migrated("from keras import backend as K\nx = K.image_dim_ordering() == 'th'\ndel K\n").after
    assert after == "from keras import backend as K\nx = K.image_data_format() == 'channels_first'\ndel K\n"


INDIRECT = (
    "ops = {'m': merge}\nx = ops['m']([a, b], mode='concat')\n",
    "for m in [merge]:\n    x = m([a, b], mode='concat')\n",
    "class A:\n    op = merge\n    def f(self):\n        return self.op([a, b], mode='concat')\n",
    "from functools import partial\nm = partial(merge, mode='concat')\n",
    "def f(m=merge):\n    return m([a, b], mode='concat')\n",
    "if a:\n    merge = None\nx = merge([a, b], mode='concat')\n",
)


@pytest.mark.parametrize("unsafe", [False, True], ids=["careful", "unsafe"])
@pytest.mark.parametrize("rest", INDIRECT)
def test_an_argument_that_chooses_the_target_goes_only_with_the_old_name(rest: str, unsafe: bool) -> None:
    result = migrated(f"from keras.layers import merge\n{rest}", unsafe=unsafe)
    assert "mode='concat'" in result.after or "concatenate" in result.after


def test_a_value_is_converted_only_with_its_function() -> None:
    after = migrated("from keras import backend as K\nf = K.image_dim_ordering\nif f() == 'th':\n    pass\n").after
    assert "'th'" in after or "image_dim_ordering" not in after


def test_what_is_written_into_a_scope_is_bound_there() -> None:
    before = "def f():\n    from keras.layers import merge\n    return merge([a, b], mode='sum')\ndef g():\n    from keras.models import Model\n    return Model(input=a, output=b)\n"
    tree = ast.parse(migrated(before).after)
    for function in tree.body:
        names = {alias.name for node in ast.walk(function) if isinstance(node, ast.ImportFrom) for alias in node.names}
        called = {node.func.id for node in ast.walk(function) if isinstance(node, ast.Call)}
        assert called <= names


LATE = {
    "an import further down imports from the module": (
        "from keras import backend as K\nfrom keras.layers import Input\nfrom keras.models import Model\na = Input((3,))\nb = Model(a, K.concatenate([a, a]))\nfrom keras.layers import LSTM\n",
        "from keras.layers import Input, Concatenate\nfrom keras.models import Model\na = Input((3,))\nb = Model(a, Concatenate(axis=-1)([a, a]))\nfrom keras.layers import LSTM\n",
    ),
    "the only import from the module stands further down": (
        "from keras import backend as K, layers as L\nfrom keras.models import Model\na = L.Input((3,))\nb = Model(a, K.concatenate([a, a]))\nfrom keras.layers import LSTM\n",
        "from keras import layers as L\nfrom keras.models import Model\nfrom keras.layers import Concatenate\na = L.Input((3,))\nb = Model(a, Concatenate(axis=-1)([a, a]))\nfrom keras.layers import LSTM\n",
    ),
    "the last import of keras stands further down": (
        "import keras\nfrom keras.models import Sequential\nm = Sequential()\nm.add(keras.layers.SimpleRNN(3, input_dim=2))\nfrom keras.utils import np_utils\n",
        "import keras\nfrom keras.models import Sequential\nfrom keras.initializers import Orthogonal\nm = Sequential()\n"
        "m.add(keras.layers.SimpleRNN(3, input_shape=(None, 2), recurrent_initializer=Orthogonal(gain=1.1)))\nfrom keras import utils as np_utils\n",
    ),
    "the new name is imported further down": (
        "from keras.layers import Convolution2D\na = Convolution2D(3, 3, 3)\nfrom keras.layers import Conv2D\n",
        "from keras.layers import Conv2D\na = Conv2D(3, (3, 3))\nfrom keras.layers import Conv2D\n",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", LATE)
def test_an_import_that_stands_below_the_use_does_not_serve_it(name: str) -> None:
    before, after = LATE[name]
    assert migrated(before).after == after


def test_a_new_import_does_not_load_keras_before_the_project_does(tmp_path: Path) -> None:
    (tmp_path / "tools.py").write_text("from keras.layers import *\n")
    text = "import os\nos.environ['KERAS_BACKEND'] = 'theano'\nfrom tools import *\nimport sys\nx = merge([a, b], mode='sum')\n"
    source = Source(str(tmp_path / "net.py"), text)

    after = Engine(tmp_path, Settings(unsafe=True)).migrate(source).after
    assert after == text.replace("import sys", "from keras.layers import add\nimport sys").replace(
        "merge([a, b], mode='sum')", "add([a, b])"
    )


@pytest.mark.parametrize("module", ["keras.layers.onvolutional", "keras.layers.additional", "keras.regularisers", "keras.layers.merge"])
def test_a_module_that_keras_1_has_not_is_not_taken_for_the_one_above(module: str) -> None:
    text = f"from {module} import UpSampling1D\nx = UpSampling1D(length=2)\n"
    result = migrated(text)

    assert result.after == text
    assert {use.state for use in result.uses} == {State.REVIEW}


LAYERS = "Dense, Dropout, Activation, Flatten, Reshape, Permute, RepeatVector, Masking, Embedding, Input, Lambda"


@pytest.mark.parametrize(
    "imported",
    [
        f"from keras.layers import {LAYERS}",
        "from keras.layers import Dense, \\\n    Input",
        "from keras.layers import Dense, \\\n    Dropout, \\\n    Input  # layers",
        f"from keras.layers import Dense; from keras.layers import {LAYERS}",
    ],
)
def test_an_import_without_parentheses_stays_on_its_line(imported: str) -> None:
    text = f"from keras import backend as K\nfrom keras.models import Model\n{imported}\na = Input(shape=(3,))\nb = Model(a, K.concatenate([a, a]))\n"
    result = migrated(text)

    assert result.failure is None
    assert "Input, Concatenate" in result.after or "Lambda, Concatenate" in result.after
    compile(result.after, "x", "exec")


def test_a_name_that_nothing_binds_does_not_find_our_import() -> None:
    text = "from keras.regularizers import activity_l2\nweights = l2(l=0.001)\noutput = activity_l2(l=0.01)\n"

    assert migrated(text).after == text.replace("import activity_l2", "import l2 as keras_l2").replace(
        "activity_l2(l=0.01)", "keras_l2(0.01)"
    )


def test_what_a_module_of_keras_2_brings_stays() -> None:
    text = "from keras.callbacks.callbacks import ProgbarLogger\nbar = ProgbarLogger()\nn = bar.nb_epoch\n"

    assert migrated(text).after == text


def test_a_walrus_becomes_a_keyword_in_parentheses() -> None:
    text = "from keras.layers import Convolution2D\nx = Convolution2D(4, 3, 3, init := 'zero')\n"

    assert migrated(text).after == "from keras.layers import Conv2D\nx = Conv2D(4, (3, 3), kernel_initializer=(init := 'zero'))\n"


def test_so_it_does_where_its_value_serves_twice() -> None:
    after = migrated("from keras.layers import LSTM\nx = LSTM(8, init := 'he_normal', activation='tanh')\n").after

    assert "kernel_initializer=(init := 'he_normal')" in after
    assert "recurrent_initializer=(init := 'he_normal')" in after


def test_a_module_that_a_star_import_brings_is_none_of_keras_2_alone() -> None:
    """In Keras 1.2.2 `from keras.applications import *` binds `xception`: the file speaks Keras 1 for all that."""
    before = (
        "from keras.applications import *\nfrom keras.models import *\nfrom keras.preprocessing.image import *\n"
        "model = Model(x, y)\nbatches = ImageDataGenerator().flow_from_directory('a', batch_size=16)\n"
        "found = model.predict_generator(batches, batches.nb_sample)\ng(Xception, xception.preprocess_input)\n"
    )
    assert "predict_generator(batches, steps=(batches.samples + 16 - 1) // 16)" in migrated(before, unsafe=True).after


@pytest.mark.parametrize(
    ("text", "changed"),
    [
        ("from keras.engine import Input\nx = Input(shape=(3,))\n", 2),
        ("from keras.utils import np_utils\nfrom keras.utils.np_utils import to_categorical\nx = to_categorical(y)\n", 3),
        ("from keras.engine import Input\nfrom keras.layers import *\nx = Input(shape=(3,))\n", 1),
        ("import keras.objectives, keras.models\nx = keras.objectives.mse\n", 2),
    ],
)
def test_an_import_whose_module_changes_counts_as_changed(text: str, changed: int) -> None:
    result = migrate_text(text)
    assert result.after != text
    assert result.states[State.CHANGED] == changed, [(use.name, use.kind, use.state) for use in result.uses]


def test_one_name_from_two_modules_is_one_thing() -> None:
    text = "from keras.engine import Input\nfrom keras.layers import *\n\n\ndef build():\n    return Input(shape=(3,))\n"
    result = migrate_text(text)
    assert result.reviews == ()
    assert result.after == text.replace("keras.engine", "keras.layers")


def test_a_module_does_not_move_to_where_a_name_that_it_never_had_is_found() -> None:
    text = "from keras.layers import noise\n\nmodule = noise\nlayer = noise.noise.GaussianNoise(sigma=0.1)\n"
    result = migrated(text)

    assert result.after == text
    assert [review.name for review in result.reviews] == ["keras.layers.noise.noise"]
    assert [use.state for use in result.uses].count(State.CHANGED) == 0


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (
            "from keras.layers.core import *\nfrom keras.layers.recurrent import *\nlayers = Dense(3), GRU\n",
            "from keras.layers import *\nlayers = Dense(3), GRU\n",
        ),
        (
            "from keras.layers import *\nfrom keras.layers.core import *  # all of them\nlayer = Dense(3)\n",
            "from keras.layers import *\n# all of them\nlayer = Dense(3)\n",
        ),
        (
            "from keras.layers.core import *\nfrom keras.models import *\nfrom keras.layers.recurrent import *\nlayer = Dense(3)\n",
            "from keras.layers import *\nfrom keras.models import *\nlayer = Dense(3)\n",
        ),
        (
            "from keras.layers.core import *\nfrom mine import build\nfrom keras.layers.recurrent import *\nlayer = Dense(3)\n",
            "from keras.layers import *\nfrom mine import build\nfrom keras.layers import *\nlayer = Dense(3)\n",
        ),
        ("from keras.layers import *\nfrom keras.layers import *\nlayer = Dense(3)\n", None),
    ],
)
def test_a_star_import_that_stands_there_already(before: str, after: str | None) -> None:
    """Where another import stands between the two, the second may be there to bind its names last."""
    assert migrate_text(before).after == (before if after is None else after)


def test_what_comes_in_takes_the_place_of_names_that_all_go(tmp_path: Path) -> None:
    """Two imports of a module that nothing uses: the last one is where the new names of its package come in."""
    main = tmp_path / "main.py"
    main.write_text(
        "from keras.utils import np_utils\nfrom keras.optimizers import *\nfrom keras.utils import np_utils\n\n"
        "opt = Adam(lr=0.1)\nopt.lr.set_value(0.2)\n"
    )
    (result,) = scan(main)
    assert result.failure is None
    assert result.after == (
        "from keras.optimizers import *\nfrom keras import backend as K\n\n"
        "opt = Adam(0.1, epsilon=1e-8)\nK.set_value(opt.lr, 0.2)\n"
    )
