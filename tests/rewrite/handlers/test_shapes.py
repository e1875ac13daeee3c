"""Padding, output sizes, flattening and batch statistics: what the rules' examples do not show."""

from __future__ import annotations

import pytest

from kmigrate.api import migrate_text


def _line(text: str, *, of: int = -1) -> str:
    result = migrate_text(text)
    assert result.failure is None
    return result.after.splitlines()[of]


def _reasons(text: str) -> str:
    return " ".join(review.reason for review in migrate_text(text).reviews)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("ZeroPadding2D([1, (2), 3, n])", "ZeroPadding2D(((1, 2), (3, n)))"),
        ("ZeroPadding2D((1, 2, 3, 4,))", "ZeroPadding2D(((1, 2), (3, 4),))"),
        ("ZeroPadding2D((1, 2, 3, 4) if n else (1, 1))", "ZeroPadding2D(((1, 2), (3, 4)) if n else (1, 1))"),
        ("ZeroPadding2D({})", "ZeroPadding2D(((0, 0), (0, 0)))"),
        ("ZeroPadding2D((n, n))", "ZeroPadding2D((n, n))"),
        ("ZeroPadding2D([n] * 2)", "ZeroPadding2D([n] * 2)"),
        ("ZeroPadding1D(int(n))", "ZeroPadding1D(int(n))"),
        ("ZeroPadding1D(n // 2)", "ZeroPadding1D(n // 2)"),
    ],
)
def test_padding_becomes_pairs(before: str, after: str) -> None:
    imports = "from keras.layers import ZeroPadding1D, ZeroPadding2D\nfrom mine import n\n"

    assert _line(f"{imports}{before}\n") == after


@pytest.mark.parametrize("value", ["n", "f(n)", "tuple(n)", "{**n}", "{'side': 1}", "{'top_pad': 1,  # one\n}"])
def test_padding_that_may_be_long_is_left_to_a_person(value: str) -> None:
    text = f"from keras.layers import ZeroPadding2D\nfrom mine import f, n\n\nlayer = ZeroPadding2D({value})\n"

    assert migrate_text(text).after == text
    assert "((top, bottom), (left, right))" in _reasons(text)


@pytest.mark.parametrize(
    ("arguments", "padding"),
    [
        ("4, 3, 3, (None, 14, 14, 4), border_mode='same', subsample=(2, 2)", None),
        ("4, 3, 3, (None, 13, 14, 4), border_mode='same', subsample=(2, 2)", "(0, 1)"),
        ("4, 3, 3, (None, 4, 15, 15), subsample=(2, 2), dim_ordering='th'", None),
        ("4, 3, 3, (None, 4, 16, 15), subsample=(2, 2), dim_ordering='th'", "(1, 0)"),
        ("n, 2, 2, shape, subsample=(2, 2)", "(1, 1)"),
        ("4, k, k, (None, 2 * 7, 2 * 7, 4), border_mode='same', subsample=(2, 2)", None),
    ],
)
def test_output_padding_says_the_rest(arguments: str, padding: str | None) -> None:
    text = (
        "from keras.layers import Deconvolution2D\nfrom mine import k, first, n\n\n"
        "if first:\n    shape = (None, n, 29, 29)\nelse:\n    shape = (None, 29, 29, n)\n"
        f"layer = Deconvolution2D({arguments})\n"
    )
    line = migrate_text(text).after.partition("\nlayer = ")[2]

    assert line.startswith("Conv2DTranspose(")
    assert (f"output_padding={padding}" in line) if padding else ("output_padding" not in line)


def test_flatten_is_told_the_order_only_where_it_may_differ() -> None:
    imports = "from keras import backend as K\nfrom keras.layers import Flatten\n\n"
    text = imports + "K.set_image_dim_ordering('{}')\nx = Flatten()\n"

    assert _line(text.format("th")) == "x = Flatten(data_format='channels_last')"
    assert _line(text.format("tf")) == "x = Flatten()"


def test_batch_statistics_need_the_call() -> None:
    imports = "from keras.layers import BatchNormalization\nfrom mine import x\n\n"

    assert _line(f"{imports}y = BatchNormalization(mode=2)(x)\n") == "y = BatchNormalization()(x, training=True)"
    assert "training=True" in _reasons(f"{imports}layer = BatchNormalization(mode=2)\ny = layer(x)\n")
