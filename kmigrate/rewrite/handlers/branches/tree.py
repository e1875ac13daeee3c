"""Merges of models that have a Merge themselves, or of one branch in several places: which hang together, and how?"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from kmigrate.resolve.scopes import Binding, Scope
from kmigrate.resolve.values import Instance
from kmigrate.rewrite.handlers import Context
from kmigrate.rewrite.handlers.branches.chain import Chain, chain_of, unfit_model, uses_of
from kmigrate.rewrite.handlers.branches.fitness import unfit, unfit_layers
from kmigrate.rewrite.handlers.branches.given import listed
from kmigrate.rewrite.handlers.branches.layers import Stacked
from kmigrate.rewrite.handlers.branches.statements import SEQUENTIAL, added_layer, crowded, refused
from kmigrate.rewrite.plan import Refusal

_MERGE = frozenset({Instance("keras.layers.Merge")})
_WEIGHTS = frozenset("get_weights set_weights save_weights load_weights save".split())
_WITHOUT_WEIGHTS = frozenset(
    "Activation Dropout Flatten Permute Reshape RepeatVector Lambda GaussianNoise GaussianDropout MaxPooling1D "
    "AveragePooling1D GlobalMaxPooling1D GlobalAveragePooling1D".split()
)


@dataclass(frozen=True, slots=True)
class Joint:
    """A Merge with the model that it is added to; a branch is the name of a plain Sequential, or a Joint.

    `held` makes the list of branches, where it has a name.
    """

    call: ast.Call
    chain: Chain
    branches: tuple[str | Joint, ...]
    held: ast.Assign | None = None

    @property
    def gone(self) -> list[ast.stmt]:
        """The statements that the functional model has no more."""
        made = self.chain.binding.statement
        assert isinstance(made, ast.stmt)
        return [statement for statement in (made, self.held, self.chain.named) if statement is not None]

    def joints(self) -> Iterator[Joint]:
        """The joints below this one and itself, as Keras 1 walks them."""
        for branch in self.branches:
            if isinstance(branch, Joint):
                yield from branch.joints()
        yield self

    def leaves(self) -> Iterator[str]:
        """The plain branches in the order of the inputs, each as often as it is used."""
        for branch in self.branches:
            if isinstance(branch, Joint):
                yield from branch.leaves()
            else:
                yield branch

    @property
    def simple(self) -> bool:
        """Whether this is one Merge of different plain branches."""
        leaves = list(self.leaves())
        return len(set(leaves)) == len(leaves) == len(self.branches)


def tree_of(context: Context) -> Joint | Refusal:
    """The topmost model that the Merge of the context is a part of."""
    merges = [(call, scope) for call, scope in context.scopes.calls if context.evaluator.values(call, scope) == _MERGE]
    chains: dict[Binding, tuple[ast.Call, Scope, Chain]] = {}
    call = context.site.call
    for other, inner in merges:
        chain = chain_of(context, other, inner)
        if isinstance(chain, Refusal):
            if other is call:
                return chain
        else:
            chains[chain.binding] = other, inner, chain
    top = next((binding for binding, (other, _, _) in chains.items() if other is call), None)
    while top is not None:
        holders = [
            holder
            for holder, (other, inner, _) in chains.items()
            if any(top in (context.evaluator.bindings(name, inner) or ()) for name in listed(context, other, inner).names or ())
        ]
        if not holders:
            break
        if len(holders) > 1 or len(chains) < len(merges):
            return refused("a merged model is a branch in more than one place, or of a Merge that can't be seen through")
        top = holders[0]
    if top is None:
        return refused("the Merge is not added to a Sequential by a statement of its own")
    made, outer, chain = chains[top]
    found = _joint(context, made, outer, chain, chains, frozenset())
    return found if isinstance(found, Refusal) else (_problem(context, found) or found)


def _joint(
    context: Context, call: ast.Call, scope: Scope, chain: Chain,
    chains: dict[Binding, tuple[ast.Call, Scope, Chain]], above: frozenset[Binding],
) -> Joint | Refusal:  # fmt: skip
    given = listed(context, call, scope)
    if given.names is None:
        return refused(given.problem)
    branches: list[str | Joint] = []
    for name in given.names:
        bindings = context.evaluator.bindings(name, scope) or frozenset()
        binding = next(iter(bindings)) if len(bindings) == 1 else None
        if context.evaluator.values(name, scope) != frozenset({Instance(SEQUENTIAL)}) or binding is None:
            return refused(f"`{name.id}` may be something else than a Sequential")
        if binding in chains and binding not in above:
            inner = _joint(context, *chains[binding], chains, above | {chain.binding})
            if isinstance(inner, Refusal):
                return inner
            branches.append(inner)
            continue
        problem = unfit(context, name, scope, call)
        if problem is not None:
            return refused(f"`{name.id}` {problem}")
        branches.append(name.id)
    return Joint(call, chain, tuple(branches), given.held)


def _problem(context: Context, root: Joint) -> Refusal | None:
    if crowded([statement for joint in root.joints() for statement in joint.gone]):
        return refused("statements that are no longer needed share a line")
    problem = unfit_model(context, root.chain)
    if problem is not None or root.simple:
        return problem
    for joint in root.joints():
        if joint.chain.block != root.chain.block:
            return refused("the Merges stand in different blocks")
        if joint is root:
            continue
        if not all(isinstance(context.scopes.parents.get(load), ast.List) for load in joint.chain.others):
            return refused(f"`{joint.chain.name}` is used in another way than as a branch")
        if len(joint.chain.others) != 1:
            return refused(f"`{joint.chain.name}` is a branch in more than one place")
        scope = joint.chain.binding.scope
        layers = [added_layer(statement) for statement in joint.chain.adds]
        stacked = [Stacked(layer, scope) for layer in layers if isinstance(layer, ast.Call)]
        reason = unfit_layers(context, stacked) if len(stacked) == len(layers) else "holds a layer that is made elsewhere"
        if reason is not None:
            return refused(f"`{joint.chain.name}` {reason}")
    uses = list(root.leaves())
    for leaf in dict.fromkeys(uses):
        places = [load for load, _ in context.scopes.loads[leaf] if isinstance(context.scopes.parents.get(load), ast.List)]
        if len(places) != uses.count(leaf):
            return refused(f"`{leaf}` is a branch of several models")
    if _keras1_order(root) != _keras2_order(root) and _moves_weights(context, root):
        return refused("the weights would stand in another order than those that are loaded or saved here")
    return None


def _moves_weights(context: Context, root: Joint) -> bool:
    uses = uses_of(context, root.chain)
    parents = (context.scopes.parents.get(load) for load in (() if isinstance(uses, Refusal) else uses))
    return any(isinstance(parent, ast.Attribute) and parent.attr in _WEIGHTS for parent in parents)


def _keras1_order(root: Joint) -> list[object]:
    """Branches and layers as `Sequential.flattened_layers` of 1.2.2 lists them."""
    listed: list[object] = []
    for branch in root.branches:
        listed.extend(_keras1_order(branch) if isinstance(branch, Joint) else [branch])
    return list(dict.fromkeys([*listed, *_weighty(root)]))


def _keras2_order(root: Joint) -> list[object]:
    """The same as a functional model lists them: the deepest first, then as they are met from the output on."""
    depths: dict[object, int] = {}
    met: list[object] = []

    def visit(joint: Joint, depth: int) -> None:
        for statement in reversed(joint.chain.adds):
            if statement in _weighty(joint):
                met.append(statement)
                depths[statement] = max(depths.get(statement, 0), depth)
            depth += 1
        for branch in joint.branches:
            if isinstance(branch, Joint):
                visit(branch, depth + 1)
            else:
                met.append(branch)
                depths[branch] = max(depths.get(branch, 0), depth + 1)

    visit(root, 0)
    order = list(dict.fromkeys(met))
    return sorted(order, key=lambda unit: (-depths[unit], order.index(unit)))


def _weighty(joint: Joint) -> list[ast.Expr]:
    """The statements that add a layer which may have weights."""
    return [statement for statement in joint.chain.adds if _class_name(added_layer(statement)) not in _WITHOUT_WEIGHTS]


def _class_name(layer: ast.expr | None) -> str:
    func = layer.func if isinstance(layer, ast.Call) else layer
    return func.attr if isinstance(func, ast.Attribute) else getattr(func, "id", "")
