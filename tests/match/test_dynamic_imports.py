"""Is Keras found where the name of a module, or a class, comes from a string or from an object?"""

from __future__ import annotations

import pytest

from kmigrate import migrate_text

_CALL = "layer = {}(output_dim=3, init='uniform')\n"
_AFTER = "layer = {}(units=3, kernel_initializer='uniform')\n"


@pytest.mark.parametrize(
    ("before", "callee"),
    [
        ("import importlib\ncore = importlib.import_module('keras.layers')\n", "core.Dense"),
        ("from importlib import import_module as load\nimport importlib\n", "importlib.import_module('keras.layers').Dense"),
        ("from importlib import import_module\ncore = import_module('keras.layers')\n", "getattr(core, 'Dense')"),
        ("layers = __import__('keras.layers', fromlist=['Dense'])\n", "layers.Dense"),
        ("keras = __import__('keras.layers')\n", "keras.layers.Dense"),
        ("from keras.layers import Dense\nold = Dense(2)\n", "type(old)"),
        ("from keras.layers import Dense\nold = Dense(2)\n", "old.__class__"),
        ("from keras.layers import Dense\nold = Dense(2)\ncls = old.__class__\n", "cls"),
        ("from keras.layers import Dense\nold = Dense(2)\ncls = type(old)\n", "cls"),
    ],
)
def test_a_class_that_is_reached_by_a_string_or_an_object(before: str, callee: str) -> None:
    result = migrate_text(before + _CALL.format(callee))
    assert result.after == before + _AFTER.format(callee)
    assert result.reviews == ()


@pytest.mark.parametrize(
    "program",
    [
        "import importlib\nfrom keras.layers import Dense\ncore = importlib.import_module('keras.layers.core')\n",
        "from importlib import import_module\nfrom keras.layers import Dense\ncore = import_module('keras.' + name)\n",
        "import importlib\nfrom keras.layers import Dense\ncore = importlib.import_module('keras.%s' % name)\n",
        "import importlib\nfrom keras.layers import Dense\ncore = importlib.import_module(f'keras.{name}')\n",
        "import importlib\nfrom keras.layers import Dense\ncore = importlib.import_module('.core', 'keras.layers')\n",
        "from keras.layers import Dense\ncore = __import__('keras.objectives', fromlist=['mse'])\n",
        "from importlib import import_module as load\nfrom keras.layers import Dense\ncore = load('keras.layers.core')\n",
    ],
)
def test_a_module_that_is_not_there_is_told_of(program: str) -> None:
    (review,) = migrate_text(program).reviews
    assert "import" in review.reason
    assert review.position.line == program.count("\n")


@pytest.mark.parametrize(
    "program",
    [
        "import importlib\nfrom keras.layers import Dense\ncore = importlib.import_module('layers.' + name)\n",
        "from tools import import_module\nfrom keras.layers import Dense\ncore = import_module('keras.layers.core')\n",
        "from tools import loader\nfrom keras.layers import Dense\ncore = loader.import_module('keras.layers.core')\n",
        "from keras.layers import Dense\nkind = type(3)(output_dim=3)\n",
        "import importlib\nfrom keras.layers import Dense\ncore = importlib.import_module('keras.models')\n",
    ],
)
def test_other_imports_and_classes(program: str) -> None:
    result = migrate_text(program)
    assert (result.after, result.reviews) == (program, ())


def test_the_class_of_what_may_be_any_layer_is_not_known() -> None:
    program = "from keras.models import load_model\n\nold = load_model('m.h5').get_layer('a')\nnew = type(old)(output_dim=3)\n"
    assert migrate_text(program).after == program
