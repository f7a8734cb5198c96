"""The scripted server does what its answers say, and ends at once."""

import gzip
import json
import socket
import threading
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from tests.fake_billingo import FakeBillingo, block
from tests.servers import (
    Drip,
    DripHead,
    Endless,
    Hang,
    Reset,
    ScriptedAnswer,
    Seen,
    Server,
    Truncate,
    Verbatim,
    WholeAnswer,
    gzip_bomb,
    in_turn,
    json_answer,
    nobody_listening,
    raw_answer,
    redirect,
)

BODY = b'{"data": [1, 2, 3]}'


def always(answer: ScriptedAnswer) -> Callable[[Seen], ScriptedAnswer]:
    return lambda _: answer


def fetch(url: str, headers: Mapping[str, str] | None = None, timeout: float = 5) -> httpx.Response:
    with httpx.Client(trust_env=False, verify=False, timeout=timeout) as client:  # noqa: S501 -- plain http on loopback
        return client.get(url, headers=headers)


def test_request_is_seen_as_it_was_sent() -> None:
    with Server(always(json_answer(201, {"name": "é"}, {"X-More": "1"}))) as server:
        response = fetch(f"{server.url}/v3/a%20b?page=2&empty=", {"X-API-KEY": "k"})
    assert (response.status_code, response.json(), response.headers["x-more"]) == (201, {"name": "é"}, "1")
    (seen,) = server.seen
    assert (seen.method, seen.path, seen.query) == ("GET", "/v3/a%20b", {"page": "2", "empty": ""})
    assert (seen.headers["x-api-key"], seen.body) == ("k", b"")


def test_connection_is_kept_for_the_next_request() -> None:
    answers = in_turn(json_answer(429, {}), json_answer(200, {}))
    with Server(answers) as server, httpx.Client(trust_env=False, base_url=server.url) as client:
        statuses = [client.post("/", content=b"abc").status_code for _ in range(3)]
        connections = [thread for thread in threading.enumerate() if thread.name == "serve"]
    assert statuses == [429, 200, 200]
    assert [seen.body for seen in server.seen] == [b"abc"] * 3
    assert len(connections) == 1


def test_busiest_counts_requests_answered_at_once() -> None:
    together = threading.Barrier(4, timeout=10)

    def answer(_: Seen) -> ScriptedAnswer:
        together.wait()
        return json_answer(200, {})

    with Server(answer) as server, ThreadPoolExecutor(4) as clients:
        list(clients.map(lambda _: fetch(server.url), range(4)))
    assert server.busiest == 4


@pytest.mark.parametrize("answer", [Hang(), Drip(BODY, 30), DripHead(30), WholeAnswer(200, BODY, delay=30)], ids=repr)
def test_slow_answer_outlasts_the_client_and_ends_with_the_server(answer: ScriptedAnswer) -> None:
    before = threading.active_count()
    with Server(always(answer)) as server:
        with pytest.raises(httpx.TimeoutException):
            fetch(server.url, timeout=0.2)
        with socket.create_connection(("127.0.0.1", httpx.URL(server.url).port or 0)) as client:
            client.sendall(b"GET / HTTP/1.1\r\n\r\n")
            started = time.monotonic()
            server.__exit__()
    assert time.monotonic() - started < 5
    assert threading.active_count() == before


@pytest.mark.parametrize(
    "answer",
    [Reset(), Reset(b"HTTP/1.1 200 OK\r\n"), Truncate(BODY, 5), Verbatim(b"\xff\x00 no http"), DripHead(0)],
    ids=repr,
)
def test_broken_answer_is_an_error_to_the_client(answer: ScriptedAnswer) -> None:
    with Server(always(answer)) as server, pytest.raises((httpx.ReadError, httpx.RemoteProtocolError)):
        fetch(server.url)


def test_drip_arrives_whole_for_who_waits() -> None:
    with Server(always(Drip(BODY, 0.001))) as server:
        assert fetch(server.url).content == BODY


def test_endless_body_does_not_end() -> None:
    with (
        Server(always(Endless())) as server,
        httpx.Client(trust_env=False) as client,
        client.stream("GET", server.url) as response,
    ):
        received = 0
        for part in response.iter_raw():
            received += len(part)
            if received > 5_000_000:
                break
    assert received > 5_000_000


def test_gzip_bomb_is_small_on_the_wire_and_valid() -> None:
    size = 3 * 1024 * 1024 + 17
    with Server(always(gzip_bomb(size))) as server:
        response = fetch(server.url)
    assert response.json() == {}
    assert len(response.content) == size + 2
    assert int(response.headers["content-length"]) < 5000
    bomb = gzip_bomb(size)
    assert isinstance(bomb, WholeAnswer)
    assert json.loads(gzip.decompress(bomb.body)) == {}


def test_redirect_names_its_place_and_bytes_go_raw() -> None:
    with Server(in_turn(redirect("http://127.0.0.1:1/"), raw_answer(200, b"\xff\xfe"))) as server:
        first, second = fetch(server.url), fetch(server.url)
    assert (first.status_code, first.headers["location"]) == (302, "http://127.0.0.1:1/")
    assert (second.content, "content-type" in second.headers) == (b"\xff\xfe", False)


def test_nobody_listening_refuses() -> None:
    with nobody_listening() as url, pytest.raises(httpx.ConnectError):
        fetch(url)


def test_billingo_checks_the_key_pages_and_filters() -> None:
    fake = FakeBillingo(blocks=[block(number, f"B{number}", None) for number in range(1, 61)])
    fake.blocks.append(block(99, "Nyugta", "NY", "receipt"))
    good = {"X-API-KEY": fake.key}
    with Server(fake.answer) as server:
        base = f"{server.url}/v3"
        last = fetch(f"{base}/document-blocks?type=invoice&page=3", good).json()
        everything = fetch(f"{base}/document-blocks?per_page=100", good).json()
        statuses = [
            fetch(f"{base}/organization", {"X-API-KEY": "wrong"}).status_code,
            fetch(f"{base}/organization", good).status_code,
            fetch(f"{base}/bank-accounts/7001", good).status_code,
            fetch(f"{base}/bank-accounts/1", good).status_code,
            fetch(f"{base}/bank-accounts?per_page=101", good).status_code,
        ]
    assert [row["id"] for row in last["data"]] == list(range(51, 61))
    assert (last["total"], last["last_page"], last["current_page"], last["next_page_url"]) == (60, 3, 3, None)
    assert len(everything["data"]) == 61
    assert statuses == [401, 200, 200, 404, 422]


def test_billingo_gives_the_odd_answer_and_takes_its_time() -> None:
    fake = FakeBillingo(latency=0.05)
    fake.override["/organization"] = json_answer(503, {})
    fake.override["/bank-accounts"] = lambda seen: json_answer(200, seen.query)
    with Server(fake.answer) as server:
        started = time.monotonic()
        assert fetch(f"{server.url}/v3/organization").status_code == 503
        assert time.monotonic() - started >= 0.05
        assert fetch(f"{server.url}/v3/bank-accounts?page=9").json() == {"page": "9"}


def test_network_beyond_loopback_is_refused() -> None:
    with pytest.raises(AssertionError, match=r"beyond loopback: 'example\.com'"):
        socket.getaddrinfo("example.com", 443)
    with socket.socket() as asked, pytest.raises(AssertionError, match="beyond loopback"):
        asked.connect(("192.0.2.1", 443))
    assert socket.getaddrinfo("localhost", 1)
