"""Requests at the sandbox's door: who may ask, how a request is read, and who answers it."""

import re
import socket
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import NamedTuple, Protocol
from urllib.parse import parse_qsl, unquote

from bokko_cli.sandbox import agent, billingo, body
from bokko_cli.sandbox.exchange import Request, Response, failure
from bokko_cli.sandbox.world import Account

LOOPBACK = re.compile(r"(?:127\.0\.0\.1|localhost|\[::1\])(?::[0-9]{1,5})?", re.IGNORECASE)
ABSOLUTE = re.compile(r"http://([^/?#]*)(.*)", re.IGNORECASE | re.DOTALL)
HINT_FROM = 12  # a shorter key would be half told by its last four characters


class Served(NamedTuple):
    """A request as it arrived: `path` with its query, `hint` the last four characters of its `X-API-KEY`."""

    method: str
    path: str
    hint: str | None


class Worlds(Protocol):
    """The accounts that requests are about, and the log of what was asked."""

    def find_account(self, key: str) -> Account | None:
        """Find the world behind a key, and none for an unknown key."""

    def note(self, seen: Served) -> None:
        """Log a request."""


class Host(HTTPServer):
    """A server that knows the worlds."""

    sandbox: Worlds


class Handler(BaseHTTPRequestHandler):
    """One connection, request by request."""

    server: Host
    protocol_version = "HTTP/1.1"
    default_request_version = "HTTP/1.0"  # with the base class's 0.9 a refused request line would get no status
    timeout = 15
    disable_nagle_algorithm = True
    raw_requestline: bytes
    target = ""
    host = ""

    def parse_request(self) -> bool:
        """Pass over one empty line before a request: some clients send it after a body (RFC 9112, 2.2)."""
        if self.raw_requestline in {b"\r\n", b"\n"}:
            self.raw_requestline = self.rfile.readline(65_536)
        return super().parse_request()

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

    def stranger(self, authority: str | None) -> Response | None:
        """Refuse web pages: those under a name that resolves to us, and those of another origin."""
        hosts = [host.strip(body.BLANKS) for host in self.headers.get_all("Host", [])]
        if not hosts and self.request_version == "HTTP/1.0":
            hosts = [f"127.0.0.1:{self.server.server_port}"]  # that version need not name one, and no browser speaks it
        names = hosts if authority is None else [*hosts, authority]
        if len(hosts) != 1 or not all(LOOPBACK.fullmatch(name) for name in names):
            return failure(421, "The sandbox answers to 127.0.0.1, localhost and [::1] only.")
        for origin in self.headers.get_all("Origin", []):
            scheme, _, host = origin.strip(body.BLANKS).partition("://")
            if scheme not in {"http", "https"} or not LOOPBACK.fullmatch(host):
                return failure(403, "The sandbox does not answer web pages.")
        self.host = names[-1]
        return None

    def unexpected(self) -> Response | None:
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
        return {word.strip(body.BLANKS).lower() for value in values for word in value.split(",")} - {""}

    def refuse(self, refusal: Response) -> None:
        """Answer, then swallow what is still being sent: closing on it would reset the connection under the answer."""
        self.close_connection = True
        self.send(refusal)
        self.connection.settimeout(1)
        left = 8 * body.LIMIT
        with suppress(OSError):
            self.connection.shutdown(socket.SHUT_WR)
            while left > 0 and (piece := self.rfile.read1(65_536)):
                left -= len(piece)

    def route(self, content: bytes) -> Response:
        """Hand the request to the provider that its path names."""
        sandbox = self.server.sandbox
        key = self.headers.get("X-API-KEY", "").strip()
        sandbox.note(Served(self.command, self.target, key[-4:] if len(key) >= HINT_FROM else None))
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

    def send(self, answer: Response) -> None:
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

    def version_string(self) -> str:
        """Name no version: there is none but bokko's own."""
        return "sandbox"

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # as the base class has it
        """Keep quiet: standard error belongs to the command."""


def split_target(target: str) -> tuple[str, str | None]:
    """Take a request's target apart: path with query, and host and port where the whole address was given."""
    match = ABSOLUTE.fullmatch(target)
    if match is None:
        return target, None
    path = match[2]
    return path if path.startswith("/") else f"/{path}", match[1]
