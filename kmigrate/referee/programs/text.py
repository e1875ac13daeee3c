"""How does a program name the things of Keras that it uses? Names stand as `<keras.layers.Dense>` until it is written."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum

from kmigrate.keras.signatures import KERAS_1, knowledge

_NAME = re.compile(r"<(keras(?:\.\w+)+)>")
_APART = frozenset({"keras.preprocessing.image"})
"""Modules of Keras 1 that `import keras` alone does not bring."""


class Imports(str, Enum):
    """A way to import."""

    NAMES = "from keras.layers import Dense"
    DEEP = "from keras.layers.core import Dense"
    STAR = "from keras.layers import *"
    MODULES = "from keras import layers"
    KERAS = "import keras"


@dataclass(frozen=True, slots=True)
class Written:
    """A generated program; `family` is what it is about."""

    family: str
    text: str
    core: str
    """The text without its imports, with full names."""


def written(family: str, body: str, imports: Imports) -> Written:
    """The program with its imports."""
    lines = sorted({_line(name, imports) for name in _NAME.findall(body)})
    text = _NAME.sub(lambda found: _used(found[1], imports), body)
    return Written(family, "\n".join([*lines, "", text]) + "\n", body)


def _line(name: str, imports: Imports) -> str:
    module, _, leaf = name.rpartition(".")
    match imports:
        case Imports.NAMES:
            return f"from {module} import {leaf}"
        case Imports.DEEP:
            return f"from {_defining(name)} import {leaf}"
        case Imports.STAR:
            return f"from {module} import *"
        case Imports.MODULES:
            package, _, last = module.rpartition(".")
            return f"from {package} import {last}"
        case Imports.KERAS:
            return f"import {module}" if module in _APART else "import keras"


def _used(name: str, imports: Imports) -> str:
    match imports:
        case Imports.KERAS:
            return name
        case Imports.MODULES:
            return ".".join(name.split(".")[-2:])
        case _:
            return name.rpartition(".")[2]


def _defining(name: str) -> str:
    """The module that defines it, if it can be imported from there."""
    known = knowledge(KERAS_1).get(name)
    module = known.defined.rpartition(".")[0] if known is not None else ""
    leaf = name.rpartition(".")[2]
    same = known is not None and knowledge(KERAS_1).canonical(f"{module}.{leaf}") == known.path
    return module if same else name.rpartition(".")[0]
