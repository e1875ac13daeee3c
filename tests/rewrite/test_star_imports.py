"""Are names that a star import binds in Keras 2 alone left to what the file means by them?"""

from __future__ import annotations

from pathlib import Path

import pytest

from kmigrate import migrate_text
from kmigrate.api import scan

LAYERS = "from keras.layers import *\n"
CORE = "from keras.layers.core import *\n"
PYLAB = "get_ipython().magic('pylab inline')  # %pylab inline\n"
OWN = "def dot(a, b):\n    return a\n\n\n"


@pytest.mark.parametrize(
    "before", ["from numpy import dot\n", "from numpy import *\n", "from pylab import *\n", PYLAB, OWN]
)
@pytest.mark.parametrize("star", [LAYERS, CORE])
def test_a_name_that_the_file_has_from_elsewhere(before: str, star: str) -> None:
    result = migrate_text(f"{before}{star}x = dot(a, b)\nlayer = Dense(3, init='uniform')\n")

    assert star in result.after
    assert "kernel_initializer='uniform'" in result.after
    assert [review.position.line for review in result.reviews] == [before.count("\n") + 1]
    assert "`dot`" in result.reviews[0].reason
    assert migrate_text(result.after).after == result.after


@pytest.mark.parametrize(
    "program",
    [
        f"{LAYERS}from numpy import dot\nx = dot(a, b)\n",
        f"{LAYERS}from numpy import *\nx = dot(a, b)\n",
        f"{LAYERS}{OWN}x = dot(a, b)\n",
        f"from numpy import dot\n{LAYERS}",
        f"from numpy import *\n{LAYERS}x = arange(3)\n",
        f"from keras.layers import dot\n{LAYERS}x = dot([a, b], axes=1)\n",
        "from numpy import *\nfrom keras.models import *\nx = dot(a, b)\n",
        f"from numpy import dot\n{LAYERS}\n\ndef f(dot):\n    return dot\n",
    ],
)
def test_nothing_is_hidden(program: str) -> None:
    assert migrate_text(program).reviews == ()


@pytest.mark.parametrize("before", ["from numpy import dot\n", "from numpy import *\n", OWN])
def test_such_a_name_is_no_sign_of_keras_2(before: str) -> None:
    """An LSTM that says nothing of its activations is one of Keras 1 in this file."""
    result = migrate_text(f"{before}{LAYERS}layer = LSTM(3)\nx = dot(a, b)\n")
    assert "recurrent_activation='hard_sigmoid'" in result.after


def test_names_of_keras_2_still_tell_of_it() -> None:
    program = f"from numpy import *\n{LAYERS}layers = [Conv2D(3, 3), LSTM(3)]\nx = dot(a, b)\n"
    assert migrate_text(program).after == program


def test_a_name_of_another_module_of_the_project(tmp_path: Path) -> None:
    (tmp_path / "tools.py").write_text("def add(a, b):\n    return a + b\n")
    (tmp_path / "main.py").write_text(f"from tools import *\n{LAYERS}print(add(1, 2), LSTM(3))\n")
    (review,) = [review for result in scan(tmp_path) for review in result.reviews]
    assert "`add`" in review.reason


def test_a_star_import_that_waits_keeps_what_it_brings() -> None:
    """`from keras.layers.convolutional import *` stays, as `keras.layers` would hide `dot`: so its names are the same."""
    text = "from numpy import dot\nfrom keras.layers.convolutional import *\nlayers = UpSampling2D(), dot(a, b)\n"
    result = migrate_text(text)
    assert result.after == text
    assert [use.state.value for use in result.uses] == ["review", "same in both"]


def test_a_layer_of_the_users_own_is_not_hidden_by_an_import_that_would_move() -> None:
    text = "from mine import Dense\nfrom keras.layers.recurrent import *\nlayers = Dense(3), SimpleRNN(4)\n"
    result = migrate_text(text)
    assert "from keras.layers.recurrent import *\n" in result.after
    assert ["`Dense`" in review.reason for review in result.reviews] == [True]


def test_what_modules_of_keras_1_import_for_themselves_is_imported() -> None:
    before = (
        "from keras.models import *\nfrom keras.utils.data_utils import *\nprint(os.getcwd())\n\n\n"
        "def ones(n):\n    return np.ones(n)\n"
    )
    result = migrate_text(before)
    imports = "from keras.models import *\nfrom keras.utils import *\nimport os\nimport numpy as np\n"
    assert result.after == before.replace(before[: before.index("print")], imports)
    assert result.reviews == ()
    assert migrate_text(result.after).after == result.after


@pytest.mark.parametrize("program", ["import numpy as np\n{}", "{}\n\ndef f(np):\n    return np.ones(3)\n"])
def test_what_the_file_imports_itself_is_not(program: str) -> None:
    text = program.format("from keras.models import *\n")
    assert migrate_text(text).after == text


@pytest.mark.parametrize("star", ["", LAYERS, CORE])
def test_the_backend_is_one_thing_that_comes_on_several_ways(star: str) -> None:
    """In Keras 1 the star import binds `K`, too, and a function may see either."""
    program = (
        f"from keras import backend as K, metrics\n{star}\n\n"
        "def outputs(model):\n    return K.function([model.input, K.learning_phase()], [model.output])\n\n\n"
        "def error(x, y):\n    return K.mean(metrics.mean_absolute_error(x, y))\n"
    )
    result = migrate_text(program)
    assert [review.rule for review in result.reviews] == ["KM423"]
    assert result.after == program.replace("layers.core", "layers")


@pytest.mark.parametrize(
    ("other", "name"),
    [("x = 3\n", "dot"), ("from numpy import *\n", "dot as keras_dot"), ("dot = 3\n", "dot as keras_dot")],
)
def test_a_new_name_has_an_alias_where_a_star_import_may_bind_it(tmp_path: Path, other: str, name: str) -> None:
    """Modules of the project can be looked into, those of other libraries cannot."""
    (tmp_path / "other.py").write_text(other)
    (tmp_path / "tools.py").write_text("from other import *\nfrom keras.layers import merge\n")
    (tmp_path / "main.py").write_text("from tools import *\ny = merge([a, b], mode='dot')\n")
    (after,) = [result.after for result in scan(tmp_path) if (result.path or "").endswith("main.py")]
    local = name.rpartition(" ")[2]
    assert after == f"from tools import *\nfrom keras.layers import {name}\ny = {local}([a, b], axes=-1)\n"
