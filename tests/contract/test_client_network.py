"""Certificates, names and connections that do not come about."""

import socket
import ssl
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import certifi
import httpx
import pytest

from bokko_cli.errors import InvalidValue, Unreachable
from bokko_cli.network.exchange import Pace
from bokko_cli.network.transport import connection_failure
from tests.contract.plain_client import SECRET, get
from tests.servers import LOOPBACK, Server, json_answer, nobody_accepting, nobody_listening

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
    assert caught.value.message == f"Could not reach Billingo at {url}: the connection failed."
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
    assert connection_failure("Billingo", "https://x", error).message.endswith("its name could not be looked up.")


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
