"""Merges of models that have a Merge themselves, or of one branch in several places: which hang together, and how?"""

from __future__ import annotations

import ast
from typing import TypeAlias

from kmigrate.resolve.scopes import Binding, Scope
from kmigrate.rewrite.handlers import Context
from kmigrate.rewrite.handlers.branches.chain import Chain, chain_of, unfit_model
from kmigrate.rewrite.handlers.branches.fitness import Fit, fit, gives_mask, unfit_layers
from kmigrate.rewrite.handlers.branches.given import around, listed, names_below
from kmigrate.rewrite.handlers.branches.joints import Joint, Root
from kmigrate.rewrite.handlers.branches.layers import Stacked
from kmigrate.rewrite.handlers.branches.names import name_of
from kmigrate.rewrite.handlers.branches.order import moves_weights, other_order, trained
from kmigrate.rewrite.handlers.branches.statements import BRANCH, MERGE, crowded, refused
from kmigrate.rewrite.plan import Refusal

Chains: TypeAlias = "dict[Binding, tuple[ast.Call, Scope, Chain]]"


def tree_of(context: Context) -> Root | Refusal:
    """The topmost model that the Merge of the context is a part of."""
    merges = [(call, scope) for call, scope in context.scopes.calls if context.evaluator.values(call, scope) == MERGE]
    chains: Chains = {}
    call = context.site.call
    while (outer := around(context, call, context.found.scope)) is not None:
        call = outer
    free = [(other, inner) for other, inner in merges if around(context, other, inner) is None]
    for other, inner in free:
        chain = chain_of(context, other, inner)
        if isinstance(chain, Refusal):
            if other is call:
                return chain
        else:
            chains[chain.binding] = other, inner, chain
    top = next((binding for binding, (other, _, _) in chains.items() if other is call), None)
    below: set[Binding] = set()
    while top is not None:
        below.add(top)
        holders = [
            holder
            for holder, (other, inner, _) in chains.items()
            if any(top in (context.evaluator.bindings(name, inner) or ()) for name in names_below(context, other, inner))
        ]
        if not holders:
            break
        if len(holders) > 1 or len(chains) < len(free):
            return refused("a merged model is a branch in more than one place, or of a Merge that can't be seen through")
        top = holders[0]
        if top in below:
            return refused("the merged models are branches of each other")
    if top is None:
        return refused("the Merge is not added to a Sequential by a statement of its own")
    made, scope, chain = chains[top]
    found = _joint(context, made, scope, chain, chains, frozenset({top}))
    return found if isinstance(found, Refusal) else (_problem(context, Root(found, chain)) or Root(found, chain))


def _joint(
    context: Context, call: ast.Call, scope: Scope, chain: Chain | None, chains: Chains, above: frozenset[Binding]
) -> Joint | Refusal:
    given = listed(context, call, scope)
    if given.many is not None:
        found = [(branch, fit(context, branch, inside, call)) for branch, inside in given.many.items]
        for branch, fits in found:
            if isinstance(fits, str):
                return refused(f"`{ast.unparse(branch)}` {fits}")
        masked = frozenset(ast.unparse(branch) for branch, fits in found if isinstance(fits, Fit) and fits.masked)
        return Joint(call, chain, (), many=given.many, masked=masked)
    if given.items is None:
        return refused(given.problem)
    branches: list[str | Joint] = []
    bound: list[tuple[str, ast.Call]] = []
    lost: list[str] = []
    for item in given.items:
        inner = _inner(context, item, scope, call, chains, above)
        if inner is None:
            fits = fit(context, item, scope, call)
            if isinstance(fits, str):
                return refused(f"`{ast.unparse(item)}` {fits}")
            inner = item.id if isinstance(item, ast.Name) else name_of(context, item)
            if isinstance(item, ast.Call):
                bound.append((inner, item))
            if fits.masked:
                lost.append(inner)
        if isinstance(inner, Refusal):
            return inner
        branches.append(inner)
    return Joint(call, chain, tuple(branches), given.held, tuple(bound), masked=frozenset(lost))


