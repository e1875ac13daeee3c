"""How far a run is, on a terminal that can take a line back, and on one that cannot."""

from pathlib import Path

import pytest
from cli_project import COMMAND, KERAS_1, environment

pexpect = pytest.importorskip("pexpect", reason="there are no pseudo terminals here")


@pytest.mark.parametrize("command", ["scan", "diff", "batch"])
@pytest.mark.parametrize(("term", "clears"), [("dumb", False), ("xterm", True)])
def test_a_terminal_without_control_sequences_gets_none(
    project: Path, tmp_path: Path, command: str, term: str, clears: bool
) -> None:
    (project / "repository").mkdir()
    (project / "repository" / "net.py").write_text(KERAS_1)
    child = pexpect.spawn(
        COMMAND[0], [*COMMAND[1:], command, "."], cwd=str(project), env=environment(tmp_path / "state", {"TERM": term}),
        timeout=120, encoding="utf-8",
    )  # fmt: skip
    child.expect(pexpect.EOF)
    child.close()
    assert child.exitstatus == 1
    assert ("\x1b[K" in child.before) is clears
    if not clears:
        assert "\x1b" not in child.before
