"""Which code of a notebook or a document could not be read as Python, although it speaks of Keras?"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from kmigrate.edits import Span
from kmigrate.passes import Pass
from kmigrate.resolve.scopes import ModuleScope
from kmigrate.results import FileResult, Review, State, Use
from kmigrate.rewrite.facts import NO_RULE
from kmigrate.rewrite.names.entries import root_name
from kmigrate.source.notebook.source import NotebookSource
from kmigrate.source.stretches import Unread
from kmigrate.source.text import Source


def with_unread(
    result: FileResult, source: Source, scopes: ModuleScope, done: Pass, unread: Sequence[Unread]
) -> FileResult:
    """The result with a review for each such stretch: nobody is told that all is well while a cell was not looked at."""
    reviews = [*_unread(source, scopes, done, unread), *_installed(source)]
    if not reviews:
        return result
    uses = [Use(one.name, "unread", one.start, one.end, one.position, State.REVIEW, one.rule) for one in reviews]
    return replace(
        result,
        reviews=tuple(sorted((*result.reviews, *reviews), key=lambda one: one.start)),
        uses=tuple(sorted((*result.uses, *uses), key=lambda one: one.start)),
    )


_WORD = re.compile(r"\w+")
_SHOWN = re.compile(r"\s*%%(?:html|latex|markdown|svg|javascript|js)\b")
_INSTALL = re.compile(
    r"^[ \t]*[!%][^\r\n]*\b(?:pip|conda)\b[^\r\n]*\binstall\b[^\r\n]*\bkeras\b(?!-|\s*=+\s*2)[^\r\n]*", re.MULTILINE
)
_TOLD = 3
"""So many of the words that speak of Keras are named."""


def _unread(source: Source, scopes: ModuleScope, done: Pass, unread: Sequence[Unread]) -> Iterator[Review]:
    names = _names(scopes, done) if unread else frozenset()
    for one in unread:
        text = source.text[one.span.start : one.span.end]
        if _SHOWN.match(text):
            continue
        told = [word for word in dict.fromkeys(_WORD.findall(text)) if word in names]
        if told:
            words = ", ".join(f"`{word}`" for word in told[:_TOLD])
            reason = f"{one.reason}. It was not looked at, and speaks of {words}."
            yield _review(source, one.span, one.at, reason, "Make it Python and migrate again, or migrate it by hand.")


def _installed(source: Source) -> Iterator[Review]:
    """Commands that install another Keras than the new text is for."""
    if not isinstance(source, NotebookSource):
        return
    for match in _INSTALL.finditer(source.text):
        reason = f"`{match.group().strip()}` installs a Keras, and not a Keras 2 by its version."
        yield _review(
            source,
            Span(*match.span()),
            match.start(),
            reason,
            "Pin the Keras 2 that you migrate to, such as keras==2.2.4.",
        )


def _review(source: Source, span: Span, at: int, reason: str, recipe: str) -> Review:
    return Review(NO_RULE, "code that is no Python", source.place(at), span.start, span.end, reason, recipe)


def _names(scopes: ModuleScope, done: Pass) -> frozenset[str]:
    """What stands for something of Keras in what was read: imported names, the objects used, and what is made of them."""
    names = {"keras"}
    for found, _ in done.decisions:
        if isinstance(found.node, ast.alias):
            names.add((found.node.asname or found.node.name).partition(".")[0])
            continue
        root = root_name(found.node)
        if root is not None:
            names.add(root.id)
        statement = scopes.statement(found.node)
        if isinstance(statement, ast.Assign):
            names |= {target.id for target in statement.targets if isinstance(target, ast.Name)}
    return frozenset(names)
