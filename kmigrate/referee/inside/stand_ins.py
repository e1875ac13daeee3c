# ruff: noqa: UP006, UP031, UP035, UP045, B905, PTH100, PTH109, PTH118, PTH119, PTH120, PTH123, SIM105, SIM115, RUF100
"""What does a script find in place of data sets, downloads and training? Something small of the same kind.

Data sets of images have their size (scripts reshape to 60000 by hand) and repeat a few random ones; those of texts hold a few.
Training takes one epoch of two batches: the last of those from the beginning, whose files have the names that scripts look
for, or the next.
"""

import functools
import importlib
import inspect
from typing import Any, Callable, Dict, List, Tuple

import numpy as np

from . import downloads, packages

TRAIN, TEST = 40, 20
BATCHES = 2
FEW = 8
"""So many samples of a batch are trained on."""
WORDS = 500

ONCE = {"nb_epoch": 1, "epochs": 1, "steps_per_epoch": 1, "validation_steps": 1, "samples_per_epoch": 1,
        "nb_val_samples": 1, "val_samples": 1, "steps": 1, "verbose": 0}  # fmt: skip
"""What is counted while training: once is enough."""

STEPS = {"samples_per_epoch": "steps_per_epoch", "nb_val_samples": "validation_steps", "val_samples": "steps",
         "nb_epoch": "epochs", "nb_worker": "workers", "max_q_size": "max_queue_size"}  # fmt: skip
"""What Keras 2 calls the arguments of methods for generators, those that it counts otherwise included."""

ARRAYS = ("x", "y", "validation_data", "sample_weight")


def install(folder: str) -> None:
    """Put everything into its place; what must be a file goes into the folder."""
    for name, load in _DATA_SETS.items():
        try:
            module = importlib.import_module("keras.datasets." + name)
        except ImportError:
            continue
        module.load_data = _bound(module.load_data, load)  # type: ignore[attr-defined]
        if hasattr(module, "get_word_index"):
            vars(module)["get_word_index"] = lambda *_, **__: {"word%d" % number: number for number in range(1, WORDS)}
    downloads.install(folder)
    packages.install(folder)


def resize_nearest() -> None:
    """Let `load_img` resize with the nearest pixel where nothing else is asked for."""
    from keras.preprocessing import image

    original = image.load_img

    @functools.wraps(original)
    def load(*args: Any, **kwargs: Any) -> Any:
        return original(*args, **dict({"interpolation": "nearest"}, **kwargs))

    vars(image)["load_img"] = load


def shrink(method: str, arguments: Dict[str, Any], floats: bool = False) -> Dict[str, Any]:
    """What to change in the arguments of a method of models, so that it takes one step; with `floats`, of labels too."""
    if method in ("train_on_batch", "test_on_batch") and not _fixed(arguments["self"]):
        return {key: _first(arguments[key], FEW) for key in ARRAYS if arguments.get(key) is not None}
    if method == "predict" and not _fixed(arguments["self"]):
        x = "x" if "x" in arguments else "data"
        return {x: _first(arguments[x], BATCHES * int(arguments.get("batch_size") or 32))}
    if not any(word in method for word in ("fit", "evaluate_generator", "predict_generator")):
        return {}
    given = dict(arguments.get("kwargs") or {}, **arguments)
    changed = {key: value for key, value in ONCE.items() if given.get(key) is not None}
    if method in ("fit", "evaluate"):
        most = BATCHES * int(given.get("batch_size") or 32)
        changed.update((key, _first(given[key], most)) for key in ARRAYS if given.get(key) is not None)
        for key in ("y", "validation_data") if floats else ():
            changed.update({key: _floats(changed[key])} if key in changed else {})
    elif isinstance(given.get("validation_data"), (list, tuple)):
        changed["validation_data"] = _first(given["validation_data"], BATCHES)
    first, last = given.get("initial_epoch") or 0, given.get("nb_epoch", given.get("epochs"))
    if isinstance(last, int) and not first:
        changed.update(nb_epoch=last, epochs=last, initial_epoch=last - 1)
    else:
        changed.update(nb_epoch=first + 1, epochs=first + 1)
    return changed


