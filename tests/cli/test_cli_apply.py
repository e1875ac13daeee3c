"""`kmigrate diff --output plan.json` and `kmigrate apply` as a person calls them."""

import json
from pathlib import Path

from cli_project import KERAS_1, KERAS_2, Kmigrate


def test_a_plan_is_made_approved_applied_and_taken_back(project: Path, kmigrate_run: Kmigrate) -> None:
    (project / "other.py").write_text(KERAS_1)
    assert kmigrate_run("diff", ".", "--output", "plan.json").code == 1
    plan = json.loads((project / "plan.json").read_text())
    plan["files"][1]["changes"][0]["approved"] = False
    (project / "plan.json").write_text(json.dumps(plan))
    done = kmigrate_run("apply", "plan.json")
    assert done.code == 0
    assert "` takes it back" in done.err
    assert (project / "model.py").read_text() == KERAS_2
    assert (project / "other.py").read_text() == KERAS_1
    again = kmigrate_run("apply", "plan.json")
    assert again.code == 3
    assert "model.py\n    the file changed since the plan was made" in again.text
    assert kmigrate_run("undo").code == 0
    assert (project / "model.py").read_text() == KERAS_1


def test_a_plan_tells_the_text_of_what_waits_for_unsafe(project: Path, kmigrate_run: Kmigrate) -> None:
    (project / "waiting.py").write_text("import keras\n\n\ndef train(model):\n    model.fit(1, 2, nb_epoch=3)\n")
    kmigrate_run("diff", "waiting.py", "--output", "plan.json")
    ((entry,),) = (file["changes"] for file in json.loads((project / "plan.json").read_text())["files"])
    assert (entry["approved"], entry["before"]) == (False, "model.fit(1, 2, nb_epoch=3)")
    assert entry["after"] == "model.fit(1, 2, epochs=3)"


def test_a_report_does_not_take_the_place_of_the_plan(project: Path, kmigrate_run: Kmigrate) -> None:
    kmigrate_run("diff", "model.py", "--output", "plan.json")
    before = (project / "plan.json").read_bytes()
    assert kmigrate_run("apply", "plan.json", "--output", "./plan.json").code == 2
    assert (project / "plan.json").read_bytes() == before


def test_a_plan_that_approves_nothing_says_so(project: Path, kmigrate_run: Kmigrate) -> None:
    kmigrate_run("diff", "model.py", "--output", "plan.json")
    text = (project / "plan.json").read_text()
    (project / "plan.json").write_text(text.replace('"approved": true', '"approved": false'))
    done = kmigrate_run("apply", "plan.json")
    assert (done.code, done.out, done.err) == (0, b"", "The plan approves no change: nothing was written.\n")
    assert json.loads(kmigrate_run("apply", "plan.json", "--format", "json").out)["files"] == []
    assert (project / "model.py").read_text() == KERAS_1


def test_a_plan_is_about_files_that_are_not_yet_migrated(kmigrate_run: Kmigrate) -> None:
    for arguments in (("diff", "-"), ("migrate", ".")):
        done = kmigrate_run(*arguments, "--format", "plan", stdin=b"import keras\n")
        assert (done.code, done.out) == (2, b"")
    lost = kmigrate_run("apply", "nowhere.json")
    assert (lost.code, lost.err) == (
        2,
        "kmigrate: error: nowhere.json: the plan cannot be read: no such file or directory"
        " (`kmigrate diff PATH --output plan.json` makes one)\n",
    )
