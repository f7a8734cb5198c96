"""Calls side by side: never more at once than told, each outcome by itself, and none begun after leaving."""

import threading
from contextlib import closing
from functools import partial
from pathlib import Path

import pytest

from bokko_cli.commands.all_profiles import AT_ONCE
from bokko_cli.deadline import COMMAND_SECONDS, Deadline
from bokko_cli.errors import BokkoError, Unreachable
from bokko_cli.network.parallel import as_they_come
from bokko_cli.prompter.base import NoPrompter
from tests.fakes import World


class Crowd:
    """Counts those inside at the same time; the first few wait for each other, so that the most is really reached."""

    def __init__(self, most: int) -> None:
        self.most = 0
        self._inside = 0
        self._guard = threading.Lock()
        self._full = threading.Barrier(most)
        self._left_to_meet = most

    def visit(self, number: int) -> int:
        with self._guard:
            self._inside += 1
            self.most = max(self.most, self._inside)
            self._left_to_meet -= 1
            meets = self._left_to_meet >= 0
        if meets:
            self._full.wait(timeout=20)
        with self._guard:
            self._inside -= 1
        return number


def test_never_more_than_eight_profiles_are_asked_at_once() -> None:
    crowd = Crowd(AT_ONCE)
    outcomes = dict(as_they_come([partial(crowd.visit, number) for number in range(40)], Deadline(), AT_ONCE))
    assert outcomes == {number: number for number in range(40)}
    assert crowd.most == AT_ONCE == 8


def test_failure_of_one_is_its_own_outcome() -> None:
    def fail() -> int:
        raise Unreachable("So.")

    outcomes = dict(as_they_come([lambda: 1, fail, lambda: 3], Deadline()))
    assert (outcomes[0], outcomes[2]) == (1, 3)
    assert isinstance(outcomes[1], BokkoError)


def test_what_nobody_foresaw_is_raised() -> None:
    def break_down() -> int:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        list(as_they_come([break_down], Deadline()))


def test_leaving_early_begins_no_more_calls() -> None:
    begun: list[int] = []
    is_left = threading.Event()

    def call(number: int) -> int:
        begun.append(number)
        if number:
            is_left.wait(timeout=20)
        return number

    calls = [partial(call, number) for number in range(20)]
    with closing(as_they_come(calls, Deadline(), at_most=2)) as outcomes:
        assert next(outcomes) == (0, 0)
    is_left.set()
    assert len(begun) <= 3


def test_each_profile_has_a_deadline_of_its_own(tmp_path: Path) -> None:
    ctx = World(tmp_path).context(NoPrompter())
    ours, bolt, shop = (scope.deadline for scope in (ctx.at("billingo"), *(ctx.at("billingo", name) for name in "bs")))
    assert ours is ctx.deadline
    assert len({id(deadline) for deadline in (ours, bolt, shop)}) == 3
    assert all(COMMAND_SECONDS - 5 < deadline.left() <= COMMAND_SECONDS for deadline in (bolt, shop))
