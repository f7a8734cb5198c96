"""Calls that may hang: run on daemon threads, and waited for no longer than a timeout."""

import threading
import time
from collections.abc import Callable
from contextlib import suppress
from queue import Empty, SimpleQueue
from typing import TypeVar

from bokko_cli.model.wording import N_

COMMAND_SECONDS = 45.0
SLICE_SECONDS = 0.2
NO_THREAD = N_("bokko cannot start another thread: this computer's limit on processes is reached.")
NO_THREAD_FIX = N_("Close other programs or raise the limit (ulimit -u, a container's pids.max), then try again.")
T = TypeVar("T")


class Deadline:
    """The moment by which all requests of a command, with their retries and pages, must have ended."""

    def __init__(self, seconds: float = COMMAND_SECONDS) -> None:
        self._seconds = seconds
        self.restart()

    def restart(self) -> None:
        """Start the time again: a person has just answered."""
        self._ends = time.monotonic() + self._seconds

    def left(self) -> float:
        """Seconds left, never below zero."""
        return max(0.0, self._ends - time.monotonic())


class TimedOut(Exception):
    """A call did not come back in time; its thread was left behind."""


class NoThread(RuntimeError):
    """No thread could be started: the machine's limit is reached."""


def start_thread(target: Callable[..., object], *arguments: object) -> threading.Thread:
    """Start a daemon thread, which does not keep the process alive when it hangs for ever; raises NoThread."""
    thread = threading.Thread(target=target, args=arguments, daemon=True)
    try:
        thread.start()
    except RuntimeError:
        raise NoThread from None
    return thread


def run_within(seconds: float, call: Callable[[], T]) -> T:
    """Return what `call` returns or raise what it raises; TimedOut after `seconds`, NoThread where none starts."""
    outcome: SimpleQueue[T | BaseException] = SimpleQueue()
    start_thread(report, call, outcome.put)
    try:
        result = next_of(outcome, seconds)
    except Empty:
        raise TimedOut from None
    if isinstance(result, BaseException):
        raise result
    return result


def next_of(queue: SimpleQueue[T], seconds: float) -> T:
    """Return what comes next; raises Empty after so many seconds.

    A Ctrl-C is heard within one slice of them: the system may tell another thread of it, and Windows none that waits.
    """
    ends = time.monotonic() + seconds
    while (left := ends - time.monotonic()) > SLICE_SECONDS:
        with suppress(Empty):
            return queue.get(timeout=SLICE_SECONDS)
    return queue.get(timeout=max(0.0, left))


def report(call: Callable[[], T], put: Callable[[T | BaseException], None]) -> None:
    """Put what a call returns, or what it raises, freed of all that the call held."""
    try:
        put(call())
    except BaseException as error:  # noqa: BLE001 - carried to the thread that waits, which raises it
        _forget_locals(error)
        put(error)


def _forget_locals(error: BaseException | None) -> None:
    """Release what the failed calls held: a failure is kept for long, and would keep keys and megabytes with it."""
    while error is not None:
        at = error.__traceback__
        while at is not None:
            with suppress(RuntimeError):  # a frame that still runs
                at.tb_frame.clear()
            at = at.tb_next
        error = error.__cause__ or error.__context__
