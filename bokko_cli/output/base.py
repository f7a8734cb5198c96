"""Who reads what a command prints: people or scripts; made once a run."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Literal, NamedTuple, Protocol

from bokko_cli.errors import BokkoError
from bokko_cli.model.spec import Spec
from bokko_cli.model.values import Item, Overview, Status, Unread

TableRow = Mapping[str, object]
"""A row of a list as JSON has it; all rows of a list have the same keys."""


class StepResult(NamedTuple):
    """One of several things that a command does or asks, once it is known how it went."""

    name: str
    outcome: Literal["passed", "failed", "unknown", "skipped"]
    seconds: float | None = None
    message: str = ""


class Output(Protocol):
    """What a command prints: the answer on standard output, everything else on standard error.

    Nothing that is printed raises but `AnswerLost`, where the answer is all that the command is for.
    """

    def say(self, text: str = "") -> None:
        """Say lines."""

    def warn(self, text: str) -> None:
        """Say a warning."""

    def report(self, error: BokkoError) -> None:
        """Say an error that does not end the command, and what to do about it."""

    def report_before_asking(self, error: BokkoError) -> None:
        """Say an error that a person is asked about; one that they leave with is not told again."""

    def end_with(self, error: BokkoError) -> None:
        """Say the error that ends the command; to scripts it is the answer."""

    def step(self, step: StepResult) -> None:
        """Say how a step went, as soon as it is known; scripts find it in the answer."""

    def busy(self, text: str) -> AbstractContextManager[Callable[[str], None]]:
        """Show that something takes time; the function it hands out changes the words."""

    def counted(self, text: str, total: int) -> AbstractContextManager[Callable[[], None]]:
        """Show how many of many things are done; the function it hands out counts one more, from any thread."""

    def answer(self, text: str) -> None:
        """Give an answer that is text already."""

    def explain(self, text: str) -> None:
        """Give the answer of a command: lines for people, long ones wrapped."""

    def give(self, document: Mapping[str, object], words: str) -> None:
        """Give the answer of a command: the document to scripts, the words to people."""

    def show(self, status: Status) -> None:
        """Give the answer of a command: a provider's status."""

    def show_all(self, statuses: Sequence[Status]) -> None:
        """Give the answer of a command: every provider on one page."""

    def found(self, item: Item) -> None:
        """Show one thing that was looked at, as soon as it is known; scripts find it in the answer."""

    def show_diagnosis(self, items: Sequence[Item]) -> None:
        """Give the answer of a command: all that was looked at."""

    def show_profiles(self, profiles: Sequence[Overview | Unread]) -> None:
        """Give the answer of a command: every profile by its settings alone."""

    def show_connections(self, statuses: Sequence[Status | Unread], spec: Spec) -> None:
        """Give the answer of a command: one provider in every profile that has it."""

    def show_rows(self, rows: Sequence[TableRow]) -> None:
        """Give the answer of a command: a list."""
