"""What is computed for a Python 2 file is right by Python 2's own arithmetic, where `/` between integers rounds down."""

from __future__ import annotations

import ast
import math

import pytest
from python27 import Python27, python27

import kmigrate
from kmigrate.source.parsing import parsed

PROGRAM = """\
# -*- coding: utf-8 -*-
{numpy}from keras.models import Sequential
from keras.layers import Dense
from keras.preprocessing.image import ImageDataGenerator
net = Sequential()
net.add(Dense(output_dim=3, input_dim=7 / 2))
net.compile('sgd', 'mse')
batches = ImageDataGenerator().flow(x, y, batch_size={size})
print "é", len(x)
net.fit_generator(batches, samples_per_epoch={count}, nb_epoch=7 / 2)
"""


@pytest.mark.skipif(python27() is None, reason="no Python 2.7 that runs")
@pytest.mark.parametrize("numpy", ["import numpy as np\n", ""], ids=["numpy", "plain"])
@pytest.mark.parametrize("size", ["4", "32", "100", "size"])
@pytest.mark.parametrize("count", ["7 / 2", "999L", "0777", "2 * 1000 / 3", "len('abcdefg') * 99 / 2", "- -65"])
def test_steps_are_samples_by_batch_size_rounded_up(numpy: str, size: str, count: str) -> None:
    result = kmigrate.migrate_text(PROGRAM.format(numpy=numpy, size=size, count=count), "net.py")
    assert result.source is not None and result.failure is None
    read = parsed(type(result.source)("net.py", result.after))
    (steps,) = [
        keyword for node in ast.walk(read.tree) if isinstance(node, ast.Call) for keyword in node.keywords
        if keyword.arg == "steps_per_epoch"
    ]  # fmt: skip
    line = result.after.splitlines()[steps.lineno - 1]
    text = line[line.index("steps_per_epoch=") + len("steps_per_epoch=") : line.index(", epochs=")]

    with Python27() as python2:
        ask = lambda text: python2.value(f"(lambda np, size, batches: {text})(__import__('math'), 4, type('B', (), {{'batch_size': 4}}))")  # noqa: E501, E731
        assert ask(text) == math.ceil(ask(count) / ask(size))
        assert python2.compiles(result.after)
    assert read.python2
    assert "epochs=7 / 2" in line and "input_dim=7 / 2" in result.after
