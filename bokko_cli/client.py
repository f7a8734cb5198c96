"""Requests over httpx: bounded in time and size, retried where that is safe, every failure one of our errors."""

import logging
import socket
import ssl
import threading
import time
import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from functools import partial
from typing import Any
from urllib.request import getproxies, proxy_bypass

import httpx
from httpx_retries import Retry, RetryTransport

from bokko_cli import __version__
from bokko_cli.deadline import Deadline, TimedOut, run_within
from bokko_cli.endpoint import is_loopback
from bokko_cli.errors import EndpointRefused, InvalidValue, UnexpectedAnswer, Unreachable

MEGABYTE = 1024 * 1024
LONGEST_BODY = 10 * MEGABYTE
LONGEST_TOGETHER = 12 * MEGABYTE
AT_ONCE = 8
_PIECE = 65536
_RETRIES = 3
_LONGEST_WAIT = 30.0
# What is done with already, and what httpx would act upon by itself.
_DROPPED_HEADERS = {b"content-encoding", b"content-length", b"transfer-encoding", b"location", b"set-cookie"}

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
        self._endpoint = endpoint
        self._turns = threading.BoundedSemaphore(AT_ONCE)
        bounded = _Bounded(_transport(endpoint), title, deadline, pace)
        patience = _Patience.of(title, deadline, tell, pace)
        # gzip alone is asked for, since nothing else is unpacked; httpx would ask for whatever is installed.
        usual = {"User-Agent": f"bokko/{__version__}", "Accept": "application/json", "Accept-Encoding": "gzip"}
        # No environment here: it could send a loopback request through a proxy. `_transport` reads what is wanted.
        self._http = httpx.Client(
            transport=RetryTransport(bounded, patience),
            headers={**usual, **headers},
            timeout=httpx.Timeout(pace.exchange, connect=pace.connect),
            follow_redirects=False,
            trust_env=False,
        )

    def get(self, path: str, query: Mapping[str, str | int] | None = None) -> Answer:
        """Return the answer whatever its status; raises Unreachable or UnexpectedAnswer when there is none to read."""
        return self._send(self._http.build_request("GET", self._endpoint + path, params=dict(query or {})))

    def post_file(self, path: str, field: str, content: bytes) -> Answer:
        """Send a form with one file part; never tried again by itself. Returns and raises as `get`."""
        files = {field: (f"{field}.xml", content, "application/xml")}
        return self._send(self._http.build_request("POST", self._endpoint + path, files=files))

    def _send(self, request: httpx.Request) -> Answer:
        try:
            with self._turns:
                response = self._http.send(request)
        except httpx.TimeoutException as error:
            raise Unreachable(f"{self.title} did not answer in time.") from error
        except httpx.ConnectError as error:
            raise no_connection(self.title, self._endpoint, error) from error
        except httpx.ProxyError as error:
            fix = "Check HTTPS_PROXY, or add the host to NO_PROXY."
            raise Unreachable(f"Could not reach {self.title}: the proxy refused to connect.", fix=fix) from error
        except (httpx.DecodingError, zlib.error) as error:
            raise UnexpectedAnswer(f"{self.title}'s answer could not be unpacked.") from error
        except httpx.TransportError as error:
            raise Unreachable(f"Could not reach {self.title}: the connection broke off.") from error
        if response.is_redirect:
            raise UnexpectedAnswer(f"{self.title} answered with a redirect (HTTP {response.status_code}).")
        return Answer(response.status_code, response.headers, response.content)

    def close(self) -> None:
        """Close the connections; what still runs on another thread sends nothing more."""
        self._http.close()


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
    piece = b"x"
    while chunk or piece:
        piece = unpack.decompress(chunk, _PIECE)
        yield piece
        chunk = unpack.unconsumed_tail


