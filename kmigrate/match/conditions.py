"""Whether an argument has the shape that a rule asks for."""

from __future__ import annotations

import ast
import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from kmigrate.match.arguments import Argument, Bound
from kmigrate.match.forms import LITERALS, resolves_to, written_as
from kmigrate.match.literals import MISSING, items, parsed, same
from kmigrate.resolve.evaluate import Evaluator
from kmigrate.resolve.flow.shapes import Shape as TensorShape
from kmigrate.resolve.flow.shapes import Shapes
from kmigrate.resolve.scopes import Scope
from kmigrate.resolve.values import (
    UNKNOWN,
    KerasName,
    Literal,
    Other,
    Result,
    Sequence,
    Unknown,
    only,
)
from kmigrate.ruleset.schema import Condition, Shape

_NAMES = ast.Name | ast.Attribute


@dataclass(frozen=True, slots=True)
class Conditions:
    """Checks conditions on the arguments of one call.

    adapted: functions that are rewritten for the way in which Keras 2 calls them.
    any_value: where an expression can be several literals, one of them is enough: what a person must see.
    """

    evaluator: Evaluator
    scope: Scope
    shapes: Shapes | None = None
    adapted: Collection[ast.AST] = frozenset()
    any_value: bool = False

    def hold(self, conditions: Mapping[str, Condition], bound: Bound, defaults: Mapping[str, str | None]) -> bool:
        """Whether all conditions hold; an argument that is not given counts as its Keras 1 default."""
        for name, condition in conditions.items():
            argument = bound.get(name)
            if not self._holds(condition, argument, defaults.get(name)):
                return False
        return True

    def _holds(self, condition: Condition, argument: Argument | None, default: str | None) -> bool:
        if condition.given is not None:
            if condition.given != (argument is not None):
                return False
            if condition.only_given:
                return True
        if argument is not None:
            return self.matches(condition, argument.value)
        if default is None:
            return False
        known = condition.of_defaults.get(default)
        if known is None:
            value = parsed(default)
            known = self.matches(condition, value)
            if isinstance(value, ast.Constant):
                condition.of_defaults[default] = known
        return known

    def matches(self, condition: Condition, value: ast.expr) -> bool:
        """Whether one expression fits."""
        if condition.has_equals and not self._is_one_of(value, (condition.equals,)):
            return False
        if condition.one_of is not None and not self._is_one_of(value, condition.one_of):
            return False
        if condition.is_ is not None and not any(self.shape(value, shape) for shape in condition.is_):
            return False
        if condition.all_ is not None and not self._all(value, condition.all_):
            return False
        if condition.first is not None and not self._first(value, condition.first):
            return False
        if condition.axes is not None and not self._has_axes(value, condition.axes):
            return False
        if condition.size is not None and not self._has_size(value, condition.size):
            return False
        if (condition.above is not None or condition.below is not None) and not _between(self.literal(value), condition):
            return False
        if condition.unmasked is not None and condition.unmasked != self._unmasked(value):
            return False
        if condition.some is not None and not any(self.matches(condition.some, item) for item in items(value)):
            return False
        if condition.result is not None and not self._gives(value, condition.result):
            return False
        if condition.names is not None and not self._named(value, condition.names):
            return False
        if condition.can_be is not None and not self._can_be(value, condition.can_be):
            return False
        if condition.pattern is not None:
            text = self.literal(value)
            if not isinstance(text, str) or re.fullmatch(condition.pattern, text) is None:
                return False
        return condition.not_ is None or not self.matches(condition.not_, value)

    def literal(self, value: ast.expr) -> object:
        """The literal that an expression is, also through a name that is bound to one literal only."""
        if isinstance(value, ast.Constant):
            return value.value
        if isinstance(value, _NAMES):
            found = only(self.evaluator.values(value, self.scope))
            return found.value if isinstance(found, Literal) else MISSING
        try:
            return ast.literal_eval(value)
        except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
            return MISSING

    def _is_one_of(self, value: ast.expr, wanted: Iterable[object]) -> bool:
        literal = self.literal(value)
        if literal is not MISSING or not self.any_value:
            return any(same(literal, item) for item in wanted)
        found = [item.value for item in self.evaluator.values(value, self.scope) if isinstance(item, Literal)]
        return any(same(item, other) for item in found for other in wanted)

    def _can_be(self, value: ast.expr, wanted: tuple[object, ...]) -> bool:
        """Whether an expression has one of these values, or can have one for all that is known of it."""
        literal = self.literal(value)
        if literal is not MISSING:
            return any(same(literal, item) for item in wanted)
        return any(
            any(same(found.value, item) for item in wanted) if isinstance(found, Literal)
            else isinstance(found, Other | Unknown) or (isinstance(found, Result) and found.function.endswith(".get"))
            for found in self.evaluator.values(value, self.scope) or UNKNOWN
        )

    def _named(self, value: ast.expr, names: Iterable[str]) -> bool:
        """Whether an expression is one of these things of Keras 1."""
        found = only(self.evaluator.values(value, self.scope)) if isinstance(value, _NAMES) else None
        return isinstance(found, KerasName) and found.path in names

    def _gives(self, value: ast.expr, function: str) -> bool:
        """Whether an expression is what a Keras 1 function gives: its call, or a name for that."""
        if isinstance(value, ast.Call):
            callee = only(self.evaluator.values(value.func, self.scope))
            return isinstance(callee, KerasName) and callee.path == function
        return self.evaluator.values(value, self.scope) == {Result(function)}

    def shape(self, value: ast.expr, shape: Shape) -> bool:
        """Whether an expression looks like, or resolves to, `shape`."""
        if written_as(value, shape):
            return True
        if shape == "tuple" and isinstance(value, ast.Name) and self._names_a_tuple(value):
            return True
        if shape == "literal":
            return self.literal(value) is not MISSING
        if shape in LITERALS:
            found = self.literal(value)
            return type(found) in LITERALS[shape]
        if shape == "choice":
            return len(self.choices(value)) > 1
        if shape == "guess":
            return bool(self.guess(value))
        if shape == "length":
            return self._length(value)
        if shape == "quotient":
            return self._is_quotient(value)
        if shape == "rows":
            return self._has_rows(value)
        values = self.evaluator.values(value, self.scope)
        return bool(values) and all(resolves_to(item, shape, self.evaluator) for item in values)

    def _names_a_tuple(self, value: ast.Name) -> bool:
        """Whether a name stands for tuples that are written out, and for nothing else."""
        found = self.evaluator.assigned(value, self.scope)
        return bool(found) and all(isinstance(made, ast.Tuple) for made, _ in found)

    def _length(self, value: ast.expr) -> bool:
        """Whether an expression is the number of items of something; a name must stand for one such expression."""
        match value:
            case ast.Call(func=ast.Name(id="len"), args=[_], keywords=[]):
                return True
            case ast.Subscript(value=ast.Attribute(attr="shape"), slice=ast.Constant(value=0)):
                return True
            case ast.Attribute(attr="n" | "nb_sample" | "samples"):
                return True
            case ast.Name():
                found = self.evaluator.assigned_once(value, self.scope)
                return found is not None and self._length(found[0])
            case _:
                return False

    def _is_quotient(self, value: ast.expr) -> bool:
        """Whether an expression is what `/` gives; a name must stand for one such expression."""
        made, _ = self.evaluator.written(value, self.scope)
        return isinstance(made, ast.BinOp) and isinstance(made.op, ast.Div)

    def _has_rows(self, value: ast.expr) -> bool:
        """Whether an expression is a list of two lists or more, written out; a name must stand for one such list."""
        match self.evaluator.written(value, self.scope)[0]:
            case ast.List(elts=[_, _, *_] as rows):
                return all(isinstance(row, ast.List | ast.ListComp) for row in rows)
            case ast.ListComp(elt=ast.List() | ast.ListComp()):
                return True
            case _:
                return False

    def choices(self, value: ast.expr) -> list[str]:
        """The string literals that an expression certainly is one of, sorted; none if it can be anything else."""
        values = self.evaluator.values(value, self.scope)
        found = [item.value for item in values if isinstance(item, Literal) and isinstance(item.value, str)]
        return sorted(found) if len(found) == len(values) else []

    def guess(self, value: ast.expr) -> list[str]:
        """The string literals that an expression is as far as anybody can see, if it may be something else too."""
        values = self.evaluator.values(value, self.scope)
        found = [item.value for item in values if isinstance(item, Literal) and isinstance(item.value, str)]
        unseen = [item for item in values if isinstance(item, Unknown)]
        return sorted(found) if unseen and len(found) + len(unseen) == len(values) else []

    def alike(self, values: Iterable[ast.expr]) -> bool:
        """Whether these are tensors with the same, known number of axes and without masks."""
        shapes = [shape for value in values for shape in self._shapes(value)]
        known = [shape for shape in shapes if shape is not None and not shape.masked]
        return len(known) == len(shapes) and len({len(shape.axes) for shape in known}) == 1

    def _shapes(self, value: ast.expr) -> list[TensorShape | None]:
        shapes = self.shapes or Shapes(self.evaluator)
        return [shapes.of(item, self.scope) for item in items(value)]

    def _has_axes(self, value: ast.expr, wanted: int | tuple[int, ...]) -> bool:
        numbers = (wanted,) if isinstance(wanted, int) else wanted
        shapes = self._shapes(value)
        return bool(shapes) and all(shape is not None and len(shape.axes) in numbers for shape in shapes)

    def _has_size(self, value: ast.expr, wanted: int | tuple[int, ...]) -> bool:
        """Whether a list or tuple, written out here or where its name is bound, has so many items."""
        made, _ = self.evaluator.written(value, self.scope)
        if not isinstance(made, ast.List | ast.Tuple) or any(isinstance(item, ast.Starred) for item in made.elts):
            return False
        return len(made.elts) in ((wanted,) if isinstance(wanted, int) else wanted)

    def _unmasked(self, value: ast.expr) -> bool:
        shapes = self.shapes or Shapes(self.evaluator)
        return all(shapes.unmasked(item, self.scope) for item in items(value))

    def _first(self, value: ast.expr, condition: Condition) -> bool:
        return isinstance(value, ast.List | ast.Tuple) and bool(value.elts) and self.matches(condition, value.elts[0])

    def _all(self, value: ast.expr, shape: Shape) -> bool:
        if isinstance(value, ast.List | ast.Tuple):
            return bool(value.elts) and all(self.shape(item, shape) for item in value.elts)
        if isinstance(value, ast.Dict):
            return bool(value.values) and all(self.shape(item, shape) for item in value.values)
        values = self.evaluator.values(value, self.scope)
        return bool(values) and all(
            isinstance(item, Sequence)
            and bool(item.items)
            and all(inner and all(resolves_to(v, shape, self.evaluator) for v in inner) for inner in item.items)
            for item in values
        )


def _between(found: object, condition: Condition) -> bool:
    """Whether a literal is a number within the bounds."""
    if isinstance(found, bool) or not isinstance(found, int | float):
        return False
    return (condition.above is None or found > condition.above) and (condition.below is None or found < condition.below)
