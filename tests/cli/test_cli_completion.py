"""Completion in a real shell: the script that kmigrate writes for bash, asked as bash asks it."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from cli_project import environment

from kmigrate.keras.signatures import KERAS_2
from kmigrate.ruleset.loader import load_rules

BASH = shutil.which("bash")
IDS = [rule.id for rule in load_rules()]

pytestmark = pytest.mark.skipif(BASH is None, reason="there is no bash here")


@pytest.fixture(scope="module")
def command(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a `kmigrate` in it, as pip makes it."""
    script = tmp_path_factory.mktemp("bin") / "kmigrate"
    script.write_text(f"#!{sys.executable}\nimport sys\nfrom kmigrate.cli import main\nsys.exit(main())\n")
    script.chmod(0o755)
    return script.parent


def completed(command: Path, folder: Path, *words: str) -> list[str]:
    """What bash offers for the last of the words."""
    line = " ".join(f"'{word}'" for word in ("kmigrate", *words))
    program = f"""
        eval "$(_KMIGRATE_COMPLETE=source_bash kmigrate)"
        complete -p kmigrate >/dev/null || exit 1
        COMP_WORDS=({line}); COMP_CWORD={len(words)}
        _kmigrate_completion kmigrate; printf '%s\\n' "${{COMPREPLY[@]}}"
    """
    env = environment(folder)
    env["PATH"] = os.pathsep.join([str(command), env["PATH"]])
    assert BASH is not None
    done = subprocess.run([BASH, "--norc", "-c", program], env=env, cwd=folder, capture_output=True, text=True, check=True)
    assert done.stderr == ""
    return done.stdout.split()


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["mig"], ["migrate"]),
        (["diff", "--select", "KM10"], [id for id in IDS if id.startswith("KM10")]),
        (["migrate", "--ignore", "KM100,KM20"], [f"KM100,{id}" for id in IDS if id.startswith("KM20")]),
        (["rules", "explain", "KM11"], [id for id in IDS if id.startswith("KM11")]),
        (["scan", "--to", "2.2"], [version for version in KERAS_2 if version.startswith("2.2")]),
        (["diff", "--format", "js"], ["json"]),
        (["diff", "--comm"], []),
        (["migrate", "--comm"], ["--commit-per-rule"]),
        (["config", ""], ["show"]),
    ],
)
def test_completion(command: Path, tmp_path: Path, words: list[str], expected: list[str]) -> None:
    assert completed(command, tmp_path, *words) == expected
    assert expected or words[-1] == "--comm"
