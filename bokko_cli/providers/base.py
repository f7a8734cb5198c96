"""What every provider can be asked, and how one is opened."""

from collections.abc import Callable
from typing import Protocol

from bokko_cli.deadline import Deadline
from bokko_cli.model.apikey import ApiKey
from bokko_cli.model.values import Row, Survey


class Provider(Protocol):
    """Knows whether a key is good, whose it is and what can be picked."""

    def survey(self, *, tries_to_write: bool = False) -> Survey:
        """Ask for everything at once; failures stand in the survey, nothing is raised for them.

        `tries_to_write` sends, beside the questions, a write that makes nothing: it tells whether the key may write.
        """

    def listed(self, name: str) -> tuple[Row, ...]:
        """Return one list whole, by the name of its setting; raises Refused and Unreachable."""

    def close(self) -> None:
        """Close the connections."""


OpenProvider = Callable[[str, ApiKey, Callable[[str], None]], Provider]
"""Takes the endpoint, the key and a function that gets a line about each wait."""

Opener = Callable[[Deadline], OpenProvider]
"""What each provider's `provider` module has as `opener`: called once for a connection, its result for each key."""
