"""A git repository for tests: made by git itself, with an author, and without the user's own configuration."""

import os
import subprocess
from pathlib import Path


class Repository:
    """A work tree at `top`."""

    def __init__(self, top: Path) -> None:
        self.top = top
        top.mkdir(parents=True, exist_ok=True)
        self.git("init", "--quiet", "--initial-branch=main")
        for key, value in (("user.name", "Ada"), ("user.email", "ada@example.org"), ("commit.gpgsign", "false")):
            self.git("config", key, value)

    def git(self, *arguments: str) -> str:
        """What git prints."""
        env = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
        done = subprocess.run(
            ["git", *arguments], cwd=self.top, env={**env, "LC_ALL": "C"}, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def commit(self, message: str = "work", **files: str) -> None:
        """Write `name.py` for each keyword and commit everything."""
        for name, text in files.items():
            (self.top / f"{name}.py").write_text(text)
        self.git("add", "--all")
        self.git("commit", "--quiet", "--message", message)

    @property
    def status(self) -> str:
        """What is not committed; empty for a clean tree."""
        return self.git("status", "--porcelain", "--untracked-files=all")

    @property
    def subjects(self) -> list[str]:
        """The first lines of the commit messages, the oldest first."""
        return self.git("log", "--reverse", "--format=%s").splitlines()
