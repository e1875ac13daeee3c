# ruff: noqa: UP006, UP031, UP035, UP045, B905, PTH100, PTH109, PTH118, PTH119, PTH120, PTH123, SIM105, SIM115, RUF100
"""What comes of a script of a user: the models that it makes and what they compute, and the error that ended it, if any."""

import os
import sys
import tempfile
import traceback
import warnings
from typing import Any, Dict, List, Optional

import numpy as np

from . import python2, session, stand_ins, weights
from .forward import forward
from .functions import Functions
from .pretrained import Pretrained
from .values import plain
from .watch import Seen, Watch

SAMPLES = 2
UNKNOWN, PICTURE = 8, 32
"""The size of a dimension that a model leaves open, and of one of a picture: it may be halved five times."""
MOST = 500000
"""Inputs and outputs of more numbers are not computed."""
WEAKER = np.float32(0.1)
"""Inputs of which the loss is taken are so much smaller: a trained model is sure of random ones, and Keras 1 cuts a
crossentropy of probabilities below 1e-7 off, where Keras 2.3 and later compute it from the logits."""

Facts = Dict[str, Any]


def run_script(request: Dict[str, Any]) -> Dict[str, Any]:
    """Run the script of a request. Keys of a request:

    script: its path; root: the project's folder; seed: for every source of random numbers;
    float_labels: should integers that are trained on become floats?
    new_sums: should `variable += x` make a new tensor, as it once did?
    nearest: should images be resized with the nearest pixel, as the Pillow of Keras 1 did?
    steps: should what counts samples of a generator count steps? It trains for one anyway;
    ordering: `th` or `tf`, if keras.json says how the axes of images are ordered;
    graph: should TensorFlow 2 build one graph, as TensorFlow 1 does?
    weights_in: file with the weights of the models of the Keras 1 run; weights_out: file to which this run writes them.
    """
    session.start(request["seed"], False, request.get("graph", False))
    if request.get("ordering"):
        session.order_images(request["ordering"])
    given = weights.load(request["weights_in"]) if request.get("weights_in") else {}
    folder = tempfile.mkdtemp(prefix="kmigrate-")
    stand_ins.install(folder)
    python2.install(request["root"])
    if request.get("new_sums"):
        session.sum_variables()
    if request.get("nearest"):
        stand_ins.resize_nearest()
    floats = request.get("float_labels", False)
    renamed = stand_ins.STEPS if request.get("steps") else {}
    watch = Watch(lambda method, arguments: stand_ins.shrink(method, arguments, floats), renamed)
    watch.start()
    networks = Pretrained()
    networks.install()
    functions = Functions(request["root"], lambda: networks.loaded and not watch.trained)
    functions.watch()
    names: Dict[str, Any] = {"__name__": "__main__", "__file__": request["script"], "__builtins__": __builtins__}
    answer: Dict[str, Any] = {"outcome": "ok", "error": _run(request, names)}
    models = watch.finish(names)
    answer["models"] = [_facts(seen, given.get(seen.key)) for seen in models]
    answer["functions"] = functions.found
    if request.get("weights_out"):
        weights.save(request["weights_out"], {seen.key: weights.taken(seen.model) for seen in models})
    return answer


def _run(request: Dict[str, Any], names: Dict[str, Any]) -> Optional[Dict[str, Any]]:
    script = request["script"]
    sys.argv = [script]
    sys.path[:0] = [os.path.dirname(script), request["root"]]
    os.chdir(os.path.dirname(script))
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with open(script, "rb") as stream:
                exec(python2.compiled(stream.read(), script), names)
    except SystemExit as error:
        return _error(error, request["root"]) if error.code else None
    except BaseException as error:
        return _error(error, request["root"])
    return None


def _error(error: BaseException, root: str) -> Dict[str, Any]:
    """The error, and the last line of the project that it went through."""
    frames = [frame for frame in traceback.extract_tb(sys.exc_info()[2]) if frame.filename.startswith(root)]
    file = os.path.relpath(frames[-1].filename, root) if frames else None
    line = frames[-1].lineno if frames else None
    if isinstance(error, SyntaxError) and str(error.filename).startswith(root):
        file, line = os.path.relpath(str(error.filename), root), error.lineno
    return {"type": type(error).__name__, "message": str(error)[:2000], "file": file, "line": line}


def _facts(seen: Seen, given: Optional[weights.Layers]) -> Facts:
    model = seen.model
    found: Facts = {"name": seen.name, "key": seen.key, "worked": seen.worked, "kind": type(model).__name__}
    try:
        found.update(
            inputs=plain(model.input_shape), outputs=plain(model.output_shape), parameters=int(model.count_params())
        )
        if given is not None:
            weights.given(model, given)
        arrays = _inputs(model)
        if sum(array.size for array in arrays) > MOST:
            found["large"] = True
            return found
        outputs = forward(model, arrays)
        found["forward"] = plain(outputs)
        if getattr(model, "loss", None) is not None:
            small = [array * WEAKER if array.dtype.kind == "f" else array for array in arrays]
            found["loss"] = _loss(model, small, outputs if isinstance(outputs, list) else [outputs])
    except weights.WeightsDoNotFit as problem:
        found["weights"] = str(problem)
    except Exception as problem:
        found["error"] = "%s: %s" % (type(problem).__name__, str(problem)[:300])
    return found


def _inputs(model: Any) -> List[Any]:
    """Fixed inputs; small whole numbers where they are looked up in an Embedding."""
    import keras

    sizes = [int(layer.input_dim) for layer in weights.leaves(model) if isinstance(layer, keras.layers.Embedding)]
    shapes = model.input_shape if isinstance(model.input_shape, list) else [model.input_shape]
    numbers = np.random.RandomState(0)
    found = []
    for shape, tensor in zip(shapes, model.inputs):
        static = [
            getattr(size, "value", size) for size in getattr(tensor, "shape", None) or shape
        ]  # an open model of a fixed tensor
        known = [size or other for size, other in zip(shape, static)]
        full = [known[0] or SAMPLES, *(size or (PICTURE if len(shape) == 4 else UNKNOWN) for size in known[1:])]
        found.append(_input(numbers, full, sizes, "int" in str(getattr(tensor, "dtype", ""))))
    return found


def _input(numbers: Any, shape: List[int], sizes: List[int], whole: bool) -> Any:
    """One input; whole numbers that no Embedding takes are ones: the length of something is at least that."""
    if sizes and len(shape) == 2:
        return numbers.randint(0, min(sizes), size=shape)
    return np.ones(shape, dtype="int64") if whole else numbers.uniform(size=shape).astype("float32")


def _loss(model: Any, arrays: List[Any], outputs: List[Any]) -> Any:
    """The loss on fixed targets; a probability each, or classes where the loss wants them."""
    sparse = "sparse" in str(getattr(model.loss, "__name__", model.loss))
    numbers = np.random.RandomState(1)
    targets = [
        numbers.randint(0, 2, size=(*output.shape[:-1], 1)) if sparse else numbers.uniform(size=output.shape)
        for output in outputs
    ]
    if hasattr(model, "reset_metrics"):
        model.reset_metrics()  # what the script's own training left is in them
    return plain(model.test_on_batch(arrays, targets if len(targets) > 1 else targets[0]))
