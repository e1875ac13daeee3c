"""What is the syntax tree of a source, whichever Python it is written in?"""

from __future__ import annotations

import ast
import warnings
from dataclasses import dataclass

from kmigrate.source.notebook.shadow import Skipped, read_cells
from kmigrate.source.notebook.source import NotebookSource
from kmigrate.source.python2.lexer import Unshadowable
from kmigrate.source.python2.shadow import cast_shadow
from kmigrate.source.python2.tree import tree_of
from kmigrate.source.text import Source


@dataclass(frozen=True, slots=True)
class Parsed:
    """A tree whose positions are those of the source's text, and whether it took the eyes of Python 2 to get it.

    `skipped` are the cells of a notebook that are not in the tree: shell scripts, and what is no Python at all.
    """

    tree: ast.Module
    python2: bool
    skipped: tuple[Skipped, ...] = ()


def parse(source: Source) -> ast.Module:
    """The tree of a module of Python 3, else of Python 2; a notebook is one module.

    Raises what `ast.parse` raises for the text: a SyntaxError is Python 3's own, caused by what Python 2 minds.
    """
    return parsed(source).tree


def parsed(source: Source) -> Parsed:
    """The tree, and the Python it needed; raises like `parse`."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        if isinstance(source, NotebookSource):
            read = read_cells(source.text, source.spans)
            return Parsed(read.tree, read.python2, read.skipped)
        return _parsed(source.text)


def is_python2(text: str) -> bool:
    """Whether the text is Python 2 and not Python 3."""
    try:
        return parsed(Source(None, text)).python2
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False


def _parsed(text: str) -> Parsed:
    try:
        return Parsed(ast.parse(text), False)
    except SyntaxError as error:
        try:
            return Parsed(tree_of(cast_shadow(text)), True)
        except (Unshadowable, SyntaxError) as cause:
            raise error from cause
