"""A wait is shown once it is long enough to be noticed, and never put off by what shows it."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from bokko_cli.output.waiting import NOTICED_SECONDS, shown_when_long

LONG = 30.0


class Spinner:
    """Notes what it is told to show; `breaks` stands for a terminal that is gone."""

    def __init__(self, *, breaks: Exception | None = None) -> None:
        self.news: list[str] = []
        self.is_turning = threading.Event()
        self.has_stopped = False
        self._breaks = breaks

    @contextmanager
    def __call__(self, text: str) -> Iterator[Callable[[str], None]]:
        self.news.append(text)
        self.is_turning.set()
        if self._breaks:
            raise self._breaks
        yield self.news.append
        self.has_stopped = True


def test_a_quick_answer_shows_nothing() -> None:
    spinner = Spinner()
    with shown_when_long(spinner, "Asking…"):
        pass
    assert spinner.news == []


def test_a_long_wait_is_shown_until_it_ends() -> None:
    spinner = Spinner()
    began = time.monotonic()
    with shown_when_long(spinner, "Asking…") as change:
        assert spinner.is_turning.wait(LONG)
        assert time.monotonic() - began >= NOTICED_SECONDS
        change("Busy; trying again…")
    assert spinner.news == ["Asking…", "Busy; trying again…"]
    assert spinner.has_stopped


def test_news_are_shown_at_once() -> None:
    spinner = Spinner()
    with shown_when_long(spinner, "Asking…") as change:
        change("Busy; trying again…")
        assert spinner.is_turning.wait(LONG)
    assert spinner.news == ["Busy; trying again…"]


def test_a_block_that_fails_stops_it_too() -> None:
    spinner = Spinner()

    def interrupted() -> None:
        with shown_when_long(spinner, "Asking…"):
            assert spinner.is_turning.wait(LONG)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert spinner.has_stopped


@pytest.mark.parametrize("failure", [OSError("the terminal is gone"), RuntimeError("can't start new thread")])
def test_a_spinner_that_fails_stops_nothing_else(failure: Exception) -> None:
    spinner = Spinner(breaks=failure)
    with shown_when_long(spinner, "Asking…") as change:
        assert spinner.is_turning.wait(LONG)
        change("Busy; trying again…")
    assert spinner.news == ["Asking…"]
