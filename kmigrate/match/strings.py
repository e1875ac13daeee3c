"""Which strings and keywords are names of Keras 1 where no call, attribute or import of Keras is in sight?"""

from __future__ import annotations

import ast
import builtins
from collections.abc import Collection, Iterable, Iterator, Mapping

from kmigrate.match.found import Found
from kmigrate.match.kept_tensors import KEPT, kept_tensors
from kmigrate.match.keys import STORED, string_keys
from kmigrate.match.texts import text_uses
from kmigrate.resolve.evaluate import Evaluator
from kmigrate.resolve.scopes import Binding, ModuleScope, Scope
from kmigrate.resolve.values import UNKNOWN, UserClass

READ, PASSED, BY_NAME, COMPARED, BODY = "read", "passed", "by_name", "compared", "body"
_NOTHING: frozenset[str] = frozenset()
_LAYER = "keras.layers.Layer"


def string_uses(
    module: ModuleScope, text: str, evaluator: Evaluator, wanted: Mapping[str, Collection[str]]
) -> list[Found]:  # fmt: skip
    """The strings of each kind that rules treat, in a module that uses Keras; those of a kind in the order of the text."""
    return sorted((*_uses(module, evaluator, wanted), *text_uses(module, text, wanted)), key=_place)


def _place(found: Found) -> tuple[str, int, int]:
    assert isinstance(found.node, ast.expr | ast.keyword)
    return found.spelled, found.node.lineno, found.node.col_offset


def _uses(module: ModuleScope, evaluator: Evaluator, wanted: Mapping[str, Collection[str]]) -> Iterator[Found]:
    if names := wanted.get(STORED, _NOTHING):
        yield from string_keys(module, names)
    if names := wanted.get(READ, _NOTHING):
        yield from _read(module, evaluator, names)
    if names := wanted.get(PASSED, _NOTHING):
        yield from _passed(module, evaluator, names)
    if names := wanted.get(BY_NAME, _NOTHING):
        yield from _by_name(module, evaluator, names)
    if wanted.get(KEPT):
        yield from kept_tensors(module, evaluator)
    if names := wanted.get(COMPARED, _NOTHING):
        yield from _compared(module, names)
    if flags := wanted.get(BODY, _NOTHING):
        yield from _flags(module, evaluator, flags)


def _flags(module: ModuleScope, evaluator: Evaluator, flags: Collection[str]) -> Iterator[Found]:
    """What the body of a layer's class sets to True, where the class leaves it at that: it defines no mask of its own."""
    for node, _, scope in module.classes:
        for name in flags:
            bindings = scope.bindings.get(name, ())
            cls = UserClass(node, module)
            if (
                len(bindings) == 1
                and isinstance(bindings[0].assigned, ast.Constant)
                and bindings[0].assigned.value is True
                and evaluator.classes.inherits(cls, _LAYER)
                and not evaluator.classes.overridden(cls, "compute_mask")
                and name not in evaluator.classes.stores(module).get(node, {})
            ):
                yield Found("string", name, bindings[0].node, module.top, spelled=BODY)


def _read(module: ModuleScope, evaluator: Evaluator, keys: Collection[str]) -> Iterator[Found]:
    """Keys that what `get_config` gave is asked for: `layer.get_config()['border_mode']`."""
    for subscript in module.subscripts:
        key = subscript.slice
        if (
            isinstance(key, ast.Constant)
            and key.value in keys
            and isinstance(subscript.ctx, ast.Load)
            and _is_config(module, subscript.value)
        ):
            yield Found("string", str(key.value), key, module.top, spelled=READ)
    for call, _ in evaluator.callers(module, "get"):
        match call:
            case ast.Call(func=ast.Attribute(value=owner), args=[ast.Constant(value=str() as text), *_]) if (
                text in keys and _is_config(module, owner)
            ):
                yield Found("string", text, call.args[0], module.top, spelled=READ)


def _is_config(module: ModuleScope, node: ast.expr) -> bool:
    """Whether an expression is the config of a layer: a call of get_config outside of one, or the 'config' of an item."""
    match node:
        case ast.Call(func=ast.Attribute(attr="get_config")):
            return _method(module, node) != "get_config"
        case ast.Subscript(slice=ast.Constant(value="config")):
            return True
        case ast.Name(id=name):
            owner = module.scope_around(node).lookup(name)
            bindings = owner.bindings.get(name, ()) if owner is not None else ()
            values = [binding.assigned for binding in bindings]
            return bool(values) and all(
                isinstance(value, ast.Call | ast.Subscript) and _is_config(module, value) for value in values
            )
        case _:
            return False


def _method(module: ModuleScope, node: ast.AST) -> str:
    function = module.scope_around(node).function
    return function.node.name if function is not None and isinstance(function.node, ast.FunctionDef) else ""


def _passed(module: ModuleScope, evaluator: Evaluator, keywords: Collection[str]) -> Iterator[Found]:
    """Calls of something that nobody knows with keywords of Keras 1: `layer(10, 3, border_mode='same')`."""
    for call, scope in module.calls:
        names = [keyword.arg for keyword in call.keywords if keyword.arg in keywords] if call.keywords else ()
        if names and _is_given(call.func, scope) and evaluator.values(call.func, scope) <= UNKNOWN:
            yield Found("string", str(names[0]), call.func, scope, spelled=PASSED)


