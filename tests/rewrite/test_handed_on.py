"""Names of Keras that one module of a project takes from another: do both still fit together when both are migrated?"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from kmigrate.api import scan

PARTS = """\
from keras import backend as K
from keras.layers import Convolution2D, Dense, Input, merge
from keras.layers import convolutional
from keras.regularizers import l1l2

conv = Convolution2D(2, 3, 3, W_regularizer=l1l2(0.1))
other = convolutional.Convolution2D(2, 1, 1)
a = Input(shape=(3,))
both = merge([a, a], mode='concat')
small = Dense(2)(K.concatenate([a, a]))
"""


def migrated(folder: Path, **texts: str) -> dict[str, str]:
    """The texts of the modules afterwards, by name."""
    for name, text in texts.items():
        path = folder / f"{name.replace('__', '/', 1) if name.startswith('p__') else name}.py"
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
    results = scan(folder)
    assert not [result.failure for result in results if result.failure is not None]
    return {Path(result.path or "").stem: result.after for result in results}


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (
            "from parts import Convolution2D, a\nlayer = Convolution2D(4, 3, 3)\n",
            "from parts import a\nfrom keras.layers import Conv2D\nlayer = Conv2D(4, (3, 3))\n",
        ),
        (
            "from parts import l1l2\npenalty = l1l2(l2=0.1)\n",
            "import parts\nfrom keras.regularizers import l1_l2\npenalty = l1_l2(l2=0.1)\n",
        ),
        (
            "import parts\nlayer = parts.Convolution2D(4, 3, 3)\n",
            "import parts\nfrom keras.layers import Conv2D\nlayer = Conv2D(4, (3, 3))\n",
        ),
        (
            "import parts\npenalty = parts.l1l2(l2=0.1)\n",
            "import parts\nfrom keras.regularizers import l1_l2\npenalty = l1_l2(l2=0.1)\n",
        ),
        (
            "from parts import l1l2 as penalty, conv\n",
            "from parts import conv\nfrom keras.regularizers import l1_l2 as penalty\n",
        ),
        ("from parts import merge\n", "import parts\n"),
        ("from parts import convolutional\n", "import parts\n"),
        (
            "from parts import convolutional\nprint(convolutional)\n",
            "import parts\nfrom keras import layers as convolutional\nprint(convolutional)\n",
        ),
        (
            "from parts import Convolution2D, a\nlayer = Convolution2D(*sizes)\n",
            "from parts import a\nfrom keras.layers import Convolution2D\nlayer = Convolution2D(*sizes)\n",
        ),
        (
            "from parts import *\nlayer = Convolution2D(4, 3, 3)\n",
            "from parts import *\nfrom keras.layers import Conv2D\nlayer = Conv2D(4, (3, 3))\n",
        ),
        ("from parts import Dense\nlayer = Dense(output_dim=3)\n", "from parts import Dense\nlayer = Dense(units=3)\n"),
        ("import parts\nlayer = parts.Dense(output_dim=3)\n", "import parts\nlayer = parts.Dense(units=3)\n"),
        (
            "import parts\nfirst = parts.K.image_dim_ordering() == 'th'\n",
            "import parts\nfirst = parts.K.image_data_format() == 'channels_first'\n",
        ),
    ],
)  # fmt: skip
def test_names_from_another_module(tmp_path: Path, before: str, after: str) -> None:
    assert migrated(tmp_path, parts=PARTS, main=before)["main"] == after


def test_the_name_of_the_module_is_taken(tmp_path: Path) -> None:
    texts = migrated(tmp_path, parts=PARTS, main="from parts import l1l2\nparts = [l1l2(0.1)]\n")

    assert texts["main"] == "import parts as _parts\nfrom keras.regularizers import l1_l2\nparts = [l1_l2(0.1)]\n"


def test_a_package_hands_on_what_its_parts_had(tmp_path: Path) -> None:
    parts = "from keras.regularizers import l1l2\npenalty = l1l2(0.1)\n"
    inits = "from .parts import l1l2\nfrom . import parts\n"

    texts = migrated(tmp_path, p____init__=inits, p__parts=parts, p__more="from . import l1l2\nx = l1l2(0.2)\n")

    new = "from keras.regularizers import l1_l2 as l1l2\n"
    assert texts["__init__"] == f"from . import parts as _parts\n{new}from . import parts\n"
    assert texts["more"] == "from . import l1l2\nfrom keras.regularizers import l1_l2\nx = l1_l2(0.2)\n"


@pytest.mark.parametrize(
    "use",
    [
        "from parts import *\n\ndef mean(t):\n    return K.mean(t)\n",
        "from parts import K\n\ndef mean(t):\n    return K.mean(t)\n",
        "import parts\n\ndef mean(t):\n    return parts.K.mean(t)\n",
    ],
)
def test_an_import_that_other_modules_need_stays(tmp_path: Path, use: str) -> None:
    texts = migrated(tmp_path, parts=PARTS, main=use)

    assert "from keras import backend as K\n" in texts["parts"]
    assert texts["main"] == use


def test_an_import_that_nobody_needs_goes(tmp_path: Path) -> None:
    texts = migrated(tmp_path, parts=PARTS, main="import parts\nx = parts.small\n")

    assert "backend" not in texts["parts"]


def test_a_star_that_brings_less(tmp_path: Path) -> None:
    main = "from keras.layers import *\n\ndef mean(t):\n    return K.mean(activations.relu(t))\n"

    texts = migrated(tmp_path, main=main)

    assert texts["main"] == main.replace("layers import *\n", "layers import *\nfrom keras import backend as K, activations\n")


def test_a_fallback_of_the_module_is_no_name_of_keras(tmp_path: Path) -> None:
    parts = "try:\n    from keras.objectives import mse\nexcept ImportError:\n    def mse(a, b):\n        return 0\n"
    main = "from parts import mse\nloss = mse(1, 2)\n"

    assert migrated(tmp_path, parts=parts, main=main)["main"] == main


def test_a_module_by_its_dotted_path(tmp_path: Path) -> None:
    before = "import keras.layers.core\nimport keras.objectives\nparts = [keras.layers.core, keras.objectives]\n"
    after = "import keras.layers\nimport keras.losses\nparts = [keras.layers, keras.losses]\n"

    assert migrated(tmp_path, main=before)["main"] == after


def test_a_star_below_hides_what_the_module_defines(tmp_path: Path) -> None:
    parts = "def Dense(size):\n    return size\nfrom keras.layers import *\n"
    main = "import parts\nlayer = parts.Dense(output_dim=3)\n"

    (tmp_path / "parts.py").write_text(parts)
    (tmp_path / "main.py").write_text(main)

    results = {Path(result.path or "").stem: result for result in scan(tmp_path)}

    assert results["main"].after == main
    assert [review.rule for review in results["main"].reviews] == ["KM100"]


def test_a_module_of_the_project_whose_name_begins_like_that_of_keras(tmp_path: Path) -> None:
    texts = migrated(tmp_path, keras_parts=PARTS, user="from keras_parts import Convolution2D\nlayer = Convolution2D(4, 3, 3)\n")
    assert texts["user"] == "import keras_parts\nfrom keras.layers import Conv2D\nlayer = Conv2D(4, (3, 3))\n"


@pytest.mark.parametrize("module", ["from parts import *\n{}", "from parts import K\n{}", "import parts\nparts.{}"])
def test_a_module_that_a_star_import_of_keras_brings_once_more(tmp_path: Path, module: str) -> None:
    """In Keras 1 `from keras.layers.convolutional import *` binds `K`, too: it is one module for all that."""
    parts = "from keras import backend as K\nfrom keras.layers.convolutional import *\nx = K.variable(3)\n"
    before, after = "K.set_image_dim_ordering('th')\n", "K.set_image_data_format('channels_first')\n"
    assert migrated(tmp_path, parts=parts, main=module.format(before))["main"] == module.format(after)


def test_text_of_ours_uses_the_backend_that_a_star_import_brings(tmp_path: Path) -> None:
    parts = "from keras import backend as K\nfrom keras.layers.convolutional import *\nx = K.variable(3)\n"
    before = "from parts import *\nfrom keras.models import Sequential\nmodel = Sequential()\nmodel.optimizer.lr.set_value(0.1)\n"
    after = before.replace("model.optimizer.lr.set_value(", "K.set_value(model.optimizer.lr, ")
    assert migrated(tmp_path, parts=parts, main=before)["main"] == after


HELPERS = "from keras.models import Sequential\nfrom keras.utils import np_utils\n\nmodel = Sequential()\n"
KEPT = HELPERS.replace("from keras.utils import np_utils", "from keras import utils as np_utils")


@pytest.mark.parametrize(
    "cells",
    [
        ["from helpers import model, np_utils", "np_utils.to_categorical([1])"],
        ["import helpers", "y = helpers.np_utils.to_categorical([1])"],
        ["%run helpers.py", "y = np_utils.to_categorical([1])"],
        ["%run -i helpers.py\ny = np_utils.to_categorical([1])"],
    ],
)
def test_a_name_that_a_notebook_takes_stays(tmp_path: Path, cells: list[str]) -> None:
    made = [{"cell_type": "code", "execution_count": None, "metadata": {}, "outputs": [], "source": cell} for cell in cells]
    (tmp_path / "main.ipynb").write_text(json.dumps({"cells": made, "metadata": {}, "nbformat": 4, "nbformat_minor": 0}))
    assert migrated(tmp_path, helpers=HELPERS)["helpers"] == KEPT


@pytest.mark.parametrize(
    "way", ["import sys\nsys.path.append('../a')\n", "import os\nos.chdir('../a')\n", "import sys\nsys.path.insert(0, here())\n"]
)
def test_a_module_is_found_where_its_importer_looks(tmp_path: Path, way: str) -> None:
    (tmp_path / "setup.py").touch()
    for folder in ("a", "b"):
        (tmp_path / folder).mkdir()
    (tmp_path / "a" / "helpers.py").write_text(HELPERS)
    main = f"{way}from helpers import *\nmodel.fit(x, np_utils.to_categorical([1]))\n"
    (tmp_path / "b" / "main.py").write_text(main)
    results = {Path(result.path or "").stem: result.after for result in scan(tmp_path)}
    assert results["helpers"] == KEPT
    assert "model.fit(x, utils.to_categorical([1]), epochs=10)" in results["main"]


def test_two_modules_of_one_name_are_none(tmp_path: Path) -> None:
    (tmp_path / "setup.py").touch()
    for folder in ("a", "b", "c"):
        (tmp_path / folder).mkdir()
    for folder in ("a", "c"):
        (tmp_path / folder / "helpers.py").write_text(HELPERS)
    (tmp_path / "b" / "main.py").write_text("import sys\nsys.path.append('../a')\nfrom helpers import model\nmodel.fit(x, y)\n")
    results = {Path(result.path or "").stem: result.after for result in scan(tmp_path)}
    assert results["main"].endswith("model.fit(x, y)\n")
