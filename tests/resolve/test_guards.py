"""Is code that runs on one Keras only left as it is?"""

from __future__ import annotations

import pytest

from kmigrate.api import migrate_text
from kmigrate.results import State

HEADER = """\
import keras
from keras import __version__ as version
from keras.layers import Dense
from distutils.version import LooseVersion

two = version.startswith('2')

"""
ASKED = """\
from keras import backend as K
from keras.callbacks import Callback, History

class Mine(Callback):
    more = 1

known = hasattr(Mine(), 'on_epoch_end')

"""
BODY = """\
    layer = Dense(output_dim=2)
else:
    layer = Dense(units=2)
"""


@pytest.mark.parametrize(
    "test",
    [
        "int(keras.__version__.split('.')[0]) == 1",
        "keras.__version__[0] == '1'",
        "keras.__version__ < '2'",
        "version.startswith('1.')",
        "not two",
        "LooseVersion(keras.__version__) < LooseVersion('2.0.0')",
        "keras.__version__[:2] == '1.'",
        "not (two and keras.__version__ >= '2')",
    ],
)
def test_both_branches_stay(test: str) -> None:
    text = f"{HEADER}if {test}:\n{BODY}"
    result = migrate_text(text)

    assert result.after == text
    assert result.reviews == ()


@pytest.mark.parametrize("test", ["keras.__version__ != ''", "unknown(version)", "'tensorflow' in path"])
def test_another_question_is_no_guard(test: str) -> None:
    result = migrate_text(f"{HEADER}if {test}:\n    layer = Dense(output_dim=2)\n")

    assert "Dense(units=2)" in result.after


@pytest.mark.parametrize(
    ("test", "live", "dead"),
    [
        ("version >= '1.1'", "if", "else"), ("version < '1.1'", "else", "if"),
        ("hasattr(K, 'int_shape')", "if", "else"), ("not hasattr(K, 'mean')", "else", "if"),
        ("hasattr(History(), 'set_model')", "if", "else"), ("hasattr(Mine(), 'set_params')", "if", "else"),
        ("known", "if", "else"),
    ],
)  # fmt: skip
def test_code_that_runs_on_no_keras_stays(test: str, live: str, dead: str) -> None:
    before = f"{HEADER}{ASKED}if {test}:\n    print('if', Dense(output_dim=2))\nelse:\n    print('else', Dense(output_dim=2))\n"
    result = migrate_text(before)

    assert f"print('{live}', Dense(units=2))" in result.after
    assert f"print('{dead}', Dense(output_dim=2))" in result.after


@pytest.mark.parametrize("test", ["hasattr(K, 'image_data_format')", "not hasattr(keras, 'losses')"])
def test_what_only_one_keras_has_tells_them_apart(test: str) -> None:
    text = f"{HEADER}{ASKED}if {test}:\n    layer = Dense(output_dim=2)\nelse:\n    layer = Dense(output_dim=3)\n"

    assert migrate_text(text).after == text


@pytest.mark.parametrize(
    "test", ["hasattr(History(), 'epoch')", "hasattr(other, 'set_model')", "hasattr(Mine(), 'more')", "hasattr(K, name)"]
)
def test_what_nobody_knows_of_an_object_is_no_guard(test: str) -> None:
    result = migrate_text(f"{HEADER}{ASKED}if {test}:\n    layer = Dense(output_dim=2)\nelse:\n    layer = Dense(output_dim=3)\n")

    assert "Dense(units=2)" in result.after and "Dense(units=3)" in result.after


def test_imports_that_stand_in_for_each_other_stay() -> None:
    text = """\
try:
    from keras.layers import concatenate
except ImportError:
    from keras.layers import merge as concatenate
from keras.layers import Dense

layer = Dense(output_dim=2)
"""
    result = migrate_text(text)

    assert result.after == text.replace("output_dim", "units")
    assert result.states[State.REVIEW] == 0


def test_the_version_itself_is_in_every_keras() -> None:
    text = "from keras import __version__ as keras_version\n\nprint(keras_version)\n"

    assert migrate_text(text).reviews == ()
