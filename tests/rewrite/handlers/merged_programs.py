"""Programs with Merges by chance: nested, shared, listed, on one line, of branches with and without names and masks."""

from __future__ import annotations

from random import Random

from kmigrate.referee.known import HEADER

STEPS = 4
_INTEGERS = f"R(5, {STEPS}, kind='int', hi=4, seed=%d)"
_FLOATS = f"R(5, {STEPS}, 3, seed=%d)"
_KINDS = {
    "dense": (["Dense(2, weights=[R(3, 2, seed=%d) * .1, R(2)], input_shape=(4, 3))"], _FLOATS),
    "deep": (
        ["Dense(3, weights=[R(3, 3, seed=%d) * .1, R(3)], input_shape=(4, 3))", "Activation('tanh')",
         "Dense(2, weights=[R(3, 2) * .1, R(2)])"], _FLOATS,
    ),
    "words": (["Embedding(9, 2, input_length=4, weights=[R(9, 2, seed=%d) * .1])", "Dropout(0.3)"], _INTEGERS),
    "zeros": (["Embedding(9, 2, input_length=4, weights=[R(9, 2, seed=%d) * .1], mask_zero=True)"], _INTEGERS),
    "masked": (["Masking(0., input_shape=(4, 3))", "LSTM(2, init='one', inner_init='one', return_sequences=True)"], _FLOATS),
}  # fmt: skip
"""Layers of a branch that gives (4, 2), and what it is fed."""
_TAIL = ["Dense(2, weights=[R(2, 2) * .1, R(2)])", "Activation('tanh')", "Dropout(0.1)"]
_IMPORTS = """\
from keras.layers import Activation, Dense, Dropout, Embedding, LSTM, Masking, Merge
from keras.models import Sequential
def make(seed, deep):
    made = Sequential()
    made.add(Dense(3, weights=[R(3, 3, seed=seed) * .1, R(3)], input_shape=(4, 3)))
    if deep:
        made.add(Dropout(0.2))
    made.add(Dense(2, weights=[R(3, 2, seed=seed) * .1, R(2)]))
    return made
"""


def program(seed: int) -> str:
    """The program of a seed."""
    return _Writer(Random(seed)).written()


class _Writer:
    def __init__(self, random: Random) -> None:
        self.random = random
        self.lines: list[str] = []
        self.fed: dict[str, str] = {}
        self.named: list[str] = []
        self.models = 0

    def written(self) -> str:
        name, inputs = self._model(self.random.choice([0, 1, 2, 3]))
        data = ", ".join(self.fed[item] for item in inputs)
        self.lines.append(f"{name}.compile('sgd', 'mse')")
        self.lines.append(f"x = {data if len(inputs) == 1 else f'[{data}]'}")
        self.lines.append(f"report(y={name}.predict(x), loss={name}.test_on_batch(x, R(5, {STEPS}, 2)))")
        if not any("LSTM(" in line for line in self.lines) and self.random.random() < 0.4:
            self.lines.append(f"report(weights={name}.get_weights())")
        return HEADER + _IMPORTS + "\n".join(self.lines) + "\n"

    def _model(self, depth: int) -> tuple[str, list[str]]:
        merge, inputs = self._list() if self.random.random() < 0.15 else self._merge(depth)
        self.models += 1
        name = f"model{self.models}"
        tail = self.random.choices(_TAIL, k=self.random.choice([0, 1, 1, 2]))
        self._write(name, [merge, *tail])
        return name, inputs

    def _write(self, name: str, layers: list[str]) -> None:
        statements = [f"{name} = Sequential()", *(f"{name}.add({layer})" for layer in layers)]
        form = self.random.random()
        if form < 0.3:
            self.lines.append(f"{name} = Sequential([{', '.join(layers)}])")
        elif form < 0.5:
            self.lines.append("; ".join(statements))
        else:
            self.lines.extend(statements)

    def _list(self) -> tuple[str, list[str]]:
        items = [self._leaf() for _ in range(2)]
        name = f"parts{self.models}"
        self.lines.append(f"{name} = [{items[0][0]}]")
        self.lines.append(f"{name}.append({items[1][0]})")
        return f"Merge({name}, mode='mul')", [fed for _, fed in items]

    def _merge(self, depth: int) -> tuple[str, list[str]]:
        branches = [self._branch(depth) for _ in range(self.random.choice([2, 2, 3]))]
        inputs = dict.fromkeys(item for _, fed in branches for item in fed)
        mode = self.random.choice(["sum", "mul", "ave", "max"])
        return f"Merge([{', '.join(text for text, _ in branches)}], mode='{mode}')", list(inputs)

    def _branch(self, depth: int) -> tuple[str, list[str]]:
        kind = self.random.random()
        if depth and kind < 0.25:
            return self._merge(depth - 1)
        if depth and kind < 0.45:
            return self._model(depth - 1)
        if self.named and kind < 0.6:
            name = self.random.choice(self.named)
            return name, [name]
        text, fed = self._leaf()
        return text, [fed]

    def _leaf(self) -> tuple[str, str]:
        number = len(self.fed) + 1
        name = f"branch{number}"
        if self.random.random() < 0.3:
            self.fed[name] = _FLOATS % number
            return f"make({number}, {self.random.random() < 0.5})", name
        layers, fed = _KINDS[self.random.choice(list(_KINDS))]
        layers = [layer % number if "%d" in layer else layer for layer in layers]
        self.fed[name] = fed % number
        if self.random.random() < 0.3:
            return f"Sequential([{', '.join(layers)}])", name
        self._write(name, layers)
        self.named.append(name)
        return name, name
