"""The edits of all import statements of a module, and the statements that come new."""

from __future__ import annotations

import ast
import re
from collections.abc import Sequence

from kmigrate.edits import Edit, insert, replace
from kmigrate.keras.signatures import of_keras
from kmigrate.resolve.linked import imports_keras
from kmigrate.resolve.scopes import Binding, Scope
from kmigrate.rewrite.imports.aliases import alias_edits, imported_names
from kmigrate.rewrite.imports.entries import entries_of, may_wait, moved_rule
from kmigrate.rewrite.imports.handed_on import handed_on_edits
from kmigrate.rewrite.imports.places import anchor_for, first_of, is_command, statement_for
from kmigrate.rewrite.names.entries import Entry
from kmigrate.rewrite.names.names import Names
from kmigrate.rewrite.statements import delete_each
from kmigrate.source.module import Module

_CODE = re.compile(r"[\w;]")
_DOTTED = r"\w+(?:[\s\\]*\.[\s\\]*\w+)*"
"""A dotted name as Python reads it: blanks may stand around its dots, `keras. layers`."""

_FROM = re.compile(rf"from[\s\\]+(?P<module>{_DOTTED})")
_NAME = re.compile(_DOTTED)
_COMMENT = re.compile(r"[ \t]*#[^\r\n]*")
_COMMAND = re.compile(r"(?:[^\r\n]*\\(?:\r\n|\r|\n))*[^\r\n]*")
"""The rest of a line for IPython, with those that a backslash adds to it."""


def import_edits(names: Names, dropped: dict[Binding, str]) -> list[Edit]:
    """The edits of all import statements. `dropped` are imports of names that Keras 2 has not, with their rules."""
    edits: list[Edit] = []
    deleted: dict[ast.stmt, str] = {}
    statements: dict[ast.stmt, list[Binding]] = {}
    for binding in names.imported.scopes.imports:
        statement = binding.statement
        if isinstance(statement, (ast.Import, ast.ImportFrom)) and (statement in statements or imports_keras(statement)):
            statements.setdefault(statement, []).append(binding)
    appended = _taken_by(names, statements)
    modules: dict[ast.stmt, set[str]] = {}
    for statement, bindings in statements.items():
        if statement in names.imported.frozen:
            continue
        if _is_starred_already(names, statement, statements):
            deleted[statement] = moved_rule(names)
        elif isinstance(statement, ast.ImportFrom):
            edits.extend(_from_statement(names, statement, bindings, dropped, appended.pop(statement, []), deleted))
        else:
            before = modules.setdefault(_first_of_run(names, statement), set())
            edits.extend(_import_statement(names, statement, bindings, deleted, before))
    for node, changes, fresh in handed_on_edits(names, dropped, deleted) if names.imported.taken else ():
        edits.extend(changes)
        if fresh:
            lines = [_statement(entry.module, [entry]) for entry in fresh]
            edits.append(_after(names.imported.module, node, lines, fresh[0].rule))
    edits.extend(delete_each(names.imported.module, deleted, names.imported.scopes))
    homes: dict[Scope | None, list[Entry]] = {}
    for entry in [entry for entries in appended.values() for entry in entries]:
        homes.setdefault(entry.home, []).append(entry)
    for entries in homes.values():
        edits.append(_new_statements(names, entries, deleted))
    return edits


def _from_statement(
    names: Names, node: ast.stmt, bindings: list[Binding], dropped: dict[Binding, str], extra: list[Entry],
    deleted: dict[ast.stmt, str],
) -> list[Edit]:  # fmt: skip
    assert isinstance(node, ast.ImportFrom)
    base = node.module or ""
    if node.level or not of_keras(base):
        return []
    if not extra and _waits(names, node, bindings):
        return []
    entries: list[list[Entry]] = [entries_of(names, binding, base, dropped) for binding in bindings]
    every = [entry for listed in entries for entry in listed] + extra
    rule = next((entry.rule for entry in every if entry.rule), moved_rule(names))
    if not every:
        first = next(iter(dropped[b] for b in bindings if b in dropped), rule)
        deleted[node] = names.cause(bindings) or first
        return []
    main = next((entry.module for entry in every if of_keras(entry.module)), every[0].module)
    here = [[entry for entry in listed if entry.module == main] for listed in entries]
    other: dict[str, list[Entry]] = {}
    for entry in every:
        if entry.module != main:
            other.setdefault(entry.module, []).append(entry)
    edits = _module_text(names.imported.module, node, main, rule)
    edits.extend(alias_edits(names, node, bindings, here, [entry for entry in extra if entry.module == main], rule))
    if other:
        edits.append(_after(names.imported.module, node, [_statement(module, listed) for module, listed in other.items()], rule))
    return edits


def _waits(names: Names, node: ast.ImportFrom, bindings: list[Binding]) -> bool:
    """Whether a statement stays as it is, with the uses of all that it brings."""
    return names.all_wait(bindings) and may_wait(names, node.module or "", bindings)


def _is_starred_already(names: Names, node: ast.stmt, statements: dict[ast.stmt, list[Binding]]) -> bool:
    """Whether a star import becomes one that stands right above it, with nothing but others of Keras between them."""
    module = _starred(names, node, statements)
    if module is None or module == getattr(node, "module", None):
        return False
    block = names.imported.scopes.block(node)
    for other in reversed(block[: block.index(node)] if node in block else []):
        above = _starred(names, other, statements)
        if above is None or above == module:
            return above is not None
    return False


