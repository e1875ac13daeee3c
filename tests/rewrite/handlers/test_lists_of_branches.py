"""Lists of branches that the program fills before the Merge: read at run time where each branch can be seen."""

from __future__ import annotations

import pytest
from branch_texts import BRANCHES, MODEL, migrated

from kmigrate.api import migrate_text

MAKE = BRANCHES + "def make(width):\n    return Sequential([Dense(2, input_dim=width)])\n"
LIST = MODEL.replace("[left, right]", "parts")
LOOP = """\
parts = []
for width in widths:
    one = Sequential()
    one.add(Dense(2, input_dim=width))
    parts.append(one)
"""


@pytest.mark.parametrize(
    "filled",
    [
        "parts = []\nparts.append(left)\nparts.append(right)\n",
        "parts = [left]\nif wide:\n    parts.append(right)\n",
        "parts = [left, right]\nn = len(parts)\n",
        "parts = [left,  # the first\n         right]\n",
        "parts = [left, right]\nright = Sequential()\nright.add(Dense(2, input_dim=9))\n",
        "parts = [make(3), make(4)]\n",
        "parts = [make(width) for width in widths if width]\n",
        "parts = []\nfor width in widths:\n    parts.append(make(width))\n",
        "parts = []\nfor width in widths:\n    parts.append(Sequential([Dense(2, input_dim=width)]))\nparts.append(left)\n",
        LOOP,
        LOOP.replace("    parts.append(one)\n", "    if width > 3:\n        parts.append(one)\n"),
        LOOP + "for width in widths:\n    other = make(width)\n    other.add(Dense(2))\n    parts.append(other)\n",
    ],
)
def test_a_list_is_read_when_the_program_runs(filled: str) -> None:
    result = migrated(MAKE + filled + LIST)

    assert result.reviews == ()
    assert result.after.endswith(
        filled
        + "merged_inputs = [Input(batch_shape=part.input_shape) for part in parts]\n"
        + "merged = concatenate([part(tensor) for part, tensor in zip(parts, merged_inputs)], axis=-1)\n"
        + "merged = Dense(1)(merged)\nmodel = Model(merged_inputs, merged)\nmodel.compile('sgd', 'mse')\n"
    )
    assert migrate_text(result.after).after == result.after


def test_a_list_without_a_name_gets_one() -> None:
    result = migrated(MAKE + "part = 3\n" + MODEL.replace("[left, right]", "[make(width) for width in widths]"))

    assert (
        "merged_branches = [make(width) for width in widths]\n"
        "merged_inputs = [Input(batch_shape=part_.input_shape) for part_ in merged_branches]\n"
        "merged = concatenate([part_(tensor) for part_, tensor in zip(merged_branches, merged_inputs)], axis=-1)\n"
    ) in result.after


@pytest.mark.parametrize(
    ("filled", "says"),
    [
        ("parts = [left]\nparts.append(left)\n", "`left` may be in the list more than once"),
        ("parts = []\nfor n in sizes:\n    parts.append(left)\n", "`left` may be in the list more than once"),
        ("one = make(3)\nparts = [one for n in sizes]\n", "or the same one again"),
        (LOOP.replace("    one.add", "    for n in sizes:\n        parts.append(one)\n    one.add"), "more than once"),
        (
            "parts = []\nfor n in sizes:\n    if n:\n        parts.append(one)\n    if n > 3:\n        continue\n"
            "    one = make(n)\n", "`one` may be in the list more than once",
        ),
        ("parts = [left, right]\nprint(parts)\n", "may grow or change"),
        ("parts = [left, right]\nparts[0].add(Dense(3))\n", "may grow or change"),
        ("parts = [left, right]\nparts[0] = other\n", "may grow or change"),
        ("parts = [left, right]\nfor one in parts:\n    one.add(Dense(3))\n", "may grow or change"),
        ("parts = [left]\nparts += [right]\n", "is not written out"),
        ("parts = [left]\nparts = parts + [right]\n", "is not written out"),
        ("parts = list((left, right))\n", "is not written out"),
        ("parts = [left, right]\nparts.insert(0, left)\n", "may grow or change"),
        ("parts = [left]\ndef more():\n    parts.append(right)\nmore()\n", "may grow when"),
        ("parts = [left]\nparts.append(load())\n", "`load()` may be something else"),
        ("parts = [left]\nparts.append(Dense(3, input_dim=2))\n", "may be something else"),
        ("parts = [left, right]\nfill(right)\n", "`right` is not built by its own"),
        (LOOP.replace("input_dim=width", "input_dim=width, W_regularizer='l2'"), "`one` has a regularizer"),
        (LOOP + "one.pop()\n", "`one` is not built by its own"),
        (LOOP.replace("parts.append(one)", "parts.append(one)\n    kept.append(one)"), "`one` is not built by its own"),
        ("__all__ = ['parts']\n" + LOOP, "is not written out"),
    ],
)
def test_lists_that_are_left_to_a_person(filled: str, says: str) -> None:
    result = migrated(MAKE + filled + LIST)

    assert "model.add(Merge(parts, " in result.after
    assert any(review.rule == "KM304" and says in review.reason for review in result.reviews)


@pytest.mark.parametrize(
    ("model", "says"),
    [
        (LIST + "parts.append(left)\n", "may grow when the Merge is there already"),
        (LIST + "one.add(Dense(2))\n", "`one` may grow when the Merge is there already"),
        (
            "for n in sizes:\n    parts.append(make(n))\n" + "".join(f"    {line}\n" for line in LIST.splitlines()),
            "may grow when the Merge is there already",
        ),
        (LIST.replace("parts", "[Merge(parts), left]"), "one of several Merges"),
        (
            LIST.replace("model", "inner").split("inner.compile")[0]
            + "model = Sequential()\nmodel.add(Merge([Merge([left, right]), inner]))\n", "one of several Merges",
        ),
        ("zip = 3\n" + LIST, "`zip` is something else"),
        ("def build():\n" + "".join(f"    {line}\n" for line in LIST.splitlines()), "is not written out"),
    ],
)
def test_merges_of_lists_that_are_left_to_a_person(model: str, says: str) -> None:
    result = migrated(MAKE + LOOP + model)

    assert "model.add(Merge(" in result.after
    assert any(review.rule == "KM304" and says in review.reason for review in result.reviews)
