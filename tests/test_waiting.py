"""The text of changes that wait for `--unsafe` is told before anybody agrees to them."""

from pathlib import Path

import pytest

from kmigrate.config import Settings
from kmigrate.results import FileResult
from kmigrate.runner import run
from kmigrate.waiting import with_texts

WAITING = "import keras\n\n\ndef train(model):\n    model.fit(1, 2, nb_epoch=3)\n"


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The working directory, with a change that waits."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "waiting.py").write_text(WAITING)
    (tmp_path / "done.py").write_text("import keras\n")
    return tmp_path


def told(files: list[FileResult], settings: Settings) -> list[tuple[str, str] | None]:
    """The old and the new text of each waiting change."""
    found = [(file, review) for file in with_texts(files, [Path()], settings) for review in file.reviews if review.unsafe]
    return [
        (file.before[slice(*review.rewritten[0])], review.rewritten[1]) if review.rewritten else None
        for file, review in found
    ]


@pytest.mark.parametrize("settings", [Settings(), Settings(todo=True)], ids=["plain", "with todos"])
def test_a_waiting_change_tells_its_text_and_the_file_stays_as_it_is(project: Path, settings: Settings) -> None:
    files = list(run([Path()], settings))
    assert told(files, settings) == [("model.fit(1, 2, nb_epoch=3)", "model.fit(1, 2, epochs=3)")]
    filled = list(with_texts(files, [Path()], settings))
    assert [(file.path, file.after, file.changes) for file in filled] == [
        (file.path, file.after, file.changes) for file in files
    ]


def test_a_file_that_changed_meanwhile_gets_no_text(project: Path) -> None:
    files = list(run([Path()], Settings()))
    (project / "waiting.py").write_text("import os\n" + WAITING)
    assert told(files, Settings()) == [None]


def test_an_attribute_of_a_waiting_call_gets_no_text_of_its_own(project: Path) -> None:
    (project / "waiting.py").write_text(
        "import keras\nfrom keras.preprocessing.image import ImageDataGenerator\n\n\ndef train(model):\n"
        "    batches = ImageDataGenerator().flow_from_directory('x')\n"
        "    model.predict_generator(batches, val_samples=batches.nb_sample)\n"
    )
    assert None in told(list(run([Path()], Settings())), Settings())
