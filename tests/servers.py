"""A scripted server on loopback, for answers no honest server gives, and a tiny Billingo made of them."""

import contextlib
import functools
import itertools
import json
import socket
import struct
import threading
import time
import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import BinaryIO, Protocol, Self
from urllib.parse import parse_qsl, urlsplit

LOOPBACK = "127.0.0.1"
MEGABYTE = 1024 * 1024
NOTHING: Mapping[str, str] = {}

JSON_TYPE = "application/json"


@dataclass(frozen=True, slots=True)
class Seen:
    """One request as it arrived; header names in lower case, `at` on the monotonic clock."""

    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: bytes
    at: float


class HungUp(Exception):
    """This connection is over: the client left, the server stops, or the answer wanted it so."""


class Line:
    """One connection as an answer sees it: each wait ends with `HungUp` as soon as the server stops."""

    def __init__(self, connection: socket.socket, stopping: threading.Event) -> None:
        self._connection = connection
        self._stopping = stopping

    def send(self, data: bytes) -> None:
        try:
            self._connection.sendall(data)
        except OSError as error:
            raise HungUp from error

    def pause(self, seconds: float) -> None:
        if self._stopping.wait(seconds):
            raise HungUp

    def hear(self) -> None:
        """Take in some of what the client says next."""
        with contextlib.suppress(OSError):
            self._connection.recv(65536)

    def wait_for_the_client_to_leave(self) -> None:
        with contextlib.suppress(OSError):
            while self._connection.recv(65536):
                pass
        raise HungUp

    def reset(self) -> None:
        """Close with RST instead of FIN."""
        self._connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        raise HungUp


class ScriptedAnswer(Protocol):
    """What goes back over the line; raising `HungUp` closes it, returning keeps it for the next request."""

    def send(self, line: Line) -> None: ...


def head(status: int, headers: Mapping[str, str]) -> bytes:
    """Return a status line and headers, as they go over the wire."""
    lines = [f"HTTP/1.1 {status} Scripted", *(f"{name}: {value}" for name, value in headers.items())]
    return "\r\n".join([*lines, "", ""]).encode("latin-1")


@dataclass(frozen=True, slots=True)
class WholeAnswer:
    """An orderly answer, after a delay; its length is told unless the headers already say something about it."""

    status: int
    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)
    delay: float = 0.0

    def send(self, line: Line) -> None:
        line.pause(self.delay)
        told = {name.lower() for name in self.headers} & {"content-length", "transfer-encoding"}
        length = {} if told else {"Content-Length": str(len(self.body))}
        line.send(head(self.status, {**self.headers, **length}) + self.body)


@dataclass(frozen=True, slots=True)
class Hang:
    """Says nothing for as long as the client waits."""

    def send(self, line: Line) -> None:
        line.wait_for_the_client_to_leave()


@dataclass(frozen=True, slots=True)
class Drip:
    """Sends the head at once and the body byte by byte, `seconds` apart."""

    body: bytes
    seconds: float = 1.0
    status: int = 200

    def send(self, line: Line) -> None:
        line.send(head(self.status, {"Content-Type": JSON_TYPE, "Content-Length": str(len(self.body))}))
        for byte in self.body:
            line.send(bytes([byte]))
            line.pause(self.seconds)


@dataclass(frozen=True, slots=True)
class DripHead:
    """Sends a head that never ends: a byte every so many seconds, or a flood of headers with `seconds=0`."""

    seconds: float = 1.0

    def send(self, line: Line) -> None:
        line.send(b"HTTP/1.1 200 OK\r\n")
        size = 1 if self.seconds else 65536
        for number in itertools.count():
            text = f"x-{number}: {'y' * 60}\r\n".encode()
            for start in range(0, len(text), size):
                line.send(text[start : start + size])
                line.pause(self.seconds)


