"""What came of a file: every use of Keras with the state it ended in, the edits, the reviews, and the new text."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from enum import Enum
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, TypeAlias

from kmigrate.edits import Confidence, Replacement, Span

if TYPE_CHECKING:
    from kmigrate.source.text import Source


class Outcome(str, Enum):
    """How a file ended."""

    CHANGED = "changed"
    CREATED = "created"
    CLEAN = "clean"
    NOT_KERAS = "not keras"
    IGNORED = "ignored"
    FAILED = "failed"


class State(str, Enum):
    """How one use of Keras ended. `UNACCOUNTED` means that kmigrate has a gap; it is reported, never hidden."""

    CHANGED = "changed"
    ALREADY = "already Keras 2"
    SAME = "same in both"
    REVIEW = "review"
    IGNORED = "ignored"
    UNACCOUNTED = "unaccounted"


class Position(NamedTuple):
    """A place in a file: `line` from 1, `column` from 1, in characters; in a notebook, those of the cell (from 1)."""

    line: int
    column: int
    cell: int | None = None

    @property
    def shown(self) -> str:
        """`line 5`; in a notebook `cell 1, line 5`."""
        return f"line {self.line}" if self.cell is None else f"cell {self.cell}, line {self.line}"


class Use(NamedTuple):
    """One use of Keras: what it resolves to, where it stands and how it ended.

    `name` is the documented Keras 1 name (`keras.layers.Convolution2D`, `keras.models.Model.fit`), `kind` one of
    import, call, method, attribute, reference, subclass, definition, string.
    """

    name: str
    kind: str
    start: int
    end: int
    position: Position
    state: State
    rule: str | None = None


Affected: TypeAlias = Literal["start", "training", "loss", "batches"]
"""What of a model differs: its weights at the start, what comes of a training, the loss, which batches a generator gives."""

ChangeKey: TypeAlias = "tuple[str, int, int]"
"""What tells a change from all others of its file: the rule, and the offsets where the use stood."""


class Change(NamedTuple):
    """One use that was rewritten: what a reviewer wants to know about it."""

    rule: str
    title: str
    name: str
    position: Position
    start: int
    end: int
    confidence: Confidence
    reason: str | None = None
    parts: tuple[Span, ...] = ()
    """The calls that are rewritten with this one, or not at all."""

    @property
    def key(self) -> ChangeKey:
        """What tells it from all others of the file."""
        return self.rule, self.start, self.end

    @property
    def span(self) -> Span:
        """Where the use stood in the old text."""
        return Span(self.start, self.end)


@dataclass(frozen=True, slots=True)
class Review:
    """One use that is left to a person: why, and what to do."""

    rule: str
    name: str
    position: Position
    start: int
    end: int
    reason: str
    recipe: str | None = None
    unsafe: bool = False
    """True where an automatic change exists but waits for `--unsafe`."""
    rewritten: tuple[Span, str] | None = None
    """Where `kmigrate.waiting` worked the waiting change out: the stretch of the old text, and its new text."""

    @property
    def key(self) -> ChangeKey:
        """What tells it, and the change that waits, from all others of the file."""
        return self.rule, self.start, self.end


@dataclass(frozen=True, slots=True)
class Note:
    """What a reader should know about calls of a file, told once per file; `places` are the calls that it is about.

    affects: which numbers of a model differ; versions: on which versions, a specifier (None: on all).
    """

    rule: str
    text: str
    places: tuple[Position, ...] = ()
    affects: tuple[Affected, ...] = ()
    versions: str | None = None


@dataclass(frozen=True, slots=True)
class UnusedIgnore:
    """An ignore comment, or ids of one, that nothing in the file needs (any more)."""

    position: Position
    start: int
    text: str
    ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a file could not be migrated."""

    reason: str
    position: Position | None = None
    hint: str | None = None


@dataclass(frozen=True, slots=True)
class Needed:
    """The module of helper layers that a file imports, the layers that it uses, and those that are there by now.

    `held` is None where no such file is there.
    """

    path: str
    layers: frozenset[str]
    held: frozenset[str] | None


@dataclass(frozen=True)
class FileResult:
    """The result for one file; `after` equals `before` unless `outcome` is CHANGED.

    A file that a run adds is CREATED, with an empty `before`.
    """

    path: str | None
    outcome: Outcome
    before: str = ""
    after: str = ""
    source: Source | None = None
    replacements: tuple[Replacement, ...] = ()
    changes: tuple[Change, ...] = ()
    reviews: tuple[Review, ...] = ()
    notes: tuple[Note, ...] = ()
    uses: tuple[Use, ...] = ()
    failure: Failure | None = None
    unused_ignores: tuple[UnusedIgnore, ...] = ()
    needed: Needed | None = None

    @property
    def states(self) -> Counter[State]:
        """How many uses ended in each state."""
        return Counter(use.state for use in self.uses)

    @property
    def accounted(self) -> tuple[int, int]:
        """(uses accounted for, all uses)."""
        return len(self.uses) - self.states[State.UNACCOUNTED], len(self.uses)

    @cached_property
    def imports(self) -> frozenset[tuple[int, int]]:
        """Where the names stand that are imported from Keras."""
        return frozenset((use.start, use.end) for use in self.uses if use.kind == "import")

    @cached_property
    def told_changes(self) -> tuple[Change, ...]:
        """The changes that a person can see and decide about, see `kmigrate.telling`."""
        from kmigrate.telling import told_changes

        return tuple(told_changes(self))

    def rewritten(self, change: Change) -> tuple[Span, str]:
        """The stretch of the old text that a change is about, and its new text, see `kmigrate.telling`."""
        from kmigrate.telling import rewritten

        return rewritten(self, change)

    def to_bytes(self) -> bytes:
        """The new content in the file's own encoding, BOM and line ends; ValueError for text without a source."""
        if self.source is None:
            raise ValueError("this result was not made from a source")
        return self.source.encode(self.after)

    def change_set(self, project: Any) -> Any:
        """The change as a rope `ChangeSet` for `project` (a `rope.base.project.Project`), exact to the byte.

        Raises ValueError when the result has no path, or the path lies outside the project.
        """
        from kmigrate.rope_changes import change_set

        return change_set(self, project)
