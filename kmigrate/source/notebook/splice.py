"""How does the new source of a cell get into the JSON text, with every string that stays as it was?"""

from __future__ import annotations

import json
import re
from difflib import SequenceMatcher

from kmigrate.source.notebook.scan import CodeCell, Literal


def spliced(raw: str, cell: CodeCell, new: str) -> str:
    """The JSON for the source of `cell`, which stands in `raw`, after it has become `new`."""
    if not cell.listed:
        return _respelled(raw, cell.literals[0], new)
    lines = _lines(new)
    if not lines:
        return "[]"
    if not cell.literals:
        return "[" + ", ".join(_string(line, raw) for line in lines) + "]"
    return _list(raw, cell, lines)


_ESCAPE = re.compile(r"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|\\u[0-9a-fA-F]{4}|\\.|[^\\]")
_SURROGATE = re.compile("[\ud800-\udfff]")


def _lines(text: str) -> list[str]:
    return re.findall(r"[^\n]*\n|[^\n]+", text)


def _list(raw: str, cell: CodeCell, lines: list[str]) -> str:
    """Items that stay keep their spelling and what stands in front of them."""
    old = cell.literals
    usual = raw[old[0].end : old[1].start] if len(old) > 1 else "," + raw[cell.start + 1 : old[0].start]
    items: list[tuple[str, int | None]] = []
    for first, last, new in _changes([literal.text for literal in old], lines):
        if new is None:
            items += [(raw[old[place].start : old[place].end], place) for place in range(first, last)]
        elif last - first == len(new):
            items += [(_respelled(raw, old[first + n], line), first + n) for n, line in enumerate(new)]
        else:
            items += [(_string(line, raw), None) for line in new]
    out = [raw[cell.start : old[0].start]]
    before: int | None = None
    for number, (item, place) in enumerate(items):
        if number:
            follows = place is not None and before is not None and place == before + 1
            out.append(raw[old[place - 1].end : old[place].start] if follows and place else usual)
        out.append(item)
        before = place
    out.append(raw[old[-1].end : cell.end])
    return "".join(out)


def _changes(old: list[str], lines: list[str]) -> list[tuple[int, int, list[str] | None]]:
    """(first, last, None) for items that stay, (first, last, new lines) for those that change."""
    if all(line == item for item in old for line in _lines(item)):
        codes = SequenceMatcher(None, old, lines, autojunk=False).get_opcodes()
        return [(a, b, None if tag == "equal" else lines[c:d]) for tag, a, b, c, d in codes]
    new = "".join(lines)
    head = tail = 0
    start, end = 0, len(new)
    while head < len(old) and old[head] and new.startswith(old[head], start):
        start += len(old[head])
        head += 1
    while tail < len(old) - head and old[-1 - tail] and new.endswith(old[-1 - tail], start, end):
        end -= len(old[-1 - tail])
        tail += 1
    last = len(old) - tail
    middle = [new[start:end]] if last - head == 1 else _lines(new[start:end])
    return [(0, head, None), (head, last, middle), (last, len(old), None)]


def _respelled(raw: str, literal: Literal, new: str) -> str:
    """The string with `new` for its text; what the two have in common at both ends keeps its spelling."""
    old = literal.text
    if old == new:
        return raw[literal.start : literal.end]
    head = _common(old, new)
    tail = _common(old[head:][::-1], new[head:][::-1])
    offsets = _offsets(raw, literal)
    return (
        raw[literal.start : offsets[head]]
        + _string(new[head : len(new) - tail], raw)[1:-1]
        + raw[offsets[len(old) - tail] : literal.end]
    )


def _common(first: str, second: str) -> int:
    count = 0
    for a, b in zip(first, second, strict=False):
        if a != b:
            break
        count += 1
    return count


def _offsets(raw: str, literal: Literal) -> list[int]:
    """The raw offset of each character of the text, and of its end."""
    escapes = _ESCAPE.finditer(raw, literal.start + 1, literal.end - 1)
    return [match.start() for match in escapes] + [literal.end - 1]


def _string(text: str, raw: str) -> str:
    """A JSON string that escapes what the rest of the file escapes."""
    spelled = json.dumps(text, ensure_ascii=raw.isascii())
    return _SURROGATE.sub(lambda match: f"\\u{ord(match.group()):04x}", spelled)
