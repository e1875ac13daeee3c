# ruff: noqa: E501  what things are stands on one line each
"""Small packages of modules that take names of Keras from each other, in every way that Python has."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, TypeAlias

from hypothesis import strategies as st

KINDS = {
    "dense": ("keras.layers", "Dense", "{}(3, init='one')", "def {}(output_dim, init='u'):\n    OWN(output_dim, init)"),
    "core": ("keras.layers.core", "Dense", "{}(output_dim=3)", "def {}(output_dim=1):\n    OWN(output_dim)"),
    "conv": ("keras.layers", "Convolution2D", "{}(2, 3, 3)", "def {}(nb_filter, nb_row, nb_col):\n    OWN(nb_filter, nb_row, nb_col)"),
    "deep": ("keras.layers.convolutional", "Convolution2D", "{}(nb_filter=2, nb_row=1, nb_col=1)", "def {}(**sizes):\n    OWN(sizes)"),
    "noise": ("keras.layers", "GaussianNoise", "{}(sigma=0.5)", "class {}(object):\n    def __init__(self, sigma):\n        OWN(sigma)"),
    "merge": ("keras.layers", "merge", "{}([T, T], mode='concat', concat_axis=1)", "def {}(tensors, mode, concat_axis):\n    OWN(mode)"),
    "order": ("keras.backend", "image_dim_ordering", "{}() == 'tf'", "def {}():\n    OWN()"),
    "expand": ("keras.backend", "expand_dims", "{}(T, dim=1)", "def {}(x, dim):\n    OWN(dim)"),
    "loss": ("keras.objectives", "mse", "{}(T, T)", "def {}(one, other):\n    OWN('mse')"),
    "both": ("keras.regularizers", "l1l2", "{}(l2=0.3)", "def {}(l2):\n    OWN(l2)"),
    "classes": ("keras.utils.np_utils", "to_categorical", "{}(T, nb_classes=3)", "def {}(y, nb_classes):\n    OWN(nb_classes)"),
    "model": ("keras.models", "Sequential", "{}().fit(T, T, nb_epoch=2)", "class {}(object):\n    def fit(self, x, y, nb_epoch):\n        OWN(nb_epoch)"),
}  # fmt: skip
"""Of each kind of thing: where Keras 1 has it, how it is used, and something of the user's own that is used alike."""

MOVED = ("keras.layers.core", "keras.layers.convolutional", "keras.utils.np_utils")
"""Modules that are part of others in Keras 2: what a star import of these brings besides may hide what stood above it."""

Known: TypeAlias = "str | dict[str, Known]"
"""What a name stands for: a kind of thing, or a module with its names."""

LAYOUTS = (("parts", "main"), ("parts", "more", "main"), ("p.parts", "p", "main"), ("p.parts", "p", "p.more", "main"))


