"""Which arguments does a helper layer take?"""

from __future__ import annotations

from functools import cache

from kmigrate.helpers.text import parameters
from kmigrate.keras.objects import Parameter, Signature


@cache
def signature(layer: str) -> Signature:
    """The signature of its constructor; what every layer takes goes through `**kwargs`."""
    own = (Parameter(name, "positional", default) for name, default in parameters(layer))
    return Signature((*own, Parameter("kwargs", "kwargs")))
