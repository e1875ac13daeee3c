"""What does a person read over a use of Keras 1: the rule, what would stand there instead, and why?"""

from __future__ import annotations

from collections.abc import Iterator

from lsprotocol import types

from kmigrate.edits import Span
from kmigrate.lsp.buffer import Buffer
from kmigrate.lsp.positions import Positions
from kmigrate.results import Change, Review


def hover(buffer: Buffer, positions: Positions, place: types.Position) -> types.Hover | None:
    """The page over a place, about the smallest use that stands there; None where there is none to be told of."""
    offset = positions.offset(place)
    uses: tuple[Change | Review, ...] = (*buffer.changes, *buffer.trial.whole.reviews)
    around = [use for use in uses if use.start <= offset <= use.end]
    if not around:
        return None
    use = min(around, key=lambda use: use.end - use.start)
    text = "\n\n".join(_parts(buffer, use))
    return types.Hover(types.MarkupContent(types.MarkupKind.Markdown, text), positions.range(use.start, use.end))


def _parts(buffer: Buffer, use: Change | Review) -> Iterator[str]:
    rule = buffer.rules.get(use.rule)
    yield f"**{use.rule}** {rule.title if rule is not None else 'No rule speaks of it'}"
    match use:
        case Change():
            if use.reason:
                yield f"{use.reason}."
            span, after = buffer.trial.whole.rewritten(use)
            yield f"```python\n{_dedented(buffer, span, after)}\n```"
        case Review():
            yield use.reason
            if use.recipe:
                yield use.recipe
    if rule is not None:
        yield rule.why.strip()
        yield from (f"<{link}>" for link in rule.links[:1])


def _dedented(buffer: Buffer, span: Span, after: str) -> str:
    """The new text, its further lines as far to the left as its first one."""
    text = buffer.source.text
    begin = text.rfind("\n", 0, span.start) + 1
    indent = text[begin : span.start]
    indent = indent[: len(indent) - len(indent.lstrip())]
    return "\n".join(line.removeprefix(indent) for line in after.splitlines())
