"""What is decided for members of Keras objects: attributes, methods that are not called, definitions, assignments."""

from __future__ import annotations

import ast
from dataclasses import replace as replaced
from functools import partial

from kmigrate.edits import Confidence, Edit, replace
from kmigrate.match.arguments import Bound
from kmigrate.match.found import Found
from kmigrate.resolve.values import UserClass, UserObject, Value, only
from kmigrate.rewrite.decision import Changed, Decision, ForReview, Same, Text, Told, Unaccounted
from kmigrate.rewrite.facts import Facts
from kmigrate.rewrite.handed import method_handed_over
from kmigrate.rewrite.handlers import member_handler
from kmigrate.rewrite.keys import decide_key
from kmigrate.rewrite.statements import delete_statement
from kmigrate.rewrite.template import edits_of
from kmigrate.ruleset.schema import NoteCase, Rule


def decide_attribute(facts: Facts, found: Found) -> Decision:
    """An attribute read from an object of Keras."""
    name = found.name.rpartition(".")[2]
    for rule in facts.places.rules.attributes.get(name, ()):
        if not facts.inside(rule, found):
            continue
        if rule.match.guess is not None:
            if found.certain and rule.confidence == "review":
                continue
            if not found.certain and facts.dialect.keras2:
                return Same()
        by_code = _by_code(facts, rule, found)
        if by_code is not None:
            return by_code
        if rule.confidence == "review" or rule.rewrite is None or rule.rewrite.code is not None:
            return ForReview(rule.id, rule.say or rule.title)
        if rule.rewrite.literals:
            return decide_key(facts, rule, found)
        node = found.node
        assert isinstance(node, ast.Attribute)
        confidence = Confidence.UNSAFE if rule.confidence == "unsafe" or not found.certain else Confidence.SAFE
        if rule.rewrite.to is not None:
            edit = attribute_edit(facts, node, rule.rewrite.to, rule, confidence)
            return Changed(rule, (edit,), confidence=confidence)
        if rule.rewrite.template is not None:
            whole, owner = facts.module.span(node), facts.module.span(node.value)
            build = partial(edits_of, rule.id, rule.rewrite.template, Bound(()), None, whole, {}, confidence, owner)
            return Changed(rule, text=Text(rule.rewrite.imports, build), confidence=confidence)
    protocol = renamed_protocol(facts, found)
    if protocol is not None:
        return protocol
    handed = method_handed_over(facts, found)
    if handed is not None:
        return handed
    decision = decide_member(facts, found)
    for rule in facts.places.rules.calls.get(found.name, ()):
        if isinstance(decision, Unaccounted) and found.call is None:
            return ForReview(rule.id, rule.say or f"{rule.title}; here it is not called, but passed on.")
    return decision


def decide_asked(facts: Facts, found: Found) -> Decision:
    """An attribute that a string asks for (`hasattr(layer, 'W')`): a person must see it."""
    for rule in facts.places.rules.attributes.get(found.name.rpartition(".")[2], ()):
        needed = facts.places.is_for(f">={rule.since}")
        told = rule.match.guess is not None or (found.cls == "keras_tensor" and needed)
        if told and facts.is_of(rule, found) and not facts.dialect.keras2:
            return ForReview(rule.id, rule.say or f"{rule.title}; a string asks for it here.", _without_asking(rule))
    for rule in facts.places.rules.methods.get(found.name.rpartition(".")[2], ()):
        if facts.is_of(rule, found):
            return ForReview(rule.id, rule.say or f"{rule.title}; a string names it here.")
    return Same()


def _without_asking(rule: Rule) -> str | None:
    """What serves every version, so that nobody has to ask which one this is."""
    template = rule.rewrite.template if rule.rewrite is not None else None
    if template is None:
        return None
    return f"Ask nothing: {template.replace('backend.', 'K.').replace('$object', 'x')} serves every version."


