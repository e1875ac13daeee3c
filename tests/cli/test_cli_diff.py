"""`kmigrate diff` and `scan`: what they print, what they return, and that they write nothing."""

import json
import subprocess
from pathlib import Path
from subprocess import PIPE

import pytest
from cli_project import BROKEN, BY_HAND, COMMAND, KERAS_1, KERAS_2, Kmigrate, environment


def test_the_diff_is_shown_and_nothing_is_written(project: Path, kmigrate_run: Kmigrate) -> None:
    done = kmigrate_run("diff", ".")
    assert done.code == 1
    assert "-layer = Dense(output_dim=3)\n+layer = Dense(units=3)\n" in done.text
    assert "accounted for" in done.text.splitlines()[-1]
    assert done.err == ""
    assert (project / "model.py").read_text() == KERAS_1
    assert sorted(path.name for path in project.iterdir()) == ["model.py", "plain.py", "setup.py"]


def test_every_use_is_accounted_for(project: Path, kmigrate_run: Kmigrate) -> None:
    last = kmigrate_run("diff", "model.py").text.splitlines()[-1].split()
    assert last[0] == last[2] != "0"


def test_a_review_names_file_line_rule_and_recipe(project: Path, kmigrate_run: Kmigrate) -> None:
    (project / "model.py").write_text(BY_HAND)
    done = kmigrate_run("diff", "model.py", "--format", "json")
    review = json.loads(done.out)["files"][0]["reviews"][-1]
    shown = kmigrate_run("diff", "model.py")
    assert done.code == shown.code == 1
    assert f"model.py:{review['line']}  {review['rule']}\n" in shown.text
    assert review["reason"].split()[0] in shown.text


@pytest.mark.parametrize("command", ["diff", "scan"])
def test_the_page_tells_the_text_of_what_waits_for_unsafe(project: Path, kmigrate_run: Kmigrate, command: str) -> None:
    (project / "waiting.py").write_text("import keras\n\n\ndef train(model):\n    model.fit(1, 2, nb_epoch=3)\n")
    kmigrate_run(command, ".", "--output", "report.html")
    page = (project / "report.html").read_text()
    assert '<dd class="code old">model.fit(1, 2, nb_epoch=3)</dd>' in page
    assert '<dd class="code new">model.fit(1, 2, epochs=3)</dd>' in page


@pytest.mark.parametrize(
    ("name", "begin"),
    [
        ("plan.json", b'{\n "plan": 1'), ("out.json", b'{\n  "schema": 1'), ("out.html", b"<!doctype html>"), ("OUT.MD", b"## "),
        ("out.sarif", b'{\n  "$schema"'), ("out.xml", b"<?xml"), ("out.patch", b"--- a/"), ("out.txt", b"--- model.py"),
    ],
)  # fmt: skip
def test_the_name_of_the_file_tells_the_format(project: Path, kmigrate_run: Kmigrate, name: str, begin: bytes) -> None:
    assert kmigrate_run("diff", "model.py", "--output", name).code == 1
    assert (project / name).read_bytes().startswith(begin)
    assert kmigrate_run("diff", "model.py", "--format", "text", "--output", name).code == 1
    assert (project / name).read_bytes().startswith(b"--- model.py")


@pytest.mark.parametrize("command", ["diff", "scan", "migrate"])
def test_a_report_takes_the_place_of_no_code(project: Path, kmigrate_run: Kmigrate, command: str) -> None:
    done = kmigrate_run(command, "model.py", "--output", "model.py")
    assert done.code == 2
    assert "`model.py` is a name for code" in done.err and "--out DIR" in done.err
    assert (project / "model.py").read_text() == KERAS_1


def test_no_plan_comes_of_a_run_that_has_written(project: Path, kmigrate_run: Kmigrate) -> None:
    assert kmigrate_run("migrate", "model.py", "--output", "plan.json").code == 0
    assert json.loads((project / "plan.json").read_bytes())["schema"] == 1


def test_nothing_to_do_is_zero(project: Path, kmigrate_run: Kmigrate) -> None:
    (project / "model.py").write_text(KERAS_2)
    assert kmigrate_run("diff", ".").code == 0
    assert kmigrate_run("scan", ".").code == 0


def test_a_broken_file_is_three_and_the_others_are_shown(project: Path, kmigrate_run: Kmigrate) -> None:
    (project / "broken.py").write_text(BROKEN)
    (project / "binary.py").write_bytes(b"import keras\n\0\1\2")
    (project / "latin.py").write_bytes(b"import keras  # caf\xe9\n")
    done = kmigrate_run("diff", ".")
    assert done.code == 3
    assert "+layer = Dense(units=3)" in done.text
    assert all(name in done.text for name in ("broken.py:", "binary.py", "latin.py", "line 1 is not utf-8 text"))


def test_a_missing_path_is_two(kmigrate_run: Kmigrate) -> None:
    done = kmigrate_run("diff", "nope.py")
    assert (done.code, done.out) == (2, b"")
    assert done.err == "kmigrate: error: `nope.py` does not exist (check the spelling and the working directory)\n"


def test_a_folder_without_python_is_two(project: Path, kmigrate_run: Kmigrate) -> None:
    (project / "empty").mkdir()
    done = kmigrate_run("diff", "empty")
    assert done.code == 2
    assert "`empty` holds no Python files" in done.err


