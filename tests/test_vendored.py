"""Is a copy of Keras 1 in a project left alone, and told of where it is imported?"""

from __future__ import annotations

from pathlib import Path

import pytest

from kmigrate.config import Settings
from kmigrate.results import FileResult, Outcome
from kmigrate.runner import run

LAYER = "class Layer(object):\n    def get_output_shape_for(self, shape):\n        return self.input_shape  # keras\n"
USER = "from keras.models import Sequential\n\nmodel = Sequential()\nmodel.fit(x, y, nb_epoch=3)\n"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "setup.py").touch()
    for name, text in {
        "keras/__init__.py": "from . import layers\n\n__version__ = '1.2.2'\n",
        "keras/layers/__init__.py": "from .core import *\n",
        "keras/layers/core.py": "from keras.engine import Layer\n\n\nclass Mine(Layer):\n    def get_output_shape_for(self, s):\n"
        "        return s\n",
        "keras/engine/topology.py": LAYER,
        "train.py": USER,
        "other/keras/data.py": USER,
    }.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    return tmp_path


def _results(project: Path) -> dict[str, FileResult]:
    return {Path(str(result.path)).relative_to(project).as_posix(): result for result in run([project], Settings())}


def test_the_files_of_the_copy_stay_as_they_are(project: Path) -> None:
    results = _results(project)
    core = results["keras/layers/core.py"]
    assert (core.outcome, core.after, core.reviews) == (Outcome.IGNORED, core.before, ())
    assert "a copy of Keras 1 itself" in core.notes[0].text
    assert results["keras/engine/topology.py"].outcome is Outcome.IGNORED


@pytest.mark.parametrize("name", ["train.py", "other/keras/data.py"])
def test_what_imports_the_copy_is_migrated_and_told(project: Path, name: str) -> None:
    result = _results(project)[name]
    assert "epochs=3" in result.after
    assert [note.text for note in result.notes if "`keras` (1.2.2), a copy of Keras 1" in note.text]


@pytest.mark.parametrize("version", ["__version__ = '2.0.4'\n", ""])
def test_a_package_of_this_name_that_is_no_keras_1(project: Path, version: str) -> None:
    (project / "keras" / "__init__.py").write_text(version)
    results = _results(project)
    assert results["keras/layers/core.py"].outcome is not Outcome.IGNORED
    assert results["train.py"].notes == ()
