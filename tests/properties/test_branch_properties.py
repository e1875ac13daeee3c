"""Is a name that a program binds on the way it takes still bound there after the migration?

Programs of imports, fallbacks and uses in branches, loops and functions run before and after, with a `keras` that has every
name: what a call computes does not matter here, only whether Python finds the names.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from types import ModuleType
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from kmigrate.config import Settings
from kmigrate.engine import Engine
from kmigrate.source.text import Source

ENGINES = [Engine(None, Settings(unsafe=unsafe)) for unsafe in (False, True)]

NAMES = {
    "merge": ("from keras.layers import merge", "merge([a, b], mode='sum')"),
    "concatenate": ("from keras.layers import concatenate", "concatenate([a, b])"),
    "Convolution2D": ("from keras.layers import Convolution2D", "Convolution2D(1, 1, 1)"),
    "Conv2D": ("from keras.layers import Conv2D", "Conv2D(1, (1, 1))"),
    "Dense": ("from keras.layers.core import Dense", "Dense(3, init='one')"),
    "plot": ("from keras.utils.visualize_util import plot", "plot(a)"),
    "mse": ("from keras.objectives import mse", "mse(a, b)"),
    "objectives": ("from keras import objectives", "objectives.mse(a, b)"),
    "initializations": ("import keras.initializations as initializations", "initializations.get('one')"),
    "K": ("from keras import backend as K", "K.image_dim_ordering() == 'th'"),
}


NESTING = ("if", "try", "for", "def", "with")


@st.composite
def blocks(draw: Any, depth: int = 0) -> list[str]:
    """Statements of one block, as lines."""
    lines: list[str] = []
    for _ in range(draw(st.integers(1, 3 if depth else 5))):
        lines.extend(draw(statements(depth)))
    return lines


@st.composite
def statements(draw: Any, depth: int) -> list[str]:
    """One statement, as lines."""
    name = draw(st.sampled_from(sorted(NAMES)))
    kind = draw(st.sampled_from(("import", "import", "use", "use", *(NESTING if depth < 3 else ()))))
    inner = [f"    {line}" for line in draw(blocks(depth + 1))] if kind in NESTING else []
    match kind:
        case "import":
            return [NAMES[name][0]]
        case "use":
            return [f"z = {NAMES[name][1]}"]
        case "if":
            other = [f"    {line}" for line in draw(blocks(depth + 1))]
            return [f"if {draw(st.booleans())}:", *inner, *(["else:", *other] if draw(st.booleans()) else [])]
        case "try":
            fails = ["    raise ImportError"] if draw(st.booleans()) else []
            other = draw(st.sampled_from(([f"    {name} = None"], [f"    {NAMES[name][0]}"], ["    pass"])))
            return ["try:", *inner, *fails, "except ImportError:", *other]
        case "for":
            return [f"for i in range({draw(st.integers(0, 1))}):", *inner]
        case "def":
            return ["def f():", *inner, *(["f()"] if draw(st.booleans()) else [])]
        case _:
            return ["with q:", *inner]


@settings(max_examples=300, deadline=None)
@given(lines=blocks(), engine=st.sampled_from(ENGINES))
def test_names_stay_bound(lines: list[str], engine: Engine) -> None:
    program = "\n".join(lines) + "\n"
    result = engine.migrate(Source("x.py", program))
    if result.failure is not None:  # a name that is used above its import, where nobody comes by
        assert "in every branch" in result.failure.reason
    if ends(program) is None:
        assert ends(result.after) is None, result.after


class Anything(ModuleType):
    """A module, class and function that has every name and takes every call."""

    __path__ = ()

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return Anything(name)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return self

    def __getitem__(self, key: Any) -> Any:
        return self


def ends(program: str) -> str | None:
    """The name that the program does not find; None if it runs to its end."""
    with keras_of_every_name():
        try:
            exec(compile(program, "x.py", "exec"), {"a": 1, "b": 2, "q": nullcontext()})
        except NameError as error:
            return str(error)
        except (ImportError, TypeError, AttributeError):  # what it raises itself, and a fallback that is used
            return "another error"
    return None


@contextmanager
def keras_of_every_name() -> Iterator[None]:
    """While this holds, `import keras.anything` gives a module that has every name."""
    kept = {name: module for name, module in sys.modules.items() if name.partition(".")[0] == "keras"}
    modules = "keras keras.layers keras.layers.core keras.utils keras.utils.visualize_util keras.objectives keras.losses "
    modules += "keras.initializations keras.initializers keras.backend"
    try:
        sys.modules.update({name: Anything(name) for name in modules.split()})
        yield
    finally:
        for name in [name for name in sys.modules if name.partition(".")[0] == "keras"]:
            del sys.modules[name]
        sys.modules.update(kept)
