"""The bounds of a request: its time, its connection, its redirect, its header."""

import gc
import json
import threading
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import pytest

from bokko_cli.deadline import Deadline
from bokko_cli.errors import BokkoError, UnexpectedAnswer, Unreachable
from bokko_cli.network.body import LONGEST_BODY, LONGEST_TOGETHER
from bokko_cli.network.client import Client, Response
from bokko_cli.network.exchange import USUAL_PACE, Pace
from tests import servers
from tests.contract.limited_client import GOOD, HURRIED, PATIENT, SECRET, always, client, failure, get
from tests.permits import ANYTHING
from tests.servers import (
    MEGABYTE,
    Drip,
    DripHead,
    Endless,
    Hang,
    Reset,
    Seen,
    Server,
    Truncate,
    Verbatim,
    head,
    in_turn,
    json_answer,
    redirect,
)


def test_usual_bounds_are_the_promised_ones() -> None:
    assert Pace(connect=5, exchange=20, first_wait=0.6) == USUAL_PACE
    assert (LONGEST_BODY, LONGEST_TOGETHER) == (10 * MEGABYTE, 12 * MEGABYTE)


def test_answer_comes_back_whatever_its_status() -> None:
    answer, _ = get(json_answer(418, {"a": 1}, {"X-More": "2"}))
    assert isinstance(answer, Response)
    assert (answer.status, json.loads(answer.body), answer.headers["x-more"]) == (418, {"a": 1}, "2")


def test_request_carries_the_key_and_asks_for_plain_or_gzipped_json() -> None:
    _, (seen,) = get(GOOD)
    assert seen.headers["x-api-key"] == SECRET
    assert (seen.headers["accept"], seen.headers["accept-encoding"]) == ("application/json", "gzip")
    assert seen.headers["user-agent"].startswith("bokko/")


@pytest.mark.parametrize(
    "answer",
    [Hang(), Drip(b"x" * 100_000, seconds=0.01), DripHead(seconds=0.01), Endless(b"x", seconds=0.01)],
    ids=["hanging", "body byte by byte", "head byte by byte", "chunks byte by byte"],
)
def test_exchange_that_takes_too_long_is_given_up_and_not_repeated(answer: servers.ScriptedAnswer) -> None:
    started = time.monotonic()
    error, tries = failure(answer, HURRIED)
    assert type(error) is Unreachable
    assert error.message == "Billingo did not answer in time."
    assert tries == 1
    assert time.monotonic() - started < 10


def test_deadline_bounds_an_exchange_that_may_take_longer() -> None:
    started = time.monotonic()
    error, _ = failure(Hang(), Pace(exchange=60), seconds=0.3)
    assert error.message == "Billingo did not answer in time."
    assert time.monotonic() - started < 10


def test_nothing_is_sent_once_the_deadline_is_over() -> None:
    with Server(always(GOOD)) as server, client(server.url, seconds=0) as asking:
        for _ in range(30):
            with pytest.raises(Unreachable, match="did not answer in time"):
                asking.get("/x")
    assert server.seen == []


def test_thread_left_behind_ends_with_the_time_of_its_exchange() -> None:
    before = set(threading.enumerate())
    with Server(always(Drip(b"x" * 100_000, seconds=0.01))) as server, client(server.url, HURRIED) as asking:
        with pytest.raises(Unreachable):
            asking.get("/x")
        wait_until(lambda: not [thread for thread in threading.enumerate() if thread.daemon and thread not in before])


def wait_until(is_so: Callable[[], bool], seconds: float = 10) -> None:
    ends = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < ends
        time.sleep(0.005)


def test_closed_client_sends_nothing_more() -> None:
    waits = threading.Event()
    with Server(always(json_answer(500, {}))) as server:
        opened = Client(server.url, "Billingo", ANYTHING, {}, Deadline(30), lambda _: waits.set(), Pace(first_wait=0.2))
        outcome: list[BokkoError] = []

        def ask() -> None:
            try:
                opened.get("/x")
            except BokkoError as error:
                outcome.append(error)

        asking = threading.Thread(target=ask)
        asking.start()
        assert waits.wait(10)
        opened.close()
        asking.join(10)
        assert len(server.seen) == 1
        assert isinstance(outcome[0], Unreachable)


@dataclass(frozen=True)
class HoldsOn:
    """Says nothing until it is let go, then answers."""

    answer: servers.ScriptedAnswer
    let_go: threading.Event

    def send(self, line: servers.Line) -> None:
        assert self.let_go.wait(10)
        self.answer.send(line)


@pytest.mark.parametrize("answer", [json_answer(500, {}), Reset()], ids=["failing", "breaking off"])
def test_closed_client_tells_nothing_of_what_comes_of_its_requests(answer: servers.ScriptedAnswer) -> None:
    told: list[str] = []
    let_go = threading.Event()
    with Server(always(HoldsOn(answer, let_go))) as server:
        opened = Client(server.url, "Billingo", ANYTHING, {}, Deadline(30), told.append, PATIENT)
        with ThreadPoolExecutor(1) as beside:
            outcome = beside.submit(opened.get, "/x")
            wait_until(lambda: bool(server.seen))
            opened.close()
            let_go.set()
            assert isinstance(outcome.exception(10), Unreachable)
    assert told == []


