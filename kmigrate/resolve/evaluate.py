"""What each expression can be: an abstract evaluator over the user's code.

Sound for what it claims: a set without `Unknown` holds everything that the expression can be. Parameters of functions that
may be called from elsewhere keep `Unknown` beside what their visible callers pass: such a value is a guess.
"""

from __future__ import annotations

import ast
import builtins
from collections.abc import Callable, Iterator

from kmigrate.resolve.classes import Classes
from kmigrate.resolve.lists import grown
from kmigrate.resolve.reaching import Definitions, reaching
from kmigrate.resolve.scopes import Binding, ModuleScope, Scope
from kmigrate.resolve.values import (
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
    Unknown,
    UserClass,
    UserFunction,
    UserModule,
    UserObject,
    Value,
    Values,
)
from kmigrate.resolve.world import World

MAX_DEPTH = 60
"""Nested questions beyond this depth are answered with Unknown."""

MAX_ROUNDS = 5
"""How often an expression that depends on itself is computed; one that is not stable by then is Unknown."""


class Evaluator:
    """Evaluates expressions of the modules of one world; answers are remembered."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.classes = Classes(self)
        self._memo: dict[ast.AST, Values] = {}
        self._active: dict[ast.AST, tuple[int, Values]] = {}
        self._provisional: dict[ast.AST, tuple[Values, int]] = {}
        self._log: list[ast.AST] = []
        self._returned: dict[ast.AST, tuple[ast.expr | None, ...]] = {}
        self._lowest = MAX_DEPTH + 1
        self._flows: dict[tuple[Scope, str], dict[ast.AST, Definitions]] = {}
        self._ends: dict[tuple[Scope, str], Definitions] = {}
        self._calls: dict[str, dict[str, list[tuple[ast.Call, Scope]]]] = {}

    # --- questions ------------------------------------------------------------------------------------------------

    def values(self, node: ast.expr, scope: Scope) -> Values:
        """Everything that `node`, standing in `scope`, can be."""
        known = self._memo.get(node)
        if known is not None:
            return known
        if node.__class__ is ast.Name:  # its bindings are remembered
            return self.name(node, scope)
        if node.__class__ is ast.Constant:
            found = self._memo[node] = self._expression(node, scope)
            return found
        return self._remember(node, self._expression, node, scope)

    def name(self, node: ast.Name, scope: Scope) -> Values:
        """Everything that a loaded name can be."""
        owner = scope.lookup(node.id)
        if owner is not None and not owner.stars:
            listed = owner.bindings.get(node.id)
            if listed is not None and len(listed) == 1 and listed[0].kind != "star":
                binding = listed[0]
                known = self._memo.get(binding.node)
                return known if known is not None else self._remember(binding.node, self._binding, binding)
        bindings = self.bindings(node, scope)
        if bindings is None:
            return self._from_stars(node.id, scope)
        found = NOTHING
        for binding in bindings:
            if binding.kind == "star":
                found |= self.star_gives(binding, node.id) or NOTHING
            else:
                found |= self.binding(binding)
        return found

    def bindings(self, node: ast.Name, scope: Scope) -> Definitions | None:
        """The bindings that a loaded name can see; None when no scope binds it."""
        owner = scope.lookup(node.id)
        if owner is None or node.id not in owner.bindings:
            return None
        bindings = owner.bindings[node.id]
        if (len(bindings) == 1 and not owner.stars) or owner.kind in ("comprehension", "lambda"):
            return frozenset(bindings)
        key = (owner, node.id)
        if key not in self._flows:
            stars = self._stars_of(owner, node.id)
            self._flows[key] = reaching(owner, node.id, stars)
            self._ends[key] = frozenset(bindings) | frozenset(stars)
        return self._flows[key].get(node) or self._ends[key]

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
        return self._star(module.top, name, seen | {module.key})

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
            index: dict[str, list[tuple[ast.Call, Scope]]] = {}
            for call, scope in module.calls:
                func = call.func
                spelled = func.id if isinstance(func, ast.Name) else getattr(func, "attr", None)
                if spelled is not None:
                    index.setdefault(spelled, []).append((call, scope))
            self._calls[module.key] = index
        return self._calls[module.key].get(name, [])

    # --- memory ---------------------------------------------------------------------------------------------------

    def _remember(self, node: ast.AST, compute: Callable[..., Values], *question: object) -> Values:
        """The remembered answer, or a computed one; a node that depends on itself is computed until it is stable.

        Answers that depend on a node still under way are provisional: they serve until that node is done.
        """
        if node in self._active:
            depth, approximation = self._active[node]
            self._lowest = min(self._lowest, depth)
            return approximation
        if node in self._provisional:
            found, lowest = self._provisional[node]
            self._lowest = min(self._lowest, lowest)
            return found
        depth = len(self._active)
        if depth >= MAX_DEPTH:
            return UNKNOWN
        outer = self._lowest
        mark = len(self._log)
        found = NOTHING
        for _ in range(MAX_ROUNDS):
            self._lowest = MAX_DEPTH + 1
            self._active[node] = (depth, found)
            try:
                new = found | compute(*question)
            finally:
                del self._active[node]
            stable = self._lowest != depth or new == found
            found = new
            if stable:
                break
            self._forget(mark, -1)
        else:
            found = UNKNOWN
        if self._lowest >= depth:
            found = found or UNKNOWN
            self._memo[node] = found
            if len(self._log) > mark:
                self._forget(mark, depth - 1)
            self._lowest = outer
        else:
            self._provisional[node] = (found, self._lowest)
            self._log.append(node)
            self._lowest = min(outer, self._lowest)
        return found

    def _forget(self, mark: int, lowest: int) -> None:
        """Drop the provisional answers since `mark` that depend on nothing further out than `lowest`."""
        kept = []
        for node in self._log[mark:]:
            if node in self._provisional and self._provisional[node][1] <= lowest:
                kept.append(node)
            else:
                self._provisional.pop(node, None)
        self._log[mark:] = kept

    # --- expressions ----------------------------------------------------------------------------------------------

    def _expression(self, node: ast.expr, scope: Scope) -> Values:
        match node:
            case ast.Call():
                return self._call(node, scope)
            case ast.Attribute(value=base, attr=attr):
                objects = self.values(base, scope)
                if len(objects) == 1:  # nearly always
                    return self.attribute_of(next(iter(objects)), attr)
                return self._union(self.attribute_of(value, attr) for value in objects)
            case ast.Name():
                return self.name(node, scope)
            case ast.Constant(value=value):
                return frozenset({Literal(value)}) if not isinstance(value, type(...)) else OTHER
            case ast.List(elts=items) | ast.Tuple(elts=items):
                if any(isinstance(item, ast.Starred) for item in items):
                    inner = self._union(
                        self._items(self.values(item.value, scope)) if isinstance(item, ast.Starred)
                        else self.values(item, scope)
                        for item in items
                    )  # fmt: skip
                    return frozenset({Sequence((inner,), homogeneous=True)})
                return frozenset({Sequence(tuple(self.values(item, scope) for item in items))})
            case ast.ListComp(elt=element) | ast.GeneratorExp(elt=element) | ast.SetComp(elt=element):
                inner_scope = scope.module.scope_of[node]
                return frozenset({Sequence((self.values(element, inner_scope),), homogeneous=True)})
            case ast.IfExp(body=body, orelse=orelse):
                return self.values(body, scope) | self.values(orelse, scope)
            case ast.BoolOp(values=parts):
                return self._union(self.values(part, scope) for part in parts)
            case ast.BinOp(left=left, right=right):
                return self._arithmetic(self.values(left, scope), self.values(right, scope))
            case ast.UnaryOp(operand=operand):
                return self._arithmetic(self.values(operand, scope), OTHER)
            case ast.Subscript(value=base, slice=index):
                return self._subscript(self.values(base, scope), index)
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
        functions = self.values(func, scope)
        if isinstance(func, ast.Name) and not _is_bound(func.id, scope):
            special = self._builtin_call(func.id, node, scope)
            if special is not None:
                return special
        if functions == OTHER and node.args and self.is_partial(func, scope):
            inner = self.values(node.args[0], scope)
            return frozenset(Partial(value, node) for value in inner)
        if len(functions) == 1:
            return self.call_result(next(iter(functions)), node, scope)
        return self._union(self.call_result(function, node, scope) for function in functions)

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

    def _builtin_call(self, name: str, node: ast.Call, scope: Scope) -> Values | None:
        if name == "super":
            cls = self.classes.enclosing(scope)
            return frozenset({self.classes.parent_object(cls)}) if cls is not None else UNKNOWN
        if name == "getattr" and len(node.args) >= 2:
            attribute = node.args[1]
            if isinstance(attribute, ast.Constant) and isinstance(attribute.value, str):
                name_ = attribute.value
                found = self._union(self.attribute_of(value, name_) for value in self.values(node.args[0], scope))
                return found | self.values(node.args[2], scope) if len(node.args) > 2 else found
            return UNKNOWN
        if name in ("list", "tuple", "reversed", "sorted") and len(node.args) == 1:
            inner = self._items(self.values(node.args[0], scope))
            return frozenset({Sequence((inner,), homogeneous=True)})
        if name == "zip":
            parts = tuple(self._items(self.values(argument, scope)) for argument in node.args)
            return frozenset({Sequence((frozenset({Sequence(parts)}),), homogeneous=True)})
        if name == "enumerate" and node.args:
            pair = Sequence((OTHER, self._items(self.values(node.args[0], scope))))
            return frozenset({Sequence((frozenset({pair}),), homogeneous=True)})
        if name in _PLAIN_BUILTINS:
            return OTHER
        return UNKNOWN if hasattr(builtins, name) else None

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
            if isinstance(value, Tensor) or value == RawTensor(True):
                return True
            if isinstance(value, Sequence):
                pending.extend(inner for item in value.items for inner in item)
        return False

    def _arithmetic(self, left: Values, right: Values) -> Values:
        both = left | right
        if any(isinstance(value, Tensor) or value == RawTensor(True) for value in both):
            return frozenset({RawTensor(True)})
        if any(isinstance(value, RawTensor) for value in both):
            return frozenset({RawTensor(False)})
        if any(isinstance(value, Sequence) for value in both):
            items = self._items(left) | self._items(right)
            return frozenset({Sequence((items,), homogeneous=True)})
        return OTHER if Unknown() not in both else UNKNOWN

    def _subscript(self, base: Values, index: ast.expr) -> Values:
        found = NOTHING
        for value in base:
            match value:
                case Sequence(items=items, homogeneous=False) if isinstance(index, ast.Constant) and isinstance(
                    index.value, int
                ):
                    found |= items[index.value] if -len(items) <= index.value < len(items) else UNKNOWN
                case Table(items=items):
                    key = index.value if isinstance(index, ast.Constant) else None
                    exact = [held for name, held in items if name == key] if key is not None else []
                    for held in exact or [held for _, held in items]:
                        found |= held
                    if not items:
                        found |= UNKNOWN
                case Sequence():
                    found |= frozenset({value}) if isinstance(index, ast.Slice) else self._items(frozenset({value}))
                case Tensor():
                    found |= frozenset({RawTensor(True)})
                case RawTensor():
                    found |= frozenset({value})
                case Other() | Literal():
                    found |= OTHER
                case _:
                    found |= UNKNOWN
        return found

    def _items(self, values: Values) -> Values:
        found = NOTHING
        for value in values:
            match value:
                case Sequence(items=items):
                    found |= frozenset().union(*items) if items else NOTHING
                case Other() | Literal():
                    found |= OTHER
                case _:
                    found |= UNKNOWN
        return found

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
                found = self._picked(self._value(binding), binding.path)
                return grown(self, binding, found) if isinstance(binding.value, ast.List) else found
            case "loop":
                return self._picked(self._items(self._value(binding)), binding.path)
            case "augmented":
                assert isinstance(node, ast.Name) and binding.value is not None
                return self._arithmetic(self.name(node, binding.scope), self._value(binding))
            case "parameter":
                assert isinstance(node, ast.arg)
                return self._parameter(node, binding)
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

    def _picked(self, values: Values, path: tuple[int, ...]) -> Values:
        for index in path:
            values = self._subscript(values, ast.Constant(index))
        return values

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

    def _parameter(self, node: ast.arg, binding: Binding) -> Values:
        function = binding.scope.node
        owner = self.classes.method_owner(function, binding.scope)
        arguments = function.args
        positional = [*arguments.posonlyargs, *arguments.args]
        if owner is not None and positional and positional[0] is node:
            decorators = {d.id for d in getattr(function, "decorator_list", ()) if isinstance(d, ast.Name)}
            if "staticmethod" not in decorators:
                return frozenset({owner if "classmethod" in decorators else UserObject(owner)})
        if node is arguments.vararg:
            return frozenset({Sequence((UNKNOWN,), homogeneous=True)})
        if node is arguments.kwarg:
            return frozenset({Table(((None, UNKNOWN),))})
        found = self.values(binding.value, binding.scope.parent or binding.scope) if binding.value else NOTHING
        complete = False
        if not isinstance(function, ast.Lambda):
            index = positional.index(node) if node in positional else None
            passed, complete = self._passed(function, node.arg, index, owner, binding.scope)
            found |= passed
        return found if complete and found else found | UNKNOWN

    def _passed(
        self, function: ast.AST, name: str, index: int | None, owner: UserClass | None, scope: Scope
    ) -> tuple[Values, bool]:
        assert isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef)
        spelled = function.name
        if owner is not None:
            index = index - 1 if index is not None else None
            if spelled == "__init__":
                spelled = owner.node.name
        found = NOTHING
        calls = self.callers(scope.module, spelled)
        complete = bool(calls) and self._private(function, scope, len(calls))
        for call, caller in calls:
            callees = self.values(call.func, caller)
            if not any(_is_function(callee, function, owner) for callee in callees):
                complete = False
                continue
            if any(isinstance(argument, ast.Starred) for argument in call.args) or any(
                keyword.arg is None for keyword in call.keywords
            ):
                return found | UNKNOWN, False
            for keyword in call.keywords:
                if keyword.arg == name:
                    found |= self.values(keyword.value, caller)
                    break
            else:
                if index is not None and index < len(call.args):
                    found |= self.values(call.args[index], caller)
        return found, complete

    def _private(self, function: ast.FunctionDef | ast.AsyncFunctionDef, scope: Scope, calls: int) -> bool:
        """Whether every reference to the function is one of its visible calls: a function inside a function."""
        outer = scope.parent
        if outer is None or outer.kind != "function":
            return False
        return len(scope.module.loads.get(function.name, ())) == calls

    def _returns(self, function: UserFunction) -> Values:
        node = function.node
        if isinstance(node, ast.Lambda):
            return self.values(node.body, function.scope)
        if isinstance(node, ast.AsyncFunctionDef):
            return UNKNOWN
        if node not in self._returned:
            self._returned[node] = tuple(_results(node))
        found = NOTHING
        for result in self._returned[node]:
            if isinstance(result, ast.Yield | ast.YieldFrom):
                return OTHER
            found |= self.values(result, function.scope) if result is not None else OTHER
        return found or OTHER

    def _call_methods(self, cls: UserClass, call: ast.Call, scope: Scope) -> Values:
        methods = self.classes.attribute(cls, "__call__", bound=True)
        return self._union(self.call_result(method, call, scope) for method in methods if isinstance(method, UserFunction))

    def _plain_decorators(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
        return all(
            (isinstance(decorator, ast.Name) and decorator.id in ("staticmethod", "classmethod", "property"))
            or _is_wraps(decorator)
            for decorator in node.decorator_list
        )

    def _from_stars(self, name: str, scope: Scope) -> Values:
        if name in _PLAIN_BUILTINS:
            return OTHER
        return self._star(scope.module.top, name, frozenset({scope.module.key}))

    def _star(self, top: Scope, name: str, seen: frozenset[str]) -> Values:
        """What the last star import that binds the name gives; one that binds it in Keras 2 only hides no other."""
        unknown, new = False, NOTHING
        for binding in reversed(top.stars):
            found = self.star_gives(binding, name, seen)
            if found is None or found == UNKNOWN:
                unknown = unknown or found is not None
            elif all(isinstance(value, NewName) for value in found):
                new = new or found
            else:
                return found
        return new or (UNKNOWN if unknown else OTHER)

    def star_gives(self, binding: Binding, name: str, seen: frozenset[str] = frozenset()) -> Values | None:
        """What one star import gives a name: None if it does not bind it, Unknown if nobody knows."""
        seen = seen | {binding.scope.module.key}
        statement = binding.statement
        assert isinstance(statement, ast.ImportFrom)
        module = binding.scope.module
        source = next(iter(self.world.module_value(statement.module or "", module, statement.level)))
        match source:
            case KerasModule(path):
                if name in self.world.keras.public_names(path):
                    return self.world.keras_values(f"{path}.{name}")
                if any(name in target.public_names(path) for target in self.world.targets):
                    return frozenset({NewName(f"{path}.{name}")})
            case UserModule():
                scopes = self.world.scopes(source)
                if scopes is None:
                    return UNKNOWN
                if name in scopes.top.bindings or scopes.top.stars:
                    found = self.module_name(scopes, name, seen)
                    return found if found != OTHER or name in scopes.top.bindings else None
            case Unknown():
                return UNKNOWN
        return None

    def _stars_of(self, scope: Scope, name: str) -> dict[Binding, bool]:
        """The star imports of a scope that bind the name. One that nobody can look into is taken not to: whoever imports
        a name by itself means that one."""
        given = {binding: self.star_gives(binding, name) for binding in scope.stars}
        return {binding: True for binding, found in given.items() if found is not None and not self._vague(found)}

    def _vague(self, found: Values) -> bool:
        """Whether a star import gives nothing certain: unknown, or what Keras merely imports itself (`np`)."""
        return found == UNKNOWN or all(
            isinstance(value, KerasName) and self.world.keras.canonical(value.path) is None for value in found
        )

    def _union(self, parts: Iterator[Values]) -> Values:
        found = NOTHING
        for part in parts:
            found |= part
        return found


def _is_bound(name: str, scope: Scope) -> bool:
    """Whether a scope binds the name, star imports left out."""
    owner = scope.lookup(name)
    return owner is not None and name in owner.bindings


def _is_function(value: Value, node: ast.AST, owner: UserClass | None) -> bool:
    if isinstance(value, UserFunction):
        return value.node is node
    return owner is not None and isinstance(value, UserClass) and value == owner


def _results(node: ast.FunctionDef) -> Iterator[ast.expr | None]:
    """What a function returns or yields, as written."""
    for statement in _own_statements(node.body):
        match statement:
            case ast.Return(value=value) | ast.Expr(value=ast.Yield() | ast.YieldFrom() as value):
                yield value


def _own_statements(body: list[ast.stmt]) -> Iterator[ast.stmt]:
    for statement in body:
        if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            continue
        yield statement
        for name in ("body", "orelse", "finalbody"):
            yield from _own_statements(getattr(statement, name, []))
        for handler in getattr(statement, "handlers", ()):
            yield from _own_statements(handler.body)



def _is_wraps(decorator: ast.expr) -> bool:
    """Whether a decorator is `functools.wraps(f)`, which gives the function itself back."""
    func = decorator.func if isinstance(decorator, ast.Call) else None
    return isinstance(func, ast.Attribute | ast.Name) and (getattr(func, "attr", None) or getattr(func, "id", "")) == "wraps"


_PLAIN_BUILTINS = frozenset(
    "print len range xrange int float str bool abs open isinstance issubclass hasattr setattr repr id round input "
    "raw_input object unicode Exception ValueError TypeError RuntimeError NotImplementedError ImportError".split()
)
_GIVES_ANYTHING = frozenset("load loads copy deepcopy next reduce".split())
"""Functions of other libraries that hand back what they were given, or what somebody stored."""
