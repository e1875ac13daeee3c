"""A `Merge` of branches at the head of a `Sequential` becomes a functional model.

Keras 1 feeds such a model with the inputs of its branches, in their order, and keeps the weights branch after branch
(`keras/models.py` of 1.2.2, `Sequential.add`). Branches called on new inputs keep both; their layers joined by
`branch.output` would be sorted by depth.

Only the plain shape is rewritten: `model = Sequential()`, `model.add(Merge([left, right], ...))`, more
`model.add(layer)` in the same block, and then nothing but uses that every model has.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from kmigrate.edits import Edit, Piece, insert, replace
from kmigrate.resolve.evaluate import Evaluator
from kmigrate.resolve.scopes import Binding, Scope
from kmigrate.resolve.values import Instance, KerasName, UserObject, Values
from kmigrate.rewrite.decision import Changed, Decision, Text
from kmigrate.rewrite.handlers import Context
from kmigrate.rewrite.handlers.text import commented, value_span
from kmigrate.rewrite.imports import delete_statement
from kmigrate.rewrite.plan import Refusal

_SEQUENTIAL = "keras.models.Sequential"
_MODES = {
    "sum": "keras.layers.add", "mul": "keras.layers.multiply", "ave": "keras.layers.average",
    "max": "keras.layers.maximum", "concat": "keras.layers.concatenate", "dot": "keras.layers.dot",
}  # fmt: skip
_INPUT, _MODEL = "keras.layers.Input", "keras.models.Model"
_EVERY_MODEL_HAS = frozenset(
    "compile fit evaluate predict summary save save_weights load_weights to_json get_weights set_weights "
    "train_on_batch test_on_batch predict_on_batch fit_generator evaluate_generator predict_generator".split()
)
_CHANGING = ("add", "pop", "layers", "build", "trainable")
"""What may change a branch behind our back."""

_PLAIN_ARGUMENTS = 4
_HOLDERS = frozenset(
    f"keras.layers.{name}" for name in ("Merge", "TimeDistributed", "Bidirectional", "Wrapper", "InputLayer")
)
_RECIPE = (
    "Make the model functional and keep the order of the inputs: a = Input(shape=left.input_shape[1:]), the same for "
    "b; x = concatenate([left(a), right(b)]) (or add, multiply, dot ... by mode); apply the layers that follow to x; "
    "end with Model([a, b], x). Every input that fit() passes gets one Input, in that order."
)


@dataclass(frozen=True, slots=True)
class _Merged:
    """The model: its name, the statement that makes it, the one that merges, and those that add layers after it."""

    name: str
    binding: Binding
    merge: ast.Expr
    adds: tuple[ast.Expr, ...]


def functional(context: Context) -> Decision | Refusal:
    """The functional model in the place of the Sequential; a refusal with the recipe for any other shape."""
    found = _branches(context)
    if isinstance(found, Refusal):
        return found
    merged = _merged(context)
    if isinstance(merged, Refusal):
        return merged
    mode = _literal(context, "mode", "sum")
    function = _MODES.get(mode) if isinstance(mode, str) else None
    if function is None:
        return _refused(f"mode={mode!r} has no function here" if isinstance(mode, str) else "the mode is no literal")
    inputs, output = _fresh(context, "merged_inputs"), _fresh(context, "merged")
    build = partial(_edits, context, merged, found, function, inputs, output)
    if _plainly_named(context):
        return Changed(context.rule, text=Text((_INPUT, function), build), needs=(_MODEL,))
    return Changed(context.rule, text=Text((_INPUT, function, _MODEL), build))


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


def _refused(reason: str) -> Refusal:
    return Refusal(f"{reason}. {_RECIPE}")


def _literal(context: Context, name: str, default: object) -> object:
    argument = context.site.bound.get(name)
    return context.site.conditions.literal(argument.value) if argument is not None else default


def _branches(context: Context) -> list[ast.Name] | Refusal:
    """The names of the branches: each a Sequential of its own, with one input."""
    layers = context.site.bound.get("layers")
    if layers is None or not isinstance(layers.value, ast.List):
        return _refused("the branches are not listed here")
    names = [item for item in layers.value.elts if isinstance(item, ast.Name)]
    if len(names) < len(layers.value.elts) or len(names) < 2:
        return _refused("a branch has no name")
    if len({name.id for name in names}) < len(names):
        return _refused("a branch is used twice, and Keras 1 feeds it once")
    for name in names:
        if context.evaluator.values(name, context.found.scope) != frozenset({Instance(_SEQUENTIAL)}):
            return _refused(f"`{name.id}` may be something else than a Sequential")
        problem = _unfit(context, name)
        if problem is not None:
            return _refused(f"`{name.id}` {problem}")
    return names


def _unfit(context: Context, name: ast.Name) -> str | None:
    """Why a branch would not compute the same as a model in a functional model; None if it does.

    Keras 1 leaves out the penalties of branches that nobody built before `compile` (`Sequential.losses` of an unbuilt
    model raises AttributeError, and `Container.losses` asks `hasattr`), and it loses their masks.
    """
    layers = _layers(context, name)
    if not layers:
        return "is not built by its own `add` alone, so its layers can't be seen"
    for layer, scope in layers:
        callees = context.evaluator.values(layer.func, scope)
        if not callees or not all(isinstance(callee, KerasName) for callee in callees):
            return f"holds `{context.site.module.segment(layer.func)}`, which can't be seen through"
        paths = {callee.path for callee in callees if isinstance(callee, KerasName)}
        if paths & _HOLDERS or not all(path.startswith("keras.layers.") for path in paths):
            return "holds a layer that keeps state, a model or a wrapped layer"
        if "keras.layers.ActivityRegularization" in paths:
            return "has a penalty, and Keras 1 leaves out the penalties of branches"
        for keyword in layer.keywords:
            off = isinstance(keyword.value, ast.Constant) and not keyword.value.value
            if keyword.arg is None or (keyword.arg.endswith("regularizer") and not off):
                return "has a regularizer, and Keras 1 leaves out the penalties of branches"
            if keyword.arg in ("stateful", "mask_zero") and not off and not _drops_mask(layers[-1][0]):
                return "gives a mask or keeps state, which Keras 1 does not pass on to the Merge"
            if keyword.arg == "stateful" and not off:
                return "keeps state from batch to batch"
        if any(isinstance(argument, ast.Starred) for argument in layer.args) or len(layer.args) > _PLAIN_ARGUMENTS:
            return "has a layer with many positional arguments, which may be regularizers"
        if any(path.endswith(".Masking") for path in paths) and not _drops_mask(layers[-1][0]):
            return "gives a mask, which Keras 1 does not pass on to the Merge"
    return None


def _drops_mask(layer: ast.Call) -> bool:
    """Whether this is a recurrent layer that gives its last output only."""
    spelled = layer.func.attr if isinstance(layer.func, ast.Attribute) else getattr(layer.func, "id", "")
    whole = [keyword for keyword in layer.keywords if keyword.arg in (None, "return_sequences")]
    return spelled in ("LSTM", "GRU", "SimpleRNN") and not whole


def _layers(context: Context, name: ast.Name) -> list[tuple[ast.Call, Scope]] | None:
    """The layers of a branch in the order of the text; None where it may hold others."""
    evaluator, scopes = context.evaluator, context.scopes
    bindings = evaluator.bindings(name, context.found.scope) or frozenset()
    binding = next(iter(bindings)) if len(bindings) == 1 else None
    made = binding.value if binding is not None and binding.kind == "assign" and not binding.path else None
    if binding is None or not isinstance(made, ast.Call) or not _makes_sequential(context, made, binding):
        return None
    listed = [*made.args, *(keyword.value for keyword in made.keywords if keyword.arg != "name")]
    layers: list[tuple[ast.expr, Scope]] = []
    if listed:
        if len(listed) > 1 or not isinstance(listed[0], ast.List):
            return None
        layers.extend((item, binding.scope) for item in listed[0].elts)
    for load, scope in scopes.names:
        if load.id != name.id or not isinstance(load.ctx, ast.Load):
            continue
        reached = evaluator.bindings(load, scope) or frozenset()
        if binding not in reached:
            continue
        parent = scopes.parents.get(load)
        added = _added(scopes.statement(load)) if isinstance(parent, ast.Attribute) and parent.attr == "add" else None
        if added is not None and len(reached) == 1:
            layers.append((added, scope))
        elif not isinstance(parent, ast.List) and (not isinstance(parent, ast.Attribute) or parent.attr in _CHANGING):
            return None
    calls = [(layer, scope) for layer, scope in layers if isinstance(layer, ast.Call)]
    return calls if len(calls) == len(layers) else None


def _makes_sequential(context: Context, made: ast.Call, binding: Binding) -> bool:
    callees = context.evaluator.values(made.func, binding.scope)
    return bool(callees) and all(isinstance(item, KerasName) and item.path == _SEQUENTIAL for item in callees)


def _merged(context: Context) -> _Merged | Refusal:
    """The model that the Merge is added to, if it has the plain shape."""
    scopes, evaluator, scope = context.scopes, context.evaluator, context.found.scope
    made = context.site.call
    add = scopes.parents.get(made)
    statement = scopes.parents.get(add) if add is not None else None
    if context.found.kind != "call" or not isinstance(statement, ast.Expr) or _added(statement) is not made:
        return _refused("the Merge is not added to a Sequential by a statement of its own")
    base = _base(statement)
    assert base is not None
    bindings = evaluator.bindings(base, scope)
    binding = next(iter(bindings)) if bindings is not None and len(bindings) == 1 else None
    value = binding.value if binding is not None and binding.kind == "assign" and not binding.path else None
    if binding is None or not isinstance(value, ast.Call) or not _makes_sequential(context, value, binding):
        return _refused(f"`{base.id}` may be something else than a new Sequential")
    if value.args or value.keywords or binding.scope is not scope:
        return _refused(f"`{base.id}` is made with layers or a name, or elsewhere")
    block = _block(context, statement)
    first = binding.statement
    if not isinstance(first, ast.Assign) or len(first.targets) != 1 or first not in block:
        return _refused(f"`{base.id} = Sequential()` is not in the same block")
    if base.id in scopes.exported:
        return _refused(f"`{base.id}` is exported")
    adds = _adds(context, block, binding, statement)
    return adds if isinstance(adds, Refusal) else _Merged(base.id, binding, statement, adds)


def _adds(context: Context, block: list[ast.stmt], binding: Binding, merge: ast.Expr) -> tuple[ast.Expr, ...] | Refusal:
    """The statements that add layers behind the Merge; a refusal where the model is used in any other way."""
    evaluator, scopes = context.evaluator, context.scopes
    name = binding.name
    own = [
        (load, scope)
        for load, scope in scopes.names
        if load.id == name and isinstance(load.ctx, ast.Load) and binding in (evaluator.bindings(load, scope) or ())
    ]
    adds: list[ast.Expr] = []
    last = merge
    others: list[ast.Name] = []
    for load, scope in own:
        statement = scopes.statement(load)
        if len(evaluator.bindings(load, scope) or ()) != 1:
            return _refused(f"`{name}` may be another model where it is used")
        added = _added(statement)
        if added is None or _base(statement) is not load:
            others.append(load)
        elif statement is not merge:
            assert isinstance(statement, ast.Expr)
            if statement not in block or not _is_layer(evaluator, evaluator.values(added, scope)):
                return _refused(f"not everything that is added to `{name}` is a layer, added in the same block")
            adds.append(statement)
    adds.sort(key=block.index)
    if adds:
        if block.index(adds[0]) < block.index(merge):
            return _refused("the Merge does not come first")
        last = adds[-1]
    for load in others:
        parent = scopes.parents.get(load)
        if not isinstance(parent, ast.Attribute) or parent.attr not in _EVERY_MODEL_HAS:
            return _refused(f"`{name}` is used in another way than a model that only trains, predicts and is saved")
        if context.site.module.start(load) < context.site.module.end(last):
            return _refused(f"`{name}` is used before it is complete")
        call = scopes.parents.get(parent)
        if not isinstance(call, ast.Call) or call.func is not parent or any(isinstance(a, ast.Dict) for a in call.args):
            return _refused(f"`{name}.{parent.attr}` is not simply called")
        if parent.attr == "load_weights" and (len(call.args) != 1 or call.keywords):
            return _refused("weights that are loaded by name would not reach the layers of the branches")
    for part in (binding.statement, merge, *adds):
        assert isinstance(part, ast.stmt)
        if not _alone(context, part):
            return _refused("statements share a line")
        kept = [context.site.module.span(added)] if part in adds and (added := _added(part)) else []
        if commented(context.site.module, context.site.module.span(part), kept):
            return _refused("a comment stands inside the statement")
    return tuple(adds)


def _base(statement: ast.stmt) -> ast.Name | None:
    """The model in `model.add(layer)`."""
    call = statement.value if isinstance(statement, ast.Expr) else None
    if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute) and call.func.attr == "add":
        return call.func.value if isinstance(call.func.value, ast.Name) else None
    return None


def _added(statement: ast.stmt) -> ast.expr | None:
    """The layer in the statement `model.add(layer)`."""
    if _base(statement) is None:
        return None
    assert isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Call)
    call = statement.value
    plain = len(call.args) == 1 and not call.keywords and isinstance(call.args[0], ast.Call | ast.Name)
    return call.args[0] if plain else None


def _is_layer(evaluator: Evaluator, values: Values) -> bool:
    layer = "keras.layers.Layer"
    return bool(values) and all(
        (isinstance(value, Instance) and value.cls != "keras.layers.Merge" and evaluator.classes.is_a(value.cls, layer))
        or (isinstance(value, UserObject) and evaluator.classes.inherits(value.cls, layer))
        for value in values
    )


def _block(context: Context, statement: ast.stmt) -> list[ast.stmt]:
    parent = context.scopes.parents.get(statement)
    blocks = [getattr(parent, name, None) for name in ("body", "orelse", "finalbody")]
    return next((block for block in blocks if isinstance(block, list) and statement in block), [])


def _alone(context: Context, statement: ast.stmt) -> bool:
    """Whether the statement has its lines for itself, comments aside."""
    module = context.site.module
    start, end = module.start(statement), module.end(statement)
    line = module.source.line_starts[module.source.position(start).line - 1]
    rest = re.compile(r"[ \t]*(#[^\r\n]*)?(?=\r|\n|$)").match(module.text, end)
    return module.text[line:start].strip() == "" and rest is not None


def _fresh(context: Context, name: str) -> str:
    """A name that nothing in the module has, numbered where several Merges stand in it."""
    taken = {node.id for node, _ in context.scopes.names}
    taken.update(bound for scope in context.scopes.all_scopes() for bound in scope.bindings)
    merge = frozenset({Instance("keras.layers.Merge")})
    calls = [call for call, scope in context.scopes.calls if context.evaluator.values(call, scope) == merge]
    calls.sort(key=context.site.module.start)
    number = calls.index(context.site.call) + 1 if context.site.call in calls else 1
    fresh = name if number == 1 else f"{name}_{number}"
    while fresh in taken:
        fresh += "_"
    return fresh


def _edits(
    context: Context, merged: _Merged, branches: Sequence[ast.Name], function: str, inputs: str, output: str,
    spelled: dict[str, str],
) -> list[Edit]:  # fmt: skip
    module, rule = context.site.module, context.rule.id
    newline = module.source.newline
    first = merged.binding.statement
    assert isinstance(first, ast.stmt)
    edits = [delete_statement(module, first, context.scopes.parents.get(first), rule)]
    span = module.span(merged.merge)
    line = module.source.line_starts[module.source.position(span.start).line - 1]
    indent = module.text[line : span.start]
    made = ", ".join(f"{spelled[_INPUT]}(batch_shape={branch.id}.input_shape)" for branch in branches)
    applied = ", ".join(f"{branch.id}({inputs}[{index}])" for index, branch in enumerate(branches))
    pieces: list[Piece] = [f"{inputs} = [{made}]{newline}{indent}{output} = {spelled[function]}([{applied}]"]
    for parameter, keyword in _PARAMETERS.get(function, {}).items():
        argument = context.site.bound.get(parameter)
        pieces.append(f", {keyword}=")
        pieces.append(value_span(context.site, argument) if argument is not None else "-1")
    name = context.site.bound.get("name")
    if name is not None:
        pieces.extend((", name=", value_span(context.site, name)))
    pieces.append(")")
    edits.append(replace(span.start, span.end, *pieces, rule=rule))
    for statement in merged.adds:
        added = _added(statement)
        assert added is not None
        whole, value = module.span(statement), module.span(added)
        edits.append(replace(whole.start, value.start, f"{output} = ", rule=rule))
        edits.append(replace(value.end, whole.end, f"({output})", rule=rule))
    last = module.end(merged.adds[-1] if merged.adds else merged.merge)
    line_end = re.compile(r"[^\r\n]*").match(module.text, last)
    assert line_end is not None
    model = f"{newline}{indent}{merged.name} = {spelled.get(_MODEL, 'Model')}({inputs}, {output})"
    edits.append(insert(line_end.end(), model, rule=rule))
    return edits


_PARAMETERS = {
    "keras.layers.concatenate": {"concat_axis": "axis"},
    "keras.layers.dot": {"dot_axes": "axes"},
}