@dataclass(frozen=True, slots=True)
class Reset:
    """Breaks the connection off, after some bytes if there are any."""

    after: bytes = b""

    def send(self, line: Line) -> None:
        line.send(self.after)
        line.reset()


@dataclass(frozen=True, slots=True)
class Truncate:
    """Promises the whole body, sends its first `kept` bytes and closes."""

    body: bytes
    kept: int

    def send(self, line: Line) -> None:
        line.send(head(200, {"Content-Type": JSON_TYPE, "Content-Length": str(len(self.body))}))
        line.send(self.body[: self.kept])
        raise HungUp


@dataclass(frozen=True, slots=True)
class Endless:
    """Sends chunks for as long as the client takes them."""

    chunk: bytes = b" " * 65536
    seconds: float = 0.0

    def send(self, line: Line) -> None:
        line.send(head(200, {"Content-Type": JSON_TYPE, "Transfer-Encoding": "chunked"}))
        framed = b"%x\r\n%b\r\n" % (len(self.chunk), self.chunk)
        while True:
            line.send(framed)
            line.pause(self.seconds)


@dataclass(frozen=True, slots=True)
class Verbatim:
    """Sends exactly these bytes, HTTP or not, and closes."""

    data: bytes

    def send(self, line: Line) -> None:
        line.send(self.data)
        raise HungUp


def json_answer(status: int, value: object, headers: Mapping[str, str] = NOTHING, delay: float = 0.0) -> ScriptedAnswer:
    """Answer with a value as JSON."""
    body = json.dumps(value, ensure_ascii=False).encode()
    return WholeAnswer(status, body, {"Content-Type": JSON_TYPE, **headers}, delay)


def raw_answer(status: int, body: bytes, headers: Mapping[str, str] = NOTHING) -> ScriptedAnswer:
    """Answer with these bytes, and no header but these and the length."""
    return WholeAnswer(status, body, dict(headers))


def redirect(location: str, status: int = 302) -> ScriptedAnswer:
    """Answer that what was asked for is elsewhere."""
    return raw_answer(status, b"", {"Location": location})


