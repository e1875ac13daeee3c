"""Does `explain-flow` tell where a tensor comes from, where it ends, and what is done?"""

from pathlib import Path

import pytest
from cli_project import Kmigrate

MODEL = """\
from keras import backend as K
from keras.layers import Dense, Input, Lambda


def scaled(x, factor):
    return x * factor


def unused(z):
    return Dense(3)(K.square(z))


a = Input(shape=(4, 3))
b = scaled(a, 2.)
y = Dense(2)(b[:, 0])
z = Lambda(lambda t: K.sum(t, axis=1))(a)
"""


@pytest.fixture
def model(tmp_path: Path) -> Path:
    path = tmp_path / "model.py"
    path.write_text(MODEL)
    return path


def test_the_way_of_a_tensor(kmigrate_run: Kmigrate, model: Path) -> None:
    done = kmigrate_run("explain-flow", f"{model}:15")

    assert done.code == 0
    text = " ".join(done.text.split())
    assert "Runs outside of layers, where the graph is built: it stands at the top of model.py." in text
    assert "x (line 6): perhaps a tensor of the graph of layers the parameter `x` (line 5): whatever its callers pass" in text
    assert "Input(shape=(4, 3)) (line 13): a tensor of the graph of layers: what keras.layers.Input returns" in text
    assert "b[:, 0] ends in Dense(2)(b[:, 0]) in line 15, so it must be the output of a layer." in text
    assert "KM444 changes operation on tensors" in text
    assert max(len(line) for line in done.text.splitlines()) <= 80


def test_an_operation_that_ends_in_another(kmigrate_run: Kmigrate, model: Path) -> None:
    assert "scaled(a, 2.0) ends in Dense(2)(b[:, 0]) in line 15" in kmigrate_run("explain-flow", f"{model}:14").text


def test_what_nobody_knows(kmigrate_run: Kmigrate, model: Path) -> None:
    text = kmigrate_run("explain-flow", f"{model}:10").text

    assert "nobody can tell where: nobody in sight calls `unused`" in text
    assert "KM444 leaves operation on tensors to you" in text


@pytest.mark.parametrize(
    ("place", "says"),
    [("model.py", "write FILE:LINE"), ("model.py:99", "no statement"), ("none.py:1", "none.py"), ("model.py:0", "FILE:LINE"),
     (".:3", "is a folder (name a file in it")],
)
def test_places_that_are_none(kmigrate_run: Kmigrate, model: Path, place: str, says: str) -> None:
    done = kmigrate_run("explain-flow", str(model.parent / place))

    assert done.code == 2
    assert says in done.err
