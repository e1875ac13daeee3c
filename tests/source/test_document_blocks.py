"""Which lines of a document are Python, and how they look to Python: the same characters at the margin."""

from __future__ import annotations

import ast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kmigrate.source.document.blocks import code_blocks
from kmigrate.source.document.shadow import at_the_margin
from kmigrate.source.document.source import DocumentSource
from kmigrate.source.parsing import parsed
from kmigrate.source.text import UndecodableSource


def blocks(text: str, name: str = "a.md") -> list[tuple[str, bool]]:
    source = DocumentSource.from_bytes(text.encode(), name)
    return [(text[block.span.start : block.span.end], block.named) for block in source.blocks]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("a\n```python\nx\ny\n```\nb\n", [("x\ny\n", True)]),
        ("```py\nx\n```\n```Python3\ny\n```", [("x\n", True), ("y\n", True)]),
        ("``` {.python .numberLines}\nx\n```", [("x\n", True)]),
        ("```{python}\nx\n```", [("x\n", True)]),
        ("~~~ python hl_lines=3\nx\n```\ny\n~~~\n", [("x\n```\ny\n", True)]),
        ("````python\n```\nx\n```\n`````", [("```\nx\n```\n", True)]),
        ("```\nx\n```", [("x\n", False)]),
        ("```bash\nx\n```\n```pythonista\ny\n```\n```js\n```", []),
        ("```python\n```", []),
        ("```python\nx", [("x", True)]),
        ("```python\r\nx\r\n```\r\n", [("x\r\n", True)]),
        ("```python\rx\r```\r", [("x\r", True)]),
        ("1. a\n\n   ```python\n   x\n   ```\n", [("   x\n", True)]),
        ("- ```python\n  x\n  ```\n", [("  x\n", True)]),
        ("> ```python\n> x\n> ```\n", [("> x\n", True)]),
        ("`a` ```python\nx\n", []),
        ("```a`b\nx\n```python\ny\n```", [("y\n", True)]),
        ("    ```python\n    x\n", [("    x\n", True)]),
        ("text with >>> x\n", []),
    ],
)
def test_fenced_blocks(text: str, found: list[tuple[str, bool]]) -> None:
    assert blocks(text) == found
    assert blocks(text, "a.MARKDOWN") == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (".. code-block:: python\n\n   x\n\n   y\nz\n", [("   x\n\n   y\n", True)]),
        (".. code:: python3\n   :linenos:\n   :caption: a\n\n   x\n", [("   x\n", True)]),
        ("a\n\n  .. sourcecode:: py\n\n     x\n\n  b\n", [("     x\n", True)]),
        (".. code-block:: bash\n\n   x\n\ny\n", []),
        (".. code-block::\n\n   x\n", [("   x\n", False)]),
        (".. testcode::\n\n   x\n", [("   x\n", True)]),
        ("Like so::\n\n    x\n\nb\n", [("    x\n", False)]),
        (".. note::\n\n    text\n", []),
        (".. note::\n\n    like so::\n\n        x\n", [("        x\n", False)]),
        ("a\n\n>>> x\n1\n>>> y\n\nb\n", [(">>> x\n1\n>>> y\n", True)]),
        (".. code-block:: python\n\ny\n", []),
        ("```python\nx\n```\n", []),
    ],
)
def test_blocks_of_restructured_text(text: str, found: list[tuple[str, bool]]) -> None:
    assert blocks(text, "a.rst") == found


