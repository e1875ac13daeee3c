"""Which argument binds to which parameter, and which calls do not fit?"""

from __future__ import annotations

import ast

import pytest

from kmigrate.keras.signatures import KERAS_1, knowledge
from kmigrate.match.arguments import Bound, Misfit, bind, form

KERAS = knowledge(KERAS_1)


def bound(text: str, **options: object) -> Bound | Misfit:
    """The binding of a call to the Keras 1 class that it names."""
    call = ast.parse(text, mode="eval").body
    assert isinstance(call, ast.Call)
    facts = KERAS.get(f"keras.layers.{ast.unparse(call.func)}")
    assert facts is not None
    return bind(facts.signature, call, **options)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "text, names",
    [
        ("Dense(3)", {"output_dim"}),
        ("Dense(3, 'uniform', activation='relu')", {"output_dim", "init", "activation"}),
        ("Dense(init='uniform', output_dim=3)", {"output_dim", "init"}),
        ("Dense(3, name='x', input_shape=(2,))", {"output_dim", "name", "input_shape"}),
        ("Convolution2D(3, 4, 5, border_mode='same')", {"nb_filter", "nb_row", "nb_col", "border_mode"}),
    ],
)  # fmt: skip
def test_arguments_by_parameter(text: str, names: set[str]) -> None:
    found = bound(text)
    assert isinstance(found, Bound)
    assert found.names == names
    assert found.opaque is None
    assert [argument.order for argument in found.arguments] == list(range(len(names)))


@pytest.mark.parametrize(
    "text, reason",
    [
        ("Dense()", "needs `output_dim`"),
        ("Dense(3, output_dim=4)", "twice"),
        ("Dropout(1, 2, 3, 4)", "positional"),
    ],
)  # fmt: skip
def test_calls_that_do_not_fit(text: str, reason: str) -> None:
    found = bound(text)
    assert isinstance(found, Misfit)
    assert reason in found.reason


def test_hidden_arguments() -> None:
    for text, hidden in (("Dense(*a)", "*a"), ("Dense(3, **k)", "k"), ("Dense(3, *a, init='u', **k)", "*a")):
        found = bound(text)
        assert isinstance(found, Bound)
        assert found.opaque is not None and ast.unparse(found.opaque) == hidden


def test_a_partial_may_miss_what_is_required() -> None:
    assert isinstance(bound("Dense(init='uniform')", partial=True), Bound)


def test_self_in_front() -> None:
    found = bound("Dense(self, 3, init='u')", leading=1)
    assert isinstance(found, Bound)
    assert found.leading == 1
    first = found.get("output_dim")
    assert first is not None and first.order == 0 and ast.unparse(first.value) == "3"
    assert found.get("bias") is None


@pytest.mark.parametrize(
    "first, second, same",
    [
        ("f(1, 2, a=3)", "f(x, y(), a=[])", True),
        ("f(1, 2)", "f(1, b=2)", False),
        ("f(a=1, b=2)", "f(b=1, a=2)", False),
        ("f(1, *x)", "f(*x, 1)", False),
        ("f(1, **x)", "f(1, x=x)", False),
    ],
)  # fmt: skip
def test_calls_of_one_form_give_the_same_whatever_the_values(first: str, second: str, same: bool) -> None:
    one, other = (ast.parse(text, mode="eval").body for text in (first, second))
    assert isinstance(one, ast.Call) and isinstance(other, ast.Call)
    assert (form(one) == form(other)) is same
