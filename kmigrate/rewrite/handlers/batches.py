"""Which batch size does a generator have? It is looked for where the generator was made."""

from __future__ import annotations

import ast
from dataclasses import dataclass

from kmigrate.match.arguments import Misfit, bind
from kmigrate.resolve.returns import results
from kmigrate.resolve.scopes import Scope
from kmigrate.resolve.values import Instance, KerasMember, Unknown, UserClass, UserFunction, UserObject, only
from kmigrate.rewrite.handlers import Context

_ITERATOR = "keras.preprocessing.image.Iterator"
_IMAGES = "keras.preprocessing.image.ImageDataGenerator"
_FLOWS = frozenset({"flow", "flow_from_directory"})
_NAMES = (
    "batch_size", "batchsize", "batchSize", "batch_sz", "b_size", "bsize", "bs", "b_s", "minibatch_size", "mini_batch_size",
    "nb_batch",
)  # fmt: skip
_STEPS = ("next", "__next__", "__getitem__")
"""The methods of an iterator of the user's, one of which gives a batch."""
_COUNTS = frozenset({"nb_sample", "n"})
_DEPTH = 4


@dataclass(frozen=True, slots=True)
class Batch:
    """The batch size: a number, or text that gives it where the call stands.

    shuffle is False if flow() said so; doubt: why it is only probably right, if so.
    """

    number: int | None
    text: str
    shuffle: bool = True
    doubt: str | None = None


def batch_of(context: Context, generator: ast.expr, count: ast.expr) -> Batch | None:
    """The batch size of a generator, of which a call counts `count` samples."""
    found = _batch(context, generator, context.found.scope)
    if found is not None:
        return found
    spelled = context.site.module.segment(generator)
    counted = isinstance(count, ast.Attribute) and count.attr in _COUNTS
    if counted and isinstance(count, ast.Attribute) and context.site.module.segment(count.value) == spelled:
        return Batch(None, f"{spelled}.batch_size", doubt=f"`{spelled}` is taken for an iterator over images")
    return None


def _batch(context: Context, node: ast.expr, scope: Scope, depth: int = 0) -> Batch | None:
    """The batch size of the generator that `node` is."""
    if depth > _DEPTH:
        return None
    evaluator = context.evaluator
    if isinstance(node, ast.Call):
        return _of_call(context, node, scope)
    if isinstance(node, ast.Name):
        made = evaluator.assigned_once(node, scope)
        found = _batch(context, *made, depth + 1) if made is not None else None
        if made is not None and found is not None and (found.number or made[1] in scope.chain()):
            return found
    if not isinstance(node, ast.Name | ast.Attribute):
        return None
    value = only(evaluator.values(node, scope))
    if isinstance(value, Instance) and evaluator.classes.is_a(value.cls, _ITERATOR):
        return Batch(None, f"{context.site.module.segment(node)}.batch_size")
    return _of_object(context, node, value.cls, scope) if isinstance(value, UserObject) else None


def _of_call(context: Context, call: ast.Call, scope: Scope) -> Batch | None:
    func = call.func
    method = only(context.evaluator.values(func, scope))
    match method:
        case UserFunction(node=ast.FunctionDef() as node, owner=owner):
            found = _of_function(context, node, call, scope, leading=int(owner is not None))
            if found is None and owner is not None and isinstance(func, ast.Attribute) and _yields(node):
                return _of_object(context, func.value, owner, scope, node)
            return found
        case UserClass() if _is_iterator(context, method):
            made = context.evaluator.classes.initializer(method)
            if made is None or not isinstance(made.node, ast.FunctionDef):
                return None
            return _of_function(context, made.node, call, scope, leading=1)
        case KerasMember(cls=cls, name=name) if name in _FLOWS:
            return _of_flow(context, cls, name, call, scope)
        case Unknown() if isinstance(func, ast.Attribute) and func.attr in _FLOWS:
            doubt = f"`{context.site.module.segment(func.value)}` is taken for an ImageDataGenerator"
            return _of_flow(context, _IMAGES, func.attr, call, scope, doubt)
        case Unknown():
            given = next((keyword for keyword in call.keywords if keyword.arg in _NAMES), None)
            if given is not None and given.arg is not None:
                return _written(context, given.value, scope, True, _doubt(given.arg))
    return None


