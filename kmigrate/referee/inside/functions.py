# ruff: noqa: UP006, UP031, UP035, UP045, B905, PTH100, PTH109, PTH118, PTH119, PTH120, PTH123, SIM105, SIM115, RUF100
"""What do the functions compute that a script makes with `K.function`, and which random numbers are in its graph?

Functions of networks with fixed weights can be compared. Where the weights are those with which a Keras starts, or were
trained, each Keras has others.
"""

import inspect
import sys
from typing import Any, Callable, Dict, List, Tuple

import numpy as np

from .repeats import Repeats
from .values import plain

REPEATS = 12
"""What one line made, and was called so often for inputs of the same kind, answers as it did the last time."""


class Functions:
    """The functions that the files below `root` make; `telling` says whether what they compute can be compared."""

    def __init__(self, root: str, telling: Callable[[], bool]) -> None:
        self.found: List[Dict[str, Any]] = []
        self._root = root
        self._telling = telling
        self._repeats = Repeats(REPEATS)

    def watch(self) -> None:
        """Hook what makes functions."""
        from keras import backend

        original = backend.function

        def function(*args: Any, **kwargs: Any) -> Any:
            made = original(*args, **kwargs)
            caller = sys._getframe(1)
            place = (caller.f_code.co_filename, caller.f_lineno)
            if not place[0].startswith(self._root):
                return made
            if self._telling():
                np.random.seed(0)  # some Kerases draw numbers until here; what it is given now must be the same
            return Function(made, place, self)

        vars(backend)["function"] = function
        for name, fixed in (("random_normal", _middle_of_normal), ("random_uniform", _middle_of_uniform)):
            vars(backend)[name] = self._certain(getattr(backend, name), fixed)

    def _certain(self, original: Any, fixed: Callable[[Dict[str, Any]], float]) -> Any:
        """Random numbers in the graph of a script are all the same one: what depends on them can be compared."""
        signature = inspect.signature(original)

        def draw(*args: Any, **kwargs: Any) -> Any:
            drawn = original(*args, **kwargs)
            if not sys._getframe(1).f_code.co_filename.startswith(self._root):
                return drawn
            given = signature.bind(*args, **kwargs)
            given.apply_defaults()
            return drawn * 0 + fixed(dict(given.arguments))

        return draw

    def answer(self, function: "Function", args: Any, kwargs: Any) -> Any:
        """What a function computes; its first answer is told."""

        def work() -> Any:
            outputs = function.made(*args, **kwargs)
            if not function.told and self._telling():
                self.found.append({"name": "K.function %d" % (len(self.found) + 1), "computes": plain(outputs)})
            function.told = True
            return outputs

        return self._repeats.answer(function.place, (args, kwargs), work)


class Function:
    """A function, and the place that made it."""

    def __init__(self, made: Any, place: Tuple[str, int], owner: Functions) -> None:
        self.made = made
        self.place = place
        self.told = False
        self._owner = owner

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return self._owner.answer(self, args, kwargs)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.made, name)


def _middle_of_normal(given: Dict[str, Any]) -> float:
    """Half a deviation above the mean."""
    return float(given["mean"] + 0.5 * (given["std"] if "std" in given else given["stddev"]))


def _middle_of_uniform(given: Dict[str, Any]) -> float:
    low, high = (given[name] for name in (("low", "high") if "low" in given else ("minval", "maxval")))
    return float(low + 0.75 * (high - low))
