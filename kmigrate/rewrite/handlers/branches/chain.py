"""The Sequential that a Merge is added to: the statements that make it, and all other uses of it."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from dataclasses import dataclass, replace

from kmigrate.resolve.scopes import Binding, Scope
from kmigrate.rewrite.handlers import Context
from kmigrate.rewrite.handlers.branches.listing import listing_in_the_way
from kmigrate.rewrite.handlers.branches.statements import (
    added_layer,
    in_the_way,
    is_layer,
    loads_of,
    makes_sequential,
    model_of,
    only_use,
    refused,
    settled,
)
from kmigrate.rewrite.plan import Refusal

_EVERY_MODEL_HAS = frozenset(
    "compile fit evaluate predict summary save save_weights load_weights to_json get_weights set_weights "
    "train_on_batch test_on_batch predict_on_batch fit_generator evaluate_generator predict_generator "
    "predict_classes predict_proba".split()
)
"""The last two are Sequential's alone, and become calls of predict by rules of their own."""


@dataclass(frozen=True, slots=True)
class Chain:
    """A model: its name, the statement that makes it, the one that merges, and those that add layers after it.

    `others` are the uses of the model that are no such statements; `named` makes the Merge, where it has a name. Where
    `model = Sequential([Merge(...), ...])` merges, `listed` are the layers behind it there, and `title` its `name=`.
    """

    name: str
    binding: Binding
    merge: ast.Expr | ast.Assign
    adds: tuple[ast.Expr, ...]
    others: tuple[ast.Name, ...]
    block: tuple[ast.stmt, ...]
    named: ast.Assign | None = None
    listed: tuple[ast.expr, ...] = ()
    title: ast.Constant | None = None

    @property
    def last(self) -> ast.Expr | ast.Assign:
        """The statement that completes the model."""
        return self.adds[-1] if self.adds else self.merge

    @property
    def layers(self) -> list[ast.expr]:
        """The layers behind the Merge."""
        added = [layer for statement in self.adds if (layer := added_layer(statement)) is not None]
        return [*self.listed, *added]

    @property
    def gone(self) -> list[ast.stmt]:
        """The statements that the functional model has no more."""
        made = self.binding.statement
        assert isinstance(made, ast.stmt)
        return [item for item in (made, self.named) if item is not None and item is not self.merge]


def chain_of(context: Context, made: ast.Call, scope: Scope) -> Chain | Refusal:
    """The model that a Merge is added to, if it has the plain shape."""
    scopes = context.scopes
    named = scopes.parents.get(made)
    layer = made if not isinstance(named, ast.Assign) else only_use(context, named, scope)
    statement = scopes.statement(layer) if layer is not None else None
    if layer is not None and isinstance(statement, ast.Assign):
        chain = _begun(context, layer, statement, scope)
    elif layer is not None and isinstance(statement, ast.Expr) and added_layer(statement) is layer:
        chain = _added_to(context, statement, scope)
    else:
        return refused(_elsewhere(context, statement))
    if not isinstance(named, ast.Assign) or isinstance(chain, Refusal):
        return chain
    if named not in chain.block or in_the_way(context, named):
        return refused("the Merge gets its name in another block, or with a comment")
    moved = next((node.id for node in ast.walk(made) if isinstance(node, ast.Name) and not settled(node.id, scope)), None)
    if moved is not None:
        return refused(f"`{moved}` may be something else where the Merge is added")
    return replace(chain, named=named)


def _elsewhere(context: Context, statement: ast.stmt | None) -> str:
    """Why it can't be seen what a Merge is added to."""
    match statement:
        case ast.Expr(value=ast.Call(func=ast.Attribute(attr="add", value=ast.Attribute() as model))):
            return f"the Merge is added to `{context.site.module.segment(model)}`, which code elsewhere may use in another way"
        case _:
            return "the Merge is not added to a Sequential by a statement of its own"


def _added_to(context: Context, statement: ast.Expr, scope: Scope) -> Chain | Refusal:
    """The model in `model.add(Merge(...))`."""
    model = model_of(statement)
    assert model is not None
    bindings = context.evaluator.bindings(model, scope)
    binding = next(iter(bindings)) if bindings is not None and len(bindings) == 1 else None
    value = binding.value if binding is not None and binding.kind == "assign" and not binding.path else None
    if binding is None or not isinstance(value, ast.Call) or not makes_sequential(context, value, binding):
        return refused(f"`{model.id}` may be something else than a new Sequential")
    title = _title(value)
    if value.args or len(value.keywords) > (title is not None) or binding.scope is not scope:
        return refused(f"`{model.id}` is made with layers or a name, or elsewhere")
    block = context.scopes.block(statement)
    first = binding.statement
    if not isinstance(first, ast.Assign) or len(first.targets) != 1 or first not in block:
        return refused(f"`{model.id} = Sequential()` is not in the same block")
    chain = _with_uses(context, block, binding, statement)
    return replace(chain, title=title) if isinstance(chain, Chain) else chain


def _begun(context: Context, layer: ast.expr, statement: ast.Assign, scope: Scope) -> Chain | Refusal:
    """The model in `model = Sequential([Merge(...), ...])`."""
    held, made = context.scopes.parents.get(layer), statement.value
    bindings = (binding for bound in scope.bindings.values() for binding in bound if binding.statement is statement)
    binding = next(bindings, None)
    if (
        binding is None or binding.path or len(statement.targets) != 1 or not isinstance(made, ast.Call)
        or not isinstance(held, ast.List) or held.elts[0] is not layer or not makes_sequential(context, made, binding)
    ):  # fmt: skip
        return refused("the Merge is not added to a Sequential by a statement of its own")
    title = _title(made)
    given = [*made.args, *(keyword.value for keyword in made.keywords if keyword.value is not title)]
    if given != [held] or not all(keyword.arg in ("layers", "name") for keyword in made.keywords):
        return refused(f"`{binding.name}` is made with other arguments")
    listed = held.elts[1:]
    if not all(_plain_layer(context, item, scope) for item in listed):
        return refused(f"not everything that `{binding.name}` lists behind the Merge is a layer")
    chain = _with_uses(context, context.scopes.block(statement), binding, statement, listed)
    return replace(chain, title=title) if isinstance(chain, Chain) else chain


