"""Calls on other threads are never waited for longer than told."""

import gc
import signal
import threading
import time
import weakref
from collections.abc import Callable
from functools import partial
from queue import Empty, SimpleQueue

import pytest

from bokko_cli.deadline import COMMAND_SECONDS, SLICE_SECONDS, Deadline, TimedOut, next_of, run_within
from bokko_cli.errors import Unreachable
from bokko_cli.network.parallel import run_all, run_whole

LONG = 30.0
SOON = 2.0


def refuse() -> int:
    raise Unreachable("down")


def stumble() -> int:
    raise KeyError("a bug")


def hang(until: threading.Event) -> int:
    assert until.wait(LONG)
    return 0


def hanging(until: threading.Event) -> Callable[[], int]:
    return lambda: hang(until)


def beginning(begun: list[int]) -> Callable[[], int]:
    def call() -> int:
        begun.append(1)
        time.sleep(0.01)
        return 1

    return call


def value(number: int) -> Callable[[], int]:
    return lambda: number


def test_deadline_of_a_command_is_45_seconds() -> None:
    assert COMMAND_SECONDS == 45
    assert 44 < Deadline().left() <= 45


def test_deadline_runs_down_and_stops_at_nothing() -> None:
    assert Deadline(0).left() == 0
    assert Deadline(-1).left() == 0


def test_deadline_begins_anew_when_a_person_has_answered() -> None:
    deadline = Deadline(LONG)
    before = deadline.left()
    while deadline.left() == before:
        pass
    spent = deadline.left()
    deadline.restart()
    assert spent < deadline.left() <= LONG


def test_value_of_a_call_comes_back() -> None:
    assert run_within(LONG, value(7)) == 7


def test_error_of_a_call_comes_back_as_it_was_raised() -> None:
    with pytest.raises(KeyError, match="a bug"):
        run_within(LONG, stumble)


def test_call_that_hangs_is_left_behind_on_a_daemon_thread() -> None:
    released = threading.Event()
    threads: list[threading.Thread] = []

    def call() -> int:
        threads.append(threading.current_thread())
        return hang(released)

    with pytest.raises(TimedOut):
        run_within(0.05, call)
    released.set()
    (thread,) = threads
    assert thread.daemon
    thread.join(LONG)
    assert not thread.is_alive()


def test_values_stand_in_the_order_of_the_calls_whatever_comes_first() -> None:
    last_is_done = threading.Event()

    def first() -> int:
        return hang(last_is_done)

    def last() -> int:
        last_is_done.set()
        return 1

    assert run_all([first, last], Deadline(LONG)) == [0, 1]
    last_is_done.clear()
    assert run_whole([first, last], Deadline(LONG)) == [0, 1]


def test_calls_begin_at_the_same_time() -> None:
    together = threading.Barrier(3)
    assert sorted(run_all([partial(together.wait, LONG)] * 3, Deadline(LONG)), key=str) == [0, 1, 2]


def test_no_more_calls_run_at_once_than_allowed() -> None:
    guard, busy, busiest = threading.Lock(), 0, 0

    def call() -> None:
        nonlocal busy, busiest
        with guard:
            busy += 1
            busiest = max(busiest, busy)
        time.sleep(0.005)
        with guard:
            busy -= 1

    run_all([call] * 20, Deadline(LONG), at_most=4)
    assert 1 < busiest <= 4


def test_failure_of_one_call_stands_in_its_place() -> None:
    first, second, third = run_all([value(1), refuse, value(3)], Deadline(LONG))
    assert (first, third) == (1, 3)
    assert isinstance(second, Unreachable)
    assert second.message == "down"


@pytest.mark.parametrize("run", [run_all, run_whole])
def test_what_is_no_error_of_ours_passes_through(run: Callable[[list[Callable[[], int]], Deadline], object]) -> None:
    with pytest.raises(KeyError):
        run([value(1), stumble], Deadline(LONG))


def test_call_that_has_not_come_back_by_the_deadline_is_unreachable() -> None:
    released = threading.Event()
    done, late = run_all([value(1), hanging(released)], Deadline(0.2))
    released.set()
    assert done == 1
    assert isinstance(late, Unreachable)


def test_calls_that_count_together_fail_together() -> None:
    with pytest.raises(Unreachable, match="down"):
        run_whole([value(1), refuse], Deadline(LONG))
    released = threading.Event()
    with pytest.raises(Unreachable, match="No answer came in time"):
        run_whole([value(1), hanging(released)], Deadline(0.2))
    released.set()


def test_nothing_begins_after_the_first_failure() -> None:
    begun: list[int] = []
    first_has_failed = threading.Event()
    threads: list[threading.Thread] = []

    def wait_for_the_failure() -> int:
        threads.append(threading.current_thread())
        return hang(first_has_failed)

    waits_begun = [wait_for_the_failure, refuse]
    with pytest.raises(Unreachable, match="down"):
        run_whole([*waits_begun, *[beginning(begun)] * 100], Deadline(LONG), at_most=1 + 1)
    soon = len(begun)
    first_has_failed.set()
    for thread in threads:
        thread.join(LONG)
    assert len(begun) - soon <= 1
    assert len(begun) < 100


def test_nothing_begins_after_the_deadline() -> None:
    begun: list[int] = []
    run_all([beginning(begun)] * 100, Deadline(0.05), at_most=1)
    soon = len(begun)
    time.sleep(0.05)
    assert len(begun) - soon <= 1
    assert len(begun) < 100


def test_no_calls_give_no_values() -> None:
    assert run_all([], Deadline(LONG)) == []
    assert run_whole([], Deadline(LONG)) == []


def test_failure_does_not_keep_what_its_call_held() -> None:
    class Held:
        pass

    left: list[weakref.ref[Held]] = []

    def call() -> int:
        held = Held()
        left.append(weakref.ref(held))
        try:
            return stumble()
        except KeyError as error:
            raise Unreachable("down") from error

    (failure,) = run_all([call], Deadline(LONG))
    assert isinstance(failure, Unreachable)
    assert failure.__traceback__ is not None
    gc.collect()
    assert left[0]() is None


@pytest.mark.skipif(not hasattr(signal, "pthread_kill"), reason="a thread cannot be signalled here")
def test_signal_that_reaches_another_thread_is_heard_while_waiting() -> None:
    heard: SimpleQueue[str] = SimpleQueue()
    before = signal.signal(signal.SIGINT, lambda *_: heard.put("Ctrl-C"))
    try:
        elsewhere = threading.Thread(target=lambda: signal.pthread_kill(threading.get_ident(), signal.SIGINT))
        threading.Timer(0.1, elsewhere.start).start()
        assert next_of(heard, SOON) == "Ctrl-C"
    finally:
        signal.signal(signal.SIGINT, before)


def test_nothing_comes_after_its_seconds() -> None:
    with pytest.raises(Empty):
        next_of(SimpleQueue(), SLICE_SECONDS * 1.5)
    with pytest.raises(Empty):
        next_of(SimpleQueue(), 0)


def test_what_is_there_already_is_taken_at_the_deadline() -> None:
    waiting: SimpleQueue[int] = SimpleQueue()
    waiting.put(1)
    assert next_of(waiting, 0) == 1
