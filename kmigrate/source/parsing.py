"""What is the syntax tree of a source, whichever Python it is written in?"""

from __future__ import annotations

import ast
import re
import warnings

from kmigrate.source.document.shadow import read_blocks
from kmigrate.source.document.source import DocumentSource
from kmigrate.source.notebook.shadow import read_cells
from kmigrate.source.notebook.source import NotebookSource
from kmigrate.source.python2.lexer import Unshadowable
from kmigrate.source.python2.shadow import cast_shadow
from kmigrate.source.python2.tree import tree_of
from kmigrate.source.stretches import Read
from kmigrate.source.text import Source


def parse(source: Source) -> ast.Module:
    """The tree of a module of Python 3, else of Python 2; the cells of a notebook and the blocks
    of a document are one module.

    Raises what `ast.parse` raises for the text: a SyntaxError is that of the Python which reads further, caused by that of the
    other.
    """
    return parsed(source).tree


def parsed(source: Source) -> Read:
    """The tree, the Python it needed, and what is not in it; raises like `parse`."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        if isinstance(source, NotebookSource):
            return read_cells(source.text, source.spans)
        if isinstance(source, DocumentSource):
            return read_blocks(source.text, source.blocks)
        return _parsed(source.text)


def is_python2(text: str) -> bool:
    """Whether the text is Python 2 and not Python 3."""
    try:
        return parsed(Source(None, text)).python2
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False


def _parsed(text: str) -> Read:
    if _prints(text):  # Python 3 would read half of it in vain, and then once more to say what is wrong
        try:
            shadow = cast_shadow(text)
            if shadow.certain:
                return Read(tree_of(shadow), True, ())
        except (Unshadowable, SyntaxError):
            pass  # what is wrong is told below
    try:
        return Read(ast.parse(text), False, ())
    except SyntaxError as error:
        try:
            return Read(tree_of(cast_shadow(text)), True, ())
        except (Unshadowable, SyntaxError) as cause:
            if isinstance(cause, SyntaxError) and (cause.lineno or 0) > (error.lineno or 0):
                raise cause from error
            raise error from cause


def _prints(text: str) -> bool:
    """Whether a line begins with `print x`."""
    return any(not text[text.rfind("\n", 0, at) + 1 : at].strip() for at in map(re.Match.start, _PRINT.finditer(text)))


_PRINT = re.compile(r"print[ \t]+[\w'\"]")
