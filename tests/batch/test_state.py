"""The state of a batch: whose folder it may be, and what becomes of it when it is damaged."""

import json
from pathlib import Path

import pytest
from batch_place import KERAS_1, Place

from kmigrate.batch.state import State
from kmigrate.errors import InvalidSetting

REPOSITORIES = Path("repositories")


def test_a_folder_with_something_else_in_it_takes_no_state_and_stays_as_it_is(place: Place) -> None:
    before = place.texts()
    done = place.batch(REPOSITORIES, "--state", ".")
    assert done.code == 2 and "is not empty and holds no batch" in done.err
    assert place.texts() == before
    assert not (place.folder / "lock").exists()


@pytest.mark.parametrize("name", ["repositories", "writing", "repositories.old"])
def test_what_the_state_did_not_make_is_not_removed(tmp_path: Path, name: str) -> None:
    (tmp_path / "batch.json").write_text("{}")
    foreign = tmp_path / name / "mine" / "model.py"
    foreign.parent.mkdir(parents=True)
    foreign.write_text(KERAS_1)
    with pytest.raises(InvalidSetting, match="is not of kmigrate"):
        State(tmp_path, {}, fresh=True)
    assert foreign.read_text() == KERAS_1


def test_a_state_that_was_killed_at_its_start_goes_on(tmp_path: Path) -> None:
    (tmp_path / "lock").touch()
    (tmp_path / ".batch.json.x1y2z3ab").touch()
    State(tmp_path, {}).close()
    assert (tmp_path / "batch.json").exists()


def test_a_batch_that_did_nothing_stands_in_the_way_of_no_other(place: Place) -> None:
    wrong = place.batch(REPOSITORIES, "--state", "here", "--scheduler", "nonsense://")
    assert wrong.code == 2 and "--scheduler" in wrong.err
    assert place.batch(REPOSITORIES, "--state", "here", "--write", "--undo").code == 2
    done = place.batch(REPOSITORIES, "--state", "here")
    assert done.code == 3 and "[4/4]" in done.err and "Going on" not in done.err


@pytest.mark.parametrize("note", ["[]", '{"format": 1}', '{"format": 1, "comp', ""])
def test_a_damaged_note_is_told_of_and_forgotten_when_asked(place: Place, note: str) -> None:
    state = place.folder / "here"
    first = place.batch(REPOSITORIES, "--state", state)
    (state / "batch.json").write_text(note)
    done = place.batch(REPOSITORIES, "--state", state)
    assert done.code == 2 and "damaged" in done.err and "--fresh" in done.err
    again = place.batch(REPOSITORIES, "--state", state, "--fresh")
    assert (again.code, again.out) == (first.code, first.out)
    assert json.loads((state / "batch.json").read_text())["complete"]


@pytest.mark.parametrize("mark", ["", "[]", "nonsense"])
def test_a_damaged_mark_fails_its_repository_only(place: Place, mark: str) -> None:
    state = place.folder / "here"
    place.batch(REPOSITORIES, "--state", state)
    (record,) = (state / "repositories").glob("first.*.json")
    (state / "writing" / record.name).write_text(mark)
    record.unlink()
    (state / "batch.json").write_text((state / "batch.json").read_text().replace('"complete": true', '"complete": false'))
    done = place.batch(REPOSITORIES, "--state", state)
    assert done.code == 3 and "internal" not in done.err
    assert "first: failed: " in done.err and "is damaged" in done.err
    assert len(list((state / "repositories").iterdir())) == 4


@pytest.mark.parametrize("text", ["", "[]", '{"files": [{}]}'])
def test_a_damaged_record_of_a_run_keeps_no_other_from_being_taken_back(place: Place, text: str) -> None:
    before = place.texts()
    place.batch(REPOSITORIES, "--write", "--state", "here")
    after = place.texts()
    damaged = sorted((place.folder / "here/undo").glob("*/run.json"))[0]
    damaged.write_text(text)
    done = place.batch(REPOSITORIES, "--write", "--undo", "--state", "here")
    assert done.code == 3 and "internal" not in done.err
    assert "refused: " in done.out and "is damaged" in done.out and "2 files restored, 1 refused." in done.out
    assert place.texts() == before | {"first/model.py": after["first/model.py"]}
