"""Which calls keep all their arguments, whatever the values?"""

from __future__ import annotations

import ast
from typing import Any

import pytest

from kmigrate.keras.signatures import KERAS_1, KERAS_2, knowledge
from kmigrate.match.arguments import Bound, bind
from kmigrate.rewrite.kept import keeps_all
from kmigrate.ruleset.schema import Rewrite

DENSE = {"arguments": {"output_dim": "units", "init": "kernel_initializer", "activation": "activation", "bias": "use_bias"}}


def kept(text: str, rewrite: dict[str, Any], name: str = "keras.layers.Dense", new: str = "keras.layers.Dense") -> bool:
    """Whether the arguments of the call stay as they are for every target."""
    call = ast.parse(text, mode="eval").body
    facts = knowledge(KERAS_1).get(name)
    assert isinstance(call, ast.Call) and facts is not None and facts.signature is not None
    targets = [(version, found.signature) for version in KERAS_2 if (found := knowledge(version).get(new))]
    bound = bind(facts.signature, call)
    assert isinstance(bound, Bound)
    signatures = [(version, signature) for version, signature in targets if signature is not None]
    return keeps_all(Rewrite.model_validate(rewrite), bound, facts.signature, signatures, partial=False)


@pytest.mark.parametrize(
    "text, answer",
    [
        ("Dense(3)", True),  # renamed, but by position
        ("Dense(3, activation=act, name='x')", True),
        ("Dense(output_dim=3)", False),  # renamed
        ("Dense(3, 'uniform')", False),  # another place
        ("Dense(3, init='uniform')", False),
        ("Dense(3, weights=w)", True),
        ("Dense(3, **rest)", False),
    ],
)  # fmt: skip
def test_arguments_by_place_and_by_name(text: str, answer: bool) -> None:
    assert kept(text, DENSE) is answer


@pytest.mark.parametrize(
    "more, text",
    [
        ({"drop": {"activation": "default"}}, "Dense(3, activation='linear')"),
        ({"require": ("bias",)}, "Dense(3)"),
        ({"add": {"use_bias": "False"}}, "Dense(3)"),
        ({"keywords": ("units",)}, "Dense(3)"),
        ({"first": ("activation",)}, "Dense(3, activation='relu')"),
    ],
)  # fmt: skip
def test_what_a_rule_asks_for_besides(more: dict[str, Any], text: str) -> None:
    arguments = {key: spec for key, spec in DENSE["arguments"].items() if key not in more.get("drop", {})}
    assert kept(text, {"arguments": arguments})
    assert not kept(text, {"arguments": arguments, **more})


def test_values_that_may_change_are_looked_at() -> None:
    rewrite = {"arguments": {"output_dim": "units", "activation": {"rename": "activation", "values": {"x": "y"}}}}
    assert kept("Dense(3)", rewrite)
    assert not kept("Dense(3, activation='relu')", rewrite)


def test_an_optimizer_has_its_rate_by_place_whatever_its_name() -> None:
    rewrite = {"arguments": {"lr": "learning_rate", "momentum": "momentum"}, "first": ("learning_rate",)}
    sgd = "keras.optimizers.SGD"
    assert kept("SGD(0.1, momentum=0.9)", rewrite, sgd, sgd)
    assert not kept("SGD(lr=0.1)", rewrite, sgd, sgd)
    assert not kept("SGD(momentum=0.9)", rewrite, sgd, sgd)
