"""When a request is tried again, and how long to wait before."""

import logging
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

import httpx
from httpx_retries import Retry

from bokko_cli.deadline import Deadline
from bokko_cli.errors import Unreachable

_RETRIES = 3
_LONGEST_WAIT = 30.0

log = logging.getLogger("bokko.client")


class Patience(Retry):
    """When to try again: never a POST; three times, as told by Retry-After up to a bound, saying that it waits."""

    title: str
    deadline: Deadline
    tell: Callable[[str], None]

    @classmethod
    def of(cls, title: str, deadline: Deadline, tell: Callable[[str], None], first_wait: float) -> "Patience":
        """Return the patience of one client; `first_wait` is about the seconds before a first retry."""
        patience = cls(
            total=_RETRIES,
            allowed_methods=["GET", "DELETE"],
            status_forcelist=[429, 500, 502, 503, 504],
            # A refused connection or an unknown host is told at once; an exchange that took too long is not repeated.
            retry_on_exceptions=[httpx.ReadError, httpx.WriteError, httpx.RemoteProtocolError],
            backoff_factor=first_wait / 2,
            backoff_jitter=0.5,
        )
        return patience.set_up(title, deadline, tell)

    def set_up(self, title: str, deadline: Deadline, tell: Callable[[str], None]) -> "Patience":
        """Say for whom and until when; the library's constructor has its own parameters only."""
        self.title, self.deadline, self.tell = title, deadline, tell
        return self

    def copy_with(self, *args: Any, **changes: Any) -> "Patience":  # noqa: ANN401 - the library's own signature
        """Return a copy with other parameters, as the library makes one before each retry."""
        copy = super().copy_with(*args, **changes)
        assert isinstance(copy, Patience)  # noqa: S101 - the library copies `self.__class__`
        return copy.set_up(self.title, self.deadline, self.tell)

    def is_exhausted(self) -> bool:
        """Whether what came is the last word: the tries are used up, or there is no time for another."""
        longest_wait = self.backoff_factor * 2 ** (self.attempts_made + 1)
        return super().is_exhausted() or self.deadline.left() <= longest_wait

    def sleep(self, response: httpx.Response | Exception) -> None:
        """Wait before the next try; raises Unreachable when that would take too long."""
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
