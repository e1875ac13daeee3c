"""What is held back for a person although a rule could write it, and which imports go or must stay."""

from __future__ import annotations

import ast
from collections.abc import Collection, Container, Mapping, Sequence
from dataclasses import replace

from kmigrate.edits import Confidence
from kmigrate.match.found import Found
from kmigrate.resolve.scopes import Binding, ModuleScope
from kmigrate.rewrite.decision import Already, Changed, Decision, ForReview, Ignored, Same, Unaccounted
from kmigrate.rewrite.facts import NO_RULE
from kmigrate.rewrite.names.entries import root_name
from kmigrate.rewrite.names.names import Names
from kmigrate.ruleset.schema import Rule
from kmigrate.ruling import Ruling
from kmigrate.source.module import Module

_DECIDE = "Keep the way that is for Keras 2, or ask for a name that Keras 2 has."
EMIT = "`--emit-helpers` writes a layer `{}` that computes the same into the project, and uses it."


def wait_for_person(ruling: Ruling, scopes: ModuleScope, found: Found, decision: Decision) -> Decision:
    """Unsafe changes wait for a person unless the settings allow them; nothing is written inside an f-string."""
    if not isinstance(decision, Changed):
        return decision
    if scopes.in_fstring(found.node):
        return ForReview(
            decision.rule.id, "this stands inside an f-string, where kmigrate does not write.",
            "Move the expression out of the string, then migrate again.",
        )  # fmt: skip
    if decision.helped is not None and not (ruling.emit_helpers and decision.helped.place.free):
        review, place = decision.helped.review, decision.helped.place
        return replace(review, recipe=place.complaint if ruling.emit_helpers else EMIT.format(decision.helped.layer))
    if decision.confidence is Confidence.UNSAFE:
        decision = replace(decision, reason=decision.reason or _doubt(found))
        return decision if ruling.unsafe else waiting(decision)
    return decision


def _doubt(found: Found) -> str:
    return "this is not always the same" if found.certain else "nobody can tell whether the object is Keras's"


def waiting(decision: Changed) -> ForReview:
    """The review of an unsafe change as long as nobody agreed to it."""
    recipe = "Apply it with --unsafe, or by hand."
    return ForReview(decision.rule.id, f"{decision.rule.title}; {decision.reason}.", recipe, unsafe=True)


def held_back(module: Module, decisions: Sequence[tuple[Found, Decision]]) -> list[tuple[Found, Decision]]:
    """Attributes inside a call that counts samples and is left to a person stay as they are.

    Half a change could hide the other half: `predict_generator(batches, batches.nb_sample)` fails loudly on Keras 2, with
    `batches.samples` it would run 32 times too long.
    """
    waiting = [
        (module.span(found.call), decision)
        for found, decision in decisions
        if found.call is not None
        and found.kind == "method"
        and isinstance(decision, Ignored | ForReview)
        and _counts(found)
    ]
    if not waiting:
        return list(decisions)
    kept: list[tuple[Found, Decision]] = []
    for found, decision in decisions:
        if isinstance(decision, Changed) and found.kind == "attribute":
            here = found.span(module)
            outer = next((outer for span, outer in waiting if span.contains(here)), None)
            if isinstance(outer, Ignored):
                kept.append((found, Ignored(decision.rule.id)))
                continue
            if outer is not None:
                reason = f"`{found.name}` is part of a call that is left to you."
                kept.append((found, ForReview(outer.rule, reason, outer.recipe, outer.unsafe)))
                continue
        kept.append((found, decision))
    return kept


def _counts(found: Found) -> bool:
    """Whether a call counts samples, so that its argument means another number on Keras 2."""
    return found.name.endswith("_generator")


def unused_imports(decisions: Sequence[tuple[Found, Decision]], names: Names) -> dict[Binding, str]:
    """Imports of names that Keras 2 has not and that nothing in the file uses, with the rule to blame: they go.

    One that Keras 2 has under another name stays under the old one where another file may take it from here.
    """
    unused: dict[Binding, str] = {}
    by_node = {binding.node: binding for binding in names.imported.scopes.imports}
    for found, decision in decisions:
        if found.kind != "import" or found.new or isinstance(decision, (Already, Ignored)):
            continue
        binding, imported = by_node[found.node], names.imported
        if imported.loads(binding) or imported.asked_for(binding):
            continue
        rule = _rule_of(found, names)
        if found.module or _exists(found, names):
            rule = rule or imported.places.rules.moved
            if not _is_called_otherwise(found, names) or imported.may_be_taken(binding):
                continue
        if rule is not None:
            unused[binding] = rule.id
    return unused


