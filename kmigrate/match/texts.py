"""Which strings of a module are names that Keras 1 makes up, keys of its settings, or code that speaks of it?

Few files hold such a string: the text is searched for the words first, and the tree walked where it has one.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Collection, Iterator, Mapping
from functools import cache

from kmigrate.match.found import Found
from kmigrate.resolve.scopes import ModuleScope

MADE_UP, NUMBERED, SETTING, BACKEND = "made_up", "numbered", "setting", "backend"
_VARIABLE = "KERAS_BACKEND"
_FILE = "keras.json"
_ASKING = frozenset({"startswith", "endswith", "find", "index", "count"})
"""Methods of a string that ask what it holds."""


def text_uses(module: ModuleScope, text: str, wanted: Mapping[str, Collection[str]]) -> Iterator[Found]:
    """The strings of each kind that rules treat."""
    if names := wanted.get(MADE_UP):
        yield from _made_up(module, text, frozenset(names))
    if (names := wanted.get(NUMBERED)) and ".name" in text:
        yield from _numbered(module, frozenset(names))
    if (keys := wanted.get(SETTING)) and _FILE in text:
        yield from _settings(module, text, keys)
    if (backends := wanted.get(BACKEND)) and _VARIABLE in text:
        yield from _backends(module, backends)


def _found(constant: ast.Constant, name: str, module: ModuleScope, where: str) -> Found:
    return Found("string", name, constant, module.top, spelled=where)


# --- names of layers ----------------------------------------------------------------------------------------------


@cache
def _pattern(names: frozenset[str]) -> re.Pattern[str]:
    """Names that are made up: `dense`, `dense_3`, or the beginning of one that is written with a number (`dense_%d`)."""
    return re.compile(rf"['\"]({'|'.join(sorted(names))})(_(\d+|%[ds]|\{{\w*\}})?)?['\"]")


@cache
def _beginnings(names: frozenset[str]) -> tuple[int, frozenset[str]]:
    """As many letters as all of the names have, and with which of them they begin."""
    few = min(map(len, names))
    return few, frozenset(name[:few] for name in names)


def _made_up(module: ModuleScope, text: str, names: frozenset[str]) -> Iterator[Found]:
    """Names that Keras 1 makes up and Keras 2 never: one of each, for what is said of it is the same."""
    few, beginnings = _beginnings(names)
    if beginnings.isdisjoint([part[:few] for part in text.replace('"', "'").split("'")]):
        return
    pattern = _pattern(names)
    given = _given_names(module)
    told: set[str] = set()
    matches = ((constant, pattern.fullmatch(f"'{value}'")) for constant, value in _strings(module))
    fitting = [(constant, found) for constant, found in matches if found is not None and constant.value not in given]
    for constant, found in sorted(fitting, key=lambda item: (item[0].lineno, item[0].col_offset)):
        if found[0] in told or _names_a_layer(module, constant):
            continue
        if found[3] is not None or _is_asked_for(module, constant):
            told.add(found[0])
            yield _found(constant, found[1], module, MADE_UP)


def _numbered(module: ModuleScope, names: frozenset[str]) -> Iterator[Found]:
    """Names with a number of which both make up some, compared with the name of an object."""
    pattern = _pattern(names)
    asked = [attribute for attribute, _ in module.attributes if attribute.attr == "name"]
    given = _given_names(module) if asked else frozenset()
    for attribute in asked:
        compare = module.parents.get(attribute)
        for side in (compare.left, *compare.comparators) if isinstance(compare, ast.Compare) else ():
            for constant in side.elts if isinstance(side, ast.List | ast.Tuple | ast.Set) else (side,):
                if isinstance(constant, ast.Constant) and isinstance(constant.value, str) and constant.value not in given:
                    found = pattern.fullmatch(f"'{constant.value}'")
                    if found is not None and found[3] is not None:
                        yield _found(constant, found[1], module, NUMBERED)


def _given_names(module: ModuleScope) -> frozenset[str]:
    """The names that this module gives its layers itself."""
    values = [keyword.value for call, _ in module.calls for keyword in call.keywords if keyword.arg == "name"]
    return frozenset(value.value for value in values if isinstance(value, ast.Constant) and isinstance(value.value, str))


def _names_a_layer(module: ModuleScope, constant: ast.Constant) -> bool:
    """Whether a string becomes the name of a layer, or is one that `get_layer` is given, which has a rule of its own."""
    child: ast.AST = constant
    parent = module.parents.get(child)
    while parent is not None and not isinstance(parent, ast.stmt):
        if isinstance(parent, ast.keyword) and parent.arg == "name":
            return True
        if isinstance(parent, ast.Call) and isinstance(parent.func, ast.Attribute) and parent.func.attr == "get_layer":
            return True
        child, parent = parent, module.parents.get(parent)
    return isinstance(parent, ast.Expr) and parent.value is constant


def _is_asked_for(module: ModuleScope, constant: ast.Constant) -> bool:
    """Whether a string is compared, looked for in another one, or the key under which something is looked up."""
    parent = module.parents.get(constant)
    if isinstance(parent, ast.List | ast.Tuple | ast.Set):
        parent = module.parents.get(parent)
    if isinstance(parent, ast.Call):
        return isinstance(parent.func, ast.Attribute) and parent.func.attr in _ASKING
    return isinstance(parent, ast.Compare)


# --- settings -----------------------------------------------------------------------------------------------------


def _settings(module: ModuleScope, text: str, keys: Collection[str]) -> Iterator[Found]:
    """Keys of keras.json, in a module that names that file: of a dict, or in the text of one."""
    if not any(key in text for key in keys):
        return
    for constant, value in _strings(module):
        parent = module.parents.get(constant)
        for key in keys:
            is_key = value == key and (
                (isinstance(parent, ast.Dict) and constant in parent.keys)
                or (isinstance(parent, ast.Subscript) and parent.slice is constant)
                or (isinstance(parent, ast.Call) and isinstance(parent.func, ast.Attribute) and parent.func.attr == "get")
            )
            if is_key or f'"{key}":' in value:
                yield _found(constant, key, module, SETTING)


def _backends(module: ModuleScope, names: Collection[str]) -> Iterator[Found]:
    """The backend that an environment variable is set to."""
    for constant, value in _strings(module):
        if value != _VARIABLE:
            continue
        statement = module.statement(constant)
        if isinstance(statement, ast.Assign | ast.Expr):
            for node in ast.walk(statement):
                if isinstance(node, ast.Constant) and node.value in names and not _is_compared(module, node):
                    yield _found(node, str(node.value), module, BACKEND)


def _is_compared(module: ModuleScope, node: ast.Constant) -> bool:
    return isinstance(module.parents.get(node), ast.Compare)


def _strings(module: ModuleScope) -> list[tuple[ast.Constant, str]]:
    """The strings of a module with their text."""
    return [(node, node.value) for node in module.parents if node.__class__ is ast.Constant and node.value.__class__ is str]
