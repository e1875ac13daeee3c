"""Where two classes of Keras 1 became one, is it told where a program tells objects apart by them, and there alone?"""

from __future__ import annotations

import pytest

from kmigrate import migrate_text

_IMPORT = "from keras.layers import AtrousConvolution2D, Convolution2D\n\n"


@pytest.mark.parametrize(
    "program",
    [
        "isinstance(layer, AtrousConvolution2D)\n",
        "isinstance(layer, (AtrousConvolution2D, Other))\n",
        "type(layer) is AtrousConvolution2D\n",
        "type(layer) in (AtrousConvolution2D, Other)\n",
        "{AtrousConvolution2D: 1}\n",
        "{AtrousConvolution2D: 1, Convolution2D: 2}\n",
    ],
)
def test_a_test_of_the_class_is_left_to_a_person(program: str) -> None:
    result = migrate_text(_IMPORT + program)

    assert "like any other" in " ".join(review.reason for review in result.reviews)
    assert "AtrousConvolution2D" in result.after.splitlines()[2]


@pytest.mark.parametrize(
    ("program", "after"),
    [
        ("isinstance(layer, (Convolution2D, AtrousConvolution2D))\n", "isinstance(layer, (Conv2D, Conv2D))"),
        ("{AtrousConvolution2D: 1, Convolution2D: 1}\n", "{Conv2D: 1, Conv2D: 1}"),
        ("{'atrous': AtrousConvolution2D}\n", "{'atrous': Conv2D}"),
        ("print(AtrousConvolution2D)\n", "print(Conv2D)"),
    ],
)
def test_elsewhere_the_name_follows(program: str, after: str) -> None:
    result = migrate_text(_IMPORT + program)

    assert result.reviews == ()
    assert result.after.splitlines()[2] == after
