"""Which Keras does a file speak? Counted are the uses that only Keras 1, and only Keras 2, accepts."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from typing import NamedTuple

from kmigrate.keras.signatures import KERAS_2, Signature, knowledge
from kmigrate.match.found import Found
from kmigrate.resolve.evaluate import Evaluator
from kmigrate.resolve.scopes import Scope
from kmigrate.resolve.values import UNKNOWN
from kmigrate.rewrite.facts import Facts
from kmigrate.rewrite.plan import variant
from kmigrate.ruleset.schema import Rewrite


class Signs(NamedTuple):
    """How many uses only Keras 1, and only Keras 2, accepts; one of Keras 1 settles it, so that no more are counted."""

    keras1: int = 0
    keras2: int = 0

    @property
    def one_sided(self) -> bool:
        """Whether they tell."""
        return (self.keras1 > 0) != (self.keras2 > 0)


def signs(facts: Facts, founds: Sequence[Found]) -> Signs:
    """The signs in a file: those of objects that are known, and only without any the methods of those that nobody knows."""
    counted = _counted(facts, [found for found in founds if found.certain])
    if counted != (0, 0):
        return counted
    guessed = _counted(facts, [found for found in founds if not found.certain and found.kind == "method"])
    trained = sum(_trains_as_keras2(facts.evaluator, call, scope) for call, scope in facts.scopes.calls)
    guessed = Signs(guessed.keras1, guessed.keras2 + trained)
    return guessed if guessed.one_sided else Signs()


def _counted(facts: Facts, founds: Sequence[Found]) -> Signs:
    only1 = only2 = 0
    for found in founds:
        if found.new:  # not what a star import of Keras 2 brings along, such as `np`
            only2 += any(target.canonical(found.name) is not None for target in facts.places.targets)
        elif found.kind == "import" and not found.module and facts.places.name(found.name) is None:
            only1 += not _imports_keras2(facts, found)
        elif found.call is not None and not _is_early(found.call):
            speaks1, speaks2 = _spoken(facts, found)
            only1 += speaks1 and not speaks2
            only2 += speaks2 and not speaks1
        if only1:
            break
    return Signs(only1, only2)


def _imports_keras2(facts: Facts, found: Found) -> bool:
    """Whether an import is one of some Keras 2, although no documented name of it is: an alias, or a part of a new module."""
    places = facts.places
    if any(knowledge(version).canonical(found.spelled) is not None for version in KERAS_2):
        return True
    module = found.spelled.rpartition(".")[0]
    return not places.keras1.is_module(module) and all(target.is_module(module) for target in places.targets)


def _spoken(facts: Facts, found: Found) -> tuple[bool, bool]:
    """Whether Keras 1, and whether some Keras 2, accepts the call as it stands; neither, where it speaks for none of them."""
    keras1 = facts.keras1(found)
    if keras1 is None:
        return True, True
    rules = facts.places.rules.calls.get(found.name)
    rewrite = variant(rules[0], facts.places.targets) if rules else None
    speaks1 = facts.accepts(keras1, found)
    if not speaks1 and not _may_tell_of_keras2(found, keras1, rewrite):
        return False, False
    return speaks1, facts.speaks_keras2(found, rewrite)


def _may_tell_of_keras2(found: Found, keras1: Signature, rewrite: Rewrite | None) -> bool:
    """Whether a call that Keras 1 refuses may be one of Keras 2: without the words of Keras 1, which some Keras 2 take for old
    times' sake, and with a new one where nobody knows the object: one argument less is right for a Graph of Keras 0.3."""
    given = {keyword.arg for keyword in found.call.keywords} if found.call is not None else set()
    renamed = {name for name, spec in rewrite.arguments.items() if spec.rename != name} if rewrite is not None else set()
    known = {parameter.name for parameter in keras1.parameters}
    return given.isdisjoint(renamed) and (found.certain or not given <= known)


_EARLY = frozenset({"max_q_size", "pickle_safe"})
_KERAS_1 = frozenset({"samples_per_epoch", "nb_epoch", "nb_val_samples", "val_samples", "nb_worker"})


def _is_early(call: ast.Call) -> bool:
    """Whether the words of a call that tell of Keras 1 are those that Keras 2 had up to 2.0.5, of which there is no table."""
    given = {keyword.arg for keyword in call.keywords}
    return bool(given & _EARLY) and not given & _KERAS_1


_STEPS = frozenset({"steps_per_epoch", "validation_steps"})
_TRAINING = frozenset({"callbacks", "validation_data", "validation_split"})


def _trains_as_keras2(evaluator: Evaluator, call: ast.Call, scope: Scope) -> bool:
    """Whether a method of an object that nobody knows is called as that of a model of Keras 2."""
    if not isinstance(call.func, ast.Attribute) or call.func.attr not in ("fit", "fit_generator"):
        return False
    given = {keyword.arg for keyword in call.keywords}
    speaks = bool(given & _STEPS) or ("epochs" in given and (call.func.attr != "fit" or bool(given & _TRAINING)))
    return speaks and evaluator.values(call.func.value, scope) <= UNKNOWN
