"""Options from `[tool.kmigrate]`, and `kmigrate config show`, which tells where each value comes from."""

import subprocess
from pathlib import Path
from typing import Any

import pytest
from cli_project import KERAS_1, Kmigrate

from kmigrate.cli.command import keys_of
from kmigrate.pyproject import KEYS

OF_ONE_RUN = {"debug", "help", "stdin-filename", "stdio", "old", "new", "seconds", "ordering"}
OF_A_BATCH = {"write", "undo", "branch", "commit", "state", "fresh", "scheduler"}
"""Options that a project has nothing to say about."""


def options_of(group: Any) -> dict[str, list[Any]]:
    """The options of all commands below, by their long names."""
    found: dict[str, list[Any]] = {}
    for command in group.commands.values():
        below = options_of(command) if hasattr(command, "commands") else {
            key: [next(p for p in command.params if p.name == name)] for key, name in keys_of(command.params).items()
        }  # fmt: skip
        for key, options in below.items():
            found.setdefault(key, []).extend(options)
    return found


def test_every_option_is_a_key_of_the_table() -> None:
    from typer.main import get_command

    from kmigrate.cli.app import app

    known = set(options_of(get_command(app)))
    assert known - OF_ONE_RUN - OF_A_BATCH == set(KEYS), "kmigrate/pyproject.py has the table"


def test_a_project_sets_options(project: Path, kmigrate_run: Kmigrate) -> None:
    (project / "pyproject.toml").write_text('[tool.kmigrate]\nignore = ["KM100"]\nformat = "json"\n')
    assert kmigrate_run("diff", ".").text.startswith("{")
    assert "+layer" not in kmigrate_run("diff", ".", "--format", "text").text
    assert "+layer" in kmigrate_run("diff", ".", "--format", "text", "--ignore", "KM2").text


def test_standard_input_has_the_project_of_its_name(project: Path, kmigrate_run: Kmigrate) -> None:
    (project / "pkg").mkdir()
    (project / "pkg" / "pyproject.toml").write_text('[tool.kmigrate]\nignore = ["KM100"]\n')
    given = KERAS_1.encode()
    assert kmigrate_run("migrate", "-", "--stdin-filename", "pkg/model.py", stdin=given).out == given
    assert kmigrate_run("migrate", "-", stdin=given).out != given


@pytest.mark.parametrize(
    "line", ['since = "HEAD"', 'out = "copy"', "commit-per-rule = true", "emit-helpers = true", 'format = "plan"']
)
def test_what_a_project_says_of_its_files_is_not_for_standard_input(project: Path, kmigrate_run: Kmigrate, line: str) -> None:
    (project / "pyproject.toml").write_text(f'[tool.kmigrate]\n{line}\n')
    for command in ("migrate", "diff", "scan"):
        done = kmigrate_run(command, "-", stdin=KERAS_1.encode())
        assert done.code == (0 if command == "migrate" else 1), done.err
    assert kmigrate_run("migrate", "-", "--since", "HEAD", stdin=KERAS_1.encode()).code == 2
    assert kmigrate_run("migrate", "-", "--emit-helpers", stdin=KERAS_1.encode()).code == 2


def test_a_flag_can_be_taken_back(project: Path, kmigrate_run: Kmigrate) -> None:
    (project / "pyproject.toml").write_text("[tool.kmigrate]\nunsafe = true\n")
    (project / "model.py").write_text("import keras\ndef train(model):\n    model.fit(x, y, nb_epoch=2)\n")
    assert "epochs=2" in kmigrate_run("diff", ".").text
    assert "epochs=2" in kmigrate_run("diff", ".", "--unsafe").text
    assert "+    model" not in kmigrate_run("diff", ".", "--no-unsafe").text


