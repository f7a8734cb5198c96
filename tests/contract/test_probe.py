"""How far a request without a key gets, on real sockets, and what is told of where it stopped."""

import socket
import threading
import time
from email.utils import formatdate
from pathlib import Path

import pytest

from bokko_cli.deadline import Deadline
from bokko_cli.errors import EndpointRefused, InvalidValue
from bokko_cli.network.client import Client
from bokko_cli.network.probe import Failure, probe
from bokko_cli.providers.billingo.allowed_requests import REQUESTS
from tests.certificates import EXPIRED, NOT_YET, VALID, tls_server
from tests.servers import (
    LOOPBACK,
    Drip,
    Hang,
    Reset,
    ScriptedAnswer,
    Server,
    Verbatim,
    json_answer,
    nobody_accepting,
    nobody_listening,
    raw_answer,
    redirect,
)

VARIABLES = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY", "SSL_CERT_FILE", "SSL_CERT_DIR")
REACHED = ("name", "connection")


@pytest.fixture(autouse=True)
def _bare(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)


@pytest.mark.parametrize("status", [200, 401, 404, 503])
def test_any_answer_is_an_answer(status: int) -> None:
    with Server(lambda _: json_answer(status, {})) as server:
        way = probe(f"{server.url}/v3")
    assert (way.passed, way.fault, way.status) == ((*REACHED, "answer"), None, status)
    assert 0 < way.seconds < 20


def test_redirect_is_not_followed() -> None:
    with Server(lambda _: redirect("https://elsewhere.example/")) as server:
        way = probe(server.url)
        assert (way.status, len(server.seen)) == (302, 1)


def test_no_key_and_no_cookie_is_sent() -> None:
    with Server(lambda _: json_answer(200, {})) as server:
        probe(server.url)
        (seen,) = server.seen
    assert seen.method == "GET"
    assert seen.body == b""
    assert set(seen.headers) <= {"host", "user-agent", "accept"}


@pytest.mark.parametrize("answer", [Hang(), Drip(b"{}", seconds=30)], ids=["nothing", "head alone"])
def test_silence_is_told_within_the_time(answer: ScriptedAnswer) -> None:
    started = time.monotonic()
    with Server(lambda _: answer) as server:
        way = probe(server.url, seconds=0.3)
    assert time.monotonic() - started < 10
    if isinstance(answer, Hang):
        assert (way.passed, way.fault) == (REACHED, "silent")
    else:  # the head is an answer, whatever happens to the body
        assert way.fault is None


def test_connection_that_does_not_come_about_in_time_is_silence() -> None:
    with nobody_accepting() as url:
        way = probe(url, seconds=0.3)
    assert (way.passed, way.fault) == (("name",), "silent")


def test_refused_connection_is_told() -> None:
    with nobody_listening() as url:
        way = probe(url)
    assert (way.passed, way.fault) == (("name",), "no_connection")


@pytest.mark.parametrize("answer", [Reset(), Verbatim(b"SSH-2.0-OpenSSH_9\r\n")], ids=["reset", "no http"])
def test_what_breaks_off_or_speaks_something_else_is_no_answer(answer: ScriptedAnswer) -> None:
    with Server(lambda _: answer) as server:
        way = probe(server.url)
    assert (way.passed, way.fault) == (REACHED, "no_connection")


def test_host_that_nobody_knows_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*_: object, **__: object) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    way = probe("https://api.billingo.example/v3")
    assert (way.passed, way.fault) == ((), "unknown")


@pytest.mark.parametrize(
    ("certificate", "host", "fault"),
    [
        (EXPIRED, LOOPBACK, "too_late"),
        (NOT_YET, LOOPBACK, "too_early"),
        (VALID, "127.0.0.2", "other_host"),
        (VALID, LOOPBACK, None),
    ],
    ids=["expired", "not yet valid", "of another host", "good"],
)
def test_fault_of_a_certificate_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, certificate: str, host: str, fault: Failure | None
) -> None:
    with tls_server(tmp_path, certificate, host) as (url, file):
        monkeypatch.setenv("SSL_CERT_FILE", str(file))
        way = probe(url)
    assert way.fault == fault
    assert way.passed == (REACHED if fault else (*REACHED, "tls", "answer"))


def test_certificate_of_nobody_is_not_trusted(tmp_path: Path) -> None:
    with tls_server(tmp_path, VALID) as (url, _):
        way = probe(url)
    assert (way.passed, way.fault) == (REACHED, "untrusted")


def test_server_without_tls_is_told() -> None:
    def answer(connection: socket.socket) -> None:
        with connection:
            connection.recv(1)
            connection.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")

    with socket.create_server((LOOPBACK, 0)) as server:
        threading.Thread(target=lambda: answer(server.accept()[0]), daemon=True).start()
        way = probe(f"https://{LOOPBACK}:{server.getsockname()[1]}")
    assert (way.passed, way.fault) == (REACHED, "tls")


@pytest.mark.parametrize("off", [0, 7200, -7200])
def test_clock_is_compared_with_the_servers(off: float) -> None:
    told = formatdate(time.time() - off, usegmt=True)
    with Server(lambda _: json_answer(200, {}, {"Date": told})) as server:
        way = probe(server.url)
    assert way.offset == pytest.approx(off, abs=30)


@pytest.mark.parametrize("told", [None, "", "yesterday", "Thu, 99 Nov 2026 25:00:00 GMT", "0"])
def test_time_that_is_not_told_is_not_known(told: str | None) -> None:
    headers = {} if told is None else {"Date": told}
    with Server(lambda _: raw_answer(200, b"", headers)) as server:
        assert probe(server.url).offset is None


def test_dead_proxy_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    with nobody_listening() as url:
        monkeypatch.setenv("HTTPS_PROXY", url)
        way = probe("https://api.billingo.example/v3")
    assert (way.proxy, way.passed, way.fault) == ("HTTPS_PROXY", (), "no_connection")


def test_proxy_that_refuses_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    with Server(lambda _: raw_answer(407, b"")) as server:
        monkeypatch.setenv("HTTPS_PROXY", server.url)
        way = probe("https://api.billingo.example/v3")
    assert (way.proxy, way.passed, way.fault) == ("HTTPS_PROXY", ("connection",), "proxy")


def test_certificates_that_cannot_be_read_are_told_before_anything_is_sent(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "nowhere"))
    with pytest.raises(InvalidValue):
        probe("https://api.billingo.example/v3")


def test_address_that_cannot_be_is_told() -> None:
    with pytest.raises(EndpointRefused):
        probe("https://a..b/v3")


@pytest.mark.parametrize(
    "end", ["", "/", "/v3", "/v3/", "/v3//", "//v3", "/é/v3", "/a%20b/v3", "/a/../v3", "/v3/.", "/(v3)+"]
)
def test_address_is_gone_to_however_its_path_is_written(end: str) -> None:
    with Server(lambda _: json_answer(200, {})) as server:
        assert probe(f"{server.url}{end}").fault is None
        client = Client(f"{server.url}{end}", "Billingo", REQUESTS, {}, Deadline(5), lambda _: None)
        assert client.get("/organization", {"a": "b"}).status == 200
        client.close()
