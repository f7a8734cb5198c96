"""Who answers: a person, or nobody."""

from collections.abc import Sequence
from typing import Protocol, TypeVar

from bokko_cli.errors import Missing, MissingInput, cancelled
from bokko_cli.model.wording import N_, lines
from bokko_cli.prompter.question import Nothing, Question, Reply

T = TypeVar("T")


class Prompter(Protocol):
    """Asks questions, or knows which of them it could not ask."""

    def ask(self, question: Question[T]) -> Reply[T]:
        """Return the answer; raises Cancelled when a person leaves."""

    def foresee(self, missing: Missing) -> None:
        """Take note of a question that comes later, to refuse it with the others where nobody can be asked."""

    @property
    def missing(self) -> Sequence[Missing]:
        """The questions that nobody could be asked."""


class NoPrompter:
    """Asks nothing: what holds by itself is the answer, everything else is remembered as missing."""

    def __init__(self) -> None:
        self._missing: list[Missing] = []

    @property
    def missing(self) -> Sequence[Missing]:
        """What was asked and has no answer."""
        return self._missing

    def ask(self, question: Question[T]) -> Reply[T]:
        """Return what holds by itself, or remember that it is missing."""
        if not isinstance(question.unattended, Missing):
            return question.unattended
        self._missing.append(question.unattended)
        return Nothing.MISSING

    def foresee(self, missing: Missing) -> None:
        """Remember it: there will be nobody later either."""
        self._missing.append(missing)


def settle(prompter: Prompter) -> None:
    """Refuse everything that is missing in one error."""
    if prompter.missing:
        raise refusal(prompter.missing)


def refusal(missing: Sequence[Missing]) -> MissingInput:
    """Return the one error for all that is missing."""
    nowhere = [one.note for one in missing if one.choices == []]
    others = [one for one in missing if one.choices != []]
    flags = ", ".join(one.flag for one in others)
    notes = [one.note for one in others if one.note]
    head = [N_("Missing: {flags}", flags=flags)] if others else []
    fixes = dict.fromkeys(one.fix for one in missing if one.fix)
    return MissingInput(lines(*nowhere, *head, *notes), missing, fix=lines(*fixes) if fixes else "")


def agree(prompter: Prompter, question: Question[bool]) -> None:
    """Return on a yes, and where the missing flag is refused later; anything else is Cancelled."""
    if prompter.ask(question) in (False, Nothing.BACK):
        raise cancelled()
