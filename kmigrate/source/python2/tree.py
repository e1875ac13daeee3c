"""What does a syntax tree of a shadow look like in terms of the text that casts it?"""

from __future__ import annotations

import ast
from bisect import bisect_right
from typing import Any

from kmigrate.source.python2.canvas import Shadow
from kmigrate.source.python2.indentation import untabbed
from kmigrate.source.python2.lexer import Unshadowable
from kmigrate.source.text import LINE_END


def tree_of(shadow: Shadow) -> ast.Module:
    """The tree, with the positions, names and exception targets of the original text.

    Raises SyntaxError and whatever else `ast.parse` raises.
    """
    moved: dict[int, int] = {}
    try:
        tree = ast.parse(shadow.text)
    except TabError as error:
        try:
            text, moved = untabbed(shadow.text)
        except Unshadowable:
            raise error from None
        tree = ast.parse(text)
    starts = _columns(shadow)
    if not (starts or moved or shadow.caught or shadow.renamed):
        return tree
    for node in ast.walk(tree):
        if isinstance(node, ast.ExceptHandler):
            _name_exception(node)
        if moved:
            _move(node, moved)
        if starts and "lineno" in node._attributes:
            place: Any = node
            place.col_offset = starts.get((place.lineno, place.col_offset), place.col_offset)
        if shadow.renamed:
            _rename(node, shadow.renamed)
    return tree


def _columns(shadow: Shadow) -> dict[tuple[int, int], int]:
    """(line, column) in the shadow -> column in the original, in UTF-8 bytes."""
    if not shadow.starts:
        return {}
    lines = [0, *(match.end() for match in LINE_END.finditer(shadow.text))]
    found: dict[tuple[int, int], int] = {}
    for there, here in shadow.starts.items():
        line = bisect_right(lines, here)
        column = len(shadow.text[lines[line - 1] : here].encode("utf-8", "surrogatepass"))
        found[line, column + there - here] = column
    return found


def _move(node: ast.AST, moved: dict[int, int]) -> None:
    if "lineno" in node._attributes:
        place: Any = node
        place.col_offset -= moved.get(place.lineno, 0)
        place.end_col_offset -= moved.get(place.end_lineno, 0)


def _name_exception(handler: ast.ExceptHandler) -> None:
    """`except E| e` was `except E, e`."""
    match handler.type:
        case ast.BinOp(left=left, op=ast.BitOr(), right=ast.Name(id=name)):
            handler.type = left
            handler.name = name


def _rename(node: ast.AST, renamed: dict[str, str]) -> None:
    for key, value in ast.iter_fields(node):
        if isinstance(node, ast.Constant):
            continue
        if isinstance(value, str):
            setattr(node, key, _renamed(value, renamed))
        elif isinstance(value, list):
            setattr(node, key, [_renamed(item, renamed) if isinstance(item, str) else item for item in value])


def _renamed(name: str, renamed: dict[str, str]) -> str:
    return ".".join(renamed.get(part, part) for part in name.split("."))
