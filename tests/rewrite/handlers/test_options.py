"""Keys of a dict move together with the calls that unpack it."""

from __future__ import annotations

import textwrap

import pytest

from kmigrate.api import migrate_text
from kmigrate.results import FileResult


def _migrated(text: str) -> FileResult:
    result = migrate_text(textwrap.dedent(text).lstrip())
    assert result.failure is None
    return result


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param(
            """
            from keras.layers import Convolution2D

            options = {
                'border_mode': 'same',  # as large as before
                'init': 'zero',
                "subsample": (2, 2),
            }

            def block():
                return [Convolution2D(32, 3, 3, **options), Convolution2D(16, 1, 1, name='one', **options)]
            """,
            """
            from keras.layers import Conv2D

            options = {
                'padding': 'same',  # as large as before
                'kernel_initializer': 'zeros',
                "strides": (2, 2),
            }

            def block():
                return [Conv2D(32, (3, 3), **options), Conv2D(16, (1, 1), name='one', **options)]
            """,
            id="literal",
        ),
        pytest.param(
            """
            from keras.layers import Convolution2D, MaxPooling2D

            def block():
                shared = dict(border_mode='same', dim_ordering='th')
                return [Convolution2D(32, 3, 3, **shared), MaxPooling2D((2, 2), **shared)]
            """,
            """
            from keras.layers import Conv2D, MaxPooling2D

            def block():
                shared = dict(padding='same', data_format='channels_first')
                return [Conv2D(32, (3, 3), **shared), MaxPooling2D((2, 2), **shared)]
            """,
            id="two classes",
        ),
        pytest.param(
            """
            from keras.layers import Dense

            options = dict(init='uniform', activation='relu')
            layer = Dense(output_dim=3, **options)
            """,
            """
            from keras.layers import Dense

            options = dict(kernel_initializer='uniform', activation='relu')
            layer = Dense(units=3, **options)
            """,
            id="dense",
        ),
    ],
)
def test_keys_and_calls_move_together(before: str, after: str) -> None:
    result = _migrated(before)

    assert result.after == textwrap.dedent(after).lstrip()
    assert result.reviews == ()


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("options['bias'] = False\nlayer = Dense(3, **options)\n", id="changed later"),
        pytest.param("print(options)\nlayer = Dense(3, **options)\n", id="used otherwise"),
        pytest.param("layer = Dense(3, **options)\nother(**options)\n", id="unpacked elsewhere"),
        pytest.param("layer = Dense(3, **options)\n__all__ = ['options']\n", id="exported"),
        pytest.param("options = dict(options)\nlayer = Dense(3, **options)\n", id="bound twice"),
        pytest.param("layers = [Dense(3, **options), Convolution1D(3, 2, **options)]\n", id="treated otherwise"),
    ],
)
def test_other_dicts_stay_with_their_reviews(text: str) -> None:
    imports = "from keras.layers import Convolution1D, Dense\nfrom mine import other\n\n"
    second = "input_length=3" if "Convolution1D" in text else "bias=True"
    result = _migrated(f"{imports}options = dict(W_regularizer='l1l2', {second})\n{text}")

    assert "W_regularizer='l1l2'" in result.after
    assert any("hides arguments" in review.reason for review in result.reviews)


def test_options_of_a_method_are_seen_through() -> None:
    text = """\
from keras.layers import Dense
from keras.models import Sequential

options = {'verbose': 0, 'nb_epoch': 3}
quiet = dict(verbose=0)
model = Sequential()
model.add(Dense(2, input_dim=3))


def train(x, y):
    model.fit(x, y, batch_size=16, **options)
    model.fit(x, y, nb_epoch=2, **quiet)
    model.fit(x, y, **quiet)
"""
    result = migrate_text(text)

    assert "options = {'verbose': 0, 'epochs': 3}" in result.after
    assert "model.fit(x, y, batch_size=16, **options)" in result.after
    assert "model.fit(x, y, epochs=2, **quiet)" in result.after
    assert "model.fit(x, y, epochs=10, **quiet)" in result.after
    assert result.reviews == ()
