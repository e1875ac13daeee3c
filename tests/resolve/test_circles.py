"""Is a value that depends on itself all that it can be, and nothing besides, whichever expression is asked for first?"""

from __future__ import annotations

import pytest
from probed_program import probed

SEQUENTIAL = "a keras.models.Sequential"

POPPED = """\
from keras.models import Sequential
def pop(model):
    {inside}
    return model
def build():
    model = Sequential()
    model = pop(model)
    model = pop(model)
    return model
net = build()
{outside}
"""


@pytest.mark.parametrize(("inside", "outside"), [("probe(model)", ""), ("model.layers.pop()", "probe(net)")])
def test_a_model_that_is_handed_through_a_function_twice(inside: str, outside: str) -> None:
    assert probed(POPPED.format(inside=inside, outside=outside)) == {SEQUENTIAL, "unknown"}


def test_what_is_added_up_in_a_circle() -> None:
    program = (
        "from keras.layers import Dense, Input\ndef deeper(x, n):\n    y = n + x\n    return deeper(y, 1)\n"
        "def net(x):\n    x = deeper(x, Input((3,)))\n    return x\nprobe(net(Input((3,))) + 1)"
    )

    assert "other" not in probed(program)
