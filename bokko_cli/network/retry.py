"""When a request is tried again, and how long to wait before."""

import logging
import math
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

import httpx
from httpx_retries import Retry

from bokko_cli.deadline import Deadline
from bokko_cli.errors import Unreachable
from bokko_cli.model.wording import N_

_RETRIES = 3
_LONGEST_WAIT = 30.0

log = logging.getLogger("bokko.client")


class RetryPolicy(Retry):
    """When to try again: never a POST; three times, as Retry-After asks up to a limit, saying that it waits."""

    provider: str
    deadline: Deadline
    notify: Callable[[str], None]

    @classmethod
    def of(cls, provider: str, deadline: Deadline, notify: Callable[[str], None], first_wait: float) -> "RetryPolicy":
        """Return the policy of one client; `first_wait` is about the seconds before a first retry."""
        policy = cls(
            total=_RETRIES,
            allowed_methods=["GET", "DELETE"],
            status_forcelist=[429, 500, 502, 503, 504],
            # A refused connection or an unknown host is reported at once; an exchange that timed out is not repeated.
            retry_on_exceptions=[httpx.ReadError, httpx.WriteError, httpx.RemoteProtocolError],
            backoff_factor=first_wait / 2,
            backoff_jitter=0.5,
        )
        return policy.set_up(provider, deadline, notify)

    def set_up(self, provider: str, deadline: Deadline, notify: Callable[[str], None]) -> "RetryPolicy":
        """Say for whom and until when; the library's constructor has its own parameters only."""
        self.provider, self.deadline, self.notify = provider, deadline, notify
        return self

    def copy_with(self, *args: Any, **changes: Any) -> "RetryPolicy":  # noqa: ANN401 - the library's own signature
        """Return a copy with other parameters, as the library makes one before each retry."""
        copy = super().copy_with(*args, **changes)
        assert isinstance(copy, RetryPolicy)  # noqa: S101 - the library copies `self.__class__`
        return copy.set_up(self.provider, self.deadline, self.notify)

    def is_exhausted(self) -> bool:
        """Whether what came is the last word: the tries are used up, or there is no time for another."""
        longest_wait = self.backoff_factor * 2 ** (self.attempts_made + 1)
        return super().is_exhausted() or self.deadline.left() <= longest_wait

    def sleep(self, response: httpx.Response | Exception) -> None:
        """Wait before the next try; raises Unreachable when that would take too long."""
        told = response.headers.get("retry-after", "") if isinstance(response, httpx.Response) else ""
        seconds = max(seconds_told(told), self.backoff_strategy())
        if seconds > min(_LONGEST_WAIT, self.deadline.left()):
            wait = timedelta(seconds=round(min(seconds, 10**8)))
            raise Unreachable(
                N_(
                    "{provider} is busy and asks to wait {wait} (hours:minutes:seconds).",
                    provider=self.provider,
                    wait=str(wait),
                ),
                fix=N_("Try again after that time."),
            )
        self._announce(response, seconds)
        time.sleep(seconds)

    def _announce(self, response: httpx.Response | Exception, seconds: float) -> None:
        attempt = self.attempts_made + 1
        wait = math.ceil(seconds)
        if isinstance(response, httpx.Response):
            status = response.status_code
            log.debug("%s answered %d: attempt %d in %.2f s", self.provider, status, attempt, seconds)
            news = N_(
                "{provider} answered {status}; trying again in {wait} s…",
                provider=self.provider,
                status=status,
                wait=wait,
            )
        else:
            log.debug("%s broke off: attempt %d in %.2f s", self.provider, attempt, seconds)
            news = N_(
                "The connection to {provider} was lost; trying again in {wait} s…", provider=self.provider, wait=wait
            )
        self.notify(news)


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
