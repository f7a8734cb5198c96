"""A running sandbox, asked by a library or with bytes as they are; and no proxy or certificate of the caller's."""

import http.client
import json
import socket
from collections.abc import Iterator

import pytest

from bokko_cli.sandbox.server import Sandbox
from tests.contract.plain_client import PROXIES
from tests.contract.sandbox_client import AskSandbox, SandboxReply


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    """Serve the sandbox for this test."""
    with Sandbox() as running:
        yield running


def exchange(sandbox: Sandbox, sent: bytes) -> bytes:
    """Everything that comes back when exactly these bytes are sent and then no more."""
    with socket.create_connection(("127.0.0.1", sandbox.port), timeout=10) as connection:
        connection.sendall(sent)
        connection.shutdown(socket.SHUT_WR)
        received = b""
        while piece := connection.recv(65_536):
            received += piece
        return received


@pytest.fixture
def ask(sandbox: Sandbox) -> AskSandbox:
    def send(method: str, path: str, body: object = None, key: str | None = "sandbox-ready") -> SandboxReply:
        connection = http.client.HTTPConnection("127.0.0.1", sandbox.port, timeout=10)
        sent = body if isinstance(body, bytes | None) else json.dumps(body).encode()
        try:
            connection.request(method, f"/v3{path}", sent, {} if key is None else {"X-API-KEY": key})
            answer = connection.getresponse()
            content = answer.read()
        finally:
            connection.close()
        assert not content or answer.headers["Content-Type"] == "application/json"
        return SandboxReply(answer.status, answer.headers, json.loads(content) if content else None)

    return send


@pytest.fixture(autouse=True)
def _no_proxies(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (*PROXIES, *(name.upper() for name in PROXIES), "SSL_CERT_FILE", "SSL_CERT_DIR", "SSLKEYLOGFILE"):
        monkeypatch.delenv(name, raising=False)
