"""What is decided for names of Keras that are not called where they stand?"""

from __future__ import annotations

from pathlib import Path

import pytest
from fidelity import migrated

from kmigrate.config import Settings
from kmigrate.engine import Engine
from kmigrate.source.text import Source


@pytest.mark.parametrize("module", ["layers", "metrics", "objectives", "optimizers"])
def test_a_name_that_is_known_only_at_run_time_is_for_a_person(module: str) -> None:
    result = migrated(f"from keras import {module}\n\n\ndef make(name):\n    return getattr({module}, name)(3)\n")

    assert [review.position.line for review in result.reviews] == [5]
    assert "known only when the program runs" in result.reviews[0].reason


@pytest.mark.parametrize("asked", ["vars(layers)[name]", "layers.__dict__[name]"])
def test_so_is_one_of_all_that_a_module_has(asked: str) -> None:
    result = migrated(f"from keras import layers\n\n\ndef make(name):\n    return {asked}(output_dim=3)\n")

    assert [review.position.line for review in result.reviews] == [5]
    assert "known only when the program runs" in result.reviews[0].reason


@pytest.mark.parametrize("asked", ["vars(layers)", "layers.__dict__.items()", "dir(layers)", "inspect.getmembers(layers)"])
def test_all_names_of_a_module_at_once_are_for_a_person(asked: str) -> None:
    result = migrated(f"import inspect\nfrom keras import layers\n\nnames = {asked}\n")

    assert [review.position.line for review in result.reviews] == [4]
    assert "all names of `keras.layers`" in result.reviews[0].reason


@pytest.mark.parametrize("asked", ["getattr(layers, 'Dense')", "vars(layers)['Dense']", "layers.__dict__['Dense']"])
def test_a_call_of_what_a_string_asks_for_is_one_of_keras(asked: str) -> None:
    head = "from keras import layers\n\n"

    assert migrated(f"{head}layer = {asked}(output_dim=3)\n").after == f"{head}layer = {asked}(units=3)\n"
    named = migrated(f"{head}dense = {asked}\nlayer = dense(output_dim=3)\n")
    assert named.after == f"{head}dense = {asked}\nlayer = dense(units=3)\n"


@pytest.mark.parametrize(
    "text",
    [
        "from keras import activations\n\nfound = 'relu' in vars(activations) or activations.__dict__[name]\n",
        "import tools\nfrom keras import layers\n\n\ndef dir(module):\n    pass\n\n\nfound = dir(layers), "
        "tools.getmembers(layers)\n",
        "from mine import layers\nimport keras\n\nfound = vars(layers)['Dense'](output_dim=3), dir(layers)\n",
        "from keras import layers\n\nlayer = getattr(layers, 'Dense')(3)\n",
        "from keras import activations\n\n\ndef act(name):\n    return getattr(activations, name)\n",
        "from mine import layers\nimport keras\n\n\ndef make(name):\n    return getattr(layers, name)(3)\n",
    ],
)
def test_names_that_can_be_seen_and_modules_that_did_not_change(text: str) -> None:
    assert migrated(text).reviews == ()


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("objectives, 'cosine_proximity'", "Write it out"),
        ("layers, 'merge'", "`keras.layers.merge`, asked for by a string, does not exist in Keras 2."),
        ("constraints, 'maxnorm'", "is keras.constraints.MaxNorm in Keras 2"),
    ],
)
def test_a_name_in_a_string_that_keras_2_has_not_is_for_a_person(name: str, says: str) -> None:
    result = migrated(f"from keras import constraints, layers, objectives\n\nfound = getattr({name})\n")

    assert [review.position.line for review in result.reviews] == [3]
    assert says in result.reviews[0].reason


def test_a_question_for_a_name_tells_the_versions_apart_and_stays() -> None:
    text = "from keras import layers\n\nold = hasattr(layers, 'Merge')\n"

    assert migrated(text).reviews == ()


def test_an_import_that_nothing_uses_goes_with_its_name() -> None:
    text = "from keras.layers import Dense, MaxoutDense\nfrom keras.metrics import fmeasure\n\nlayer = Dense(3)\n"
    result = migrated(text)

    assert result.after == "from keras.layers import Dense\n\nlayer = Dense(3)\n"
    assert result.reviews == ()


