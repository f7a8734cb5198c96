"""Ctrl-C as a wish: the first one is noted, so that what was begun is cleaned up; the second one leaves at once."""

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from types import FrameType

IsStopping = Callable[[], bool]


@contextmanager
def deferred_interrupt(tell: Callable[[], None]) -> Iterator[IsStopping]:
    """Hand out whether somebody wants to leave; `tell` is called when they do. The second wish is KeyboardInterrupt."""
    wished = threading.Event()

    def note(_signal: int, _frame: FrameType | None) -> None:
        if wished.is_set():
            raise KeyboardInterrupt
        wished.set()
        with suppress(RuntimeError):  # the stream is being written to just now, and cannot be entered twice
            tell()

    if threading.current_thread() is not threading.main_thread():
        yield wished.is_set
        return
    before = signal.signal(signal.SIGINT, note)
    try:
        yield wished.is_set
    finally:
        signal.signal(signal.SIGINT, before)
