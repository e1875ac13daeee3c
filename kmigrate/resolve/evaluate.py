"""What each expression can be: an abstract evaluator over the user's code.

Sound for what it claims: a set without `Unknown` holds everything that the expression can be. Parameters of functions that
may be called from elsewhere keep `Unknown` beside what their visible callers pass: such a value is a guess.
"""

from __future__ import annotations

import ast
from typing import Any

from kmigrate.resolve.bindings import Bindings
from kmigrate.resolve.builtin_calls import HELD, NAMED, PLAIN
from kmigrate.resolve.callers import Callers
from kmigrate.resolve.calls import Calls
from kmigrate.resolve.classes import Classes
from kmigrate.resolve.memory import Memory
from kmigrate.resolve.operators import arithmetic, items, subscript, union
from kmigrate.resolve.reaching import Definitions, reaching
from kmigrate.resolve.scopes import Binding, ModuleScope, Scope
from kmigrate.resolve.stars import Stars
from kmigrate.resolve.stores import Stores
from kmigrate.resolve.values import (
    HISTORY,
    NOTHING,
    OTHER,
    UNKNOWN,
    Instance,
    KerasMember,
    KerasModule,
    KerasName,
    Literal,
    NewName,
    Other,
    RawTensor,
    Result,
    Sequence,
    Table,
    Tensor,
    UserClass,
    UserFunction,
    UserModule,
    UserObject,
    Value,
    Values,
    only,
)
from kmigrate.resolve.world import World


