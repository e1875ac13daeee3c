"""Why a result must not be written, if so: it compiles, its names are bound, a second run changes nothing.

That the rewritten calls fit Keras 2 was checked when they were written (`verify.binding`).
"""

from __future__ import annotations

import ast
from collections.abc import Sequence
from dataclasses import replace

from kmigrate.edits import Replacement
from kmigrate.overrides import NOTHING, Overrides
from kmigrate.passes import Pass, one_pass
from kmigrate.resolve.evaluate import Evaluator
from kmigrate.resolve.scopes import ModuleScope
from kmigrate.resolve.world import World
from kmigrate.results import FileResult
from kmigrate.rewrite.decision import ForReview, Unaccounted
from kmigrate.ruling import Ruling
from kmigrate.source.module import Module
from kmigrate.source.parsing import parsed
from kmigrate.source.python2 import refused as refused_by_python2
from kmigrate.source.suppressions import ignores
from kmigrate.source.text import Source, declared_encoding
from kmigrate.verify.names import unbound


def disproof(ruling: Ruling, before: Module, scopes: ModuleScope, world: World, result: FileResult,
    wanted: Overrides = NOTHING,
) -> str | None:  # fmt: skip
    """The first thing that is wrong with the new text; None if it is proven.

    The second run looks at the lines that changed: what stands elsewhere was decided to stay. What a
    person refused is to stay in the second run too, and what a person wrote is to be Keras 2.
    """
    try:
        after = replace(before.source, text=result.after)
        after.encode(result.after)
        new = parsed(after)
    except SyntaxError as error:
        return f"line {error.lineno} would not compile: {error.msg}"
    except UnicodeEncodeError as error:
        return f"the new text can't be written as {before.source.encoding}: {error.reason}"
    old = parsed(before.source) if new.python2 else None
    if old is not None and not old.python2:
        return "the result would be Python 2, the source is not"
    if old is not None:
        legacy = _not_python2(new.tree, after) - _not_python2(old.tree, before.source)
        if legacy:
            return f"the result would not be Python 2: {sorted(legacy)[0]}"
    again = world.reopen(after, new.tree)
    missing = unbound(again)
    missing = missing - unbound(scopes) if missing else missing
    if missing:
        return f"the name `{sorted(missing)[0]}` would not be bound"
    lines = _changed_lines(after, result.replacements)
    module = Module(after, new.tree)
    done = one_pass(ruling, module, again, Evaluator(world), lines, Overrides(ignores(after), names=wanted.names))
    second = done.applied(result.after)
    if second != result.after:
        return f"a second run would change it again ({_first_difference(result.after, second)})"
    return _complaint(module, done, _lines_by_hand(after, wanted, result.replacements))


def _complaint(module: Module, done: Pass, lines: frozenset[int]) -> str | None:
    """What is wrong with a use of Keras on lines that a person wrote."""
    for found, decision in done.decisions if lines else ():
        line = module.source.position(found.span(module).start).line
        if line in lines and isinstance(decision, ForReview | Unaccounted):
            return f"line {line}, as it was written by hand: {decision.reason}"
    return None


def _not_python2(tree: ast.Module, source: Source) -> frozenset[str]:
    """What the text holds that Python 2.7 has no grammar for."""
    plain = not source.bom and declared_encoding(source.text[:400].encode("utf-8", "replace")) is None
    return frozenset(what for _, what in refused_by_python2(tree, source.text, ascii_only=plain))


def _lines_by_hand(after: Source, wanted: Overrides, replacements: Sequence[Replacement]) -> frozenset[int]:
    places = {(item.span.start, item.span.end) for item in wanted.texts}
    shift = 0
    lines: set[int] = set()
    for item in replacements:
        if (item.start, item.end) in places:
            start = item.start + shift
            lines.update(range(after.position(start).line, after.position(start + len(item.text)).line + 1))
        shift += len(item.text) - (item.end - item.start)
    return frozenset(lines)


def _changed_lines(after: Source, replacements: Sequence[Replacement]) -> frozenset[int]:
    lines: set[int] = set()
    shift = 0
    for item in replacements:
        start = item.start + shift
        end = start + len(item.text)
        shift += len(item.text) - (item.end - item.start)
        lines.update(range(after.position(start).line, after.position(end).line + 1))
    return frozenset(lines)


def _first_difference(first: str, second: str) -> str:
    lines = zip(first.splitlines(), second.splitlines(), strict=False)
    for number, (a, b) in enumerate(lines, start=1):
        if a != b:
            return f"line {number}: {a.strip()!r} -> {b.strip()!r}"
    return "the number of lines differs"