def decide_member(facts: Facts, found: Found) -> Decision:
    """A member that no rule mentions: the same where every target has it, in the object's class or in its owner."""
    if found.cls == "keras_tensor":
        return Same()
    owner, _, name = found.name.rpartition(".")
    cls = found.cls or owner
    if cls in facts.places.rules.gone or (found.kind == "definition" and name == "get_config"):
        return Same()
    if "._" in cls and _left_out(facts, cls):
        return Same()
    version = facts.lacking(cls, owner, name)
    return Same() if version is None else Unaccounted(f"`{found.name}` does not exist in Keras {version}.")


def _left_out(facts: Facts, cls: str) -> bool:
    """Whether a class is a private part of Keras that some target has not: that is told where it is named."""
    private = cls.rpartition(".")[2].startswith("_")
    return private and any(target.canonical(cls) is None for target in facts.places.targets)


def renamed_protocol(facts: Facts, found: Found) -> Decision | None:
    """A use of a method that a rule for definitions treats (`super().get_output_shape_for(shape)`)."""
    node = found.node
    if not isinstance(node, ast.Attribute) or (not found.certain and node.attr in facts.places.rules.attributes):
        return None  # what is no attribute, or is told of by a rule for objects of which nobody knows enough
    for rule in facts.places.rules.methods.get(node.attr, ()):
        if not facts.is_of(rule, found):
            continue
        if rule.confidence == "review" or rule.rewrite is None or rule.rewrite.to is None:
            return ForReview(rule.id, rule.say or rule.title)
        objects = facts.evaluator.values(node.value, found.scope)
        if any(_has_both(facts, value, node.attr, rule.rewrite.to) for value in objects):
            return Same()
        confidence = Confidence.SAFE if found.certain else Confidence.UNSAFE
        return Changed(
            rule, (attribute_edit(facts, node, rule.rewrite.to, rule, confidence),), confidence=confidence
        )
    return None


def _has_both(facts: Facts, value: Value, old: str, new: str) -> bool:
    """Whether the class of the user that an object has a method from has it by its Keras 2 name as well: it serves both."""
    classes = facts.evaluator.classes
    pending: list[Value] = [value.cls if isinstance(value, UserObject) else value]
    seen: set[ast.ClassDef] = set()
    while pending:
        current = pending.pop(0)
        if isinstance(current, UserClass) and current.node not in seen:
            if classes.defines(current, old):
                return classes.defines(current, new)
            seen.add(current.node)
            pending.extend(classes.bases(current))
    return False


def decide_definition(facts: Facts, found: Found) -> Decision:
    """A method of Keras that a subclass defines anew."""
    node = found.node
    assert isinstance(node, ast.FunctionDef)
    notes: tuple[Told, ...] = ()
    decision: Decision | None = None
    for rule in facts.places.rules.definitions.get(node.name, ()):
        by_code = _by_code(facts, rule, found) if facts.is_of(rule, found) else None
        if isinstance(by_code, Same):
            notes += by_code.notes
        elif decision is None:
            decision = by_code
    if decision is None:
        decision = _defined(facts, found, node)
    return replaced(decision, notes=(*decision.notes, *notes)) if isinstance(decision, Changed | Same) else decision


def _defined(facts: Facts, found: Found, node: ast.FunctionDef) -> Decision:
    """What the rules for methods say of a definition."""
    for rule in facts.places.rules.methods.get(node.name, ()):
        if not facts.is_of(rule, found):
            continue
        if rule.confidence == "review" or rule.rewrite is None:
            return ForReview(rule.id, rule.say or rule.title)
        if rule.rewrite.to is not None:
            owner = facts.evaluator.classes.method_owner(node, facts.scopes.scope_of[node])
            if owner is not None and _has_both(facts, owner, node.name, rule.rewrite.to):
                return Same()
            start = facts.module.text.index(node.name, facts.module.start(node) + len("def"))
            edit = replace(start, start + len(node.name), rule.rewrite.to, rule=rule.id)
            return Changed(rule, (edit,))
    if facts.places.keras1.member(found.cls, node.name) is None:
        return Same()
    decision = decide_member(facts, found)
    for rule in facts.places.rules.calls.get(found.name, ()) if isinstance(decision, Unaccounted) else ():
        return ForReview(rule.id, rule.say or f"{rule.title}; here a class defines it anew.")
    return decision


