"""One exchange with a server, from the request to the last byte of its answer, within its time."""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import httpx

from bokko_cli.deadline import NO_THREAD, NO_THREAD_FIX, Deadline, NoThread, TimedOut, run_within
from bokko_cli.errors import UnexpectedAnswer, Unreachable
from bokko_cli.model.wording import N_
from bokko_cli.network.body import Budget, read_body

UNREADABLE = "unreadable"
"""The extension of a response that has the error of a body that could not be read."""
HEAD_COUNTS = "head counts"
"""The extension of a request whose answer may stand in the head alone."""
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


class Exchanges(httpx.BaseTransport):
    """Makes each exchange, head and body, within its seconds; the bodies within what `read_body` bounds.

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
        """Return the whole response; raises TransportError, or Unreachable where no thread can be started."""
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
            if not head.is_success or head.request.extensions.get(HEAD_COUNTS):
                return _whole(head, b"", broken_off(self._budget.provider, error))
        raise error

    def close(self) -> None:
        """Close the connections; nothing is sent any more."""
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
        extensions={} if unreadable is None else {UNREADABLE: unreadable},
    )


def broken_off(provider: str, error: httpx.HTTPError, *, was_sent: bool = True) -> Unreachable:
    """Return what it means that an exchange ended before its answer was whole."""
    if isinstance(error, httpx.TimeoutException):
        return Unreachable(N_("{provider} did not answer in time.", provider=provider), was_sent=was_sent)
    message = N_("Could not reach {provider}: the connection was lost.", provider=provider)
    return Unreachable(message, was_sent=was_sent)
