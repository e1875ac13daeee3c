"""What becomes of keywords that a function or class of the user passes on to Keras by its `**kwargs`?"""

from __future__ import annotations

from pathlib import Path

import pytest
from fidelity import migrated

from kmigrate.config import Settings
from kmigrate.engine import Engine
from kmigrate.results import FileResult, State
from kmigrate.source.text import Source

BLOCK = """\
from keras.layers import Dense


def block(width, name='block', **options):
    return Dense(width, name=name, **options)


"""


@pytest.mark.parametrize(
    ("call", "after"),
    [
        ("block(3, init='uniform')", "block(3, kernel_initializer='uniform')"),
        ("block(3, W_regularizer='l1l2')", "block(3, kernel_regularizer='l1_l2')"),
        ("block(\n    3,\n    bias=False,  # none\n)", "block(\n    3,\n    use_bias=False,  # none\n)"),
        ("f = lambda: block(3, init=start)", "f = lambda: block(3, kernel_initializer=start)"),
    ],
)
def test_the_calls_of_a_function_get_the_names_of_keras_2(call: str, after: str) -> None:
    assert migrated(BLOCK + call + "\n").after == BLOCK + after + "\n"


@pytest.mark.parametrize(
    "call", ["block(3, name='a')", "block(3, activation='relu')", "block(width=3)", "other(3, init='uniform')"]
)
def test_what_the_function_takes_itself_or_keras_2_takes_as_well_stays(call: str) -> None:
    result = migrated(BLOCK + call + "\n")
    assert result.after == BLOCK + call + "\n"
    assert not [use for use in result.uses if use.kind == "passed"]


OWN_NAMES = """\
from keras.layers import Dense


def block(width, init='uniform', *, bias=True, **options):
    return Dense(width, init=init, bias=bias, **options)


block(3, init='one', bias=False, W_constraint=None)
"""


def test_a_parameter_of_the_function_keeps_its_name() -> None:
    after = migrated(OWN_NAMES).after
    assert "def block(width, init='uniform', *, bias=True, **options):" in after
    assert "Dense(width, kernel_initializer=init, use_bias=bias, **options)" in after
    assert "block(3, init='one', bias=False, kernel_constraint=None)" in after


CHAIN = """\
from keras.layers import Convolution2D


class Base(Convolution2D):
    def __init__(self, maps, **kwargs):
        super(Base, self).__init__(maps, 3, 3, **kwargs)


class Same(Base):
    def __init__(self, maps, scale=1, **kwargs):
        super(Same, self).__init__(maps, subsample=(2, 2), **kwargs)


def same(*args, **kwargs):
    return Same(*args, **kwargs)


Same(3, init='one', scale=2)
same(3, init='one', scale=2)
"""


def test_keywords_are_followed_through_several_functions() -> None:
    after = migrated(CHAIN).after
    assert "super(Base, self).__init__(maps, (3, 3), **kwargs)" in after
    assert "super(Same, self).__init__(maps, strides=(2, 2), **kwargs)" in after
    assert after.endswith("\nSame(3, kernel_initializer='ones', scale=2)\nsame(3, kernel_initializer='ones', scale=2)\n")


METHODS = """\
from keras.models import Sequential


class Net(object):
    def __init__(self):
        self.model = Sequential()

    def fit(self, x, y, **kwargs):
        return self.model.fit(x, y, **kwargs)

    def generate(self, batches, **kwargs):
        self.model.fit_generator(batches, **kwargs)


net = Net()
net.fit(a, b, nb_epoch=3)
net.generate(a, samples_per_epoch=100, nb_epoch=3)
"""


def test_methods_pass_keywords_on_as_well() -> None:
    result = migrated(METHODS)
    assert "net.fit(a, b, epochs=3)\n" in result.after
    assert "net.generate(a, samples_per_epoch=100, nb_epoch=3)\n" in result.after
    told = [review for review in result.reviews if review.position.line == 17]
    assert [review.rule for review in told] == ["KM367"]
    assert "`nb_epoch`, `samples_per_epoch`" in told[0].reason


@pytest.mark.parametrize(
    "body",
    [
        "    options['activation'] = 'relu'\n    return Dense(3, **options)\n",
        "    options.pop('init')\n    return Dense(3, **options)\n",
        "    options = dict(options)\n    return Dense(3, **options)\n",
        "    return Dense(3, **dict(options))\n",
        "    other(**options)\n    return Dense(3, **options)\n",
        "    return Dense(*args, init='one', **options)\n",
    ],
)
def test_what_else_is_done_with_them_leaves_all_to_a_person(body: str) -> None:
    program = f"from keras.layers import Dense\n\n\ndef block(*args, **options):\n{body}\n\nblock(3, bias=False)\n"
    result = migrated(program)
    assert {use.state for use in result.uses if use.name == "keras.layers.Dense" and use.kind == "call"} == {State.REVIEW}


