"""Attributes that a layer of the user sets before Layer.__init__ runs: Keras 2 sets them anew, so they move behind it."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from kmigrate.edits import Edit, replace
from kmigrate.match.found import Found
from kmigrate.rewrite.decision import Changed, Decision, Same
from kmigrate.rewrite.facts import Build, Facts
from kmigrate.rewrite.statements import delete_statements
from kmigrate.ruleset.schema import Rule

_LAYER = "keras.layers.Layer"
_MASKING = frozenset({"supports_masking"})
_KEPT_BY_KERAS_1 = _MASKING | {"input_spec", "activity_regularizer"}
"""What Layer.__init__ of Keras 1 leaves alone where it is set already (`keras/engine/topology.py` of 1.2.2)."""

_SET_IT_THEMSELVES = frozenset({"keras.models.Model", "keras.models.Sequential"}).union(
    f"keras.layers.{name}"
    for name in (
        "Activation", "ActivityRegularization", "BatchNormalization", "Bidirectional", "Dropout", "ELU", "GRU", "GaussianDropout",
        "GaussianNoise", "InputLayer", "LSTM", "Lambda", "LeakyReLU", "Masking", "Merge", "PReLU", "ParametricSoftplus",
        "Recurrent", "SReLU", "SimpleRNN", "SpatialDropout1D", "SpatialDropout2D", "SpatialDropout3D", "ThresholdedReLU",
        "TimeDistributed", "TimeDistributedDense",
    )
)  # fmt: skip
"""Layers of Keras 1 whose own __init__ says whether they support masks, whatever was set before (asked of Keras 1.2.2)."""


def behind_super(facts: Facts, rule: Rule, found: Found) -> Decision | None:
    """The statement moves behind the call of Layer.__init__; None where it cannot."""
    function = found.scope.node
    if not isinstance(function, ast.FunctionDef) or function.name != "__init__" or not _kept(found, found.node):
        return Same()
    statement = facts.scopes.statement(found.node)
    place = next((i for i, inner in enumerate(function.body) if _calls_base(inner)), None)
    if place is None or facts.module.start(statement) > facts.module.start(function.body[place]):
        return Same()
    before = [inner for inner in function.body[:place] if _sets_kept(inner, found)]
    if statement not in before:
        return None
    if function not in facts.builds:
        facts.builds[function] = Build(tuple(_moved(facts, function, before, function.body[place], rule.id)))
    moved = facts.builds[function]
    return Changed(rule, moved.edits) if moved is not None else None


def _moved(
    facts: Facts, function: ast.FunctionDef, before: list[ast.stmt], anchor: ast.stmt, rule: str
) -> Iterator[Edit]:
    at = facts.module.end(anchor)
    for run in _runs(function.body, before):
        yield delete_statements(facts.module, run, function, rule)
    following = facts.module.text[at : _line_end(facts, at)].lstrip()
    newline, indent = facts.module.source.newline, _indent(facts, anchor)
    joint = "; " if following.startswith(";") or indent.strip() else f"{newline}{indent}"
    once = {facts.module.segment(inner): inner for inner in before}
    for inner in once.values():
        yield replace(at, at, joint, facts.module.span(inner), rule=rule)  # with the changes inside of it


def _calls_base(node: ast.stmt) -> bool:
    """`super(Mine, self).__init__(...)` or `Layer.__init__(self, ...)`."""
    return (
        isinstance(node, ast.Expr)
        and isinstance(node.value, ast.Call)
        and isinstance(node.value.func, ast.Attribute)
        and node.value.func.attr == "__init__"
    )


def _kept(found: Found, target: ast.AST) -> bool:
    """Whether Keras 1 keeps what is set here: of layers other than Layer, that is whether they support masks."""
    if not isinstance(target, ast.Attribute):
        return False
    if found.cls == _LAYER:
        return target.attr in _KEPT_BY_KERAS_1
    return target.attr in _MASKING and found.cls not in _SET_IT_THEMSELVES


def _sets_kept(node: ast.stmt, found: Found) -> bool:
    if not isinstance(node, ast.Assign) or len(node.targets) != 1:
        return False
    target = node.targets[0]
    assert isinstance(found.node, ast.Attribute) and isinstance(found.node.value, ast.Name)
    return (
        isinstance(target, ast.Attribute)
        and isinstance(target.value, ast.Name)
        and target.value.id == found.node.value.id
        and _kept(found, target)
    )


def _runs(body: list[ast.stmt], wanted: list[ast.stmt]) -> list[list[ast.stmt]]:
    """The statements, neighbours together."""
    runs: list[list[ast.stmt]] = []
    previous = None
    for index, statement in enumerate(body):
        if statement in wanted:
            if previous == index - 1:
                runs[-1].append(statement)
            else:
                runs.append([statement])
            previous = index
    return runs


def _indent(facts: Facts, node: ast.stmt) -> str:
    start = facts.module.start(node)
    return facts.module.text[facts.module.text.rfind("\n", 0, start) + 1 : start]


def _line_end(facts: Facts, position: int) -> int:
    end = facts.module.text.find("\n", position)
    return len(facts.module.text) if end < 0 else end
