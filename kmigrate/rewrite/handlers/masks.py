"""Masks of layers with several inputs: Keras 2 passes None where no input has a mask, Keras 1 a list of None."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from kmigrate.edits import Edit, insert, replace
from kmigrate.match.found import Found
from kmigrate.resolve.scopes import Scope
from kmigrate.rewrite.decision import Changed, Decision, Same
from kmigrate.rewrite.facts import Facts
from kmigrate.ruleset.schema import Rule


def of_inputs(facts: Facts, rule: Rule, found: Found) -> Decision | None:
    """`mask[0]` in call(self, x, mask) holds for None too, and the mask may be left out."""
    function = found.node
    assert isinstance(function, ast.FunctionDef)
    arguments = function.args.args
    if len(arguments) != 3 or arguments[2].arg not in ("mask", "masks") or function.args.vararg or function.args.posonlyargs:
        return Same()
    name = arguments[2].arg
    edits: list[Edit] = []
    if not function.args.defaults:
        edits.append(insert(facts.module.end(arguments[2]), "=None", rule=rule.id))
    loads = _loads(facts, function, name)
    if not any(_asked(facts, node) for node, _ in loads):
        indices = [index for node, _ in loads if (index := _index(facts, node)) is not None]
        if len(indices) > 1:
            edits.append(_at_the_start(facts, function, name, max(indices) + 1, rule.id))
        else:
            edits.extend(_subscripts(facts, loads, name, rule.id))
    return Changed(rule, tuple(edits)) if edits else Same()


def _loads(facts: Facts, function: ast.FunctionDef, name: str) -> list[tuple[ast.Name, Scope]]:
    """Where the masks that the function is given are used; nowhere if a use may see something else, too."""
    scope = facts.scopes.scope_of[function]
    loads = [(node, inner) for node, inner in facts.scopes.loads.get(name, ()) if inner.lookup(name) is scope]
    if len(scope.bindings.get(name, ())) == 1:
        return loads
    given = [binding for binding in scope.bindings[name] if binding.kind == "parameter"]
    seen = [(node, inner, facts.evaluator.bindings(node, inner) or frozenset()) for node, inner in loads]
    if any(len(bindings) > 1 and not bindings.isdisjoint(given) for _, _, bindings in seen):
        return []
    return [(node, inner) for node, inner, bindings in seen if not bindings.isdisjoint(given)]


def _index(facts: Facts, node: ast.Name) -> int | None:
    """The number of the mask that a load asks for."""
    parent = facts.scopes.parents.get(node)
    if not isinstance(parent, ast.Subscript) or parent.value is not node or not isinstance(parent.slice, ast.Constant):
        return None
    index = parent.slice.value
    return index if isinstance(index, int) and index >= 0 else None


def _at_the_start(facts: Facts, function: ast.FunctionDef, name: str, count: int, rule: str) -> Edit:
    """A list of None before the first statement, for code that asks for several masks."""
    body = function.body
    documented = isinstance(body[0], ast.Expr) and isinstance(body[0].value, ast.Constant) and len(body) > 1
    at = facts.module.start(body[1 if documented else 0])
    start = facts.module.text.rfind("\n", 0, at) + 1
    indent, newline = facts.module.text[start:at], facts.module.source.newline
    inner = "\t" if indent.endswith("\t") else "    "
    if indent.strip():
        return insert(at, f"{name} = {name} if {name} is not None else [None] * {count}; ", rule=rule)
    text = f"if {name} is None:{newline}{indent}{inner}{name} = [None] * {count}{newline}{indent}"
    return insert(at, text, rule=rule)


def _subscripts(facts: Facts, loads: list[tuple[ast.Name, Scope]], name: str, rule: str) -> Iterator[Edit]:
    for node, _ in loads:
        parent = facts.scopes.parents.get(node)
        if isinstance(parent, ast.Subscript) and parent.value is node and isinstance(parent.ctx, ast.Load):
            span = facts.module.span(parent)
            bare = isinstance(facts.scopes.parents.get(parent), ast.Assign)
            before, after = ("", "") if bare else ("(", ")")
            yield replace(span.start, span.end, before, span, f" if {name} is not None else None{after}", rule=rule)
        elif isinstance(parent, ast.Assign) and parent.value is node and isinstance(parent.targets[0], ast.Tuple):
            count = len(parent.targets[0].elts)
            yield insert(facts.module.end(node), f" if {name} is not None else [None] * {count}", rule=rule)


def _asked(facts: Facts, node: ast.Name) -> bool:
    """Whether the code asks whether there is a mask: it knows about None."""
    parent = facts.scopes.parents.get(node)
    match parent:
        case ast.Compare(left=left, comparators=[right]):
            return left is node and isinstance(right, ast.Constant)
        case ast.If(test=test) | ast.IfExp(test=test):
            return test is node
        case ast.UnaryOp(op=ast.Not()) | ast.BoolOp():
            return True
        case _:
            return False
