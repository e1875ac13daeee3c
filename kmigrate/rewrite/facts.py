"""What is known of one module while its uses are decided: signatures of both Kerases, places, roles, dialect."""

from __future__ import annotations

import ast
from dataclasses import dataclass, field
from typing import Protocol, TypeAlias

from kmigrate.edits import Edit, Span
from kmigrate.keras.signatures import KERAS_2, Knowledge, Signature, knowledge
from kmigrate.match.arguments import Bound, Misfit, bind, form
from kmigrate.match.conditions import Conditions
from kmigrate.match.found import Found
from kmigrate.resolve.evaluate import Evaluator
from kmigrate.resolve.roles import Roles
from kmigrate.resolve.scopes import ModuleScope, Scope
from kmigrate.resolve.values import UserClass, UserFunction, UserObject, only
from kmigrate.rewrite.decision import Changed, Decision, Told
from kmigrate.rewrite.dialect import Dialect
from kmigrate.rewrite.modules import Places
from kmigrate.rewrite.plan import defaults_of
from kmigrate.ruleset.schema import Rewrite, Rule
from kmigrate.source.module import Module

NO_RULE = "KM000"
"""The id under which gaps and plain facts of the tables are reported."""

Targets: TypeAlias = tuple[tuple[str, Signature], ...]
"""The signatures that a call must fit, by Keras 2 version."""

_PARTIAL = frozenset({"partial", "applied"})
"""Kinds of calls that need not give all that is required."""


class Operations(Protocol):
    """What becomes of operations on tensors that end in layers."""

    def decide(self, found: Found) -> Decision:
        """The decision for an operation."""

    def becomes_layer(self, node: ast.expr, scope: Scope) -> bool:
        """Whether a tensor is the output of a layer, or will be."""


@dataclass(frozen=True, slots=True)
class Build:
    """How one method of a layer changes as a whole.

    covered: the stretches of text that the edits account for; touched: the statements whose lines are to stay aligned; doubt:
    why the result can compute something else, if so.
    """

    edits: tuple[Edit, ...]
    covered: tuple[Span, ...] = ()
    touched: tuple[ast.stmt, ...] = ()
    doubt: str | None = None
    notes: tuple[Told, ...] = ()


