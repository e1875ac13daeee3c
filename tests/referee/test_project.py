"""Does `kmigrate verify` say of a project what is so: the same, other numbers, or why it could not run?"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from kmigrate.cli import main

OLD, NEW = "1.2.2", "2.3.1"
NET = (
    "from keras.models import Sequential\nfrom keras.layers import Dense, LSTM, Embedding\n"
    "from keras.datasets import imdb\nfrom keras.preprocessing import sequence\n"
    "(x, y), _ = imdb.load_data(nb_words=50)\nx = sequence.pad_sequences(x, maxlen=6)\n"
    "model = Sequential()\nmodel.add(Embedding(50, 4, input_length=6, dropout=0.))\n"
    "model.add(LSTM(output_dim=3, init='he_normal'))\nmodel.add(Dense(1, activation='sigmoid'))\n"
    "model.compile('adam', 'binary_crossentropy')\nmodel.fit(x, y, nb_epoch=100, batch_size=4)\n"
)
OTHER = (
    "import keras\nfrom keras.models import Sequential\nfrom keras.layers import Dense\n"
    "model = Sequential([Dense(2, input_dim=3, activation='relu' if keras.__version__[0] == '1' else 'tanh')])\n"
)
MISSING = "import numpy as np\nfrom keras.layers import Dense\nx = np.load('data.npy')\nDense(3)(x)\n"

pytestmark = pytest.mark.keras


@pytest.fixture
def verified(
    needs: Callable[..., None], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> Callable[[dict[str, str]], tuple[int, dict[str, tuple[str, str, list[str]]]]]:
    """Verifies a project; its exit code and, for each script, model, answer and details."""

    def check(files: dict[str, str]) -> tuple[int, dict[str, tuple[str, str, list[str]]]]:
        needs(OLD, NEW)
        project = tmp_path / "project"
        project.mkdir()
        for name, text in files.items():
            (project / name).write_text(text)
        before = {path: path.read_bytes() for path in project.rglob("*") if path.is_file()}
        code = main(["verify", str(project), "--old", OLD, "--new", NEW, "--format", "json"])
        assert {path: path.read_bytes() for path in project.rglob("*") if path.is_file()} == before
        report = json.loads(capsys.readouterr().out)
        schema = Path(__file__).parents[2] / "kmigrate" / "report" / "schema.json"
        jsonschema.validate(report, json.loads(schema.read_text("utf-8")))
        found = report["verification"]
        assert (found["old"], found["new"]) == (OLD, NEW)
        return code, {item["script"]: (item["model"], item["answer"], item["details"]) for item in found["findings"]}

    return check


def test_a_project_that_computes_the_same(verified: Callable[..., tuple[int, dict[str, tuple[str, str, list[str]]]]]) -> None:
    assert verified({"train.py": NET}) == (0, {"train.py": ("model", "same", [])})


def test_what_differs_and_what_cannot_run(verified: Callable[..., tuple[int, dict[str, tuple[str, str, list[str]]]]]) -> None:
    code, found = verified({"other.py": OTHER, "needs_data.py": MISSING, "exits.py": NET + "raise SystemExit('no')\n"})
    assert code == 1
    model, answer, details = found["other.py"]
    assert (model, answer) == ("model", "differs")
    assert details[0].startswith("forward")
    model, answer, (why,) = found["needs_data.py"]
    assert (model, answer) == ("", "could not run")
    assert why.startswith("Keras 1, before the migration: needs_data.py:3: FileNotFoundError")
    assert found["exits.py"][1:] == ("could not run", ["Keras 1, before the migration: exits.py:13: SystemExit: no"])


def test_a_script_that_ends_python_itself(verified: Callable[..., Any]) -> None:
    code, found = verified({"ends.py": "import os\nimport keras\nmodel = keras.models.Sequential()\nos.kill(os.getpid(), 9)\n"})
    assert (code, found) == (1, {"ends.py": ("", "could not run", ["Keras 1, before the migration: Crash: killed by signal 9"])})


def test_a_functional_model_is_a_model(needs: Callable[..., None], tmp_path: Path) -> None:
    needs(OLD, "2.15.0")
    (tmp_path / "train.py").write_text(
        "from keras.models import Model\nfrom keras.layers import Dense, Input\nx = Input(shape=(3,))\n"
        "model = Model(input=x, output=Dense(2)(x))\n"
    )
    assert main(["verify", str(tmp_path), "--old", OLD, "--new", "2.15.0"]) == 0


SIZED = (
    "from keras.datasets import mnist\nfrom keras.models import Sequential\nfrom keras.layers import Dense\n"
    "(x, y), _ = mnist.load_data()\nx = x.reshape(60000, 784).astype('float32') / 255\n"
    "model = Sequential([Dense(1, input_dim=784)])\nmodel.compile('sgd', 'mse')\n"
    "history = model.fit(x, y, nb_epoch=100, batch_size=100, validation_data=(x, y))\n"
    "assert history.params['nb_sample' if 'nb_sample' in history.params else 'samples'] == 200\n"
)


def test_data_sets_have_their_size_and_training_is_short(verified: Callable[..., Any]) -> None:
    assert verified({"train.py": SIZED}) == (0, {"train.py": ("model", "same", [])})


def test_an_environment_that_is_none(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "train.py").write_text(OTHER)
    assert main(["verify", str(tmp_path), "--old", str(tmp_path)]) == 3
    assert "is no environment: there is no Python in it" in capsys.readouterr().err
    assert main(["verify", str(tmp_path), "--new", "2.9.9"]) == 3


FIXED_BATCH = (
    "import numpy as np\nfrom keras import backend as K\nfrom keras.layers import Dense, Input\nfrom keras.models import Model\n"
    "target = K.variable(np.ones((5, 3)))\nx = Input(shape=(4,))\nmodel = Model(input=x, output=Dense(3)(x))\n"
    "model.compile('sgd', loss=lambda t, p: K.mean(K.square(p - target), axis=-1))\n"
    "model.fit(np.ones((5, 4)), np.ones((5, 3)), batch_size=5, nb_epoch=1)\n"
)
NO_LOSS = (
    "from keras.layers import Dense, Input\nfrom keras.models import Model\n\n\ndef loss(truth, predicted):\n"
    "    return open('weights_of_classes.txt').read()\n\n\nx = Input(shape=(4,))\n"
    "model = Model(input=x, output=Dense(3)(x))\nmodel.compile('sgd', loss=loss)\n"
)


def test_a_loss_that_neither_keras_computes_for_our_batch_is_no_difference(verified: Callable[..., Any]) -> None:
    _, found = verified({"fixed.py": FIXED_BATCH, "lost.py": NO_LOSS})
    assert {script: details for script, (model, answer, details) in found.items() if answer == "differs"} == {}


HIERARCHY = (
    "import numpy as np\nfrom keras.layers import Bidirectional, Dense, Embedding, Input, LSTM, TimeDistributed\n"
    "from keras.models import Model\nwords = Input(shape=(10,), dtype='int32')\n"
    "encoder = Model(words, Bidirectional(LSTM(5))(Embedding(20, 6)(words)))\n"
    "x = Input(shape=(4, 10), dtype='int32')\ny = Bidirectional(LSTM(5))(TimeDistributed(encoder)(x))\n"
    "model = Model(x, Dense(2, activation='softmax')(y))\nmodel.compile('sgd', 'categorical_crossentropy')\n"
    "model.fit(np.ones((4, 4, 10)), np.ones((4, 2)), nb_epoch=1, batch_size=2)\n"
)


def test_a_model_in_a_wrapper_gets_its_weights_layer_by_layer(verified: Callable[..., Any]) -> None:
    code, found = verified({"hatt.py": HIERARCHY})
    assert (code, found["hatt.py"][1:]) == (0, ("same", []))