@functools.cache
def gzip_bomb(size: int) -> ScriptedAnswer:
    """Answer with valid JSON that is `size` bytes of blanks and an empty object, a thousandth of it compressed."""
    squeeze = zlib.compressobj(9, wbits=31)
    blanks = b" " * MEGABYTE
    parts = [squeeze.compress(blanks) for _ in range(size // MEGABYTE)]
    parts += [squeeze.compress(blanks[: size % MEGABYTE] + b"{}"), squeeze.flush()]
    return raw_answer(200, b"".join(parts), {"Content-Type": JSON_TYPE, "Content-Encoding": "gzip"})


def in_turn(*answers: ScriptedAnswer) -> Callable[[Seen], ScriptedAnswer]:
    """Give each request the next answer; the last one stays."""
    left = itertools.chain(answers, itertools.repeat(answers[-1]))
    one_at_a_time = threading.Lock()

    def answer(_: Seen) -> ScriptedAnswer:
        with one_at_a_time:
            return next(left)

    return answer


def read_request(stream: BinaryIO) -> Seen:
    """Read one request with a told length; raises `HungUp` where the client has nothing more to say."""
    first = stream.readline().decode("latin-1").split()
    if len(first) != len(("method", "target", "version")):
        raise HungUp
    lines = iter(lambda: stream.readline().decode("latin-1").strip(), "")
    pairs = (line.partition(":") for line in lines)
    headers = {name.strip().lower(): value.strip() for name, _, value in pairs}
    body = stream.read(int(headers.get("content-length", "0")))
    target = urlsplit(first[1])
    query = dict(parse_qsl(target.query, keep_blank_values=True))
    return Seen(first[0], target.path, query, headers, body, time.monotonic())


def may_leave(seen: Seen) -> bool:
    """Whether the program may ever send a request that is no mere question; whoever else asks may send anything."""
    if not seen.headers.get("user-agent", "").startswith("bokko/") or seen.method == "GET":
        return True
    *_, kind, number = ["", *seen.path.strip("/").split("/")]
    match (seen.method, kind, number):
        case ("DELETE", "partners" | "documents", number):
            return number.isdecimal()
        case ("POST", _, "documents"):
            sent = json.loads(seen.body)
            return (sent.get("type"), sent.get("settings")) == ("draft", {"should_send_email": False})
        case ("POST", _, "partners" | "x" | "szamla" | ""):
            return True
    return False


class Server:
    """Gives each request the scripted answer, on a free loopback port; leaving the block ends every wait at once."""

    def __init__(self, answer: Callable[[Seen], ScriptedAnswer]) -> None:
        self.seen: list[Seen] = []
        self.forbidden: list[Seen] = []
        self.busiest = 0
        self._answer = answer
        self._busy = 0
        self._guard = threading.Lock()
        self._stopping = threading.Event()
        self._open: set[socket.socket] = set()
        self._threads: list[threading.Thread] = []

    def __enter__(self) -> Self:
        self._listener = socket.create_server((LOOPBACK, 0), backlog=128)
        self._address: tuple[str, int] = self._listener.getsockname()
        self.url = f"http://{LOOPBACK}:{self._address[1]}"
        self._accepting = threading.Thread(target=self._accept, name="accept")
        self._accepting.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stopping.set()
        with contextlib.suppress(OSError), socket.create_connection(self._address):
            pass  # wakes the accepting thread on every system
        self._accepting.join()
        self._listener.close()
        with self._guard:
            for connection in self._open:
                with contextlib.suppress(OSError):
                    connection.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join()
        assert not self.forbidden, "the program sent what it must never send"

    def _accept(self) -> None:
        while True:
            connection, _ = self._listener.accept()
            if self._stopping.is_set():
                connection.close()
                return
            with self._guard:
                self._open.add(connection)
            thread = threading.Thread(target=self._serve, args=(connection,), name="serve")
            self._threads.append(thread)
            thread.start()

    def _serve(self, connection: socket.socket) -> None:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        try:
            with contextlib.suppress(HungUp, OSError), connection.makefile("rb") as stream:
                while self._answer_one(stream, Line(connection, self._stopping)):
                    pass
        finally:
            with self._guard:
                self._open.discard(connection)
                connection.close()

    def _answer_one(self, stream: BinaryIO, line: Line) -> bool:
        """Answer a request; tell whether the client keeps the connection."""
        request = read_request(stream)
        with self._answering(request):
            self._answer(request).send(line)
        return request.headers.get("connection", "").lower() != "close"

    @contextlib.contextmanager
    def _answering(self, request: Seen) -> Iterator[None]:
        with self._guard:
            self.seen.append(request)
            self.forbidden += [] if may_leave(request) else [request]
            self._busy += 1
            self.busiest = max(self.busiest, self._busy)
        try:
            yield
        finally:
            with self._guard:
                self._busy -= 1


@contextlib.contextmanager
def nobody_listening() -> Iterator[str]:
    """Give a loopback address that refuses each connection for as long as the block lasts."""
    with socket.socket() as taken:
        taken.bind((LOOPBACK, 0))
        yield f"http://{LOOPBACK}:{taken.getsockname()[1]}"


@contextlib.contextmanager
def nobody_accepting() -> Iterator[str]:
    """Give a loopback address where no connection comes about: its queue is full, and Linux lets others wait."""
    with contextlib.ExitStack() as stack:
        listener = stack.enter_context(socket.socket())
        listener.bind((LOOPBACK, 0))
        listener.listen(0)
        for _ in range(3):
            queued = stack.enter_context(socket.socket())
            queued.setblocking(False)
            queued.connect_ex(listener.getsockname())
        yield f"http://{LOOPBACK}:{listener.getsockname()[1]}"
