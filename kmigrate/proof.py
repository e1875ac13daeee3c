"""Why a result must not be written, if so: it compiles, its names are bound, a second run changes nothing.

That the rewritten calls fit Keras 2 was checked when they were written (`verify.binding`).
"""

from __future__ import annotations

import ast
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from kmigrate.edits import Replacement, Span
from kmigrate.overrides import NOTHING, Overrides
from kmigrate.passes import Pass, one_pass
from kmigrate.resolve.evaluate import Evaluator
from kmigrate.resolve.scopes import ModuleScope
from kmigrate.resolve.world import World
from kmigrate.results import FileResult
from kmigrate.rewrite.decision import Changed, ForReview, Unaccounted
from kmigrate.rewrite.dialect import Verdict
from kmigrate.ruling import Ruling
from kmigrate.source.module import Module
from kmigrate.source.parsing import parsed
from kmigrate.source.python2 import refused as refused_by_python2
from kmigrate.source.reparsing import reparsed
from kmigrate.source.stretches import Read
from kmigrate.source.suppressions import Ignores, ignores
from kmigrate.source.text import Source, declared_encoding
from kmigrate.verify.names import less_sure, unbound


def disproof(ruling: Ruling, before: Module, scopes: ModuleScope, world: World, result: FileResult,
    wanted: Overrides = NOTHING, *, verdict: Verdict | None = None,
) -> str | None:  # fmt: skip
    """The first thing that is wrong with the new text; None if it is proven.

    The second run looks at the lines that changed: what stands elsewhere was decided to stay. What a
    person refused is to stay in the second run too, and what a person wrote is to be Keras 2. What the first run took
    for a file of Keras 2, by its `verdict`, so would a second one, for what changes becomes no more like Keras 1.
    """
    try:
        after = replace(before.source, text=result.after)
        after.encode(result.after)
        comments = ignores(after)
        new, numbered = _read(before, world, after, result, comments)
    except SyntaxError as error:
        return f"line {error.lineno} would not compile: {error.msg}"
    except UnicodeEncodeError as error:
        return f"the new text can't be written as {before.source.encoding}: {error.reason}"
    if new.python2:
        if not world.read(before.source).python2:
            return "the result would be Python 2, the source is not"
        legacy = _not_python2(new.tree, after)
        legacy = legacy - _not_python2(before.tree, before.source) if legacy else legacy
        if legacy:
            return f"the result would not be Python 2: {sorted(legacy)[0]}"
    again = world.reopen(after, new.tree)
    missing = unbound(again)
    missing = missing - unbound(scopes) if missing else missing
    if missing:
        return f"the name `{sorted(missing)[0]}` would not be bound"
    doubtful = less_sure(scopes, again)
    if doubtful is not None:
        return f"the name `{doubtful}` would not be bound in every branch"
    module = Module(numbered, new.tree)
    verdict = verdict if verdict != "keras1" else None  # what was one of Keras 1 may be one of Keras 2 now
    by_hand = _by_hand(wanted, result.replacements) if wanted.texts else []
    if by_hand:
        done = _pass(ruling, module, again, world, _lines(numbered, by_hand), Overrides(comments), verdict)
        complaint = _complaint(module, after, done, by_hand)
        if complaint is not None:
            return complaint
    lines = _lines(numbered, [span for _, span in _new_spans(result.replacements)])
    refused = Overrides(comments, names=wanted.names)
    second = _pass(ruling, module, again, world, lines, refused, verdict).applied(result.after)
    again.release()
    if second != result.after:
        return f"a second run would change it again ({_first_difference(result.after, second)})"
    return None


def _pass(
    ruling: Ruling, module: Module, scopes: ModuleScope, world: World, lines: frozenset[int], wanted: Overrides,
    verdict: Verdict | None,
) -> Pass:  # fmt: skip
    """A pass over some lines of the new text, with an evaluator of its own, as nobody else sees that text."""
    evaluator = Evaluator(world)
    done = one_pass(ruling, module, scopes, evaluator, lines, wanted, verdict=verdict)
    evaluator.release()
    return done


def _complaint(module: Module, after: Source, done: Pass, by_hand: Sequence[Span]) -> str | None:
    """What is wrong with a use of Keras in the texts that a person wrote."""
    for found, decision in done.decisions:
        span = found.span(module)
        if not any(text.contains(span) for text in by_hand):
            continue
        place = f"line {after.position(span.start).line}, as it was written by hand"
        match decision:
            case Changed(rule=rule):
                return f"{place}, is still Keras 1: {rule.title}"
            case ForReview(reason=reason) | Unaccounted(reason=reason):
                return f"{place}: {reason}"
            case _:
                pass
    return None


def _read(before: Module, world: World, after: Source, result: FileResult, comments: Ignores) -> tuple[Read, Source]:
    """The new text as it is read; like `parsed`, but no more of it is parsed than changed where that can be.

    With the source by whose lines the nodes tell where they stand. Raises SyntaxError.
    """
    if type(after) is Source and not comments and not world.read(before.source).python2:
        found = reparsed(before.tree, before.source, after, result.replacements)
        if found is not None:
            return Read(found.tree, False, ()), found.source
    return parsed(after), after


def _not_python2(tree: ast.Module, source: Source) -> frozenset[str]:
    """What the text holds that Python 2.7 has no grammar for."""
    plain = not source.bom and declared_encoding(source.text[:400].encode("utf-8", "replace")) is None
    return frozenset(what for _, what in refused_by_python2(tree, source.text, ascii_only=plain))


def _by_hand(wanted: Overrides, replacements: Sequence[Replacement]) -> list[Span]:
    """Where the texts that a person wrote stand in the new text."""
    places = {item.span for item in wanted.texts}
    return [span for item, span in _new_spans(replacements) if Span(item.start, item.end) in places]


def _new_spans(replacements: Sequence[Replacement]) -> Iterator[tuple[Replacement, Span]]:
    """Where the replacements stand in the new text."""
    shift = 0
    for item in replacements:
        start = item.start + shift
        yield item, Span(start, start + len(item.text))
        shift += len(item.text) - (item.end - item.start)


def _lines(source: Source, spans: Iterable[Span]) -> frozenset[int]:
    starts = source.line_starts
    lines: set[int] = set()
    for start, end in spans:
        first = bisect_right(starts, start)
        if first == len(starts) or end < starts[first]:  # nearly always
            lines.add(first)
        else:
            lines.update(range(first, bisect_right(starts, end) + 1))
    return frozenset(lines)


def _first_difference(first: str, second: str) -> str:
    lines = zip(first.splitlines(), second.splitlines(), strict=False)
    for number, (a, b) in enumerate(lines, start=1):
        if a != b:
            return f"line {number}: {a.strip()!r} -> {b.strip()!r}"
    return "the number of lines differs"
