"""A terminal of 40 columns: what a row or a line of help is about can be read, whatever else there is to say of it."""

import re
from pathlib import Path

import pytest
from cli_project import BROKEN, BY_HAND, KERAS_1, Kmigrate

NAMES = ("nets/of/many/layers/classifier.py", "nets/of/many/layers/by_hand.py", "broken.py")


@pytest.fixture
def deep(project: Path) -> Path:
    for name, text in zip(NAMES, (KERAS_1, BY_HAND, BROKEN), strict=True):
        (project / name).parent.mkdir(parents=True, exist_ok=True)
        (project / name).write_text(text)
    return project


@pytest.mark.parametrize("command", ["scan", "diff", "migrate"])
def test_the_names_of_files_are_whole_in_40_columns(deep: Path, kmigrate_run: Kmigrate, command: str) -> None:
    lines = kmigrate_run(command, ".", env={"COLUMNS": "40"}).text.splitlines()
    for name in NAMES[:2] if command == "scan" else NAMES:
        figures = lines[lines.index(name) + 1]
        assert re.fullmatch(r"  (\S.* \d+|failed)", figures), figures
        assert len(figures) <= 40


def test_the_names_of_repositories_are_whole_in_40_columns(deep: Path, kmigrate_run: Kmigrate) -> None:
    (deep / "a_repository_with_a_long_name").mkdir()
    (deep / "a_repository_with_a_long_name" / "net.py").write_text(KERAS_1)
    lines = kmigrate_run("batch", ".", env={"COLUMNS": "40"}).text.splitlines()
    assert lines[lines.index("a_repository_with_a_long_name") + 1] == "  changed, files 1, uses 1"
    assert max(map(len, lines[: lines.index("")])) <= 40


@pytest.mark.parametrize("command", ["diff", "migrate", "batch", "verify"])
@pytest.mark.parametrize("columns", [40, 60, 79])
def test_the_names_of_options_are_whole_in_a_narrow_help(kmigrate_run: Kmigrate, command: str, columns: int) -> None:
    said = kmigrate_run(command, "--help", env={"COLUMNS": str(columns)}).text
    assert "…" not in said
    assert "--emit-helpers / --no-emit-helpers" in said
    assert said.index("--emit-helpers") < said.index("Exit codes:")
    assert max(len(line) for line in said.splitlines() if not line.startswith("  --")) <= columns


def test_a_help_of_80_columns_has_tables(kmigrate_run: Kmigrate) -> None:
    said = kmigrate_run("diff", "--help").text
    assert "╭─ Options ─" in said
    assert said.index("╭─ Options ─") < said.index("\n Exit codes:\n     0  ")
