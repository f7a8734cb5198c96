"""Signals that wait until a question is over, and are raised then as if they came only now."""

import os
import signal
from types import FrameType

import pytest

from bokko_cli.prompter.waiting_signals import waiting_signals

pytestmark = pytest.mark.skipif(os.name == "nt", reason="a process cannot signal itself so")


class EndedAtLast(Exception):
    """What the program makes of a signal that ends it."""


@pytest.fixture(autouse=True)
def ending() -> None:
    def end(number: int, _at: FrameType | None) -> None:
        raise EndedAtLast(number)

    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, end)
    signal.signal(signal.SIGINT, signal.default_int_handler)


class OpenQuestion:
    """What is struck; leaving it goes on in the next step, as in an event loop."""

    def __init__(self) -> None:
        self.left = 0
        self.steps = 0

    def leave(self) -> None:
        self.left += 1

    def strike(self, *numbers: int) -> bool:
        """Return whether it heard of the signals before it was over."""
        with waiting_signals(self.leave) as has_come:
            for number in numbers:
                os.kill(os.getpid(), number)
            self.steps += 1
            return has_come()


@pytest.mark.parametrize(
    ("number", "error"),
    [(signal.SIGINT, KeyboardInterrupt), (signal.SIGTERM, EndedAtLast), (signal.SIGHUP, EndedAtLast)],
)
def test_signal_asks_the_question_to_end_and_is_raised_behind_it(
    number: signal.Signals, error: type[BaseException]
) -> None:
    question = OpenQuestion()
    with pytest.raises(error):
        question.strike(number)
    assert (question.left, question.steps) == (1, 1)
    with pytest.raises(error):
        os.kill(os.getpid(), number)


def test_question_without_a_signal_leaves_every_handler_as_it_was() -> None:
    before = [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)]
    assert not OpenQuestion().strike()
    assert [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)] == before


def test_ctrl_c_held_down_waits_as_one_does() -> None:
    question = OpenQuestion()
    with pytest.raises(KeyboardInterrupt):
        question.strike(*[signal.SIGINT] * 5)
    assert question.steps == 1


def test_second_signal_to_end_does_not_wait_for_a_question_that_hangs() -> None:
    question = OpenQuestion()
    with pytest.raises(EndedAtLast):
        question.strike(signal.SIGTERM, signal.SIGTERM)
    assert question.steps == 0


def test_ignored_signal_stays_ignored() -> None:
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    question = OpenQuestion()
    assert not question.strike(signal.SIGHUP)
    assert (question.left, question.steps) == (0, 1)
    assert signal.getsignal(signal.SIGHUP) is signal.SIG_IGN
