"""What is tried again, when, and what is said of it."""

import logging
import time
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from bokko_cli.deadline import Deadline
from bokko_cli.errors import BokkoError, Unreachable
from bokko_cli.network.client import Response
from bokko_cli.network.exchange import Pace
from bokko_cli.network.retry import RetryPolicy, seconds_told
from tests import servers
from tests.contract.limited_client import GOOD, HURRIED, SECRET, always, client, failure, get, ignore
from tests.servers import (
    DripHead,
    Reset,
    Server,
    in_turn,
    json_answer,
    raw_answer,
)

RETRY_AFTER = "Retry-After"


@pytest.mark.parametrize("status", [429, 500, 502, 503, 504])
def test_passing_trouble_is_tried_again_and_said(status: int) -> None:
    told: list[str] = []
    answer, seen = get(in_turn(json_answer(status, {}), GOOD), tell=told.append)
    assert isinstance(answer, Response)
    assert (answer.status, len(seen)) == (200, 2)
    (line,) = told
    assert line.startswith(f"Billingo answered {status}; trying again in ")


def test_lasting_trouble_comes_back_after_four_tries_each_wait_longer_and_said() -> None:
    told: list[str] = []
    answer, seen = get(json_answer(500, {"at": "last"}), Pace(first_wait=0.05), tell=told.append)
    assert isinstance(answer, Response)
    assert (answer.status, answer.body) == (500, b'{"at": "last"}')
    assert len(seen) == 4
    assert len(told) == 3
    for number in range(3):
        between = seen[number + 1].at - seen[number].at
        assert between >= 0.025 * 2**number


def test_waits_are_not_the_same_for_everybody(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG, "bokko.client")
    for _ in range(4):
        get(in_turn(json_answer(500, {}), GOOD), Pace(first_wait=0.05))
    waits = [record.args[-1] for record in caplog.records if "attempt" in record.msg and isinstance(record.args, tuple)]
    assert len(set(waits)) == 4
    assert all(isinstance(wait, float) and 0.025 <= wait <= 0.05 for wait in waits)


@pytest.mark.parametrize("status", [400, 401, 402, 403, 404, 409, 422, 451, 501, 505])
def test_answer_that_will_stay_is_not_asked_for_again(status: int) -> None:
    _, seen = get(json_answer(status, {}))
    assert len(seen) == 1


def test_break_is_said_with_its_wait() -> None:
    told: list[str] = []
    get(in_turn(Reset(), GOOD), tell=told.append)
    assert len(told) == 1
    assert told[0] == "The connection to Billingo was lost; trying again in 1 s…"


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (json_answer(200, {}), "200 in "),
        (DripHead(seconds=0.01), "no answer within 0.3 s"),
        (Reset(), "ReadError after "),
        (raw_answer(200, b"x", {"Content-Encoding": "br"}), "Billingo's answer is compressed"),
        (raw_answer(200, b"no gzip", {"Content-Encoding": "gzip"}), "Billingo's answer could not"),
    ],
    ids=["answered", "dripping", "reset", "packed", "broken"],
)
def test_log_tells_how_an_exchange_went(
    caplog: pytest.LogCaptureFixture, answer: servers.ScriptedAnswer, said: str
) -> None:
    caplog.set_level(logging.DEBUG, "bokko.client")
    with Server(always(answer)) as server, client(server.url, HURRIED) as asking, suppress(BokkoError):
        asking.get("/x")
    assert caplog.messages[0].startswith(f"GET {server.url}/x: {said}")
    assert SECRET not in caplog.text


def test_post_is_never_sent_twice() -> None:
    for answer in (json_answer(500, {}), json_answer(429, {}), Reset()):
        with Server(always(answer)) as server, client(server.url) as asking:
            with suppress(Unreachable):
                asking.post_file("/x", "field", b"<x/>")
            assert [seen.method for seen in server.seen] == ["POST"]


def test_wait_that_is_told_is_kept() -> None:
    busy = json_answer(429, {}, {RETRY_AFTER: "1"})
    told: list[str] = []
    answer, seen = get(in_turn(busy, GOOD), tell=told.append)
    assert isinstance(answer, Response)
    assert answer.status == 200
    assert seen[1].at - seen[0].at >= 1
    assert told == ["Billingo answered 429; trying again in 1 s…"]


@pytest.mark.parametrize(
    "value",
    ["0", "Sun, 06 Nov 1994 08:49:37 GMT", "", "soon", "-5", "1.5", "²", "Sun, 99 Nov 1994 08:49:37 GMT", "\x1b[31m"],
)
def test_wait_of_nothing_or_nonsense_becomes_our_own(value: str) -> None:
    answer, seen = get(in_turn(json_answer(429, {}, {RETRY_AFTER: value}), GOOD))
    assert isinstance(answer, Response)
    assert (answer.status, len(seen)) == (200, 2)
    assert seen[1].at - seen[0].at >= 0.005


@pytest.mark.parametrize("value", ["3600", "31", "9" * 400, "Fri, 31 Dec 9999 23:59:59 GMT"])
def test_wait_that_is_too_long_is_not_waited_but_told(value: str) -> None:
    error, tries = failure(json_answer(429, {}, {RETRY_AFTER: value}), seconds=45)
    assert type(error) is Unreachable
    assert error.message.startswith("Billingo is busy and asks to wait ")
    assert tries == 1
    if value == "3600":
        assert "1:00:00" in error.message
        assert error.fix == "Try again after that time."


def test_wait_beyond_the_deadline_is_not_begun() -> None:
    started = time.monotonic()
    error, tries = failure(json_answer(503, {}, {RETRY_AFTER: "20"}), seconds=5)
    assert "asks to wait 0:00:20" in error.message
    assert tries == 1
    assert time.monotonic() - started < 5


def test_answer_is_given_back_when_there_is_no_time_to_try_again() -> None:
    answer, seen = get(json_answer(500, {"trace": "x"}), Pace(first_wait=60), seconds=30)
    assert isinstance(answer, Response)
    assert (answer.status, len(seen)) == (500, 1)


def test_no_wait_is_begun_that_could_outlast_the_deadline() -> None:
    policy = RetryPolicy.of("Billingo", Deadline(10), ignore, first_wait=8)
    assert not policy.is_exhausted()
    assert policy.increment().is_exhausted()
    assert RetryPolicy.of("Billingo", Deadline(10), ignore, first_wait=12).is_exhausted()


def test_told_seconds_and_dates_are_understood() -> None:
    soon = datetime.now(UTC) + timedelta(seconds=100)
    assert seconds_told("7") == 7
    assert 95 < seconds_told(format_datetime(soon, usegmt=True)) <= 100
    assert 95 < seconds_told(format_datetime(soon.replace(tzinfo=None))) <= 100
    assert seconds_told("Sun, 06 Nov 1994 08:49:37 GMT") == 0
    assert seconds_told("Mon, 01 Jan 0001 00:00:00 +2359") == 0
    assert seconds_told("Mon, 01 Jan 99999999999999999999 00:00:00 GMT") == 0
