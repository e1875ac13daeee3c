"""What does the page's script draw the diff of a file from?"""

from __future__ import annotations

import json
from typing import Any

from kmigrate.report.html.colours import Colours
from kmigrate.report.html.sides import rows
from kmigrate.report.hunks import Hunk, hunks
from kmigrate.results import Change, FileResult


def payload(file: FileResult) -> dict[str, Any]:
    """The hunks: the number of the first line, the changes in it, and the rows.

    A row is [kind, old number, old segments, new number, new segments]; a segment is a text, or [classes, text]. `at` is
    the line of the text that a change begins on; that of a notebook is not the `line` of its cell that people read.
    """
    old, new = Colours(file.before), Colours(file.after)
    found = hunks(file)
    placed: list[list[Change]] = [[] for _ in found]
    for change in sorted(file.told_changes, key=lambda change: change.start):
        if placed:
            placed[_hunk_of(file, change, found)].append(change)
    return {
        "hunks": [
            {
                "line": hunk.start + 1,
                "rules": list(hunk.rules),
                "changes": [_change(file, change) for change in changes],
                "rows": [row.data() for row in rows(file, hunk, old, new)],
            }
            for hunk, changes in zip(found, placed, strict=True)
        ]
    }


def embedded(data: object) -> str:
    """JSON that can stand inside a script element, whatever its strings hold."""
    text = json.dumps(data, ensure_ascii=True, separators=(",", ":"))
    return text.replace("&", "\\u0026").replace("<", "\\u003c").replace(">", "\\u003e")


def _hunk_of(file: FileResult, change: Change, found: tuple[Hunk, ...]) -> int:
    """The hunk that shows a change: the one that holds its first line, or else the nearest one."""
    line = file.before.count("\n", 0, change.start)
    distances = [max(hunk.start - line, line - hunk.end + 1, 0) for hunk in found]
    return distances.index(min(distances))


def _change(file: FileResult, change: Change) -> dict[str, Any]:
    position = change.position
    place = f"line {position.line}" if position.cell is None else f"cell {position.cell}, line {position.line}"
    return {
        "key": [change.rule, change.start, change.end], "rule": change.rule, "title": change.title,
        "at": file.before.count("\n", 0, change.start) + 1, "place": place,
        "confidence": change.confidence.value, "reason": change.reason,
    }  # fmt: skip
