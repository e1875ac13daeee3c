"""A `Merge` of branches at the head of a `Sequential` becomes a functional model.

Keras 1 feeds such a model with the inputs of its branches, in their order, and keeps the weights branch after branch
(`keras/models.py` of 1.2.2, `Sequential.add`). Branches called on new inputs keep both; their layers joined by
`branch.output` would be sorted by depth.

Only the plain shape is rewritten: `model = Sequential()`, `model.add(Merge([left, right], ...))` (or both as
`model = Sequential([Merge(...), ...])`), more `model.add(layer)` in the same block, and then nothing but uses that every
model has. The Merge and the list may have names that nothing else reads. A branch may be such a model itself, a Merge, or
a call that makes a model whose layers can be seen; a list of branches that is filled before is read when the program runs. A
branch may be used in several places: Keras 1 computes it once, and feeds it once.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import partial

from kmigrate.match.arguments import Misfit, bind
from kmigrate.rewrite.decision import Changed, Decision, Text, Told
from kmigrate.rewrite.handlers import Context
from kmigrate.rewrite.handlers.branches.chain import Chain
from kmigrate.rewrite.handlers.branches.joints import Joint
from kmigrate.rewrite.handlers.branches.names import free, fresh, taken
from kmigrate.rewrite.handlers.branches.order import trained
from kmigrate.rewrite.handlers.branches.statements import refused
from kmigrate.rewrite.handlers.branches.tree import tree_of
from kmigrate.rewrite.handlers.branches.writing import INPUT, LAMBDA, MODEL, MODES, Names, joined, plain, read
from kmigrate.rewrite.plan import Refusal, applies, defaults_of


def functional(context: Context) -> Decision | Refusal:
    """The functional model in the place of the Sequential; a refusal with the recipe for any other shape."""
    if context.found.kind != "call":
        return refused("the Merge is not added to a Sequential by a statement of its own")
    root = tree_of(context)
    if isinstance(root, Refusal):
        return root
    joints = list(root.joint.joints())
    reviewed = next((reason for joint in joints if (reason := _reviewed(context, joint)) is not None), None)
    if reviewed is not None:
        return reviewed
    functions = {joint.call: _function(context, joint) for joint in joints}
    unknown = next((mode for mode in functions.values() if isinstance(mode, Refusal)), None)
    if unknown is not None:
        return unknown
    joint = next(joint for joint in joints if joint.call is context.site.call)
    function = str(functions[joint.call])
    if root.joint.simple:
        build = partial(plain, context, root, function, fresh(context, "merged_inputs"), _output(context, root.chain))
    elif root.joint.many is not None:
        if any("zip" in scope.bindings for scope in context.scopes.all_scopes()) or root.chain.binding.scope.kind == "class":
            return refused("`zip` is something else here, or the Merge stands in a class")
        words = (fresh(context, "merged_branches"), free(context, "part"), free(context, "tensor"))
        called = Names(*words, fresh(context, "merged_inputs"), _output(context, root.chain))
        build = partial(read, context, root, function, called)
    else:
        names = [f"{leaf}_{word}" for leaf in root.joint.leaves() for word in ("input", "output")]
        known = next((name for name in names if taken(context, name)), None)
        if known is not None:
            return refused(f"the name `{known}` is taken")
        output = _output(context, root.chain) if joint.chain is None or joint is root.joint else joint.chain.name
        build = partial(joined, context, root, joint, function, output)
    parts = frozenset(functions)
    targets = [function] if joint.chain is None else [INPUT, function]
    if joint.masked or (joint.chain is not None and not root.joint.all_masked().isdisjoint(joint.own_leaves())):
        targets.append(LAMBDA)
    if joint is not root.joint:
        return Changed(context.rule, text=Text(tuple(targets), build), parts=parts)
    notes = tuple(_told(context, root.joint))
    if _plainly_named(context):
        return Changed(context.rule, text=Text(tuple(targets), build), needs=(MODEL,), notes=notes, parts=parts)
    return Changed(context.rule, text=Text((*targets, MODEL), build), notes=notes, parts=parts)


def _told(context: Context, root: Joint) -> Iterator[Told]:
    """What is told of branches that Keras 1 trains twice, and of masks that it loses."""
    names = [f"`{leaf}`" for leaf, times in trained(root).items() if times > 1]
    if names:
        text = (
            f"Keras 1 on TensorFlow takes every training step of {' and '.join(names)} several times, once for each part of "
            "the model that it finds the branch in; Keras 2 takes it once, so that the branch learns more slowly."
        )
        yield Told(context.rule.id, text, ("training",))
    masked = sorted(f"`{leaf}`" for leaf in root.all_masked())
    if masked:
        text = (
            f"Keras 1 loses the mask of {' and '.join(masked)} at the Merge, and `Lambda(lambda t: 1 * t)` does the same. Leave "
            "that layer out where the mask is meant to reach the layers behind and the loss: the results change then."
        )
        yield Told(context.rule.id, text, ())


def _reviewed(context: Context, joint: Joint) -> Refusal | None:
    """Why the rule leaves one Merge of the model to a person: then it leaves all of them."""
    bound = bind(context.site.keras1, joint.call)
    if isinstance(bound, Misfit) or bound.opaque is not None:
        return refused("the arguments of a Merge can't be seen")
    for case in context.rule.review:
        anywhere = case.model_copy(update={"versions": None})
        if applies(anywhere, bound, context.site.conditions, defaults_of(context.site.keras1), ()):
            return Refusal(case.say)
    return None


def _function(context: Context, joint: Joint) -> str | Refusal:
    """The Keras 2 function for the mode of a Merge."""
    given = [*joint.call.args[1:2], *(keyword.value for keyword in joint.call.keywords if keyword.arg == "mode")]
    mode = context.site.conditions.literal(given[0]) if given else "sum"
    if not isinstance(mode, str):
        return refused("the mode is no literal")
    return MODES.get(mode) or refused(f"mode={mode!r} has no function here")


def _output(context: Context, chain: Chain) -> str:
    """What the merged tensors are called: as the Merge was, where it had a name."""
    named = chain.named
    return named.targets[0].id if named is not None and isinstance(named.targets[0], ast.Name) else fresh(context, "merged")


def _plainly_named(context: Context) -> bool:
    """Whether `Model` can only be the one of Keras in this module, so that its import joins those that are there."""
    for scope in context.scopes.all_scopes():
        for binding in scope.bindings.get("Model", ()):
            statement = binding.statement
            if not isinstance(statement, ast.ImportFrom) or not (statement.module or "").startswith("keras"):
                return False
    return not any(
        isinstance(binding.node, ast.alias) and binding.node.name.endswith("Model") and binding.node.asname
        for binding in context.scopes.imports
    )
