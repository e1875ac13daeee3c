"""Which syntax in a tree would Python 2 refuse? What is written into a Python 2 file must stay Python 2."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence

from kmigrate.source.python2.lexer import Token, Unshadowable, line_of, tokens
from kmigrate.source.python2.lines import logical_lines


def refused(tree: ast.Module, text: str, *, ascii_only: bool = False) -> tuple[tuple[int, str], ...]:
    """(line, what it is) for all that Python 2.7 has no grammar for, in the order of the lines.

    `text` is what the tree was made of. `ascii_only` for a file that declares no encoding: Python 2 takes it for ASCII.
    """
    found = [(line, what) for node in ast.walk(tree) if type(node) in _LOOKED_AT for line, what in _in_node(node)]
    found += _star_commas(text)
    if ascii_only and not text.isascii():
        place = next(index for index, char in enumerate(text) if not char.isascii())
        found.append((line_of(text, place), f"{text[place]!r} without a declared encoding"))
    return tuple(sorted(set(found)))


_NEW: dict[str, str] = {
    "JoinedStr": "an f-string",
    "AnnAssign": "an annotation",
    "NamedExpr": "`:=`",
    "MatMult": "the operator `@`",
    "Nonlocal": "nonlocal",
    "YieldFrom": "yield from",
    "Await": "await",
    "AsyncFunctionDef": "async",
    "AsyncFor": "async",
    "AsyncWith": "async",
    "Match": "match",
    "TryStar": "except*",
    "TypeAlias": "a type alias",
}
_LOOKED_AT = frozenset(
    (ast.Call, ast.FunctionDef, ast.arg, ast.ClassDef, ast.Raise, ast.List, ast.Tuple, ast.Set, ast.Dict)
).union(getattr(ast, name) for name in _NEW if hasattr(ast, name))


def _in_node(node: ast.AST) -> Iterator[tuple[int, str]]:
    line = getattr(node, "lineno", 1)
    new = _NEW.get(type(node).__name__)
    if new is not None:
        yield line, new
    match node:
        case ast.Call(args=args, keywords=keywords):
            yield from ((line, what) for what in _in_call(args, keywords))
        case ast.FunctionDef(returns=ast.expr()) | ast.arg(annotation=ast.expr()):
            yield line, "an annotation"
        case ast.ClassDef(keywords=[_, *_]):
            yield line, "a keyword among the bases of a class"
        case ast.Raise(cause=ast.expr()):
            yield line, "raise from"
        case ast.List() | ast.Tuple() | ast.Set() if any(isinstance(item, ast.Starred) for item in node.elts):
            yield line, "`*` outside of a call"
        case ast.Dict(keys=keys) if None in keys:
            yield line, "`**` in a dict display"


def _in_call(args: list[ast.expr], keywords: list[ast.keyword]) -> Iterator[str]:
    stars = [index for index, argument in enumerate(args) if isinstance(argument, ast.Starred)]
    if len(stars) > 1 or (stars and stars[0] != len(args) - 1):
        yield "an argument behind `*`"
    double = [index for index, keyword in enumerate(keywords) if keyword.arg is None]
    if double:
        place = (keywords[double[0]].value.lineno, keywords[double[0]].value.col_offset)
        behind = any((args[index].lineno, args[index].col_offset) > place for index in stars)
        if behind or double[0] != len(keywords) - 1:
            yield "an argument behind `**`"


def _star_commas(text: str) -> list[tuple[int, str]]:
    """`f(a, *b,)`: a comma may not end an argument list with a star in it."""
    try:
        starred = [tokens(text, start, end) for start, end in logical_lines(text) if text.find("*", start, end) >= 0]
    except Unshadowable:
        return []
    return [(line_of(text, place), "a comma behind `*` or `**`") for found in starred for place in _closed_commas(found)]


def _closed_commas(found: Sequence[Token]) -> Iterator[int]:
    """Where the parentheses close that a comma stands before, and a star in."""
    stars: list[bool] = []
    for index, token in enumerate(found):
        if token.text in ("(", "[", "{"):
            stars.append(False)
        elif token.text in (")", "]", "}"):
            if stars.pop() and token.text == ")" and found[index - 1].text == ",":
                yield token.start
        elif token.text in ("*", "**") and stars and found[index - 1].text in ("(", ","):
            stars[-1] = True
