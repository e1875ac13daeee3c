"""Which scopes, bindings and loads does a syntax tree hold? Found in one walk over all its nodes."""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from kmigrate.resolve.scopes import Binding, BindingKind, Kind, ModuleScope, Scope


def analyse(tree: ast.Module, key: str, text: str) -> ModuleScope:
    """The scopes of a module. `key` names the module in messages and memos; `text` is what the tree was parsed from."""
    module = ModuleScope(tree, key, runs_files="%run" in text or "execfile" in text)
    module.top = Scope("module", tree, None, module)
    walk = _Walk(module, declares="global" in text or "nonlocal" in text)
    walk.block(tree, tree.body, module.top)
    module.loads = dict(walk.loads)
    if "__all__" in text:
        module.exported = frozenset(_exported(tree))
    return module


def _exported(tree: ast.Module) -> Iterator[str]:
    for statement in tree.body:
        if isinstance(statement, ast.Assign | ast.AugAssign):
            targets = statement.targets if isinstance(statement, ast.Assign) else [statement.target]
            if any(isinstance(target, ast.Name) and target.id == "__all__" for target in targets):
                for node in ast.walk(statement.value):
                    if isinstance(node, ast.Constant) and isinstance(node.value, str):
                        yield node.value


class _Walk:
    """The one walk: dispatch by node type, everything else visited generically.

    It sees every node of every module, so the frequent types are visited without detours: what `visit` does is written
    out where many nodes pass. `declares`: the module may have `global` or `nonlocal` statements.
    """

    def __init__(self, module: ModuleScope, *, declares: bool) -> None:
        self.module = module
        self.declares = declares
        self.parents = module.parents
        self.attributes = module.attributes
        self.calls = module.calls
        self.loads: defaultdict[str, list[tuple[ast.Name, Scope]]] = defaultdict(list)
        self.statement: ast.AST = module.tree

    def block(self, owner: ast.AST, statements: list[Any], scope: Scope) -> None:
        parents = self.parents
        for statement in statements:
            parents[statement] = owner
            _DISPATCH[type(statement)](self, statement, scope)

    def visit(self, node: Any, parent: ast.AST, scope: Scope) -> None:
        self.parents[node] = parent
        cls = type(node)
        if cls is _NAME:
            self.loads[node.id].append((node, scope))
        elif cls is not _CONSTANT:
            _DISPATCH[cls](self, node, scope)

    def each(self, nodes: list[Any], parent: ast.AST, scope: Scope) -> None:
        """Visit expressions of one parent."""
        parents = self.parents
        for node in nodes:
            parents[node] = parent
            cls = type(node)
            if cls is _NAME:
                self.loads[node.id].append((node, scope))
            elif cls is not _CONSTANT:
                _DISPATCH[cls](self, node, scope)

    def generic(self, node: ast.AST, scope: Scope) -> None:
        parents = self.parents
        if isinstance(node, ast.stmt):
            self.statement = node
        for name in _FIELDS[type(node)]:
            value = getattr(node, name, None)
            for item in value if type(value) is list else (value,):
                if isinstance(item, ast.AST):
                    parents[item] = node
                    _DISPATCH[type(item)](self, item, scope)

    def bind(
        self, kind: BindingKind, name: str, node: ast.AST, scope: Scope, value: ast.expr | None = None,
        path: tuple[int, ...] = (),
    ) -> Binding:  # fmt: skip
        target = scope
        while target.kind == "comprehension" and kind != "loop" and target.parent is not None:
            target = target.parent
        if name in target.elsewhere:
            target = target.elsewhere[name] or self.module.top
        binding = Binding(kind, name, node, target, value, path, self.statement)
        bindings = target.bindings
        if name in bindings:
            bindings[name].append(binding)
        else:
            bindings[name] = [binding]
        return binding

    def target(
        self, kind: BindingKind, target: Any, parent: ast.AST, scope: Scope, value: ast.expr | None,
        path: tuple[int, ...] = (),
    ) -> None:  # fmt: skip
        if type(target) is _NAME:
            self.parents[target] = parent
            self.bind(kind, target.id, target, scope, value, path)
        elif type(target) in _DISPLAYS:
            self.parents[target] = parent
            starred = False
            for index, item in enumerate(target.elts):
                starred = starred or isinstance(item, ast.Starred)
                inner = item.value if isinstance(item, ast.Starred) else item
                known = None if starred else value
                self.target("unpack" if kind == "assign" else kind, inner, target, scope, known, (*path, index))
        elif type(target) is _ATTRIBUTE:
            self.parents[target] = parent
            self.module.attribute_stores.append((target, scope))
            self.visit(target.value, target, scope)
        else:
            self.visit(target, parent, scope)

    # --- statements -----------------------------------------------------------------------------------------------

    def import_(self, node: ast.Import, scope: Scope) -> None:
        self.statement = node
        for alias in node.names:
            self.parents[alias] = node
            self.module.scope_of[alias] = scope
            name = alias.asname or alias.name.partition(".")[0]
            self.module.imports.append(self.bind("import", name, alias, scope))

    def import_from(self, node: ast.ImportFrom, scope: Scope) -> None:
        self.statement = node
        for alias in node.names:
            self.parents[alias] = node
            self.module.scope_of[alias] = scope
            if alias.name == "*":
                binding = Binding("star", "*", alias, scope, statement=node)
                scope.stars.append(binding)
                self.module.imports.append(binding)
            else:
                self.module.imports.append(self.bind("from", alias.asname or alias.name, alias, scope))

    def assign(self, node: ast.Assign, scope: Scope) -> None:
        self.statement = node
        value: Any = node.value
        self.parents[value] = node
        _DISPATCH[type(value)](self, value, scope)
        targets: list[Any] = node.targets
        for target in targets:
            if type(target) is _NAME:
                self.parents[target] = node
                self.bind("assign", target.id, target, scope, value)
            else:
                self.target("assign", target, node, scope, value)

    def annotated(self, node: ast.AnnAssign, scope: Scope) -> None:
        self.statement = node
        self.visit(node.annotation, node, scope)
        if node.value is not None:
            self.visit(node.value, node, scope)
            self.target("assign", node.target, node, scope, node.value)
        else:
            self.target("annotation", node.target, node, scope, None)

    def augmented(self, node: ast.AugAssign, scope: Scope) -> None:
        self.statement = node
        self.visit(node.value, node, scope)
        if isinstance(node.target, ast.Name):
            self.loads[node.target.id].append((node.target, scope))
        self.target("augmented", node.target, node, scope, node.value)

    def loop(self, node: ast.For | ast.AsyncFor, scope: Scope) -> None:
        self.statement = node
        self.visit(node.iter, node, scope)
        self.target("loop", node.target, node, scope, node.iter)
        self.block(node, node.body, scope)
        self.block(node, node.orelse, scope)

    def with_(self, node: ast.With | ast.AsyncWith, scope: Scope) -> None:
        self.statement = node
        for item in node.items:
            self.parents[item] = node
            self.visit(item.context_expr, item, scope)
            if item.optional_vars is not None:
                self.target("with", item.optional_vars, item, scope, item.context_expr)
        self.block(node, node.body, scope)

    def handler(self, node: ast.ExceptHandler, scope: Scope) -> None:
        if node.type is not None:
            self.visit(node.type, node, scope)
        if node.name:
            self.bind("except", node.name, node, scope)
        self.block(node, node.body, scope)

    def expression(self, node: ast.Expr, scope: Scope) -> None:
        self.statement = node
        value: Any = node.value
        self.parents[value] = node
        _DISPATCH[type(value)](self, value, scope)

    def return_(self, node: ast.Return, scope: Scope) -> None:
        self.statement = node
        if node.value is not None:
            self.visit(node.value, node, scope)

    def branch(self, node: ast.If, scope: Scope) -> None:
        self.module.branches.append((node, scope))
        self.statement = node
        test: Any = node.test
        self.parents[test] = node
        _DISPATCH[type(test)](self, test, scope)
        self.block(node, node.body, scope)
        self.block(node, node.orelse, scope)

    def delete(self, node: ast.Delete, scope: Scope) -> None:
        self.statement = node
        for target in node.targets:
            self.target("delete", target, node, scope, None)

    def global_(self, node: ast.Global, scope: Scope) -> None:
        for name in node.names:
            scope.elsewhere[name] = None

    def nonlocal_(self, node: ast.Nonlocal, scope: Scope) -> None:
        for name in node.names:
            owner = scope.parent
            while owner is not None and (owner.kind not in ("function", "lambda") or name not in owner.bindings):
                owner = owner.parent
            scope.elsewhere[name] = owner

    def pattern(self, node: ast.MatchAs | ast.MatchStar, scope: Scope) -> None:
        if node.name:
            self.bind("pattern", node.name, node, scope)
        self.generic(node, scope)

    def mapping_pattern(self, node: ast.MatchMapping, scope: Scope) -> None:
        if node.rest:
            self.bind("pattern", node.rest, node, scope)
        self.generic(node, scope)

    def walrus(self, node: ast.NamedExpr, scope: Scope) -> None:
        self.module.walruses = True
        self.visit(node.value, node, scope)
        self.target("assign", node.target, node, scope, node.value)

    # --- definitions ----------------------------------------------------------------------------------------------

    def function(self, node: ast.FunctionDef | ast.AsyncFunctionDef, scope: Scope) -> None:
        self.statement = node
        for decorator in node.decorator_list:
            self.visit(decorator, node, scope)
        arguments = _arguments(node.args)
        self.signature(node, node.args, arguments, scope)
        if node.returns is not None:
            self.visit(node.returns, node, scope)
        self.bind("function", node.name, node, scope)
        inner = self.enter("function", node, scope)
        self.parameters(node.args, arguments, inner)
        if self.declares:
            self.hoist(node.body, inner)
        self.block(node, node.body, inner)
        self.statement = node

    def lambda_(self, node: ast.Lambda, scope: Scope) -> None:
        arguments = _arguments(node.args)
        self.signature(node, node.args, arguments, scope)
        inner = self.enter("lambda", node, scope)
        self.parameters(node.args, arguments, inner)
        self.visit(node.body, node, inner)

    def class_(self, node: ast.ClassDef, scope: Scope) -> None:
        self.statement = node
        for expression in (*node.decorator_list, *node.bases):
            self.visit(expression, node, scope)
        for keyword in node.keywords:
            self.visit(keyword, node, scope)
        self.bind("class", node.name, node, scope)
        inner = self.enter("class", node, scope)
        self.module.classes.append((node, scope, inner))
        self.block(node, node.body, inner)
        self.statement = node

    def enter(self, kind: Kind, node: ast.AST, scope: Scope) -> Scope:
        inner = Scope(kind, node, scope, self.module)
        self.module.scope_of[node] = inner
        if kind in ("function", "lambda"):
            self.module.functions.append((node, inner))  # type: ignore[arg-type]
        return inner

    def signature(self, node: ast.AST, signature: ast.arguments, arguments: list[ast.arg], scope: Scope) -> None:
        parents = self.parents
        parents[signature] = node
        for argument in arguments:
            parents[argument] = signature
            if argument.annotation is not None:
                self.visit(argument.annotation, argument, scope)
        if signature.defaults:
            self.each(signature.defaults, signature, scope)
        if signature.kw_defaults:
            self.each([default for default in signature.kw_defaults if default is not None], signature, scope)

    def parameters(self, signature: ast.arguments, arguments: list[ast.arg], inner: Scope) -> None:
        defaults: dict[ast.arg, ast.expr | None] = {}
        if signature.defaults:
            positional = [*signature.posonlyargs, *signature.args]
            defaults = dict(zip(reversed(positional), reversed(signature.defaults), strict=False))
        if signature.kwonlyargs:
            defaults.update(zip(signature.kwonlyargs, signature.kw_defaults, strict=True))
        for argument in arguments:
            self.bind("parameter", argument.arg, argument, inner, defaults.get(argument))

    def hoist(self, body: list[ast.stmt], scope: Scope) -> None:
        for statement in body:
            for node in (statement, *_nested(statement)):
                if isinstance(node, ast.Global):
                    self.global_(node, scope)
                elif isinstance(node, ast.Nonlocal):
                    self.nonlocal_(node, scope)

    # --- expressions ----------------------------------------------------------------------------------------------

    def comprehension(
        self, node: ast.ListComp | ast.SetComp | ast.GeneratorExp | ast.DictComp, scope: Scope
    ) -> None:
        inner = self.enter("comprehension", node, scope)
        for position, generator in enumerate(node.generators):
            self.parents[generator] = node
            self.visit(generator.iter, generator, scope if position == 0 else inner)
            self.target("loop", generator.target, generator, inner, generator.iter)
            for condition in generator.ifs:
                self.visit(condition, generator, inner)
        if isinstance(node, ast.DictComp):
            self.visit(node.key, node, inner)
            self.visit(node.value, node, inner)
        else:
            self.visit(node.elt, node, inner)

    def name(self, node: ast.Name, scope: Scope) -> None:
        self.loads[node.id].append((node, scope))

    def attribute(self, node: ast.Attribute, scope: Scope) -> None:
        self.attributes.append((node, scope))
        value: Any = node.value
        self.parents[value] = node
        cls = type(value)
        if cls is _NAME:
            self.loads[value.id].append((value, scope))
        else:
            _DISPATCH[cls](self, value, scope)

    def call(self, node: ast.Call, scope: Scope) -> None:
        self.calls.append((node, scope))
        parents = self.parents
        func: Any = node.func
        parents[func] = node
        cls = type(func)
        if cls is _NAME:
            self.loads[func.id].append((func, scope))
        else:
            _DISPATCH[cls](self, func, scope)
        if node.args:
            self.each(node.args, node, scope)
        for keyword in node.keywords:
            parents[keyword] = node
            value: Any = keyword.value
            parents[value] = keyword
            cls = type(value)
            if cls is _NAME:
                self.loads[value.id].append((value, scope))
            elif cls is not _CONSTANT:
                _DISPATCH[cls](self, value, scope)

    def display(self, node: ast.List | ast.Tuple, scope: Scope) -> None:
        self.each(node.elts, node, scope)

    def arithmetic(self, node: ast.BinOp, scope: Scope) -> None:
        self.visit(node.left, node, scope)
        self.visit(node.right, node, scope)

    def subscript(self, node: ast.Subscript, scope: Scope) -> None:
        value: Any = node.value
        self.parents[value] = node
        _DISPATCH[type(value)](self, value, scope)
        index = node.slice
        if type(index) is _CONSTANT:
            self.parents[index] = node
            self.module.subscripts.append(node)
        else:
            self.visit(index, node, scope)

    def dictionary(self, node: ast.Dict, scope: Scope) -> None:
        self.module.dicts.append(node)
        self.each([key for key in node.keys if key is not None], node, scope)
        self.each(node.values, node, scope)

    def compare(self, node: ast.Compare, scope: Scope) -> None:
        self.module.compares.append((node, scope))
        self.visit(node.left, node, scope)
        self.each(node.comparators, node, scope)

    def unary(self, node: ast.UnaryOp, scope: Scope) -> None:
        self.visit(node.operand, node, scope)

    def boolean(self, node: ast.BoolOp, scope: Scope) -> None:
        self.each(node.values, node, scope)

    def slice_(self, node: ast.Slice, scope: Scope) -> None:
        for bound in (node.lower, node.upper, node.step):
            if bound is not None:
                self.visit(bound, node, scope)

    def fstring(self, node: ast.JoinedStr, scope: Scope) -> None:
        self.module.fstrings = True
        self.generic(node, scope)

    def constant(self, node: ast.Constant, scope: Scope) -> None:
        """Constants hold nothing to visit."""


