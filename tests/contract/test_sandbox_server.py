"""Who may talk to the sandbox, what it takes from whom, and how it starts and ends."""

import http.client
import socket
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bokko_cli.sandbox.server import KEYS, Sandbox
from tests.contract.conftest import exchange

READY = {"X-API-KEY": "sandbox-ready"}
PARTNER = b'{"name": "A", "address": {"post_code": "1051", "city": "Budapest", "address": "F\xc5\x91 utca 1."}}'


def status_of(sandbox: Sandbox, method: str, path: str, headers: dict[str, str], body: bytes | None = None) -> int:
    connection = http.client.HTTPConnection("127.0.0.1", sandbox.port, timeout=10)
    try:
        connection.request(method, path, body, headers)
        answer = connection.getresponse()
        answer.read()
        return answer.status
    finally:
        connection.close()


@pytest.mark.parametrize("host", ["127.0.0.1", "127.0.0.1:1", "localhost", "LocalHost:8080", "[::1]", "[::1]:80"])
def test_loopback_names_are_answered(sandbox: Sandbox, host: str) -> None:
    assert status_of(sandbox, "GET", "/v3/organization", {**READY, "Host": host}) == 200


@pytest.mark.parametrize(
    "host",
    ["evil.example", "127.0.0.1.evil.example", "localhost.evil.example:80", "127.0.0.1:80@evil", "", "127.0.0.2"],
)
@pytest.mark.parametrize("path", ["/v3/organization", "/szamla/", "/"])
def test_any_other_name_is_refused(sandbox: Sandbox, host: str, path: str) -> None:
    assert status_of(sandbox, "POST", path, {**READY, "Host": host}, b"{}") == 421
    assert sandbox.requests == []


def test_missing_or_double_host_is_refused(sandbox: Sandbox) -> None:
    missing = exchange(sandbox, b"GET /v3/organization HTTP/1.1\r\nX-API-KEY: sandbox-ready\r\n\r\n")
    double = exchange(sandbox, b"GET /v3/organization HTTP/1.1\r\nHost: localhost\r\nHost: evil.example\r\n\r\n")
    assert missing.startswith(b"HTTP/1.1 421 ")
    assert double.startswith(b"HTTP/1.1 421 ")


@pytest.mark.parametrize(
    ("origin", "status"),
    [
        ("https://evil.example", 403),
        ("null", 403),
        ("http://localhost.evil.example", 403),
        ("file://", 403),
        ("http://localhost:3000", 200),
        ("http://127.0.0.1:5173", 200),
    ],
)
def test_web_pages_are_refused_unless_they_are_local(sandbox: Sandbox, origin: str, status: int) -> None:
    assert status_of(sandbox, "GET", "/v3/organization", {**READY, "Origin": origin}) == status


def test_no_answer_lets_a_web_page_read_it(sandbox: Sandbox) -> None:
    for method in (b"GET", b"OPTIONS"):
        head = (
            b" /v3/organization HTTP/1.1\r\nHost: localhost\r\nOrigin: http://localhost\r\nX-API-KEY: sandbox-ready\r\n"
        )
        assert b"access-control" not in exchange(sandbox, method + head + b"\r\n").lower()


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere 127.0.0.2 is nobody's")
def test_it_listens_on_127_0_0_1_only(sandbox: Sandbox) -> None:
    with pytest.raises(OSError, match="refused"):
        socket.create_connection(("127.0.0.2", sandbox.port), timeout=5)


@pytest.mark.parametrize("length", ["x", "-1", "1.5", "+5", "0x10", "٣", ""])
def test_malformed_length_is_400(sandbox: Sandbox, length: str) -> None:
    sent = f"POST /v3/partners HTTP/1.1\r\nHost: localhost\r\nContent-Length: {length}\r\n\r\n".encode()
    assert exchange(sandbox, sent).startswith(b"HTTP/1.1 400 ")


def test_two_lengths_are_400(sandbox: Sandbox) -> None:
    sent = b"POST /v3/partners HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{}"
    assert exchange(sandbox, sent).startswith(b"HTTP/1.1 400 ")


def test_a_million_bytes_are_read_and_one_more_is_413(sandbox: Sandbox) -> None:
    assert status_of(sandbox, "POST", "/v3/partners", READY, b" " * 1_000_000) == 400
    assert status_of(sandbox, "POST", "/v3/partners", READY, b" " * 1_000_001) == 413


def test_too_long_a_body_is_answered_though_it_is_still_being_sent(sandbox: Sandbox) -> None:
    assert status_of(sandbox, "POST", "/v3/partners", READY, b" " * 6_000_000) == 413


def test_half_a_body_creates_nothing(sandbox: Sandbox) -> None:
    head = b"POST /v3/partners HTTP/1.1\r\nHost: localhost\r\nX-API-KEY: sandbox-ready\r\nContent-Length: 500\r\n\r\n"
    for sent in (b'{"name": "A"', PARTNER + b" " * 10):
        assert exchange(sandbox, head + sent).startswith(b"HTTP/1.1 400 ")
    assert sandbox.account("sandbox-ready").partners == {}


def test_one_connection_carries_many_requests(sandbox: Sandbox) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", sandbox.port, timeout=10)
    connection.connect()
    first = connection.sock
    for path in ("/v3/organization", "/v3/nothing", "/v3/utils/time", "/v3/partners?per_page=0"):
        connection.request("GET", path, headers=READY)
        connection.getresponse().read()
        assert connection.sock is first
    connection.close()


def test_no_answer_on_a_kept_connection_waits_for_an_acknowledgement(sandbox: Sandbox) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", sandbox.port, timeout=10)
    taken: list[float] = []
    for _ in range(40):
        began = time.monotonic()
        connection.request("GET", "/v3/organization", headers=READY)
        connection.getresponse().read()
        taken.append(time.monotonic() - began)
    connection.close()
    assert min(taken[20:]) < 0.03, "each waits 40 ms where head and body leave apart"


