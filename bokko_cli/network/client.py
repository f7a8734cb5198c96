"""Requests over httpx: bounded in time and size, retried where that is safe, every failure one of our errors."""

import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import httpx
from httpx_retries import RetryTransport

from bokko_cli import __version__
from bokko_cli.deadline import Deadline
from bokko_cli.errors import KeyMalformed, UnexpectedAnswer, Unreachable
from bokko_cli.model.text import without_front
from bokko_cli.model.wording import N_
from bokko_cli.network.exchange import HEAD_COUNTS, UNREADABLE, USUAL_PACE, Exchanges, Pace, broken_off
from bokko_cli.network.proxy import proxy_for, proxy_refused
from bokko_cli.network.request_gate import Permit
from bokko_cli.network.retry import RetryPolicy
from bokko_cli.network.transport import connection_failure, transport_to

AT_ONCE = 8


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
        exchanges = Exchanges(transport_to(endpoint, AT_ONCE, permits), provider, deadline, pace)
        policy = RetryPolicy.of(provider, deadline, self._say, pace.first_wait)
        # gzip alone is asked for, since nothing else is unpacked.
        usual = {"User-Agent": f"bokko/{__version__}", "Accept": "application/json", "Accept-Encoding": "gzip"}
        self._headers = {**usual, **headers}
        self._timeout = httpx.Timeout(pace.exchange, connect=pace.connect).as_dict()
        # Used as it is: all that httpx's own client would add is redirects, cookies, and what the environment says.
        self._transport = RetryTransport(exchanges, policy)

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
            extensions={"timeout": self._timeout, HEAD_COUNTS: files is not None},
        )
        try:
            with self._turns:
                response = self._transport.handle_request(request)
        except httpx.TransportError as error:
            raise self._meaning(error) from None
        if response.is_redirect:
            raise UnexpectedAnswer(
                N_(
                    "{provider} answered with a redirect (HTTP {status}).",
                    provider=self.provider,
                    status=response.status_code,
                )
            )
        return Response(response.status_code, response.headers, response.content, response.extensions.get(UNREADABLE))

    def _meaning(self, error: httpx.TransportError) -> Unreachable:
        """Return what it means that there is no response, and whether the request may have arrived."""
        match error:
            case httpx.ConnectError():
                return connection_failure(self.provider, self._endpoint, error)
            case httpx.ProxyError():
                return proxy_refused(self.provider, proxy_for(self._endpoint))
            case httpx.ConnectTimeout() | httpx.PoolTimeout():
                return broken_off(self.provider, error, was_sent=False)
        return broken_off(self.provider, error)

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
