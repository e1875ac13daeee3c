"""How import statements change: in place, in the user's style, nothing moved, nothing left over that we caused."""

from __future__ import annotations

import ast
import re
from collections.abc import Sequence

from kmigrate.edits import Edit, insert, replace
from kmigrate.keras.signatures import of_keras
from kmigrate.resolve.scopes import Binding
from kmigrate.rewrite.import_places import anchor_for, imports_keras, statement_for
from kmigrate.rewrite.layout import Layout, Slot
from kmigrate.rewrite.names.entries import Entry
from kmigrate.rewrite.names.names import Names
from kmigrate.rewrite.statements import delete_statement
from kmigrate.source.module import Module

_CODE = re.compile(r"[\w;]")
_DOTTED = r"\w+(?:[\s\\]*\.[\s\\]*\w+)*"
"""A dotted name as Python reads it: blanks may stand around its dots, `keras. layers`."""

_FROM = re.compile(rf"from[\s\\]+(?P<module>{_DOTTED})")
_NAME = re.compile(_DOTTED)


def import_edits(names: Names, dropped: dict[Binding, str]) -> list[Edit]:
    """The edits of all import statements. `dropped` are imports of names that Keras 2 has not, with their rules."""
    edits: list[Edit] = []
    deleted: set[ast.stmt] = set()
    statements: dict[ast.stmt, list[Binding]] = {}
    for binding in names.imported.scopes.imports:
        statement = binding.statement
        if isinstance(statement, (ast.Import, ast.ImportFrom)) and (statement in statements or imports_keras(statement)):
            statements.setdefault(statement, []).append(binding)
    appended = _taken_by(names, statements)
    for statement, bindings in statements.items():
        if statement in names.imported.frozen:
            continue
        if isinstance(statement, ast.ImportFrom):
            edits.extend(_from_statement(names, statement, bindings, dropped, appended.pop(statement, []), deleted))
        else:
            edits.extend(_import_statement(names, statement, bindings, deleted))
    edits.extend(_new_statements(names, [entry for entries in appended.values() for entry in entries], deleted))
    return edits


def _from_statement(
    names: Names, node: ast.stmt, bindings: list[Binding], dropped: dict[Binding, str], extra: list[Entry],
    deleted: set[ast.stmt],
) -> list[Edit]:  # fmt: skip
    assert isinstance(node, ast.ImportFrom)
    base = node.module or ""
    if node.level or not of_keras(base):
        return []
    if not extra and names.all_wait(bindings) and _stands(names, base, bindings):
        return []
    entries: list[list[Entry]] = [_entries(names, binding, base, dropped) for binding in bindings]
    every = [entry for listed in entries for entry in listed] + extra
    rule = next((entry.rule for entry in every if entry.rule), _moved(names))
    if not every:
        deleted.add(node)
        first = next(iter(dropped[b] for b in bindings if b in dropped), rule)
        return _without_statement(names, node, _cause(names, bindings) or first)
    main = next((entry.module for entry in every if of_keras(entry.module)), every[0].module)
    here = [[entry for entry in listed if entry.module == main] for listed in entries]
    other: dict[str, list[Entry]] = {}
    for entry in every:
        if entry.module != main:
            other.setdefault(entry.module, []).append(entry)
    edits = _module_text(names.imported.module, node, main, rule)
    edits.extend(_aliases(names, node, bindings, here, [entry for entry in extra if entry.module == main], rule))
    if other:
        edits.append(_after(names.imported.module, node, [_statement(module, listed) for module, listed in other.items()], rule))
    return edits


def _stands(names: Names, base: str, bindings: list[Binding]) -> bool:
    """Whether a line may wait with its uses: not if all it needs is the documented place, which is right for Keras 1 as well."""
    paths = [f"{base}.{binding.node.name}" for binding in bindings if isinstance(binding.node, ast.alias)]
    return not any(_is_moved(names, path) for path in paths) or not all(
        names.imported.places.exists(path) or _is_moved(names, path) for path in paths
    )


def _is_moved(names: Names, path: str) -> bool:
    place = None if names.imported.places.exists(path) else names.imported.places.name(path)
    return place is not None and place[0] == names.imported.places.keras1.canonical(path)


def _moved(names: Names) -> str:
    moved = names.imported.places.rules.moved
    return moved.id if moved else "KM000"


