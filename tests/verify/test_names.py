"""Is every loaded name bound somewhere that its load can see?"""

from __future__ import annotations

import ast

import pytest

from kmigrate.resolve.walk.analyse import analyse
from kmigrate.verify.names import unbound


@pytest.mark.parametrize(
    "text, names",
    [
        ("x = y\n", {"y"}),
        ("import a.b, c as d\na; b; c; d\n", {"b", "c"}),
        ("def f(a, *b, c=1, **d):\n    return a, b, c, d, e\n", {"e"}),
        ("def f():\n    from x import y\ny\n", {"y"}),
        ("def f():\n    global y\n    y = 1\ny\n", set()),
        ("class A:\n    x = 1\n    def f(self):\n        return x\n", {"x"}),
        ("class A:\n    x = 1\n    y = x\n", set()),
        ("[x for x in z]\nx\n", {"x", "z"}),
        ("[(y := x) for x in ()]\ny\n", set()),
        ("try:\n    pass\nexcept E as e:\n    e\n", {"E"}),
        ("match a:\n    case {'k': [b, *c]} | [b, c]:\n        b, c\n", {"a"}),
        ("match a:\n    case {'k': b, **d}:\n        b, d\n", {"a"}),
        ("for a, (b, *c) in ():\n    a, b, c\n", set()),
        ("with x as (a, b):\n    a, b\n", {"x"}),
        ("lambda a, b=c: a + b + d\n", {"c", "d"}),
        ("print(len, raw_input, unicode, __file__)\n", set()),
        ("def f():\n    x = 1\n    def g():\n        nonlocal x\n        return x\n", set()),
        ("async def f():\n    async for a in b():\n        await a\n", {"b"}),
        ("x: y = 1\n", {"y"}),
        ("from a import *\nx\n", set()),
    ],
)  # fmt: skip
def test_unbound(text: str, names: set[str]) -> None:
    assert unbound(analyse(ast.parse(text), "x", text)) == names
