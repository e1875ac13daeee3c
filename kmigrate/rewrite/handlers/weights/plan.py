"""Which edits let add_weight make the weights of a layer, with their penalties and constraints, in place of lists by hand?"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from kmigrate.edits import Confidence, Edit, insert, replace
from kmigrate.match.arguments import Argument, Bound
from kmigrate.match.conditions import Conditions
from kmigrate.match.found import Found
from kmigrate.resolve.scopes import Scope
from kmigrate.resolve.values import UserClass
from kmigrate.rewrite.decision import Changed, Told
from kmigrate.rewrite.facts import Build, Facts
from kmigrate.rewrite.handlers.weights.lists import Listing, Unclear
from kmigrate.rewrite.handlers.weights.making import Making
from kmigrate.rewrite.layout import layout
from kmigrate.rewrite.literals import text_of
from kmigrate.rewrite.notes import of_shape
from kmigrate.rewrite.statements import delete_statement
from kmigrate.ruleset.schema import Rule

_PENALTY = "Keras 1.2 ignores self.regularizers; versions before it add the penalty, as the new text does"
_LAYER = "keras.layers.Layer"
_OTHERS = ("keras.layers.Recurrent", "keras.layers.Wrapper")
"""What they list is not what add_weight makes: a cell's weights, or up to Keras 2.3 those of the wrapped layer alone."""


def by_add_weight(facts: Facts, rule: Rule, found: Found) -> Changed | None:
    """The change of the whole `build` in which a use of the lists stands; None where a person must see it."""
    scope = next((inner for inner in found.scope.chain() if inner.kind == "function"), None)
    if scope is None or not isinstance(scope.node, ast.FunctionDef) or scope.node.name != "build":
        return None
    if scope.node not in facts.builds:
        facts.builds[scope.node] = _build(facts, scope.node, scope, rule.id)
    build = facts.builds[scope.node]
    assert isinstance(found.node, ast.expr)
    here = facts.module.span(found.node)
    if build is None or not any(span.contains(here) for span in build.covered):
        return None
    confidence = Confidence.UNSAFE if build.doubt else Confidence.SAFE
    return Changed(
        rule, build.edits, confidence=confidence, reason=build.doubt, touched=build.touched, notes=build.notes
    )  # fmt: skip


def _build(facts: Facts, function: ast.FunctionDef, scope: Scope, rule: str) -> Build | None:
    parent = scope.parent
    if parent is None or parent.kind != "class" or len(function.args.args) < 2:
        return None
    cls = UserClass(parent.node, parent.module)
    classes = facts.evaluator.classes
    if not classes.inherits(cls, _LAYER) or any(classes.inherits(cls, other) for other in _OTHERS):
        return None
    listing = Listing(function.args.args[0].arg, scope, facts.evaluator)
    try:
        listing.read(function)
    except Unclear:
        return None
    edits = [edit for made in listing.makings for edit in _made(facts, made, listing, rule)]
    edits.extend(_without(facts, function.body, frozenset(listing.gone), function, rule))
    covered = [facts.module.span(statement) for statement in listing.gone]
    touched = tuple(made.statement for made in listing.makings)
    penalised = any(parameter == "regularizer" for extras in listing.extras.values() for parameter, _ in extras)
    if not edits:
        return None
    notes = tuple(dict.fromkeys(told for made in listing.makings for told in _told(facts, made, scope)))
    return Build(tuple(edits), tuple(covered), touched, _PENALTY if penalised else None, notes)


def _told(facts: Facts, made: Making, scope: Scope) -> tuple[Told, ...]:
    """What the rule for add_weight tells of a weight that add_weight makes now."""
    rule = next(iter(facts.places.rules.calls.get(f"{_LAYER}.add_weight", ())), None)
    if made.initializer is None or rule is None:
        return ()
    literal = made.initializer[:1] in "'\""
    filled = ast.Constant(ast.literal_eval(made.initializer)) if literal else (made.inner or made.call).func
    bound = Bound((Argument("shape", made.shape, 0), Argument("initializer", filled, 1)))
    return of_shape(facts, rule, rule.notes, bound, Conditions(facts.evaluator, scope), {})


