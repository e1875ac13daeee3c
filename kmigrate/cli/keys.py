"""Which key did the person at the terminal press?"""

from __future__ import annotations

import os
import sys

END = "\x04"
"""Ctrl-D, and what is read when the terminal has gone away."""


def is_terminal() -> bool:
    """Whether somebody can be asked."""
    return sys.stdin.isatty() and sys.stdout.isatty()


def read_key() -> str:
    """The next key, without waiting for the return key; sequences such as the arrows count as one key of no meaning.

    Raises KeyboardInterrupt for Ctrl-C, and for the end of input.
    """
    key = _read()
    if key in ("", END, "\x03"):
        raise KeyboardInterrupt
    return key


def _read() -> str:
    try:
        import termios
        import tty
    except ImportError:
        import msvcrt

        return msvcrt.getwch()  # type: ignore[attr-defined,no-any-return]
    descriptor = sys.stdin.fileno()
    before = termios.tcgetattr(descriptor)
    try:
        tty.setcbreak(descriptor)
        return os.read(descriptor, 16).decode("utf-8", "replace")
    except OSError:
        return ""
    finally:
        termios.tcsetattr(descriptor, termios.TCSADRAIN, before)
