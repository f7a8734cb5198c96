"""One request is bounded in time and size, tried again where that is safe, and never follows anybody."""

import gc
import gzip
import json
import logging
import threading
import time
import zlib
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from bokko_cli.deadline import Deadline
from bokko_cli.errors import BokkoError, UnexpectedAnswer, Unreachable
from bokko_cli.network.body import LONGEST_BODY, LONGEST_TOGETHER
from bokko_cli.network.client import USUAL_PACE, Client, Pace, Response
from bokko_cli.network.retry import RetryPolicy, seconds_told
from tests import servers
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
    gzip_bomb,
    head,
    in_turn,
    json_answer,
    raw_answer,
    redirect,
)

PATIENT = Pace(first_wait=0.01)
HURRIED = Pace(exchange=0.3, first_wait=0.01)
GOOD = json_answer(200, {"good": True})
SECRET = "63faa428-9044-11ea-8ed0-0242ac120005"
RETRY_AFTER = "Retry-After"


def ignore(_: str) -> None:
    pass


def always(answer: servers.Answer) -> Callable[[Seen], servers.Answer]:
    return lambda _: answer


@contextmanager
def client(
    url: str, pace: Pace = PATIENT, seconds: float = 30, tell: Callable[[str], None] = ignore
) -> Iterator[Client]:
    opened = Client(url, "Billingo", ANYTHING, {"X-API-KEY": SECRET}, Deadline(seconds), tell, pace)
    try:
        yield opened
    finally:
        opened.close()


def get(
    answer: Callable[[Seen], servers.Answer] | servers.Answer,
    pace: Pace = PATIENT,
    seconds: float = 30,
    tell: Callable[[str], None] = ignore,
) -> tuple[Response | BokkoError, list[Seen]]:
    """Return what one request comes to, and what the server saw of it."""
    script = answer if callable(answer) else always(answer)
    with Server(script) as server, client(server.url, pace, seconds, tell) as asking:
        try:
            return asking.get("/x"), list(server.seen)
        except BokkoError as error:
            return error, server.seen


def failure(
    answer: Callable[[Seen], servers.Answer] | servers.Answer, pace: Pace = PATIENT, seconds: float = 30
) -> tuple[BokkoError, int]:
    """Return the error of a request that must fail, and how many tries the server saw."""
    outcome, seen = get(answer, pace, seconds)
    error = outcome.unreadable if isinstance(outcome, Response) else outcome
    assert error is not None
    return error, len(seen)


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
def test_exchange_that_takes_too_long_is_given_up_and_not_repeated(answer: servers.Answer) -> None:
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

    answer: servers.Answer
    let_go: threading.Event

    def send(self, line: servers.Line) -> None:
        assert self.let_go.wait(10)
        self.answer.send(line)


@pytest.mark.parametrize("answer", [json_answer(500, {}), Reset()], ids=["failing", "breaking off"])
def test_closed_client_tells_nothing_of_what_comes_of_its_requests(answer: servers.Answer) -> None:
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

    answer: servers.Answer
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
def test_broken_connection_is_tried_four_times_and_then_unreachable(answer: servers.Answer) -> None:
    error, tries = failure(answer)
    assert type(error) is Unreachable
    assert error.message == "Could not reach Billingo: the connection broke off."
    assert tries == 4


def test_connection_that_breaks_once_is_forgiven() -> None:
    answer, seen = get(in_turn(Reset(), Truncate(b"{}", 1), GOOD))
    assert isinstance(answer, Response)
    assert len(seen) == 3


def test_endless_body_is_cut_at_ten_megabytes() -> None:
    error, tries = failure(Endless())
    assert type(error) is UnexpectedAnswer
    assert (error.message, tries) == ("Billingo's answer was longer than 10 MB.", 1)


def test_gzip_bomb_is_cut_at_ten_megabytes_unpacked() -> None:
    error, tries = failure(gzip_bomb(60 * MEGABYTE))
    assert type(error) is UnexpectedAnswer
    assert (error.message, tries) == ("Billingo's answer was longer than 10 MB.", 1)


