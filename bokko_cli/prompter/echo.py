"""Keeps what is typed between questions off the screen: it may be a key."""

import atexit
from contextlib import suppress

try:
    import termios
except ImportError:  # Windows shows nothing of what is typed while no program reads
    termios = None  # type: ignore[assignment]


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


def forget_typed(descriptor: int) -> None:
    """Drop what waits in the terminal."""
    if termios is not None:
        with suppress(termios.error):
            termios.tcflush(descriptor, termios.TCIFLUSH)


def _put_back(descriptor: int, attributes: "termios._AttrReturn") -> None:
    with suppress(termios.error):  # the terminal may be gone
        termios.tcsetattr(descriptor, termios.TCSADRAIN, attributes)
