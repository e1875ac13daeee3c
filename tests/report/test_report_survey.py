"""The survey: who does what in which folder, which files are hard, and an estimate that anybody can repeat."""

import io
import json
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator
from rich.console import Console

import kmigrate
from kmigrate import Settings
from kmigrate.report.model import Report
from kmigrate.report.survey import json as survey_json
from kmigrate.report.survey import text as survey_text
from kmigrate.report.survey.model import HARDEST, Survey
from kmigrate.report.survey.time_left import basis, duration

SAFE = "from keras.layers import Dense\nDense(output_dim=3)\nDense(output_dim=4)\n"
UNSAFE = "import keras\n\n\ndef train(model):\n    model.fit(x, y, nb_epoch=2)\n"
BY_HAND = "from keras.layers import MaxoutDense\nMaxoutDense(3)\n"
BROKEN = "import keras\nprint(\n"
SCHEMA = Path(survey_json.__file__).with_name("schema.json")


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Work of every kind, in three folders."""
    monkeypatch.chdir(tmp_path)
    texts = {"safe.py": SAFE, "pkg/unsafe.py": UNSAFE, "pkg/hand.py": BY_HAND, "pkg/deep/broken.py": BROKEN,
             "pkg/plain.py": "import os\n", "pkg/clean.py": "from keras.layers import Flatten\n"}  # fmt: skip
    for name, text in texts.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    return tmp_path


def survey_of(folder: Path, settings: Settings | None = None) -> Survey:
    return Survey(Report.of(kmigrate.scan(folder, settings=settings), None))


def printed(survey: Survey, width: int = 80) -> str:
    out = io.StringIO()
    survey_text.show(survey, Console(file=out, width=width, highlight=False))
    return out.getvalue()


def test_who_does_what_where(project: Path) -> None:
    found = {row.path: row for row in survey_of(project).folders}
    assert list(found) == [".", "pkg", "pkg/deep"]
    assert (found["."].work.automatic, found["."].work.by_hand) == (2, 0)
    assert (found["pkg"].files, found["pkg"].work.unsafe, found["pkg"].work.failed) == (3, 1, 0)
    assert found["pkg"].work.by_hand == len(kmigrate.scan(project / "pkg" / "hand.py")[0].reviews)
    assert found["pkg/deep"].work.failed == 1


def test_unsafe_work_stays_unsafe_when_it_is_applied(project: Path) -> None:
    waiting, applied = survey_of(project).work, survey_of(project, Settings(unsafe=True)).work
    assert waiting.unsafe == applied.unsafe == 1
    assert waiting.automatic == applied.automatic


def test_the_estimate_can_be_repeated(project: Path) -> None:
    data = survey_json.data(survey_of(project))
    lines = data["estimate"]["basis"]
    assert data["estimate"]["minutes"] == pytest.approx(sum(line["count"] * line["minutes_each"] for line in lines))
    by_file = sum(row["minutes"] for row in data["files"])
    reading = next(line["minutes"] for line in lines if line["what"] == "rules to read about")
    assert data["estimate"]["minutes"] == pytest.approx(by_file + reading)
    assert by_file == pytest.approx(sum(row["minutes"] for row in data["folders"]))


def test_the_hardest_files_come_first_and_those_without_work_not_at_all(project: Path) -> None:
    for number in range(HARDEST + 3):
        (project / f"more{number}.py").write_text(BY_HAND * (number + 1))
    rows = survey_of(project).hardest
    assert len(rows) == HARDEST
    assert [row.work.minutes for row in rows] == sorted((row.work.minutes for row in rows), reverse=True)
    assert rows[0].path == f"more{HARDEST + 2}.py"
    assert "pkg/clean.py" not in {row.path for row in survey_of(project / "pkg").hardest}


def test_the_json_keeps_to_its_schema(project: Path) -> None:
    schema = json.loads(SCHEMA.read_text())
    Draft202012Validator.check_schema(schema)
    validator = Draft202012Validator(schema)
    for survey in (survey_of(project), survey_of(project / "pkg" / "plain.py")):
        validator.validate(json.loads(survey_json.render(survey)))


def test_the_text_fits_the_terminal_and_states_its_basis(project: Path) -> None:
    (project / "a_very_long_name_of_a_package" / "and_one_below_it_that_is_longer").mkdir(parents=True)
    (project / "a_very_long_name_of_a_package" / "and_one_below_it_that_is_longer" / "net.py").write_text(BY_HAND)
    shown = printed(survey_of(project))
    assert all(len(line) <= 80 for line in shown.splitlines())
    assert "Time left for a person: about " in shown
    assert "5 min each" in shown
    assert "assumptions" in shown
    assert "failed" in shown
    assert "failed" not in printed(survey_of(project / "safe.py"))


def test_one_of_a_kind_is_told_in_the_singular(project: Path) -> None:
    (project / "one.py").write_text("from keras.layers import Dense\nx = Dense(output_dim=3)\n")
    assert basis(survey_of(project / "one.py")).startswith("1 automatic change to read, 0.1 min. The minutes")
    (project / "one.py").write_text("import keras\nprint(\n")
    assert basis(survey_of(project / "one.py")).startswith("1 file that failed to look into, 15 min. The")


def test_many_folders_are_summed_up(project: Path) -> None:
    for number in range(survey_text.FOLDERS + 5):
        (project / f"p{number}").mkdir()
        (project / f"p{number}" / "net.py").write_text(BY_HAND)
    survey = survey_of(project)
    assert f"({len(survey.folders) - survey_text.FOLDERS} more folders)" in printed(survey)


def test_nothing_to_do_says_so(project: Path) -> None:
    survey = survey_of(project / "pkg" / "clean.py")
    assert survey.minutes == 0
    assert "about 0 min" in printed(survey)
    assert printed(survey_of(project / "pkg" / "plain.py")) == ""


@pytest.mark.parametrize(("minutes", "said"), [(0, "0 min"), (0.2, "1 min"), (45, "45 min"), (60, "1 h"), (200.4, "3 h 20 min")])
def test_durations(minutes: float, said: str) -> None:
    assert duration(minutes) == said
