"""Are the arguments of visible calls put to the right parameters of functions and methods?"""

from __future__ import annotations

import pytest
from probed_program import probed

DENSE = "keras.layers.Dense"


@pytest.mark.parametrize(
    ("method", "call", "size", "layer"),
    [
        ("def f(self, size, layer):", "N().f(3, Dense)", "other", DENSE),
        ("def f(self, size, layer):", "N.f(N(), 3, Dense)", "other", DENSE),
        ("@staticmethod\n    def f(size, layer):", "N.f(3, Dense)", "other", DENSE),
        ("@staticmethod\n    def f(size, layer):", "N().f(3, layer=Dense)", "other", DENSE),
        ("@classmethod\n    def f(cls, size, layer):", "N.f(3, Dense)", "other", DENSE),
        ("def __init__(self, size, layer):", "N(3, Dense)", "other", DENSE),
    ],
)
def test_parameters_of_methods(method: str, call: str, size: str, layer: str) -> None:
    program = "from keras.layers import Dense\nclass N(object):\n    {}\n        probe({})\n{}"

    assert probed(program.format(method, "size", call)) == {size, "unknown"}
    assert probed(program.format(method, "layer", call)) == {layer, "unknown"}


def test_the_object_given_to_a_method_of_its_class() -> None:
    program = (
        "from keras.layers import Dense\nclass N(object):\n    def f(self, layer):\n        probe(layer)\n"
        "class M(N):\n    def f(self):\n        N.f(self, Dense)"
    )

    assert probed(program) == {DENSE, "unknown"}
