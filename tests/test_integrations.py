"""The pre-commit hooks and the GitHub Action: are their commands right, run as pre-commit and the runner run them?"""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from git_repository import Repository

ROOT = Path(__file__).parents[1]
HOOKS = {hook["id"]: hook for hook in yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text())}
ACTION = yaml.safe_load((ROOT / "action.yml").read_text())
BASH = shutil.which("bash")
KERAS_1 = "from keras.layers import Dense\n\nlayer = Dense(output_dim=3)\n"
KERAS_2 = "from keras.layers import Dense\n\nlayer = Dense(units=3)\n"


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    made = Repository(tmp_path / "repository")
    made.commit("first", plain="import os\n")
    (made.top / "net.py").write_text(KERAS_1)
    made.git("add", "net.py")
    return made


@pytest.fixture
def env(tmp_path: Path) -> dict[str, str]:
    """The environment of a step, with a `kmigrate` on the path as pip makes it."""
    script = tmp_path / "bin" / "kmigrate"
    script.parent.mkdir()
    script.write_text(f"#!{sys.executable}\nimport sys\nfrom kmigrate.cli import main\nsys.exit(main())\n")
    script.chmod(0o755)
    places = {"GITHUB_OUTPUT": str(tmp_path / "output"), "GITHUB_STEP_SUMMARY": str(tmp_path / "summary.md")}
    path = os.pathsep.join([str(script.parent), os.environ["PATH"]])
    return {**os.environ, **places, "PATH": path, "PYTHONPATH": str(ROOT), "XDG_STATE_HOME": str(tmp_path / "state")}


def hook(id: str, repository: Repository, env: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """Run a hook on the staged files."""
    staged = repository.git("diff", "--name-only", "--cached").split()
    command = [*shlex.split(HOOKS[id]["entry"]), *staged]
    return subprocess.run(command, cwd=repository.top, env=env, capture_output=True, text=True, check=False)


def test_the_checking_hook_fails_and_writes_nothing(repository: Repository, env: dict[str, str]) -> None:
    done = hook("kmigrate-check", repository, env)
    assert done.returncode == 1
    assert "+layer = Dense(units=3)" in done.stdout
    assert (repository.top / "net.py").read_text() == KERAS_1


def test_the_migrating_hook_writes_and_then_has_nothing_to_do(repository: Repository, env: dict[str, str]) -> None:
    hook("kmigrate", repository, env)
    assert (repository.top / "net.py").read_text() == KERAS_2
    repository.git("add", "net.py")
    before = repository.status
    assert hook("kmigrate", repository, env).returncode == 0
    assert hook("kmigrate-check", repository, env).returncode == 0
    assert repository.status == before


def test_what_is_left_by_hand_stops_no_commit(repository: Repository, env: dict[str, str]) -> None:
    left = "from keras.layers import MaxoutDense\n\nlayer = MaxoutDense(4)\n"
    (repository.top / "net.py").write_text(left)
    repository.git("add", "net.py")
    done = hook("kmigrate", repository, env)
    assert done.returncode == 0
    assert "KM133" in done.stdout
    assert (repository.top / "net.py").read_text() == left


def test_hooks_take_python_and_notebooks_only() -> None:
    assert set(HOOKS) == {"kmigrate-check", "kmigrate"}
    for made in HOOKS.values():
        assert made["types_or"] == ["python", "jupyter"]
        assert made["language"] == "python"


def step(repository: Repository, env: dict[str, str], **inputs: str) -> subprocess.CompletedProcess[str]:
    """Run the step of the action that checks, with the inputs in the places of its expressions."""
    check = next(step for step in ACTION["runs"]["steps"] if step.get("id") == "check")
    given = {**{name: made["default"] for name, made in ACTION["inputs"].items()}, **inputs}
    values = {name: re.sub(r"\$\{\{ inputs\.(\w+) \}\}", lambda found: given[found[1]], text)
              for name, text in check["env"].items()}  # fmt: skip
    assert BASH is not None
    command = [BASH, "--noprofile", "--norc", "-eo", "pipefail", "-c", check["run"]]
    return subprocess.run(
        command, cwd=repository.top, env={**env, **values}, capture_output=True, text=True, check=False
    )


@pytest.mark.skipif(BASH is None, reason="there is no bash here")
@pytest.mark.parametrize(
    ("inputs", "code", "annotated"),
    [
        ({}, 1, True),
        ({"paths": "plain.py"}, 0, False),
        ({"fail": "false"}, 0, True),
        ({"arguments": "--ignore KM100"}, 1, False),
        ({"arguments": "--since HEAD", "paths": ". plain.py"}, 1, True),
        ({"paths": "nowhere", "fail": "false"}, 2, False),
    ],
)
def test_the_action(
    repository: Repository, env: dict[str, str], inputs: dict[str, str], code: int, annotated: bool
) -> None:
    done = step(repository, env, **inputs)
    assert done.returncode == code, done.stderr
    assert ("::warning file=net.py,title=kmigrate KM100,line=3,col=9::" in done.stdout) is annotated, done.stdout
    assert f"exit-code={1 if inputs.get('fail') and code == 0 else code}\n" in Path(env["GITHUB_OUTPUT"]).read_text()
    if code < 2:
        assert Path(env["GITHUB_STEP_SUMMARY"]).read_text()


def test_every_input_is_used_and_passed_by_environment() -> None:
    steps: list[dict[str, Any]] = ACTION["runs"]["steps"]
    used = {name for step in steps for text in step.get("env", {}).values() for name in re.findall(r"inputs\.(\w+)", text)}
    assert used == set(ACTION["inputs"])
    assert not any("${{" in step["run"] for step in steps), "an input in a script would run as code"
    assert all(step["shell"] == "bash" for step in steps)
