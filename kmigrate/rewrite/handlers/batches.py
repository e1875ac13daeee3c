"""Which batch size does a generator have? It is looked for where the generator was made."""

from __future__ import annotations

import ast
from dataclasses import dataclass

from kmigrate.match.arguments import Misfit, bind
from kmigrate.resolve.scopes import Scope
from kmigrate.resolve.values import Instance, KerasMember, UserFunction, only
from kmigrate.rewrite.handlers import Context

_ITERATOR = "keras.preprocessing.image.Iterator"
_NAMES = frozenset({"batch_size", "batchsize", "batch_sz", "minibatch_size", "nb_batch", "bs"})
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
    value = only(evaluator.values(node, scope))
    iterator = isinstance(value, Instance) and evaluator.classes.is_a(value.cls, _ITERATOR)
    if iterator and isinstance(node, ast.Name | ast.Attribute):
        return Batch(None, f"{context.site.module.segment(node)}.batch_size")
    return None


def _of_call(context: Context, call: ast.Call, scope: Scope) -> Batch | None:
    method = only(context.evaluator.values(call.func, scope))
    if isinstance(method, UserFunction):
        return _of_function(context, method, call, scope)
    if not isinstance(method, KerasMember) or method.name not in ("flow", "flow_from_directory"):
        return None
    member = context.evaluator.world.keras.member(method.cls, method.name)
    if member is None or member.signature is None:
        return None
    bound = bind(member.signature, call)
    if isinstance(bound, Misfit) or bound.opaque is not None:
        return None
    shuffled = bound.get("shuffle")
    shuffle = not (shuffled is not None and isinstance(shuffled.value, ast.Constant) and shuffled.value.value is False)
    size = bound.get("batch_size")
    if size is None:
        return Batch(32, "32", shuffle)
    return _written(context, size.value, scope, shuffle)


def _of_function(context: Context, function: UserFunction, call: ast.Call, scope: Scope) -> Batch | None:
    """A generator of the user that is told a batch size: it is believed to yield so many samples each time."""
    node = function.node
    if isinstance(node, ast.Lambda) or not any(isinstance(inner, ast.Yield) for inner in ast.walk(node)):
        return None
    names = [argument.arg for argument in (*node.args.posonlyargs, *node.args.args)]
    name = next((name for name in (*names, *(a.arg for a in node.args.kwonlyargs)) if name in _NAMES), None)
    if name is None or any(isinstance(a, ast.Starred) for a in call.args) or any(k.arg is None for k in call.keywords):
        return None
    given = next((keyword.value for keyword in call.keywords if keyword.arg == name), None)
    doubt = f"the generator is taken to give `{name}` samples each time"
    if given is None and name in names:
        index = names.index(name) - (1 if function.owner is not None else 0)
        given = call.args[index] if 0 <= index < len(call.args) else None
        defaults = dict(zip(reversed(names), reversed(node.args.defaults), strict=False))
        default = defaults.get(name)
        if given is None and isinstance(default, ast.Constant) and isinstance(default.value, int):
            return Batch(default.value, str(default.value), doubt=doubt)
    return _written(context, given, scope, True, doubt) if given is not None else None


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
    return owner is not None and context.found.scope.lookup(root.id) is owner and len(owner.bindings[root.id]) == 1
