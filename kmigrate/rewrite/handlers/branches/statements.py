"""Small questions about the statements that build a Sequential: what is added, in which block, alone on its line?"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from kmigrate.resolve.evaluate import Evaluator
from kmigrate.resolve.scopes import Binding, ModuleScope, Scope
from kmigrate.resolve.values import Instance, KerasName, UserObject, Values
from kmigrate.rewrite.handlers import Context
from kmigrate.rewrite.handlers.text import commented
from kmigrate.rewrite.plan import Refusal

SEQUENTIAL = "keras.models.Sequential"
BRANCH = frozenset({Instance(SEQUENTIAL)})
MERGE = frozenset({Instance("keras.layers.Merge")})
_RECIPE = (
    "Make the model functional and keep the order of the inputs: a = Input(shape=left.input_shape[1:]), the same for "
    "b; x = concatenate([left(a), right(b)]) (or add, multiply, dot ... by mode); apply the layers that follow to x; "
    "end with Model([a, b], x). Every input that fit() passes gets one Input, in that order."
)


def refused(reason: str) -> Refusal:
    return Refusal(f"{reason}. {_RECIPE}")


def makes_sequential(context: Context, made: ast.Call, binding: Binding) -> bool:
    return is_sequential(context.evaluator.values(made.func, binding.scope))


def is_sequential(callees: Values) -> bool:
    """Whether it is the class Sequential that is called."""
    return bool(callees) and all(isinstance(item, KerasName) and item.path == SEQUENTIAL for item in callees)


def model_of(statement: ast.stmt) -> ast.Name | None:
    """The model in `model.add(layer)`."""
    call = statement.value if isinstance(statement, ast.Expr) else None
    if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute) and call.func.attr == "add":
        return call.func.value if isinstance(call.func.value, ast.Name) else None
    return None


def added_layer(statement: ast.stmt) -> ast.expr | None:
    """The layer in the statement `model.add(layer)`."""
    if model_of(statement) is None:
        return None
    assert isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Call)
    call = statement.value
    plain = len(call.args) == 1 and not call.keywords and isinstance(call.args[0], ast.Call | ast.Name)
    return call.args[0] if plain else None


def is_layer(evaluator: Evaluator, values: Values) -> bool:
    layer = "keras.layers.Layer"
    return bool(values) and all(
        (isinstance(value, Instance) and value.cls != "keras.layers.Merge" and evaluator.classes.is_a(value.cls, layer))
        or (isinstance(value, UserObject) and evaluator.classes.inherits(value.cls, layer))
        for value in values
    )


def alone(context: Context, statement: ast.stmt) -> bool:
    """Whether the statement has its lines for itself, comments aside."""
    module = context.site.module
    start, end = module.start(statement), module.end(statement)
    line = module.source.line_starts[module.source.line(start) - 1]
    rest = re.compile(r"[ \t]*(#[^\r\n]*)?(?=\r|\n|$)").match(module.text, end)
    return module.text[line:start].strip() == "" and rest is not None


def separator(context: Context, statement: ast.stmt) -> str:
    """What stands between a statement that is written here and the next; a semicolon where others share its line."""
    if not alone(context, statement):
        return "; "
    module = context.site.module
    start = module.start(statement)
    line = module.source.line_starts[module.source.line(start) - 1]
    return f"{module.source.newline}{module.text[line:start]}"


def in_the_way(context: Context, statement: ast.stmt, kept: ast.expr | None = None) -> str | None:
    """What stands in a statement that goes, all but `kept`, and would go with it."""
    module = context.site.module
    if commented(module, module.span(statement), [module.span(kept)] if kept is not None else []):
        return "a comment stands inside the statement"
    return None


def crowded(statements: Sequence[ast.stmt]) -> bool:
    """Whether two statements that go stand on one line."""
    lines = sorted((statement.lineno, statement.end_lineno or statement.lineno) for statement in statements)
    return any(end >= start for (_, end), (start, _) in pairwise(lines))


def only_use(context: Context, statement: ast.Assign, scope: Scope) -> ast.Name | None:
    """The one place in the same scope that reads what `name = value` binds; None where there may be others."""
    target = statement.targets[0]
    if len(statement.targets) != 1 or not isinstance(target, ast.Name) or target.id in context.scopes.exported:
        return None
    owner = scope.lookup(target.id)
    loads = context.scopes.loads.get(target.id, ())
    if owner is not scope or len(scope.bindings.get(target.id, ())) != 1 or len(loads) != 1:
        return None
    load, inner = loads[0]
    return load if inner is scope and isinstance(load.ctx, ast.Load) else None


def settled(name: str, scope: Scope) -> bool:
    """Whether a name stands for the same thing wherever it is read."""
    owner = scope.lookup(name)
    return owner is None or len(owner.bindings.get(name, ())) <= 1


def loads_of(context: Context, binding: Binding) -> Iterator[tuple[ast.Name, Scope, bool]]:
    """The places that may read what a binding gave its name, and whether they can read nothing else."""
    for load, scope in binding.scope.module.loads.get(binding.name, ()):
        reached = context.evaluator.bindings(load, scope) or frozenset()
        if isinstance(load.ctx, ast.Load) and binding in reached:
            yield load, scope, len(reached) == 1


def deadline(module: ModuleScope, merge: ast.Call, binding: Binding) -> tuple[int, int]:
    """Where a branch must be complete: at the Merge, or at a loop around it that makes several of one branch."""
    found = position(merge)
    made = _around(module, binding.node)
    node: ast.AST | None = merge
    while node is not None and node not in made:
        if isinstance(node, ast.For | ast.AsyncFor | ast.While):
            found = position(node)
        node = module.parents.get(node)
    return found


def position(node: ast.expr | ast.stmt) -> tuple[int, int]:
    """Line and column, to tell what stands before what."""
    return node.lineno, node.col_offset


def _around(module: ModuleScope, node: ast.AST) -> set[ast.AST]:
    found = set()
    inner: ast.AST | None = node
    while inner is not None:
        found.add(inner)
        inner = module.parents.get(inner)
    return found
