"""What do Kerases compute otherwise by themselves, whatever the text, and where is there nothing to compare?"""

from __future__ import annotations

from dataclasses import dataclass

from kmigrate.referee.compare import Tolerance


@dataclass(frozen=True, slots=True)
class Known:
    """Cases whose id starts so are compared by another tolerance, because of a reason."""

    prefix: str
    tolerance: Tolerance
    reason: str


KNOWN = (
    Known("aug/", Tolerance(0.6, 0.05), "mean and deviation of random images: numbers are drawn in another order"),
    Known("init/string-k1name", Tolerance(0.11, 0.0), "the deviation of 36 random numbers, rounded to one digit"),
    Known("image/gen-zca", Tolerance(0.01, 0.05), "the singular vectors of another scipy"),
    Known("fix/image-shift", Tolerance(0.6, 0.1), "deviation of random images: numbers are drawn in another order"),
)


REFUSED = {
    "K/arith-on-keras-tensor": "the program catches that Keras 1 refuses to build the model, and reports just that",
}
"""Cases whose one report is that Keras 1 refuses something: no number that a right migration would have to give."""


def tolerance(name: str) -> Tolerance | None:
    """The tolerance for a case, None for the usual one."""
    return next((known.tolerance for known in KNOWN if name.startswith(known.prefix)), None)
