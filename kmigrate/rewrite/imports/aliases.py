"""The text of the names in a from-import: only those that change, change."""

from __future__ import annotations

import ast

from kmigrate.edits import Edit, insert, replace
from kmigrate.resolve.scopes import Binding
from kmigrate.rewrite.layout import Layout, Slot
from kmigrate.rewrite.names.entries import Entry
from kmigrate.rewrite.names.names import Names
from kmigrate.source.module import Module


def alias_edits(
    names: Names, node: ast.ImportFrom, bindings: list[Binding], here: list[list[Entry]], extra: list[Entry], rule: str
) -> list[Edit]:
    """The edits of the names of one statement: `here` is what each becomes, `extra` what comes in besides."""
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
    if extra and len(removed) == len(bindings):  # what comes in stands where the first of them went
        removed.remove(0)
        changed.append((0, extra))
        extra = []
    shape = imported_names(module, node)
    for index, fresh in changed:
        text = ", ".join(entry.text for entry in fresh)
        slot = shape.slots[index].whole
        if module.text[slot.start : slot.end] != text:
            cause = next((entry.rule for entry in fresh if entry.rule), rule)
            edits.append(replace(slot.start, slot.end, text, rule=cause))
    for span in shape.removals(frozenset(removed)):
        edits.append(replace(span.start, span.end, rule=names.cause([bindings[i] for i in sorted(removed)]) or rule))
    for entry in extra:
        loose = shape.close == module.end(node)
        at, text = (shape.close, f", {entry.text}") if loose else shape.appended(entry.text)
        edits.append(insert(at, text, rule=entry.rule or rule))
    return edits


def _same(binding: Binding, entries: list[Entry]) -> bool:
    alias = binding.node
    assert isinstance(alias, ast.alias)
    return len(entries) == 1 and (entries[0].name, entries[0].alias) == (alias.name, alias.asname)


def imported_names(module: Module, node: ast.Import | ast.ImportFrom) -> Layout:
    """The names of an import statement, laid out as if they were the arguments of a call."""
    slots = tuple(Slot(module.span(alias), module.span(alias)) for alias in node.names)
    end = module.end(node)
    close = end - 1 if module.text[end - 1] == ")" else end
    return Layout(slots[0].whole.start - 1, close, slots, module)