def test_paths_are_told_from_the_file(project: Path, kmigrate_run: Kmigrate) -> None:
    (project / "pyproject.toml").write_text('[tool.kmigrate]\noutput = "report.txt"\n')
    (project / "pkg").mkdir()
    (project / "pkg" / "net.py").write_text(KERAS_1)
    assert kmigrate_run("diff", "pkg").out == b""
    assert "+layer" in (project / "report.txt").read_text()


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("unsfe = true", "[tool.kmigrate] has no key `unsfe`; did you mean `unsafe`?"),
        ('format = "pdf"', ":3: 'pdf' is not one of 'text'"),
        ("jobs = 0", ":3: it must be 1 or more (correct `jobs`)"),
        ('to = "7.1"', "7.1"),
        ('select = ["KM1", "NOPE9"]', "`NOPE9`"),
    ],
)
def test_what_the_project_says_wrong_is_two_with_its_line(
    project: Path, kmigrate_run: Kmigrate, line: str, said: str
) -> None:
    (project / "pyproject.toml").write_text(f"[tool.kmigrate]\n\n{line}\n")
    done = kmigrate_run("diff", ".")
    assert done.code == 2
    assert f"{project / 'pyproject.toml'}:3: " in done.err
    assert said in done.err
    assert len(done.err.splitlines()) == 1


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ("commit-per-rule = true\nallow-dirty = true", "`allow-dirty` does not go with `commit-per-rule`"),
        ('out = "copy"\ncommit-per-rule = true', "`out` does not go with `commit-per-rule`"),
        ('since = "nope"', "`since`: git knows no revision `nope`"),
        ('output = "nodir/x.html"', "`output`: "),
        ('format = "plan"', "`format`: a plan is made before anything is written"),
    ],
)
def test_an_error_names_the_key_and_the_line_and_no_option_that_nobody_gave(
    project: Path, kmigrate_run: Kmigrate, lines: str, said: str
) -> None:
    subprocess.run(["git", "init", "--quiet", str(project)], check=True)
    (project / "pyproject.toml").write_text(f"[tool.kmigrate]\n{lines}\n")
    done = kmigrate_run("migrate", ".")
    assert done.code == 2
    assert f"{project / 'pyproject.toml'}:2: {said}" in done.err


def test_an_error_about_a_key_and_an_option_names_both(project: Path, kmigrate_run: Kmigrate) -> None:
    (project / "pyproject.toml").write_text('[tool.kmigrate]\nout = "copy"\n')
    done = kmigrate_run("migrate", ".", "--commit-per-rule")
    assert done.code == 2
    assert "pyproject.toml:2: `out` does not go with --commit-per-rule" in done.err


def test_what_the_command_line_says_wrong_is_not_blamed_on_the_project(project: Path, kmigrate_run: Kmigrate) -> None:
    (project / "pyproject.toml").write_text('[tool.kmigrate]\nto = "2.3.1"\nformat = "text"\n')
    for arguments in (["--to", "7.1"], ["--format", "pdf"]):
        done = kmigrate_run("diff", ".", *arguments)
        assert done.code == 2
        assert "pyproject.toml" not in done.err


def test_the_origin_of_each_value(project: Path, kmigrate_run: Kmigrate) -> None:
    (project / "pyproject.toml").write_text('[tool.kmigrate]\nunsafe = true\n\nselect = ["KM1"]\nto = "2.3.1"\n')
    done = kmigrate_run("config", "show", ".", "--to", "2.2.4", "--no-unsafe")
    assert done.code == 0, done.err
    rows = [line.split("  ") for line in done.text.splitlines()]
    shown = {row[0].partition(" = ")[0]: (row[0].partition(" = ")[2], row[-1].strip()) for row in rows}
    assert list(shown) == list(KEYS)
    assert shown["to"] == ('"2.2.4"', "command line")
    assert shown["unsafe"] == ("false", "command line")
    assert shown["select"] == ('["KM1"]', "pyproject.toml:4")
    assert shown["ignore"] == ("[]", "default")
    assert shown["format"] == ("(none)", "default")


def test_the_rules_commands_know_the_project_too(project: Path, kmigrate_run: Kmigrate) -> None:
    (project / "pyproject.toml").write_text("[tool.kmigrate]\nrules = [3]\n")
    assert kmigrate_run("rules", "list").code == 2
