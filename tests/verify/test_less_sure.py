"""Does the proof see a name that a new text binds on fewer ways than before?"""

from __future__ import annotations

import ast

import pytest

from kmigrate.resolve.scopes import ModuleScope
from kmigrate.resolve.walk.analyse import analyse
from kmigrate.verify.names import less_sure

BOTH = "if q:\n    from k import old\n    old(1)\nelse:\n    from k import old\n    old(2)\n"
FALLBACK = "try:\n    from k import old\nexcept ImportError:\n    old = None\n\n\ndef f():\n    return old(1)\n"
OTHER = FALLBACK.replace("old = None", "from j import old")


@pytest.mark.parametrize(
    ("before", "after", "name"),
    [
        (BOTH, "if q:\n    from k import new\n    new(1)\nelse:\n    new(2)\n", "new"),
        (BOTH, "if q:\n    from k import old\n    old(1)\nelse:\n    old(2)\n", "old"),
        (BOTH, BOTH.replace("old", "new"), None),
        (FALLBACK, FALLBACK.replace("from k import old", "pass"), "old"),
        (OTHER, OTHER.replace("from k import old", "pass"), "old"),
        (FALLBACK, FALLBACK.replace("k import old", "k import new as old"), None),
        ("if q:\n    from k import old\nold(1)\n", "if q:\n    from k import new\nnew(1)\n", None),
        ("if q:\n    from k import a\nfrom k import old\nold(1)\n", "if q:\n    from k import a\na(1)\n", "a"),
        ("if q:\n    from k import old\nold(1)\nold(2)\n", "if q:\n    from k import old, new\nold(1)\nnew(2)\n", None),
        (
            "if q:\n    from k import old\nold(1)\nold(2)\n",
            "if q:\n    from k import old\nif r:\n    from k import new\nold(1)\nnew(2)\n",
            "new",
        ),
        ("if q:\n    from k import old\nold(1)\n", "if q:\n    from k import a, new\na(new(1))\n", None),
        (
            "if q:\n    from k import old\nold(1)\n",
            "if q:\n    from k import new\nif r:\n    from k import other\nnew(other(1))\n",
            "new",
        ),
        ("if q:\n    from k import a\nfrom k import a\na(1)\n", "with q:\n    from k import a\na(1)\n", None),
        (
            "if q:\n    from k import old\nold(1)\nfrom k import old\nold(2)\n",
            "if q:\n    from k import old\nold(1)\nfrom k import new\nnew(2)\n",
            None,
        ),
        (
            "while r:\n    if i:\n        old(1)\n    if q:\n        from k import old\n    if p:\n        from k import old\n",
            "while r:\n    if i:\n        old(1)\n    if q:\n        from k import old\n    if p:\n        pass\n",
            "old",
        ),
    ],
)  # fmt: skip
def test_fewer_ways(before: str, after: str, name: str | None) -> None:
    assert less_sure(_scopes(before), _scopes(after)) == name


def _scopes(text: str) -> ModuleScope:
    return analyse(ast.parse(text), "x.py", text)
