# ruff: noqa: UP006, UP031, UP035, UP045, B905, PTH100, PTH109, PTH118, PTH120, PTH123, SIM105, SIM115, RUF100
"""Which weights did the models of a Keras 1 program start with, and how do the models of its migration get the same?

The first call that computes or trains something is the moment: there Keras 1 notes the weights of the n-th such model,
and Keras 2 sets them.
"""

import functools
import inspect
from typing import Any, Callable, Dict, List, Set, Tuple

from . import weights

STARTS = (
    "predict", "predict_on_batch", "predict_generator", "predict_classes", "predict_proba", "evaluate",
    "evaluate_generator", "test_on_batch", "fit", "fit_generator", "train_on_batch",
)  # fmt: skip


class Carrier:
    """Watches the models of one program. `given`: weights to set, by the order in which the models start to work."""

    def __init__(self, given: Dict[str, weights.Layers]) -> None:
        self.given = given
        self.taken: Dict[str, weights.Layers] = {}
        self.problems: List[str] = []
        self._seen: List[Any] = []
        self._hooks: List[Tuple[Any, str, Callable[..., Any]]] = []
        self._inside = False

    def watch(self) -> None:
        """Hook the methods with which models start to work."""
        import keras.models

        done: Set[Any] = set()
        for kind in (keras.models.Sequential, keras.models.Model):
            for name in STARTS:
                method = vars(kind).get(name)
                if callable(method) and (kind, name) not in done:
                    done.add((kind, name))
                    self._hooks.append((kind, name, method))
                    setattr(kind, name, self._hooked(method))

    def leave(self) -> None:
        """Take the hooks away."""
        for kind, name, method in self._hooks:
            setattr(kind, name, method)
        self._hooks = []

    def started(self, model: Any) -> None:
        """A model is about to work."""
        if self._inside or any(model is seen for seen in self._seen):
            return
        self._seen.append(model)
        key = "start-%d" % len(self._seen)
        try:
            if self.given:
                if key in self.given:
                    weights.given(model, self.given[key])
            else:
                self.taken[key] = weights.taken(model)
        except weights.WeightsDoNotFit as problem:
            self.problems.append(str(problem))
        except Exception as problem:
            self.problems.append("%s: %s" % (type(problem).__name__, problem))

    def _hooked(self, method: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(method)
        def call(model: Any, *args: Any, **kwargs: Any) -> Any:
            self.started(model)
            outer, self._inside = self._inside, True
            try:
                return method(model, *args, **kwargs)
            finally:
                self._inside = outer

        call.__signature__ = inspect.signature(method)  # type: ignore[attr-defined]  # the scikit-learn wrappers read it
        return call
