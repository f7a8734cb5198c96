"""Requests over httpx: bounded in time and size, retried where that is safe, every failure one of our errors."""

import logging
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import httpx
from httpx_retries import RetryTransport

from bokko_cli import __version__
from bokko_cli.deadline import NO_THREAD, NO_THREAD_FIX, Deadline, NoThread, TimedOut, run_within
from bokko_cli.errors import KeyMalformed, UnexpectedAnswer, Unreachable
from bokko_cli.model.text import without_front
from bokko_cli.model.wording import N_
from bokko_cli.network.body import Budget, read_body
from bokko_cli.network.proxy import proxy_for, proxy_refused
from bokko_cli.network.request_gate import Permit
from bokko_cli.network.retry import RetryPolicy
from bokko_cli.network.transport import connection_failure, transport_to

AT_ONCE = 8
_UNREADABLE = "unreadable"
_HEAD_COUNTS = "head counts"
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
class Response:
    """One response; `body` is decompressed, and empty where it could not be read: `unreadable` then says why."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    unreadable: Unreachable | None = None

    @property
    def is_html(self) -> bool:
        """Whether a person's page came instead of data: a captive portal, a proxy, a content delivery network."""
        begin = without_front(self.body)[:1]
        return begin == b"<" or (begin != b"{" and "html" in self.headers.get("content-type", "").lower())

    def read(self) -> bytes:
        """Return the body where it is needed; raises UnexpectedAnswer or Unreachable when it could not be read."""
        if self.unreadable is not None:
            raise self.unreadable
        return self.body


class Client:
    """A provider's address with a key in every request; safe to use from several threads.

    `provider` is its name in messages, `permits` are all the requests that may be sent; `notify` gets a line whenever
    it waits. Raises EndpointRefused or
    InvalidValue for an address, a proxy, certificates or a key that cannot be used.
    """

    def __init__(
        self,
        endpoint: str,
        provider: str,
        permits: Sequence[Permit],
        headers: Mapping[str, str],
        deadline: Deadline,
        notify: Callable[[str], None],
        pace: Pace = USUAL_PACE,
    ) -> None:
        if not all(_is_sendable(value) for value in headers.values()):
            raise KeyMalformed(N_("The key contains spaces, or characters that no key has."))
        self.provider = provider
        self._notify = notify
        self._closed = False
        self._endpoint = endpoint.rstrip("/")
        self._turns = threading.BoundedSemaphore(AT_ONCE)
        bounded = _Bounded(transport_to(endpoint, AT_ONCE, permits), provider, deadline, pace)
        policy = RetryPolicy.of(provider, deadline, self._say, pace.first_wait)
        # gzip alone is asked for, since nothing else is unpacked.
        usual = {"User-Agent": f"bokko/{__version__}", "Accept": "application/json", "Accept-Encoding": "gzip"}
        self._headers = {**usual, **headers}
        self._timeout = httpx.Timeout(pace.exchange, connect=pace.connect).as_dict()
        # Used as it is: all that httpx's own client would add is redirects, cookies, and what the environment says.
        self._transport = RetryTransport(bounded, policy)

    def get(self, path: str, query: Mapping[str, str | int] | None = None) -> Response:
        """Return the answer whatever its status; raises Unreachable or UnexpectedAnswer when there is none to read."""
        return self._send("GET", path, params=dict(query or {}))

    def post_file(self, path: str, field: str, content: bytes) -> Response:
        """Send a form with one file part; never tried again by itself. Returns and raises as `get`."""
        return self._send("POST", path, files={field: (f"{field}.xml", content, "application/xml")})

    def post_json(self, path: str, value: Mapping[str, object]) -> Response:
        """Send a JSON object; never tried again by itself. Returns and raises as `get`."""
        return self._send("POST", path, value=value)

    def delete(self, path: str) -> Response:
        """Delete what is at a path, tried again like `get`: what is gone already stays gone. Returns and raises so."""
        return self._send("DELETE", path)

    def _send(
        self,
        method: str,
        path: str,
        params: Mapping[str, str | int] | None = None,
        files: Mapping[str, tuple[str, bytes, str]] | None = None,
        value: Mapping[str, object] | None = None,
    ) -> Response:
        request = httpx.Request(
            method,
            self._endpoint + path,
            headers=self._headers,
            params=params,
            files=files,
            json=value,
            # The answer to a file stands in the headers.
            extensions={"timeout": self._timeout, _HEAD_COUNTS: files is not None},
        )
        try:
            with self._turns:
                response = self._transport.handle_request(request)
        except httpx.ConnectError as error:
            raise connection_failure(self.provider, self._endpoint, error) from None
        except httpx.ProxyError:
            raise proxy_refused(self.provider, proxy_for(self._endpoint)) from None
        except (httpx.ConnectTimeout, httpx.PoolTimeout) as error:
            raise _broken_off(self.provider, error, was_sent=False) from None
        except httpx.TransportError as error:
            raise _broken_off(self.provider, error) from None
        if response.is_redirect:
            raise UnexpectedAnswer(
                N_(
                    "{provider} answered with a redirect (HTTP {status}).",
                    provider=self.provider,
                    status=response.status_code,
                )
            )
        return Response(response.status_code, response.headers, response.content, response.extensions.get(_UNREADABLE))

    def _say(self, text: str) -> None:
        """Pass news on, but none of connections that broke off by being closed here."""
        if not self._closed:
            self._notify(text)

    def close(self) -> None:
        """Close the connections; what still runs on another thread sends and says nothing more."""
        self._closed = True
        self._transport.close()


