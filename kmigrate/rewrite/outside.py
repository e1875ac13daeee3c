"""What becomes of operations on tensors of the graph that end in a layer or a model: which rule treats each?"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial

from kmigrate.edits import Edit, Piece, replace
from kmigrate.match.arguments import Bound, Misfit
from kmigrate.match.conditions import Conditions
from kmigrate.match.found import Found, in_order
from kmigrate.match.literals import items
from kmigrate.match.patterns import ANY, fits
from kmigrate.match.rules import RuleIndex
from kmigrate.resolve.flow.anatomy import anatomy
from kmigrate.resolve.flow.ends import ends, taken
from kmigrate.resolve.flow.origins import Operation, Origins
from kmigrate.resolve.scopes import Scope
from kmigrate.resolve.values import KerasName, only
from kmigrate.rewrite.as_function import Function, as_function
from kmigrate.rewrite.decision import Changed, Decision, ForReview, Text
from kmigrate.rewrite.facts import Facts
from kmigrate.rewrite.handlers.text import commented
from kmigrate.rewrite.template import edits_of
from kmigrate.ruleset.schema import Rule

_RECIPE = (
    "Put it into a layer: Lambda(lambda t: ...)(x), with a list [x, y] of all tensors it is applied to as input and "
    "t[0], t[1] in their places."
)


@dataclass(frozen=True, slots=True)
class Treated:
    """An operation with the rule that treats it, and what stands in the holes of the rule's pattern or call."""

    operation: Operation
    rule: Rule
    holes: Mapping[str, ast.expr]


