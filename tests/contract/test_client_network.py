"""Which way a request takes: TLS, proxies, and addresses that a key may go to."""

import socket
import ssl
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path

import certifi
import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bokko_cli.deadline import Deadline
from bokko_cli.errors import BokkoError, EndpointRefused, InvalidValue, Unreachable
from bokko_cli.model.apikey import ApiKey
from bokko_cli.model.endpoint import (
    checked_endpoint,
    checked_stored_endpoint,
    is_loopback,
    is_same_endpoint,
    may_go_to,
    refuse_to_leave,
)
from bokko_cli.network.client import Client, Pace, warm_up
from bokko_cli.network.proxy import Proxy, proxy_for
from bokko_cli.network.transport import no_connection
from tests.permits import ANYTHING
from tests.servers import LOOPBACK, Line, Server, json_answer, nobody_accepting, nobody_listening, raw_answer

SECRET = "63faa428-9044-11ea-8ed0-0242ac120005"
PATIENT = Pace(first_wait=0.01)
PROXIES = ("http_proxy", "https_proxy", "all_proxy", "no_proxy")
# Of nobody, for 127.0.0.1, until 2126.
CERTIFICATE = """\
-----BEGIN CERTIFICATE-----
MIIBjjCCATSgAwIBAgIUGlaWV8Wj9MS8FxeHsxOvOFpp9x0wCgYIKoZIzj0EAwIw
EzERMA8GA1UEAwwIbG9vcGJhY2swIBcNMjYxMTIzMTI1NjE0WhgPMjEyNjEwMzAx
MjU2MTRaMBMxETAPBgNVBAMMCGxvb3BiYWNrMFkwEwYHKoZIzj0CAQYIKoZIzj0D
AQcDQgAEmkxgJ8AW4SDSGn0PCBk1pmXVOxHvshcns1B1jS0YSmwK7tOHooR2p58K
sP5VfzpzDX2fXtBILlOMFW+F9vKdWaNkMGIwHQYDVR0OBBYEFHQjOTp0V9aYdPaf
CAEVAj5wCV7TMB8GA1UdIwQYMBaAFHQjOTp0V9aYdPafCAEVAj5wCV7TMA8GA1Ud
EQQIMAaHBH8AAAEwDwYDVR0TAQH/BAUwAwEB/zAKBggqhkjOPQQDAgNIADBFAiEA
gtBNBDSbOJ7Lb8EyNonKT9TtBmwuGil6yzudRNct/6YCIBS5SxK5DOijYocrK/Af
fVbiN5B3vDWo1DYuNWCrO1rd
-----END CERTIFICATE-----
"""
PRIVATE_KEY = """\
-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQg50MZvJWmtcVwGERS
fvxk8XiPk8PqsaZ9tOsMBdGSgxehRANCAASaTGAnwBbhINIafQ8IGTWmZdU7Ee+y
FyezUHWNLRhKbAru04eihHannwqw/lV/OnMNfZ9e0EguU4wVb4X28p1Z
-----END PRIVATE KEY-----
"""


@pytest.fixture(autouse=True)
def _no_proxies(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (*PROXIES, *(name.upper() for name in PROXIES), "SSL_CERT_FILE", "SSL_CERT_DIR", "SSLKEYLOGFILE"):
        monkeypatch.delenv(name, raising=False)


def get(endpoint: str, pace: Pace = PATIENT) -> bytes:
    client = Client(endpoint, "Billingo", ANYTHING, {"X-API-KEY": SECRET}, Deadline(20), lambda _: None, pace)
    try:
        return client.get("/organization").body
    finally:
        client.close()


@contextmanager
def https_server(folder: Path) -> Iterator[tuple[str, Path, list[bytes]]]:
    """Give the address of a server with a certificate of its own, that certificate, and what it received."""
    certificate = folder / "certificate.pem"
    certificate.write_text(CERTIFICATE + PRIVATE_KEY, encoding="ascii")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    received: list[bytes] = []
    with socket.create_server((LOOPBACK, 0)) as listener:
        port = listener.getsockname()[1]
        serving = threading.Thread(target=_serve_once, args=(listener, context, received))
        serving.start()
        try:
            yield f"https://{LOOPBACK}:{port}", certificate, received
        finally:
            with suppress(OSError), socket.create_connection((LOOPBACK, port)):
                pass
            serving.join()


def _serve_once(listener: socket.socket, context: ssl.SSLContext, received: list[bytes]) -> None:
    plain, _ = listener.accept()
    with plain, suppress(OSError), context.wrap_socket(plain, server_side=True) as line:
        received.append(line.recv(65536))
        line.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}")


