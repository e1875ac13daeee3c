"""The runner: order, one engine per project, crashes that stay where they are, and the garbage collector."""

import gc
import json
import os
from pathlib import Path

import pytest

from kmigrate import runner
from kmigrate.config import Settings
from kmigrate.engine import Engine
from kmigrate.errors import KmigrateError, PathNotFound, UnknownRule, UnknownVersion
from kmigrate.results import FileResult, Outcome, State
from kmigrate.ruling import Ruling
from kmigrate.runner import run
from kmigrate.source.text import Source

KERAS_1 = "from keras.layers import Dense\n\nlayer = Dense(output_dim=3)\n"


def write(root: Path, **files: str) -> Path:
    root.mkdir(exist_ok=True, parents=True)
    for name, text in files.items():
        (root / f"{name}.py").write_text(text)
    return root


def outcomes(results: list[FileResult]) -> dict[str, Outcome]:
    return {Path(result.path or "").stem: result.outcome for result in results}


def test_results_come_in_the_order_of_paths(tmp_path: Path) -> None:
    write(tmp_path, b=KERAS_1, a="import os\n", c="import keras\nprint(\n")
    results = list(run([tmp_path / "c.py", tmp_path], Settings()))
    assert outcomes(results) == {"a": Outcome.NOT_KERAS, "b": Outcome.CHANGED, "c": Outcome.FAILED}
    assert [Path(result.path or "").name for result in results] == ["a.py", "b.py", "c.py"]
    assert results[1].after == KERAS_1.replace("output_dim", "units")
    assert (tmp_path / "b.py").read_text() == KERAS_1


def test_results_have_the_path_that_people_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path / "pkg", net=KERAS_1)
    monkeypatch.chdir(tmp_path)
    (result,) = run(["pkg"], Settings())
    assert result.path == "pkg/net.py"
    assert result.source is not None and result.source.path == str(tmp_path / "pkg" / "net.py")


def test_paths_and_settings_are_checked_before_the_first_result(tmp_path: Path) -> None:
    write(tmp_path, a="import os\n")
    with pytest.raises(PathNotFound):
        run([tmp_path / "nope"], Settings())
    with pytest.raises(UnknownVersion):
        run([tmp_path], Settings(to="7.1"))
    with pytest.raises(UnknownRule):
        run([tmp_path], Settings(select=("NOPE999",)))


def test_a_crash_is_the_failure_of_one_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, a=KERAS_1, b=KERAS_1 + "# boom\n", c=KERAS_1)
    migrate = Engine.migrate

    def crashing(self: Engine, source: Source) -> FileResult:
        if "boom" in source.text:
            raise RecursionError("too deep\nreally")
        return migrate(self, source)

    monkeypatch.setattr(Engine, "migrate", crashing)
    results = list(run([tmp_path], Settings()))
    assert outcomes(results) == {"a": Outcome.CHANGED, "b": Outcome.FAILED, "c": Outcome.CHANGED}
    failure = results[1].failure
    assert failure is not None
    assert failure.reason == "internal error: RecursionError: too deep, please report"
    assert results[1].after == results[1].before == KERAS_1 + "# boom\n"


def test_an_engine_that_cannot_be_built_fails_its_project_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path / "bad", setup="", a=KERAS_1)
    write(tmp_path / "good", setup="", b=KERAS_1)

    class Fragile(Engine):
        def __init__(self, root: Path | None, settings: Settings, known: Ruling | None = None) -> None:
            if root is not None and root.name == "bad":
                raise OSError("no such luck")
            super().__init__(root, settings, known)

    monkeypatch.setattr("kmigrate.engine.Engine", Fragile)
    results = [result for result in run([tmp_path], Settings()) if result.outcome is not Outcome.NOT_KERAS]
    assert outcomes(results) == {"a": Outcome.FAILED, "b": Outcome.CHANGED}


def test_one_engine_for_each_project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    roots = []

    class Counted(Engine):
        def __init__(self, root: Path | None, settings: Settings, known: Ruling | None = None) -> None:
            roots.append(root)
            super().__init__(root, settings, known)

    monkeypatch.setattr("kmigrate.engine.Engine", Counted)
    for name in ("one", "two"):
        write(tmp_path / name, setup="", a=KERAS_1, b=KERAS_1)
    write(tmp_path / "three", setup="", a="import os\n")
    list(run([tmp_path], Settings()))
    assert roots == [tmp_path / "one", tmp_path / "two"]


RULE = """\
id: MINE001
name: look-at-activations
title: Activations are looked at
why: It stands for a rule of a project.
since: "2.0.0"
confidence: review
match: {call: keras.layers.Activation}
say: Look at it.
examples: [{review: "from keras.layers import Activation\\nActivation('relu')"}, {unchanged: "import os"}]
"""


def test_all_projects_of_a_run_go_by_the_same_rules(tmp_path: Path) -> None:
    pack = tmp_path / "pack"
    pack.mkdir()
    (pack / "mine.yaml").write_text(RULE)
    for name in ("one", "two"):
        write(tmp_path / name, setup="", a="from keras.layers import Activation\nActivation('relu')\n")
    results = run([tmp_path], Settings(rules=(pack,)))
    reviewed = [{review.rule for review in next(results).reviews}]
    (pack / "mine.yaml").write_text(RULE.replace("MINE001", "MINE002"))
    reviewed += [{review.rule for review in result.reviews} for result in results]
    assert [rules for rules in reviewed if rules] == [{"MINE001"}, {"MINE001"}]