def _plain_layer(context: Context, layer: ast.expr, scope: Scope) -> bool:
    plain = isinstance(layer, ast.Call | ast.Name)
    return plain and is_layer(context.evaluator, context.evaluator.values(layer, scope))


def _title(made: ast.Call) -> ast.Constant | None:
    """The `name` that a Sequential gets, if it is written out."""
    names = [keyword.value for keyword in made.keywords if keyword.arg == "name"]
    return names[0] if names and isinstance(names[0], ast.Constant) else None


def uses_of(context: Context, chain: Chain) -> list[ast.Name] | Refusal:
    """The uses of the model, under its own name and those that `other = model` gives it."""
    found: list[ast.Name] = []
    pending, seen = list(chain.others), {chain.binding}
    while pending:
        load = pending.pop()
        again = _named_again(context, load)
        if again is None:
            found.append(load)
            continue
        reads = list(loads_of(context, again))
        if again.name in context.scopes.exported or not all(certain for _, _, certain in reads):
            return refused(f"`{again.name}` may be another model where it is used")
        if context.site.module.start(load) < context.site.module.end(chain.last):
            return refused(f"`{load.id}` is used before it is complete")
        if again not in seen:
            seen.add(again)
            pending.extend(read for read, _, _ in reads)
    return found


def unfit_model(context: Context, chain: Chain) -> Refusal | None:
    """Why the model is no longer the one that its uses expect; None if it only trains, predicts and is saved."""
    uses = uses_of(context, chain)
    if isinstance(uses, Refusal):
        return uses
    return next((problem for load in uses if (problem := _unfit_use(context, load, chain)) is not None), None)


def _named_again(context: Context, load: ast.Name) -> Binding | None:
    """The second name that a model gets by `other = model`."""
    statement = context.scopes.parents.get(load)
    if not isinstance(statement, ast.Assign) or statement.value is not load or len(statement.targets) != 1:
        return None
    found = (
        binding
        for scope in context.scopes.all_scopes()
        for bound in scope.bindings.values()
        for binding in bound
        if binding.statement is statement and binding.kind == "assign" and scope.kind != "class"
    )
    return next(found, None)


def _unfit_use(context: Context, load: ast.Name, chain: Chain) -> Refusal | None:
    parent = context.scopes.parents.get(load)
    if not isinstance(parent, ast.Attribute) or parent.attr not in _EVERY_MODEL_HAS:
        return refused(f"`{load.id}` is used in another way than a model that only trains, predicts and is saved")
    if context.site.module.start(load) < context.site.module.end(chain.last):
        return refused(f"`{load.id}` is used before it is complete")
    call = context.scopes.parents.get(parent)
    if not isinstance(call, ast.Call) or call.func is not parent or any(isinstance(a, ast.Dict) for a in call.args):
        return refused(f"`{load.id}.{parent.attr}` is not simply called")
    if parent.attr == "load_weights" and not _one_file(call):
        return refused("weights that are loaded by name would not reach the layers of the branches")
    return None


def _one_file(call: ast.Call) -> bool:
    """Whether a call of load_weights gives the file and nothing else."""
    keywords = [keyword.arg for keyword in call.keywords]
    return len(call.args) + len(keywords) == 1 and keywords in ([], ["filepath"])


def _with_uses(
    context: Context, block: list[ast.stmt], binding: Binding, merge: ast.Expr | ast.Assign, listed: Sequence[ast.expr] = ()
) -> Chain | Refusal:
    """The model with the statements that add layers behind the Merge, and its other uses."""
    name = binding.name
    if name in context.scopes.exported:
        return refused(f"`{name}` is exported")
    adds: list[ast.Expr] = []
    others: list[ast.Name] = []
    for load, scope, certain in loads_of(context, binding):
        statement = context.scopes.statement(load)
        if not certain:
            return refused(f"`{name}` may be another model where it is used")
        added = added_layer(statement)
        if added is None or model_of(statement) is not load:
            others.append(load)
        elif statement is not merge:
            assert isinstance(statement, ast.Expr)
            if statement not in block or not _plain_layer(context, added, scope):
                return refused(f"not everything that is added to `{name}` is a layer, added in the same block")
            adds.append(statement)
    adds.sort(key=block.index)
    if adds and block.index(adds[0]) < block.index(merge):
        return refused("the Merge does not come first")
    chain = Chain(name, binding, merge, tuple(adds), tuple(others), tuple(block), listed=tuple(listed))
    return _text_in_the_way(context, chain) or chain


def _text_in_the_way(context: Context, chain: Chain) -> Refusal | None:
    if isinstance(chain.merge, ast.Assign):
        reason = listing_in_the_way(context, chain.merge, chain.listed)
        if reason is not None:
            return refused(reason)
    for part in (*chain.gone, *chain.adds, *([chain.merge] if isinstance(chain.merge, ast.Expr) else [])):
        reason = in_the_way(context, part, added_layer(part) if part in chain.adds else None)
        if reason is not None:
            return refused(reason)
    return None