@dataclass(slots=True)
class Outside:
    """Treats the operations of one module, from the outermost on."""

    facts: Facts
    rules: RuleIndex
    origins: Origins
    treated: dict[ast.AST, Treated] = field(default_factory=dict)

    def treat(self, lines: frozenset[int] | None) -> None:
        """Find the operations that end in calls on these lines, and the rule for each."""
        if not self._any(lines):
            return
        pending = [
            operation
            for argument, scope, end in ends(self.origins.module, self.facts.evaluator, self.facts.roles, lines)
            for operation in self.origins.of(argument, scope, end)
        ]
        while pending:
            operation = pending.pop()
            if operation.node in self.treated:
                continue
            treated = self._ruled(operation)
            if treated is None:
                continue
            self.treated[operation.node] = treated
            operands = [(hole, operation.scope) for hole in treated.holes.values()]
            for operand, scope in operands or anatomy(operation, self.origins).tensors:
                for item in items(operand):
                    pending.extend(self.origins.of(item, scope, operation.end))
        if self.treated and self.facts.dialect.keras2:  # from 2.4 on, operators between outputs of layers may stay
            self.treated = {node: treated for node, treated in self.treated.items() if not self._written(node)}

    def joined(self, founds: list[Found]) -> list[Found]:
        """All uses in the order of the text; a call that a rule of its own makes a layer is one use, not two."""
        if not self.treated:
            return founds
        own = list(self._founds())
        whole = {found.call for found in own if found.call is not None}
        kept = [found for found in founds if found.call not in whole or found.call is None]
        return in_order([*kept, *own], self.facts.module)

    def _founds(self) -> Iterator[Found]:
        """The treated operations as uses."""
        for node, treated in self.treated.items():
            call = node if isinstance(node, ast.Call) and treated.rule.match.call else None
            path = f"keras.backend.{_callee(call)}" if call is not None else "operation on tensors"
            yield Found("operation", path, call.func if call is not None else node, treated.operation.scope, call)

    def decide(self, found: Found) -> Decision:
        """The layer in the place of the operation."""
        treated = self.treated[found.call or found.node]
        rule, operation = treated.rule, treated.operation
        if rule.rewrite is None or rule.rewrite.template is None:
            return ForReview(rule.id, rule.say or rule.title)
        module = self.facts.module
        function = as_function(operation, self.origins, module, rule.id)
        if isinstance(function, str):
            return ForReview(rule.id, f"this is no layer, but its result ends in one; {function}.", _RECIPE)
        whole = module.span(operation.node)
        holes = self._texts(treated, function)
        build = partial(
            _edits, operation, function if not treated.holes else None,
            partial(
                edits_of, rule.id, rule.rewrite.template, Bound(()), None, whole, self._defaults(found),
                function.confidence, None, holes=holes,
            ),
        )  # fmt: skip
        return Changed(rule, text=Text(rule.rewrite.imports, build), confidence=function.confidence)

    def becomes_layer(self, node: ast.expr, scope: Scope) -> bool:
        """Whether a tensor is the output of a layer, or will be."""
        kind = self.origins.graph.kind(node, scope)
        if kind == "tensor" or not isinstance(node, ast.Name):
            return kind == "tensor"
        bindings = self.facts.evaluator.bindings(node, scope) or frozenset()
        return bool(bindings) and all(self._written(binding.value) for binding in bindings)

    def _written(self, node: ast.AST | None) -> bool:
        treated = self.treated.get(node) if node is not None else None
        if treated is None:
            return False
        return not isinstance(as_function(treated.operation, self.origins, self.facts.module, treated.rule.id), str)

    def _any(self, lines: frozenset[int] | None) -> bool:
        """Whether any operation ends in a call on these lines, be it inside of a layer: mostly none does."""
        origins = Origins(self.origins.module, self.facts.evaluator, self.facts.roles)
        given = taken(self.origins.module, self.facts.evaluator, lines)
        return any(True for argument, scope, end in given for _ in origins.of(argument, scope, end))

    # --- rules ----------------------------------------------------------------------------------------------------

    def _ruled(self, operation: Operation) -> Treated | None:
        if operation.certain:
            for rule in self._candidates(operation.node, operation):
                holes = self._fits(rule, operation)
                if holes is not None and not self._loses_comment(operation, holes):
                    return Treated(operation, rule, holes)
        general = next((rule for rule in self.rules.patterns if rule.match.pattern == ANY), None)
        return Treated(operation, general, {}) if general is not None else None

    def _candidates(self, node: ast.AST, operation: Operation) -> Iterator[Rule]:
        if isinstance(node, ast.Call):
            called = only(self.facts.evaluator.values(node.func, operation.scope))
            if isinstance(called, KerasName):
                yield from self.rules.feeding.get(called.path, ())
        yield from (rule for rule in self.rules.patterns if rule.match.pattern != ANY)

    def _fits(self, rule: Rule, operation: Operation) -> Mapping[str, ast.expr] | None:
        holes = self._holes(rule, operation)
        if holes is None:
            return None
        conditions = Conditions(self.facts.evaluator, operation.scope, self.origins.shapes)
        for name, condition in rule.match.given.items():
            if condition.given is not None and condition.given != (name in holes):
                return None
            if name in holes and not conditions.matches(condition, holes[name]):
                return None
            if name not in holes and condition.given is None:
                return None
        if rule.match.alike and not conditions.alike([holes[name] for name in rule.match.alike if name in holes]):
            return None
        return holes

    def _holes(self, rule: Rule, operation: Operation) -> Mapping[str, ast.expr] | None:
        node = operation.node
        if rule.match.pattern is not None:
            return fits(rule.match.pattern, node, operation.scope, self.facts.evaluator)
        assert isinstance(node, ast.Call)
        found = Found("call", f"keras.backend.{_callee(node)}", node.func, operation.scope, node)
        signature = self.facts.keras1(found)
        bound = self.facts.bound(found, signature) if signature is not None else None
        if bound is None or isinstance(bound, Misfit) or bound.opaque is not None:
            return None
        return {argument.parameter: argument.value for argument in bound.arguments}

    def _loses_comment(self, operation: Operation, holes: Mapping[str, ast.expr]) -> bool:
        module = self.facts.module
        return commented(module, module.span(operation.node), [module.span(hole) for hole in holes.values()])

    def _defaults(self, found: Found) -> Mapping[str, str | None]:
        signature = self.facts.keras1(found) if found.call is not None else None
        return self.facts.defaults(found, signature) if signature is not None else {}

    # --- text -----------------------------------------------------------------------------------------------------

    def _texts(self, treated: Treated, function: Function) -> dict[str, tuple[Piece, ...]]:
        module = self.facts.module
        texts: dict[str, tuple[Piece, ...]] = {name: (module.span(node),) for name, node in treated.holes.items()}
        for name, node in treated.holes.items():
            if isinstance(node, ast.List | ast.Tuple) and len(node.elts) > 1:
                rest = replace(module.start(node.elts[1]), module.end(node.elts[-1]), rule="").span
                texts[f"{name}.rest"] = ("(", rest, ",)" if len(node.elts) == len("xy") else ")")
        if isinstance(treated.operation.node, ast.Call):
            texts["callee"] = (_callee(treated.operation.node),)
        if not treated.holes:
            texts["function"], texts["tensors"] = function.text, function.tensors
            if function.shape is not None:
                texts["shape"] = function.shape
        return texts


def _edits(operation: Operation, function: Function | None, template: partial[list[Edit]], spelled: dict[str, str]) -> list[Edit]:
    """The edits of a filled template, and those that put the function's parameter in the place of the tensors."""
    (edit,) = template(spelled)
    node = operation.node
    if isinstance(node, ast.AugAssign) and isinstance(node.target, ast.Name):
        edit = replace(edit.start, edit.end, f"{node.target.id} = ", *edit.pieces, rule=edit.rule, confidence=edit.confidence)
    return [edit, *(function.inner if function is not None else ())]


def _callee(call: ast.Call) -> str:
    return call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
