"""Is a wrong result refused, with the reason, whatever came before it in the file?"""

from __future__ import annotations

import pytest

from kmigrate.config import Settings
from kmigrate.edits import Confidence, Replacement, applied
from kmigrate.proof import disproof
from kmigrate.resolve.world import World
from kmigrate.results import FileResult, Outcome
from kmigrate.ruling import ruling
from kmigrate.source.module import Module
from kmigrate.source.text import Source

PROGRAM = """\
from keras.layers import Dense
from keras.layers import Dropout
from keras.models import Sequential

LAYERS = [Dropout(0.5)]


class Net(object):
    def build(self, deep):
        self.model = Sequential()
        if deep:
            self.model.add(Dense(3))
        else:
            self.model.add(Dense(4))
        return self.model

    def train(self, x, y):
        model = Sequential()
        model.fit(x, y, batch_size=3)
"""
BEFORE = {
    "nothing": [],
    "an edit": [("LAYERS = [Dropout(0.5)]", "LAYERS = [Dropout(0.6)]")],
    "a line more": [("LAYERS = [Dropout(0.5)]", "LAYERS = [\n    Dropout(0.5)]")],
    "a statement more": [("models import Sequential", "models import Sequential\nfrom keras.layers import Activation")],
    "a statement less": [("LAYERS = [Dropout(0.5)]\n", ""), ("from keras.layers import Dropout\n", "")],
    "lines more": [("Sequential\n\nLAYERS", "Sequential\n\n\n\n\nLAYERS"), ("if deep:", "if (deep\n            ):")],
}
"""Right changes further up, of each kind of lines that come and go."""


def complaint(text: str, changes: list[tuple[str, str]]) -> str | None:
    """What the proof has against a result in which some text was replaced."""
    items = sorted(
        Replacement(text.index(old), text.index(old) + len(old), new, ("KM1",), Confidence.SAFE) for old, new in changes
    )
    rules = ruling(Settings())
    source = Source(None, text)
    world = World(None, rules.targets)
    scopes = world.open(source)
    result = FileResult(None, Outcome.CHANGED, text, applied(text, items), source, replacements=tuple(items))
    return disproof(rules, Module(source, scopes.tree), scopes, world, result)


@pytest.mark.parametrize("before", BEFORE.values(), ids=BEFORE)
@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("Dense(4)", "Dense(units=4)", None),
        ("Dense(4)", "Dense(output_dim=4)", "a second run would change it again"),
        ("Dense(4)", "Dense(\n                4, init='uniform')", "a second run would change it again"),
        ("y, batch_size=3", "y, batch_size=3, nb_epoch=2", "a second run would change it again"),
        ("y, batch_size=3)", "y)\n        model.fit(x, y, nb_epoch=2)", "a second run would change it again"),
        ("return self.model", "return Sequential([Dense(1, W_regularizer=None)])", "a second run would change it again"),
        ("Net(object):", "Net(object):\n    layer = Dense(output_dim=4)", "a second run would change it again"),
        ("Dense(4)", "Dens(4)", "the name `Dens` would not be bound"),
        ("model.fit(x", "model.fit(\n            z", "the name `z` would not be bound"),
        ("Dense(4)", "Dense(4", "would not compile"),
        ("        return self.model", "      return self.model", "would not compile"),
        ("from keras.layers import Dense\n", "", "the name `Dense` would not be bound"),
        ("from keras.layers import Dense\n", "import keras.layers.core as core, keras\nDense = core.Dense\n", "a second run"),
    ],
)  # fmt: skip
def test_a_wrong_result_is_refused(before: list[tuple[str, str]], old: str, new: str, reason: str | None) -> None:
    found = complaint(PROGRAM, [*before, (old, new)])
    assert found is None if reason is None else found is not None and reason in found


@pytest.mark.parametrize("before", BEFORE.values(), ids=BEFORE)
def test_right_changes_are_not_refused(before: list[tuple[str, str]]) -> None:
    assert complaint(PROGRAM, before) is None


def test_the_line_that_would_change_is_one_of_the_new_text() -> None:
    changes = [*BEFORE["a line more"], ("Dense(4)", "Dense(output_dim=4)")]
    found = complaint(PROGRAM, changes)
    assert found is not None
    assert "(line 15: 'self.model.add(Dense(output_dim=4))' -> 'self.model.add(Dense(units=4))')" in found


@pytest.mark.parametrize("before", BEFORE.values(), ids=BEFORE)
def test_what_a_comment_ignores_is_not_held_against_the_result(before: list[tuple[str, str]]) -> None:
    changes = [*before, ("Dense(4))", "Dense(output_dim=4))  # kmigrate: ignore")]
    assert complaint(PROGRAM, changes) is None