def _by_name(module: ModuleScope, evaluator: Evaluator, keywords: Collection[str]) -> Iterator[Found]:
    """Calls of a method that a string asks for: `getattr(model, 'fit')(nb_epoch=2)` of what nobody knows, and by methodcaller."""
    for name, _ in module.loads.get("getattr", ()):
        asking = module.parents.get(name)
        call = module.parents.get(asking) if isinstance(asking, ast.Call) else None
        if isinstance(call, ast.Call) and call.func is asking:
            names = [keyword.arg for keyword in call.keywords if keyword.arg in keywords]
            if names and evaluator.values(call.func, module.scope_around(call)) <= UNKNOWN:
                yield Found("string", str(names[0]), call.func, module.top, spelled=BY_NAME)
    for call, _ in evaluator.callers(module, "methodcaller"):
        names = [keyword.arg for keyword in call.keywords if keyword.arg in keywords]
        if names:
            yield Found("string", str(names[0]), call.func, module.top, spelled=BY_NAME)


def _is_given(func: ast.expr, scope: Scope) -> bool:
    """Whether what is called was handed over or looked up, or comes from nowhere, and is not imported or defined here."""
    if isinstance(func, ast.Subscript) or _is_class_of(func) or _is_asked_for(func):
        return True
    if not isinstance(func, ast.Name) or func.id == "cls":
        return False
    owner = scope.lookup(func.id)
    if owner is None:  # a document shows pieces of a program; with a star import the module owns it
        return not hasattr(builtins, func.id)
    bindings = owner.bindings.get(func.id, ())
    return bool(bindings) and all(_hands_over(binding) for binding in bindings)


def _hands_over(binding: Binding) -> bool:
    assigned = binding.assigned
    if binding.kind in ("parameter", "loop", "unpack") or isinstance(assigned, ast.Subscript | ast.Call):
        return True
    return _is_class_of(assigned)


def _is_class_of(node: ast.expr | None) -> bool:
    """Whether an expression is the class of an object: `type(layer)`, `layer.__class__`."""
    match node:
        case ast.Call(func=ast.Name(id="type"), args=[_]) | ast.Attribute(value=ast.Name(), attr="__class__"):
            return not isinstance(node, ast.Attribute) or getattr(node.value, "id", "") != "self"
        case _:
            return False


def _is_asked_for(func: ast.expr) -> bool:
    """Whether what is called is looked up by a name: `getattr(module, kind)`."""
    return isinstance(func, ast.Call) and isinstance(func.func, ast.Name) and func.func.id == "getattr"


def _compared(module: ModuleScope, classes: Collection[str]) -> Iterator[Found]:
    """Names of classes that are compared with that of an object, and the keys of tables by which they are looked up."""
    own = {node.name for node, _, _ in module.classes}
    names = [
        attribute for attribute, _ in module.attributes.get("__name__", ()) if not _has_a_rule(module, attribute)
    ]
    items = [item for item in module.subscripts if isinstance(item.slice, ast.Constant) and item.slice.value == "class_name"]
    for asked in dict.fromkeys(_comparisons(module, [*names, *items])):
        for constant in _constants(asked):
            if constant.value in classes and constant.value not in own:
                yield Found("string", str(constant.value), constant, module.top, spelled=COMPARED)
    for table in module.dicts:
        for key in table.keys:
            if isinstance(key, ast.Constant) and key.value in classes and key.value not in own:
                yield Found("string", str(key.value), key, module.top, spelled=COMPARED)


def _has_a_rule(module: ModuleScope, name: ast.Attribute) -> bool:
    """Whether it is `x.__class__.__name__`, compared where it stands: a rule for `__class__` changes what it is compared with."""
    by_class = isinstance(name.value, ast.Attribute) and name.value.attr == "__class__"
    return by_class and isinstance(module.parents.get(name), ast.Compare)


def _comparisons(module: ModuleScope, asked: Iterable[ast.expr]) -> Iterator[ast.Compare | ast.Call]:
    """The comparisons of the names of classes that these expressions give, also by a name that is bound to one."""
    for node in asked:
        yield from _questions(module, node)
        parent = module.parents.get(node)
        if isinstance(parent, ast.Assign):
            named = (target.id for target in parent.targets if isinstance(target, ast.Name))
            for name in named:
                for load, _ in module.loads.get(name, ()):
                    yield from _questions(module, load)


def _questions(module: ModuleScope, node: ast.expr) -> Iterator[ast.Compare | ast.Call]:
    """The comparison that a string stands in, or the call that asks how it begins."""
    parent = module.parents.get(node)
    if isinstance(parent, ast.Compare):
        yield parent
    elif isinstance(parent, ast.Attribute) and parent.attr in ("startswith", "endswith", "find"):
        call = module.parents.get(parent)
        if isinstance(call, ast.Call):
            yield call


def _constants(asked: ast.Compare | ast.Call) -> Iterator[ast.Constant]:
    for side in asked.args if isinstance(asked, ast.Call) else (asked.left, *asked.comparators):
        for node in side.elts if isinstance(side, ast.Tuple | ast.List | ast.Set) else (side,):
            if isinstance(node, ast.Constant):
                yield node
