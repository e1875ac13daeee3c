"""What each expression can be: an abstract evaluator over the user's code.

Sound for what it claims: a set without `Unknown` holds everything that the expression can be. Parameters of functions that
may be called from elsewhere keep `Unknown` beside what their visible callers pass: such a value is a guess.
"""

from __future__ import annotations

import ast
from collections import defaultdict
from typing import Any

from kmigrate.resolve.builtin_calls import PLAIN, builtin_call
from kmigrate.resolve.classes import Classes
from kmigrate.resolve.lists import grown
from kmigrate.resolve.memory import Memory
from kmigrate.resolve.operators import arithmetic, items, picked, subscript, union
from kmigrate.resolve.parameters import Parameters
from kmigrate.resolve.reaching import Definitions, reaching
from kmigrate.resolve.returns import results
from kmigrate.resolve.scopes import Binding, ModuleScope, Scope
from kmigrate.resolve.stars import Stars
from kmigrate.resolve.stores import kept
from kmigrate.resolve.values import (
    NONE,
    NOTHING,
    OTHER,
    TENSOR,
    UNKNOWN,
    Instance,
    KerasMember,
    KerasModule,
    KerasName,
    Literal,
    NewName,
    Other,
    Partial,
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
    of_graph,
)
from kmigrate.resolve.world import World


