# ruff: noqa: UP006, UP031, UP035, UP045, B905, PTH100, PTH109, PTH118, PTH119, PTH120, PTH123, SIM105, SIM115, RUF100
"""Which models does a script make? Those that it compiles, shows, saves or lets work, in that order, then its globals."""

import functools
import importlib
import inspect
import itertools
from typing import Any, Callable, Dict, List, NamedTuple, Set

from .carry import STARTS
from .repeats import Repeats
from .stand_ins import enlarged

SIGNS = (*STARTS, "compile", "summary", "save", "save_weights", "load_weights", "to_json")
"""Methods that only the code of the user calls, or that Keras calls for it: models that only help to build stay out."""

REPEATS = 10
"""A model that was called so often in the same way answers as it did the last time."""


class Seen(NamedTuple):
    """A model. name: what the script calls it, or what Keras does; key: the same before and after a migration."""

    name: str
    key: str
    model: Any
    worked: bool


class Watch:
    """The models of one script; `trained` says whether any was.

    `shrunk` tells what to change in the arguments of a method, so that training is short; `renamed` are other names for the
    arguments of methods for generators.
    """

    def __init__(self, shrunk: Callable[[str, Dict[str, Any]], Dict[str, Any]], renamed: Dict[str, str]) -> None:
        self.models: List[Any] = []
        self.trained = False
        self._shrunk = shrunk
        self._renamed = renamed
        self._repeats = Repeats(REPEATS)
        self._inside = False

    def start(self) -> None:
        """Hook the methods."""
        import keras.models

        done: Set[Any] = set()
        for kind in (keras.models.Sequential, keras.models.Model, *_of_graphs()):
            for owner in kind.__mro__:
                for name in SIGNS:
                    if name in vars(owner) and owner is not object and (owner, name) not in done:
                        done.add((owner, name))
                        setattr(owner, name, self._hooked(vars(owner)[name], name))

    def finish(self, names: Dict[str, Any]) -> List[Seen]:
        """All models: those that worked, then the globals that did not."""
        worked = len(self.models)
        for value in list(names.values()):
            if _is_model(value):
                self._see(value)
        called = {id(value): name for name, value in names.items() if _is_model(value)}
        nameless = itertools.count(1)
        return [
            Seen(
                called.get(id(model)) or str(getattr(model, "name", type(model).__name__)),
                called.get(id(model)) or "model %d without a name" % next(nameless),
                model,
                number < worked,
            )
            for number, model in enumerate(self.models)
        ]

    def _see(self, model: Any) -> None:
        if not any(model is seen for seen in self.models):
            self.models.append(model)

    def _hooked(self, method: Any, name: str) -> Any:
        if not inspect.isfunction(method):
            return method
        signature = inspect.signature(method)

        @functools.wraps(method)
        def call(model: Any, *args: Any, **kwargs: Any) -> Any:
            if self._inside:
                return method(model, *args, **kwargs)
            self._see(model)
            self._inside = True
            self.trained = self.trained or name.startswith(("fit", "train"))
            if name.endswith("_generator"):
                kwargs = {self._renamed.get(key, key): value for key, value in kwargs.items()}
            try:
                given = list(args)
                names = list(signature.parameters)[1:]
                bound = signature.bind(model, *args, **kwargs).arguments
                for key, value in self._shrunk(name, bound).items():
                    if key in names[: len(given)]:
                        given[names.index(key)] = value
                    elif key in signature.parameters or key in kwargs:
                        kwargs[key] = value
                if name not in STARTS:
                    return method(model, *given, **kwargs)
                kind = (id(model), name)
                answer = self._repeats.answer(kind, (given, kwargs), lambda: method(model, *given, **kwargs))
                return enlarged(name, bound, answer)
            finally:
                self._inside = False

        call.__signature__ = signature  # type: ignore[attr-defined]  # the scikit-learn wrappers read it
        return call


def _of_graphs() -> List[Any]:
    """The model that Keras 2.4 and later put below all others where TensorFlow 2 is not eager."""
    try:
        return [importlib.import_module("keras.src.engine.training_v1").Model]
    except ImportError:
        return []


def _is_model(value: Any) -> bool:
    import keras.models

    return isinstance(value, keras.models.Model) and bool(getattr(value, "layers", None))
