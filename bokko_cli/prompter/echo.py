"""Keeps what is typed between questions off the screen: it may be a key."""

import atexit
import os
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import partial
from getpass import getpass
from types import FrameType

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
        atexit.register(_put_back, descriptor, before)
        termios.tcsetattr(descriptor, termios.TCSANOW, after)
        if signal.getsignal(signal.SIGTSTP) is signal.SIG_DFL and threading.current_thread() is threading.main_thread():
            signal.signal(signal.SIGTSTP, partial(_stop, descriptor))


def read_line(*, is_secret: bool) -> str:
    """Return a line of standard input without its end, shown while it is typed unless it is secret; raises EOFError."""
    if termios is None and is_secret:
        return getpass("", sys.stderr)
    with _typing_shown(sys.stdin.fileno(), is_shown=not is_secret):
        line = sys.stdin.readline()
    if is_secret:
        sys.stderr.write("\n")
    if not line:
        raise EOFError
    return line.rstrip("\r\n")


@contextmanager
def _typing_shown(descriptor: int, *, is_shown: bool) -> Iterator[None]:
    if termios is None:
        yield
        return
    if not is_shown:
        yield
        return
    before = termios.tcgetattr(descriptor)
    shown = termios.tcgetattr(descriptor)
    shown[3] |= termios.ECHO
    termios.tcsetattr(descriptor, termios.TCSADRAIN, shown)
    try:
        yield
    finally:
        termios.tcsetattr(descriptor, termios.TCSADRAIN, before)


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


def _stop(descriptor: int, number: int, _at: FrameType | None) -> None:
    """Stop, as Ctrl-Z wants it, and set the terminal as it was: the shell that goes on has set it in its own way."""
    with suppress(termios.error):
        modes = termios.tcgetattr(descriptor)
        ours = signal.signal(number, signal.SIG_DFL)
        signal.pthread_kill(threading.get_ident(), number)  # this thread: it must not run on before all have stopped
        signal.signal(number, ours)
        termios.tcsetattr(descriptor, termios.TCSANOW, modes)


def _put_back(descriptor: int, attributes: "termios._AttrReturn") -> None:
    with suppress(termios.error):  # the terminal may be gone
        termios.tcsetattr(descriptor, termios.TCSADRAIN, attributes)
