"""A running sandbox, asked by a library or with bytes as they are."""

import socket
from collections.abc import Iterator

import pytest

from bokko_cli.sandbox.server import Sandbox


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