def _entries(names: Names, binding: Binding, base: str, dropped: dict[Binding, str]) -> list[Entry]:
    """What an alias of a from-import becomes."""
    alias = binding.node
    assert isinstance(alias, ast.alias)
    moved = names.imported.places.rules.moved
    moved_id = moved.id if moved else ""
    if binding.kind == "star":
        place = names.imported.places.module(base) or base
        return [Entry(place, "*", None, moved_id if place != base else "")]
    brought = names.brought.get(binding)
    loads = names.imported.loads(binding)
    stays = names.stays(binding) or not loads or binding in names.kept
    listed = list(brought or ())
    if binding in names.renamed_modules:
        module = names.renamed_modules[binding]
        parent, _, name = module.rpartition(".")
        known = names.imported.places.rules.modules.get(f"{base}.{alias.name}")
        local = alias.asname or (alias.name if name != alias.name and names.stays(binding) else None)
        return [Entry(parent, name, local, known[1].id if known else moved_id), *listed]
    if brought is not None and not stays:
        return listed
    if loads and not stays:
        return []
    if binding in dropped:
        return listed
    if any(entry.local == binding.name for entry in listed):
        return listed
    return [_kept(names, binding, base, alias, moved_id), *listed]


def _kept(names: Names, binding: Binding, base: str, alias: ast.alias, moved: str) -> Entry:
    path = f"{base}.{alias.name}"
    keras = names.imported.places.keras1
    if keras.is_module(path):
        module = names.module_for(binding, path)
        if module is not None and module != path:
            parent, _, name = module.rpartition(".")
            return Entry(parent, name, alias.asname or (alias.name if name != alias.name else None), moved)
        return Entry(base, alias.name, alias.asname)
    places = names.imported.places
    if places.exists(path):
        return Entry(base, alias.name, alias.asname)
    home = places.module(base)
    if home is not None and home != base and places.moves(path) and places.exists(f"{home}.{alias.name}"):
        return Entry(home, alias.name, alias.asname, moved)
    new = places.name(path)
    if new is None or new[0].endswith("()"):
        return Entry(base, alias.name, alias.asname)
    place, _, name = new[0].rpartition(".")
    local = alias.asname or (alias.name if name != alias.name else None)
    return Entry(place, name, local, new[1].id if new[1] is not None else moved)


def _aliases(
    names: Names, node: ast.ImportFrom, bindings: list[Binding], here: list[list[Entry]], extra: list[Entry], rule: str
) -> list[Edit]:
    module = names.imported.module
    edits: list[Edit] = []
    changed: list[tuple[int, list[Entry]]] = []
    removed: set[int] = set()
    seen: set[str] = set()
    for index, (binding, listed) in enumerate(zip(bindings, here, strict=True)):
        fresh = [entry for entry in listed if entry.text not in seen]
        seen.update(entry.text for entry in fresh)
        if not fresh:
            removed.add(index)
        elif not _same(binding, fresh):
            changed.append((index, fresh))
    extra = [entry for entry in extra if entry.text not in seen]
    if not (changed or removed or extra):
        return []
    shape = _layout(module, node)
    for index, fresh in changed:
        text = ", ".join(entry.text for entry in fresh)
        slot = shape.slots[index].whole
        if module.text[slot.start : slot.end] != text:
            cause = next((entry.rule for entry in fresh if entry.rule), rule)
            edits.append(replace(slot.start, slot.end, text, rule=cause))
    for span in shape.removals(frozenset(removed)):
        edits.append(replace(span.start, span.end, rule=_cause(names, [bindings[i] for i in sorted(removed)]) or rule))
    for entry in extra:
        loose = shape.close == module.end(node)
        at, text = (shape.close, f", {entry.text}") if loose else shape.appended(entry.text)
        edits.append(insert(at, text, rule=entry.rule or rule))
    return edits


def _same(binding: Binding, entries: list[Entry]) -> bool:
    alias = binding.node
    assert isinstance(alias, ast.alias)
    return len(entries) == 1 and (entries[0].name, entries[0].alias) == (alias.name, alias.asname)


def _layout(module: Module, node: ast.ImportFrom) -> Layout:
    slots = tuple(Slot(module.span(alias), module.span(alias)) for alias in node.names)
    end = module.end(node)
    close = end - 1 if module.text[end - 1] == ")" else end
    return Layout(slots[0].whole.start - 1, close, slots, module)


def _module_text(module: Module, node: ast.ImportFrom, new: str, rule: str) -> list[Edit]:
    if node.module == new:
        return []
    start = module.start(node)
    match = _FROM.match(module.text, start)
    if match is None:
        return []
    return [replace(match.start("module"), match.end("module"), new, rule=rule)]