def _starred(names: Names, node: ast.stmt, statements: dict[ast.stmt, list[Binding]]) -> str | None:
    """The module whose names a star import of Keras brings once it is migrated; None for other statements."""
    bindings = statements.get(node)
    if not isinstance(node, ast.ImportFrom) or bindings is None or bindings[0].kind != "star":
        return None
    return node.module if node in names.imported.frozen or _waits(names, node, bindings) else _final_module(names, node, bindings)


def _module_text(module: Module, node: ast.ImportFrom, new: str, rule: str) -> list[Edit]:
    if node.module == new:
        return []
    start = module.start(node)
    match = _FROM.match(module.text, start)
    if match is None:
        return []
    return [replace(match.start("module"), match.end("module"), new, rule=rule)]


def _import_statement(
    names: Names, node: ast.stmt, bindings: list[Binding], deleted: dict[ast.stmt, str], before: set[str]
) -> list[Edit]:
    """The edits of `import ...`; what a statement right `before` it imports, or becomes, does not come again by our doing."""
    assert isinstance(node, ast.Import)
    if len(bindings) == 1 and _lost_all_uses(names, bindings[0]):
        deleted[node] = names.cause(bindings) or moved_rule(names)
        return []
    edits: list[Edit] = []
    twice: dict[int, str] = {}
    for index, binding in enumerate(bindings):
        alias = binding.node
        assert isinstance(alias, ast.alias)
        new = _module_of(names, binding, alias)
        known = names.imported.places.rules.modules.get(alias.name)
        rule = known[1].id if known else moved_rule(names)
        if new != alias.name and new in before and alias.asname is None:
            twice[index] = rule
        elif new != alias.name:
            start = names.imported.module.start(alias)
            spelled = _NAME.match(names.imported.module.text, start)
            edits.append(replace(start, spelled.end() if spelled else start + len(alias.name), new, rule=rule))
        if alias.asname is None:
            before.add(new)
    if twice and len(twice) == len(node.names):
        deleted[node] = twice[0]
        return []
    if twice:
        shape = imported_names(names.imported.module, node)
        edits += [replace(span.start, span.end, rule=min(twice.values())) for span in shape.removals(frozenset(twice))]
    return edits


def _first_of_run(names: Names, node: ast.stmt) -> ast.stmt:
    """The first of the import statements that stand together with this one."""
    block = names.imported.scopes.block(node)
    index = block.index(node) if node in block else 0
    while index > 0 and isinstance(block[index - 1], ast.Import | ast.ImportFrom):
        index -= 1
    return block[index] if block else node


def _module_of(names: Names, binding: Binding, alias: ast.alias) -> str:
    """The module that `import keras.a.b` names once it is migrated."""
    if not of_keras(alias.name):
        return alias.name
    return names.renamed_modules.get(binding) or names.module_for(binding, alias.name) or alias.name


def _lost_all_uses(names: Names, binding: Binding) -> bool:
    """Whether `import keras.a.b as c` brings nothing any more, because every use got a name of its own."""
    alias = binding.node
    assert isinstance(alias, ast.alias)
    kept = binding in names.kept or binding in names.renamed_modules or names.stays(binding)
    lost = bool(alias.asname) and alias.name.startswith("keras.") and bool(names.imported.loads(binding)) and not kept
    return lost and not names.imported.handed_out(binding)


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
    listed = [entry for binding in bindings for entry in entries_of(names, binding, node.module or "", {})]
    return listed[0].module if listed else None


def _new_statements(names: Names, entries: Sequence[Entry], deleted: dict[ast.stmt, str]) -> Edit:
    """New statements at one level: that of the module, or of a function."""
    by_module: dict[str, list[Entry]] = {}
    for entry in entries:
        by_module.setdefault(entry.module, []).append(entry)
    lines = [_statement(module, listed) for module, listed in by_module.items() if module]
    lines += [_statement("", [entry]) for entry in by_module.get("", ())]
    anchor = anchor_for(names, entries)
    rule = next((entry.rule for entry in entries if entry.rule), "KM000")
    if anchor is not None and anchor not in deleted:
        return _after(names.imported.module, anchor, lines, rule)
    newline = names.imported.module.source.newline
    below = anchor or first_of(names, entries[0])
    start = names.imported.module.start(below) if below is not None else 0
    line_start = names.imported.module.source.line_starts[names.imported.module.source.line(start) - 1]
    margin = names.imported.module.text[line_start:start]
    if _CODE.search(margin):
        if entries[0].home is not None:  # `def f(): return x`
            return insert(start, "".join(f"{line}; " for line in lines), rule=rule)
        margin = ""
    return insert(line_start, "".join(f"{margin}{line}{newline}" for line in lines), rule=rule)


def _statement(module: str, entries: Sequence[Entry]) -> str:
    texts = ", ".join(dict.fromkeys(entry.text for entry in entries))
    return f"from {module} import {texts}" if module else f"import {texts}"


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
    comment = (_COMMAND if is_command(module, node) else _COMMENT).match(source, end)
    at = comment.end() if comment else end
    return insert(at, "".join(f"{module.source.newline}{indent}{line}" for line in lines), rule=rule)
