"""Does every example of every rule hold, in every form of it?"""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest
from rule_binding import misfits
from rule_cases import Case, cases
from rule_variants import Variant, variants

from kmigrate.config import Settings
from kmigrate.keras.signatures import knowledge
from kmigrate.keras.versions import resolve_targets
from kmigrate.results import FileResult
from kmigrate.source.text import Source


def _parameters() -> Iterator[Any]:
    for case in cases():
        texts = [case.text] if case.expected is None else [case.text, case.expected]
        for variant in variants(*texts):
            yield pytest.param(case, variant, id=f"{case.name}/{variant.name}")


@pytest.mark.parametrize(("case", "variant"), list(_parameters()))
def test_example(case: Case, variant: Variant) -> None:
    text = variant.change(case.text)
    result = migrated(case, text)

    if case.example.review is not None:
        is_reviewed(case, result)
    else:
        assert case.expected is not None
        same(result.after, variant.change(case.expected))
    if case.example.unchanged is not None:
        assert [review for review in result.reviews if review.rule == case.rule] == []

    if case.example.tells is not None:
        is_told(case, result)

    compiles(text, result.after)
    nothing_is_left(case, result.after)
    if case.example.before is not None:
        binds(case, result.after)


@pytest.mark.parametrize("case", [pytest.param(case, id=case.name) for case in cases() if case.example.unsafe])
def test_an_unsafe_change_waits(case: Case) -> None:
    result = migrated(case, case.text, unsafe=False)

    assert not any(case.rule in replacement.rules for replacement in result.replacements)
    if case.example.before is not None:
        assert any(review.rule == case.rule and review.unsafe for review in result.reviews)


def migrated(case: Case, text: str, *, unsafe: bool | None = None) -> FileResult:
    engine = _engine(Settings(to=case.example.to, unsafe=case.example.unsafe if unsafe is None else unsafe))
    result: FileResult = engine.migrate(Source("example.py", text))
    assert result.failure is None
    return result


@cache
def _engine(settings: Settings) -> Any:
    from kmigrate.engine import Engine

    return Engine(None, settings)


def same(text: str, expected: str) -> None:
    if text != expected:
        lines = difflib.ndiff(expected.splitlines(keepends=True), text.splitlines(keepends=True))
        pytest.fail("the text differs from the expected one (-):\n" + "".join(lines), pytrace=False)


def is_reviewed(case: Case, result: FileResult) -> None:
    ours = [review for review in result.reviews if review.rule == case.rule]
    assert ours, f"no review of {case.rule}; there are {result.reviews}"
    if case.example.says is not None:
        told = [" ".join(f"{review.reason} {review.recipe or ''}".split()) for review in ours]
        assert any(case.example.says in text for text in told), f"{case.example.says!r} is in none of {told}"
    for review in ours:
        for replacement in result.replacements:
            apart = replacement.end <= review.start or review.end <= replacement.start
            assert apart or case.rule not in replacement.rules, f"{case.rule} changes what it leaves to a person"


def is_told(case: Case, result: FileResult) -> None:
    told = [" ".join(note.text.split()) for note in result.notes if note.rule == case.rule]
    assert case.example.tells is not None
    assert any(case.example.tells in text for text in told), f"{case.example.tells!r} is in none of {told}"


def compiles(before: str, after: str) -> None:
    """A program of Python 2 cannot be compiled before, and need not be after."""
    try:
        compile(before, "before.py", "exec", dont_inherit=True)
    except SyntaxError:
        return
    compile(after, "after.py", "exec", dont_inherit=True)


def nothing_is_left(case: Case, text: str) -> None:
    again = migrated(case, text)
    same(again.after, text)
    assert again.changes == ()


def binds(case: Case, text: str) -> None:
    try:
        compile(text, "after.py", "exec", dont_inherit=True)
    except SyntaxError:
        return
    reviews = tuple((review.start, review.end) for review in migrated(case, text).reviews)
    for version in resolve_targets(case.example.to):
        assert misfits(text, knowledge(version), reviews) == []