def _inner(
    context: Context, item: ast.Name | ast.Call, scope: Scope, merge: ast.Call, chains: Chains, above: frozenset[Binding]
) -> str | Joint | Refusal | None:
    """A branch that is a Merge, or a model with one; None for others."""
    values = context.evaluator.values(item, scope)
    if isinstance(item, ast.Call):
        return _joint(context, item, scope, None, chains, above) if values == MERGE else None
    bindings = context.evaluator.bindings(item, scope) or frozenset()
    binding = next(iter(bindings)) if len(bindings) == 1 else None
    if values != BRANCH or binding is None:
        return refused(f"`{item.id}` may be something else than a Sequential")
    if binding not in chains or binding in above:
        return None
    made, _, chain = chains[binding]
    if context.site.module.end(chain.last) > context.site.module.start(merge):
        return refused(f"`{item.id}` may grow when the Merge is there already")
    return _joint(context, made, scope, chain, chains, above | {binding})


def _problem(context: Context, root: Root) -> Refusal | None:
    if crowded([statement for joint in root.joint.joints() for statement in joint.gone]):
        return refused("statements that are no longer needed share a line")
    if any(_moves_calls(joint) for joint in root.joint.joints()):
        return refused("branches are made where the Merge gets its name, and other statements follow before it is added")
    problem = unfit_model(context, root.chain)
    if problem is not None or root.joint.many is not None:
        return problem
    if root.joint.simple:
        return _other_weights(context, root) if root.joint.masked else None
    if any(joint.many is not None for joint in root.joint.joints()):
        return refused("a list of branches belongs to one of several Merges that hang together")
    for joint in root.joint.joints():
        if joint.chain is None or joint is root.joint:
            continue
        problem = _unfit_between(context, joint, joint.chain, root.chain)
        if problem is not None:
            return problem
    uses = list(root.joint.leaves())
    for leaf in dict.fromkeys(uses):
        if any(leaf == name for joint in root.joint.joints() for name, _ in joint.bound):
            continue
        places = [load for load, _ in context.scopes.loads[leaf] if isinstance(context.scopes.parents.get(load), ast.List)]
        if len(places) != uses.count(leaf):
            return refused(f"`{leaf}` is a branch of several models")
    forgotten = next((leaf for leaf in uses if not trained(root.joint)[leaf]), None)
    if forgotten is not None:
        return refused(f"Keras 1 does not train `{forgotten}`, which it finds in a Merge of a Merge in another model only")
    return _other_weights(context, root)


def _other_weights(context: Context, root: Root) -> Refusal | None:
    if moves_weights(context, root.chain) and other_order(root.joint):
        return refused("the weights would stand in another order than those that are loaded or saved here")
    return None


def _moves_calls(joint: Joint) -> bool:
    """Whether calls that make branches would come behind other statements."""
    chain = joint.chain
    if chain is None or chain.named is None or not joint.makes_branches:
        return False
    between = chain.block[chain.block.index(chain.named) + 1 : chain.block.index(chain.merge)]
    return any(statement not in joint.gone for statement in between)


def _unfit_between(context: Context, joint: Joint, chain: Chain, top: Chain) -> Refusal | None:
    """Why a model between two Merges can't become a tensor."""
    if chain.block != top.block:
        return refused("the Merges stand in different blocks")
    if chain.title is not None:
        return refused(f"`{chain.name}` has a name of its own, which a tensor has not")
    if not all(isinstance(context.scopes.parents.get(load), ast.List) for load in chain.others):
        return refused(f"`{chain.name}` is used in another way than as a branch")
    if len(chain.others) != 1:
        return refused(f"`{chain.name}` is a branch in more than one place")
    stacked = [Stacked(layer, chain.binding.scope) for layer in joint.layers if isinstance(layer, ast.Call)]
    if len(stacked) < len(joint.layers):
        return refused(f"`{chain.name}` holds a layer that is made elsewhere")
    reason = unfit_layers(context, stacked)
    if reason is None and gives_mask(context, stacked):
        reason = "gives a mask, which Keras 1 does not pass on to the Merge"
    return refused(f"`{chain.name}` {reason}") if reason is not None else None
