"""Can a name that nothing in the file binds be anything, and a builtin nothing of Keras?"""

from __future__ import annotations

import pytest
from probed_program import probed


@pytest.mark.parametrize("program", ["probe(net)", "probe(build(3))", "from keras.models import *\nprobe(nets[0])"])
def test_a_name_of_another_program(program: str) -> None:
    assert probed(program) == {"unknown"}


@pytest.mark.parametrize("name", ["len", "unicode", "open", "__file__", "dict", "reduce"])
def test_builtins(name: str) -> None:
    assert probed(f"probe({name})") == {"other"}
