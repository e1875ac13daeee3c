"""The functional model as text, in the place of the statements that made the Sequential."""

from __future__ import annotations

import re
from collections.abc import Iterator

from kmigrate.edits import Edit, Piece, insert, replace
from kmigrate.resolve.values import Instance
from kmigrate.rewrite.handlers import Context
from kmigrate.rewrite.handlers.branches.statements import added_layer, separator
from kmigrate.rewrite.handlers.branches.tree import Joint
from kmigrate.rewrite.handlers.text import value_span
from kmigrate.rewrite.statements import delete_statement

INPUT, MODEL = "keras.layers.Input", "keras.models.Model"
MODES = {
    "sum": "keras.layers.add", "mul": "keras.layers.multiply", "ave": "keras.layers.average",
    "max": "keras.layers.maximum", "concat": "keras.layers.concatenate", "dot": "keras.layers.dot",
}  # fmt: skip
_PARAMETERS = {
    "keras.layers.concatenate": {"concat_axis": "axis"},
    "keras.layers.dot": {"dot_axes": "axes"},
}


def fresh(context: Context, name: str) -> str:
    """A name that nothing in the module has, numbered where several Merges stand in it."""
    taken = {node.id for node, _ in context.scopes.names}
    taken.update(bound for scope in context.scopes.all_scopes() for bound in scope.bindings)
    merge = frozenset({Instance("keras.layers.Merge")})
    calls = [call for call, scope in context.scopes.calls if context.evaluator.values(call, scope) == merge]
    calls.sort(key=context.site.module.start)
    number = calls.index(context.site.call) + 1 if context.site.call in calls else 1
    found = name if number == 1 else f"{name}_{number}"
    while found in taken:
        found += "_"
    return found


def plain(context: Context, root: Joint, function: str, inputs: str, output: str, spelled: dict[str, str]) -> list[Edit]:
    """The edits for one Merge of different branches."""
    leaves = list(root.leaves())
    made = ", ".join(f"{spelled[INPUT]}(batch_shape={leaf}.input_shape)" for leaf in leaves)
    applied = ", ".join(f"{leaf}({inputs}[{index}])" for index, leaf in enumerate(leaves))
    head = f"{inputs} = [{made}]{separator(context, root.chain.merge)}{output} = {spelled[function]}([{applied}]"
    return [*_chained(context, root, head, output), _model(context, root, inputs, output, spelled)]


def joined(context: Context, root: Joint, joint: Joint, function: str, output: str, spelled: dict[str, str]) -> list[Edit]:
    """The edits for one Merge among several that hang together: each branch is applied once, where it is met first."""
    module = context.site.module
    uses = list(root.leaves())
    before = {
        branch
        for other in root.joints()
        if module.start(other.call) < module.start(joint.call)
        for branch in other.branches
        if isinstance(branch, str)
    }
    lines: list[str] = []
    applied: list[str] = []
    for branch in joint.branches:
        if not isinstance(branch, str):
            applied.append(branch.chain.name)
            continue
        if branch not in before:
            before.add(branch)
            lines.append(f"{branch}_input = {spelled[INPUT]}(batch_shape={branch}.input_shape)")
            if uses.count(branch) > 1:
                lines.append(f"{branch}_output = {branch}({branch}_input)")
        applied.append(f"{branch}_output" if uses.count(branch) > 1 else f"{branch}({branch}_input)")
    head = separator(context, joint.chain.merge).join([*lines, f"{output} = {spelled[function]}([{', '.join(applied)}]"])
    edits = _chained(context, joint, head, output)
    if joint is root:
        inputs = ", ".join(f"{leaf}_input" for leaf in dict.fromkeys(uses))
        edits.append(_model(context, root, f"[{inputs}]", output, spelled))
    return edits


def _chained(context: Context, joint: Joint, head: str, output: str) -> list[Edit]:
    """The statements of a model, each as one that gives the next tensor; `head` opens the call that merges."""
    module, rule, chain = context.site.module, context.rule.id, joint.chain
    edits = [delete_statement(module, statement, context.scopes.parents.get(statement), rule) for statement in joint.gone]
    span = module.span(chain.merge)
    edits.append(replace(span.start, span.end, head, *_arguments(context), ")", rule=rule))
    for statement in chain.adds:
        layer = added_layer(statement)
        assert layer is not None
        whole, value = module.span(statement), module.span(layer)
        edits.append(replace(whole.start, value.start, f"{output} = ", rule=rule))
        edits.append(replace(value.end, whole.end, f"({output})", rule=rule))
    return edits


def _arguments(context: Context) -> Iterator[Piece]:
    """The arguments of the Merge that its function takes too."""
    mode = context.site.bound.get("mode")
    function = MODES[str(context.site.conditions.literal(mode.value))] if mode is not None else ""
    for parameter, keyword in _PARAMETERS.get(function, {}).items():
        argument = context.site.bound.get(parameter)
        yield f", {keyword}="
        yield value_span(context.site, argument) if argument is not None else "-1"
    name = context.site.bound.get("name")
    if name is not None:
        yield ", name="
        yield value_span(context.site, name)


def _model(context: Context, root: Joint, inputs: str, output: str, spelled: dict[str, str]) -> Edit:
    """The statement that makes the model, behind its last layer."""
    module, last = context.site.module, root.chain.last
    between = separator(context, last)
    end = module.end(last)
    if between != "; ":
        line_end = re.compile(r"[^\r\n]*").match(module.text, end)
        assert line_end is not None
        end = line_end.end()
    model = f"{between}{root.chain.name} = {spelled.get(MODEL, 'Model')}({inputs}, {output})"
    return insert(end, model, rule=context.rule.id)