def _arguments(arguments: ast.arguments) -> list[ast.arg]:
    found = [*arguments.posonlyargs, *arguments.args]
    if arguments.vararg is not None:
        found.append(arguments.vararg)
    found += arguments.kwonlyargs
    if arguments.kwarg is not None:
        found.append(arguments.kwarg)
    return found


_NAME, _CONSTANT, _ATTRIBUTE = ast.Name, ast.Constant, ast.Attribute
_DISPLAYS = (ast.Tuple, ast.List)


def _nested(statement: ast.stmt) -> Iterator[ast.stmt]:
    for name in ("body", "orelse", "finalbody"):
        for inner in getattr(statement, name, ()):
            if isinstance(inner, ast.stmt) and not isinstance(
                statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef
            ):
                yield inner
                yield from _nested(inner)
    for handler in getattr(statement, "handlers", ()):
        for inner in handler.body:
            yield inner
            yield from _nested(inner)


class _Fields(dict[type[ast.AST], tuple[str, ...]]):
    """The fields of a class of nodes that hold what may be a use: contexts, operators and plain values are none."""

    def __missing__(self, cls: type[ast.AST]) -> tuple[str, ...]:
        plain = {"ctx", "op", "ops", "attr", "arg", "type_comment", "kind", "type_ignores", "is_async", "simple", "level"}
        fields = tuple(name for name in cls._fields if name not in plain)
        self[cls] = fields
        return fields