def _import_statement(names: Names, node: ast.stmt, bindings: list[Binding], deleted: set[ast.stmt]) -> list[Edit]:
    edits: list[Edit] = []
    if len(bindings) == 1 and _lost_all_uses(names, bindings[0]):
        deleted.add(node)
        return _without_statement(names, node, _cause(names, bindings) or _moved(names))
    for binding in bindings:
        alias = binding.node
        assert isinstance(alias, ast.alias)
        if not of_keras(alias.name):
            continue
        new = names.renamed_modules.get(binding) or names.module_for(binding, alias.name)
        if new is None or new == alias.name:
            continue
        start = names.imported.module.start(alias)
        known = names.imported.places.rules.modules.get(alias.name)
        rule = known[1].id if known else _moved(names)
        spelled = _NAME.match(names.imported.module.text, start)
        edits.append(replace(start, spelled.end() if spelled else start + len(alias.name), new, rule=rule))
    return edits


def _lost_all_uses(names: Names, binding: Binding) -> bool:
    """Whether `import keras.a.b as c` brings nothing any more, because every use got a name of its own."""
    alias = binding.node
    assert isinstance(alias, ast.alias)
    kept = binding in names.kept or binding in names.renamed_modules or names.stays(binding)
    return bool(alias.asname) and alias.name.startswith("keras.") and bool(names.imported.loads(binding)) and not kept


def _taken_by(names: Names, statements: dict[ast.stmt, list[Binding]]) -> dict[ast.stmt | None, list[Entry]]:
    """The added names by the statement that takes them; None for those that need one of their own."""
    if not names.added:
        return {}
    modules = {
        statement: module
        for statement, bindings in statements.items()
        if statement not in names.imported.frozen
        and bindings[0].kind != "star"
        and (module := _final_module(names, statement, bindings)) is not None
    }
    taken: dict[ast.stmt | None, list[Entry]] = {}
    for entry in names.added:
        taken.setdefault(statement_for(names, entry, modules), []).append(entry)
    return taken


def _final_module(names: Names, node: ast.stmt, bindings: list[Binding]) -> str | None:
    """The module that a from-import of Keras names once it is migrated."""
    if not isinstance(node, ast.ImportFrom) or not imports_keras(node):
        return None
    listed = [entry for binding in bindings for entry in _entries(names, binding, node.module or "", {})]
    return listed[0].module if listed else None


def _new_statements(names: Names, entries: Sequence[Entry], deleted: set[ast.stmt]) -> list[Edit]:
    if not entries:
        return []
    by_module: dict[str, list[Entry]] = {}
    for entry in entries:
        by_module.setdefault(entry.module, []).append(entry)
    lines = [_statement(module, listed) for module, listed in by_module.items()]
    anchor = anchor_for(names, entries)
    rule = next((entry.rule for entry in entries if entry.rule), "KM000")
    if anchor is not None and anchor not in deleted:
        return [_after(names.imported.module, anchor, lines, rule)]
    newline = names.imported.module.source.newline
    body = names.imported.scopes.tree.body
    start = names.imported.module.start(anchor or body[0]) if body else 0
    line_start = names.imported.module.source.line_starts[names.imported.module.source.line(start) - 1]
    margin = names.imported.module.text[line_start:start]
    margin = "" if _CODE.search(margin) else margin
    return [insert(line_start, "".join(f"{margin}{line}{newline}" for line in lines), rule=rule)]


def _statement(module: str, entries: Sequence[Entry]) -> str:
    texts = dict.fromkeys(entry.text for entry in entries)
    return f"from {module} import {', '.join(texts)}"


def _after(module: Module, node: ast.stmt, lines: Sequence[str], rule: str) -> Edit:
    """New statements behind `node`, on lines of their own unless it shares its line with others."""
    source = module.text
    end = module.end(node)
    rest = re.compile(r"[ \t]*(;?)[^\r\n]*").match(source, end)
    start = module.start(node)
    line_start = module.source.line_starts[module.source.line(start) - 1]
    indent = source[line_start:start]
    if indent.strip() or (rest is not None and rest.group(1)):
        return insert(end, "".join(f"; {line}" for line in lines), rule=rule)
    comment = re.compile(r"[ \t]*#[^\r\n]*").match(source, end)
    at = comment.end() if comment else end
    return insert(at, "".join(f"{module.source.newline}{indent}{line}" for line in lines), rule=rule)


def _without_statement(names: Names, node: ast.stmt, rule: str) -> list[Edit]:
    return [delete_statement(names.imported.module, node, names.imported.scopes.parents.get(node), rule)]


def _cause(names: Names, bindings: list[Binding]) -> str | None:
    for request in names.requests:
        if names.imported.binding(request.found) in bindings:
            return request.rule
    return None