class Evaluator:
    """Evaluates expressions of the modules of one world; answers are remembered."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.classes = Classes(self)
        self.stars = Stars(self)
        self._parameters = Parameters(self)
        memory = Memory()
        self._memo = memory.known
        self._remember = memory.remember
        self.settled = memory.settled
        self._literals: dict[tuple[type, Any], Values] = {}
        self._returned: dict[ast.AST, tuple[ast.expr | None, ...]] = {}
        self._flows: dict[tuple[Scope, str], dict[ast.AST, Definitions]] = {}
        self._ends: dict[tuple[Scope, str], Definitions] = {}
        self._calls: dict[str, dict[str, list[tuple[ast.Call, Scope]]]] = {}

    # --- questions ------------------------------------------------------------------------------------------------

    def values(self, node: ast.expr, scope: Scope) -> Values:
        """Everything that `node`, standing in `scope`, can be."""
        known = self._memo.get(node)
        if known is not None:
            return known
        cls = node.__class__
        if cls is ast.Name:  # its bindings are remembered
            return self.name(node, scope)  # type: ignore[arg-type]
        if cls is ast.Constant:
            found = self._memo[node] = self._literal(node.value)  # type: ignore[attr-defined]
            return found
        if cls is ast.Attribute and node.value.__class__ is ast.Name:  # type: ignore[attr-defined]
            found = self.name(node.value, scope)  # type: ignore[attr-defined]
            if found is OTHER or found is UNKNOWN:  # so are its members: nothing to remember
                return found
        return self._remember(node, self._expression, node, scope)

    def name(self, node: ast.Name, scope: Scope) -> Values:
        """Everything that a loaded name can be."""
        name = node.id
        owner = scope.lookup(name)
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
            return self.settled((top, name), self.stars.last, top, name, frozenset({scope.module.key}))
        found = NOTHING
        for binding in bindings:
            if binding.kind == "star":
                found |= self.stars.gives(binding, name) or NOTHING
            else:
                given = self.binding(binding)
                found = found | given if found else given
        return found

    def bindings(self, node: ast.Name, scope: Scope) -> Definitions | None:
        """The bindings that a loaded name can see; None when no scope binds it."""
        return self._seen(node, scope.lookup(node.id))

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
            flow = self._flows[key] = reaching(owner, node.id, stars)
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

    def binding(self, binding: Binding) -> Values:
        """Everything that a binding gives its name."""
        known = self._memo.get(binding.node)
        return known if known is not None else self._remember(binding.node, self._binding, binding)

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
                return self.classes.keras_member(cls, name)
            case KerasName(path):
                member = self.world.keras.member(path, name)
                return frozenset({KerasMember(path, name, bound=False)}) if member is not None else UNKNOWN
            case UserModule():
                scopes = self.world.scopes(value)
                return self.module_name(scopes, name) if scopes is not None else UNKNOWN
            case UserObject(cls):
                return self.classes.attribute(cls, name, bound=True)
            case UserClass():
                return self.classes.attribute(value, name, bound=False)
            case Table() if name in ("values", "get", "items", "pop"):
                return UNKNOWN
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
            return found
        if module.key in seen:
            return UNKNOWN
        return self.stars.last(module.top, name, seen | {module.key})

    def call_result(self, function: Value, call: ast.Call, scope: Scope) -> Values:
        """Everything that calling `function` can give."""
        match function:
            case Other():
                called = call.func
                name = called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", "")
                return UNKNOWN if name in _GIVES_ANYTHING else OTHER
            case KerasName(path):
                return self._keras_call(path, call, scope)
            case KerasMember(cls, name):
                member = self.world.keras.member(cls, name)
                return self.returned(member.returns, f"{cls}.{name}") if member is not None else UNKNOWN
            case Instance(cls):
                if self.classes.is_a(cls, "keras.layers.Layer"):
                    return TENSOR
                return UNKNOWN
            case NewName():
                return UNKNOWN
            case UserClass():
                return frozenset({UserObject(function)})
            case UserObject(cls):
                if self.classes.inherits(cls, "keras.layers.Layer"):
                    return TENSOR
                return self._call_methods(cls, call, scope)
            case UserFunction():
                return self._returns(function)
            case Partial(inner):
                return self.call_result(inner, call, scope)
            case _:
                return UNKNOWN

    def returned(self, returns: str | None, name: str) -> Values:
        """What the tables say a function returns."""
        if returns is None:
            return frozenset({Result(name)})
        if returns == "keras_tensor":
            return TENSOR
        if returns == "backend_tensor":
            return frozenset({RawTensor(False)})
        return frozenset({Instance(returns)})

    def callers(self, module: ModuleScope, name: str) -> list[tuple[ast.Call, Scope]]:
        """The calls in a module whose callee is spelled `name` or ends in `.name`."""
        if module.key not in self._calls:
            index: dict[str, list[tuple[ast.Call, Scope]]] = defaultdict(list)
            for found in module.calls:
                func = found[0].func
                if isinstance(func, ast.Name):
                    index[func.id].append(found)
                elif isinstance(func, ast.Attribute):
                    index[func.attr].append(found)
            self._calls[module.key] = index
        return self._calls[module.key].get(name, [])

    def _literal(self, value: Any) -> Values:
        """The literal as a value; one of each is made."""
        key = (value.__class__, value)
        found = self._literals.get(key)
        if found is None:
            found = self._literals[key] = frozenset({Literal(value)}) if value is not ... else OTHER
        return found

    # --- expressions ----------------------------------------------------------------------------------------------

    def _expression(self, node: ast.expr, scope: Scope) -> Values:
        match node:
            case ast.Call():
                return self._call(node, scope)
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
                found = kept(self, base, index, scope)
                return subscript(self.values(base, scope), index) if found is None else found
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

    def _call(self, node: ast.Call, scope: Scope) -> Values:
        func = node.func
        if isinstance(func, ast.Attribute) and func.attr == "get" and 1 <= len(node.args) <= 2 and not node.keywords:
            tables = self.values(func.value, scope)
            if tables and all(isinstance(value, Table) for value in tables):
                missing = self.values(node.args[1], scope) if len(node.args) == 2 else NONE
                found = kept(self, func.value, node.args[0], scope)
                return (subscript(tables, node.args[0]) if found is None else found) | missing
        functions = self.values(func, scope)
        if isinstance(func, ast.Name) and not _is_bound(func.id, scope):
            special = builtin_call(self, func.id, node, scope)
            if special is not None:
                return special
        if functions == OTHER and node.args and self.is_partial(func, scope):
            inner = self.values(node.args[0], scope)
            return frozenset(Partial(value, node) for value in inner)
        if len(functions) == 1:
            return self.call_result(next(iter(functions)), node, scope)
        return union(self.call_result(function, node, scope) for function in functions)

    def is_partial(self, func: ast.expr, scope: Scope) -> bool:
        """Whether `func` is `functools.partial`, under any alias."""
        if isinstance(func, ast.Attribute):
            return func.attr == "partial" and isinstance(func.value, ast.Name) and self._is_functools(func.value, scope)
        if not isinstance(func, ast.Name):
            return False
        bindings = self.bindings(func, scope)
        return bool(bindings) and all(
            isinstance(binding.statement, ast.ImportFrom)
            and binding.statement.module == "functools"
            and isinstance(binding.node, ast.alias)
            and binding.node.name == "partial"
            for binding in bindings or ()
        )

    def _is_functools(self, node: ast.Name, scope: Scope) -> bool:
        bindings = self.bindings(node, scope)
        return bool(bindings) and all(
            binding.kind == "import" and isinstance(binding.node, ast.alias) and binding.node.name == "functools"
            for binding in bindings or ()
        )

    def _keras_call(self, path: str, call: ast.Call, scope: Scope) -> Values:
        found = self.world.keras.get(path)
        if found is None:
            return UNKNOWN
        if found.kind == "class":
            return frozenset({Instance(path)})
        if found.returns == "backend_tensor":
            arguments = (*call.args, *(keyword.value for keyword in call.keywords))
            return frozenset({RawTensor(any(self.of_graph(argument, scope) for argument in arguments))})
        return self.returned(found.returns, path)

    def of_graph(self, node: ast.expr, scope: Scope) -> bool:
        """Whether the expression holds a tensor of the graph of layers, or was made from one."""
        pending = list(self.values(node, scope))
        while pending:
            value = pending.pop()
            if of_graph(value):
                return True
            if isinstance(value, Sequence):
                pending.extend(inner for item in value.items for inner in item)
        return False

    # --- bindings -------------------------------------------------------------------------------------------------

    def _binding(self, binding: Binding) -> Values:
        node = binding.node
        match binding.kind:
            case "import" | "from":
                return self._imported(binding)
            case "function":
                assert isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
                if node.decorator_list and not self._plain_decorators(node):
                    return UNKNOWN
                return frozenset({UserFunction(node, binding.scope.module.scope_of[node])})
            case "class":
                assert isinstance(node, ast.ClassDef)
                return frozenset({UserClass(node, binding.scope.module)})
            case "assign" | "unpack":
                found = picked(self._value(binding), binding.path)
                return grown(self, binding, found) if isinstance(binding.value, ast.List) else found
            case "loop":
                return picked(items(self._value(binding)), binding.path)
            case "augmented":
                assert isinstance(node, ast.Name) and binding.value is not None
                return arithmetic(self.name(node, binding.scope), self._value(binding))
            case "parameter":
                assert isinstance(node, ast.arg)
                return self._parameters.values(node, binding)
            case "except" | "delete" | "annotation":
                return OTHER
            case _:
                return UNKNOWN

    def _value(self, binding: Binding) -> Values:
        if binding.value is None:
            return UNKNOWN
        scope = binding.scope
        if scope.kind == "comprehension" and scope.parent is not None:
            first = scope.node.generators[0].iter
            if binding.value is first:
                scope = scope.parent
        if scope.module.walruses:
            scope = self._scope_at(binding, scope)
        return self.values(binding.value, scope)

    def _scope_at(self, binding: Binding, scope: Scope) -> Scope:
        """A walrus inside a comprehension binds outside but its value is evaluated inside."""
        node = binding.scope.module.parents.get(binding.node)
        while node is not None and node is not scope.node:
            inner = scope.module.scope_of.get(node)
            if inner is not None and inner.node is node:
                return inner
            node = scope.module.parents.get(node)
        return scope

    def _imported(self, binding: Binding) -> Values:
        assert isinstance(binding.node, ast.alias) and binding.statement is not None
        module = binding.scope.module
        found = self.world.imported(binding.node, binding.statement, module)
        if found or not isinstance(binding.statement, ast.ImportFrom):
            return found
        statement = binding.statement
        owner = next(iter(self.world.module_value(statement.module or "", module, statement.level)))
        assert isinstance(owner, UserModule)
        scopes = self.world.scopes(owner)
        return self.module_name(scopes, binding.node.name) if scopes is not None else UNKNOWN

    def _returns(self, function: UserFunction) -> Values:
        node = function.node
        if isinstance(node, ast.Lambda):
            return self.values(node.body, function.scope)
        if isinstance(node, ast.AsyncFunctionDef):
            return UNKNOWN
        if node not in self._returned:
            self._returned[node] = tuple(results(node))
        found = NOTHING
        for result in self._returned[node]:
            if isinstance(result, ast.Yield | ast.YieldFrom):
                return OTHER
            found |= self.values(result, function.scope) if result is not None else OTHER
        return found or OTHER

    def _call_methods(self, cls: UserClass, call: ast.Call, scope: Scope) -> Values:
        methods = self.classes.attribute(cls, "__call__", bound=True)
        return union(self.call_result(method, call, scope) for method in methods if isinstance(method, UserFunction))

    def _plain_decorators(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
        return all(
            (isinstance(decorator, ast.Name) and decorator.id in ("staticmethod", "classmethod", "property"))
            or _is_wraps(decorator)
            for decorator in node.decorator_list
        )

def _is_bound(name: str, scope: Scope) -> bool:
    """Whether a scope binds the name, star imports left out."""
    owner = scope.lookup(name)
    return owner is not None and name in owner.bindings


def _is_wraps(decorator: ast.expr) -> bool:
    """Whether a decorator is `functools.wraps(f)`, which gives the function itself back."""
    func = decorator.func if isinstance(decorator, ast.Call) else None
    return isinstance(func, ast.Attribute | ast.Name) and (getattr(func, "attr", None) or getattr(func, "id", "")) == "wraps"


_GIVES_ANYTHING = frozenset("load loads copy deepcopy next reduce".split())
"""Functions of other libraries that hand back what they were given, or what somebody stored."""
