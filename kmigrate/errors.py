"""What can go wrong, in words a user can act on: one base error, each with a title, a detail, a hint and an exit code."""

from __future__ import annotations

from kmigrate.exits import Exit


class KmigrateError(Exception):
    """An error that is told to the user in one line, without a traceback.

    `title` says what happened, `where` is `file` or `file:line`, `hint` says what to do next.
    """

    exit: Exit = Exit.USAGE

    def __init__(self, title: str, *, where: str | None = None, hint: str | None = None) -> None:
        super().__init__(title)
        self.title = title
        self.where = where
        self.hint = hint

    def __str__(self) -> str:
        place = f"{self.where}: " if self.where else ""
        advice = f" ({self.hint})" if self.hint else ""
        return f"{place}{self.title}{advice}"


class PathNotFound(KmigrateError):
    """A path on the command line does not exist."""


class NothingToRead(KmigrateError):
    """A path on the command line holds no Python source."""


class InvalidSetting(KmigrateError):
    """An option or a key in the configuration has a value that is not allowed."""


class InvalidPlan(KmigrateError):
    """A plan file that is none, that another kmigrate made, or that is about other files."""


class InvalidRule(KmigrateError):
    """A rule file breaks the rule language, or says something that is not true of Keras."""


class UnknownRule(KmigrateError):
    """A rule id that no loaded rule has."""


class UnknownVersion(KmigrateError, ValueError):
    """A Keras version that kmigrate knows nothing about."""


class OverlappingEdits(KmigrateError):
    """Two edits want to change the same text in different ways; found before anything is written."""

    exit = Exit.FAILED


class WriteRefused(KmigrateError):
    """A file could not be written, or changed since it was read; it stays as it was."""

    exit = Exit.FAILED


class GitFailed(KmigrateError):
    """Git is needed and cannot answer: it is not installed, refuses the work tree, or could not commit."""


class WorkersLost(KmigrateError):
    """The workers of a run are gone before the work was done; what was finished is kept."""

    exit = Exit.FAILED


class NothingToUndo(KmigrateError):
    """There is no recorded run to undo, or the run named is not recorded."""
