"""Requests side by side, until the deadline."""

import threading
import time
from collections.abc import Callable, Generator, Sequence
from contextlib import closing
from functools import partial
from queue import Empty, SimpleQueue
from typing import TypeVar

from bokko_cli.deadline import NO_THREAD, NO_THREAD_FIX, Deadline, NoThread, next_of, report, start_thread
from bokko_cli.errors import BokkoError, Unreachable
from bokko_cli.model.wording import N_

T = TypeVar("T")


def run_all(calls: Sequence[Callable[[], T]], deadline: Deadline, at_most: int = 8) -> list[T | BokkoError]:
    """Run calls side by side, `at_most` at once; return for each its value or the BokkoError it raised.

    A call that has not come back by the deadline counts as Unreachable. Any other exception passes through.
    """
    results: list[T | BokkoError] = [_no_answer() for _ in calls]
    with closing(as_they_come(calls, deadline, at_most)) as outcomes:
        for position, outcome in outcomes:
            results[position] = outcome
    return results


class Stopwatch:
    """Measures calls by name, on whichever thread each of them runs."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}

    def timed(self, name: str, call: Callable[[], T]) -> Callable[[], T]:
        """Return the call, which keeps how long it took, whether it returns or raises."""

        def measured() -> T:
            began = time.monotonic()
            try:
                return call()
            finally:
                self.seconds[name] = time.monotonic() - began

        return measured


def run_whole(calls: Sequence[Callable[[], T]], deadline: Deadline, at_most: int = 8) -> list[T]:
    """Run calls side by side whose values count together only: the first failure is raised, and no call begins after.

    Raises Unreachable at the deadline.
    """
    values: dict[int, T] = {}
    with closing(as_they_come(calls, deadline, at_most)) as outcomes:
        for position, outcome in outcomes:
            if isinstance(outcome, BokkoError):
                raise outcome
            values[position] = outcome
    if len(values) < len(calls):
        raise _no_answer()
    return [values[position] for position in range(len(calls))]


def _no_answer() -> Unreachable:
    return Unreachable(N_("No answer came in time."))


def as_they_come(
    calls: Sequence[Callable[[], T]], deadline: Deadline, at_most: int = 8
) -> Generator[tuple[int, T | BokkoError], None, None]:
    """Yield position and outcome of each call that comes back, until the deadline; leaving early begins no more calls.

    Any exception but a BokkoError is raised.
    """
    waiting: SimpleQueue[tuple[int, Callable[[], T]]] = SimpleQueue()
    arrived: SimpleQueue[tuple[int, T | BaseException]] = SimpleQueue()
    is_over = threading.Event()
    for numbered in enumerate(calls):
        waiting.put(numbered)
    started = _start_workers(min(at_most, len(calls)), waiting, arrived, is_over)
    if calls and not started:
        yield from ((position, Unreachable(NO_THREAD, fix=NO_THREAD_FIX)) for position in range(len(calls)))
        return
    try:
        for _ in calls:
            position, outcome = next_of(arrived, deadline.left())
            if isinstance(outcome, BaseException) and not isinstance(outcome, BokkoError):
                raise outcome
            yield position, outcome
    except Empty:
        return
    finally:
        is_over.set()


def _start_workers(
    wanted: int,
    waiting: SimpleQueue[tuple[int, Callable[[], T]]],
    arrived: SimpleQueue[tuple[int, T | BaseException]],
    is_over: threading.Event,
) -> int:
    """Return how many could be started: with fewer it takes longer, and that is all."""
    for started in range(wanted):
        try:
            start_thread(_work, waiting, arrived, is_over)
        except NoThread:
            return started
    return wanted


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
        report(call, partial(_put_numbered, arrived, position))


def _put_numbered(
    outcomes: SimpleQueue[tuple[int, T | BaseException]], position: int, outcome: T | BaseException
) -> None:
    outcomes.put((position, outcome))
