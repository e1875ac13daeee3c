"""Are strings that Keras 1 makes up, or reads as settings, told of, and no others?"""

from __future__ import annotations

import pytest
from made_notebooks import notebook

from kmigrate import migrate_text
from kmigrate.config import Settings
from kmigrate.source.keeping import comments, inserted
from kmigrate.source.notebook.source import NotebookSource

_IMPORT = "from keras.layers import Dense\n\n"


def _told(program: str) -> list[tuple[str, int]]:
    return [(review.rule, review.position.line - 2) for review in migrate_text(_IMPORT + program).reviews]


@pytest.mark.parametrize(
    "program",
    [
        "found = [layer for layer in layers if layer.name.startswith('convolution2d')]\n",
        "found = [layer for layer in layers if 'maxpooling2d' in layer.name]\n",
        "found = [layer for layer in layers if layer.name in ['batchnormalization', 'other']]\n",
        "show('zeropadding2d_3')\n",
        "sizes = {'timedistributed_1': 3}\n",
        "found = [layer for layer in layers if 'convolution' in layer.name]\n",
        "found = [layer for layer in layers if layer.name.startswith('maxpooling')]\n",
        "name = 'convolution2d_{}'.format(number)\n",
        "name = 'convolution2d_%d' % number\n",
    ],
)
def test_a_name_that_keras_1_makes_up(program: str) -> None:
    assert [rule for rule, _ in _told(program)] == ["KM850"]


@pytest.mark.parametrize(
    "program",
    [
        "layer = Dense(3, name='convolution2d_%d' % number)\n",
        "layer = Dense(3, name='timedistributed_1')\nsizes = {'timedistributed_1': 3}\n",
        "prefix = 'convolution2d'\n",
        "found = kind == 'convolution'\n",
        "sizes = {'upsampling': 2}\n",
        "show('a convolution2d_1 here', 'conv2d_1', 'convolution2d_one')\n",
        "def show():\n    'convolution2d_1'\n",
        "found = layer.name == 'dense'\n",
        "found = kind == 'dense_1'\n",
    ],
)
def test_another_string(program: str) -> None:
    assert _told(program) == []


@pytest.mark.parametrize(
    ("program", "rules"),
    [
        ("stop = EarlyStopping(monitor='val_dense_1_loss')\n", ["KM851"]),
        ("stop = EarlyStopping(monitor='dense_2_acc')\nshow(log['dense_2_acc'])\n", ["KM851"]),
        ("stop = EarlyStopping(monitor='val_convolution2d_1_loss')\n", ["KM850"]),
        ("keep = ModelCheckpoint('best.{epoch:02d}-{val_dense_1_loss:.2f}.h5')\n", ["KM851"]),
        ("keep = 'best %(epoch)d %(val_lambda_3_loss)f' % log\n", ["KM851"]),
        ("model.compile('sgd', loss={'dense_1': 'mse'})\n", ["KM851"]),
        ("model.fit(x, {'dense_1': y, 'lambda_2': z})\n", ["KM851", "KM851"]),
        ("model.fit(x, {'scores': y})\n", []),
        ("sizes = {'dense_1': 3}\n", []),
        ("stop = EarlyStopping(monitor='val_loss')\n", []),
        ("stop = EarlyStopping(monitor='val_scores_1_loss')\n", []),
        ("last = Dense(3, name='dense_1')\nmodel.fit(x, {'dense_1': y})\nshow(log['dense_1_loss'])\n", []),
        ("def f():\n    'dense_1_loss'\n    show('the dense_1_loss of it')\n", []),
    ],
)
def test_what_is_asked_of_an_output_without_a_name(program: str, rules: list[str]) -> None:
    assert [rule for rule, _ in _told(program)] == rules


def test_each_name_is_told_of_where_it_stands_first() -> None:
    program = "show('convolution2d_1')\nshow('convolution2d_1')\nshow('convolution2d_2')\n"
    assert _told(program) == [("KM850", 1), ("KM850", 3)]


@pytest.mark.parametrize("name", ["convolution2d_1", "leakyrelu_2", "dense_1", "repeatvector_3"])
def test_what_get_layer_is_given_is_told_of_once(name: str) -> None:
    assert [rule for rule, _ in _told(f"def half(model):\n    return model.get_layer('{name}').output\n")] == ["KM355"]


@pytest.mark.parametrize(
    ("program", "rules"),
    [
        ("import os\nos.environ['KERAS_BACKEND'] = 'theano'\n", ["KM853"]),
        ("import os\nos.environ.update({'KERAS_BACKEND': 'cntk'})\n", ["KM853"]),
        ("import os\nif os.environ['KERAS_BACKEND'] == 'theano':\n    print('theano')\n", []),
        ("import os\nos.environ['BACKEND'] = 'theano'\n", []),
    ],
)
def test_the_backend_that_a_variable_names(program: str, rules: list[str]) -> None:
    assert [rule for rule, _ in _told(program)] == rules


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("%env KERAS_BACKEND=theano", True),
        ("%env KERAS_BACKEND = 'theano'", True),
        ("%set_env KERAS_BACKEND theano", True),
        ("!KERAS_BACKEND=theano python it's.py", True),
        ("!export KERAS_BACKEND=cntk; é", True),
        ("if é:\n    lines = !KERAS_BACKEND=theano python a.py", True),
        ("%env KERAS_BACKEND=tensorflow", False),
        ("%env KERAS_BACKEND", False),
        ("%env BACKEND=theano", False),
        ("# %env KERAS_BACKEND=theano", False),
        ("x = '''\n%env KERAS_BACKEND=theano'''", False),
        ("x = [1 for é in y if '%env KERAS_BACKEND=theano']", False),
    ],
)
def test_the_backend_that_a_command_of_a_notebook_names(line: str, told: bool) -> None:
    text = notebook(f"import keras\n{line}\n").decode()
    reviews = migrate_text(text, "a.ipynb").reviews
    last = line.count("\n") + 2
    assert [(review.rule, review.position.line) for review in reviews] == ([("KM853", last)] if told else [])
    assert migrate_text(text, "a.ipynb", settings=Settings(to="2.2.4")).reviews == ()


def test_a_command_is_kept_by_a_comment_above_it() -> None:
    source = NotebookSource.from_bytes(notebook("import keras\nif é:\n    %env KERAS_BACKEND=theano\n"))
    (review,) = migrate_text(source.raw, "a.ipynb").reviews
    kept = inserted(source.text, comments(source, [(review.start, review.rule)]))
    assert kept == source.text.replace("    %env", "    # kmigrate: ignore[KM853]\n    %env")
    assert migrate_text(source.written(kept), "a.ipynb").reviews == ()


@pytest.mark.parametrize(
    ("program", "rules"),
    [
        ("path = 'keras.json'\nprint(read(path)['image_dim_ordering'])\n", ["KM852"]),
        ("path = 'keras.json'\nprint(read(path).get('image_dim_ordering', 'tf'))\n", ["KM852"]),
        ("print(read('settings.json')['image_dim_ordering'])\n", []),
        ("print('Set image_dim_ordering in keras.json')\n", []),
    ],
)
def test_a_key_of_the_settings(program: str, rules: list[str]) -> None:
    assert [rule for rule, _ in _told(program)] == rules


def test_older_targets_are_not_told_of_what_came_later() -> None:
    program = _IMPORT + "import os\nos.environ['KERAS_BACKEND'] = 'theano'\nfound = layer.name == 'dense_1'\n"
    assert {review.rule for review in migrate_text(program).reviews} == {"KM851", "KM853"}
    assert migrate_text(program, settings=Settings(to="2.2.4")).reviews == ()
