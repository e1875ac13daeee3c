"""Is one optimizer given to `compile` more than once, for several models or for one that is compiled anew?"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from itertools import combinations

from kmigrate.match.found import Found
from kmigrate.resolve.evaluate import Evaluator
from kmigrate.resolve.scopes import ModuleScope, Scope

_LOOPS = (ast.For, ast.While, ast.AsyncFor, ast.ListComp, ast.GeneratorExp, ast.SetComp, ast.DictComp)

TOLD = (
    "This optimizer serves more than one compile, which Keras 2.11 and later refuse but for those of keras.optimizers.legacy. "
    "These keep one momentum for each weight, where Keras 1 keeps one for each compile: weights that two of the models train, or "
    "that one trains on after it was compiled anew, take other steps."
)


def serves_several(scopes: ModuleScope, evaluator: Evaluator, found: Found) -> bool:
    """Whether the object that a call makes is bound to a name that several calls of `compile` of this module are given."""
    made = scopes.parents.get(found.call) if found.call is not None else None
    if isinstance(made, ast.arguments):
        return _serves_calls(scopes, evaluator, found.call, made)
    if not isinstance(made, ast.Assign) or len(made.targets) != 1 or made.value is not found.call:
        return False
    target = made.targets[0]
    if not isinstance(target, ast.Name | ast.Attribute):
        return False
    uses: list[ast.Call] = []
    for call, scope in evaluator.callers(scopes, "compile"):
        given = _optimizer(call)
        if isinstance(call.func, ast.Attribute) and given is not None:
            uses.extend(_uses(evaluator, scopes, call, given, scope, target))
    if any(_repeats(scopes, use, made) for use in uses):
        return True
    return any(not _apart(scopes, one, other) for one, other in combinations(uses, 2))


def _serves_calls(scopes: ModuleScope, evaluator: Evaluator, default: ast.Call | None, parameters: ast.arguments) -> bool:
    """Whether a default of a parameter, which is made once, is compiled by more than one call of its function for all we see."""
    function = scopes.parents.get(parameters)
    name = next((argument.arg for argument, value in _defaults(parameters) if value is default), None)
    if not isinstance(function, ast.FunctionDef) or name is None or not _compiles(scopes, evaluator, parameters, name):
        return False
    calls = [call for call, _ in evaluator.callers(scopes, function.name)]
    lacking = [call for call in calls if _argument(call, function, name) is None]
    return not calls or len(lacking) > 1 or any(_repeats(scopes, call, function) for call in lacking)


def _defaults(parameters: ast.arguments) -> Iterator[tuple[ast.arg, ast.expr | None]]:
    positional = [*parameters.posonlyargs, *parameters.args]
    yield from zip(positional[len(positional) - len(parameters.defaults) :], parameters.defaults, strict=True)
    yield from zip(parameters.kwonlyargs, parameters.kw_defaults, strict=True)


def _compiles(scopes: ModuleScope, evaluator: Evaluator, parameters: ast.arguments, name: str) -> bool:
    for call, scope in evaluator.callers(scopes, "compile"):
        given = _optimizer(call)
        if isinstance(given, ast.Name) and given.id == name:
            bindings = evaluator.bindings(given, scope) or ()
            if any(scopes.parents.get(binding.node) is parameters for binding in bindings):
                return True
    return False


def _optimizer(call: ast.Call) -> ast.expr | None:
    named = next((keyword.value for keyword in call.keywords if keyword.arg == "optimizer"), None)
    return named or (call.args[0] if call.args else None)


def _uses(
    evaluator: Evaluator, scopes: ModuleScope, call: ast.Call, given: ast.expr, scope: Scope, target: ast.expr
) -> Iterator[ast.Call]:
    """The calls by which the object comes to this `compile`: itself, or those of the function whose parameter it is given."""
    if isinstance(target, ast.Attribute):
        if isinstance(given, ast.Attribute) and ast.unparse(given) == ast.unparse(target):
            yield call
        return
    if not isinstance(given, ast.Name):
        return
    for binding in evaluator.bindings(given, scope) or ():
        if binding.node is target:
            yield call
        elif binding.kind == "parameter" and isinstance(binding.scope.node, ast.FunctionDef):
            function = binding.scope.node
            for outer, inner in evaluator.callers(scopes, function.name):
                handed = _argument(outer, function, binding.name)
                bound = evaluator.bindings(handed, inner) if isinstance(handed, ast.Name) else None
                if any(known.node is target for known in bound or ()):
                    yield outer


def _argument(call: ast.Call, function: ast.FunctionDef, name: str) -> ast.expr | None:
    names = [argument.arg for argument in (*function.args.posonlyargs, *function.args.args)]
    names = names[1:] if names[:1] == ["self"] else names
    named = next((keyword.value for keyword in call.keywords if keyword.arg == name), None)
    place = names.index(name) if name in names else len(call.args)
    return named or (call.args[place] if place < len(call.args) else None)


def _repeats(scopes: ModuleScope, use: ast.AST, made: ast.stmt) -> bool:
    """Whether a loop that the optimizer is made outside of comes to this use again and again."""
    return any(isinstance(node, _LOOPS) and made not in ast.walk(node) for node in _around(scopes, use))


def _apart(scopes: ModuleScope, one: ast.AST, other: ast.AST) -> bool:
    """Whether two calls stand in two branches of one `if`, so that one of them runs at most."""
    above = {id(node) for node in _around(scopes, other)}
    previous: ast.AST = one
    for node in _around(scopes, one):
        if isinstance(node, ast.If) and id(node) in above:
            inside = previous in node.body
            return any(id(item) in above for item in (node.orelse if inside else node.body))
        previous = node
    return False


def _around(scopes: ModuleScope, node: ast.AST) -> Iterator[ast.AST]:
    current = scopes.parents.get(node)
    while current is not None:
        yield current
        current = scopes.parents.get(current)
