"""Requests over httpx: bounded in time and size, retried where that is safe, every failure one of our errors."""

import logging
import threading
import time
import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial

import httpx
from httpx_retries import RetryTransport

from bokko_cli import __version__
from bokko_cli.deadline import Deadline, TimedOut, run_within
from bokko_cli.errors import UnexpectedAnswer, Unreachable
from bokko_cli.network.retry import Patience
from bokko_cli.network.transport import no_connection, proxy_failed, transport_to

MEGABYTE = 1024 * 1024
LONGEST_BODY = 10 * MEGABYTE
LONGEST_TOGETHER = 12 * MEGABYTE
AT_ONCE = 8
_PIECE = 65536
# What speaks of the body as it came over the wire.
_DROPPED_HEADERS = {b"content-encoding", b"content-length", b"transfer-encoding"}

log = logging.getLogger("bokko.client")


@dataclass(frozen=True, slots=True)
class Pace:
    """Seconds: for a connection, for an exchange from request to last byte, and about the wait before a first retry."""

    connect: float = 5.0
    exchange: float = 20.0
    first_wait: float = 0.6


USUAL_PACE = Pace()


@dataclass(frozen=True, slots=True, repr=False)
class Answer:
    """One whole answer; `body` is decompressed."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def is_html(self) -> bool:
        """Whether a person's page came instead of data: a captive portal, a proxy, a content delivery network."""
        begin = self.body.lstrip(b"\xef\xbb\xbf\t\r\n ")[:1]
        return begin == b"<" or (begin != b"{" and "html" in self.headers.get("content-type", "").lower())


class Client:
    """A provider's address with a key in every request; safe to use from several threads.

    `title` is the provider's name in messages; `tell` gets a line whenever it waits. Raises EndpointRefused or
    InvalidValue for an address, a proxy or certificates that cannot be used.
    """

    def __init__(
        self,
        endpoint: str,
        title: str,
        headers: Mapping[str, str],
        deadline: Deadline,
        tell: Callable[[str], None],
        pace: Pace = USUAL_PACE,
    ) -> None:
        self.title = title
        self._tell = tell
        self._closed = False
        self._endpoint = endpoint.rstrip("/")
        self._turns = threading.BoundedSemaphore(AT_ONCE)
        bounded = _Bounded(transport_to(endpoint, AT_ONCE), title, deadline, pace)
        patience = Patience.of(title, deadline, self._say, pace.first_wait)
        # gzip alone is asked for, since nothing else is unpacked.
        usual = {"User-Agent": f"bokko/{__version__}", "Accept": "application/json", "Accept-Encoding": "gzip"}
        self._headers = {**usual, **headers}
        self._timeout = httpx.Timeout(pace.exchange, connect=pace.connect).as_dict()
        # Used as it is: all that httpx's own client would add is redirects, cookies, and what the environment says.
        self._transport = RetryTransport(bounded, patience)

    def get(self, path: str, query: Mapping[str, str | int] | None = None) -> Answer:
        """Return the answer whatever its status; raises Unreachable or UnexpectedAnswer when there is none to read."""
        return self._send("GET", path, params=dict(query or {}))

    def post_file(self, path: str, field: str, content: bytes) -> Answer:
        """Send a form with one file part; never tried again by itself. Returns and raises as `get`."""
        return self._send("POST", path, files={field: (f"{field}.xml", content, "application/xml")})

    def post_json(self, path: str, value: Mapping[str, object]) -> Answer:
        """Send a JSON object; never tried again by itself. Returns and raises as `get`."""
        return self._send("POST", path, value=value)

    def delete(self, path: str) -> Answer:
        """Delete what is at a path, tried again like `get`: what is gone already stays gone. Returns and raises so."""
        return self._send("DELETE", path)

    def _send(
        self,
        method: str,
        path: str,
        params: Mapping[str, str | int] | None = None,
        files: Mapping[str, tuple[str, bytes, str]] | None = None,
        value: Mapping[str, object] | None = None,
    ) -> Answer:
        request = httpx.Request(
            method,
            self._endpoint + path,
            headers=self._headers,
            params=params,
            files=files,
            json=value,
            extensions={"timeout": self._timeout},
        )
        try:
            with self._turns:
                response = self._transport.handle_request(request)
        except httpx.TimeoutException as error:
            raise Unreachable(f"{self.title} did not answer in time.") from error
        except httpx.ConnectError as error:
            raise no_connection(self.title, self._endpoint, error) from error
        except httpx.ProxyError as error:
            raise proxy_failed(self.title, "refused to connect") from error
        except (httpx.DecodingError, zlib.error) as error:
            raise UnexpectedAnswer(f"{self.title}'s answer could not be unpacked.") from error
        except httpx.TransportError as error:
            raise Unreachable(f"Could not reach {self.title}: the connection broke off.") from error
        if response.is_redirect:
            raise UnexpectedAnswer(f"{self.title} answered with a redirect (HTTP {response.status_code}).")
        return Answer(response.status_code, response.headers, response.content)

    def _say(self, text: str) -> None:
        """Pass news on, but none of connections that broke off by being closed here."""
        if not self._closed:
            self._tell(text)

    def close(self) -> None:
        """Close the connections; what still runs on another thread sends and tells nothing more."""
        self._closed = True
        self._transport.close()


