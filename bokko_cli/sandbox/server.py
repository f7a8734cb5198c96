"""The sandbox on a loopback port: when it listens, its connections, and the world behind each key."""

import socket
import sys
from contextlib import suppress
from socketserver import TCPServer, ThreadingMixIn
from threading import Condition, Event, Lock, Thread
from types import TracebackType
from typing import Any, Self

from bokko_cli.sandbox.handler import Handler, Host, Served
from bokko_cli.sandbox.world import KEYS, Account, open_account

__all__ = ["KEYS", "Sandbox", "Served"]

LOG_LIMIT = 10_000


class Sandbox:
    """Both providers on one port of 127.0.0.1; it listens from the start and answers from `start` or `serve` on."""

    def __init__(self, port: int = 0) -> None:
        self._server = _Server(self, port)
        self.port: int = self._server.server_address[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self.billingo_url = f"{self.url}/v3"
        self.szamlazz_url = f"{self.url}/szamla/"
        self.requests: list[Served] = []
        self._accounts: dict[str, Account] = {}
        self._lock = Lock()
        self._closing = Event()
        self._thread: Thread | None = None

    def __enter__(self) -> Self:
        """Answer requests while the block runs."""
        self.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        """Stop, whatever happened."""
        self.close()

    def start(self) -> None:
        """Answer from a daemon thread; does nothing when it already does."""
        if self._thread is None and not self._closing.is_set():
            self._thread = Thread(target=self._accept, name="sandbox", daemon=True)
            self._thread.start()

    def serve(self) -> None:
        """Answer until `close` or Ctrl-C, whose KeyboardInterrupt passes through."""
        self.start()
        while not self._closing.wait(0.5):  # Windows delivers Ctrl-C only between waits
            pass

    def close(self) -> None:
        """Stop listening and hang up on everybody; a second call does nothing."""
        if self._closing.is_set():
            return
        self._closing.set()
        if self._thread is not None:
            self._wake()
            self._thread.join()
        self._server.server_close()
        self._server.hang_up()

    def account(self, key: str) -> Account:
        """Find the world behind a key, the same on every call; raises KeyError for a key that is not in `KEYS`."""
        with self._lock:
            if key not in self._accounts:
                self._accounts[key] = open_account(key)
            return self._accounts[key]

    def find_account(self, key: str) -> Account | None:
        """Find the same, and none for an unknown key."""
        try:
            return self.account(key)
        except KeyError:
            return None

    def note(self, seen: Served) -> None:
        """Log a request, forgetting the oldest."""
        with self._lock:
            self.requests.append(seen)
            del self.requests[:-LOG_LIMIT]

    def _accept(self) -> None:
        while not self._closing.is_set():
            self._server.handle_request()

    def _wake(self) -> None:
        """Connect once, so that the accepting thread looks up; `serve_forever` would poll instead."""
        with suppress(OSError):
            socket.create_connection(("127.0.0.1", self.port), timeout=1).close()


class _Server(ThreadingMixIn, Host):
    daemon_threads = True
    request_queue_size = 128
    allow_reuse_address = sys.platform != "win32"  # there it would let two programs share the port

    def __init__(self, sandbox: Sandbox, port: int) -> None:
        self.sandbox = sandbox
        self._connections: set[socket.socket] = set()
        self._changed = Condition()
        super().__init__(("127.0.0.1", port), Handler)

    def server_bind(self) -> None:
        """Bind without HTTPServer's name look-up, which may ask a DNS server."""
        TCPServer.server_bind(self)
        self.server_name, self.server_port = "127.0.0.1", self.server_address[1]

    def process_request(self, request: Any, client_address: Any) -> None:  # noqa: ANN401  # as the base class has it
        """Remember the connection while its thread lives."""
        with self._changed:
            self._connections.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:  # noqa: ANN401  # as the base class has it
        """Close the connection and forget it."""
        super().shutdown_request(request)
        with self._changed:
            self._connections.discard(request)
            self._changed.notify_all()

    def handle_error(self, request: Any, client_address: Any) -> None:  # noqa: ANN401  # as the base class has it
        """Say nothing of a client that went away; anything else is a bug and is shown."""
        if not isinstance(sys.exception(), OSError):
            super().handle_error(request, client_address)

    def hang_up(self) -> None:
        """End the kept-alive connections and wait until their threads have let go."""
        with self._changed:
            for connection in self._connections:
                with suppress(OSError):
                    connection.shutdown(socket.SHUT_RDWR)
            self._changed.wait_for(lambda: not self._connections, timeout=2)