def test_a_file_may_use_keras_at_second_hand(tmp_path: Path) -> None:
    net = "from keras.models import Sequential\n\n\ndef build():\n    return Sequential()\n"
    train = "from net import build\n\nmodel = build()\nmodel.fit(x, y, nb_epoch=3)\n"
    write(tmp_path, setup="", net=net, train=train, other="import os\n")
    for paths in ([tmp_path], [tmp_path / "train.py", tmp_path / "other.py"]):
        found = {Path(result.path or "").stem: result for result in run(paths, Settings(unsafe=True))}
        assert "epochs=3" in found["train"].after
        assert found["other"].outcome is Outcome.NOT_KERAS


def test_so_may_a_notebook(tmp_path: Path) -> None:
    write(tmp_path, setup="", net="from keras.models import Sequential\n\n\ndef build():\n    return Sequential()\n")
    cells = [
        {"cell_type": "code", "execution_count": None, "metadata": {}, "outputs": [], "source": [code]}
        for code in ("from net import build", "build().fit(x, y, nb_epoch=3)")
    ]
    book = tmp_path / "train.ipynb"
    book.write_text(json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 2}))
    for paths in ([tmp_path], [book]):
        found = {Path(result.path or "").name: result for result in run(paths, Settings())}
        assert "build().fit(x, y, epochs=3)" in found["train.ipynb"].after


@pytest.mark.parametrize("statement", ["execfile('net.py')", "exec(open('net.py').read())  # not seen", "%run net.py"])
def test_a_file_that_is_run_may_bind_any_name(tmp_path: Path, statement: str) -> None:
    write(tmp_path, setup="", net="from keras.models import Sequential\n\n\ndef build():\n    return Sequential()\n")
    code = f"{statement}\nmodel = build()\nmodel.fit(x, y, nb_epoch=3)\n"
    if statement.startswith("%"):
        cell = {"cell_type": "code", "execution_count": None, "metadata": {}, "outputs": [], "source": [code]}
        file = tmp_path / "train.ipynb"
        file.write_text(json.dumps({"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 2}))
    else:
        file = tmp_path / "train.py"
        file.write_text(code)
    (result,) = run([file], Settings())
    assert [review.rule for review in result.reviews] == ([] if "not seen" in statement else ["KM362"])


def test_only_the_files_of_its_project_are_heard(tmp_path: Path) -> None:
    write(tmp_path / "one", setup="", net=KERAS_1)
    write(tmp_path / "two", setup="", use="import net\n")
    found = outcomes(list(run([tmp_path], Settings())))
    assert found["use"] is Outcome.NOT_KERAS


def test_what_is_no_file_is_failed(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe.py"
    os.mkfifo(pipe)
    (result,) = run([pipe], Settings())
    assert result.failure is not None and result.failure.reason == "not a file that can be read as text"


def test_unreadable_files_are_failed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, a=KERAS_1, b=KERAS_1)
    (tmp_path / "binary.py").write_bytes(b"keras\0")
    (tmp_path / "book.ipynb").write_text("keras")
    opened = os.open

    def refusing(path: Path, *rest: int, **more: int) -> int:
        if Path(path).name == "a.py":
            raise PermissionError(13, "Permission denied")
        return opened(path, *rest, **more)

    monkeypatch.setattr(os, "open", refusing)
    results = list(run([tmp_path, tmp_path / "book.ipynb"], Settings()))
    reasons = {Path(result.path or "").name: result.failure and result.failure.reason for result in results}
    assert reasons == {
        "a.py": "the file cannot be read: permission denied",
        "b.py": None,
        "binary.py": "the file holds null bytes: it is not Python source",
        "book.ipynb": "line 1: a notebook is a JSON object",
    }
    hints = {Path(result.path or "").name: result.failure.hint for result in results if result.failure is not None}
    assert hints["a.py"] == "make it a file that you may read, or leave it out"
    assert (hints["binary.py"] or "").startswith("leave the file out") and "mend its JSON" in (hints["book.ipynb"] or "")


def test_progress_is_told(tmp_path: Path) -> None:
    write(tmp_path, a=KERAS_1, b="import os\n")
    told: list[tuple[int, int, str]] = []
    list(run([tmp_path], Settings(), progress=lambda *step: told.append(step)))
    assert [(number, total, Path(path).name) for number, total, path in told] == [(1, 2, "a.py"), (2, 2, "b.py")]


@pytest.mark.parametrize("enabled", [True, False])
def test_the_collector_is_off_during_a_run_and_then_as_before(tmp_path: Path, enabled: bool) -> None:
    write(tmp_path, a=KERAS_1, b=KERAS_1)
    was = gc.isenabled()
    try:
        (gc.enable if enabled else gc.disable)()
        results = run([tmp_path], Settings())
        assert gc.isenabled() is enabled
        next(results)
        assert not gc.isenabled()
        list(results)
        assert gc.isenabled() is enabled
        results = run([tmp_path], Settings())
        next(results)
        del results
        assert gc.isenabled() is enabled
    finally:
        (gc.enable if was else gc.disable)()


def test_processes_give_the_same_results(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runner, "WORTH_A_PROCESS", 2)
    write(tmp_path, setup="", a=KERAS_1, b=KERAS_1, c="import os\n", d=KERAS_1 * 2, e="import keras\nprint(\n")
    alone = list(run([tmp_path], Settings()))
    assert list(run([tmp_path], Settings(), jobs=2)) == alone
    with pytest.raises(KmigrateError):
        run([tmp_path], Settings(to="7.1"), jobs=2)


def test_uses_are_counted(tmp_path: Path) -> None:
    write(tmp_path, a=KERAS_1)
    (result,) = run([tmp_path], Settings())
    assert result.states[State.CHANGED] >= 1
    assert result.states[State.UNACCOUNTED] == 0
