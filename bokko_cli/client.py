"""Requests over httpx: bounded in time and size, retried where that is safe, every failure one of our errors."""

import logging
import time
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from threading import BoundedSemaphore
from typing import Any
from urllib.request import getproxies, proxy_bypass

import httpx
from httpx_retries import Retry, RetryTransport

from bokko_cli import __version__
from bokko_cli.deadline import Deadline, TimedOut, run_within
from bokko_cli.endpoint import is_loopback
from bokko_cli.errors import UnexpectedAnswer, Unreachable

CONNECT_SECONDS = 5.0
EXCHANGE_SECONDS = 20.0
LONGEST_BODY = 10 * 1024 * 1024
AT_ONCE = 8
_LONGEST_WAIT = 30.0
_TELL_FROM = 0.2

log = logging.getLogger("bokko.client")


@dataclass(frozen=True, slots=True, repr=False)
class Answer:
    """One whole answer; `body` is decompressed."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def is_html(self) -> bool:
        """Whether a person's page came instead of data: a captive portal, a proxy, a content delivery network."""
        return "html" in self.headers.get("content-type", "") or self.body.lstrip()[:1] == b"<"


class Client:
    """A provider's address with a key in every request; safe to use from several threads.

    `title` is the provider's name in messages; `tell` gets a line whenever it waits.
    """

    def __init__(
        self, endpoint: str, title: str, headers: Mapping[str, str], deadline: Deadline, tell: Callable[[str], None]
    ) -> None:
        self.title = title
        self._endpoint = endpoint
        self._turns = BoundedSemaphore(AT_ONCE)
        bounded = _Bounded(_transport(endpoint), deadline)
        patience = _Patience.of(title, deadline, tell)
        # No environment here: it could send a loopback request through a proxy. `_transport` reads what is wanted.
        self._http = httpx.Client(
            transport=RetryTransport(bounded, patience),
            headers={"User-Agent": f"bokko/{__version__}", "Accept": "application/json", **headers},
            timeout=httpx.Timeout(EXCHANGE_SECONDS, connect=CONNECT_SECONDS),
            follow_redirects=False,
            trust_env=False,
        )

    def get(self, path: str, query: Mapping[str, str | int] | None = None) -> Answer:
        """Return the answer whatever its status; raises Unreachable or UnexpectedAnswer when there is none to read."""
        try:
            with self._turns:
                response = self._http.get(self._endpoint + path, params=dict(query or {}))
        except httpx.TimeoutException as error:
            raise Unreachable(f"{self.title} did not answer in time.") from error
        except httpx.ConnectError as error:
            raise Unreachable(f"Could not reach {self.title} at {self._endpoint}: no connection.") from error
        except (httpx.DecodingError, zlib.error) as error:
            raise UnexpectedAnswer(f"{self.title}'s answer could not be unpacked.") from error
        except httpx.TransportError as error:
            raise Unreachable(f"Could not reach {self.title}: the connection broke off.") from error
        if response.is_redirect or response.is_informational:
            raise UnexpectedAnswer(f"{self.title} answered with a redirect (HTTP {response.status_code}).")
        return Answer(response.status_code, response.headers, response.content)

    def close(self) -> None:
        """Close the connections."""
        self._http.close()


class _Bounded(httpx.BaseTransport):
    """One exchange, head and body, within EXCHANGE_SECONDS and LONGEST_BODY.

    httpx's own time-outs are per read, which a server that drips bytes never exceeds.
    """

    def __init__(self, inner: httpx.BaseTransport, deadline: Deadline) -> None:
        self._inner = inner
        self._deadline = deadline

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        seconds = min(EXCHANGE_SECONDS, self._deadline.left())
        started = time.monotonic()
        line = f"{request.method} {request.url}"
        try:
            response = run_within(seconds, partial(self._exchange, request))
        except TimedOut:
            log.debug("%s: no answer within %.1f s", line, seconds)
            raise httpx.ReadTimeout("no whole answer in time", request=request) from None
        except httpx.TransportError as error:
            log.debug("%s: %s after %.2f s", line, type(error).__name__, time.monotonic() - started)
            raise
        log.debug("%s: %d in %.2f s", line, response.status_code, time.monotonic() - started)
        return response

    def _exchange(self, request: httpx.Request) -> httpx.Response:
        response = self._inner.handle_request(request)
        try:
            body = _read(response)
        finally:
            response.close()
        kept = [(name, value) for name, value in response.headers.multi_items() if name not in _FRAMING]
        return httpx.Response(response.status_code, headers=kept, content=body, request=request)

    def close(self) -> None:
        self._inner.close()


