"""The ten rules with google-pasta as `tf_upgrade_v2` uses it: an annotated tree, names as they are spelled."""

from __future__ import annotations

import ast
from collections.abc import Mapping

import pasta

from benchmarks.others.ten_rules import CALLS, METHODS, Renaming


def rewritten(text: str) -> str:
    """The new text. Raises what pasta raises for a text that it does not read."""
    tree = pasta.parse(text)
    for node in ast.walk(tree):
        match node:
            case ast.Call(func=ast.Name(id=name)) if name in _BY_LAST:
                node.func.id = _BY_LAST[name].last[1]
                _rename(node, _BY_LAST[name].keywords)
            case ast.Call(func=ast.Attribute(attr=name)) if name in _BY_LAST:
                node.func.attr = _BY_LAST[name].last[1]
                _rename(node, _BY_LAST[name].keywords)
            case ast.Call(func=ast.Attribute(attr=name)) if name in METHODS:
                _rename(node, METHODS[name])
            case ast.ImportFrom(module=str(module), names=aliases) if module.startswith("keras."):
                for alias in aliases:
                    if alias.name in _BY_LAST:
                        alias.name = _BY_LAST[alias.name].last[1]
    return str(pasta.dump(tree))


_BY_LAST: Mapping[str, Renaming] = {item.last[0]: item for item in CALLS}


def _rename(call: ast.Call, renamed: Mapping[str, str]) -> None:
    for keyword in call.keywords:
        if keyword.arg in renamed:
            keyword.arg = renamed[keyword.arg]
