"""How one use of Keras ends: the closed union of decisions."""

from __future__ import annotations

import ast
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from kmigrate.edits import Confidence, Edit
from kmigrate.helpers.place import Place
from kmigrate.results import Affected
from kmigrate.ruleset.schema import Rule
from kmigrate.source.suppressions import Ignore


@dataclass(frozen=True, slots=True)
class Text:
    """Text that needs Keras 2 names: `build` gets how each of `targets` is spelled in the file."""

    targets: tuple[str, ...]
    build: Callable[[dict[str, str]], list[Edit]]


@dataclass(frozen=True, slots=True)
class Told:
    """What a rule tells of a use: which numbers differ, on which versions (a specifier; None for all)."""

    rule: str
    text: str
    affects: tuple[Affected, ...] = ("start",)
    versions: str | None = None


@dataclass(frozen=True, slots=True)
class Changed:
    """The use is rewritten by `rule`.

    target: the Keras 2 path the use is to be called by, None to leave its name alone.
    text: a deferred rewrite of the whole use (a template); the old name goes with it, unless the text stands `beside` it.
    needs: further Keras 2 names that the edits use by their last part.
    touched: further statements that the edits change; notes: what is told of this use besides.
    helped: the helper layer that takes the place of a Keras 1 one, for those who ask for it.
    parts: the calls that must be rewritten with this one, or not at all.
    """

    rule: Rule
    edits: tuple[Edit, ...] = ()
    target: str | None = None
    text: Text | None = None
    needs: tuple[str, ...] = ()
    confidence: Confidence = Confidence.SAFE
    reason: str | None = None
    touched: tuple[ast.stmt, ...] = ()
    notes: tuple[Told, ...] = ()
    helped: Helped | None = None
    parts: frozenset[ast.Call] = frozenset()
    beside: bool = False


@dataclass(frozen=True, slots=True)
class Already:
    """The use speaks Keras 2; `notes` tell why it is taken to."""

    notes: tuple[Told, ...] = ()


@dataclass(frozen=True, slots=True)
class Same:
    """The use means the same in both, but for what `notes` tell."""

    notes: tuple[Told, ...] = ()


@dataclass(frozen=True, slots=True)
class ForReview:
    """A person must decide."""

    rule: str
    reason: str
    recipe: str | None = None
    unsafe: bool = False


@dataclass(frozen=True, slots=True)
class Helped:
    """A helper layer, the module that holds it, and the review for those who did not ask for it."""

    layer: str
    place: Place
    review: ForReview


@dataclass(frozen=True, slots=True)
class Ignored:
    """A person wants the use to stay as it is: by a comment in the text, or by refusing the change."""

    rule: str
    ignore: Ignore | None = None


@dataclass(frozen=True, slots=True)
class Unaccounted:
    """No rule treats the use, and Keras 2 differs."""

    reason: str


Decision: TypeAlias = Changed | Already | Same | ForReview | Ignored | Unaccounted