@pytest.mark.parametrize(
    ("block", "read"),
    [
        ("x = 1\n", "x = 1\n"),
        ("   if a:\n       b\n\n   c\n", "if a:\n    b\nc\n"),
        ("\tif a:\n\t\tb\n", "if a:\n    b\n"),
        ("> if a:\n>     b\n>\n> c\n", "if a:\n    b\nc\n"),
        ("  >   f(a,\n  >     b)\n", "f(a, b)\n"),
        (">>> x = [1,\n...      2]\n[1, 2]\n>>> y\n", "x = [1, 2]\ny\n"),
        ("> >>> for x in y:\n> ...     x\n> ...\n> out\n", "for x in y:\n    x\n"),
        ("In [1]: x = f(\n   ...:     1)\nOut[1]: 2\n", "x = f(1)\n"),
        ("f(a, ...)\nf(...)\n(1, ..., 2)\n", "f(a, *__)\nf(*__)\n(1, *__, 2)\n"),
        ("x[1, ...]\nx = ...\n[1, ...]\n", "x[1, ...]\nx = ...\n[1, ...]\n"),
        ("%matplotlib inline\nx\n", "0\nx\n"),
        ("'''é\n  a'''\n", "'''é\n  a'''\n"),
    ],
)
def test_a_block_at_the_margin(block: str, read: str) -> None:
    look = at_the_margin(block)

    assert len(look) == len(block) and len(look.encode()) == len(block.encode())
    assert ast.dump(ast.parse(look)) == ast.dump(ast.parse(read))


def test_blocks_are_one_module_at_their_places() -> None:
    source = DocumentSource.from_bytes("# é\n\n> ```python\n> n1 = 'é'; n2\n> ```\n\n```py\nprint n3\n```\n".encode(), "a.md")
    read = parsed(source)
    places = {node.id: (node.lineno, node.col_offset) for node in ast.walk(read.tree) if isinstance(node, ast.Name)}

    assert read.python2
    assert places == {"n1": (4, 2), "n2": (4, 13), "n3": (8, 6)}


def test_a_block_that_is_no_python_stops_no_other() -> None:
    text = "```python\nx = \n```\n\n```\n$ ls\n```\n\n```python\ny\n```\n"
    source = DocumentSource.from_bytes(text.encode(), "a.md")
    read = parsed(source)

    assert ast.unparse(read.tree) == "y"
    assert [source.position(one.at).line for one in read.unread] == [2]
    assert read.unread[0].reason.startswith("the block is not Python: ")


def test_a_title_declares_no_encoding() -> None:
    source = DocumentSource.from_bytes("# On coding: latin-1\né\n".encode(), "a.md")

    assert (source.encoding, source.text) == ("utf-8", "# On coding: latin-1\né\n")
    with pytest.raises(UndecodableSource, match="line 2 is not utf-8 text"):
        DocumentSource.from_bytes(b"a\n\xe9\n", "a.md")


LINES = st.lists(
    st.sampled_from(
        ["", "a", "é = 1", "    b", "\tc", "> d", ">>> e", "... f", "```python", "```", "~~~", "- ```py", "  ```", "> ```python",
         ".. code:: python", "   x(", "   x", "::", "'''", "%y", "print z", "In [1]: x", "f(a, ...)", "\x0c", "\\"]
    ) | st.text(max_size=4)
)  # fmt: skip


@given(LINES, st.sampled_from(["\n", "\r\n", "\r"]), st.sampled_from(["a.md", "a.rst"]))
def test_any_document_is_read(lines: list[str], end: str, name: str) -> None:
    text = end.join(lines)
    source = DocumentSource(name, text)
    for block in source.blocks:
        look = at_the_margin(text[block.span.start : block.span.end])
        assert len(look) == block.span.end - block.span.start
    assert all(one.span.end <= other.span.start for one, other in zip(source.blocks, source.blocks[1:], strict=False))
    parsed(source)


def test_a_long_document_takes_no_long_time() -> None:
    hostile = ("> " * 30_000 + "\n" + "- " * 30_000 + "\n" + "::" * 30_000 + "\n" + "`" * 60_000 + "\n" + " " * 60_000 + "x\n")
    assert code_blocks(hostile, "rst") == ()
    assert code_blocks(hostile, "markdown") == code_blocks(hostile, "markdown")
    parsed(DocumentSource("a.rst", ".. code:: python\n\n   x = [" + "'a', " * 30_000 + "]\n" + hostile))
