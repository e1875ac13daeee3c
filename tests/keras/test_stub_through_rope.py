"""Does rope, with the stub on its path, see the Keras 1 objects that the tables name?"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from rope.base import libutils
from rope.base.fscommands import FileSystemCommands
from rope.base.project import Project
from rope.base.pyobjects import PyObject
from rope.base.pyobjectsdef import PyClass, PyFunction, PyModule, PyPackage

from kmigrate.keras.signatures import KERAS_1, knowledge
from kmigrate.keras.versions import stubs_path

K1 = knowledge(KERAS_1)


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Project]:
    folder = tmp_path_factory.mktemp("code")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # rope calls a function that it deprecates itself
        opened = Project(
            str(folder),
            ropefolder=None,
            fscommands=FileSystemCommands(),
            save_history=False,
            automatic_soa=False,
            python_path=[str(stubs_path())],
        )
    yield opened
    opened.close()


def name_of(found: PyObject | None) -> str | None:
    """Where rope says an object is defined: `keras.layers.core.Dense`; for an instance, where its class is."""
    if isinstance(found, PyModule | PyPackage):
        resource = found.get_resource()
        place = Path(resource.real_path).relative_to(stubs_path())
        return ".".join(place.with_suffix("").parts).removesuffix(".__init__")
    if isinstance(found, PyClass | PyFunction):
        scope, parts = found, []
        while isinstance(scope, PyClass | PyFunction):
            parts.append(scope.get_name())
            scope = scope.parent
        return ".".join([name_of(scope) or "?", *reversed(parts)])
    return None


def look(project: Project, code: str) -> Callable[[str], PyObject]:
    module = libutils.get_string_module(project, code)
    return lambda name: module[name].get_object()


def module_object(project: Project, module: str) -> PyObject:
    return look(project, f"import {module} as it\n")("it")


def test_every_path_of_keras_1_resolves_to_its_definition(project: Project) -> None:
    wrong = {}
    for path in K1.paths():
        primary = K1.canonical(path)
        assert primary is not None
        module, _, name = path.rpartition(".")
        found = K1.get(path)
        if K1.is_module(primary):
            expected: str | None = primary
        elif found is not None and found.kind != "constant":
            expected = found.defined
        else:
            continue
        names = module_object(project, module)
        seen = name_of(names[name].get_object()) if name in names else "missing"
        if seen != expected:
            wrong[path] = (seen, expected)
    assert not wrong


def test_every_constant_is_there(project: Project) -> None:
    constants = [found for path in K1.paths() if (found := K1.get(path)) and found.kind == "constant"]
    assert constants
    for constant in constants:
        module, _, name = constant.path.rpartition(".")
        assert name in module_object(project, module), constant.path


@pytest.mark.parametrize("module", sorted(K1.modules))
def test_every_module_resolves(project: Project, module: str) -> None:
    assert name_of(module_object(project, module)) == module


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("from keras.layers import *\nx = Dense", "keras.layers.core.Dense"),
        ("from keras.layers.core import *\nx = Dense", "keras.layers.core.Dense"),
        ("from keras.layers.core import *\nx = K", "keras.backend"),
        ("from keras.layers.core import *\nx = K.concatenate", "keras.backend.tensorflow_backend.concatenate"),
        ("from keras.models import *\nx = Sequential", "keras.models.Sequential"),
        ("from keras.layers.core import Dense\nx = Dense", "keras.layers.core.Dense"),
        ("from keras.layers import Conv2D\nx = Conv2D", "keras.layers.convolutional.Convolution2D"),
        ("import keras\nx = keras.layers.core.Dense", "keras.layers.core.Dense"),
        ("import keras.backend as K\nx = K.concatenate", "keras.backend.tensorflow_backend.concatenate"),
        ("from keras import backend as K\nx = K.epsilon", "keras.backend.common.epsilon"),
        ("from keras.models import Sequential\nx = Sequential().fit", "keras.models.Sequential.fit"),
        ("from keras.models import *\nm = Sequential()\nx = m.summary", "keras.engine.topology.Container.summary"),
        ("from keras.models import load_model\nx = load_model('x')", "keras.engine.training.Model"),
        ("from keras.models import load_model\nx = load_model('x').fit", "keras.engine.training.Model.fit"),
        ("from keras.applications import VGG16\nx = VGG16()", "keras.engine.training.Model"),
        ("from keras.applications.vgg16 import VGG16\nx = VGG16().predict", "keras.engine.training.Model.predict"),
        ("from keras.models import Model\nx = Model(i, o).output", "keras._tensor.KerasTensor"),
        ("from keras.models import Model\nx = Model(i, o).outputs[0]", "keras._tensor.KerasTensor"),
        ("from keras.models import Model\nx = Model(i, o).optimizer", "keras.optimizers.Optimizer"),
        ("from keras.models import Model\nx = Model(i, o).get_layer('a')", "keras.engine.topology.Layer"),
        ("from keras.models import Model\nx = Model(i, o).layers[0].output", "keras._tensor.KerasTensor"),
        ("from keras.models import Model\nfor x in Model(i, o).layers:\n    pass", "keras.engine.topology.Layer"),
        ("from keras.models import Sequential\nx = Sequential().fit(a, b)", "keras.callbacks.History"),
        ("from keras.layers import Dense\nx = Dense(3)(y)", "keras._tensor.KerasTensor"),
        ("from keras.layers import Input\nx = Input((3,))", "keras._tensor.KerasTensor"),
        ("from keras.layers import merge\nx = merge([a, b])", "keras._tensor.KerasTensor"),
        ("from keras.layers import Merge\nx = Merge([a, b])(c)", "keras._tensor.KerasTensor"),
        ("from keras import backend as K\nx = K.sum(y)", "keras._tensor.BackendTensor"),
        ("from keras import backend as K\nx = K.function([a], [b])", "keras.backend.tensorflow_backend.Function"),
        (
            "from keras.preprocessing.image import ImageDataGenerator\nx = ImageDataGenerator().flow(a)",
            "keras.preprocessing.image.NumpyArrayIterator",
        ),
        ("import keras.backend.theano_backend as T\nx = T.dot", "keras.backend.tensorflow_backend.dot"),
        (
            "from keras.callbacks import Callback\nclass Mine(Callback):\n    def f(self):\n        return self.model\n"
            "x = Mine().f()",
            "keras.engine.training.Model",
        ),
    ],
)
def test_code_resolves(project: Project, code: str, expected: str) -> None:
    found = look(project, code + "\n")("x")
    if not isinstance(found, PyModule | PyPackage | PyClass | PyFunction):
        found = found.get_type()
    assert name_of(found) == expected


def test_functions_that_return_numbers_are_no_tensors(project: Project) -> None:
    found = look(project, "from keras import backend as K\nx = K.int_shape(y)\n")("x")
    assert name_of(found.get_type()) is None


def test_signatures_reach_rope(project: Project) -> None:
    function = look(project, "from keras.layers import Dense\nx = Dense\n")("x")["__init__"].get_object()
    assert function.get_param_names()[:4] == ["self", "output_dim", "init", "activation"]