def warm_up(endpoint: str) -> None:
    """Load and build what a first request to an address needs; nothing is sent. Raises as Client."""
    Client(endpoint, "", (), {}, Deadline(), lambda _: None).close()


def _is_sendable(value: str) -> bool:
    """Whether a header can hold a text: the library's own complaint about any other would quote it."""
    return value.isascii() and value.isprintable() and value == value.strip()


class _Bounded(httpx.BaseTransport):
    """One exchange, head and body, within its seconds; the bodies within what `read_body` bounds.

    httpx's own time-outs are per read, which a server that drips bytes never exceeds. What a head says is kept when
    its body is of no use: the response then carries the error under "unreadable".
    """

    def __init__(self, inner: httpx.BaseTransport, provider: str, deadline: Deadline, pace: Pace) -> None:
        self._inner = inner
        self._budget = Budget(provider)
        self._deadline = deadline
        self._pace = pace
        self._closed = False

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        seconds = min(self._pace.exchange, self._deadline.left())
        if self._closed or not seconds:
            raise httpx.PoolTimeout("no time left to ask", request=request)
        started = time.monotonic()
        line = f"{request.method} {request.url}"
        heads: list[httpx.Response] = []
        try:
            response = run_within(seconds, partial(self._exchange, request, started + seconds, heads.append))
        except NoThread:
            raise Unreachable(NO_THREAD, fix=NO_THREAD_FIX) from None
        except TimedOut:
            log.debug("%s: no answer within %.1f s", line, seconds)
            error = httpx.ReadTimeout("no whole answer in time", request=request)
            return self._without_body(heads, error)
        except httpx.HTTPError as error:
            log.debug("%s: %s after %.2f s", line, type(error).__name__, time.monotonic() - started)
            return self._without_body(heads, error)
        log.debug("%s: %d in %.2f s", line, response.status_code, time.monotonic() - started)
        return response

    def _exchange(
        self, request: httpx.Request, ends: float, note_head: Callable[[httpx.Response], None]
    ) -> httpx.Response:
        response = self._inner.handle_request(request)
        response.request = request
        note_head(response)
        try:
            return _whole(response, read_body(response, ends, self._budget))
        except UnexpectedAnswer as error:
            log.debug("%s %s: %s", request.method, request.url, error.message)
            return _whole(response, b"", error)
        finally:
            response.close()

    def _without_body(self, heads: list[httpx.Response], error: httpx.HTTPError) -> httpx.Response:
        """Return the head of an exchange that broke off in its body, where the head is the verdict; else raise."""
        for head in heads:
            if not head.is_success or head.request.extensions.get(_HEAD_COUNTS):
                return _whole(head, b"", _broken_off(self._budget.provider, error))
        raise error

    def close(self) -> None:
        self._closed = True
        self._inner.close()


def _whole(
    response: httpx.Response, body: bytes, unreadable: UnexpectedAnswer | Unreachable | None = None
) -> httpx.Response:
    # As bytes: the text of a header that is not ASCII could not be made a header again.
    kept = [(name, value) for name, value in response.headers.raw if name.lower() not in _DROPPED_HEADERS]
    return httpx.Response(
        response.status_code,
        headers=kept,
        content=body,
        request=response.request,
        extensions={} if unreadable is None else {_UNREADABLE: unreadable},
    )


def _broken_off(provider: str, error: httpx.HTTPError, *, was_sent: bool = True) -> Unreachable:
    if isinstance(error, httpx.TimeoutException):
        return Unreachable(N_("{provider} did not answer in time.", provider=provider), was_sent=was_sent)
    message = N_("Could not reach {provider}: the connection was lost.", provider=provider)
    return Unreachable(message, was_sent=was_sent)