def test_certificate_that_nobody_vouches_for_is_refused_before_the_key_is_sent(tmp_path: Path) -> None:
    with https_server(tmp_path) as (url, _, received), pytest.raises(Unreachable) as caught:
        get(url)
    assert caught.value.message == f"Could not reach Billingo at {url}: its certificate is not trusted."
    assert "SSL_CERT_FILE" in caught.value.fix
    assert received == []


def test_certificate_of_another_host_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with https_server(tmp_path) as (url, certificate, received):
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
        with pytest.raises(Unreachable, match="certificate is not among those that SSL_CERT_FILE trusts"):
            get(url.replace(LOOPBACK, "localhost"))
    assert received == []


def test_certificate_that_the_environment_vouches_for_is_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with https_server(tmp_path) as (url, certificate, received):
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
        assert get(url) == b"{}"
    assert SECRET.encode() in received[0]


def test_folder_of_certificates_is_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    hashed = tmp_path / "2101a20a.0"  # openssl x509 -subject_hash
    hashed.write_text(CERTIFICATE, encoding="ascii")
    with https_server(tmp_path) as (url, _, _):
        monkeypatch.setenv("SSL_CERT_DIR", str(tmp_path))
        assert get(url) == b"{}"


def test_certificates_that_cannot_be_read_are_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    empty = tmp_path / "empty.pem"
    empty.touch()
    monkeypatch.setenv("SSL_CERT_FILE", str(empty))
    with pytest.raises(InvalidValue, match="SSL_CERT_FILE"):
        get("https://127.0.0.1:1")