class Evaluator:
    """Evaluates expressions of the modules of one world; answers are remembered."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.classes = Classes(self)
        self.stars = Stars(self)
        self.stores = Stores(self)
        self.calls = Calls(self)
        self.callers = Callers().of
        self._bindings = Bindings(self)
        memory = Memory()
        self._memo = memory.known
        self._remember = memory.remember
        self.settled = memory.settled
        self._literals: dict[tuple[type, Any], Values] = {}
        self._flows: dict[tuple[Scope, str], dict[ast.AST, Definitions]] = {}
        self._ends: dict[tuple[Scope, str], Definitions] = {}

    def release(self) -> None:
        """Forget all answers, and those who know this evaluator: it answers nothing any more."""
        vars(self).clear()

    # --- questions ------------------------------------------------------------------------------------------------

    def values(self, node: ast.expr, scope: Scope) -> Values:
        """Everything that `node`, standing in `scope`, can be."""
        cls = type(node)
        if cls is ast.Name:  # its bindings are remembered
            return self.name(node, scope)  # type: ignore[arg-type]
        known = self._memo.get(node)
        if known is not None:
            return known
        if cls is ast.Constant:
            found = self._memo[node] = self._literal(node.value)  # type: ignore[attr-defined]
            return found
        if cls is ast.Attribute and type(node.value) is ast.Name:  # type: ignore[attr-defined]
            found = self.name(node.value, scope)  # type: ignore[attr-defined]
            if found is OTHER or found is UNKNOWN:  # so are its members: nothing to remember
                return found
        return self._remember(node, self._expression, node, scope)

    def name(self, node: ast.Name, scope: Scope) -> Values:
        """Everything that a loaded name can be."""
        name, owners = node.id, scope.owners
        owner = owners[name] if name in owners else scope.lookup(name)  # without a call where `lookup` remembers it
        if owner is not None and owner.kind == "class" and node in scope.module.early:
            return self.name(node, scope.module.early[node])
        if owner is not None and not owner.stars:
            listed = owner.bindings.get(name)
            if listed is not None and len(listed) == 1:
                known = self._memo.get(listed[0].node)
                return known if known is not None else self.binding(listed[0])
        bindings = self._seen(node, owner)
        if bindings is None:
            if name in PLAIN:
                return OTHER
            top = scope.module.top
            given = self.settled((top, name), self.stars.last, top, name, frozenset({scope.module.key}))
            return given if given is not OTHER or name in NAMED else UNKNOWN  # part of a program, or run by another one
        found = NOTHING
        for binding in bindings:
            if binding.kind == "star":
                found |= self.stars.gives(binding, name) or NOTHING
            else:
                given = self.binding(binding)
                found = found | given if found else given
        return found

    def path(self, node: ast.expr, scope: Scope) -> str | None:
        """The documented path of the one name of Keras that an expression can be; None if it can be anything else."""
        value = only(self.values(node, scope))
        return value.path if isinstance(value, KerasName) else None

    def owned(self, owner: Scope, name: str) -> Values | None:
        """What every load of a name can be that finds it in this scope; None where the place of the load matters."""
        bindings = owner.bindings.get(name, ())
        return self.binding(bindings[0]) if len(bindings) == 1 and not owner.stars else None

    def bindings(self, node: ast.Name, scope: Scope) -> Definitions | None:
        """The bindings that a loaded name can see; None when no scope binds it."""
        return self._seen(node, scope.module.early.get(node, scope).lookup(node.id))

    def _seen(self, node: ast.Name, owner: Scope | None) -> Definitions | None:
        """The bindings of the scope that owns a name which a load of it can see."""
        bindings = owner.bindings.get(node.id) if owner is not None else None
        if owner is None or bindings is None:
            return None
        if (len(bindings) == 1 and not owner.stars) or owner.kind in ("comprehension", "lambda"):
            return frozenset(bindings)
        key = (owner, node.id)
        flow = self._flows.get(key)
        if flow is None:
            stars = self.stars.binding(owner, node.id)
            alone = len(bindings) == 1 and not stars  # what does not reach a load is seen all the same
            flow = self._flows[key] = {} if alone else reaching(owner, node.id, stars)
            self._ends[key] = frozenset(bindings) | frozenset(stars)
        return flow.get(node) or self._ends[key]

    def assigned(self, node: ast.expr, scope: Scope) -> list[tuple[ast.expr, Scope]]:
        """The expressions that a name is assigned as a whole, with their scopes; none where it can get its value otherwise."""
        bindings = (self.bindings(node, scope) if isinstance(node, ast.Name) else None) or frozenset()
        found = [(binding.assigned, binding.scope) for binding in bindings if binding.assigned is not None]
        return found if len(found) == len(bindings) else []

    def assigned_once(self, node: ast.expr, scope: Scope) -> tuple[ast.expr, Scope] | None:
        """The one expression that a name is assigned as a whole, with its scope; None where it can have another value."""
        found = self.assigned(node, scope)
        return found[0] if len(found) == 1 else None

    def written(self, node: ast.expr, scope: Scope) -> tuple[ast.expr, Scope]:
        """The expression that a name is assigned once, with its scope; any other expression is what is written itself."""
        return self.assigned_once(node, scope) or (node, scope)

    def binding(self, binding: Binding) -> Values:
        """Everything that a binding gives its name."""
        known = self._memo.get(binding.node)
        return known if known is not None else self._remember(binding.node, self._bindings.value, binding)

    def attribute_of(self, value: Value, name: str) -> Values:
        """Everything that `value.name` can be."""
        match value:
            case Other() | Literal():
                return OTHER
            case KerasModule(path):
                return self.world.keras_values(f"{path}.{name}")
            case NewName(path):
                return frozenset({NewName(f"{path}.{name}")})
            case Instance(cls):
                return self.classes.keras_member(cls, name) if name != "__class__" else self.classes.of_object(value)
            case KerasName(path):
                member = self.world.keras.member(path, name)
                return frozenset({KerasMember(path, name, bound=False)}) if member is not None else UNKNOWN
            case UserModule():
                scopes = self.world.scopes(value)
                return self.module_name(scopes, name) if scopes is not None else UNKNOWN
            case UserObject(cls):
                found = self.classes.attribute(cls, name, bound=True) if name != "__class__" else None
                return found if found is not None else self.classes.of_object(value)
            case UserClass():
                return self.classes.attribute(value, name, bound=False)
            case Table() if name in ("values", "get", "items", "pop"):
                return UNKNOWN
            case Tensor() if name == "_keras_history":
                return HISTORY
            case Sequence() | Table() | Tensor() | RawTensor() | Result():
                return OTHER
            case _:
                return UNKNOWN

    def module_name(self, module: ModuleScope, name: str, seen: frozenset[str] = frozenset()) -> Values:
        """Everything that a name can be at the end of a module, its star imports included."""
        if name in module.top.bindings:
            found = NOTHING
            for binding in module.top.bindings[name]:
                found |= self.binding(binding)
            for star in module.top.stars if module.key not in seen else ():
                if getattr(star.statement, "lineno", 0) > getattr(binding.node, "lineno", 0):  # it comes last
                    found |= self.stars.hides(star, name, seen | {module.key})
            return found
        if module.key in seen:
            return UNKNOWN
        return self.stars.last(module.top, name, seen | {module.key})

    def _literal(self, value: Any) -> Values:
        """The literal as a value; one of each is made."""
        key = (value.__class__, value)
        found = self._literals.get(key)
        if found is None:
            found = self._literals[key] = frozenset({Literal(value)}) if value is not ... else OTHER
        return found

    def _under(self, held: Values, index: ast.expr) -> Values:
        """What stands under an index of these; all names of a module of Keras stand in one of them."""
        value = only(held)
        if isinstance(value, KerasName) and value.path.endswith(f".{HELD}") and isinstance(index, ast.Constant):
            return self.attribute_of(KerasModule(value.path.removesuffix(f".{HELD}")), str(index.value))
        return subscript(held, index)

    # --- expressions ----------------------------------------------------------------------------------------------

    def _expression(self, node: ast.expr, scope: Scope) -> Values:
        match node:
            case ast.Call():
                return self.calls.value(node, scope)
            case ast.Attribute(value=base, attr=attr):
                objects = self.values(base, scope)
                if len(objects) == 1:  # nearly always
                    return self.attribute_of(next(iter(objects)), attr)
                return union(self.attribute_of(value, attr) for value in objects)
            case ast.List(elts=listed) | ast.Tuple(elts=listed):
                if any(isinstance(item, ast.Starred) for item in listed):
                    inner = union(
                        items(self.values(item.value, scope)) if isinstance(item, ast.Starred)
                        else self.values(item, scope)
                        for item in listed
                    )  # fmt: skip
                    return frozenset({Sequence((inner,), homogeneous=True)})
                return frozenset({Sequence(tuple(self.values(item, scope) for item in listed))})
            case ast.ListComp(elt=element) | ast.GeneratorExp(elt=element) | ast.SetComp(elt=element):
                inner_scope = scope.module.scope_of[node]
                return frozenset({Sequence((self.values(element, inner_scope),), homogeneous=True)})
            case ast.IfExp(body=body, orelse=orelse):
                return self.values(body, scope) | self.values(orelse, scope)
            case ast.BoolOp(values=parts):
                return union(self.values(part, scope) for part in parts)
            case ast.BinOp(left=left, right=right):
                return arithmetic(self.values(left, scope), self.values(right, scope))
            case ast.UnaryOp(operand=operand):
                return arithmetic(self.values(operand, scope), OTHER)
            case ast.Subscript(value=base, slice=index):
                found = self.stores.kept(base, index, scope)
                return self._under(self.values(base, scope), index) if found is None else found
            case ast.Lambda():
                return frozenset({UserFunction(node, scope.module.scope_of[node])})
            case ast.NamedExpr(value=inner_value):
                return self.values(inner_value, scope)
            case ast.Dict(keys=keys, values=values):
                return frozenset({Table(tuple(
                    (key.value if isinstance(key, ast.Constant) and not isinstance(key.value, type(...)) else None,
                     self.values(value, scope))
                    for key, value in zip(keys, values, strict=True)
                ))})  # fmt: skip
            case ast.DictComp(value=value):
                return frozenset({Table(((None, self.values(value, scope.module.scope_of[node])),))})
            case ast.Set() | ast.JoinedStr() | ast.Compare():
                return OTHER
            case _:
                return UNKNOWN
