"""What would Python read in place of a document: its blocks at the margin, and all the rest as comments?"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from kmigrate.edits import Span
from kmigrate.source.document.blocks import Block
from kmigrate.source.notebook.magics import without_magics
from kmigrate.source.python2.lexer import Unshadowable, logical_line_end, tokens
from kmigrate.source.stretches import Read, Unread, commented, read_stretches, repainted


def read_blocks(text: str, blocks: Sequence[Block]) -> Read:
    """The tree of all blocks as one module; raises like `read_stretches`.

    A block without a label that is no Python is none; one with a label is told of.
    """
    spans = [block.span for block in blocks]
    looks = [at_the_margin(text[span.start : span.end]) for span in spans]
    closed = [_behind_marks(text[span.start : span.end], look) for span, look in zip(spans, looks, strict=True)]
    looks = [commented(look) if shut else look for shut, look in zip(closed, looks, strict=True)]
    read = read_stretches(_without_prose(text, spans, looks), spans)
    named = {block.span for block in blocks if block.named}
    broken = [
        replace(one, reason=f"the block is not Python: {one.reason}") for one in read.unread if one.span in named
    ]
    marked = [Unread(span, span.start, _MARKED) for span, shut in zip(spans, closed, strict=True) if shut]
    return replace(read, unread=tuple(sorted(broken + marked, key=lambda one: one.span.start)))


def at_the_margin(block: str) -> str:
    """A block without the quote marks, the prompts and the indentation of the document, character for character.

    A form feed in front takes Python back to the margin. What a session answers is a comment, and so is what stands for
    arguments that are left out: `f(a, ...)` becomes `f(a, *__)`, of which nobody can know anything.
    """
    lines = _LINE.findall(block)
    session, quoted = _is_session(lines), _is_quoted(lines)
    margins = [_margin(line, session, quoted) for line in lines]
    if not session:
        code = [(line, margin) for line, margin in zip(lines, margins, strict=True) if margin is not None]
        common = min((_blanks(line, margin) for line, margin in code if line[margin:].strip()), default=0)
        margins = [None if margin is None else margin + common for margin in margins]
    return without_magics(_left_out("".join(_painted(line, margin) for line, margin in zip(lines, margins, strict=True))))


_MARKED = "a statement of the block goes on behind the `>` or `...` of another line, where kmigrate does not write"
_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+$")
_QUOTE = re.compile(r"[ \t]*(?:>[ \t]?)+")
_PROMPT = re.compile(r"[ \t]*(?:(?:>[ \t]?)*[ \t]*)??(?:>>>|In ?\[\d*\]:)(?=[ \t]|[\r\n]|$)[ \t]?")
_MORE = re.compile(r"[ \t]*(?:(?:>[ \t]?)*[ \t]*)??(?:\.{3,}:?)(?=[ \t]|[\r\n]|$)[ \t]?")


def _without_prose(text: str, spans: Sequence[Span], looks: Sequence[str]) -> str:
    """The looks of the blocks between comments."""
    ends = [0, *(span.end for span in spans)]
    starts = [*(span.start for span in spans), len(text)]
    prose = [Span(end, start) for end, start in zip(ends, starts, strict=True)]
    plain = repainted(text, prose, [commented(text[span.start : span.end]) for span in prose])
    return _UNSPEAKABLE.sub(" ", repainted(plain, spans, looks))


_UNSPEAKABLE = re.compile("[\0\ud800-\udfff]")


def _is_session(lines: Sequence[str]) -> bool:
    return any(_PROMPT.match(line) for line in lines)


def _is_quoted(lines: Sequence[str]) -> bool:
    return all(_QUOTE.match(line) for line in lines if line.strip())


def _behind_marks(block: str, look: str) -> bool:
    """Whether a statement has more than one line, and something else than blanks in front of them."""
    lines = _LINE.findall(block)
    if not (_is_session(lines) or _is_quoted(lines)):
        return False
    position = 0
    while position < len(look):
        end = logical_line_end(look, position)
        if len(_LINE.findall(look[position:end].strip())) > 1:
            return True
        position = end
    return False


def _margin(line: str, session: bool, quoted: bool) -> int | None:
    """How many characters in front of a line belong to the document; None for a line that is no code."""
    if session:
        prompt = _PROMPT.match(line) or _MORE.match(line)
        return prompt.end() if prompt else None
    quote = _QUOTE.match(line) if quoted else None
    return quote.end() if quote else 0


def _blanks(line: str, start: int) -> int:
    return len(line[start:]) - len(line[start:].lstrip(" \t"))


def _painted(line: str, margin: int | None) -> str:
    if margin is None:
        return commented(line)
    content = line.rstrip("\r\n")
    margin = min(margin, len(content))
    return line if margin == 0 else " " * (margin - 1) + "\f" + line[margin:]


def _left_out(block: str) -> str:
    """`...` among the arguments of a call, or the items of a tuple, stands for what is not shown."""
    if "..." not in block:
        return block
    try:
        found = tokens(block)
    except Unshadowable:
        return block
    opened: list[str] = []
    out = block
    for index, token in enumerate(found):
        if token.text in ("(", "[", "{"):
            opened.append(token.text)
        elif token.text in (")", "]", "}"):
            opened.pop()
        elif token.text == "." and opened and opened[-1] == "(" and block.startswith("...", token.start):
            before, behind = found[index - 1].text, found[index + 3].text if index + 3 < len(found) else ""
            if before in ("(", ",") and behind in (")", ","):
                out = out[: token.start] + "*__" + out[token.start + 3 :]
    return out
