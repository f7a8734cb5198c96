"""Who writes down what a run does: somebody with `--debug`, else nobody."""

from typing import Protocol

from bokko_cli.errors import BokkoError


class Journal(Protocol):
    """Writes on standard error what helps to find a fault, and no secret."""

    def begin(self) -> None:
        """Write down what surrounds the run, and from here on what it touches."""

    def ends_with(self, error: BokkoError) -> None:
        """Write down which of our errors ends the command; its words are shown anyway."""

    def breaks_on(self, error: BaseException) -> None:
        """Write down where an unforeseen error came from."""


class NoJournal:
    """Writes nothing."""

    def begin(self) -> None:
        """Write nothing."""

    def ends_with(self, error: BokkoError) -> None:
        """Write nothing."""

    def breaks_on(self, error: BaseException) -> None:
        """Write nothing."""
