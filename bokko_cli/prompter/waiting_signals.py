"""Signals that wait until a question has given the terminal back.

An exception between two steps of the library that asks may be swallowed there, or leave the terminal in its modes.
"""

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

HasCome = Callable[[], bool]
_NAMES = ("SIGHUP", "SIGTERM", "SIGINT")
_WAITING = [signal.Signals[name] for name in _NAMES if name in signal.Signals.__members__]


@contextmanager
def waiting_signals(leave: Callable[[], None]) -> Iterator[HasCome]:
    """Hand out whether a signal has come, for which `leave` is called at once; it is raised again behind the block.

    Only Ctrl-C waits however often it comes: where the terminal takes no more, another signal still ends the command.
    """
    if threading.current_thread() is not threading.main_thread():
        yield lambda: False
        return
    before = {int(number): handler for number in _WAITING if callable(handler := signal.getsignal(number))}
    came: list[int] = []

    def note(number: int, _at: FrameType | None) -> None:
        came.append(number)
        if number != signal.SIGINT:
            signal.signal(number, before[number])
        leave()

    for number in before:
        signal.signal(number, note)
    try:
        yield lambda: bool(came)
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
        for number in came:
            signal.raise_signal(number)
