"""What does the page's script draw the diff of a file from?"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from kmigrate.report.html.colours import Colours
from kmigrate.report.html.sides import rows
from kmigrate.report.hunks import Hunk, Part, parts
from kmigrate.results import Change, FileResult


def payload(file: FileResult) -> dict[str, Any]:
    """The hunks: the place of the first line, the changes in it, and the rows.

    A row is [kind, old number, old segments, new number, new segments]; a segment is a text, or [classes, text]. `at` is
    the number of the line that a change begins on, as the rows count: in a notebook, from the first line of its cell.
    """
    changed = [part for part in parts(file) if part.file.before != part.file.after]
    told: dict[int, list[Change]] = {part.start: [] for part in changed}
    for change in sorted(file.told_changes, key=lambda change: change.start):
        if changed:
            told[min(changed, key=lambda part: part.distance(change.start)).start].append(change)
    return {"hunks": [hunk for part in changed for hunk in _hunks(part, told[part.start])]}


def embedded(data: object) -> str:
    """JSON that can stand inside a script element, whatever its strings hold."""
    text = json.dumps(data, ensure_ascii=True, separators=(",", ":"))
    return text.replace("&", "\\u0026").replace("<", "\\u003c").replace(">", "\\u003e")


def _hunks(part: Part, changes: list[Change]) -> Iterator[dict[str, Any]]:
    found = part.hunks()
    old, new = Colours(part.file.before), Colours(part.file.after)
    placed: list[list[Change]] = [[] for _ in found]
    for change in changes:
        placed[_hunk_of(part, change, found)].append(change)
    for hunk, here in zip(found, placed, strict=True):
        yield {
            "place": _place(hunk.start + 1, part.cell),
            "rules": list(hunk.rules),
            "changes": [_change(part, change) for change in here],
            "rows": [row.data() for row in rows(hunk, old, new)],
        }


def _hunk_of(part: Part, change: Change, found: tuple[Hunk, ...]) -> int:
    """The hunk that shows a change: the one that holds its first line, or else the nearest one."""
    line = part.line(change.start)
    distances = [max(hunk.start - line, line - hunk.end + 1, 0) for hunk in found]
    return distances.index(min(distances))


def _change(part: Part, change: Change) -> dict[str, Any]:
    return {
        "key": [change.rule, change.start, change.end], "rule": change.rule, "title": change.title,
        "at": part.line(change.start) + 1, "place": _place(change.position.line, change.position.cell),
        "confidence": change.confidence.value, "reason": change.reason,
    }  # fmt: skip


def _place(line: int, cell: int | None) -> str:
    return f"line {line}" if cell is None else f"cell {cell}, line {line}"
