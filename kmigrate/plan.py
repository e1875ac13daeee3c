"""What does a plan file say: which changes of which files, in their exact state, are to be made?

`kmigrate diff --output plan.json` writes it, a person approves or edits its entries, `kmigrate apply` does what it says.
"""

from __future__ import annotations

import json
from hashlib import sha256
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

import kmigrate
from kmigrate.config import Settings
from kmigrate.errors import InvalidPlan
from kmigrate.results import ChangeKey, Position


class _Model(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Entry(_Model):
    """One change. `approved` is for people to decide; so is `after`, the text that takes the place of `before`.

    Lines and columns count from 1, offsets from 0, in characters of the decoded text. A change that waits for `--unsafe` is
    not approved; it is made when it is. `id` tells whether the entry was edited.
    """

    approved: bool
    rule: str
    title: str
    line: int
    column: int
    cell: int | None = Field(default=None, description="cell of a notebook; line and column are those of the cell")
    confidence: Literal["safe", "unsafe"]
    reason: str | None
    before: str
    after: str
    start: int
    end: int
    group: str | None = Field(description="changes of one group are made all or none")
    id: str

    @property
    def key(self) -> ChangeKey:
        """What tells the change from all others of the file."""
        return self.rule, self.start, self.end

    @property
    def place(self) -> str:
        """Where people find it in the file."""
        return Position(self.line, self.column, self.cell).shown

    @property
    def edited(self) -> bool:
        """Whether a person wrote another text."""
        return self.id != entry_id(self.key, self.after)


class PlannedFile(_Model):
    """The changes of one file; `sha256` is that of the bytes that they were worked out for."""

    path: str
    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")
    changes: tuple[Entry, ...]

    @field_validator("changes")
    @classmethod
    def _each_once(cls, changes: tuple[Entry, ...]) -> tuple[Entry, ...]:
        """Two entries for one change could say yes and no."""
        seen: set[ChangeKey] = set()
        for entry in changes:
            if entry.key in seen:
                raise ValueError(f"the change of {entry.rule} at {entry.place} is listed twice")
            seen.add(entry.key)
        return changes

    @property
    def approved(self) -> bool:
        """Whether any of its changes is to be made."""
        return any(entry.approved for entry in self.changes)


class Ruled(_Model):
    """The settings that the plan was made with."""

    to: str | None
    select: tuple[str, ...]
    ignore: tuple[str, ...]
    rules: tuple[Path, ...]
    docs: bool
    emit_helpers: bool = False


class Plan(_Model):
    """A plan: its version and that of kmigrate, the settings, the paths that the run was about, and the files."""

    plan: Literal[1] = Field(description="raised when a key changes its meaning or goes")
    kmigrate: str
    how_to: str
    settings: Ruled
    paths: tuple[Path, ...]
    files: tuple[PlannedFile, ...]

    @field_validator("files")
    @classmethod
    def _each_file_once(cls, files: tuple[PlannedFile, ...]) -> tuple[PlannedFile, ...]:
        paths = [file.path for file in files]
        twice = next((path for path in paths if paths.count(path) > 1), None) if len(set(paths)) < len(paths) else None
        if twice is not None:
            raise ValueError(f"`{twice}` is listed twice")
        return files

    @property
    def run_settings(self) -> Settings:
        """Settings under which every change of the plan is possible."""
        ruled = self.settings
        return Settings(ruled.to, True, ruled.select, ruled.ignore, ruled.rules, ruled.docs, emit_helpers=ruled.emit_helpers)


HOW_TO = (
    "Set `approved` to true or false, for entries with the same `group` alike, or edit `after`; then `kmigrate apply FILE` makes "
    "exactly the approved changes, imports adjusted, and refuses files that changed meanwhile."
)


def entry_id(key: ChangeKey, after: str) -> str:
    """What an entry is called as long as nobody edits it."""
    return sha256(json.dumps([*key, after]).encode("ascii")).hexdigest()[:12]


def read_plan(path: Path) -> Plan:
    """The plan in a file. Raises InvalidPlan, which says where it is wrong."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "it is no UTF-8 text"
        raise InvalidPlan(f"the plan cannot be read: {reason.lower()}", where=str(path), hint=_MAKE) from None
    try:
        plan = Plan.model_validate(json.loads(text))
    except json.JSONDecodeError as error:
        what = f"no JSON from line {error.lineno}, column {error.colno}, on"
        raise InvalidPlan(f"this is no plan of kmigrate: {what}", where=str(path), hint=_MAKE) from None
    except ValidationError as error:
        raise _invalid(path, error) from None
    if plan.kmigrate != kmigrate.__version__:
        raise InvalidPlan(
            f"the plan was made by kmigrate {plan.kmigrate}, this is {kmigrate.__version__}",
            where=str(path),
            hint=AGAIN,
        )
    return plan


AGAIN = "make the plan again"

_MAKE = "`kmigrate diff PATH --output plan.json` makes one"


def _invalid(path: Path, error: ValidationError) -> InvalidPlan:
    first = error.errors()[0]
    place = ".".join(str(part) for part in first["loc"])
    message = first["msg"].removeprefix("Value error, ")
    told = message[:1].lower() + message[1:]
    what = f"`{place}`: {told}" if place else told
    return InvalidPlan(f"this is no plan of kmigrate: {what}", where=str(path), hint=_MAKE)
