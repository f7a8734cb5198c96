"""Signals that end a command: what it changed is restored first, the terminal above all."""

import atexit
import signal
import sys
from contextlib import suppress
from types import FrameType

_NAMES = ("SIGTERM", "SIGHUP")
_received: list[int] = []


class Ended(SystemExit):
    """A signal ends the command; as a SystemExit it passes through event loops and whatever catches an Exception."""


def restore_before_ending() -> None:
    """Let SIGTERM and SIGHUP end the command from within: blocks are left, and the terminal is restored.

    Who started the command sees a death by that signal all the same. One that is ignored, as under nohup, stays so.
    """
    atexit.register(_die)
    for number in _numbers():
        if signal.getsignal(number) is signal.SIG_DFL:
            signal.signal(number, _end)


def ignore_ctrl_c() -> None:
    """Let Ctrl-C change nothing any more: how the command ends is decided, and the interpreter only shuts down."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _end(number: int, _at: FrameType | None) -> None:
    """Leave from wherever the command is; a second signal does not wait for that."""
    for other in _numbers():
        signal.signal(other, signal.SIG_DFL)
    _received.append(number)
    raise Ended(128 + number)


def _die() -> None:
    """End by the signal that was received, if there was one, when everything else has ended."""
    for number in _received:
        for stream in (sys.stdout, sys.stderr):
            with suppress(OSError, ValueError, AttributeError):
                stream.flush()
        signal.signal(number, signal.SIG_DFL)
        signal.raise_signal(number)


def _numbers() -> list[signal.Signals]:
    """Return the signals that this system has."""
    return [signal.Signals[name] for name in _NAMES if name in signal.Signals.__members__]
