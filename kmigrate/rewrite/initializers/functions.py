"""What becomes of `lambda shape, name: normal(shape, scale=0.02, name=name)`, where it serves as an initializer alone?

Keras 1 calls it with a shape and a name and takes a variable. Keras 2 calls it with a shape, from 2.2.5 on also with a dtype,
and takes a tensor (`keras/engine/base_layer.py` of 2.3.1, `Layer.add_weight`).
"""

from __future__ import annotations

import ast
from dataclasses import replace
from functools import partial

from kmigrate.edits import Confidence, Edit
from kmigrate.edits import replace as replacement
from kmigrate.match.arguments import Bound, Misfit
from kmigrate.match.found import Found
from kmigrate.rewrite.decision import Changed, Text
from kmigrate.rewrite.facts import Facts
from kmigrate.rewrite.initializers.serving import name_serves_layers, object_rule, serves_layers
from kmigrate.rewrite.layout import layout
from kmigrate.rewrite.template import edits_of

HOME = "keras.initializations."

_FORWARDED = ("shape", "name", "dim_ordering")
"""Parameters of the functions of keras.initializations that say nothing of the numbers, of a shape that is given."""


def adapted(facts: Facts) -> dict[ast.AST, Changed]:
    """The functions of the module that change so that Keras 2 can call them, with the change of the call that each is."""
    if "initializations" not in facts.module.text:
        return {}
    found: dict[ast.AST, Changed] = {}
    for call, scope in facts.scopes.calls:
        if scope.kind in ("function", "lambda") and _result(scope.node) is call:
            paths = {getattr(value, "path", "") for value in facts.evaluator.values(call.func, scope)}
            path = paths.pop() if len(paths) == 1 else ""
            if path.startswith(HOME) and (changed := _changed(facts, Found("call", path, call.func, scope, call))) is not None:
                found[scope.node] = changed
    return found


def change_of(facts: Facts, found: Found) -> Changed | None:
    """The change of a call, if it is all that such a function does."""
    changed = facts.adapted.get(found.scope.node) if found.call is not None else None
    return changed if changed is not None and _result(found.scope.node) is found.call else None


def _changed(facts: Facts, found: Found) -> Changed | None:
    """A lambda becomes the object of a rule for `partial: initializer`, a function calls it; None where that can't be proven."""
    call, keras1, function = found.call, facts.keras1(found), found.scope.node
    if call is None or keras1 is None or _result(function) is not call:
        return None
    bound = facts.bound(found, keras1)
    if isinstance(bound, Misfit) or bound.opaque is not None or not _forwards(function, bound):
        return None
    own = replace(bound, arguments=tuple(item for item in bound.arguments if item.parameter not in _FORWARDED))
    known = object_rule(facts, found, own)
    if known is None:
        return None
    rule, rewrite, template = known
    shape, defaults = layout(facts.module, call), facts.defaults(found, keras1)
    outer = found.scope.parent
    if outer is None:
        return None
    if isinstance(function, ast.Lambda):
        if not serves_layers(facts, function, outer) or _loads(own, _parameters(function)):
            return None
        whole = facts.module.span(function)
        build = partial(edits_of, rule.id, template, bound, shape, whole, defaults, Confidence.SAFE, None)
        return Changed(rule, text=Text(rewrite.imports, build))
    header = _header(facts, function, rule.id)
    if header is None or not name_serves_layers(facts, function.name, outer, of_keras=True):
        return None
    build = partial(
        edits_of, rule.id, f"{template}($shape, dtype=dtype)", bound, shape, facts.module.span(call), defaults,
        Confidence.SAFE, None,
    )  # fmt: skip
    return Changed(rule, (header,), text=Text(rewrite.imports, build))


def _result(function: ast.AST) -> ast.expr | None:
    """What a function gives, if it does nothing else."""
    if isinstance(function, ast.Lambda):
        return function.body
    if not isinstance(function, ast.FunctionDef) or function.decorator_list:
        return None
    first = function.body[0]
    documented = isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant)
    rest = function.body[1:] if documented else function.body
    return rest[0].value if len(rest) == 1 and isinstance(rest[0], ast.Return) else None


def _parameters(function: ast.Lambda | ast.FunctionDef) -> list[str]:
    return [parameter.arg for parameter in function.args.args]


def _forwards(function: ast.Lambda | ast.FunctionDef, bound: Bound) -> bool:
    """Whether the shape is passed on as it comes, and the other parameters are passed on or stay unused."""
    arguments = function.args
    names = _parameters(function)
    if not names or arguments.posonlyargs or arguments.kwonlyargs or arguments.vararg or arguments.kwarg:
        return False
    shape = bound.get("shape")
    if shape is None or not isinstance(shape.value, ast.Name) or shape.value.id != names[0]:
        return False
    others = [item for item in bound.arguments if item.parameter not in ("name", "dim_ordering")]
    passed = [item for item in bound.arguments if item.parameter in ("name", "dim_ordering")]
    return not _loads(replace(bound, arguments=tuple(others)), names[1:]) and all(
        isinstance(item.value, ast.Name | ast.Constant) for item in passed
    )


def _loads(bound: Bound, names: list[str]) -> bool:
    """Whether an argument reads one of the names."""
    return any(
        isinstance(node, ast.Name) and node.id in names for item in bound.arguments for node in ast.walk(item.value)
    )


def _header(facts: Facts, function: ast.FunctionDef, rule: str) -> Edit | None:
    """The parameters by which Keras 2 calls a function, after the first; None where a comment stands between them."""
    parameters, text = function.args.args, facts.module.text
    start, end = facts.module.end(parameters[0]), facts.module.end(parameters[-1])
    for default in function.args.defaults[-1:]:
        opened = text.count("(", end, facts.module.start(default))
        end = facts.module.end(default)
        for _ in range(opened):
            end = text.index(")", end) + 1
    if len(function.args.defaults) == len(parameters) or "#" in text[start:end]:
        return None
    return replacement(start, end, ", dtype=None", rule=rule)
