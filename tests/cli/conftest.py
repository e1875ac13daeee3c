"""A project to migrate, and the command line in a process of its own."""

from pathlib import Path

import pytest
from cli_project import KERAS_1, Done, Kmigrate, environment, run_kmigrate


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """The working directory of the run, with a file to change and two without Keras."""
    folder = tmp_path / "project"
    folder.mkdir()
    (folder / "setup.py").write_text("import setuptools\n")
    (folder / "model.py").write_text(KERAS_1)
    (folder / "plain.py").write_text("import os\n")
    return folder


@pytest.fixture
def kmigrate_run(project: Path, tmp_path: Path) -> Kmigrate:
    """Runs `python -m kmigrate` in the project."""

    def run(*arguments: str | Path, stdin: bytes = b"", env: dict[str, str] | None = None) -> Done:
        return run_kmigrate(arguments, stdin, project, environment(tmp_path / "state", env))

    return run
