"""What every provider can be asked."""

from typing import Protocol

from bokko_cli.model.values import Row, Survey


class Provider(Protocol):
    """Knows whether a key is good, whose it is and what can be picked."""

    def survey(self) -> Survey:
        """Ask for everything at once; failures stand in the survey, nothing is raised for them."""

    def listed(self, name: str) -> tuple[Row, ...]:
        """Return one list whole, by the name of its setting; raises Refused and Unreachable."""

    def close(self) -> None:
        """Let connections go."""
