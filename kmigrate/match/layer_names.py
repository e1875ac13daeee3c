"""Which strings are names that Keras makes up for layers, or for the losses and metrics of layers without a name?

Few files hold such a string: the text is searched for the words first, and the tree walked where it has one.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Collection, Iterator, Mapping
from functools import cache

from kmigrate.match.found import Found
from kmigrate.resolve.scopes import ModuleScope

MADE_UP, NUMBERED = "made_up", "numbered"
"""What rules call those of Keras 1 alone, and those with a number of which Keras 2 makes up some as well."""

_ASKING = frozenset({"startswith", "endswith", "find", "index", "count"})
"""Methods of a string that ask what it holds."""

_TRAINING = frozenset(
    "compile fit evaluate fit_generator evaluate_generator train_on_batch test_on_batch predict predict_on_batch".split()
)
"""Methods of a model that take dicts by the names of its inputs and outputs."""

_NUMBER = re.compile(r"_[1-9]\d*(?:_|['\"])")
"""What stands behind the name of such a layer, in a key or in the name of its loss or metric."""

_LAST_WORD = re.compile(r"[a-z0-9]+\Z")
_LONGEST = 30
"""More letters than any name of a layer has."""


def layer_names(module: ModuleScope, text: str, wanted: Mapping[str, Collection[str]]) -> Iterator[Found]:
    """The strings of both kinds."""
    made_up, numbered = (frozenset(wanted.get(kind, ())) for kind in (MADE_UP, NUMBERED))
    if made_up:
        yield from _made_up(module, text, made_up)
    if numbered and ".name" in text:
        yield from _numbered(module, numbered)
    if _is_numbered(text, made_up | numbered):
        yield from _of_outputs(module, numbered)
        yield from _of_metrics(module, made_up, numbered)


def string_use(constant: ast.Constant, name: str, module: ModuleScope, where: str) -> Found:
    """The use of Keras that a string is; `where` is what rules call its kind."""
    return Found("string", name, constant, module.top, spelled=where)


def strings(module: ModuleScope) -> list[tuple[ast.Constant, str]]:
    """The strings of a module with their text."""
    return [(node, node.value) for node in module.parents if node.__class__ is ast.Constant and node.value.__class__ is str]


def _is_numbered(text: str, names: frozenset[str]) -> bool:
    """Whether one of the names stands before a number: few texts have any, and the tree need not be walked."""
    for found in _NUMBER.finditer(text):
        word = _LAST_WORD.search(text, max(found.start() - _LONGEST, 0), found.start())
        if word is not None and word[0] in names:
            return True
    return False


@cache
def _pattern(names: frozenset[str]) -> re.Pattern[str]:
    """Names that are made up: `dense`, `dense_3`, or the beginning of one that is written with a number (`dense_%d`)."""
    return re.compile(rf"['\"]({'|'.join(sorted(names))})(_(\d+|%[ds]|\{{\w*\}})?)?['\"]")


@cache
def _beginnings(names: frozenset[str]) -> tuple[int, frozenset[str]]:
    """As many letters as all of the names have, and with which of them they begin."""
    few = min(map(len, names))
    return few, frozenset(name[:few] for name in names)


@cache
def _stems(names: frozenset[str]) -> dict[str, str]:
    """What names of layers for any number of axes begin with (`convolution`), with one of them each."""
    return {name[:-2]: name for name in sorted(names) if name.endswith(("1d", "2d", "3d"))}


def _made_up(module: ModuleScope, text: str, names: frozenset[str]) -> Iterator[Found]:
    """Names that Keras 1 makes up and Keras 2 never: one of each, for what is said of it is the same."""
    stems = _stems(names)
    words = names.union(stems)
    few, beginnings = _beginnings(words)
    if beginnings.isdisjoint([part[:few] for part in text.replace('"', "'").split("'")]):
        return
    pattern = _pattern(words)
    given = _given_names(module)
    told: set[str] = set()
    matches = ((constant, pattern.fullmatch(f"'{value}'")) for constant, value in strings(module))
    fitting = [(constant, found) for constant, found in matches if found is not None and constant.value not in given]
    for constant, found in sorted(fitting, key=lambda item: (item[0].lineno, item[0].col_offset)):
        if found[0] in told or _names_a_layer(module, constant):
            continue
        asked = _is_asked_for(module, constant)
        if asked and _asks_a_name(module, constant) if found[1] in stems else asked or found[3] is not None:
            told.add(found[0])
            yield string_use(constant, stems.get(found[1], found[1]), module, MADE_UP)


def _numbered(module: ModuleScope, names: frozenset[str]) -> Iterator[Found]:
    """Names with a number of which both make up some, compared with the name of an object."""
    pattern = _pattern(names)
    asked = [attribute for attribute, _ in module.attributes.get("name", ())]
    given = _given_names(module) if asked else frozenset()
    for attribute in asked:
        compare = module.parents.get(attribute)
        for side in (compare.left, *compare.comparators) if isinstance(compare, ast.Compare) else ():
            for constant in side.elts if isinstance(side, ast.List | ast.Tuple | ast.Set) else (side,):
                if isinstance(constant, ast.Constant) and isinstance(constant.value, str) and constant.value not in given:
                    found = pattern.fullmatch(f"'{constant.value}'")
                    if found is not None and found[3] is not None:
                        yield string_use(constant, found[1], module, NUMBERED)


def _of_outputs(module: ModuleScope, names: frozenset[str]) -> Iterator[Found]:
    """Keys of the dicts by which a model is given its losses, weights and arrays: `fit(x, {'dense_2': y})`."""
    pattern = _pattern(names)
    given: frozenset[str] | None = None
    for node in module.dicts:
        parent = module.parents.get(node)
        call = module.parents.get(parent) if isinstance(parent, ast.keyword) else parent
        if not (isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute) and call.func.attr in _TRAINING):
            continue
        for key in node.keys:
            if not isinstance(key, ast.Constant) or not isinstance(key.value, str):
                continue
            found = pattern.fullmatch(f"'{key.value}'")
            if found is not None and found[3] is not None:
                given = _given_names(module) if given is None else given
                if key.value not in given:
                    yield string_use(key, found[1], module, NUMBERED)


@cache
def _metric(names: frozenset[str]) -> re.Pattern[str]:
    """The name of a metric, alone or to be filled into a text: `val_dense_1_loss`, `{dense_1_acc:.2f}`, `%(dense_1_acc)s`."""
    return re.compile(rf"(?:^|\{{|%\()(?:val_)?(({'|'.join(sorted(names))})_\d+)_[a-z]\w*(?=$|[:!}})])")


def _of_metrics(module: ModuleScope, made_up: frozenset[str], numbered: frozenset[str]) -> Iterator[Found]:
    """The names of losses and metrics of layers without a name, which callbacks and histories ask for: one of each."""
    pattern = _metric(made_up | numbered)
    given = _given_names(module)
    told: set[str] = set()
    for constant, value in strings(module):
        for found in pattern.finditer(value):
            if found[0] not in told and found[1] not in given and not isinstance(module.parents.get(constant), ast.Expr):
                told.add(found[0])
                yield string_use(constant, found[2], module, MADE_UP if found[2] in made_up else NUMBERED)
                break


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


def _asks_a_name(module: ModuleScope, constant: ast.Constant) -> bool:
    """Whether the name of an object stands beside a string: in its comparison, or as what its method asks."""
    parent = module.parents.get(constant)
    return parent is not None and any(isinstance(node, ast.Attribute) and node.attr == "name" for node in ast.walk(parent))
