"""The ten rules as a LibCST codemod: one pass over a lossless tree, names resolved by its own metadata."""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

import libcst as cst
from libcst.metadata import MetadataWrapper, QualifiedNameProvider

from benchmarks.others.ten_rules import METHODS, Renaming, known


def rewritten(text: str) -> str:
    """The new text. Raises what LibCST raises for a text that it does not read."""
    return MetadataWrapper(cst.parse_module(text), unsafe_skip_copy=True).visit(_Renames()).code


class _Renames(cst.CSTTransformer):
    METADATA_DEPENDENCIES = (QualifiedNameProvider,)

    def leave_Call(self, original_node: cst.Call, updated_node: cst.Call) -> cst.Call:  # noqa: N802
        found = self._renaming(original_node.func)
        if found is not None:
            call = _with_keywords(updated_node, found.keywords)
            return call.with_changes(func=_named(call.func, found))
        if isinstance(original_node.func, cst.Attribute) and original_node.func.attr.value in METHODS:
            return _with_keywords(updated_node, METHODS[original_node.func.attr.value])
        return updated_node

    def leave_ImportFrom(self, original_node: cst.ImportFrom, updated_node: cst.ImportFrom) -> cst.ImportFrom:  # noqa: N802
        if original_node.module is None or isinstance(updated_node.names, cst.ImportStar):
            return updated_node
        module = cst.Module([]).code_for_node(original_node.module)
        aliases = []
        for alias in updated_node.names:
            found = known(f"{module}.{alias.evaluated_name}")
            aliases.append(alias.with_changes(name=cst.Name(found.last[1])) if found is not None else alias)
        return updated_node.with_changes(names=aliases)

    def _renaming(self, function: cst.BaseExpression) -> Renaming | None:
        names = self.get_metadata(QualifiedNameProvider, function, set())
        return next((found for name in names if (found := known(name.name)) is not None), None)


def _with_keywords(call: cst.Call, renamed: Mapping[str, str]) -> cst.Call:
    if not any(item.keyword is not None and item.keyword.value in renamed for item in call.args):
        return call
    return call.with_changes(args=[
        item.with_changes(keyword=cst.Name(renamed[item.keyword.value]))
        if item.keyword is not None and item.keyword.value in renamed else item
        for item in call.args
    ])  # fmt: skip


def _named(function: cst.BaseExpression, found: Renaming) -> cst.BaseExpression:
    old, new = found.last
    if isinstance(function, cst.Name) and function.value == old:
        return cst.Name(new)
    if isinstance(function, cst.Attribute) and function.attr.value == old:
        return cast(cst.BaseExpression, function.with_changes(attr=cst.Name(new)))
    return function
