"""Keeps what is typed between questions off the screen: it may be a key."""

import atexit
import os
from contextlib import suppress

try:
    import termios
except ImportError:  # Windows shows nothing of what is typed while no program reads
    termios = None  # type: ignore[assignment]


_MOST_TYPED = 65536


def hide_typing(descriptor: int) -> None:
    """Turn the terminal's echo off until the program ends; questions show their own answers. Ctrl-C still works."""
    if termios is None:
        return
    with suppress(termios.error):  # not a terminal
        before = termios.tcgetattr(descriptor)
        after = termios.tcgetattr(descriptor)
        after[3] &= ~termios.ECHO
        termios.tcsetattr(descriptor, termios.TCSANOW, after)
        atexit.register(_put_back, descriptor, before)


def take_typed(descriptor: int) -> bytes:
    """Return what was typed and no question read, which is gone then."""
    if termios is None:
        return b""
    with suppress(termios.error, OSError):
        before = termios.tcgetattr(descriptor)
        at_once = termios.tcgetattr(descriptor)
        at_once[3] &= ~termios.ICANON
        at_once[6][termios.VMIN], at_once[6][termios.VTIME] = 0, 0
        termios.tcsetattr(descriptor, termios.TCSANOW, at_once)
        try:
            return os.read(descriptor, _MOST_TYPED)
        finally:
            termios.tcsetattr(descriptor, termios.TCSANOW, before)
            termios.tcflush(descriptor, termios.TCIFLUSH)
    return b""


def _put_back(descriptor: int, attributes: "termios._AttrReturn") -> None:
    with suppress(termios.error):  # the terminal may be gone
        termios.tcsetattr(descriptor, termios.TCSADRAIN, attributes)