@dataclass
class Packages:
    """The modules that are written so far: their lines, and what their names stand for."""

    draw: Any
    texts: dict[str, str] = field(default_factory=dict)
    names: dict[str, dict[str, Known]] = field(default_factory=dict)
    count: int = 0

    def module(self, name: str) -> None:
        """Write one more module."""
        known: dict[str, Known] = {}
        lines: list[str] = []
        for _ in range(self.draw(st.integers(1, 5))):
            lines += self._statement(known)
        self.names[name] = known
        self.texts[name] = "\n".join(lines) + "\n"

    def _statement(self, known: dict[str, Known]) -> list[str]:
        ways = [self._keras, self._use, self._own]
        if self.names:
            ways += [self._other, self._other]
        if known:
            ways += [self._use, self._held, self._branch]
        return self.draw(st.sampled_from(ways))(known)

    def _new(self) -> str:
        self.count += 1
        return f"v{self.count}"

    def _keras(self, known: dict[str, Known]) -> list[str]:
        kind = self.draw(st.sampled_from(sorted(KINDS)))
        module, name, _, _ = KINDS[kind]
        above, _, last = module.rpartition(".")
        siblings: dict[str, Known] = {item[1]: key for key, item in KINDS.items() if item[0] == module}
        ways = ("name", "name", "alias", "module", "module alias", *(() if module in MOVED else ("star",)))
        match self.draw(st.sampled_from(ways)):
            case "name":
                known[name] = kind
                return [f"from {module} import {name}"]
            case "alias":
                alias = self._new()
                known[alias] = kind
                return [f"from {module} import {name} as {alias}"]
            case "module":
                known[last] = siblings
                return [f"from {above} import {last}"]
            case "module alias":
                alias = self._new()
                known[alias] = siblings
                return [f"import {module} as {alias}"]
            case _:
                known.update(siblings)
                return [f"from {module} import *"]

    def _other(self, known: dict[str, Known]) -> list[str]:
        other = self.draw(st.sampled_from(sorted(self.names)))
        there = self.names[other]
        above, _, last = other.rpartition(".")
        ways = ["module", *(() if known else ["star"]), *(["name", "name", "alias"] if there else []), *(["inner"] if above else [])]
        match self.draw(st.sampled_from(ways)):
            case "module":
                alias = self._new()
                known[alias] = there
                return [f"import {other} as {alias}"]
            case "inner":
                known[last] = there
                return [f"from {above} import {last}"]
            case "star":
                known.update(there)
                return [f"from {other} import *"]
            case "name":
                name = self.draw(st.sampled_from(sorted(there)))
                known[name] = there[name]
                return [f"from {other} import {name}"]
            case _:
                name, alias = self.draw(st.sampled_from(sorted(there))), self._new()
                known[alias] = there[name]
                return [f"from {other} import {name} as {alias}"]

    def _own(self, known: dict[str, Known]) -> list[str]:
        kind = self.draw(st.sampled_from(sorted(KINDS)))
        name = self.draw(st.sampled_from((KINDS[kind][1], self._new())))
        known[name] = kind
        return KINDS[kind][3].format(name).split("\n")

    def _reach(self, known: dict[str, Known]) -> tuple[str, str] | None:
        """An expression that gives a thing, and its kind."""
        text, found = "", dict(known)
        while found:
            name = self.draw(st.sampled_from(sorted(found)))
            text, inner = f"{text}.{name}" if text else name, found[name]
            if isinstance(inner, str):
                return text, inner
            found = inner
        return None

    def _use(self, known: dict[str, Known]) -> list[str]:
        reached = self._reach(known)
        return [f"z = {KINDS[reached[1]][2].format(reached[0])}"] if reached is not None else ["pass"]

    def _held(self, known: dict[str, Known]) -> list[str]:
        """Something that holds a thing, and its use through that."""
        reached = self._reach(known)
        if reached is None:
            return ["pass"]
        text, kind = reached
        use, new = KINDS[kind][2], self._new()
        match self.draw(st.sampled_from(("alias", "dict", "class", "default", "lambda", "function", "loop", "comprehension"))):
            case "alias":
                known[new] = kind
                return [f"{new} = {text}"]
            case "dict":
                return [f"{new} = {{'a': {text}}}", use.format(f"{new}['a']")]
            case "class":
                return [f"class {new}(object):", f"    held = staticmethod({text})", use.format(f"{new}.held")]
            case "default":
                return [f"def {new}(made={text}):", f"    return {use.format('made')}", f"{new}()"]
            case "lambda":
                return [f"{new} = lambda: {use.format(text)}", f"{new}()"]
            case "function":
                return [f"def {new}():", f"    return {use.format(text)}", f"{new}()"]
            case "loop":
                return [f"for {new} in [{text}]:", f"    {use.format(new)}"]
            case _:
                return [f"[{use.format(new)} for {new} in [{text}]]"]

    def _branch(self, known: dict[str, Known]) -> list[str]:
        """A statement that may run, or one that does where another one fails."""
        inner = self._keras(known)
        if "import *" in inner[0]:
            return inner
        if self.draw(st.booleans()):
            return ["if YES:", *(f"    {line}" for line in inner)]
        return ["try:", "    import not_there", "except ImportError:", *(f"    {line}" for line in inner)]


@st.composite
def packages(draw: Any) -> dict[str, str]:
    """The texts of modules by their names; each comes behind those that it imports."""
    made = Packages(draw)
    for name in draw(st.sampled_from(LAYOUTS)):
        made.module(name)
    return made.texts
