"""Are strings and keywords of Keras 1 told of where no call of Keras is in sight, and nowhere else?"""

from __future__ import annotations

import pytest

from kmigrate import migrate_text

_IMPORT = "from keras.layers import Dense\n\n"


def _told(program: str) -> list[tuple[str, int]]:
    return [(review.rule, review.position.line - 2) for review in migrate_text(_IMPORT + program).reviews]


@pytest.mark.parametrize(
    "program",
    [
        "print(layer.get_config()['border_mode'])\n",
        "config = layer.get_config()\nprint(config['border_mode'])\n",
        "item = model['layers'][0]['config']\nprint(item.get('border_mode', 'valid'))\n",
        "def show(layers):\n    for layer in layers:\n        print(layer.get_config()['nb_filter'])\n",
    ],
)
def test_a_key_of_keras_1_that_a_config_is_asked_for(program: str) -> None:
    assert [rule for rule, _ in _told(program)] == ["KM788"]


@pytest.mark.parametrize(
    "program",
    [
        "config = {}\nconfig = layer.get_config()\nprint(config['border_mode'])\n",
        "print(settings['border_mode'], settings.get('nb_filter'))\n",
        "print(layer.get_config()['name'])\n",
        "def get_config(layer):\n    return layer.get_config()['border_mode']\n",
    ],
)
def test_a_dict_that_may_be_another_one(program: str) -> None:
    assert _told(program) == []


@pytest.mark.parametrize(
    "program",
    [
        "def add(layer):\n    return layer(3, border_mode='same')\n",
        "def add(layers):\n    for layer in layers:\n        layer(3, border_mode='same')\n",
        "def add(table, kind):\n    return table[kind](3, border_mode='same')\n",
        "def add(table, kind):\n    layer = table[kind]\n    return layer(3, border_mode='same')\n",
        "def add(module, kind):\n    layer = getattr(module, kind)\n    return layer(3, border_mode='same')\n",
        "def add(module, kind):\n    return getattr(module, kind)(3, border_mode='same')\n",
        "def again(layer):\n    return layer.__class__(3, border_mode='same')\n",
        "def again(layer):\n    return type(layer)(3, border_mode='same')\n",
        "def again(layer):\n    kind = layer.__class__\n    return kind(3, border_mode='same')\n",
    ],
)
def test_a_keyword_of_keras_1_for_what_was_handed_over(program: str) -> None:
    assert [rule for rule, _ in _told(program)] == ["KM789"]


@pytest.mark.parametrize(
    "program",
    [
        "from other import layer\nmade = layer(3, border_mode='same')\n",
        "def layer(size, border_mode):\n    return size\n\nmade = layer(3, border_mode='same')\n",
        "class Box(object):\n    @classmethod\n    def make(cls):\n        return cls(border_mode='same')\n",
        "made = other.layer(3, border_mode='same')\n",
        "def add(layer):\n    return layer(3, padding='same')\n",
    ],
)
def test_a_keyword_of_somebody_elses_function(program: str) -> None:
    assert _told(program) == []


def test_names_of_classes_in_the_order_of_the_text() -> None:
    program = (
        "table = {'Convolution2D': 4, 'Dense': 2}\n"
        "print('Merge' == type(layer).__name__)\n"
        "print(item['class_name'] in ('Convolution1D', 'Dense'))\n"
        "print(layer.name == 'Merge')\n"
    )
    assert _told(program) == [("KM790", 1), ("KM790", 2), ("KM790", 3)]


def test_a_name_of_a_class_that_was_kept_first() -> None:
    program = (
        "def size(layer):\n"
        "    kind = layer.__class__.__name__\n"
        "    if kind == 'Dense':\n"
        "        return 1\n"
        "    return 2 if kind in ['Convolution2D', 'Convolution1D'] else 3\n"
    )
    assert _told(program) == [("KM790", 5), ("KM790", 5)]


def test_nothing_is_told_of_a_file_without_keras() -> None:
    assert migrate_text("def add(layer):\n    return layer(3, border_mode='same')\n").reviews == ()
