"""Who answers: a person at a terminal, or nobody."""

from collections.abc import Sequence
from enum import Enum, auto
from typing import Literal, Protocol

from bokko_cli.errors import BokkoError, Missing, MissingInput
from bokko_cli.model.values import Value
from bokko_cli.prompter.question import Back, KeyQuestion, Nothing, Question


class Retry(Enum):
    """What to do about a provider that cannot be reached."""

    AGAIN = auto()
    ANOTHER_KEY = auto()


_MOST_ROWS = 20


class Prompter(Protocol):
    """Asks, or refuses to; methods that ask a person raise Cancelled when they leave."""

    can_ask: bool

    def ask(self, question: Question) -> Value | Back:
        """Return the answer to a question, or the wish to go back."""

    def ask_key(self, question: KeyQuestion) -> str | Back:
        """Return what was typed for the key, as it was typed; blank stands for what is kept."""

    def ask_retry(self, error: BokkoError, *, can_change_key: bool) -> Retry:
        """Ask whether to try again after an error, or raise it."""

    def review(self, lines: Sequence[tuple[str, str]], question: str, *, can_go_back: bool) -> Literal[True] | Back:
        """Show question and answer of everything and ask for a last yes; a no is Cancelled."""

    def confirm(self, question: str, flag: str, *, default: bool) -> None:
        """Return on a yes; a no is Cancelled. `flag` is what accepts it where nobody can be asked."""

    def settle(self) -> None:
        """Raise MissingInput if a question could not be asked."""


class NoPrompter:
    """Asks nothing: remembers each unanswered question and its flag, and refuses them together."""

    can_ask = False

    def __init__(self) -> None:
        self._missing: list[Missing] = []
        self._key_advice: str | None = None

    def ask(self, question: Question) -> Value | Back:
        """Return what holds by itself, or remember that it is missing."""
        if question.unattended is not Nothing.MISSING:
            return question.unattended
        choices = [option.choice or {} for option in question.options] if question.options is not None else None
        note = _rows_for_people(question) if choices is not None else ""
        self._missing.append(Missing(question.flag, choices, note, question.listing))
        return None

    def miss_key(self, advice: str, flags: Sequence[str]) -> None:
        """Remember that there is no key, and flags whose choices cannot be fetched without one."""
        self._key_advice = advice
        self._missing.insert(0, Missing("--api-key-stdin"))
        self._missing.extend(Missing(flag) for flag in flags)

    def ask_key(self, question: KeyQuestion) -> str | Back:
        """Refuse."""
        raise MissingInput(f"No {question.name} was given.", [Missing("--api-key-stdin")])

    def ask_retry(self, error: BokkoError, *, can_change_key: bool) -> Retry:  # noqa: ARG002 - nobody to ask
        """Give up."""
        raise error

    def review(self, lines: Sequence[tuple[str, str]], question: str, *, can_go_back: bool) -> Literal[True] | Back:  # noqa: ARG002 - nobody to ask
        """Let it pass: every answer came from a flag or stands by itself."""
        return True

    def confirm(self, question: str, flag: str, *, default: bool) -> None:  # noqa: ARG002 - nobody to ask
        """Remember that the flag is missing."""
        self._missing.append(Missing(flag, note=f"  {flag}: {question}"))

    def settle(self) -> None:
        """Refuse everything that is missing in one error."""
        if not self._missing:
            return
        flags = ", ".join(missing.flag for missing in self._missing)
        notes = [missing.note for missing in self._missing if missing.note]
        key = [self._key_advice] if self._key_advice else []
        empty = [missing.note for missing in self._missing if missing.choices == []]
        fix = " ".join(note.strip() for note in empty)
        raise MissingInput("\n".join([f"Missing: {flags}", *key, *notes]), self._missing, fix=fix)


def _rows_for_people(question: Question) -> str:
    options = question.options or ()
    if not options:
        return f"  {question.where_to_make}"
    shown_rows = [f"    {option.full}" for option in options[:_MOST_ROWS]]
    rest = len(options) - _MOST_ROWS
    more = [f"    … and {rest:,} more: `{question.listing}`"] if rest > 0 else []
    why = [f"    {question.note}"] if question.note else []
    return "\n".join([f"  {question.flag} ({question.name}), one of:", *why, *shown_rows, *more])