def test_wrong_settings_are_two_even_where_no_file_speaks_of_keras(kmigrate_run: Kmigrate) -> None:
    for option in (["--to", "7.1"], ["--select", "NOPE999"], ["--rules", "missing"], ["--format", "pdf"], ["--nope"]):
        done = kmigrate_run("diff", "plain.py", *option)
        assert done.code == 2, option
        assert "Traceback" not in done.err


def test_debug_shows_the_traceback(kmigrate_run: Kmigrate) -> None:
    done = kmigrate_run("diff", "nope.py", "--debug")
    assert "Traceback" in done.err
    assert "PathNotFound" in done.err


def test_the_patch_can_be_applied(project: Path, kmigrate_run: Kmigrate) -> None:
    done = kmigrate_run("diff", ".", "--format", "diff", "--output", "../change.patch")
    assert (done.code, done.out) == (1, b"")
    subprocess.run(["git", "apply", "../change.patch"], cwd=project, check=True)
    assert (project / "model.py").read_text() == KERAS_2


def test_the_patch_can_be_applied_in_the_folder_that_was_named(kmigrate_run: Kmigrate, tmp_path: Path) -> None:
    (tmp_path / "other" / "pkg").mkdir(parents=True)
    (tmp_path / "other" / "pkg" / "net.py").write_text(KERAS_1)
    patch = kmigrate_run("diff", tmp_path / "other", "--format", "diff").out
    assert patch.startswith(b"--- a/pkg/net.py\n+++ b/pkg/net.py\n")
    subprocess.run(["git", "apply", "-"], cwd=tmp_path / "other", input=patch, check=True)
    assert (tmp_path / "other" / "pkg" / "net.py").read_text() == KERAS_2


def test_a_report_that_cannot_be_written_is_two(project: Path, kmigrate_run: Kmigrate) -> None:
    done = kmigrate_run("migrate", ".", "--format", "html", "--output", "missing/report.html")
    assert done.code == 2
    assert "there is no folder `missing`" in done.err
    assert (project / "model.py").read_text() == KERAS_1


def test_colour_is_for_terminals(kmigrate_run: Kmigrate) -> None:
    assert b"\x1b[" not in kmigrate_run("diff", ".", env={"TERM": "xterm-256color"}).out
    assert b"\x1b[" in kmigrate_run("diff", ".", env={"TERM": "xterm-256color", "FORCE_COLOR": "1"}).out
    no_colour = {"TERM": "xterm-256color", "FORCE_COLOR": "1", "NO_COLOR": "1"}
    assert b"\x1b[3" not in kmigrate_run("diff", ".", env=no_colour).out


def test_select_and_ignore_choose_rules(kmigrate_run: Kmigrate) -> None:
    edits = json.loads(kmigrate_run("diff", ".", "--format", "json").out)["files"][0]["edits"]
    rules = {rule for edit in edits for rule in edit["rules"]}
    ignored = kmigrate_run("diff", ".", "--ignore", ",".join(rules).lower())
    assert "+layer" not in ignored.text


def test_a_narrow_encoding_of_the_terminal_is_no_crash(kmigrate_run: Kmigrate, project: Path) -> None:
    (project / "model.py").write_text(KERAS_1.replace("layer =", "été ="), encoding="utf-8")
    done = kmigrate_run("diff", ".", env={"PYTHONIOENCODING": "ascii"})
    assert done.code == 1
    assert b"+\\xe9t\\xe9 = Dense(units=3)" in done.out


def test_scan_counts_without_a_diff(kmigrate_run: Kmigrate) -> None:
    done = kmigrate_run("scan", ".")
    assert done.code == 1
    assert "model.py" in done.text
    assert "units=3" not in done.text


def test_a_reader_that_goes_away_is_no_error(project: Path, tmp_path: Path) -> None:
    (project / "model.py").write_text(KERAS_1 + "Dense(output_dim=3)\n" * 20_000)
    run = subprocess.Popen(
        [*COMMAND, "diff", "model.py"], cwd=project, env=environment(tmp_path), stdout=PIPE, stderr=PIPE
    )
    assert run.stdout is not None and run.stderr is not None
    assert run.stdout.readline() == b"--- model.py\n"
    run.stdout.close()
    with run.stderr as stderr:
        assert stderr.read() == b""
    assert run.wait(timeout=120) == 141


@pytest.mark.parametrize(
    ("form", "told"),
    [
        ("markdown", "| Uses of Keras changed | 1 |"),
        ("sarif", '"version": "2.1.0"'),
        ("github", "::warning file=model.py,title=kmigrate KM100,line=3,col=9::"),
        ("junit", '<testsuite name="model.py" tests="1" failures="1"'),
    ],
)
def test_each_format_is_written_to_the_terminal_and_to_a_file(
    kmigrate_run: Kmigrate, project: Path, form: str, told: str
) -> None:
    done = kmigrate_run("diff", ".", "--format", form)
    assert (done.code, done.err) == (1, "")
    assert told in done.text
    assert kmigrate_run("diff", ".", "--format", form, "--output", "report").out == b""
    assert (project / "report").read_bytes() == done.out
