"""What does `build` list of the weights that it made: which are trained, penalised or constrained?"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeAlias

from kmigrate.resolve.evaluate import Evaluator
from kmigrate.resolve.scopes import Scope
from kmigrate.rewrite.handlers.weights.making import Making, attribute_of, making

TRAINED, FIXED = "trainable_weights", "non_trainable_weights"
PENALTIES, CONSTRAINTS = "regularizers", "constraints"
LISTS = frozenset({TRAINED, FIXED, PENALTIES, CONSTRAINTS})


class Unclear(Exception):
    """The method does something with the lists or the weights that is not understood."""


@dataclass(frozen=True, slots=True)
class State:
    """What holds on one way through the method: the weights that exist, and those that are listed as trained."""

    existing: tuple[str, ...] = ()
    trained: tuple[str, ...] = ()


States: TypeAlias = frozenset[State]


@dataclass(slots=True)
class Listing:
    """What one `build` does: the weights that it makes, the statements that go, and what belongs to a weight.

    extras: weight -> (parameter of add_weight, its text). fixed: weights that are not trained. listing: whether weights are
    listed at all.
    """

    owner: str
    scope: Scope
    evaluator: Evaluator
    makings: list[Making] = field(default_factory=list)
    gone: list[ast.stmt] = field(default_factory=list)
    extras: dict[str, list[tuple[str, str]]] = field(default_factory=dict)
    fixed: list[str] = field(default_factory=list)
    listing: bool = False

    def read(self, function: ast.FunctionDef) -> None:
        """Read the whole method; raises Unclear unless every way lists all weights in the order of their making."""
        ends = self._block(function.body, frozenset({State()}))
        made = {item.attribute for item in self.makings}
        if any(name not in made for name in (*self.fixed, *self.extras)):
            raise Unclear
        if not self.listing:
            self.makings = [item for item in self.makings if item.initializer is None]
            if self.fixed or any(name not in {item.attribute for item in self.makings} for name in self.extras):
                raise Unclear
            return
        for end in ends:
            if end.trained != tuple(name for name in end.existing if name not in self.fixed):
                raise Unclear

    def _block(self, block: Sequence[ast.stmt], states: States) -> States:
        """Read a block; gives what can hold behind it."""
        for statement in block:
            states = self._statement(statement, states)
        return states

    def _statement(self, statement: ast.stmt, states: States) -> States:
        made = making(statement, self.owner, self.scope, self.evaluator)
        if made is not None:
            if any(made.attribute in state.existing for state in states):
                raise Unclear
            self.makings.append(made)
            return frozenset(replace(state, existing=(*state.existing, made.attribute)) for state in states)
        after = self._listed(statement, states)
        if after is not None:
            self.gone.append(statement)
            return after
        if isinstance(statement, ast.If):
            if self._attached(statement):
                self.gone.append(statement)
                return states
            self._mention(statement.test)
            return self._block(statement.body, states) | self._block(statement.orelse, states)
        if any(isinstance(inner, ast.Return) for inner in ast.walk(statement)):
            raise Unclear
        self._mention(statement)
        return states

    def _listed(self, statement: ast.stmt, states: States) -> States | None:
        """What holds behind a statement that sets or extends one of the lists; None for another statement."""
        match statement:
            case ast.Assign(targets=[target], value=ast.List(elts=items)):
                name = attribute_of(target, self.owner)
                if name == TRAINED:
                    self.listing = True
                    return frozenset(replace(state, trained=self._weights(items)) for state in states)
                if name == FIXED:
                    self.fixed.extend(self._weights(items))
                    return states
                return states if name == PENALTIES and not items else None
            case ast.Assign(targets=[target], value=ast.Dict(keys=[])):
                return states if attribute_of(target, self.owner) == CONSTRAINTS else None
            case ast.AugAssign(target=target, op=ast.Add(), value=ast.List(elts=items)):
                name = attribute_of(target, self.owner)
            case ast.Expr(value=ast.Call(func=ast.Attribute(value=target, attr="append"), args=items, keywords=[])):
                name = attribute_of(target, self.owner)
            case ast.Expr(
                value=ast.Call(func=ast.Attribute(value=target, attr="extend"), args=[ast.List(elts=items)], keywords=[])
            ):
                name = attribute_of(target, self.owner)
            case _:
                return None
        if name != TRAINED:
            return None
        self.listing = True
        more = self._weights(items)
        return frozenset(replace(state, trained=(*state.trained, *more)) for state in states)

    def _weights(self, items: Sequence[ast.expr]) -> tuple[str, ...]:
        names = tuple(name for item in items if (name := attribute_of(item, self.owner)) is not None)
        if len(names) != len(items):
            raise Unclear
        return names

    def _attached(self, statement: ast.If) -> bool:
        """`if self.R: self.R.set_param(self.W); self.regularizers.append(self.R)` and the like."""
        asked = _asked(statement.test, self.owner)
        if asked is None or statement.orelse:
            return False
        found: list[tuple[str, str, str]] = []
        listed = False
        for inner in statement.body:
            match inner:
                case ast.Expr(value=ast.Call(func=ast.Attribute(value=regularizer, attr="set_param"), args=[weight])) if (
                    attribute_of(regularizer, self.owner) == asked
                ):
                    found.append((attribute_of(weight, self.owner) or "", "regularizer", asked))
                case ast.Expr(value=ast.Call(func=ast.Attribute(value=regularizer, attr="set_layer"), args=[_])) if (
                    attribute_of(regularizer, self.owner) == asked == "activity_regularizer"
                ):
                    pass
                case ast.Expr(value=ast.Call(func=ast.Attribute(value=kept, attr="append"), args=[regularizer])) if (
                    attribute_of(kept, self.owner) == PENALTIES and attribute_of(regularizer, self.owner) == asked
                ):
                    listed = True
                case ast.Assign(targets=[ast.Subscript(value=kept, slice=weight)], value=constraint) if (
                    attribute_of(kept, self.owner) == CONSTRAINTS and attribute_of(constraint, self.owner) == asked
                ):
                    found.append((attribute_of(weight, self.owner) or "", "constraint", asked))
                case _:
                    return False
        if any(kind == "regularizer" for _, kind, _ in found) and not listed:
            return False
        for name, kind, text in found:
            self.extras.setdefault(name, []).append((kind, f"{self.owner}.{text}"))
        return bool(found) or listed

    def _mention(self, node: ast.AST) -> None:
        """The lists must not be used in any other way."""
        if any(name in LISTS for name in _attributes(node, self.owner)):
            raise Unclear


def _asked(test: ast.expr, owner: str) -> str | None:
    """The attribute in `self.R` and `self.R is not None`."""
    if isinstance(test, ast.Compare) and isinstance(test.ops[0], ast.IsNot | ast.NotEq) and len(test.ops) == 1:
        right = test.comparators[0]
        return attribute_of(test.left, owner) if isinstance(right, ast.Constant) and right.value is None else None
    return attribute_of(test, owner)


def _attributes(node: ast.AST, owner: str) -> Iterator[str]:
    for inner in ast.walk(node):
        name = attribute_of(inner, owner)
        if name is not None:
            yield name