def _of_flow(
    context: Context, cls: str, name: str, call: ast.Call, scope: Scope, doubt: str | None = None
) -> Batch | None:
    """The batch size of an iterator over images, by the call that makes it."""
    member = context.evaluator.world.keras.member(cls, name)
    if member is None or member.signature is None:
        return None
    bound = bind(member.signature, call)
    if isinstance(bound, Misfit) or bound.opaque is not None:
        return None
    shuffled = bound.get("shuffle")
    shuffle = not (shuffled is not None and isinstance(shuffled.value, ast.Constant) and shuffled.value.value is False)
    size = bound.get("batch_size")
    if size is None:
        return Batch(32, "32", shuffle, doubt)
    return _written(context, size.value, scope, shuffle, doubt)


def _of_function(context: Context, node: ast.FunctionDef, call: ast.Call, scope: Scope, *, leading: int) -> Batch | None:
    """A generator of the user that is told a batch size: it is believed to give so many samples each time.

    `node` is the function that is called, or the `__init__` of the class; `leading` of its parameters come with the object.
    """
    names = [argument.arg for argument in (*node.args.posonlyargs, *node.args.args)]
    name = next((name for name in (*names, *(a.arg for a in node.args.kwonlyargs)) if name in _NAMES), None)
    if name is None or not (_yields(node) or _hands_on(node, name) or node.name == "__init__"):
        return None
    if any(isinstance(a, ast.Starred) for a in call.args) or any(k.arg is None for k in call.keywords):
        return None
    given = next((keyword.value for keyword in call.keywords if keyword.arg == name), None)
    doubt = _doubt(name)
    if given is None and name in names:
        index = names.index(name) - leading
        given = call.args[index] if 0 <= index < len(call.args) else None
        defaults = dict(zip(reversed(names), reversed(node.args.defaults), strict=False))
        default = defaults.get(name)
        if given is None and isinstance(default, ast.Constant) and isinstance(default.value, int):
            return Batch(default.value, str(default.value), doubt=doubt)
    return _written(context, given, scope, True, doubt) if given is not None else None


def _of_object(
    context: Context, node: ast.expr, cls: UserClass, scope: Scope, method: ast.FunctionDef | None = None
) -> Batch | None:
    """A generator of the user's that keeps its batch size: an object, or what a `method` of it yields that reads the size."""
    if not isinstance(node, ast.Name | ast.Attribute) or not _same_value(context, node, scope):
        return None
    if method is None and not _is_iterator(context, cls):
        return None
    read = {inner.attr for inner in ast.walk(method) if isinstance(inner, ast.Attribute)} if method is not None else set(_NAMES)
    name = next((name for name in _NAMES if name in read and context.evaluator.classes.overridden(cls, name)), None)
    if name is None:
        return None
    text = f"{context.site.module.segment(node)}.{name}"
    return Batch(None, text, doubt=_doubt(text))


def _is_iterator(context: Context, cls: UserClass) -> bool:
    return any(context.evaluator.classes.defines(cls, name) for name in _STEPS)


def _doubt(size: str) -> str:
    return f"the generator is taken to give `{size}` samples each time"


def _yields(node: ast.FunctionDef) -> bool:
    return any(isinstance(inner, ast.Yield) for inner in ast.walk(node))


def _hands_on(node: ast.FunctionDef, name: str) -> bool:
    """Whether a function gives what it makes with this parameter: `return Batches(x, y, batch_size=batch_size)`."""
    made = [result for result in results(node) if isinstance(result, ast.Call)]
    return any(isinstance(inner, ast.Name) and inner.id == name for result in made for inner in ast.walk(result))


def _written(
    context: Context, size: ast.expr, scope: Scope, shuffle: bool, doubt: str | None = None
) -> Batch | None:
    """A batch size by the expression that a call gives."""
    if isinstance(size, ast.Constant) and isinstance(size.value, int):
        return Batch(size.value, str(size.value), shuffle, doubt)
    if isinstance(size, ast.Name | ast.Attribute) and _same_value(context, size, scope):
        return Batch(None, ast.unparse(size), shuffle, doubt)
    return None


def _same_value(context: Context, node: ast.Name | ast.Attribute, scope: Scope) -> bool:
    """Whether the name means the same at the call: one binding, in a scope that both can see."""
    root: ast.expr = node
    while isinstance(root, ast.Attribute):
        root = root.value
    if not isinstance(root, ast.Name):
        return False
    owner = scope.lookup(root.id)
    seen = context.found.scope.lookup(root.id)
    return owner is not None and seen is owner and len(owner.bindings.get(root.id, ())) <= 1  # none where a star import brings it
