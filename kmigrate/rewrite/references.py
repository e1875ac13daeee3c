"""What is decided for names of Keras: imports, references without a call, base classes, modules."""

from __future__ import annotations

import ast
import builtins

from kmigrate.edits import insert
from kmigrate.match.found import Found
from kmigrate.resolve.scopes import Binding
from kmigrate.rewrite.asked_by_name import asked_by_name
from kmigrate.rewrite.class_tests import told_apart
from kmigrate.rewrite.decision import Changed, Decision, ForReview, Same, Unaccounted
from kmigrate.rewrite.facts import NO_RULE, Facts
from kmigrate.rewrite.handed import handed_over
from kmigrate.rewrite.initializers.partials import partial_initializer, within_partial
from kmigrate.rewrite.members import decide_member
from kmigrate.rewrite.plan import variant
from kmigrate.rewrite.reached import OTHER_BACKENDS
from kmigrate.rewrite.star_imports import hiding
from kmigrate.ruleset.schema import Rewrite, Rule

_PASSED_ON = {"np": "numpy", **{name: name for name in ("copy", "inspect", "json", "os", "re", "sys", "time", "warnings")}}
"""What modules of Keras 1 import for themselves, and star imports bring along."""

_OF_THEANO = frozenset("theano T th_sparse_module T_softsign RandomStreams MRG_RandomStreams pool conv3d2d Print".split())
"""What `keras.backend` imports where Theano is the backend: keras/backend/theano_backend.py of 1.2.2, and of earlier ones."""


def decide_reference(facts: Facts, found: Found) -> Decision:
    """A class follows its rule's new name; a function whose arguments move can't be passed on unseen."""
    asked = asked_by_name(facts, found)
    if asked is not None:
        return asked
    if found.module:
        return _module(facts, found)
    rules = facts.places.rules
    whole = within_partial(facts, found) if found.name in rules.gone else None
    if whole is not None:
        return partial_initializer(facts, whole) or gone(facts, found)
    if found.name in rules.gone:
        return gone(facts, found)
    known = facts.places.keras1.get(found.name)
    for rule in rules.calls.get(found.name, ()):
        rewrite = variant(rule, facts.places.targets)
        if rewrite is None or known is None or _keeps_calls(rewrite) or not facts.inside(rule, found):
            continue
        if known.kind == "class" and found.kind == "reference":
            review = handed_over(facts, found, rule, rewrite) or told_apart(facts, found, rule, rewrite.to)
            if review is not None:
                return review
        if known.kind == "class" and rewrite.to is not None:
            by = facts.treats(rule, found, rewrite.to)
            return Changed(by, target=rewrite.to) if facts.renames(found, rewrite.to) else Same()
        if known.kind == "function":
            place = facts.places.name(found.name)
            if rewrite.choose_by or rewrite.template or rewrite.literals or place is None or place[1] is not None:
                return ForReview(rule.id, f"`{found.name}` is passed on as a value: its calls can't be seen here.")
    return plain(facts, found)


def _keeps_calls(rewrite: Rewrite) -> bool:
    """Whether every call stays as it is, so that a function can be passed on: the rule only tells or reviews."""
    moved = (rewrite.to, rewrite.either, rewrite.choose_by, rewrite.template, rewrite.code)
    more = (rewrite.drop, rewrite.require, rewrite.add, rewrite.first, rewrite.keywords, rewrite.literals)
    same = all(
        spec.rename == name and spec.values is None and spec.items is None and spec.wrap is None
        for name, spec in rewrite.arguments.items()
    )
    return same and not any(moved) and not any(more)


def decide_import(facts: Facts, found: Found) -> Decision:
    """Imports follow their uses; here only what the name itself says."""
    if found.module:
        return gone(facts, found) if facts.places.module(found.name) is None else hiding(facts, found) or Same()
    if facts.places.rules.calls.get(found.name) or found.name in facts.places.rules.names:
        return Same()
    rule = facts.places.rules.gone.get(found.name)
    if rule is not None and found.name in rule.match.copied:
        return gone(facts, found)
    return plain(facts, found)


