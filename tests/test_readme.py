"""Is what the README says true: do its commands run, is its diff real, are its tables those of the program?"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from kmigrate.exits import MEANING

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
COMMANDS = re.findall(r"<!-- run: exit (\d) -->\n```sh\n(.*?)```", README, re.DOTALL)
PROGRAMS = re.findall(r"<!-- run: python -->\n```python\n(.*?)```", README, re.DOTALL)
PICTURES = re.findall(r"<!-- shows: (.*?) -->\n((?:```diff\n.*?```\n)+)", README, re.DOTALL)


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A folder with the samples, as in a clone."""
    shutil.copytree(ROOT / "samples", tmp_path / "samples", ignore=shutil.ignore_patterns("__pycache__"))
    return tmp_path


def run(line: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """A command line of the README; `kmigrate` is the one under test."""
    name, *arguments = line.split()
    assert name == "kmigrate"
    path = os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH")]))
    environment = {
        **os.environ,
        "PYTHONPATH": path,
        "NO_COLOR": "1",
        "COLUMNS": "120",
        "XDG_STATE_HOME": str(folder / "state"),
    }
    return subprocess.run(
        [sys.executable, "-m", "kmigrate", *arguments], cwd=folder, env=environment, capture_output=True, text=True,
        encoding="utf-8", check=False,
    )  # fmt: skip


def test_something_is_marked() -> None:
    assert len(COMMANDS) >= 3
    assert PROGRAMS
    assert PICTURES


@pytest.mark.parametrize(("code", "block"), COMMANDS, ids=[block.splitlines()[-1] for _, block in COMMANDS])
def test_commands_run(code: str, block: str, checkout: Path) -> None:
    *before, last = [run(line, checkout) for line in block.splitlines()]
    assert [done.returncode for done in before] == [0] * len(before)
    assert last.returncode == int(code), last.stderr
    assert last.stderr == ""


@pytest.mark.parametrize("program", PROGRAMS)
def test_programs_run(program: str) -> None:
    exec(compile(program, "README.md", "exec"), {})


@pytest.mark.parametrize(("command", "blocks"), PICTURES, ids=[command for command, _ in PICTURES])
def test_pictures_are_real(command: str, blocks: str, checkout: Path) -> None:
    shown = run(command, checkout).stdout
    for block in re.findall(r"```diff\n(.*?)```", blocks, re.DOTALL):
        assert block in shown


def test_the_copy_of_the_recipe_is_the_checked_in_result(checkout: Path) -> None:
    run("kmigrate migrate samples --out samples-keras2", checkout)
    expected = ROOT / "tests" / "samples"
    for path in expected.rglob("*.py"):
        assert (checkout / "samples-keras2" / path.relative_to(expected)).read_bytes() == path.read_bytes()


def test_the_exit_codes_are_those_of_the_program() -> None:
    rows = dict(re.findall(r"^\| (\d+) \| (.*) \|$", README, re.MULTILINE))
    assert rows == {str(int(code)): meaning for code, meaning in MEANING.items()}


@pytest.mark.parametrize("target", sorted(set(re.findall(r"\]\(([^)#:]+)\)", README))))
def test_links_lead_somewhere(target: str) -> None:
    assert (ROOT / target).exists()


@pytest.mark.parametrize("target", sorted(set(re.findall(r"make ([a-z]+)", README))))
def test_make_has_the_targets(target: str) -> None:
    assert re.search(rf"^{target}:", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
