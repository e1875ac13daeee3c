"""Which key did the person at the terminal press?"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from select import select

END = "\x04"
"""Ctrl-D, and what is read when the terminal has gone away."""


def is_terminal() -> bool:
    """Whether somebody can be asked."""
    return sys.stdin.isatty() and sys.stdout.isatty()


def read_key(ask: Callable[[], None]) -> str:
    """The next key, without waiting for the return key; sequences such as the arrows count as one key of no meaning.

    `ask` prints the question, once more after the person stopped the program and came back. The return key alone is no
    answer. Raises KeyboardInterrupt for Ctrl-C, and for the end of input.
    """
    while True:
        ask()
        try:
            with _told_of_return():
                key = _read()
                while key and not key.strip("\r\n"):
                    key = _read()
        except _Returned:
            continue
        key = key.strip("\r\n")
        if key in ("", END, "\x03"):
            raise KeyboardInterrupt
        return key


class _Returned(Exception):
    """The program was stopped, and goes on: the terminal is the shell's way again, and the question has scrolled away."""


@contextmanager
def _told_of_return() -> Iterator[None]:
    number = getattr(signal, "SIGCONT", None)
    if number is None:
        yield
        return

    def returned(number: int, frame: object) -> None:
        raise _Returned

    before = signal.signal(number, returned)
    try:
        yield
    finally:
        signal.signal(number, before)


def _read() -> str:
    try:
        import termios
        import tty
    except ImportError:
        import msvcrt

        return msvcrt.getwch()  # type: ignore[attr-defined,no-any-return]  # of Windows
    descriptor = sys.stdin.fileno()
    before = termios.tcgetattr(descriptor)
    try:
        tty.setcbreak(descriptor, termios.TCSADRAIN)  # keeps what was typed ahead
        return _one(descriptor).decode("utf-8", "replace")
    except OSError:
        return ""
    finally:
        termios.tcsetattr(descriptor, termios.TCSADRAIN, before)


def _one(descriptor: int) -> bytes:
    """The bytes of one key: a letter has up to four, an arrow a sequence, and more keys can wait behind it."""
    key = os.read(descriptor, 1)
    if key == _ESCAPE:
        return key + _sequence(descriptor)
    if key >= b"\xc0":
        key += os.read(descriptor, 1 + (key >= b"\xe0") + (key >= b"\xf0"))
    return key


def _sequence(descriptor: int) -> bytes:
    """What a terminal sends at once behind an escape: `[` with parameters and a final letter, or one or two characters."""
    key = b""
    while select([descriptor], [], [], _AT_ONCE)[0]:
        byte = os.read(descriptor, 1)
        key += byte
        if not byte or (key[:1] not in b"[O") or (len(key) > 1 and byte >= b"@"):
            break
    return key


_ESCAPE = b"\x1b"

_AT_ONCE = 0.05
"""So many seconds may pass inside of a sequence."""
