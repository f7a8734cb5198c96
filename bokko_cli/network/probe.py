"""How far a request gets that carries no key: name, connection, TLS, an answer; over the usual transport."""

import socket
import ssl
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import partial
from typing import Literal, NamedTuple

import httpx

from bokko_cli import __version__
from bokko_cli.deadline import TimedOut, run_within
from bokko_cli.network.proxy import proxy_for
from bokko_cli.network.request_gate import Permit
from bokko_cli.network.transport import causes, transport_to

Stage = Literal["name", "connection", "tls", "answer"]
Failure = Literal[
    "unknown", "silent", "no_connection", "too_early", "too_late", "untrusted", "other_host", "tls", "proxy"
]
USUAL_SECONDS = 8.0
_PERMITS = (Permit("GET", "/*"),)
# https://docs.openssl.org/master/man3/X509_STORE_CTX_get_error/
_CERTIFICATE_FAULTS: dict[int, Failure] = {9: "too_early", 10: "too_late", 62: "other_host", 64: "other_host"}


class Way(NamedTuple):
    """What happened on the way to one address.

    `passed` are the stages that went well; `fault` says why the next one did not, `None` if all did. `proxy` is the
    variable that names the proxy in between, empty for the system's own settings, `None` without one. `offset` are the
    seconds by which this computer's clock is ahead of the server's.
    """

    passed: tuple[Stage, ...]
    fault: Failure | None
    proxy: str | None = None
    status: int | None = None
    seconds: float = 0.0
    offset: float | None = None


@dataclass
class _Walk:
    """The stages passed so far; read by another thread when time is over."""

    passed: list[Stage] = field(default_factory=list)

    def trace(self, event: str, _info: object) -> None:
        """Take note of what httpcore reports; behind a proxy the first connection is to the proxy."""
        if event.endswith(".connect_tcp.complete"):
            self._pass("connection")
        elif event.endswith(".start_tls.complete"):
            self._pass("tls")

    def _pass(self, stage: Stage) -> None:
        if stage not in self.passed:
            self.passed.append(stage)

    def look_up(self, url: httpx.URL) -> None:
        socket.getaddrinfo(url.host, url.port or 443, type=socket.SOCK_STREAM)
        self._pass("name")


def probe(endpoint: str, seconds: float = USUAL_SECONDS) -> Way:
    """Go to an address without a key, within so many seconds.

    Raises EndpointRefused or InvalidValue for an address, a proxy or certificates that cannot be used, before anything
    is sent; RuntimeError where no thread can be started.
    """
    found = proxy_for(endpoint)
    proxy = found.variable if found else None
    transport = transport_to(endpoint, 1, _PERMITS)
    walk = _Walk()
    started = time.monotonic()
    try:
        response, offset = run_within(
            seconds, partial(_go, walk, transport, endpoint, seconds, is_proxied=proxy is not None)
        )
    except TimedOut:
        return Way(tuple(walk.passed), "silent", proxy)
    except (OSError, UnicodeError, httpx.HTTPError) as error:
        return Way(tuple(walk.passed), _fault(error), proxy)
    finally:
        transport.close()
    return Way((*walk.passed, "answer"), None, proxy, response.status_code, time.monotonic() - started, offset)


def _go(
    walk: _Walk, transport: httpx.BaseTransport, endpoint: str, seconds: float, *, is_proxied: bool
) -> tuple[httpx.Response, float | None]:
    request = httpx.Request(
        "GET",
        endpoint,
        headers={"User-Agent": f"bokko/{__version__}", "Accept": "*/*"},
        extensions={"timeout": httpx.Timeout(seconds).as_dict(), "trace": walk.trace},
    )
    if not is_proxied:
        walk.look_up(request.url)
    asked = datetime.now(UTC)
    response = transport.handle_request(request)
    try:
        return response, _offset(response.headers.get("date", ""), asked)
    finally:
        response.close()  # its body is not needed


def _offset(told: str, asked: datetime) -> float | None:
    """Return by how much this clock is ahead; a second of rounding either way counts as none."""
    try:
        server = parsedate_to_datetime(told)
        server = server.replace(tzinfo=server.tzinfo or UTC)
        ahead = (asked - server).total_seconds()
        behind = (server - datetime.now(UTC)).total_seconds()
    except (ValueError, TypeError, OverflowError):
        return None
    if ahead > 1:
        return ahead
    return -behind if behind > 1 else 0.0


def _fault(error: BaseException) -> Failure:
    """Say which of a few faults it was; nothing of the exception's own text, which may be a server's."""
    for cause in reversed([*causes(error)]):
        match cause:
            case ssl.SSLCertVerificationError():
                return _CERTIFICATE_FAULTS.get(cause.verify_code, "untrusted")
            case ssl.SSLError():
                return "tls"
            case socket.gaierror() | UnicodeError():
                return "unknown"
            case httpx.ProxyError():
                return "proxy"
            case httpx.TimeoutException() | TimeoutError():
                return "silent"
    return "no_connection"
