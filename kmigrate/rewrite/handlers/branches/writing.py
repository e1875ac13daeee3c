"""The functional model as text, in the place of the statements that made the Sequential."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from kmigrate.edits import Edit, Piece, insert, replace
from kmigrate.rewrite.handlers import Context
from kmigrate.rewrite.handlers.branches.chain import Chain
from kmigrate.rewrite.handlers.branches.joints import Joint, Root
from kmigrate.rewrite.handlers.branches.listing import statements
from kmigrate.rewrite.handlers.branches.statements import added_layer, separator
from kmigrate.rewrite.handlers.text import value_span
from kmigrate.rewrite.statements import delete_statement

INPUT, LAMBDA, MODEL = "keras.layers.Input", "keras.layers.Lambda", "keras.models.Model"
MODES = {
    "sum": "keras.layers.add", "mul": "keras.layers.multiply", "ave": "keras.layers.average",
    "max": "keras.layers.maximum", "concat": "keras.layers.concatenate", "dot": "keras.layers.dot",
}  # fmt: skip
_PARAMETERS = {
    "keras.layers.concatenate": {"concat_axis": "axis"},
    "keras.layers.dot": {"dot_axes": "axes"},
}


@dataclass(frozen=True, slots=True)
class Names:
    """The names of what the functional model of a list has: `branches` for the list itself, if it has no name."""

    branches: str
    branch: str
    tensor: str
    inputs: str
    output: str


def plain(context: Context, root: Root, function: str, inputs: str, output: str, spelled: dict[str, str]) -> list[Edit]:
    """The edits for one Merge of different branches."""
    leaves = list(root.joint.leaves())
    made = ", ".join(f"{spelled[INPUT]}(batch_shape={leaf}.input_shape)" for leaf in leaves)
    masked = root.joint.masked
    applied = ", ".join(_called(leaf, f"{inputs}[{index}]", leaf in masked, spelled) for index, leaf in enumerate(leaves))
    line = separator(context, root.chain.merge)
    merged = f"{inputs} = [{made}]{line}{output} = {spelled[function]}([{applied}]"
    head = [*_bound(context, root.joint, line), merged, *_arguments(context), ")"]
    return [*_chained(context, root.joint, root.chain, head, output), _model(context, root.chain, inputs, output, spelled)]


def read(context: Context, root: Root, function: str, names: Names, spelled: dict[str, str]) -> list[Edit]:
    """The edits for one Merge of a list of branches that is read when the program runs."""
    assert root.joint.many is not None
    given = root.joint.many.given
    line = separator(context, root.chain.merge)
    made: list[Piece] = []
    branches = given.id if isinstance(given, ast.Name) else names.branches
    if not isinstance(given, ast.Name):
        made = [f"{branches} = ", context.site.module.span(given), line]
    one, tensor = names.branch, names.tensor
    made.append(f"{names.inputs} = [{spelled[INPUT]}(batch_shape={one}.input_shape) for {one} in {branches}]{line}")
    called = _called(one, tensor, bool(root.joint.masked), spelled)
    applied = f"[{called} for {one}, {tensor} in zip({branches}, {names.inputs})]"
    head = [*made, f"{names.output} = {spelled[function]}({applied}", *_arguments(context), ")"]
    edits = _chained(context, root.joint, root.chain, head, names.output)
    return [*edits, _model(context, root.chain, names.inputs, names.output, spelled)]


def joined(
    context: Context, root: Root, joint: Joint, function: str, output: str, spelled: dict[str, str]
) -> list[Edit]:
    """The edits for one Merge among several that hang together: each branch is applied once, where it is met first."""
    module = context.site.module
    uses = list(root.joint.leaves())
    masked = root.joint.all_masked()
    own = joint.own_leaves() if joint.chain is not None else (leaf for leaf in joint.branches if isinstance(leaf, str))
    called = {leaf: _called(leaf, f"{leaf}_input", leaf in masked, spelled) for leaf in own}
    applied = _applied(context, joint, called, uses)
    merged: list[Piece] = [f"{spelled[function]}([", *applied, "]", *_arguments(context), ")"]
    if joint.chain is None:
        span = module.span(joint.call)
        return [replace(span.start, span.end, *merged, rule=context.rule.id)]
    before = {
        leaf
        for other in root.joint.joints()
        if other.chain is not None and module.start(other.call) < module.start(joint.call)
        for leaf in other.own_leaves()
    }
    lines: list[str] = []
    for leaf in dict.fromkeys(joint.own_leaves()):
        if leaf not in before:
            lines.append(f"{leaf}_input = {spelled[INPUT]}(batch_shape={leaf}.input_shape)")
            if uses.count(leaf) > 1:
                lines.append(f"{leaf}_output = {called[leaf]}")
    line = separator(context, joint.chain.merge)
    made = _bound(context, joint, line)
    head = [*made, "".join(f"{item}{line}" for item in lines), f"{output} = ", *merged]
    edits = _chained(context, joint, joint.chain, head, output)
    if joint is root.joint:
        inputs = ", ".join(f"{leaf}_input" for leaf in dict.fromkeys(uses))
        edits.append(_model(context, root.chain, f"[{inputs}]", output, spelled))
    return edits


def _bound(context: Context, joint: Joint, line: str) -> Iterator[Piece]:
    """The statements that give names to branches which a Merge makes in its list."""
    for name, made in joint.own_bound():
        yield from (f"{name} = ", context.site.module.span(made), line)


def _called(branch: str, tensor: str, masked: bool, spelled: dict[str, str]) -> str:
    """A branch that is called on its input; the mask that it gives ends behind it, as on Keras 1.

    The product is there to make another tensor: from 2.4 on a mask clings to its tensor, whatever layer returns it.
    """
    called = f"{branch}({tensor})"
    return f"{spelled[LAMBDA]}(lambda t: 1 * t)({called})" if masked else called


def _applied(context: Context, joint: Joint, called: dict[str, str], uses: list[str]) -> Iterator[Piece]:
    """The tensors that a Merge joins, with commas between them."""
    for place, branch in enumerate(joint.branches):
        if place:
            yield ", "
        if isinstance(branch, str):
            yield f"{branch}_output" if uses.count(branch) > 1 else called[branch]
        else:
            yield branch.chain.name if branch.chain is not None else context.site.module.span(branch.call)


def _chained(context: Context, joint: Joint, chain: Chain, head: Sequence[Piece], output: str) -> list[Edit]:
    """The statements of a model, each as one that gives the next tensor; `head` is the text of the one that merges."""
    module, rule = context.site.module, context.rule.id
    edits = [delete_statement(module, statement, context.scopes.parents.get(statement), rule) for statement in joint.gone]
    if isinstance(chain.merge, ast.Assign):
        edits.extend(statements(context, chain.merge, chain.listed, head, output))
    else:
        span = module.span(chain.merge)
        edits.append(replace(span.start, span.end, *head, rule=rule))
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


def _model(context: Context, chain: Chain, inputs: str, output: str, spelled: dict[str, str]) -> Edit:
    """The statement that makes the model, behind its last layer."""
    module = context.site.module
    line = separator(context, chain.last)
    end = module.end(chain.last)
    if line != "; ":
        line_end = re.compile(r"[^\r\n]*").match(module.text, end)
        assert line_end is not None
        end = line_end.end()
    title = f", name={module.segment(chain.title)}" if chain.title is not None else ""
    model = f"{line}{chain.name} = {spelled.get(MODEL, 'Model')}({inputs}, {output}{title})"
    return insert(end, model, rule=context.rule.id)