@pytest.mark.parametrize("names", ["Dense, MaxoutDense", "MaxoutDense, Dense"])
def test_the_neighbour_of_an_import_that_goes_did_not_change(names: str) -> None:
    result = migrated(f"from keras.layers import {names}\n\nlayer = Dense(3)\n")

    assert result.after == "from keras.layers import Dense\n\nlayer = Dense(3)\n"
    assert [use.state.name for use in result.uses if use.kind == "import" and use.name.endswith(".Dense")] == ["SAME"]


def test_one_that_keras_2_calls_otherwise_goes_as_well(tmp_path: Path) -> None:
    text = "from keras.regularizers import l2, activity_l2\nfrom keras.constraints import maxnorm as norm\n\nprint(l2)\n"
    result = Engine(tmp_path, Settings()).migrate(Source(str(tmp_path / "model.py"), text))

    assert result.after == "from keras.regularizers import l2\nfrom keras.constraints import MaxNorm as norm\n\nprint(l2)\n"
    assert [(use.name, use.state.name) for use in result.uses] == [
        ("keras.regularizers.l2", "SAME"), ("keras.regularizers.activity_l2", "CHANGED"),
        ("keras.constraints.MaxNorm", "CHANGED"), ("keras.regularizers.l2", "SAME"),
    ]  # fmt: skip


def test_so_does_a_module_that_keras_2_calls_otherwise(tmp_path: Path) -> None:
    head, rest = "from keras import backend as K, objectives, optimizers", "from keras.utils import generic_utils as tools"
    text = f"{head}\nfrom keras.utils import np_utils\n{rest}\n\nprint(K)\n"
    result = Engine(tmp_path, Settings()).migrate(Source(str(tmp_path / "model.py"), text))

    assert result.after == "from keras import backend as K, optimizers\nfrom keras import utils as tools\n\nprint(K)\n"


@pytest.mark.parametrize("taking", ["from parts import *\n\nprint(maxnorm(2))\n", "import parts\n\nprint(parts.maxnorm(2))\n"])
def test_it_stays_under_its_old_name_where_another_file_takes_it(tmp_path: Path, taking: str) -> None:
    text, path = "from keras.constraints import maxnorm, nonneg\n", tmp_path / "parts.py"
    path.write_text(text)
    (tmp_path / "main.py").write_text(taking)
    result = Engine(tmp_path, Settings()).migrate(Source(str(path), text))

    assert result.after == "from keras.constraints import MaxNorm as maxnorm\n"


def test_it_stays_where_nobody_knows_the_other_files() -> None:
    text = "from keras.constraints import maxnorm\n"

    assert migrated(text).after == "from keras.constraints import MaxNorm as maxnorm\n"


def test_a_helper_that_must_be_copied_is_reviewed_at_its_import() -> None:
    text = "from keras.engine.training import slice_X\n\n\ndef half(x):\n    return slice_X(x, 0, 5), slice_X(x, 5)\n"
    result = migrated(text)

    assert result.after == text
    assert [review.position.line for review in result.reviews] == [1]


def test_a_private_helper_is_reviewed_where_it_is_imported() -> None:
    text = (
        "from keras.applications.imagenet_utils import _obtain_input_shape\n\n"
        "shape = _obtain_input_shape(None, default_size=224, min_size=48, dim_ordering='tf', include_top=True)\n"
    )
    result = migrated(text)

    assert result.after == text
    assert [review.position.line for review in result.reviews] == [1]


def test_what_a_private_helper_is_given_stays_for_its_copy() -> None:
    text = (
        "from keras import backend as K\nfrom keras.applications.imagenet_utils import _obtain_input_shape\n\n"
        "shape = _obtain_input_shape(None, 224, 48, dim_ordering=K.image_dim_ordering())\n"
    )
    words = "{'channels_first': 'th', 'channels_last': 'tf'}[K.image_data_format()]"

    assert migrated(text).after == text.replace("K.image_dim_ordering()", words)