def decide_module_text(facts: Facts, found: Found) -> Decision:
    """A string by which a module is imported: it can't follow where the module moved."""
    if not found.certain:
        return ForReview(
            NO_RULE, "which module of Keras is imported here is known only when the program runs.",
            "Check that it exists in Keras 2, and that what is taken from it is used as Keras 2 wants it.",
        )  # fmt: skip
    missing = [target.version for target in facts.places.targets if not target.is_module(found.name)]
    if not missing:
        return Same()
    place, moved = facts.places.module(found.name), facts.places.rules.modules.get(found.name)
    rule = moved[1].id if moved is not None else NO_RULE
    new = f"write {place}" if place is not None else "import what you need of it from where Keras 2 has it"
    return ForReview(
        rule, f"`{found.name}`, imported by a string, is no module of Keras {missing[-1]}.",
        f"Here {new}; the names that it is asked for have to exist there.",
    )  # fmt: skip


def plain(facts: Facts, found: Found) -> Decision:
    """Only the place of the name can have changed."""
    if found.kind == "method":
        return decide_member(facts, found)
    place = facts.places.name(found.name)
    if place is None:
        if found.name.rpartition(".")[2].startswith("__"):
            return Same()
        if found.name in facts.places.rules.gone:
            return gone(facts, found)
        if facts.places.keras1.canonical(found.name) is None:
            module, _, name = found.name.rpartition(".")
            if name in facts.places.keras1.public_names(module):
                return _passed_on(facts, found, module, name)
            rule = _gone_from_inside(facts, module, name)
            if rule is not None:
                return ForReview(rule.id, rule.say or rule.title)
            if module in OTHER_BACKENDS or (module == "keras.backend" and name in _OF_THEANO):
                return ForReview(
                    NO_RULE, f"`{found.name}` is a part of a backend that Keras 2.4 and later have no more.",
                    "Write it with the functions of keras.backend or of TensorFlow.",
                )  # fmt: skip
            return ForReview(
                NO_RULE, f"`{found.name}` is not in Keras 1.2.2: this code was written for an older Keras, or for a changed one.",
                "Bring it to Keras 1.2.2 first, or rewrite it for Keras 2 by hand.",
            )  # fmt: skip
        return gone(facts, found)
    target, rule = place
    if rule is None and facts.stands(found, target):
        return Same()
    if target.endswith("()"):
        assert isinstance(found.node, ast.expr) and rule is not None
        if holds_value(facts, found):
            return Same()
        if not isinstance(getattr(found.node, "ctx", None), ast.Load):
            return ForReview(
                rule.id, f"`{found.name}` is set here; Keras 2 has no such variable, but functions that set what it held.",
                "Use K.set_epsilon, K.set_floatx or K.set_image_data_format, and the environment variable KERAS_BACKEND.",
            )  # fmt: skip
        end = facts.module.end(found.node)
        return Changed(rule, (insert(end, "()", rule=rule.id),), target.removesuffix("()"))
    rule = rule or facts.places.rules.moved
    if rule is None or found.kind == "construct" or not facts.renames(found, target):
        return Same()
    return Changed(rule, target=target)