def _made(facts: Facts, made: Making, listing: Listing, rule: str) -> Iterator[Edit]:
    """`self.W = self.add_weight(shape=…, initializer=…, name=…)`."""
    module, call = facts.module, made.call
    extras = [f"{parameter}={text}" for parameter, text in listing.extras.get(made.attribute, ())]
    if made.attribute in listing.fixed:
        extras.append("trainable=False")
    shape = layout(module, call)
    if made.initializer is not None:
        func = module.span(call.func)
        yield replace(func.start, func.end, f"{listing.owner}.add_weight", rule=rule)
        first = shape.slots[0]
        initializer = made.initializer
        if initializer[:1] in "'\"":
            initializer = text_of(ast.literal_eval(initializer), module.segment(made.name) if made.name else "'")
        filled = f", initializer={initializer}"
        if made.inner is None:
            yield insert(first.whole.start, "shape=", rule=rule)
            yield insert(first.whole.end, filled, rule=rule)
        else:
            inner = layout(module, made.inner).slots[0].value
            yield replace(first.whole.start, first.whole.end, "shape=", inner, filled, rule=rule)
        if made.name is None:
            extras.insert(0, f"name='{made.attribute}'")
        elif call.args[1:]:
            yield insert(shape.slots[1].whole.start, "name=", rule=rule)
    if extras:
        at, text = shape.appended(", ".join(extras))
        yield insert(at, text, rule=rule)


def _without(
    facts: Facts, block: list[ast.stmt], gone: frozenset[ast.stmt], parent: ast.AST, rule: str
) -> Iterator[Edit]:
    """The edits that take statements away, with the blank lines they leave; an emptied block keeps a `pass`."""
    if block and all(statement in gone for statement in block):
        yield replace(facts.module.start(block[0]), facts.module.end(block[-1]), "pass", rule=rule)
        return
    for index, statement in enumerate(block):
        if statement in gone:
            yield delete_statement(facts.module, statement, parent, rule)
            yield from _blank_lines(facts, block, index, gone, rule)
        elif isinstance(statement, ast.If):
            yield from _without(facts, statement.body, gone, statement, rule)
            yield from _without_else(facts, statement, gone, rule)


def _without_else(facts: Facts, node: ast.If, gone: frozenset[ast.stmt], rule: str) -> Iterator[Edit]:
    """The same for the branches behind an `if`; an `else` that would be empty goes."""
    source = facts.module.text
    if node.orelse and all(statement in gone for statement in node.orelse):
        start, end = _next_line(source, facts.module.end(node.body[-1])), facts.module.end(node.orelse[-1])
        if source[start : facts.module.start(node.orelse[0])].split() == ["else:"] and "#" not in source[start:end]:
            yield replace(start, _next_line(source, end), rule=rule)
            return
    yield from _without(facts, node.orelse, gone, node, rule)


def _blank_lines(
    facts: Facts, block: list[ast.stmt], index: int, gone: frozenset[ast.stmt], rule: str
) -> Iterator[Edit]:
    """The blank lines behind a statement that goes, where blank lines before it serve as well."""
    if index + 1 == len(block):
        return
    source = facts.module.text
    before = source[facts.module.end(block[index - 1]) : facts.module.start(block[index])] if index else ""
    end = facts.module.end(block[index])
    behind = _BLANK.match(source, end)
    if behind is not None and (_BLANK_BEFORE.search(before) or block[index - 1] in gone):
        yield replace(behind.start("lines"), behind.end("lines"), rule=rule)


def _next_line(source: str, position: int) -> int:
    end = source.find("\n", position)
    return len(source) if end < 0 else end + 1


_BLANK_BEFORE = re.compile(r"\n[ \t]*\r?\n[ \t]*$")
_BLANK = re.compile(r"[ \t]*\r?\n(?P<lines>([ \t]*\r?\n)+)")