def test_an_import_line_whose_every_use_is_left_to_a_person_stays_whole() -> None:
    text = """\
from keras.initializations import glorot_uniform, orthogonal
from keras.layers.core import Dense

weights = glorot_uniform((3, 4)), orthogonal((3, 4))
layer = Dense(output_dim=2)
"""
    after = migrated(text).after

    assert after.splitlines()[0] == "from keras.initializations import glorot_uniform, orthogonal"
    assert after.splitlines()[1] == "from keras.layers import Dense"


@pytest.mark.parametrize(
    ("line", "after"),
    [
        ("from keras.layers.normalization import BatchNormalization", "from keras.layers import BatchNormalization"),
        ("from keras.layers.normalization import BatchNormalization as BN", "from keras.layers import BatchNormalization as BN"),
        ("from keras.layers import BatchNormalization", "from keras.layers import BatchNormalization"),
    ],
)
def test_such_a_line_goes_to_the_documented_place_where_a_later_keras_finds_nothing(line: str, after: str) -> None:
    name = line.rpartition(" ")[2]
    result = migrated(f"{line}\n\ndef norm(mode):\n    return {name}(mode=mode)\n")

    assert result.after == f"{after}\n\ndef norm(mode):\n    return {name}(mode=mode)\n"
    assert [review.rule for review in result.reviews] == ["KM107"]


def test_a_name_of_such_a_line_that_is_not_used_any_more_does_not_split_it() -> None:
    text = """\
from keras.initializations import normal, orthogonal
from keras.layers import LSTM

layer = LSTM(3, init=normal, inner_init=orthogonal)
"""
    result = migrated(text)

    assert result.failure is None
    assert result.after.splitlines()[0] == "from keras.initializations import normal, orthogonal"
    assert migrated(result.after).after == result.after


def test_what_a_star_import_brings_along_does_not_make_a_file_keras_2() -> None:
    text = "import numpy as np\nfrom keras.optimizers import *\n\na = np.zeros(3)\noptimizer = Adam(1e-4)\n"
    assert "Adam(1e-4, epsilon=1e-8)" in migrated(text).after  # keras.optimizers of 2.3 brings `np`


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ("from layers import backend as K\nfrom keras import backend as K\n\ndef pad(x):\n    return {}(x, 2, 0)\n", 1),
        ("from keras import backend as K\n\npads = {{'a': {}}}\n\ndef pad(x):\n    return pads['a'](x, 2, 0)\n", 2),
        ("from keras import backend as K\n\nclass A(object):\n    pad = {}\n\ny = A.pad(x, 2, 0)\n", 2),
    ],
)  # fmt: skip
def test_half_of_a_call_is_not_changed_where_its_name_stays(body: str, told: int) -> None:
    text = body.format("K.asymmetric_temporal_padding")
    result = migrated(text, unsafe=True)
    assert result.after == text
    assert [review.rule for review in result.reviews] == ["KM417"] * told


NEW_NAMES = """\
from keras import initializers, losses
from keras.layers import Concatenate

a = initializers.get('one')
b = initializers.get('one', dim_ordering='tf')
c = losses.mean_squared_error(1, 2, 3)
d = Concatenate(axis=1)
e = Concatenate(axis=1, mode='concat')
f = losses.mean_squared_error(*parts)
"""


def test_a_call_of_a_new_name_that_no_keras_takes_is_for_a_person() -> None:
    result = migrated(NEW_NAMES)
    assert result.after == NEW_NAMES
    told = {review.position.line: review.reason for review in result.reviews}
    assert list(told) == [5, 6, 8]
    assert "has no parameter `dim_ordering`" in told[5]
    assert "takes 2 positional arguments, not 3" in told[6]
    assert "has no parameter `mode`" in told[8]


@pytest.mark.parametrize(
    ("name", "says"),
    [("T", "part of a backend"), ("theano", "part of a backend"), ("tf", "only imports"), ("q", "older")],
)  # fmt: skip
def test_what_the_backend_has_by_the_way(name: str, says: str) -> None:
    result = migrated(f"from keras import backend as K\n\nfound = K.{name}.tanh(x)\n")

    assert [review.position.line for review in result.reviews] == [3]
    assert says in result.reviews[0].reason
