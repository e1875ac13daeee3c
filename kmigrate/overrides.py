"""What does a person want otherwise than the rules, by a comment in the text or for one change, and what follows?"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from kmigrate.edits import Confidence, Edit, Span
from kmigrate.edits import replace as write
from kmigrate.holding import waiting
from kmigrate.match.found import Found
from kmigrate.resolve.scopes import ModuleScope
from kmigrate.results import ChangeKey
from kmigrate.rewrite.decision import Changed, Decision, ForReview, Ignored, Text, Unaccounted
from kmigrate.rewrite.facts import NO_RULE
from kmigrate.rewrite.names.entries import root_name
from kmigrate.ruling import Ruling
from kmigrate.source.module import Module
from kmigrate.source.suppressions import NONE, Ignore, Ignores


@dataclass(frozen=True, slots=True)
class ByHand:
    """A text that a person wrote in the place of what a change would write at `span`."""

    key: ChangeKey
    span: Span
    text: str


@dataclass(frozen=True, slots=True)
class Overrides:
    """What is to stay as it is, and what is to be written otherwise.

    ignores: the comments of the text. refused: single changes. names: (rule or `import`, name of the use), for the text that a
    run made, where the refused changes have other offsets. texts: what a person wrote.
    """

    ignores: Ignores = NONE
    refused: frozenset[ChangeKey] = frozenset()
    names: frozenset[tuple[str, str]] = frozenset()
    texts: tuple[ByHand, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.ignores or self.refused or self.names or self.texts)


NOTHING = Overrides()

Decisions = list[tuple[Found, Decision]]


def overridden(
    ruling: Ruling, module: Module, scopes: ModuleScope, wanted: Overrides, decisions: Sequence[tuple[Found, Decision]]
) -> Decisions:
    """The decisions, those that are refused replaced by `Ignored`, with those that make no sense without them.

    A refused change that is unsafe waits for a person as it does in a run without such changes.
    """
    kept = [(found, _judged(ruling, module, wanted, found, decision)) for found, decision in decisions]
    if wanted.texts:
        whole = [decision for _, decision in decisions]
        kept = [(f, _written(module, wanted.texts, f, d, rules)) for (f, d), rules in zip(kept, whole, strict=True)]
    return _with_dependents(ruling, scopes, kept)


def frozen(decisions: Sequence[tuple[Found, Decision]], scopes: ModuleScope) -> frozenset[ast.stmt]:
    """The import statements that stay as they are: those that a person refused, and star imports that hide other names."""
    nodes = {
        found.node for found, decision in decisions
        if found.kind == "import" and (isinstance(decision, Ignored) or (isinstance(decision, ForReview) and found.star))
    }  # fmt: skip
    return frozenset(
        binding.statement
        for binding in scopes.imports
        if binding.node in nodes and isinstance(binding.statement, ast.stmt)
    )


def names_of(decisions: Sequence[tuple[Found, Decision]]) -> frozenset[tuple[str, str]]:
    """The changes refused one by one, as they can be found again in another text."""
    return frozenset(
        (f.kind if f.kind == "import" else d.rule, f.name)
        for f, d in decisions
        if (isinstance(d, Ignored) and d.ignore is None) or (isinstance(d, ForReview) and d.unsafe)
    )


def unused(ignores: Ignores, decisions: Sequence[tuple[Found, Decision]]) -> Iterator[tuple[Ignore, tuple[str, ...]]]:
    """The comments that nothing needs, with the ids that are of no use (none where the comment names none)."""
    used: dict[Ignore, set[str]] = {}
    for _, decision in decisions:
        if isinstance(decision, Ignored) and decision.ignore is not None:
            used.setdefault(decision.ignore, set()).add(decision.ignore.matches(decision.rule) or "")
    for comment in ignores.listed:
        idle = tuple(id for id in comment.ids if id not in used.get(comment, ()))
        if comment not in used or idle:
            yield comment, idle


def _judged(ruling: Ruling, module: Module, wanted: Overrides, found: Found, decision: Decision) -> Decision:
    rule = _rule(decision)
    if rule is None and found.kind != "import":
        return decision
    span = found.span(module)
    if wanted.ignores.listed:
        first, last = module.source.position(span.start).line, module.source.position(span.end).line
        meant = [rule or "", *(_of_import(ruling, found) if found.kind == "import" else ())]
        for comment in wanted.ignores.listed:
            matched = next((id for id in meant if comment.matches(id) is not None), None)
            if comment.covers(first, last) and matched is not None:
                return Ignored(matched, comment)
    if found.kind == "import" and (
        ("import", found.name) in wanted.names or any((span.start, span.end) == key[1:] for key in wanted.refused)
    ):
        return Ignored(rule or "")
    if isinstance(decision, Changed) and (
        (decision.rule.id, span.start, span.end) in wanted.refused or (decision.rule.id, found.name) in wanted.names
    ):
        return waiting(decision) if decision.confidence is Confidence.UNSAFE else Ignored(decision.rule.id)
    return decision


def _of_import(ruling: Ruling, found: Found) -> Iterator[str]:
    """The rules that may change an import: those of the name, and those that move modules."""
    rules = ruling.rules
    yield from (rule.id for rule in rules.calls.get(found.name, ()))
    base = found.spelled.rpartition(".")[0]
    if rules.moved is not None and ruling.places.module(base) not in (None, base):
        yield rules.moved.id
    yield from (rules.modules[path][1].id for path in (base, found.spelled) if path in rules.modules)


def _written(module: Module, texts: Sequence[ByHand], found: Found, decision: Decision, rules: Decision) -> Decision:
    """A change with the text that a person wrote; changes inside it are theirs too, whatever was said of them alone.

    `rules` is what the rules decided: of the names that their change brings, those come along that the text speaks of.
    """
    if not isinstance(rules, Changed) or found.kind == "import":
        return decision
    span = found.span(module)
    around = next((item for item in texts if item.span.contains(span)), None)
    if around is None:
        return decision
    edits: tuple[Edit, ...] = ()
    if around.key == (rules.rule.id, span.start, span.end):
        edits = (write(around.span.start, around.span.end, around.text, rule=rules.rule.id),)
    told = frozenset(_NAME.findall(around.text))
    root = root_name(found.node)
    kept = root is not None and root.id in told
    needs = _told_of(rules.needs, told)
    texts_need = _told_of(rules.text.targets, told) if rules.text is not None else ()
    written = Changed(rules.rule, edits, reason="written by hand", helped=rules.helped)
    if rules.text is None and rules.target is not None and (kept or _told_of((rules.target,), told)):
        return replace(written, target=rules.target, needs=needs)
    if kept:
        return replace(written, needs=(*needs, *texts_need))
    return replace(written, text=Text(texts_need, lambda spelled: []), needs=needs)


def _name(path: str | None) -> str | None:
    """The last part of a path."""
    return path and path.rpartition(".")[2]


_NAME = re.compile(r"(?<![\w.])[^\W\d]\w*")
"""A name that is no attribute."""


def _told_of(paths: Sequence[str], names: frozenset[str]) -> tuple[str, ...]:
    return tuple(path for path in paths if path.rpartition(".")[2] in names)


def _rule(decision: Decision) -> str | None:
    match decision:
        case Changed(rule=rule):
            return rule.id
        case ForReview(rule=id):
            return id
        case Unaccounted():
            return NO_RULE
        case _:
            return None


def _with_dependents(ruling: Ruling, scopes: ModuleScope, decisions: Decisions) -> Decisions:
    """What makes no sense without a refused change stays as well.

    A method renamed in one place only, and a shape taken from a tensor that stayed as it was, would break the code. Uses
    of a name whose import stays keep the name, where that is all that would change, and nobody agreed to another one.
    """
    refused = [(found, decision) for found, decision in decisions if isinstance(decision, Ignored)]
    if not refused:
        return decisions
    protocol = {rule.id for rules in ruling.rules.methods.values() for rule in rules}
    rules = {decision.rule for _, decision in refused} & protocol
    assigned = {
        (found.scope, target.id)
        for found, _ in refused
        if isinstance(statement := scopes.statement(found.node), ast.Assign)
        for target in statement.targets
        if isinstance(target, ast.Name)
    }

    calls = {found.call for found, _ in refused}
    kept = {found.node: decision for found, decision in refused if found.kind == "import"}
    names = {binding.name: kept[binding.node].ignore for binding in scopes.imports if binding.node in kept}

    def depends(found: Found, decision: Decision) -> bool:
        if not isinstance(decision, Changed):
            return False
        root = root_name(found.node)
        if root is not None and root.id in names and not decision.edits and decision.text is None:
            return names[root.id] is not None or found.node is not root or _name(decision.target) == root.id
        if decision.rule.id in rules or not calls.isdisjoint(decision.parts):
            return True
        owner = found.node.value if isinstance(found.node, ast.Attribute) else None
        return found.kind == "assign" and isinstance(owner, ast.Name) and (found.scope, owner.id) in assigned

    return [
        (found, Ignored(decision.rule.id) if isinstance(decision, Changed) and depends(found, decision) else decision)
        for found, decision in decisions
    ]
