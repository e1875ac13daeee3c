# ruff: noqa: UP006, UP031, UP035, UP045, B905, PTH100, PTH109, PTH118, PTH119, PTH120, PTH123, SIM105, SIM115, RUF100
"""How do files of Python 2 run here? As lib2to3 turns them into Python 3, with the division of Python 2."""

import ast
import builtins
import functools
import importlib.machinery
import importlib.util
import os
import sys
import types
from typing import Any

import numpy as np

DIVIDED = "divided_as_in_python_2"


def install(root: str) -> None:
    """Let the files below `root` be imported, whichever of both they are."""
    loader = importlib.machinery.SourceFileLoader
    original = loader.source_to_code

    @functools.wraps(original)
    def source_to_code(self: Any, data: Any, path: Any, *args: Any, **kwargs: Any) -> Any:
        own = isinstance(data, bytes) and os.path.abspath(path).startswith(os.path.join(root, ""))
        return compiled(data, path) if own else original(self, data, path, *args, **kwargs)

    vars(builtins)[DIVIDED] = _divided
    setattr(loader, "source_to_code", source_to_code)  # noqa: B010 - a method of a class that is typed as final


def compiled(data: bytes, path: str) -> types.CodeType:
    """The code of a file. Raises the SyntaxError of Python 3 if it is none of Python 2 either."""
    try:
        code: types.CodeType = compile(data, path, "exec", dont_inherit=True)
    except SyntaxError:
        tree = _as_python3(data, path)
        if tree is None:
            raise
        sys.path.append(os.path.dirname(os.path.abspath(path)))  # where modules of Python 2 look for their neighbours
        return compile(tree, path, "exec", dont_inherit=True)
    return code


def _as_python3(data: bytes, path: str) -> Any:
    """The tree of a file of Python 2; None if it can't be read as such."""
    from lib2to3.refactor import RefactoringTool, get_fixers_from_package

    text = importlib.util.decode_source(data)
    fixers = [name for name in get_fixers_from_package("lib2to3.fixes") if not name.endswith(".fix_import")]
    try:
        turned = str(RefactoringTool(fixers).refactor_string(text + "\n", path))
        tree = _parsed(turned, path)
    except Exception:  # lib2to3 has many kinds of complaints
        return None
    future = any(
        isinstance(node, ast.ImportFrom) and node.module == "__future__" and "division" in [name.name for name in node.names]
        for node in tree.body
    )
    return tree if future else ast.fix_missing_locations(_Division().visit(tree))


def _parsed(text: str, path: str) -> Any:
    try:
        return ast.parse(text, path)
    except TabError:  # a tab is as wide as eight blanks in Python 2
        return ast.parse(text.expandtabs(8), path)


class _Division(ast.NodeTransformer):
    """Turns `a / b` into a call that divides as Python 2 does; `a /= b` into an assignment of it."""

    def visit_BinOp(self, node: Any) -> Any:
        """`a / b`."""
        self.generic_visit(node)
        return _call(node, node.left, node.right) if isinstance(node.op, ast.Div) else node

    def visit_AugAssign(self, node: Any) -> Any:
        """`name /= b`; an attribute or an item is not evaluated twice, and stays."""
        self.generic_visit(node)
        if not isinstance(node.op, ast.Div) or not isinstance(node.target, ast.Name):
            return node
        loaded = ast.copy_location(ast.Name(node.target.id, ast.Load()), node)
        return ast.copy_location(ast.Assign([node.target], _call(node, loaded, node.value)), node)


def _call(node: Any, *arguments: Any) -> Any:
    return ast.copy_location(ast.Call(ast.Name(DIVIDED, ast.Load()), list(arguments), []), node)


def _divided(one: Any, other: Any) -> Any:
    return one // other if _whole(one) and _whole(other) else one / other


def _whole(value: Any) -> bool:
    return isinstance(value, (int, np.integer)) or (isinstance(value, np.ndarray) and value.dtype.kind in "iub")