@pytest.mark.parametrize(
    ("layer", "call", "reason"),
    [
        ("LSTM(size, **options)", "block(3, consume_less='gpu')", "`consume_less`"),
        ("BatchNormalization(axis=size, **options)", "block(1, mode=2)", "`mode`"),
        ("Dense(size, **options)", "block(1, activity_regularizer='l1', bias=False)", "batch size"),
        ("Convolution2D(size, **options)", "block(1, nb_row=3)", "`nb_col`"),
        ("SGD(momentum=size, **options)", "block(0.9, lr=0.1)", "`lr`"),
    ],
)
def test_a_keyword_of_which_more_changes_is_left_to_a_person(layer: str, call: str, reason: str) -> None:
    program = (
        "from keras.layers import BatchNormalization, Convolution2D, Dense, LSTM\nfrom keras.optimizers import SGD\n\n\n"
        f"def block(size, **options):\n    return {layer}\n\n\n{call}\n"
    )
    result = migrated(program)
    assert call in result.after
    assert [reason in review.reason for review in result.reviews if review.position.line == 9] == [True]


CONFIGURED = """\
from keras.layers import Dense


class Wide(Dense):
    def __init__(self, output_dim, init='one', factor=2, **kwargs):
        super(Wide, self).__init__(output_dim * factor, init=init, **kwargs)
"""


def test_the_names_of_a_configuration_are_told() -> None:
    notes = [note.text for note in migrated(CONFIGURED).notes]
    assert any("gets units, kernel_initializer in place of output_dim, init" in text for text in notes)
    assert any("goes on to keras.layers.Dense" in text for text in notes)


def test_notes_about_values_are_told_where_these_are_given() -> None:
    texts = [note.text for note in migrated(BLOCK + "block(3, init='he_normal')\n").notes]
    assert any("truncated normal" in text for text in texts)


POSITIONS = """\
from keras.layers import Dense
from keras.models import Model


class Net(Model):
    def __init__(self, *args, **kwargs):
        super(Net, self).__init__(*args, **kwargs)


class Scaled(Dense):
    def __init__(self, factor, *args, **kwargs):
        self.factor = factor
        Dense.__init__(self, *args, **kwargs)


class Gained(Dense):
    def __init__(self, factor, *args, **kwargs):
        self.factor = factor
        super(Gained, self).__init__(*args, **kwargs)


Net(input=a, output=b)
Gained(2, 3, 'one', bias=False)
Scaled(2, 3, bias=False)
"""


def test_a_class_that_hands_all_on_is_called_like_the_one_above_it() -> None:
    after = migrated(POSITIONS).after
    assert "\nNet(inputs=a, outputs=b)\n" in after
    assert "\nGained(2, 3, kernel_initializer='ones', use_bias=False)\n" in after
    assert "\nScaled(2, 3, use_bias=False)\n" in after


def test_other_files_are_looked_at_as_well(tmp_path: Path) -> None:
    (tmp_path / "blocks.py").write_text(BLOCK)
    (tmp_path / "train.py").write_text("from blocks import block\n\nlayer = block(3, init='uniform')\n")
    engine = Engine(tmp_path, Settings())
    assert _of(engine, tmp_path / "train.py").after.endswith("layer = block(3, kernel_initializer='uniform')\n")
    assert _of(engine, tmp_path / "blocks.py").after == BLOCK


def _of(engine: Engine, path: Path) -> FileResult:
    return engine.migrate(Source.from_bytes(path.read_bytes(), str(path)))


GUESSED = """\
from keras.models import Sequential


class Net(object):
    def __init__(self):
        self.model = Sequential()

    def fit(self, x, y, **options):
        self.model.train_on_batch(x, y)
        return self.model.evaluate(x, y, **options)

    def load(self, path, **options):
        self.model.fit(path, path, **options)


class Run(object):
    def __init__(self, net=Net):
        self.net = net()

    def go(self, x):
        self.net.load(x, nb_epoch=3)


Run(Net).go(1)
"""


def test_a_callee_that_may_be_another_is_a_guess() -> None:
    assert migrated(GUESSED).after == GUESSED
    assert "self.net.load(x, epochs=3)" in migrated(GUESSED, unsafe=True).after


EITHER = """\
from keras.layers import Dense
from keras.models import Sequential, load_model


def train(path, x, y, **options):
    if path:
        model = load_model(path)
    else:
        model = Sequential([Dense(1, input_dim=2)])
        model.compile('sgd', 'mse')
    model.fit(x, y, {epochs}**options)


train(None, x, y{given})
"""


def test_a_model_of_either_class_hands_on_what_it_is_given() -> None:
    result = migrated(EITHER.format(epochs="nb_epoch=3, ", given=""))

    assert result.after == EITHER.format(epochs="epochs=3, ", given="")
    assert result.reviews == ()


def test_what_is_given_to_a_model_of_either_class_is_told() -> None:
    text = EITHER.format(epochs="", given=", nb_epoch=3")

    assert [review.position.line for review in migrated(text).reviews] == [11, 14]