@dataclass(frozen=True)
class TellsWhenLeft:
    """Gives an answer and waits for the client to close the connection."""

    answer: servers.ScriptedAnswer
    left: threading.Event

    def send(self, line: servers.Line) -> None:
        try:
            self.answer.send(line)
            line.wait_for_the_client_to_leave()
        finally:
            self.left.set()


def test_connections_are_closed_with_the_client() -> None:
    left = threading.Event()
    with Server(always(TellsWhenLeft(GOOD, left))) as server:
        with client(server.url) as asking:
            asking.get("/x")
            assert not left.is_set()
        assert left.wait(10)
    gc.collect()


def test_connection_of_an_answer_that_is_too_long_is_closed_at_once() -> None:
    left = threading.Event()
    with Server(always(TellsWhenLeft(Endless(), left))) as server, client(server.url) as asking:
        with pytest.raises(UnexpectedAnswer):
            asking.get("/x").read()
        assert left.wait(10)


@pytest.mark.parametrize(
    "answer",
    [
        Reset(),
        Reset(b"HTTP/1.1 200 OK\r\nContent-Le"),
        Reset(head(200, {"Content-Length": "100"}) + b"{"),
        Truncate(b'{"data": []}', 5),
        Verbatim(b""),
        Verbatim(b"SSH-2.0-OpenSSH_9.2\r\n"),
        Verbatim(head(200, {"Transfer-Encoding": "chunked"}) + b"zz\r\n"),
        DripHead(seconds=0),
    ],
    ids=["reset", "reset in head", "reset in body", "truncated", "closed", "not HTTP", "bad chunk", "endless head"],
)
def test_broken_connection_is_tried_four_times_and_then_unreachable(answer: servers.ScriptedAnswer) -> None:
    error, tries = failure(answer)
    assert type(error) is Unreachable
    assert error.message == "Could not reach Billingo: the connection was lost."
    assert tries == 4


def test_connection_that_breaks_once_is_forgiven() -> None:
    answer, seen = get(in_turn(Reset(), Truncate(b"{}", 1), GOOD))
    assert isinstance(answer, Response)
    assert len(seen) == 3


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_redirect_is_never_followed_and_the_key_not_sent_on(status: int) -> None:
    with Server(always(GOOD)) as elsewhere:
        error, tries = failure(redirect(f"{elsewhere.url}/x", status))
        assert elsewhere.seen == []
    assert type(error) is UnexpectedAnswer
    assert (error.message, tries) == (f"Billingo answered with a redirect (HTTP {status}).", 1)


@pytest.mark.parametrize(
    "location", ["http://[", "//", "", "javascript:x", "http://a:99999/", "/" * 60_000, "\x1b]0;x"]
)
def test_redirect_to_nowhere_is_told_as_a_redirect(location: str) -> None:
    error, tries = failure(redirect(location))
    assert (error.message, tries) == ("Billingo answered with a redirect (HTTP 302).", 1)


def test_cookies_are_not_kept() -> None:
    with Server(always(json_answer(200, {}, {"Set-Cookie": "a=b"}))) as server, client(server.url) as asking:
        asking.get("/x")
        asking.get("/x")
        assert "cookie" not in server.seen[1].headers


@pytest.mark.parametrize(
    ("headers", "body", "is_html"),
    [
        ({}, b"<html>", True),
        ({}, b"\xef\xbb\xbf \r\n\t<!DOCTYPE html>", True),
        ({"content-type": "Text/HTML; charset=utf-8"}, b"Please log in", True),
        ({"content-type": "text/html"}, b"", True),
        ({"content-type": "text/html"}, b'{"error": {}}', False),
        ({"content-type": "application/json"}, b"", False),
        ({}, b"no", False),
    ],
)
def test_web_page_is_told_from_data(headers: Mapping[str, str], body: bytes, is_html: bool) -> None:
    assert Response(200, headers, body).is_html is is_html


def test_connections_are_used_again() -> None:
    connections: set[threading.Thread] = set()

    def answer(_: Seen) -> servers.ScriptedAnswer:
        connections.add(threading.current_thread())
        return GOOD

    with Server(answer) as server, client(server.url) as asking:
        for _ in range(3):
            asking.get("/x")
    assert len(connections) == 1


def test_header_that_is_not_ascii_harms_nothing() -> None:
    answer, _ = get(json_answer(200, {}, {"X-Name": "\xe1rv\xedz", "Content-Type": "\xff"}))
    assert isinstance(answer, Response)
    assert answer.headers["x-name"] == "\xe1rv\xedz"
