# ruff: noqa: UP006, UP031, UP035, UP045, B905, PTH100, PTH109, PTH118, PTH120, PTH123, SIM105, SIM115, RUF100
"""How do the values of a program travel as JSON? Numbers and arrays by value, containers by item, others by name."""

from typing import Any, Dict

import numpy as np

MOST = 20000
"""Arrays with more elements travel as that many of them, evenly spread."""


def plain(value: Any) -> Any:
    """A value of JSON types; arrays become {"shape", "kind", "data"}."""
    if value is None or isinstance(value, (bool, int, float, str)):
        return value
    if isinstance(value, np.bool_):
        return bool(value)
    if isinstance(value, np.generic):
        return value.item() if np.isscalar(value.item()) else repr(value)
    if isinstance(value, np.ndarray):
        return _array(value)
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    if isinstance(value, (set, frozenset)):
        return sorted((plain(item) for item in value), key=repr)
    if type(value).__name__ == "Dimension":
        return value.value
    if type(value).__name__ == "TensorShape":
        return [plain(item) for item in value]
    if hasattr(value, "numpy"):
        return plain(value.numpy())
    return "<%s>" % type(value).__name__


def _array(value: Any) -> Dict[str, Any]:
    if value.dtype.kind not in "biuf":
        data = [plain(item) for item in value.ravel().tolist()]
        return {"shape": list(value.shape), "kind": value.dtype.kind, "data": data}
    flat = value.ravel()
    if flat.size > MOST:
        flat = flat[np.linspace(0, flat.size - 1, MOST).astype(int)]
    return {"shape": list(value.shape), "kind": value.dtype.kind, "data": flat.tolist()}