def asking_imports(unused: Mapping[Binding, str], scopes: ModuleScope) -> dict[Binding, str]:
    """Those of the unused imports that tell whether there is something (`try: from keras.layers import merge`), with the rule
    to blame: of their statement nothing would be left, and the program goes another way where it fails."""
    return {binding: rule for binding, rule in unused.items() if _asks(binding.statement, unused, scopes)}


def _asks(statement: ast.AST | None, unused: Container[Binding], scopes: ModuleScope) -> bool:
    parent = scopes.parents.get(statement) if isinstance(statement, ast.Import | ast.ImportFrom) else None
    if not isinstance(parent, ast.Try) or not parent.handlers or statement not in parent.body:
        return False
    return all(binding in unused for binding in scopes.imports if binding.statement is statement)


def _by_frozen_star(found: Found, names: Names) -> bool:
    """Whether a star import that stays as it is may bring the name that a use begins with."""
    root, imported = root_name(found.node), names.imported
    stars = imported.evaluator.stars.seen(root, found.scope) if root is not None else ()
    return any(star.statement in imported.frozen for star in stars)


def _rule_of(found: Found, names: Names) -> Rule | None:
    """The rule to blame for a name that Keras 2 cannot import."""
    rules, place = names.imported.places.rules, names.imported.places.name(found.name)
    calls = rules.calls.get(found.name)
    return rules.gone.get(found.name) or (calls[0] if calls else None) or (place[1] if place is not None else None)


def left_over(
    found: Found, decision: Decision, names: Names, unused: Collection[Binding], asking: Mapping[Binding, str]
) -> Decision:
    """An import of a name that Keras 2 has not, and that has to stay, is for a person; a module that stays where it is for
    another use of it is the same as before, and so is what a star import brings that stays."""
    if isinstance(decision, Changed) and not decision.edits and decision.text is None and _by_frozen_star(found, names):
        return Same(decision.notes)
    if found.module and isinstance(decision, Changed) and decision.target is None:
        return Same(decision.notes) if _stays_in_place(found, names) else decision
    if found.kind != "import" or found.module or found.new or isinstance(decision, (Already, Ignored)):
        return decision
    if any(binding.node is found.node for binding in unused):
        return Same()
    if isinstance(decision, (ForReview, Unaccounted)):
        return Same() if _replaced(found, names) else decision
    if _exists(found, names):
        return decision
    binding = next(binding for binding in names.imported.scopes.imports if binding.node is found.node)
    if binding in asking:
        reason = f"`{found.name}` does not exist in Keras 2, and this import decides what runs here."
        return ForReview(asking[binding], reason, _DECIDE)
    if not names.stays(binding):
        return decision
    rule = _rule_of(found, names)
    return ForReview(
        rule.id if rule is not None else NO_RULE,
        f"`{found.name}` does not exist in Keras 2, and `{binding.name}` is still used.",
        "Migrate the uses that are left, then remove the import.",
    )  # fmt: skip


def _stays_in_place(found: Found, names: Names) -> bool:
    """Whether the import that brings a module goes on bringing it from where it is."""
    binding = names.imported.binding(found)
    path = names.imported.module_of(binding) if binding is not None else None
    if binding is None or path is None:
        return False
    return (names.renamed_modules.get(binding) or names.module_for(binding, path)) == path


def _replaced(found: Found, names: Names) -> bool:
    """Whether an import brings another name now, for all uses of the old one."""
    binding = next(binding for binding in names.imported.scopes.imports if binding.node is found.node)
    return binding in names.brought and not names.stays(binding)


def _is_called_otherwise(found: Found, names: Names) -> bool:
    """Whether Keras 2 has what is imported under another name alone, and no `as` gives it one here."""
    places, node = names.imported.places, found.node
    if not isinstance(node, ast.alias) or node.asname is not None or "." in node.name or node.name == "*":
        return False
    place = places.name(found.name)
    new = places.module(found.name) if found.module else place[0] if place is not None else None
    return new is not None and new.rpartition(".")[2] != node.name and (found.module or not places.exists(found.spelled))


def _exists(found: Found, names: Names) -> bool:
    """Whether Keras 2 has something to import in the place of what is imported: the call of a function is nothing."""
    if found.name.rpartition(".")[2].startswith("__"):
        return True
    place = names.imported.places.name(found.name)
    return (place is not None and not place[0].endswith("()")) or names.imported.places.exists(found.spelled)
