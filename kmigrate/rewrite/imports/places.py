"""Where do names that a file needs newly come in: in which import statement, or behind which?"""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence

from kmigrate.resolve.linked import imports_keras
from kmigrate.resolve.values import UserModule
from kmigrate.rewrite.names.entries import Entry, position
from kmigrate.rewrite.names.names import Names
from kmigrate.source.module import Module


def statement_for(names: Names, entry: Entry, modules: Mapping[ast.stmt, str]) -> ast.stmt | None:
    """The statement that takes the name: the last one at its level, above the first use, that imports from its module.

    `modules` says for each from-import of Keras from where it imports once it is migrated.
    """
    level = _level_of(names, entry)
    fitting = (node for node, module in modules.items() if module == entry.module and node in level)
    return max((node for node in fitting if position(node) < entry.first), key=position, default=None)


def anchor_for(names: Names, entries: Sequence[Entry]) -> ast.stmt | None:
    """The statement behind which new imports come, above the first use; None for the top of the file, or of the function.

    That is the last import of Keras. Without one, a module of the project brings Keras, and what stands above it (an
    environment variable, a device) may have to come first.
    """
    body = _level_of(names, entries[0])
    first = min(entry.first for entry in entries)
    above = [node for node in body if isinstance(node, ast.Import | ast.ImportFrom) and position(node) < first]
    if entries[0].home is not None:
        return next((node for node in reversed(above) if imports_keras(node)), None)
    for brings in (imports_keras, lambda node: _imports_project(names, node)):
        found = [node for node in above if brings(node)]
        if found:
            return found[-1]
    return _end_of_head(names.imported.module, body)


def first_of(names: Names, entry: Entry) -> ast.stmt | None:
    """The first statement at the level of a name, its docstring left out."""
    body = _level_of(names, entry)
    rest = body[1:] if entry.home is not None and len(body) > 1 and _is_text(body[0]) else body
    return rest[0] if rest else None


def _level_of(names: Names, entry: Entry) -> list[ast.stmt]:
    """The statements among which the import of a name stands."""
    body: list[ast.stmt] = entry.home.node.body if entry.home is not None else names.imported.scopes.tree.body
    return body


def is_command(module: Module, statement: ast.stmt) -> bool:
    """Whether a line that only IPython reads stands there: `%matplotlib inline`, `!ls`, `%%time`."""
    return _is_constant(statement, int) and module.text[module.start(statement)] in "%!?"


def _is_text(statement: ast.stmt) -> bool:
    return _is_constant(statement, str)


def _is_constant(statement: ast.stmt, kind: type) -> bool:
    value = statement.value if isinstance(statement, ast.Expr) else None
    return isinstance(value, ast.Constant) and isinstance(value.value, kind)


def _imports_project(names: Names, statement: ast.Import | ast.ImportFrom) -> bool:
    world = names.imported.evaluator.world
    found = (world.module_value(name, names.imported.scopes, _level(statement)) for name in _modules(statement))
    return any(isinstance(value, UserModule) for values in found for value in values)


def _modules(statement: ast.Import | ast.ImportFrom) -> list[str]:
    match statement:
        case ast.ImportFrom(module=module):
            return [module or ""]
        case ast.Import(names=aliases):
            return [alias.name for alias in aliases]


def _level(statement: ast.Import | ast.ImportFrom) -> int:
    return statement.level if isinstance(statement, ast.ImportFrom) else 0


def _end_of_head(module: Module, body: Sequence[ast.stmt]) -> ast.stmt | None:
    """The last of the docstring, the imports and the lines for IPython at the top, but for `%time f()`, where Python follows."""
    head: ast.stmt | None = None
    for statement, following in zip(body, (*body[1:], None), strict=True):
        alone = following is None or following.lineno > statement.lineno
        command = alone and is_command(module, statement)
        if not (command or _is_text(statement) or isinstance(statement, ast.Import | ast.ImportFrom)):
            break
        head = statement
    return head
