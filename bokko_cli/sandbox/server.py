"""The sandbox on a loopback port: sockets, who may talk to it, and reading requests within limits."""

import re
import socket
import sys
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socketserver import TCPServer
from threading import Condition, Event, Lock, Thread
from types import TracebackType
from typing import Any, NamedTuple, Self
from urllib.parse import parse_qsl, unquote

from bokko_cli.sandbox import agent, billingo, body
from bokko_cli.sandbox.exchange import Answer, Request, failure
from bokko_cli.sandbox.world import KEYS, Account, open_account

__all__ = ["KEYS", "Sandbox", "Seen"]

LOOPBACK = re.compile(r"(?:127\.0\.0\.1|localhost|\[::1\])(?::[0-9]{1,5})?", re.IGNORECASE)
ABSOLUTE = re.compile(r"http://([^/?#]*)(.*)", re.IGNORECASE | re.DOTALL)
LOG_LIMIT = 10_000
HINT_FROM = 12  # a shorter key would be half told by its last four characters


class Seen(NamedTuple):
    """A request as it arrived: `path` with its query, `hint` the last four characters of its `X-API-KEY`."""

    method: str
    path: str
    hint: str | None


class Sandbox:
    """Both providers on one port of 127.0.0.1; it listens from the start and answers from `start` or `serve` on."""

    def __init__(self, port: int = 0) -> None:
        self._server = _Server(self, port)
        self.port: int = self._server.server_address[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self.billingo_url = f"{self.url}/v3"
        self.szamlazz_url = f"{self.url}/szamla/"
        self.requests: list[Seen] = []
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

    def note(self, seen: Seen) -> None:
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


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128
    allow_reuse_address = sys.platform != "win32"  # there it would let two programs share the port

    def __init__(self, sandbox: Sandbox, port: int) -> None:
        self.sandbox = sandbox
        self._connections: set[socket.socket] = set()
        self._changed = Condition()
        super().__init__(("127.0.0.1", port), _Handler)

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


class _Handler(BaseHTTPRequestHandler):
    server: _Server
    protocol_version = "HTTP/1.1"
    server_version = "sandbox"
    sys_version = ""
    timeout = 15
    disable_nagle_algorithm = True
    target = ""
    host = ""

    def answer(self) -> None:
        """Refuse or answer one request; what was refused before its body was read ends the connection."""
        self.close_connection = self.close_connection or "close" in self.tokens("Connection")
        self.target, authority = split_target(self.path)
        try:
            refusal = self.stranger(authority) or self.unexpected()
            if refusal is None:
                content = self.read_body()
        except body.Unreadable as error:
            refusal = failure(error.status, error.message)
        if refusal is None:
            self.send(self.route(content))
        else:
            self.refuse(refusal)

    do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = do_OPTIONS = answer  # noqa: N815  # http.server's names

    def stranger(self, authority: str | None) -> Answer | None:
        """Refuse web pages: those under a name that resolves to us, and those of another origin."""
        hosts = [host.strip() for host in self.headers.get_all("Host", [])]
        if not hosts and self.request_version == "HTTP/1.0":
            hosts = [f"127.0.0.1:{self.server.server_port}"]  # that version need not name one, and no browser speaks it
        names = hosts if authority is None else [*hosts, authority]
        if len(hosts) != 1 or not all(LOOPBACK.fullmatch(name) for name in names):
            return failure(421, "The sandbox answers to 127.0.0.1, localhost and [::1] only.")
        for origin in self.headers.get_all("Origin", []):
            scheme, _, host = origin.strip().partition("://")
            if scheme not in {"http", "https"} or not LOOPBACK.fullmatch(host):
                return failure(403, "The sandbox does not answer web pages.")
        self.host = names[-1]
        return None

    def unexpected(self) -> Answer | None:
        """Refuse what a client expects and cannot get."""
        if self.tokens("Expect") <= {"100-continue"}:
            return None
        return failure(417, "The sandbox knows no expectation but 100-continue.")

    def read_body(self) -> bytes:
        """Read the body, telling a client that waits for leave that it may send; raises Unreadable."""
        frame = body.framing(self.headers, self.request_version)
        if not frame.is_empty and "100-continue" in self.tokens("Expect") and self.request_version != "HTTP/1.0":
            self.send_response_only(100)
            self.end_headers()
        return body.read(self.rfile, frame)

    def handle_expect_100(self) -> bool:
        """Wait with the leave to send until it is known who asks and how much is coming."""
        return True

    def tokens(self, name: str) -> set[str]:
        """Find the words of a header that is a list, in lower case."""
        values = self.headers.get_all(name, [])
        return {word.strip().lower() for value in values for word in value.split(",")} - {""}

    def refuse(self, refusal: Answer) -> None:
        """Answer, then swallow what is still being sent: closing on it would reset the connection under the answer."""
        self.close_connection = True
        self.send(refusal)
        self.connection.settimeout(1)
        left = 8 * body.LIMIT
        with suppress(OSError):
            self.connection.shutdown(socket.SHUT_WR)
            while left > 0 and (piece := self.rfile.read1(65_536)):
                left -= len(piece)

    def route(self, content: bytes) -> Answer:
        """Hand the request to the provider that its path names."""
        sandbox = self.server.sandbox
        key = self.headers.get("X-API-KEY", "").strip()
        sandbox.note(Seen(self.command, self.target, key[-4:] if len(key) >= HINT_FROM else None))
        request = self.request_with(content)
        if request.path == "/v3" or request.path.startswith("/v3/"):
            return billingo.answer(sandbox.find_account(key), request)
        if request.path in {"/szamla", "/szamla/"}:
            return agent.answer(sandbox.find_account, request)
        return failure(404, "There is nothing here: use /v3 or /szamla/.")

    def request_with(self, content: bytes) -> Request:
        """Make the request a value; of a parameter given twice the last one counts."""
        path, _, query = self.target.partition("?")
        return Request(
            method="GET" if self.command == "HEAD" else self.command,
            path=unquote(path),
            query=dict(parse_qsl(query, keep_blank_values=True)),
            body=content,
            origin=f"http://{self.host}",
            content_type=self.headers.get("Content-Type", ""),
        )

    def send(self, answer: Answer) -> None:
        """Write an answer; to HEAD without its body."""
        self.send_response(answer.status)
        for name, value in answer.headers.items():
            self.send_header(name, value)
        if answer.status != 204:  # noqa: PLR2004  # "No Content" has neither type nor length
            self.send_header("Content-Type", answer.content_type)
            self.send_header("Content-Length", str(len(answer.body)))
        if self.close_connection:
            self.send_header("Connection", "close")
        elif self.request_version == "HTTP/1.0":
            self.send_header("Connection", "keep-alive")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(answer.body)

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """Shape like ours what http.server itself refuses: a broken request line, an unknown method."""
        self.close_connection = True
        self.send(failure(code, explain or message or "The request is malformed."))

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # as the base class has it
        """Keep quiet: standard error belongs to the command."""


def split_target(target: str) -> tuple[str, str | None]:
    """Take a request's target apart: path with query, and host and port where the whole address was given."""
    match = ABSOLUTE.fullmatch(target)
    if match is None:
        return target, None
    path = match[2]
    return path if path.startswith("/") else f"/{path}", match[1]
