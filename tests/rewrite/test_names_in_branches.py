"""Is every new name bound wherever it is used, whatever branch a program takes, and do fallbacks keep their name?"""

from __future__ import annotations

import pytest
from fidelity import migrated

EITHER = "try:\n    {}\nexcept ImportError:\n    {}\n"
LOSSES = "from keras.losses import"
FALLBACKS = [
    ("from keras.objectives import {}", "mse", "from mine import mse", "mse(a, b)", f"{LOSSES} mean_squared_error"),
    ("from keras.objectives import {}", "mse", "mse = None", "mse and mse(a, b)", f"{LOSSES} mean_squared_error"),
    (
        "from keras.layers import {}", "Convolution2D", "Convolution2D = None",
        "lambda: Convolution2D and Convolution2D(3, (3, 3))", "from keras.layers import Conv2D",
    ),
    ("from keras import {}", "objectives", "objectives = None", "objectives.mse(a, b)", "from keras import losses"),
    (
        "from keras import {}", "initializations", "initializations = None", "initializations.get('one')",
        "from keras import initializers",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("old", "name", "fallback", "use", "new"), FALLBACKS, ids=[use[:14] for _, _, _, use, _ in FALLBACKS])
def test_a_name_with_a_fallback_stays_and_its_import_follows(old: str, name: str, fallback: str, use: str, new: str) -> None:
    before = EITHER.format(old.format(name), fallback) + f"y = {use.replace('3, (3, 3)', '3, 3, 3')}\n"
    assert migrated(before, unsafe=True).after == EITHER.format(f"{new} as {name}", fallback) + f"y = {use}\n"


def test_a_use_that_can_only_be_the_import_may_be_renamed() -> None:
    before = "from keras.objectives import mse\ny = mse(a, b)\nmse = 3\n"
    assert migrated(before).after == "from keras.losses import mean_squared_error\ny = mean_squared_error(a, b)\nmse = 3\n"


BRANCHES = [
    (
        "if q:\n    from keras.layers import merge\n    z = merge([a, b], mode='sum')\n"
        "else:\n    from keras.layers import merge\n    z = merge([b, a], mode='sum')\n",
        "if q:\n    from keras.layers import add\n    z = add([a, b])\n"
        "else:\n    from keras.layers import add\n    z = add([b, a])\n",
    ),
    (
        "if q:\n    from keras.layers import Convolution2D\n    z = Convolution2D(1, 1, 1)\n"
        "elif r:\n    from keras.layers import Convolution2D\n    z = Convolution2D(2, 2, 2)\n",
        "if q:\n    from keras.layers import Conv2D\n    z = Conv2D(1, (1, 1))\n"
        "elif r:\n    from keras.layers import Conv2D\n    z = Conv2D(2, (2, 2))\n",
    ),
    (
        "if q:\n    from keras.layers import Conv2D\nfrom keras.layers import Convolution2D\nz = Convolution2D(2, 2, 2)\n",
        "if q:\n    from keras.layers import Conv2D\nfrom keras.layers import Conv2D\nz = Conv2D(2, (2, 2))\n",
    ),
    (
        "for i in q:\n    from keras.layers import concatenate\nfrom keras.layers import merge\n"
        "z = merge([a, b], mode='concat')\n",
        "for i in q:\n    from keras.layers import concatenate\nfrom keras.layers import concatenate\nz = concatenate([a, b])\n",
    ),
    (
        "def f():\n    if q:\n        from keras.layers import concatenate\n    from keras.layers import merge\n"
        "    return merge([a, b], mode='concat')\n",
        "def f():\n    if q:\n        from keras.layers import concatenate\n    from keras.layers import concatenate\n"
        "    return concatenate([a, b])\n",
    ),
    (
        "try:\n    from keras.layers import merge\n    OLD = True\n"
        "except ImportError:\n    from keras.layers import concatenate\n"
        "    OLD = False\nz = merge([a, b], mode='concat') if OLD else concatenate([a, b])\n",
        "try:\n    from keras.layers import concatenate\n    OLD = True\n"
        "except ImportError:\n    from keras.layers import concatenate\n"
        "    OLD = False\nz = concatenate([a, b]) if OLD else concatenate([a, b])\n",
    ),
    (
        "def f(kind):\n    if kind:\n        from keras.utils.visualize_util import plot\n        plot(a)\n"
        "    if not kind:\n        from keras.utils.visualize_util import plot\n        plot(b)\n",
        "def f(kind):\n    if kind:\n        from keras.utils import plot_model\n        plot_model(a)\n"
        "    if not kind:\n        from keras.utils import plot_model\n        plot_model(b)\n",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("before", "after"), BRANCHES, ids=range(len(BRANCHES)))
def test_a_branch_imports_what_it_uses(before: str, after: str) -> None:
    assert migrated(before).after == after


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (
            "with q:\n    from keras.layers import concatenate\nfrom keras.layers import merge\n"
            "z = merge([a, b], mode='concat')\n",
            "with q:\n    from keras.layers import concatenate\nz = concatenate([a, b])\n",
        ),
        (
            "if q:\n    from keras.layers import concatenate\n    from keras.layers import merge\n"
            "    z = [merge([a, b], mode='concat') for a in b]\n",
            "if q:\n    from keras.layers import concatenate\n    z = [concatenate([a, b]) for a in b]\n",
        ),
    ],
)
def test_an_import_that_has_run_for_sure_serves(before: str, after: str) -> None:
    assert migrated(before).after == after


def test_one_name_of_a_branch_becomes_two() -> None:
    head = "if q:\n    from keras import backend as K\n    from keras.initializations import zero\n\n"
    after = "if q:\n    from keras import backend as K\n    from keras import backend, initializers\n\n"
    assert migrated(f"{head}w = zero((3, 3))\n").after == f"{after}w = backend.variable(initializers.Zeros()((3, 3)))\n"


def test_a_name_that_is_deleted_is_still_imported() -> None:
    result = migrated("from keras.layers import Convolution2D\nx = Convolution2D(1, 1, 1)\ndel Convolution2D\n")
    assert result.after.startswith("from keras.layers import Convolution2D, Conv2D\nx = Conv2D(1, (1, 1))\n")
    gone = migrated("from keras.layers import merge\nx = merge([a, b], mode='sum')\ndel merge\n")
    assert gone.after == "from keras.layers import merge, add\nx = add([a, b])\ndel merge\n"
    assert [review.rule for review in gone.reviews] == ["KM300"]
