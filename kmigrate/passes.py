"""One pass over a module: its uses of Keras, what is decided for each, and the changes of the text that follow."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from dataclasses import dataclass, replace

from kmigrate.edits import Edit, Replacement, applied
from kmigrate.holding import asking_imports, held_back, left_over, unused_imports, wait_for_person
from kmigrate.match.called import CALLED, INITIALIZERS
from kmigrate.match.collect import Collector
from kmigrate.match.evaluated import evaluated
from kmigrate.match.found import Found, in_order
from kmigrate.match.strings import string_uses
from kmigrate.neighbours import Neighbours
from kmigrate.overrides import NOTHING, Overrides, frozen, overridden
from kmigrate.resolve.evaluate import Evaluator
from kmigrate.resolve.flow.origins import Origins
from kmigrate.resolve.guards import guarded, inside
from kmigrate.resolve.roles import Roles
from kmigrate.resolve.scopes import ModuleScope
from kmigrate.rewrite.alignment import realigned
from kmigrate.rewrite.decide import decide
from kmigrate.rewrite.decision import Already, Changed, Decision, ForReview, Same
from kmigrate.rewrite.dialect import Dialect, Verdict
from kmigrate.rewrite.facts import Facts
from kmigrate.rewrite.image_shapes import told_of_ordering
from kmigrate.rewrite.imports.statements import import_edits
from kmigrate.rewrite.initializers.functions import adapted
from kmigrate.rewrite.judgement import signs
from kmigrate.rewrite.names.handed_on import taken
from kmigrate.rewrite.names.imported import Imported
from kmigrate.rewrite.names.names import Names
from kmigrate.rewrite.names.spelling import finished
from kmigrate.rewrite.outside import Outside
from kmigrate.ruling import Ruling
from kmigrate.source.module import Module


@dataclass(frozen=True, slots=True)
class Pass:
    """Every use with its decision, and the changes of the text, in order and without overlap.

    verdict: which Keras the file was taken for; None where nobody asked.
    """

    decisions: tuple[tuple[Found, Decision], ...] = ()
    replacements: tuple[Replacement, ...] = ()
    verdict: Verdict | None = None

    def applied(self, text: str) -> str:
        """The text with the changes."""
        return applied(text, self.replacements)


def one_pass(
    ruling: Ruling, module: Module, scopes: ModuleScope, evaluator: Evaluator, lines: frozenset[int] | None = None,
    wanted: Overrides = NOTHING, *, neighbours: Neighbours | None = None, verdict: Verdict | None = None,
) -> Pass:
    """Collect, decide and write; `lines` restricts the pass to uses on these lines, `wanted` overrides what is decided.

    `neighbours` are the files of the project; `verdict`: which Keras the file speaks, if that is known.
    Raises OverlappingEdits when two changes do not fit together.
    """
    rules = ruling.rules
    founds = Collector(scopes, evaluator, ruling.members, ruling.hints, rules, lines).collect()
    handed_on = list(taken(scopes, evaluator, ruling.places)) if lines is None else []
    if handed_on:
        founds = in_order([*handed_on, *founds], module)
    if not founds:
        return Pass()
    if lines is None:
        founds.extend(string_uses(scopes, module.text, evaluator, rules.keys))
        founds.extend(evaluated(scopes, module.text, evaluator, rules))
    roles = Roles(scopes, evaluator)
    facts = Facts(module, scopes, evaluator, ruling.places, roles, Dialect(verdict=verdict))
    facts.adapted = adapted(facts)
    facts.dialect.judge = lambda: _judged(facts, founds, neighbours)
    outside = Outside(facts, rules, Origins(scopes, evaluator, roles))
    outside.treat(lines)
    facts.operations = outside
    founds = outside.joined(founds)
    one_keras = guarded(scopes, evaluator, ruling.targets, module.text)
    decided = [
        (found, Already() if one_keras and inside(scopes, found.node, one_keras)
         else wait_for_person(ruling, scopes, found, decide(facts, found)))
        for found in founds
    ]  # fmt: skip
    if wanted:
        decided = overridden(ruling, module, scopes, wanted, decided)
    decisions = held_back(module, told_of_ordering(facts, decided))
    taken_names = frozenset([found.node for found in handed_on])
    names = Names(Imported(module, scopes, evaluator, ruling.places, frozen(decisions, scopes), taken_names), lines)
    edits = [edit for _, decision in decisions if isinstance(decision, Changed) for edit in decision.edits]
    rewritten = _rewritten(module, decisions, edits)
    for found, decision in decisions:
        if isinstance(decision, Changed):
            names.announce(found, decision)
        elif found.node in rewritten:
            names.remove(found)
        elif isinstance(decision, ForReview):
            names.wait(found)
    spelled = finished(names)
    if wanted.texts:
        spelled = [edit for edit in spelled if not any(item.span.contains(edit.span) for item in wanted.texts)]
    edits.extend(spelled)
    unused = unused_imports(decisions, names)
    asking = asking_imports(unused, scopes)
    unused = {binding: rule for binding, rule in unused.items() if binding not in asking}
    decisions = [(found, left_over(found, decision, names, unused, asking)) for found, decision in decisions]
    edits.extend(import_edits(names, unused))
    decisions = [(found, decision) for found, decision in decisions if found.node not in rewritten]
    touched = [
        scopes.statement(found.node)
        for found, decision in decisions
        if isinstance(decision, Changed) or found.kind == "import"
    ]
    touched += [
        statement for _, decision in decisions if isinstance(decision, Changed) for statement in decision.touched
    ]
    verdict = facts.dialect.verdict
    facts.release()
    return _without_idle(module, Pass(tuple(decisions), realigned(module, touched, edits), verdict))


def _judged(facts: Facts, founds: Sequence[Found], neighbours: Neighbours | None) -> Verdict:
    """Which Keras a file speaks, by these uses, else by the other files of its project."""
    found = signs(facts, founds)
    if neighbours is not None:
        neighbours.hear(facts.scopes, found)
    if found.one_sided:
        return "keras1" if found.keras1 else "keras2"
    return "as the project" if found == (0, 0) and neighbours is not None and neighbours.speak_keras2 else "keras1"


def _without_idle(module: Module, done: Pass) -> Pass:
    """Without replacements by the text that stands there: a template can give the call that it is asked for."""
    idle = {(item.start, item.end) for item in done.replacements if item.text == module.text[item.start : item.end]}
    if not idle:
        return done
    decisions = tuple((found, _if_idle(module, found, decision, idle)) for found, decision in done.decisions)
    kept = tuple(item for item in done.replacements if (item.start, item.end) not in idle)
    return replace(done, decisions=decisions, replacements=kept)


def _if_idle(module: Module, found: Found, decision: Decision, idle: set[tuple[int, int]]) -> Decision:
    if not isinstance(decision, Changed) or decision.text is None or found.call is None:
        return decision
    span = found.span(module)
    return Same(decision.notes) if (span.start, span.end) in idle else decision


def _rewritten(module: Module, decisions: Sequence[tuple[Found, Decision]], edits: Sequence[Edit]) -> frozenset[ast.AST]:
    """The uses that are none of their own, for the text around them is written anew: keys, initializers that make a weight."""
    asked = [
        found for found, decision in decisions
        if found.kind == "string" or (
            found.kind == "call" and found.name.startswith(INITIALIZERS)
            and (found.name == CALLED or not isinstance(decision, Changed))
        )
    ]  # fmt: skip
    return frozenset([found.node for found in asked if _written(module, found, edits)])


def _written(module: Module, found: Found, edits: Sequence[Edit]) -> bool:
    """Whether a use stands in text that is written anew."""
    assert isinstance(found.node, ast.expr | ast.keyword)
    here = found.span(module) if isinstance(found.node, ast.keyword) else module.span(found.node)
    return any(edit.span.contains(here) for edit in edits)