@dataclass(slots=True)
class Facts:
    """Answers questions about the uses of one module.

    adapted: the functions that serve as initializers and change so that Keras 2 can call them, with the change of their call.
    """

    module: Module
    scopes: ModuleScope
    evaluator: Evaluator
    places: Places
    roles: Roles
    dialect: Dialect
    operations: Operations | None = None
    adapted: dict[ast.AST, Changed] = field(default_factory=dict)
    bindings: dict[tuple[ast.Call, int, int], Bound | Misfit] = field(default_factory=dict)
    builds: dict[ast.FunctionDef, Build | None] = field(default_factory=dict)
    _conditions: dict[Scope, Conditions] = field(default_factory=dict)

    def release(self) -> None:
        """Let go of those who know these facts, so that counting references frees them: all is decided."""
        self.operations = None
        self.dialect = Dialect()

    def bound(self, found: Found, signature: Signature) -> Bound | Misfit:
        """The arguments of the call by the parameters of a signature."""
        assert found.call is not None
        key = (found.call, id(signature), found.leading)
        bound = self.bindings.get(key)
        if bound is None:
            bound = bind(signature, found.call, leading=found.leading, partial=found.kind in _PARTIAL)
            self.bindings[key] = bound
        return bound

    def conditions(self, found: Found) -> Conditions:
        """Checks conditions where the use stands."""
        conditions = self._conditions.get(found.scope)
        if conditions is None or conditions.adapted is not self.adapted:
            conditions = self._conditions[found.scope] = Conditions(self.evaluator, found.scope, adapted=self.adapted)
        return conditions

    def keras1(self, found: Found) -> Signature | None:
        """The Keras 1 signature of the callee."""
        keras = self.places.keras1
        if found.of_method:
            owner, _, name = found.name.rpartition(".")
            member = keras.member(found.cls or owner, name)
            return member.signature if member is not None else None
        facts = keras.get(found.name)
        return facts.signature if facts is not None else None

    def targets(self, found: Found, rewrite: Rewrite | None) -> Targets:
        """The signatures that the rewritten call must fit; a version that has no such callee is missing."""
        new = rewrite.to if rewrite is not None else None
        either = rewrite.either if rewrite is not None and rewrite.either is not None else ()
        key = (found.name, found.cls, found.of_method, either[0] if either else new)
        if key not in self.places.signatures:
            signatures = (
                (target.version, self._target(target, found, next((name for name in either if target.get(name)), new)))
                for target in self.places.targets
            )
            self.places.signatures[key] = tuple((version, known) for version, known in signatures if known is not None)
        return self.places.signatures[key]

    def fits(self, found: Found, targets: Targets) -> bool:
        """Whether the call as it stands fits every target."""
        return bool(targets) and found.call is not None and all(self.accepts(signature, found) for _, signature in targets)

    def accepts(self, signature: Signature, found: Found) -> bool:
        """Whether the call as it stands fits a signature of the tables: told alike for all calls of its form."""
        assert found.call is not None
        key = (signature, form(found.call), found.leading, found.kind in _PARTIAL)
        known = self.places.fitting.get(key)
        if known is None:
            known = self.places.fitting[key] = self._fits(found, signature)
        return known

    def speaks_keras2(self, found: Found, rewrite: Rewrite | None) -> bool:
        """Whether some Keras 2 accepts the call as it stands, be it a target or not: `Adam(lr=0.1)` was right up to 2.10."""
        targets = self.targets(found, rewrite)
        if any(self.accepts(signature, found) for _, signature in targets):
            return True
        new = rewrite.to if rewrite is not None else None
        asked = {version for version, _ in targets}
        others = (self._target(knowledge(version), found, new) for version in KERAS_2 if version not in asked)
        return any(signature is not None and self.accepts(signature, found) for signature in others)

    def defaults(self, found: Found, keras1: Signature) -> dict[str, str | None]:
        """Keras 1 defaults; of parameters that go through `**kwargs`, those of the base classes (`consume_less`)."""
        key = (found.name, found.cls, found.of_method)
        if key not in self.places.defaults:
            defaults: dict[str, str | None] = {}
            for ancestor in reversed(self.places.keras1.ancestors(found.name)):
                facts = self.places.keras1.get(ancestor)
                if facts is not None:
                    defaults.update(defaults_of(facts.signature))
            self.places.defaults[key] = {**defaults, **defaults_of(keras1)}
        return self.places.defaults[key]

    def class_in(self, target: Knowledge, cls: str) -> str | None:
        """What a target calls a Keras 1 class."""
        key = (target.version, cls)
        if key not in self.places.classes:
            self.places.classes[key] = self._class_in(target, cls)
        return self.places.classes[key]

    def lacking(self, cls: str, owner: str, name: str) -> str | None:
        """The first target version that has no such member, neither in the class of the object nor in its owner."""
        key = (cls, owner, name)
        if key not in self.places.lacking:
            lacking = (target.version for target in self.places.targets if not self._has(target, (cls, owner), name))
            self.places.lacking[key] = next(lacking, None)
        return self.places.lacking[key]

    def inside(self, rule: Rule, found: Found) -> bool:
        """Whether the use stands in the kind of code that the rule wants, and means the class that it wants."""
        if not self.is_of(rule, found) or (rule.match.itself and not self._is_itself(found)):
            return False
        if any(self._defines(found, name) for name in rule.match.unless_defined):
            return False
        if not rule.match.inside and not rule.match.not_inside:
            return True
        role = self.roles.role(found.scope)
        return (not rule.match.inside or role in rule.match.inside) and role not in rule.match.not_inside

    def _is_itself(self, found: Found) -> bool:
        """Whether a method is that of its class itself: of no object that Keras gave, whose own class nobody knows."""
        if not isinstance(found.node, ast.Attribute):
            return False
        written, scope = self.evaluator.written(found.node.value, found.scope)
        named = written.func if isinstance(written, ast.Call) else written
        if named is not written and isinstance(named, ast.Name) and named.id == "super":
            return True
        return self.evaluator.path(named, scope) is not None

    def _defines(self, found: Found, name: str) -> bool:
        """Whether the object is one of a class of the user's whose own method takes the place of Keras's."""
        cls = self._class_of(found)
        if cls is None or not self.evaluator.classes.overridden(cls, name):
            return False
        method = only(self.evaluator.classes.attribute(cls, name, bound=False))
        body = method.node if isinstance(method, UserFunction) else cls.node  # a decorated method is unknown
        return not any(isinstance(node, ast.Attribute) and node.attr == name for node in ast.walk(body))

    def _class_of(self, found: Found) -> UserClass | None:
        """The class of the user's of which a call makes an object, or an attribute is set; None for Keras's own."""
        if found.kind == "construct":  # super().__init__
            return self.evaluator.classes.enclosing(found.scope)
        if found.call is not None:
            value = only(self.evaluator.values(found.call.func, found.scope))
        else:
            value = only(self.evaluator.values(found.node.value, found.scope)) if isinstance(found.node, ast.Attribute) else None
        match value:
            case UserClass():
                return value
            case UserObject(cls):
                return cls
            case _:
                return None

    def is_of(self, rule: Rule, found: Found) -> bool:
        """Whether the object of a member is of the class that the rule wants."""
        wanted = rule.match.of
        if wanted is None:
            return True
        if "keras_tensor" in (wanted, found.cls):
            return wanted == found.cls
        owner = found.cls or found.name.rpartition(".")[0]
        return (self.places.keras1.canonical(wanted) or wanted) in self.places.keras1.ancestors(owner)

    def stands(self, found: Found, target: str) -> bool:
        """Whether every target still has the name where this file finds it (`keras.applications.vgg16.VGG16`)."""
        spelled = found.spelled
        same_name = spelled.rpartition(".")[2] == target.rpartition(".")[2]
        return bool(spelled) and same_name and self.places.exists(spelled)

    def renames(self, found: Found, target: str | None) -> bool:
        """Whether calling the use by `target` changes its name or its place."""
        if target is None or found.kind in ("construct", "partial"):
            return False
        if found.kind == "method":
            return target.rpartition(".")[2] != found.name.rpartition(".")[2]
        return target != (found.spelled or found.name)

    def treats(self, rule: Rule, found: Found, target: str | None) -> Rule:
        """The rule that speaks of a use whose text stays, called by `target`: where its import alone moves, and `rule` has
        nothing to tell, the one that moves imports."""
        moved = self.places.rules.moved
        return rule if moved is None or rule.note or target != found.name else moved

    def callee(self, found: Found, rewrite: Rewrite) -> str | None:
        """The Keras 2 path that the use is to be called by; None to leave its name alone."""
        if found.kind in ("construct", "partial"):
            return None
        if rewrite.either is not None:
            return rewrite.either[0]
        if found.kind == "method" or rewrite.to is not None:
            return rewrite.to
        place = self.places.name(found.name)
        return None if place is None or self.stands(found, place[0]) else place[0]

    def indirect(self, found: Found) -> bool:
        """Whether the callee is reached through a name of the user's, so that its own name can't be changed at the call."""
        if found.kind in ("construct", "partial") or (found.kind == "method" and not isinstance(found.node, ast.Attribute)):
            return True
        root = found.node
        while isinstance(root, ast.Attribute):
            root = root.value
        if found.kind != "call" or not isinstance(root, ast.Name):
            return False
        bindings = self.evaluator.bindings(root, found.scope)
        return bindings is not None and any(
            binding.kind not in ("import", "from", "star") for binding in bindings
        )

    def _fits(self, found: Found, signature: Signature) -> bool:
        assert found.call is not None
        limit = signature.positional_limit
        if limit is not None and len(found.call.args) - found.leading > limit:
            return False
        return not isinstance(self.bound(found, signature), Misfit)

    def _has(self, target: Knowledge, owners: tuple[str, ...], name: str) -> bool:
        classes = [self.class_in(target, cls) for cls in dict.fromkeys(owners)]
        return any(cls is not None and target.member(cls, name) is not None for cls in classes)

    def _class_in(self, target: Knowledge, cls: str) -> str | None:
        for rule in self.places.rules.calls.get(cls, ()):
            if rule.rewrite is not None and rule.rewrite.to is not None:
                return target.canonical(rule.rewrite.to)
        if target.canonical(cls) is not None:
            return target.canonical(cls)
        place = self.places.name(cls)
        return place[0] if place is not None else None

    def _target(self, target: Knowledge, found: Found, new: str | None) -> Signature | None:
        if found.of_method:
            owner, _, name = found.name.rpartition(".")
            cls = self.class_in(target, found.cls or owner)
            member = target.member(cls, new.rpartition(".")[2] if new else name) if cls is not None else None
            return member.signature if member is not None else None
        if new is None:
            place = self.places.name(found.name)
            new = place[0] if place is not None else found.name
        facts = target.get(new)
        return facts.signature if facts is not None else None
