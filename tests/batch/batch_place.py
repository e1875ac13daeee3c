"""Where the tests of batches work: repositories to migrate, and the command line in a process of its own."""

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import kmigrate

KERAS_1 = "from keras.layers import Dense\n\nlayer = Dense(output_dim={})\n"
BY_HAND = "from keras.layers import MaxoutDense\n\nlayer = MaxoutDense(3)\n"
BROKEN = "import keras\nprint(\n"
COMMAND = (sys.executable, "-W", "error", "-m", "kmigrate", "batch")


@dataclass(frozen=True)
class Done:
    """What a run left behind."""

    code: int
    out: str
    err: str


@dataclass(frozen=True)
class Place:
    """A folder to work in: repositories, and the state of batches."""

    folder: Path

    @property
    def environment(self) -> dict[str, str]:
        path = str(Path(kmigrate.__file__).parent.parent)
        more = {
            "XDG_STATE_HOME": str(self.folder / "state"), "XDG_CACHE_HOME": str(self.folder / "cache"),
            "PYTHONPATH": os.pathsep.join(filter(None, [path, os.environ.get("PYTHONPATH")])), "COLUMNS": "80",
            "GIT_CONFIG_GLOBAL": os.devnull, "GIT_AUTHOR_NAME": "A", "GIT_AUTHOR_EMAIL": "a@example.org",
            "GIT_COMMITTER_NAME": "A", "GIT_COMMITTER_EMAIL": "a@example.org",
        }  # fmt: skip
        return os.environ | more

    def batch(self, *arguments: str | Path) -> Done:
        """Run `kmigrate batch` with two processes."""
        command = [*COMMAND, *map(str, arguments), "--jobs", "2"]
        done = subprocess.run(command, capture_output=True, text=True, cwd=self.folder, env=self.environment, timeout=300)
        return Done(done.returncode, done.stdout, done.stderr)

    def start(self, *arguments: str | Path) -> "subprocess.Popen[str]":
        """Begin `kmigrate batch`; its progress can be read from `stderr`."""
        command = [*COMMAND, *map(str, arguments), "--jobs", "2"]
        return subprocess.Popen(
            command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, cwd=self.folder, env=self.environment
        )

    def git(self, repository: str, *arguments: str) -> str:
        command = ["git", "-C", str(self.folder / "repositories" / repository), *arguments]
        return subprocess.run(command, check=True, capture_output=True, text=True, env=self.environment).stdout

    def commit(self, repository: str) -> None:
        """Make it a repository of git, with all its files in one commit."""
        self.git(repository, "init", "--quiet", "--initial-branch", "main")
        self.git(repository, "add", ".")
        self.git(repository, "commit", "--quiet", "--message", "all")

    def write(self, name: str, text: str) -> None:
        path = self.folder / "repositories" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)

    def texts(self) -> dict[str, str]:
        """All files of the repositories, those of git left out."""
        top = self.folder / "repositories"
        return {
            path.relative_to(top).as_posix(): path.read_text()
            for path in sorted(top.rglob("*")) if path.is_file() and ".git" not in path.parts
        }  # fmt: skip