def decide_assignment(facts: Facts, found: Found) -> Decision:
    """An attribute assigned on an object of Keras (`tensor._keras_shape = …`, `self.regularizers = []`)."""
    node = found.node
    assert isinstance(node, ast.Attribute)
    statement = facts.scopes.statement(node)
    for rule in facts.places.rules.assigns.get(node.attr, ()):
        if not facts.inside(rule, found) or (rule.ambiguous and facts.dialect.keras2):
            continue
        by_code = _by_code(facts, rule, found)
        if by_code is not None:
            return by_code
        if rule.rewrite is None and rule.notes:
            return Same(tuple(
                Told(rule.id, case.say, case.affects, case.versions) for case in rule.notes if _is_about(case, facts)
            ))  # fmt: skip
        single = isinstance(statement, ast.Assign) and len(statement.targets) == 1
        if rule.match.feeds is not None and not _becomes_layer(facts, found):
            return ForReview(rule.id, rule.say or rule.title)
        if rule.rewrite is None or not rule.rewrite.delete or not single:
            return ForReview(rule.id, rule.say or rule.title)
        edit = delete_statement(facts.module, statement, facts.scopes.parents.get(statement), rule.id)
        return Changed(rule, (edit,))
    return Same() if facts.places.rules.assigns.get(node.attr) else _set(facts, found, node)


def _is_about(case: NoteCase, facts: Facts) -> bool:
    return case.versions is None or facts.places.is_for(case.versions)


def _set(facts: Facts, found: Found, node: ast.Attribute) -> Decision:
    """An attribute that a rule treats where it is read: what is set must have the name that Keras 2 asks for."""
    for rule in facts.places.rules.attributes.get(node.attr, ()):
        guessed = rule.match.guess is not None
        if not facts.is_of(rule, found) or (guessed and found.certain and rule.confidence == "review"):
            continue
        own = isinstance(only(facts.evaluator.values(node.value, found.scope)), UserObject)
        if facts.dialect.keras2 and (own or not found.certain):
            return Same()
        new = _renamed(rule)
        if new is None:
            return ForReview(rule.id, rule.say or f"{rule.title}; it is set here.")
        if own:
            return ForReview(rule.id, _INHERITED.format(new.rpartition(".")[2], node.attr))
        confidence = Confidence.SAFE if found.certain and rule.confidence == "safe" else Confidence.UNSAFE
        return Changed(rule, (attribute_edit(facts, node, new, rule, confidence),), confidence=confidence)
    return Same()


_INHERITED = (
    "Methods of Keras 2 that this class inherits read `{0}`, and never `{1}`: set `{0}`, and read that where the class reads "
    "what it sets here; or define build and call as well."
)


def _renamed(rule: Rule) -> str | None:
    """The new name of an attribute, where a rule gives it no more than that."""
    if rule.rewrite is None:
        return None
    if rule.rewrite.template is not None and rule.rewrite.template.startswith("$object."):
        name = rule.rewrite.template.removeprefix("$object.")
        return name if name.isidentifier() else None
    return rule.rewrite.to


def _becomes_layer(facts: Facts, found: Found) -> bool:
    assert isinstance(found.node, ast.Attribute)
    return facts.operations is not None and facts.operations.becomes_layer(found.node.value, found.scope)


def _by_code(facts: Facts, rule: Rule, found: Found) -> Decision | None:
    """What the rule's own code decides; None where it leaves the use to a person, or the rule has none."""
    if rule.rewrite is None or rule.rewrite.code is None:
        return None
    return member_handler(rule.rewrite.code)(facts, rule, found)


def attribute_edit(facts: Facts, node: ast.Attribute, new: str, rule: Rule, confidence: Confidence) -> Edit:
    """The edit that gives an attribute another name (the last part of `new`)."""
    end = facts.module.end(node)
    return replace(end - len(node.attr), end, new.rpartition(".")[2], rule=rule.id, confidence=confidence)