def gone(facts: Facts, found: Found) -> Decision:
    """Keras 2 has no such name."""
    rule = facts.places.rules.gone.get(found.name)
    if rule is not None:
        if found.name in rule.match.copied and _imported_by_name(facts, found):
            return Same()
        return ForReview(rule.id, rule.say or rule.title)
    rules = facts.places.rules.calls.get(found.name, ())
    for rule in rules:
        if rule.confidence == "review" and not rule.match.given:
            return ForReview(rule.id, rule.say or rule.title)
    if rules and found.kind == "reference":
        name = found.name.rpartition(".")[2]
        reason = f"`{name}` is passed on as a value: Keras 2 has no such name, and its calls can't be seen here."
        return ForReview(rules[0].id, reason)
    if rules and found.kind == "subclass":
        return ForReview(
            rules[0].id, f"{rules[0].title}, and a class derives from it here.",
            "Derive it from the layer that stands for it in Keras 2, or from keras.layers.Layer.",
        )  # fmt: skip
    missing = [target.version for target in facts.places.targets if target.canonical(found.name) is None]
    if found.name.rpartition(".")[2].startswith("_"):
        if _imported_by_name(facts, found):
            return Same()
        return ForReview(
            NO_RULE, f"`{found.name}` is a private part of Keras 1 that Keras {', '.join(missing) or '2'} has not.",
            "Copy what you need of it into your project, from keras 1.2.2.",
        )  # fmt: skip
    return Unaccounted(f"`{found.name}` does not exist in Keras {', '.join(missing) or '2'}.")


def _imported_by_name(facts: Facts, found: Found) -> bool:
    """Whether a use is the name that one import of this module brings: that import is reviewed."""
    if found.kind == "import" or not isinstance(found.node, ast.Name):
        return False
    bindings = facts.evaluator.bindings(found.node, found.scope)
    return bool(bindings) and all(
        binding.kind == "from" and isinstance(binding.node, ast.alias) and not _of_another_module(binding)
        for binding in bindings or ()
    )


def holds_value(facts: Facts, found: Found) -> bool:
    """Whether a use is a variable or a parameter: it gets the result of the call where its value stands."""
    if not isinstance(found.node, ast.Name):
        return False
    bindings = facts.evaluator.bindings(found.node, found.scope) or ()
    return any(binding.kind not in ("import", "from", "star") for binding in bindings)


def _of_another_module(binding: Binding) -> bool:
    statement = binding.statement
    return not isinstance(statement, ast.ImportFrom) or not (statement.module or "").startswith("keras")


def _gone_from_inside(facts: Facts, module: str, name: str) -> Rule | None:
    """The rule for a name that is gone from a module which became this one (`keras.utils.np_utils`)."""
    places = facts.places
    if not places.inside:
        for path, rules in places.rules.calls.items():
            home, _, last = path.rpartition(".")
            if rules and places.name(path) is None:
                places.inside.setdefault((places.module(home), last), rules[0])
        for path, rule in reversed(places.rules.gone.items()):
            home, _, last = path.rpartition(".")
            places.inside[places.module(home), last] = rule
    return places.inside.get((module, name))


def _passed_on(facts: Facts, found: Found, module: str, name: str) -> Decision:
    """A name that a Keras 1 module merely imports itself (`np`), reached through it: what a star import brings is imported."""
    place = facts.places.module(module)
    if hasattr(builtins, name):
        return Same()
    if place is not None and all(name in target.public_names(place) for target in facts.places.targets):
        return Same()
    if name in _PASSED_ON and facts.places.rules.moved is not None and _by_star(facts, found, name):
        return Changed(facts.places.rules.moved, needs=(_PASSED_ON[name],))
    return ForReview(
        NO_RULE, f"`{name}` comes from `{module}`, which only imports it; Keras 2 does not pass it on.",
        f"Import `{name}` in this file.",
    )  # fmt: skip


def _by_star(facts: Facts, found: Found, name: str) -> bool:
    """Whether star imports alone bind the name that a use begins with."""
    node = found.node
    return isinstance(node, ast.Name) and node.id == name and bool(facts.evaluator.stars.seen(node, found.scope))


def _module(facts: Facts, found: Found) -> Decision:
    module = facts.places.module(found.name)
    if module is None:
        return gone(facts, found)
    if module == (facts.places.keras1.canonical(found.name) or found.name):
        return Same()
    rule = facts.places.rules.modules.get(found.name)
    cause = rule[1] if rule is not None else facts.places.rules.moved
    target = module if isinstance(found.node, ast.Attribute) else None
    return Changed(cause, target=target) if cause is not None else Same()