def warm_up(endpoint: str) -> None:
    """Load and build what a first request to an address needs; nothing is sent. Raises as Client."""
    Client(endpoint, "", {}, Deadline(), lambda _: None).close()


class _Bounded(httpx.BaseTransport):
    """One exchange, head and body, within its seconds and LONGEST_BODY; all of them within LONGEST_TOGETHER.

    httpx's own time-outs are per read, which a server that drips bytes never exceeds.
    """

    def __init__(self, inner: httpx.BaseTransport, title: str, deadline: Deadline, pace: Pace) -> None:
        self._inner = inner
        self._title = title
        self._deadline = deadline
        self._pace = pace
        self._closed = False
        self._received = 0
        self._counting = threading.Lock()

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        seconds = min(self._pace.exchange, self._deadline.left())
        if self._closed or not seconds:
            raise httpx.PoolTimeout("no time left to ask", request=request)
        started = time.monotonic()
        line = f"{request.method} {request.url}"
        try:
            response = run_within(seconds, partial(self._exchange, request, started + seconds))
        except TimedOut:
            log.debug("%s: no answer within %.1f s", line, seconds)
            raise httpx.ReadTimeout("no whole answer in time", request=request) from None
        except (httpx.HTTPError, UnexpectedAnswer, zlib.error) as error:
            log.debug("%s: %s after %.2f s", line, type(error).__name__, time.monotonic() - started)
            raise
        log.debug("%s: %d in %.2f s", line, response.status_code, time.monotonic() - started)
        return response

    def _exchange(self, request: httpx.Request, ends: float) -> httpx.Response:
        response = self._inner.handle_request(request)
        try:
            body = self._read(response, ends)
        finally:
            response.close()
        # As bytes: the text of a header that is not ASCII could not be made a header again.
        kept = [(name, value) for name, value in response.headers.raw if name.lower() not in _DROPPED_HEADERS]
        return httpx.Response(response.status_code, headers=kept, content=body, request=request)

    def _read(self, response: httpx.Response, ends: float) -> bytes:
        encoding = response.headers.get("content-encoding", "").lower()
        if encoding not in {"", "identity", "gzip"}:
            raise UnexpectedAnswer(f"{self._title}'s answer came packed in a way that was not asked for.")
        unpack = zlib.decompressobj(wbits=31) if encoding == "gzip" else None
        body = bytearray()
        packed = 0
        for chunk in self._chunks(response, ends):
            packed += len(chunk)
            for piece in _unpacked(chunk, unpack) if unpack else (chunk,):
                body += piece
                self._count(len(piece), max(len(body), packed))
        if unpack and not unpack.eof:
            raise httpx.DecodingError("packed body is incomplete")
        return bytes(body)

    def _chunks(self, response: httpx.Response, ends: float) -> Iterator[bytes]:
        """Yield what arrives until the exchange's time is over, so that a thread left behind ends too."""
        for chunk in response.iter_raw():
            if time.monotonic() > ends:
                raise httpx.ReadTimeout("no whole answer in time")
            yield chunk

    def _count(self, arrived: int, length: int) -> None:
        with self._counting:
            self._received += arrived
            together = self._received
        if length > LONGEST_BODY:
            raise UnexpectedAnswer(f"{self._title}'s answer was longer than 10 MB.")
        if together > LONGEST_TOGETHER:
            raise UnexpectedAnswer(f"{self._title}'s answers were longer than 12 MB together.")

    def close(self) -> None:
        self._closed = True
        self._inner.close()


def _unpacked(chunk: bytes, unpack: "zlib._Decompress") -> Iterator[bytes]:
    """Unpack piece by piece: a few kilobytes can stand for gigabytes."""
    while chunk:
        yield unpack.decompress(chunk, _PIECE)
        chunk = unpack.unconsumed_tail
