"""A project as large as one likes, made up: packages of modules, a part of which build Keras 1 models and import each other."""

from __future__ import annotations

import random
from pathlib import Path

PACKAGE = 50
"""Modules in a package."""

_LAYERS = (
    "Dense(output_dim={n}, init='uniform', activation='relu')",
    "Dropout(p=0.{d})",
    "Convolution2D({n}, 3, 3, border_mode='same', subsample=(2, 2))",
    "MaxPooling2D(pool_size=(2, 2), border_mode='valid')",
    "LSTM({n}, return_sequences=True, inner_init='orthogonal')",
    "BatchNormalization(mode=0)",
    "Embedding(input_dim={n}000, output_dim={n})",
)
_HEAD = """import numpy as np
from keras import backend as K
from keras.layers import BatchNormalization, Convolution2D, Dense, Dropout, Embedding, LSTM, MaxPooling2D
from keras.models import Sequential
"""


def write_tree(folder: Path, files: int, keras: int) -> None:
    """Write a project of so many files, `keras` of which mention Keras. The same numbers give the same files."""
    luck = random.Random(1)
    speaking = set(luck.sample(range(files), keras))
    (folder / "setup.py").write_text("")
    for number in range(files):
        package = folder / f"package{number // PACKAGE:03}"
        package.mkdir(exist_ok=True)
        (package / "__init__.py").touch()
        before = [other for other in speaking if other // PACKAGE == number // PACKAGE and other < number]
        text = _model(luck, before) if number in speaking else _plain(luck)
        (package / f"module{number:05}.py").write_text(text)


def _model(luck: random.Random, before: list[int]) -> str:
    imports = "".join(f"from .module{other:05} import build as build{other}\n" for other in sorted(before)[-2:])
    functions = "\n\n".join(_function(luck, name) for name in ("build", "encoder", "decoder", "head"))
    return f"{_HEAD}{imports}\n\n{functions}\n"


def _function(luck: random.Random, name: str) -> str:
    layers = [
        f"    model.add({luck.choice(_LAYERS).format(n=luck.randint(8, 512), d=luck.randint(1, 9))})" for _ in range(12)
    ]
    fit = "    model.fit(x, y, nb_epoch=epochs, batch_size=32, verbose=1)"
    head = f"def {name}(x, y, epochs={luck.randint(1, 90)}):"
    return "\n".join([head, "    model = Sequential()", *layers, fit, "    return model"])


def _plain(luck: random.Random) -> str:
    lines = [f"    total += values[{luck.randint(0, 99)}] * {luck.random():.6f}" for _ in range(60)]
    return "\n".join(["import math", "", "", "def total(values):", "    total = math.pi", *lines, "    return total", ""])