_FIELDS = _Fields()


class _Dispatch(dict[type[ast.AST], Any]):
    """The method for a class of nodes; the generic one for classes that bind, load and hold nothing of their own."""

    def __missing__(self, cls: type[ast.AST]) -> Any:
        self[cls] = _Walk.generic
        return _Walk.generic


_DISPATCH = _Dispatch({
    ast.Import: _Walk.import_,
    ast.ImportFrom: _Walk.import_from,
    ast.Assign: _Walk.assign,
    ast.AnnAssign: _Walk.annotated,
    ast.AugAssign: _Walk.augmented,
    ast.For: _Walk.loop,
    ast.AsyncFor: _Walk.loop,
    ast.With: _Walk.with_,
    ast.AsyncWith: _Walk.with_,
    ast.ExceptHandler: _Walk.handler,
    ast.Delete: _Walk.delete,
    ast.Global: _Walk.global_,
    ast.Nonlocal: _Walk.nonlocal_,
    ast.MatchAs: _Walk.pattern,
    ast.MatchStar: _Walk.pattern,
    ast.MatchMapping: _Walk.mapping_pattern,
    ast.NamedExpr: _Walk.walrus,
    ast.FunctionDef: _Walk.function,
    ast.AsyncFunctionDef: _Walk.function,
    ast.Lambda: _Walk.lambda_,
    ast.ClassDef: _Walk.class_,
    ast.ListComp: _Walk.comprehension,
    ast.SetComp: _Walk.comprehension,
    ast.GeneratorExp: _Walk.comprehension,
    ast.DictComp: _Walk.comprehension,
    ast.Name: _Walk.name,
    ast.Attribute: _Walk.attribute,
    ast.Call: _Walk.call,
    ast.Compare: _Walk.compare,
    ast.UnaryOp: _Walk.unary,
    ast.BoolOp: _Walk.boolean,
    ast.Slice: _Walk.slice_,
    ast.JoinedStr: _Walk.fstring,
    ast.Constant: _Walk.constant,
    ast.Expr: _Walk.expression,
    ast.Return: _Walk.return_,
    ast.If: _Walk.branch,
    ast.List: _Walk.display,
    ast.Tuple: _Walk.display,
    ast.BinOp: _Walk.arithmetic,
    ast.Subscript: _Walk.subscript,
    ast.Dict: _Walk.dictionary,
})
