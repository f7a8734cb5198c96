"""Calls that may hang: on daemon threads, never waited for longer than told."""

import threading
import time
from collections.abc import Callable, Generator, Sequence
from contextlib import closing, suppress
from functools import partial
from queue import Empty, SimpleQueue
from typing import TypeVar

from bokko_cli.errors import BokkoError, Unreachable

COMMAND_SECONDS = 45.0
T = TypeVar("T")


class Deadline:
    """The moment by which all requests of a command, with their retries and pages, must have ended."""

    def __init__(self, seconds: float = COMMAND_SECONDS) -> None:
        self._seconds = seconds
        self.restart()

    def restart(self) -> None:
        """Begin anew: a person has just answered."""
        self._ends = time.monotonic() + self._seconds

    def left(self) -> float:
        """Seconds left, never below zero."""
        return max(0.0, self._ends - time.monotonic())


class TimedOut(Exception):
    """A call did not come back in time; its thread was left behind."""


def run_within(seconds: float, call: Callable[[], T]) -> T:
    """Return what `call` returns or raise what it raises; TimedOut after `seconds`.

    The thread is a daemon: one that hangs for ever does not keep the process alive.
    """
    outcome: SimpleQueue[T | BaseException] = SimpleQueue()
    threading.Thread(target=_report, args=(call, outcome.put), daemon=True).start()
    try:
        result = outcome.get(timeout=seconds)
    except Empty:
        raise TimedOut from None
    if isinstance(result, BaseException):
        raise result
    return result


def run_all(calls: Sequence[Callable[[], T]], deadline: Deadline, at_most: int = 8) -> list[T | BokkoError]:
    """Run calls side by side, `at_most` at once; return for each its value or the BokkoError it raised.

    A call that has not come back by the deadline counts as Unreachable. Any other exception passes through.
    """
    results: list[T | BokkoError] = [_no_answer() for _ in calls]
    with closing(_outcomes(calls, deadline, at_most)) as outcomes:
        for position, outcome in outcomes:
            results[position] = outcome
    return results


def run_whole(calls: Sequence[Callable[[], T]], deadline: Deadline, at_most: int = 8) -> list[T]:
    """Run calls side by side whose values count together only: the first failure is raised, and no call begins after.

    Raises Unreachable at the deadline.
    """
    values: dict[int, T] = {}
    with closing(_outcomes(calls, deadline, at_most)) as outcomes:
        for position, outcome in outcomes:
            if isinstance(outcome, BokkoError):
                raise outcome
            values[position] = outcome
    if len(values) < len(calls):
        raise _no_answer()
    return [values[position] for position in range(len(calls))]


def _no_answer() -> Unreachable:
    return Unreachable("No answer came in time.")


def _outcomes(
    calls: Sequence[Callable[[], T]], deadline: Deadline, at_most: int
) -> Generator[tuple[int, T | BokkoError], None, None]:
    """Yield what comes back, in the order in which it does, until the deadline; leaving early begins no more calls."""
    waiting: SimpleQueue[tuple[int, Callable[[], T]]] = SimpleQueue()
    arrived: SimpleQueue[tuple[int, T | BaseException]] = SimpleQueue()
    is_over = threading.Event()
    for numbered in enumerate(calls):
        waiting.put(numbered)
    for _ in range(min(at_most, len(calls))):
        threading.Thread(target=_work, args=(waiting, arrived, is_over), daemon=True).start()
    try:
        for _ in calls:
            position, outcome = arrived.get(timeout=deadline.left())
            if isinstance(outcome, BaseException) and not isinstance(outcome, BokkoError):
                raise outcome
            yield position, outcome
    except Empty:
        return
    finally:
        is_over.set()


def _work(
    waiting: SimpleQueue[tuple[int, Callable[[], T]]],
    arrived: SimpleQueue[tuple[int, T | BaseException]],
    is_over: threading.Event,
) -> None:
    while not is_over.is_set():
        try:
            position, call = waiting.get_nowait()
        except Empty:
            return
        _report(call, partial(_put_numbered, arrived, position))


def _put_numbered(
    outcomes: SimpleQueue[tuple[int, T | BaseException]], position: int, outcome: T | BaseException
) -> None:
    outcomes.put((position, outcome))


def _report(call: Callable[[], T], put: Callable[[T | BaseException], None]) -> None:
    try:
        put(call())
    except BaseException as error:  # noqa: BLE001 - carried to the thread that waits, which raises it
        _forget_locals(error)
        put(error)


def _forget_locals(error: BaseException | None) -> None:
    """Let go of what the failed calls held: a failure is kept for long, and would keep keys and megabytes with it."""
    while error is not None:
        at = error.__traceback__
        while at is not None:
            with suppress(RuntimeError):  # a frame that still runs
                at.tb_frame.clear()
            at = at.tb_next
        error = error.__cause__ or error.__context__
