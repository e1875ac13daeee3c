"""Which weights does a layer hold without listing them? Keras 1 does not know them; Keras 2.3 and later find them.

`Layer.__setattr__` of 2.3 registers each variable and each layer that is stored on a layer; from 2.4 on those in lists too.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from kmigrate.match.found import Found
from kmigrate.resolve.scopes import Scope
from kmigrate.resolve.values import Instance, KerasName, Sequence, UserObject, Value, Values, only
from kmigrate.rewrite.decision import Decision, Same, Told
from kmigrate.rewrite.facts import Facts
from kmigrate.ruleset.schema import Rule

_LAYER = "keras.layers.Layer"
_VARIABLES = frozenset(
    f"keras.backend.{name}" for name in ("variable", "zeros", "ones", "eye", "zeros_like", "ones_like")
)
_LISTS = frozenset({"trainable_weights", "non_trainable_weights", "_trainable_weights", "_non_trainable_weights"})
_COMMON = "trainable_weights"
"""What the names of these lists have in common: a statement without it names none."""

_WEIGHTLESS = frozenset(
    f"keras.layers.{name}"
    for name in (
        "Activation ActivityRegularization AveragePooling1D AveragePooling2D AveragePooling3D Cropping1D Cropping2D Cropping3D "
        "Dropout ELU Flatten GaussianDropout GaussianNoise GlobalAveragePooling1D GlobalAveragePooling2D GlobalAveragePooling3D "
        "GlobalMaxPooling1D GlobalMaxPooling2D GlobalMaxPooling3D InputLayer Lambda LeakyReLU Masking MaxPooling1D MaxPooling2D "
        "MaxPooling3D Merge Permute RepeatVector Reshape SpatialDropout1D SpatialDropout2D SpatialDropout3D ThresholdedReLU "
        "UpSampling1D UpSampling2D UpSampling3D ZeroPadding1D ZeroPadding2D ZeroPadding3D"
    ).split()
)
_MAKE = ("__init__", "build")
_FOUND = ">=2.3"


def told(facts: Facts, rule: Rule, found: Found) -> Decision | None:
    """A note for the class in which `call` is defined."""
    node = found.scope.node
    if not isinstance(node, ast.ClassDef) or not facts.places.is_for(_FOUND):
        return Same()
    held = set(_held(facts, node))
    names = sorted(held.difference(_listed(facts, node))) if held else []
    if not names:
        return Same()
    shown = ", ".join(f"self.{name}" for name in names)
    say = f"{shown} of `{node.name}`: {rule.say}"
    return Same((Told(rule.id, say, ("start", "training"), _FOUND),))


def _held(facts: Facts, node: ast.ClassDef) -> Iterator[str]:
    """Attributes that hold variables or layers that __init__ and build make."""
    for name, stores in facts.evaluator.classes.stores(facts.scopes).get(node, {}).items():
        for store, scope in stores:
            function = scope.node
            parent = facts.scopes.parents.get(store)
            made = isinstance(function, ast.FunctionDef) and function.name in _MAKE
            if made and isinstance(parent, ast.Assign) and _holds_weights(facts, parent.value, scope):
                yield name


def _holds_weights(facts: Facts, value: ast.expr, scope: Scope) -> bool:
    if isinstance(value, ast.Call):
        callee = only(facts.evaluator.values(value.func, scope))
        if isinstance(callee, KerasName) and callee.path in _VARIABLES:
            return True
    return _layers(facts, facts.evaluator.values(value, scope))


def _layers(facts: Facts, values: Values) -> bool:
    return bool(values) and all(_is_layer(facts, value) for value in values)


def _is_layer(facts: Facts, value: Value) -> bool:
    classes = facts.evaluator.classes
    match value:
        case Instance(cls):
            return classes.is_a(cls, _LAYER) and cls not in _WEIGHTLESS
        case UserObject(cls=cls):
            return classes.inherits(cls, _LAYER)
        case Sequence(items=items):
            return bool(items) and all(_layers(facts, item) for item in items)
        case _:
            return False


def _listed(facts: Facts, node: ast.ClassDef) -> Iterator[str]:
    """Attributes named in statements that also name a list of weights."""
    for function in node.body:
        if not isinstance(function, ast.FunctionDef):
            continue
        for statement in function.body:
            if facts.module.text.find(_COMMON, facts.module.start(statement), facts.module.end(statement)) < 0:
                continue
            names = {inner.attr for inner in ast.walk(statement) if isinstance(inner, ast.Attribute)}
            if names & _LISTS:
                yield from names
