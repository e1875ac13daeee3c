"""What becomes of names of Keras that a file takes from another module of the project, which will not have them any more?"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping, Sequence

from kmigrate.edits import Edit, replace
from kmigrate.resolve.scopes import Binding
from kmigrate.resolve.values import KerasModule, KerasName, only
from kmigrate.rewrite.imports.aliases import alias_edits
from kmigrate.rewrite.imports.entries import moved_rule
from kmigrate.rewrite.names.entries import Entry
from kmigrate.rewrite.names.handed_on import new_path
from kmigrate.rewrite.names.names import Names

_STAYS = Entry("", "")


def handed_on_edits(
    names: Names, dropped: Mapping[Binding, str], deleted: dict[ast.stmt, str]
) -> Iterator[tuple[ast.ImportFrom, list[Edit], list[Entry]]]:
    """The statements that change, their edits, and the names that they have to bring from Keras itself.

    Statements that go as a whole are put to the `deleted` ones, with the rule to blame.
    """
    taken = names.imported.taken
    found = {binding.statement: None for binding in names.imported.scopes.imports if binding.node in taken}
    for statement in found:
        assert isinstance(statement, ast.ImportFrom)
        if statement in names.imported.frozen:
            continue
        bindings = [binding for binding in names.imported.scopes.imports if binding.statement is statement]
        become = [_becomes(names, binding, dropped) if binding.node in taken else _STAYS for binding in bindings]
        if not all(entry is _STAYS for entry in become):
            fresh = [entry for entry in become if entry is not None and entry is not _STAYS]
            yield statement, _edits(names, statement, bindings, become, fresh, deleted), fresh


def _becomes(names: Names, binding: Binding, dropped: Mapping[Binding, str]) -> Entry | None:
    """What a name becomes: _STAYS, None if it goes, or what Keras has in its place."""
    imported = names.imported
    if binding in dropped:
        return None
    if imported.loads(binding) and not names.stays(binding):
        return None
    value = only(imported.evaluator.binding(binding))
    assert isinstance(value, KerasName | KerasModule)
    new = new_path(imported.evaluator.world, imported.places, value.path)
    if new is None:
        return _STAYS
    home, _, name = new.rpartition(".")
    return Entry(home, name, binding.name if binding.name != name else None, moved_rule(names))


def _edits(
    names: Names, node: ast.ImportFrom, bindings: list[Binding], become: Sequence[Entry | None], fresh: list[Entry],
    deleted: dict[ast.stmt, str],
) -> list[Edit]:  # fmt: skip
    """The statement without the names that go; where none is left, an import of the module, which may do more.

    A name that comes in its place is taken from the `fresh` ones.
    """
    rule = names.cause(bindings) or moved_rule(names)
    module = names.imported.module
    base = node.module or ""
    here = [
        [Entry(base, binding.node.name, binding.node.asname)] if entry is _STAYS and isinstance(binding.node, ast.alias) else []
        for binding, entry in zip(bindings, become, strict=True)
    ]
    if any(here):
        return alias_edits(names, node, bindings, here, [], rule)
    text = _without_names(names, node)
    if text is None and not fresh:
        deleted[node] = rule
        return []
    if text is None:
        entry = fresh.pop(0)
        text = f"from {entry.module} import {entry.text}"
    span = module.span(node)
    return [replace(span.start, span.end, text, rule=rule)]


def _without_names(names: Names, node: ast.ImportFrom) -> str | None:
    """The import of the module alone; None where it is a package around this module, which is there already."""
    if node.module is None:
        return None
    home, _, name = node.module.rpartition(".")
    bound = node.module.partition(".")[0] if not node.level else name
    scopes = names.imported.scopes
    taken = bound in scopes.loads or any(bound in scope.bindings for scope in scopes.all_scopes())
    alias = f" as _{name}" if taken else ""
    return f"from {'.' * node.level}{home} import {name}{alias}" if node.level else f"import {node.module}{alias}"
