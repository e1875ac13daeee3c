# ruff: noqa: UP006, UP031, UP035, UP045, B905, PTH100, PTH109, PTH118, PTH120, PTH123, SIM105, SIM115, RUF100
"""What comes of one program: its reports, its model, what Keras warns of, or the error that ended it?"""

import logging
import os
import re
import shutil
import sys
import tempfile
import traceback
import warnings
from typing import Any, Dict, Iterator, List

import numpy as np

from . import session, weights
from .carry import Carrier
from .forward import forward
from .model import facts
from .values import plain

NAME = "<program>"
LEGACY = re.compile(r"to the Keras 2 API|has been renamed|is deprecated in Keras optimizer|`nb_epoch`")

Request = Dict[str, Any]
Answer = Dict[str, Any]


def run_programs(requests: List[Request]) -> Iterator[Answer]:
    """Run programs one after the other. Keys of a request:

    program: the text; seed: for every source of random numbers;
    weights_in: file with the weights of the Keras 1 run; carry: give them to the models when they start to work;
    weights_out: file to which this run writes its weights; shared: TensorFlow 2 compiles nothing, which costs more than
    a small program.
    """
    settings = session.settings()
    for number, request in enumerate(requests):
        if number:
            session.fresh(settings)
        yield _run_program(request)


def _run_program(request: Request) -> Answer:
    folder = tempfile.mkdtemp(prefix="kmigrate-")
    before = os.getcwd()
    os.chdir(folder)
    try:
        return _Stage(request, folder).run()
    finally:
        os.chdir(before)
        shutil.rmtree(folder, ignore_errors=True)


class _Stage:
    """The names that a program finds, and what it leaves."""

    def __init__(self, request: Request, folder: str) -> None:
        self.request = request
        self.folder = folder
        self.reports: Dict[str, Any] = {}
        self.given: Dict[str, Any] = weights.load(request["weights_in"]) if request.get("weights_in") else {}
        starts = {key: value for key, value in self.given.items() if key != "model"}
        self.carrier = Carrier(starts if request.get("carry") else {})
        self.names: Dict[str, Any] = {}
        self.left: Dict[str, Any] = {}
        """The weights with which the program left its model."""

    def run(self) -> Answer:
        session.start(self.request["seed"], self.request["shared"])
        self.names = self._names()
        self.carrier.watch()
        log = _Log()
        loggers = (logging.getLogger(), logging.getLogger("absl"))
        for logger in loggers:
            logger.addHandler(log)
        answer: Answer = {"outcome": "ok"}
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            try:
                exec(compile(self.request["program"], NAME, "exec"), self.names)
                if self.request.get("weights_out"):
                    self.left = self._left()
                answer["model"] = facts(self.names, self.given.get("model"), not self.reports)
            except SystemExit as error:
                answer.update(outcome="error", error=_error(error))
            except BaseException as error:
                answer.update(outcome="error", error=_error(error))
        for logger in loggers:
            logger.removeHandler(log)
        self.carrier.leave()
        messages = [str(item.message) for item in caught] + log.messages
        answer["legacy"] = sorted({text for text in messages if LEGACY.search(text)})
        answer["reports"] = plain(self.reports)
        answer["problems"] = self.carrier.problems
        if self.request.get("weights_out"):
            weights.save(self.request["weights_out"], dict(self.carrier.taken, **self.left))
        return answer

    def _names(self) -> Dict[str, Any]:
        import keras
        import tensorflow
        from keras import backend

        version = tuple(int(part) for part in keras.__version__.split(".")[:3])
        model = self.given.get("model")
        return {
            "__name__": "__main__", "__file__": os.path.join(self.folder, "program.py"),
            "np": np, "tf": tensorflow, "keras": keras, "K": backend,
            "VER": version, "IS_K1": version < (2,), "V215": version >= (2, 4),
            "W1": None if model is None else [weight for item in model for weight in item["weights"]],
            "TMP": self.folder, "R": data, "run": self._forward, "report": self._report, "wmap_seq": self._mapped,
        }  # fmt: skip

    def _report(self, **values: Any) -> None:
        self.reports.update(values)

    def _forward(self, model: Any, x: Any, train: bool = False) -> Any:
        self.carrier.started(model)
        return forward(model, x, train)

    def _mapped(self, _flat: List[Any]) -> List[Any]:
        """The weights of the Keras 1 run in the layout of the model that the program calls `m`."""
        return weights.flat(self.names["m"], self.given["model"])

    def _left(self) -> Dict[str, Any]:
        model = self.names.get("model")
        fits = hasattr(model, "get_weights") and hasattr(model, "layers")
        return {"model": weights.taken(model)} if fits else {}


class _Log(logging.Handler):
    """Keeps what is logged."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.messages: List[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.messages.append(record.getMessage())


def data(*shape: int, seed: int = 0, lo: Any = None, hi: Any = None, kind: str = "normal") -> Any:
    """The same numbers in every environment, whatever its numpy."""
    numbers = np.random.RandomState(seed)
    if kind == "int":
        return numbers.randint(lo or 0, 10 if hi is None else hi, size=shape)
    if kind == "uniform":
        return numbers.uniform(0.0 if lo is None else lo, 1.0 if hi is None else hi, size=shape).astype("float32")
    return numbers.normal(size=shape).astype("float32")


def _error(error: BaseException) -> Dict[str, Any]:
    lines = [frame.lineno for frame in traceback.extract_tb(sys.exc_info()[2]) if frame.filename == NAME]
    return {"type": type(error).__name__, "message": str(error)[:2000], "line": lines[-1] if lines else None}