def test_head_is_get_without_the_body(sandbox: Sandbox) -> None:
    head = b" /v3/organization HTTP/1.1\r\nHost: localhost\r\nX-API-KEY: sandbox-ready\r\nConnection: close\r\n\r\n"
    got, _, body = exchange(sandbox, b"GET" + head).partition(b"\r\n\r\n")
    asked, _, nothing = exchange(sandbox, b"HEAD" + head).partition(b"\r\n\r\n")
    assert asked.startswith(b"HTTP/1.1 200 ")
    assert f"Content-Length: {len(body)}".encode() in asked
    assert b"Content-Length" in got
    assert nothing == b""


@pytest.mark.parametrize("path", ["/", "/v2/organization", "/v33", "/szamlazz", "//v4"])
def test_other_paths_are_404(sandbox: Sandbox, path: str) -> None:
    assert status_of(sandbox, "GET", path, READY) == 404


def test_requests_are_logged_with_four_characters_of_the_key(sandbox: Sandbox) -> None:
    status_of(sandbox, "GET", "/v3/partners?page=2", READY)
    status_of(sandbox, "GET", "/v3/partners", {"X-API-KEY": "short-key"})
    status_of(sandbox, "DELETE", "/v3/partners/1", {})
    assert sandbox.requests == [
        ("GET", "/v3/partners?page=2", "eady"),
        ("GET", "/v3/partners", None),
        ("DELETE", "/v3/partners/1", None),
    ]


def test_a_port_in_use_is_an_os_error(sandbox: Sandbox) -> None:
    with pytest.raises(OSError, match="in use"):
        Sandbox(sandbox.port)


def test_a_connection_made_before_the_start_is_answered_after_it() -> None:
    sandbox = Sandbox()
    with socket.create_connection(("127.0.0.1", sandbox.port), timeout=10) as early:
        early.sendall(b"GET /v3/utils/time HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
        sandbox.start()
        assert early.recv(65_536).startswith(b"HTTP/1.1 401 ")
    sandbox.close()


def test_close_hangs_up_frees_the_port_and_may_be_repeated() -> None:
    sandbox = Sandbox()
    sandbox.start()
    idle = http.client.HTTPConnection("127.0.0.1", sandbox.port, timeout=10)
    idle.request("GET", "/v3/utils/time", headers=READY)
    idle.getresponse().read()
    sandbox.close()
    sandbox.close()
    assert idle.sock.recv(1) == b""
    idle.close()
    with Sandbox(sandbox.port):
        pass


def test_close_without_start_frees_the_port() -> None:
    sandbox = Sandbox()
    sandbox.close()
    Sandbox(sandbox.port).close()


def test_serve_returns_when_closed_from_elsewhere() -> None:
    sandbox = Sandbox()
    serving = threading.Thread(target=sandbox.serve)
    serving.start()
    assert status_of(sandbox, "GET", "/v3/utils/time", READY) == 200
    sandbox.close()
    serving.join(timeout=10)
    assert not serving.is_alive()


def test_a_hundred_clients_at_once_are_all_answered(sandbox: Sandbox) -> None:
    with ThreadPoolExecutor(100) as pool:
        statuses = list(pool.map(lambda _: status_of(sandbox, "GET", "/v3/document-blocks", READY), range(100)))
    assert statuses == [200] * 100


def test_every_key_has_its_line_and_its_account(sandbox: Sandbox) -> None:
    assert list(KEYS) == ["Billingo", "Számlázz.hu"]
    for keys in KEYS.values():
        for key, line in keys.items():
            assert key.startswith("sandbox-")
            assert line
            assert sandbox.account(key) is sandbox.account(key)
    with pytest.raises(KeyError):
        sandbox.account("63faa428-9044-11ea-8ed0-0242ac120005")


@pytest.mark.parametrize(
    "sent",
    [
        b"\r\n\r\n",
        b"GET\r\n\r\n",
        b"GET /v3/partners\r\n",
        b"GET /v3 HTTP/9.9\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: localhost\r\n" + b"A: b\r\n" * 500 + b"\r\n",
        b"GET /" + b"a" * 70_000 + b" HTTP/1.1\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
        b"BREW /v3 HTTP/1.1\r\nHost: localhost\r\n\r\n",
        b"GET /v3/partners/%ff%00%f0 HTTP/1.1\r\nHost: localhost\r\nX-API-KEY: sandbox-ready\r\n\r\n",
        b"GET /v3/partners?per_page=%ff&=&&page HTTP/1.1\r\nHost: localhost\r\nX-API-KEY: sandbox-ready\r\n\r\n",
        b"GET /v3/partners HTTP/1.1\r\nHost: localhost\r\nX-API-KEY: \xff\xfe\r\n\r\n",
    ],
)
def test_broken_requests_raise_nothing(sandbox: Sandbox, sent: bytes, capfd: pytest.CaptureFixture[str]) -> None:
    answer = exchange(sandbox, sent)
    sandbox.close()
    assert b" 500 " not in answer[:15]
    assert capfd.readouterr() == ("", "")


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(sent=st.binary(max_size=300))
def test_any_bytes_raise_nothing(sandbox: Sandbox, capfd: pytest.CaptureFixture[str], sent: bytes) -> None:
    head = b"PUT /v3/partners/1 HTTP/1.1\r\nHost: localhost\r\n"
    for whole in (sent, head + sent, b"POST /szamla/ HTTP/1.1\r\nHost: localhost\r\n\r\n" + sent):
        assert b" 500 " not in exchange(sandbox, whole)[:15]
    assert capfd.readouterr() == ("", "")