class _Patience(Retry):
    """When to try again: GET only, three times, as told by Retry-After up to a bound, saying that it waits."""

    title: str
    deadline: Deadline
    tell: Callable[[str], None]

    @classmethod
    def of(cls, title: str, deadline: Deadline, tell: Callable[[str], None], pace: Pace) -> "_Patience":
        patience = cls(
            total=_RETRIES,
            allowed_methods=["GET"],
            status_forcelist=[429, 500, 502, 503, 504],
            # A refused connection or an unknown host is told at once; an exchange that took too long is not repeated.
            retry_on_exceptions=[httpx.ReadError, httpx.WriteError, httpx.RemoteProtocolError],
            backoff_factor=pace.first_wait / 2,
            backoff_jitter=0.5,
        )
        return patience.set_up(title, deadline, tell)

    def set_up(self, title: str, deadline: Deadline, tell: Callable[[str], None]) -> "_Patience":
        """Say for whom and until when; the library's constructor has its own parameters only."""
        self.title, self.deadline, self.tell = title, deadline, tell
        return self

    def copy_with(self, *args: Any, **changes: Any) -> "_Patience":  # noqa: ANN401 - the library's own signature
        copy = super().copy_with(*args, **changes)
        assert isinstance(copy, _Patience)  # noqa: S101 - the library copies `self.__class__`
        return copy.set_up(self.title, self.deadline, self.tell)

    def is_exhausted(self) -> bool:
        """Whether what came is the last word: the tries are used up, or there is no time for another."""
        longest_wait = self.backoff_factor * 2 ** (self.attempts_made + 1)
        return super().is_exhausted() or self.deadline.left() <= longest_wait

    def sleep(self, response: httpx.Response | Exception) -> None:
        told = response.headers.get("retry-after", "") if isinstance(response, httpx.Response) else ""
        seconds = max(seconds_told(told), self.backoff_strategy())
        if seconds > min(_LONGEST_WAIT, self.deadline.left()):
            asked = timedelta(seconds=round(min(seconds, 10**8)))
            raise Unreachable(
                f"{self.title} is busy and asks to wait {asked} (hours:minutes:seconds).",
                fix="Run the command again after that time.",
            )
        reason = f"answered {response.status_code}" if isinstance(response, httpx.Response) else "broke off"
        log.debug("%s %s: attempt %d in %.2f s", self.title, reason, self.attempts_made + 1, seconds)
        self.tell(f"{self.title} {reason}; trying again in {seconds:.1f} s…")
        time.sleep(seconds)


def seconds_told(retry_after: str) -> float:
    """Return what a Retry-After asks for, seconds or a date; 0 for the past, for nonsense and for nothing.

    The library's own reading writes the server's text into a log that ends on the terminal.
    """
    if retry_after.isascii() and retry_after.isdigit():
        return float(retry_after)
    try:
        date = parsedate_to_datetime(retry_after)
        return max(0.0, (date.replace(tzinfo=date.tzinfo or UTC) - datetime.now(UTC)).total_seconds())
    except (ValueError, OverflowError):
        return 0.0


def _transport(endpoint: str) -> httpx.HTTPTransport:
    # Plain http is for loopback only; a TLS context that nothing uses would cost 15 ms there.
    verify = not endpoint.startswith("http:")
    limits = httpx.Limits(max_connections=2 * AT_ONCE, max_keepalive_connections=AT_ONCE)
    proxy = proxy_for(endpoint)
    try:
        return httpx.HTTPTransport(verify=verify, limits=limits, proxy=proxy and _resolvable(proxy))
    except OSError:
        raise InvalidValue(
            "The certificates that SSL_CERT_FILE or SSL_CERT_DIR names cannot be read.",
            fix="Mend the variable, or unset it.",
        ) from None
    except (ValueError, ImportError, httpx.InvalidURL):
        # Not shown: it may hold a password.
        raise InvalidValue("The proxy in the environment cannot be used.", fix="Mend or unset HTTPS_PROXY.") from None


def proxy_for(endpoint: str) -> str | None:
    """Return the proxy that the environment wants for an address; none for loopback, whose requests are plain."""
    try:
        url = _resolvable(endpoint)
    except (httpx.InvalidURL, UnicodeError):
        raise EndpointRefused("The provider's address holds a host that cannot exist.") from None
    if is_loopback(endpoint) or proxy_bypass(url.host):
        return None
    proxies = getproxies()
    proxy = proxies.get(url.scheme) or proxies.get("all")
    return f"http://{proxy}" if proxy and "://" not in proxy else proxy


def _resolvable(address: str) -> httpx.URL:
    """Parse an address; raises InvalidURL, or UnicodeError for a host that looking up would only stumble over."""
    url = httpx.URL(address)
    url.host.encode("idna")
    return url


def no_connection(title: str, endpoint: str, error: BaseException) -> Unreachable:
    """Return why no connection came about, in words."""
    causes = list(_causes(error))
    what = f"Could not reach {title} at {endpoint}:"
    if any(isinstance(cause, ssl.SSLCertVerificationError) for cause in causes):
        fix = "Check this computer's clock and network; a proxy's own certificate goes into SSL_CERT_FILE."
        return Unreachable(f"{what} its certificate is not trusted.", fix=fix)
    if any(isinstance(cause, ssl.SSLError) for cause in causes):
        return Unreachable(f"{what} no secure connection (TLS) came about.")
    if any(isinstance(cause, socket.gaierror) for cause in causes):
        return Unreachable(f"{what} its name could not be looked up.")
    return Unreachable(f"{what} no connection.")


def _causes(error: BaseException) -> Iterator[BaseException]:
    cause: BaseException | None = error
    while cause is not None:
        yield cause
        cause = cause.__cause__ or cause.__context__
