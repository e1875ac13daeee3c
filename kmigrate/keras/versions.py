"""Which measured Keras versions does a wish such as `--to 2.1.6` stand for, and where is the Keras 1 stub?"""

from __future__ import annotations

from pathlib import Path

from packaging.version import InvalidVersion, Version

from kmigrate.keras.signatures import KERAS_2

DEFAULT_TARGETS = ("2.2.4", "2.3.1", "2.15.0")
LOWEST, HIGHEST = Version("2.0"), Version("2.15")


class UnknownVersion(ValueError):
    """The wish names no Keras 2."""

    def __init__(self, wish: str) -> None:
        super().__init__(f"unknown Keras 2 version {wish!r}: any of 2.0 to 2.15, such as {', '.join(KERAS_2)}")
        self.wish = wish


def resolve_targets(to: str | None = None) -> tuple[str, ...]:
    """The tables that a migrated text must fit: by default those of one text for every Keras since 2.2.

    A version stands for the nearest measured one that is not newer, else for the oldest; two numbers for their last
    release: 2.2 is 2.2.4.
    """
    if to is None:
        return DEFAULT_TARGETS
    try:
        wish = Version(to)
    except InvalidVersion:
        raise UnknownVersion(to) from None
    release = wish.release[:2]
    if len(wish.release) < 2 or not LOWEST.release <= release <= HIGHEST.release:
        raise UnknownVersion(to)
    if len(wish.release) == 2:
        same_series = [version for version in KERAS_2 if Version(version).release[:2] == release]
        if same_series:
            return (same_series[-1],)
    older = [version for version in KERAS_2 if Version(version) <= wish]
    return ((older or KERAS_2)[-1 if older else 0],)


def stubs_path() -> Path:
    """The folder that holds the stub package `keras`, for rope's search path."""
    return Path(__file__).with_name("stubs")