def test_certificates_do_not_matter_to_a_plain_request(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    empty = tmp_path / "empty.pem"
    empty.touch()
    monkeypatch.setenv("SSL_CERT_FILE", str(empty))
    with Server(lambda _: json_answer(200, {})) as server:
        assert get(server.url) == b"{}"


def test_server_without_tls_is_told() -> None:
    def serve(listener: socket.socket) -> None:
        line, _ = listener.accept()
        with line, suppress(OSError):
            line.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")
            while line.recv(65536):
                pass

    with socket.create_server((LOOPBACK, 0)) as listener:
        serving = threading.Thread(target=serve, args=(listener,))
        serving.start()
        url = f"https://{LOOPBACK}:{listener.getsockname()[1]}"
        with pytest.raises(Unreachable) as caught:
            get(url)
        serving.join()
    assert (
        caught.value.message
        == f"Could not reach Billingo at {url}: a secure connection (TLS) could not be established."
    )


def test_nobody_listening_is_told_at_once() -> None:
    with nobody_listening() as url, pytest.raises(Unreachable) as caught:
        get(url)
    assert caught.value.message == f"Could not reach Billingo at {url}: no connection."
    assert caught.value.code == "unreachable"


@pytest.mark.skipif(sys.platform != "linux", reason="other systems refuse where Linux lets wait")
def test_connection_that_does_not_come_about_is_waited_for_less_than_an_answer() -> None:
    began = time.monotonic()
    with nobody_accepting() as url, pytest.raises(Unreachable, match="did not answer in time"):
        get(url, Pace(connect=0.2, exchange=20, first_wait=0.01))
    assert 0.2 <= time.monotonic() - began < 10


def test_name_that_is_not_found_is_told() -> None:
    error = httpx.ConnectError("")
    error.__cause__ = OSError()
    error.__cause__.__context__ = socket.gaierror(socket.EAI_NONAME, "unknown")
    assert no_connection("Billingo", "https://x", error).message.endswith("its name could not be looked up.")


@pytest.mark.parametrize("name", ["HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy", "HTTPS_PROXY"])
def test_proxy_never_carries_a_loopback_request(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with Server(lambda _: json_answer(200, {})) as proxy, Server(lambda _: json_answer(200, {"direct": 1})) as server:
        monkeypatch.setenv(name, proxy.url)
        assert b"direct" in get(server.url)
        assert proxy.seen == []
    assert server.seen[0].headers["x-api-key"] == SECRET


@pytest.mark.parametrize("scheme", ["http://", ""])
def test_proxy_for_https_gets_a_tunnel_to_open_and_never_the_key(scheme: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with Server(lambda _: raw_answer(407, b"")) as proxy:
        monkeypatch.setenv("HTTPS_PROXY", scheme + proxy.url.removeprefix("http://"))
        with pytest.raises(Unreachable) as caught:
            get("https://billingo.invalid/v3")
        (seen,) = proxy.seen
    assert caught.value.message == "Could not reach Billingo: the proxy that HTTPS_PROXY names refused to connect."
    assert "HTTPS_PROXY" in caught.value.fix
    assert seen.method == "CONNECT"
    assert seen.headers["host"] == "billingo.invalid:443"
    assert SECRET not in repr(seen)


def test_proxy_that_is_not_there_is_told_and_not_the_provider_blamed(monkeypatch: pytest.MonkeyPatch) -> None:
    with nobody_listening() as proxy:
        monkeypatch.setenv("HTTPS_PROXY", proxy.replace("//", "//user:hidden@"))
        with pytest.raises(Unreachable) as caught:
            get("https://billingo.invalid/v3")
    assert caught.value.message == "Could not reach Billingo: the proxy that HTTPS_PROXY names cannot be reached."
    assert caught.value.fix == "Check HTTPS_PROXY, or add the host to NO_PROXY."


@dataclass(frozen=True)
class TunnelThatBreaks:
    """Opens the tunnel and resets it when something goes in."""

    def send(self, line: Line) -> None:
        line.send(b"HTTP/1.1 200 Open\r\n\r\n")
        line.hear()
        line.reset()


def test_tunnel_that_breaks_is_not_called_a_proxy_that_cannot_be_reached(monkeypatch: pytest.MonkeyPatch) -> None:
    with Server(lambda _: TunnelThatBreaks()) as proxy:
        monkeypatch.setenv("HTTPS_PROXY", proxy.url)
        with pytest.raises(Unreachable) as caught:
            get("https://billingo.invalid/v3")
    assert caught.value.message == "Could not reach Billingo at https://billingo.invalid/v3: no connection."


def test_certificate_behind_a_proxy_is_not_the_proxys_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://proxy.invalid:1")
    error = httpx.ConnectError("")
    error.__cause__ = ssl.SSLCertVerificationError()
    assert no_connection("Billingo", "https://x", error).message.endswith("its certificate is not trusted.")


def test_proxy_comes_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    assert proxy_for("https://billingo.invalid") is None
    monkeypatch.setenv("ALL_PROXY", "http://all:1")
    assert proxy_for("https://billingo.invalid") == Proxy("http://all:1", "ALL_PROXY")
    monkeypatch.setenv("HTTPS_PROXY", "one:2")
    assert proxy_for("https://billingo.invalid") == Proxy("http://one:2", "HTTPS_PROXY")
    assert proxy_for("https://127.0.0.1:9") is None
    assert proxy_for("https://[::1]:9") is None
    monkeypatch.setenv("NO_PROXY", "billingo.invalid")
    assert proxy_for("https://billingo.invalid") is None
    assert proxy_for("https://other.invalid") == Proxy("http://one:2", "HTTPS_PROXY")


@pytest.mark.parametrize(
    ("set_to", "in_force"),
    [
        ({"HTTPS_PROXY": "a:1"}, "HTTPS_PROXY"),
        ({"https_proxy": "a:1"}, "https_proxy"),
        ({"Https_Proxy": "a:1"}, "Https_Proxy"),
        ({"ALL_PROXY": "a:1"}, "ALL_PROXY"),
        ({"all_proxy": "a:1"}, "all_proxy"),
        ({"HTTPS_PROXY": "a:1", "https_proxy": "b:2"}, "https_proxy"),
        ({"HTTPS_PROXY": "a:1", "https_proxy": "a:1"}, "https_proxy"),
        ({"ALL_PROXY": "a:1", "https_proxy": "b:2"}, "https_proxy"),
        ({"ALL_PROXY": "a:1", "all_proxy": "b:2"}, "all_proxy"),
        ({"ALL_PROXY": "a:1", "HTTPS_PROXY": "b:2", "https_proxy": ""}, "ALL_PROXY"),
        ({"HTTP_PROXY": "a:1", "ALL_PROXY": "b:2"}, "ALL_PROXY"),
    ],
)
def test_proxy_in_force_is_named_by_its_variable(
    set_to: dict[str, str], in_force: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in set_to.items():
        monkeypatch.setenv(name, value)
    proxy = proxy_for("https://billingo.invalid")
    assert proxy == Proxy(f"http://{set_to[in_force]}", in_force)


@pytest.mark.parametrize("name", ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"])
def test_failing_proxy_is_told_by_the_variable_in_force(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://other:1")
    with nobody_listening() as proxy:
        monkeypatch.setenv(name, proxy)
        with pytest.raises(Unreachable) as dead:
            get("https://billingo.invalid/v3")
    with Server(lambda _: raw_answer(407, b"")) as proxy_server:
        monkeypatch.setenv(name, proxy_server.url)
        with pytest.raises(Unreachable) as refusing:
            get("https://billingo.invalid/v3")
    for error in (dead.value, refusing.value):
        assert f"the proxy that {name} names" in error.message
        assert error.fix == f"Check {name}, or add the host to NO_PROXY."


@pytest.mark.parametrize(
    ("excepted", "endpoint", "is_direct"),
    [
        ("billingo.invalid:443", "https://billingo.invalid/v3", True),
        ("BILLINGO.invalid:443", "https://billingo.invalid/v3", True),
        ("billingo.invalid:443", "https://billingo.invalid:443/v3", True),
        ("billingo.invalid:8443", "https://billingo.invalid:8443/v3", True),
        ("billingo.invalid:8443", "https://billingo.invalid/v3", False),
        ("billingo.invalid:443", "https://billingo.invalid:8443/v3", False),
        ("invalid:443", "https://billingo.invalid/v3", True),
        (".invalid:443", "https://billingo.invalid/v3", True),
        ("other.hu, billingo.invalid:443", "https://billingo.invalid/v3", True),
        ("billingo.invalid", "https://billingo.invalid:8443/v3", True),
        ("*", "https://billingo.invalid/v3", True),
        ("illingo.invalid:443", "https://billingo.invalid/v3", False),
        ("2001:db8::1", "https://[2001:db8::1]/v3", True),
        ("[2001:db8::1]", "https://[2001:db8::1]/v3", True),
        ("[2001:db8::1]:443", "https://[2001:db8::1]/v3", True),
        ("[2001:db8::1]:8443", "https://[2001:db8::1]/v3", False),
    ],
)
@pytest.mark.parametrize("variable", ["NO_PROXY", "no_proxy"])
def test_host_is_excepted_with_its_port_too(
    variable: str, excepted: str, endpoint: str, is_direct: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://proxy:1")
    monkeypatch.setenv(variable, excepted)
    assert (proxy_for(endpoint) is None) == is_direct


@pytest.mark.parametrize("name", ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"])
@pytest.mark.parametrize(
    "proxy", ["ftp://user:hidden@proxy:1", "quic://hidden", "http://proxy:port", "http://" + "a" * 64]
)
def test_proxy_that_cannot_be_used_is_told_by_its_variable_without_showing_it(
    name: str, proxy: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, proxy)
    with pytest.raises(InvalidValue) as caught:
        get("https://billingo.invalid")
    assert caught.value.message == f"{name} names a proxy that cannot be used."
    assert caught.value.fix == f"Set {name} to an http:// proxy, or unset it."


@pytest.mark.parametrize("name", ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"])
@pytest.mark.parametrize("scheme", ["socks", "socks4", "socks4a", "socks5", "socks5h", "SOCKS5", "socks9"])
def test_socks_is_said_not_to_be_supported(name: str, scheme: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(name, f"{scheme}://user:hidden@127.0.0.1:1080")
    with pytest.raises(InvalidValue) as caught:
        get("https://billingo.invalid")
    assert caught.value.message == f"{name} names a SOCKS proxy, which is not supported."
    assert caught.value.fix == f"Set {name} to an http:// proxy, or unset it."


def test_socks_for_everything_else_does_not_matter_where_another_proxy_is_in_force(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("ALL_PROXY", "socks5://127.0.0.1:1080")
    with nobody_listening() as proxy:
        monkeypatch.setenv("https_proxy", proxy)
        with pytest.raises(Unreachable, match="the proxy that https_proxy names cannot be reached"):
            get("https://billingo.invalid/v3")


@pytest.mark.parametrize("where", ["a/folder/that/is/not/there", "."])
def test_log_of_tls_keys_that_cannot_be_written_is_told_by_its_own_variable(
    where: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSLKEYLOGFILE", str(tmp_path / where))
    with pytest.raises(InvalidValue) as caught:
        get("https://127.0.0.1:1")
    assert caught.value.message == f"SSLKEYLOGFILE names a file that cannot be written: {tmp_path / where}."
    assert caught.value.fix == "Correct SSLKEYLOGFILE, or unset it."


def test_log_of_tls_keys_does_not_matter_to_a_plain_request(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSLKEYLOGFILE", str(tmp_path))
    with Server(lambda _: json_answer(200, {})) as server:
        assert get(server.url) == b"{}"


@pytest.mark.parametrize("content", [None, b"", b"no certificate"])
def test_certificates_that_cannot_be_read_are_told_by_the_variable_in_force(
    content: bytes | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "certificates.pem"
    if content is not None:
        path.write_bytes(content)
    monkeypatch.setenv("SSL_CERT_FILE", str(path))
    monkeypatch.setenv("SSL_CERT_DIR", str(tmp_path))
    with pytest.raises(InvalidValue) as caught:
        get("https://127.0.0.1:1")
    assert caught.value.message == f"The certificates that SSL_CERT_FILE names cannot be read: {path}."
    assert "SSL_CERT_DIR" not in caught.value.fix


@pytest.mark.parametrize("variable", ["SSL_CERT_FILE", "SSL_CERT_DIR"])
def test_certificate_that_the_named_ones_do_not_vouch_for_names_the_variable(
    variable: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    others = tmp_path / "others"
    others.mkdir()
    named = others if variable == "SSL_CERT_DIR" else Path(certifi.where())
    with https_server(tmp_path) as (url, _, _):
        monkeypatch.setenv(variable, str(named))
        with pytest.raises(Unreachable) as caught:
            get(url)
    assert f"not among those that {variable} trusts" in caught.value.message
    assert variable in caught.value.fix


@pytest.mark.parametrize("host", ["a" * 64 + ".hu", "a..hu", "xn--a.hu", "\u2024.hu"])
@pytest.mark.parametrize("use", [get, warm_up])
def test_host_that_cannot_exist_is_refused(host: str, use: Callable[[str], object]) -> None:
    with pytest.raises(BokkoError) as caught:
        use(checked_endpoint(f"https://{host}/v3", "BOKKO_BILLINGO_URL"))
    assert isinstance(caught.value, EndpointRefused)


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://api.billingo.hu/v3", "https://api.billingo.hu/v3"),
        (" https://api.billingo.hu/v3/ ", "https://api.billingo.hu/v3/"),
        ("HTTPS://api.billingo.hu", "HTTPS://api.billingo.hu"),
        ("http://127.0.0.1:8080/v3", "http://127.0.0.1:8080/v3"),
        ("http://127.9.9.9", "http://127.9.9.9"),
        ("http://[::1]:1", "http://[::1]:1"),
        ("http://localhost:1/", "http://localhost:1/"),
        ("https://[2001:db8::1]/v3", "https://[2001:db8::1]/v3"),
    ],
)
def test_https_and_loopback_addresses_are_taken(url: str, expected: str) -> None:
    assert checked_endpoint(url, "X") == expected


@pytest.mark.parametrize(
    "url",
    [
        "",
        "api.billingo.hu",
        "//api.billingo.hu",
        "https://",
        "https:///v3",
        "https:api.billingo.hu",
        "http://api.billingo.hu",
        "ftp://127.0.0.1",
        "file:///etc/passwd",
        "http://127.0.0.1.evil.hu",
        "http://localhost.evil.hu",
        "http://127.1",
        "http://2130706433",
        "http://0.0.0.0",
        "http://localhost@evil.hu",
        "http://evil.hu#@127.0.0.1",
        "http://127.0.0.1\\@evil.hu",
        "http://evil.hu\\@127.0.0.1",
        "https://api.billingo.hu\\evil.hu",
        "https://user:pass@api.billingo.hu",
        "https://@api.billingo.hu",
        "https://api.billingo.hu?x=1",
        "https://api.billingo.hu?",
        "https://api.billingo.hu/#",
        "https://api.billingo.hu:99999",
        "https://api.billingo.hu:port",
        "https://api.billingo.hu/v3 x",
        "https://api.bill\ningo.hu",
        "https://api.bill\tingo.hu",
        "https://api.bill\0ingo.hu",
        "https://api.billingo.hu/\x1b[31m",
        "https://api.billingo.hu/\u202e",
        "https://[::1",
        "https://[zz]",
    ],
)
def test_other_addresses_are_refused_by_the_name_of_their_variable(url: str) -> None:
    with pytest.raises(EndpointRefused) as caught:
        checked_endpoint(url, "BOKKO_BILLINGO_URL")
    assert caught.value.message.startswith("BOKKO_BILLINGO_URL ")
    assert caught.value.message.isprintable()


@pytest.mark.parametrize("checked", [lambda url: checked_endpoint(url, "BOKKO_BILLINGO_URL"), checked_stored_endpoint])
@pytest.mark.parametrize(
    "form", ["{}", " {} ", "https:{}", "{}://", "{}:{}", "http://user:{}@api.billingo.hu/v3", "ftp://host/{}",
             "http://host/v3?key={}", "https://user:{}@host/v3", "https://host/v3?key={}", "https://host/v3#{}"],
)  # fmt: skip
def test_key_in_the_place_of_an_address_is_not_repeated(checked: Callable[[str], str], form: str) -> None:
    key = "63faa428-9044-11ea-8ed0-0242ac120005"
    with pytest.raises(EndpointRefused) as caught:
        checked(form.format(key, key))
    assert key not in caught.value.message + caught.value.fix


@given(
    st.sampled_from(["http://", "https://", "HTTP://", "http:/", "http:", ""]),
    st.lists(
        st.sampled_from(["127.0.0.1", "localhost", "evil.hu", "[::1]", *"@:#?/\\.%;&= 0", "%40", "%2e", "\t", "。"]),
        max_size=6,
    ),
)
def test_address_that_is_taken_is_read_alike_by_the_library_that_sends(scheme: str, parts: list[str]) -> None:
    try:
        url = checked_endpoint(scheme + "".join(parts), "X")
        proxy_for(url)
    except EndpointRefused:
        return
    sent_to = httpx.URL(url + "/organization")
    assert sent_to.path.endswith("/organization")
    assert not sent_to.userinfo
    assert sent_to.scheme == "https" or _is_of_this_machine(sent_to.host)
    assert is_loopback(url) == _is_of_this_machine(sent_to.host)


def _is_of_this_machine(host: str) -> bool:
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


@pytest.mark.parametrize(
    ("one", "other", "is_same"),
    [
        ("https://a.hu/v3", "https://a.hu/v3/", True),
        ("https://a.hu/v3", "https://b.hu/v3", False),
        ("https://a.hu/v3", "https://a.hu", False),
        ("https://a.hu", "https://a.hu:8443", False),
        ("HTTPS://A.hu/v3", "https://a.HU:443/v3/", True),
        ("https://a.hu/V3", "https://a.hu/v3", False),
        ("http://127.0.0.1/v3", "http://127.0.0.1:80/v3", True),
        ("http://127.0.0.1:1", "https://127.0.0.1:1", False),
        ("http://127.0.0.1:1/v3", "http://localhost:1/v3", False),
        ("http://127.0.0.1:1/v3", "http://127.0.0.1:2/v3", False),
        ("http://127.0.0.1:1/v3", "http://127.0.0.2:1/v3", False),
        ("http://127.0.0.1:1/v3", "http://[::1]:1/v3", False),
        ("http://127.0.0.1:1", "https://a.hu", False),
        ("https://a.hu", "http://127.0.0.1:1", False),
    ],
)
def test_stored_key_goes_to_its_own_endpoint_only(one: str, other: str, is_same: bool) -> None:
    assert is_same_endpoint(one, other) is is_same
    assert may_go_to(ApiKey(SECRET), one, other) is is_same


@pytest.mark.parametrize(
    "other", ["http://127.0.0.1:2/v3", "http://localhost:1", "http://[::1]:7/", "https://127.9.9.9"]
)
def test_all_loopback_addresses_are_one_for_sandbox_keys_only(other: str) -> None:
    assert may_go_to(ApiKey("sandbox-ready"), "http://127.0.0.1:1/v3", other)
    assert not may_go_to(ApiKey(SECRET), "http://127.0.0.1:1/v3", other)
    assert not may_go_to(ApiKey(f"x-sandbox-{SECRET}"), "http://127.0.0.1:1/v3", other)
    assert not may_go_to(ApiKey("sandbox-ready"), "https://a.hu/v3", other)
    assert not may_go_to(ApiKey("sandbox-ready"), other, "https://a.hu/v3")


def test_sandbox_key_never_leaves_this_machine() -> None:
    with pytest.raises(EndpointRefused, match="is not sent anywhere"):
        refuse_to_leave(ApiKey("sandbox-ready"), "https://api.billingo.hu/v3")
    refuse_to_leave(ApiKey("sandbox-ready"), "http://127.0.0.1:1/v3")
    refuse_to_leave(ApiKey(SECRET), "https://api.billingo.hu/v3")