def enlarged(method: str, arguments: Dict[str, Any], answer: Any) -> Any:
    """What a method gives for all samples, where `shrink` let it work on the first ones only: the same ones again."""
    x = arguments.get("x", arguments.get("data")) if method == "predict" else None
    first = next(iter(x.values())) if isinstance(x, dict) else x[0] if isinstance(x, (list, tuple)) else x
    if not isinstance(first, np.ndarray):
        return answer
    if isinstance(answer, list):
        return [enlarged(method, {"x": first}, output) for output in answer]
    return answer if len(answer) == len(first) else np.resize(answer, (len(first), *answer.shape[1:]))


def _fixed(model: Any) -> bool:
    """Does a model take batches of one size only?"""
    shapes = model.input_shape if isinstance(model.input_shape, list) else [model.input_shape]
    return any(shape[0] is not None for shape in shapes)


def _floats(value: Any) -> Any:
    """Arrays of integers as floats."""
    if isinstance(value, (list, tuple)):
        return type(value)([_floats(item) for item in value])
    return value.astype("float32") if isinstance(value, np.ndarray) and value.dtype.kind in "iu" else value


def _first(value: Any, most: int) -> Any:
    """The first samples of an array, or of each in a list, tuple or dict of arrays."""
    if isinstance(value, dict):
        return {key: _first(item, most) for key, item in value.items()}
    if isinstance(value, (list, tuple)) and any(isinstance(item, (np.ndarray, list, tuple, dict)) for item in value):
        return type(value)([_first(item, most) for item in value])
    return value[:most] if isinstance(value, np.ndarray) else value


def _bound(original: Callable[..., Any], load: Callable[[Dict[str, Any]], Any]) -> Callable[..., Any]:
    """`load` gets the arguments by name, as the data set of this Keras names them."""
    signature = inspect.signature(original)

    @functools.wraps(original)
    def call(*args: Any, **kwargs: Any) -> Any:
        found = signature.bind(*args, **kwargs)
        found.apply_defaults()
        return load(dict(found.arguments))

    return call


def _images(*shape: int, sizes: Tuple[int, int], classes: int, column: bool) -> Callable[[Dict[str, Any]], Any]:
    def load(_arguments: Dict[str, Any]) -> Any:
        numbers = np.random.RandomState(0)
        image = (shape[-1], *shape[:-1]) if len(shape) == 3 and _channels_first() else shape
        some = numbers.randint(0, 256, size=(TRAIN, *image)).astype("uint8")
        return tuple(
            (np.resize(some, (count, *image)), np.arange(count).reshape((-1, 1) if column else (-1,)) % classes)
            for count in sizes
        )

    return load


def _texts(classes: int) -> Callable[[Dict[str, Any]], Any]:
    def load(arguments: Dict[str, Any]) -> Any:
        numbers = np.random.RandomState(0)
        words = arguments.get("num_words") or arguments.get("nb_words") or WORDS

        def some(count: int) -> Any:
            texts: List[List[int]] = [
                [int(word) for word in numbers.randint(1, words, size=numbers.randint(5, 40))] for _ in range(count)
            ]
            held = np.empty(count, dtype=object)
            held[:] = texts
            return held, np.arange(count) % classes

        return some(TRAIN), some(TEST)

    return load


def _houses(_arguments: Dict[str, Any]) -> Any:
    numbers = np.random.RandomState(0)
    return tuple((numbers.uniform(size=(count, 13)), numbers.uniform(5, 50, size=count)) for count in (TRAIN, TEST))


def _channels_first() -> bool:
    from keras import backend

    if hasattr(backend, "image_dim_ordering"):
        return bool(backend.image_dim_ordering() == "th")
    return bool(backend.image_data_format() == "channels_first")


_DATA_SETS = {
    "mnist": _images(28, 28, sizes=(60000, 10000), classes=10, column=False),
    "fashion_mnist": _images(28, 28, sizes=(60000, 10000), classes=10, column=False),
    "cifar10": _images(32, 32, 3, sizes=(50000, 10000), classes=10, column=True),
    "cifar100": _images(32, 32, 3, sizes=(50000, 10000), classes=100, column=True),
    "imdb": _texts(2),
    "reuters": _texts(46),
    "boston_housing": _houses,
}