_FRAMING = {"content-encoding", "content-length", "transfer-encoding"}


def _read(response: httpx.Response) -> bytes:
    encoding = response.headers.get("content-encoding", "identity").lower()
    if encoding not in {"identity", "gzip", "deflate"}:
        raise UnexpectedAnswer(f"An answer came packed in a way that was not asked for ({encoding[:20]!r}).")
    unpack = None if encoding == "identity" else zlib.decompressobj(wbits=47)
    body = bytearray()
    for chunk in response.iter_raw(65536):
        # Bounded while unpacking: a few kilobytes can stand for gigabytes.
        body += unpack.decompress(chunk, LONGEST_BODY + 1 - len(body)) if unpack else chunk
        if len(body) > LONGEST_BODY:
            raise UnexpectedAnswer("An answer was longer than 10 MB.")
    if unpack and not unpack.eof:
        raise httpx.DecodingError("packed body is incomplete")
    return bytes(body)


class _Patience(Retry):
    """When to try again: GET only, three times, as told by Retry-After up to a bound, saying that it waits."""

    title: str
    deadline: Deadline
    tell: Callable[[str], None]

    @classmethod
    def of(cls, title: str, deadline: Deadline, tell: Callable[[str], None]) -> "_Patience":
        patience = cls(
            total=3,
            allowed_methods=["GET"],
            status_forcelist=[429, 500, 502, 503, 504],
            # A refused connection or an unknown host is told at once; an exchange that took too long is not repeated.
            retry_on_exceptions=[httpx.ReadError, httpx.WriteError, httpx.RemoteProtocolError],
            backoff_factor=0.3,
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

    def sleep(self, response: httpx.Response | Exception) -> None:
        seconds = self._seconds(response)
        if seconds > min(_LONGEST_WAIT, self.deadline.left()):
            asked = timedelta(seconds=round(min(seconds, 10**8)))
            raise Unreachable(
                f"{self.title} is busy and asks to wait {asked} (hours:minutes:seconds).",
                fix="Run the command again after that time.",
            )
        reason = f"answered {response.status_code}" if isinstance(response, httpx.Response) else "broke off"
        log.debug("%s %s: attempt %d in %.2f s", self.title, reason, self.attempts_made + 1, seconds)
        if seconds >= _TELL_FROM:
            self.tell(f"{self.title} {reason}; trying again in {seconds:.1f} s…")
        time.sleep(seconds)

    def _seconds(self, response: httpx.Response | Exception) -> float:
        told = response.headers.get("retry-after", "") if isinstance(response, httpx.Response) else ""
        try:
            return max(self.parse_retry_after(told) if told else 0.0, self.backoff_strategy())
        except (ValueError, OverflowError):
            return self.backoff_strategy()


def _transport(endpoint: str) -> httpx.HTTPTransport:
    is_plain = endpoint.startswith("http:")
    limits = httpx.Limits(max_connections=2 * AT_ONCE, max_keepalive_connections=AT_ONCE)
    # Plain http is for loopback only; a TLS context that nothing uses would cost 15 ms there.
    return httpx.HTTPTransport(verify=not is_plain, limits=limits, proxy=_proxy(endpoint))


def _proxy(endpoint: str) -> str | None:
    url = httpx.URL(endpoint)
    if is_loopback(endpoint) or proxy_bypass(url.host):
        return None
    proxies = getproxies()
    return proxies.get(url.scheme) or proxies.get("all")