def test_packed_body_that_never_unpacks_to_anything_is_cut_too() -> None:
    nothing = gzip.compress(b"") + b"\0" * MEGABYTE * 11
    error, _ = failure(raw_answer(200, nothing, {"Content-Encoding": "gzip"}))
    assert error.message == "Billingo's answer was longer than 10 MB."


def test_body_of_ten_megabytes_is_still_read() -> None:
    blanks = b" " * LONGEST_BODY
    for answer in (raw_answer(200, blanks), raw_answer(200, gzip.compress(blanks), {"Content-Encoding": "gzip"})):
        whole, _ = get(answer)
        assert isinstance(whole, Response)
        assert whole.body == blanks
    error, _ = failure(raw_answer(200, blanks + b" "))
    assert isinstance(error, UnexpectedAnswer)


def test_answers_that_are_too_long_together_are_refused() -> None:
    part = raw_answer(200, b" " * (LONGEST_TOGETHER // 4))
    with Server(always(part)) as server, client(server.url) as asking:
        for _ in range(4):
            asking.get("/x")
        with pytest.raises(UnexpectedAnswer, match="longer than 12 MB together"):
            asking.get("/x").read()


@pytest.mark.parametrize("encoding", ["gzip", "GZIP", "x-gzip", " gzip "])
def test_gzipped_body_is_unpacked(encoding: str) -> None:
    answer, _ = get(raw_answer(200, gzip.compress(b'{"a": 1}'), {"Content-Encoding": encoding}))
    assert isinstance(answer, Response)
    assert answer.body == b'{"a": 1}'


PACKED = {"Content-Encoding": "gzip"}


@dataclass(frozen=True)
class InPieces:
    """Sends a gzipped body in pieces of so many bytes, each a chunk of its own."""

    body: bytes
    size: int

    def send(self, line: servers.Line) -> None:
        line.send(head(200, {"Transfer-Encoding": "chunked", **PACKED}))
        for start in range(0, len(self.body), self.size):
            piece = self.body[start : start + self.size]
            line.send(b"%x\r\n%b\r\n" % (len(piece), piece))
        line.send(b"0\r\n\r\n")


@pytest.mark.parametrize(
    "body",
    [
        gzip.compress(b'{"a"') + gzip.compress(b": 1}"),
        b"".join(gzip.compress(bytes([byte])) for byte in b'{"a": 1}'),
        gzip.compress(b"") + gzip.compress(b'{"a": 1}') + gzip.compress(b""),
        gzip.compress(b'{"a"') + b"\0" * 512 + gzip.compress(b": 1}") + b"\0" * 512,
        gzip.compress(b'{"a"', 9) + gzip.compress(b": 1}", 0),
        gzip.compress(b'{"a": 1}') + b"\n<!-- cached -->",
    ],
    ids=["two", "one a byte", "empty ones", "padded", "packed differently", "something behind"],
)
@pytest.mark.parametrize("size", [1, 2, 7, 10_000])
def test_packed_body_of_several_members_is_read_whole(body: bytes, size: int) -> None:
    answer, _ = get(InPieces(body, size))
    assert isinstance(answer, Response)
    assert answer.read() == b'{"a": 1}'


def test_members_count_together_against_a_bomb() -> None:
    member = gzip.compress(b" " * MEGABYTE)
    error, tries = failure(raw_answer(200, member * 20, PACKED))
    assert (error.message, tries) == ("Billingo's answer was longer than 10 MB.", 1)


@pytest.mark.parametrize("cut", [1, 9, 12])
def test_second_member_that_is_cut_short_is_not_left_out(cut: int) -> None:
    error, _ = failure(raw_answer(200, gzip.compress(b'{"a"') + gzip.compress(b": 1}")[:-cut], PACKED))
    assert error.message == "Billingo's answer could not be decompressed."


@pytest.mark.parametrize("encoding", ["gzip", "br", "zstd", "deflate", "\x1b[31mx", "identity"])
@pytest.mark.parametrize("status", [200, 401, 418])
def test_empty_body_is_empty_whatever_its_encoding_says(encoding: str, status: int) -> None:
    answer, _ = get(raw_answer(status, b"", {"Content-Encoding": encoding}))
    assert isinstance(answer, Response)
    assert (answer.status, answer.read()) == (status, b"")


UNREADABLE = [
    raw_answer(401, b"no gzip", PACKED),
    raw_answer(401, gzip.compress(b"{}")[:-3], PACKED),
    raw_answer(401, b"x", {"Content-Encoding": "br"}),
    raw_answer(401, b" " * (LONGEST_BODY + 1)),
    Verbatim(head(401, {"Content-Length": "100"}) + b"{"),
    Reset(head(401, {"Content-Length": "100"}) + b"{"),
    Verbatim(head(401, {"Transfer-Encoding": "chunked"}) + b"zz\r\n"),
    Drip(b"x" * 100_000, seconds=0.01, status=401),
]
WAYS = ["no gzip", "cut short", "not asked for", "too long", "truncated", "reset", "bad chunk", "dripping"]


@pytest.mark.parametrize("answer", UNREADABLE, ids=WAYS)
def test_head_is_kept_when_its_body_cannot_be_read(answer: servers.Answer) -> None:
    outcome, seen = get(answer, HURRIED)
    assert isinstance(outcome, Response)
    assert (outcome.status, outcome.body, len(seen)) == (401, b"", 1)
    with pytest.raises(Unreachable):
        outcome.read()


@pytest.mark.parametrize("status", [429, 500, 503])
@pytest.mark.parametrize(("body", "headers"), [(b"no gzip", PACKED), (b"", PACKED), (b"x", {"Content-Encoding": "br"})])
def test_passing_trouble_is_tried_again_whatever_its_body(status: int, body: bytes, headers: dict[str, str]) -> None:
    answer, seen = get(in_turn(raw_answer(status, body, headers), GOOD))
    assert isinstance(answer, Response)
    assert (answer.status, len(seen)) == (200, 2)
    lasting, seen = get(raw_answer(status, body, headers))
    assert isinstance(lasting, Response)
    assert (lasting.status, len(seen)) == (status, 4)


def test_headers_are_those_of_the_unpacked_body() -> None:
    packed = gzip.compress(b'{"a": 1}')
    chunked = b"%x\r\n%b\r\n0\r\n\r\n" % (len(packed), packed)
    for body, more in ((packed, {}), (chunked, {"Transfer-Encoding": "chunked"})):
        answer, _ = get(raw_answer(200, body, {"Content-Encoding": "gzip", **more}))
        assert isinstance(answer, Response)
        assert dict(answer.headers) == {"content-length": "8"}


def test_encoding_called_identity_is_plain() -> None:
    answer, _ = get(raw_answer(200, b"{}", {"Content-Encoding": "identity"}))
    assert isinstance(answer, Response)
    assert answer.body == b"{}"


@pytest.mark.parametrize("encoding", ["br", "zstd", "deflate", "gzip, gzip", "\x1b[31mx"])
def test_encoding_that_was_not_asked_for_is_an_unexpected_answer(encoding: str) -> None:
    error, tries = failure(raw_answer(200, b"x", {"Content-Encoding": encoding}))
    assert type(error) is UnexpectedAnswer
    assert (error.message, tries) == ("Billingo's answer is compressed in a way that bokko did not ask for.", 1)


@pytest.mark.parametrize(
    "body",
    [b"no gzip", gzip.compress(b'{"a": 1}' * 100)[:-4], zlib.compress(b"{}")],
    ids=["plain", "truncated", "zlib"],
)
def test_packed_body_that_is_broken_is_an_unexpected_answer(body: bytes) -> None:
    error, tries = failure(raw_answer(200, body, {"Content-Encoding": "gzip"}))
    assert type(error) is UnexpectedAnswer
    assert (error.message, tries) == ("Billingo's answer could not be decompressed.", 1)


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
    assert told[0] == "The connection to Billingo broke off; trying again in 1 s…"


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
def test_log_tells_how_an_exchange_went(caplog: pytest.LogCaptureFixture, answer: servers.Answer, said: str) -> None:
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
        assert error.fix == "Run the command again after that time."


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

    def answer(_: Seen) -> servers.Answer:
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
