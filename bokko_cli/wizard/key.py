"""The key: typed or given, verified before anything else is asked."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from bokko_cli.errors import BokkoError, InvalidValue, Refused, Unreachable
from bokko_cli.model.apikey import ApiKey, clean_key
from bokko_cli.model.values import Account, Organization, Row, Survey
from bokko_cli.prompter.base import Prompter, Retry
from bokko_cli.prompter.question import KeyQuestion, Nothing

TRIES = 3

Verify = Callable[[ApiKey], Account]


@dataclass(frozen=True, slots=True)
class Verified:
    """A key that the provider took, and what it gives access to."""

    key: ApiKey
    account: Account


def complete(survey: Survey) -> Account:
    """Return the account that a survey found; raises its weightiest failure, a refusal before anything else."""
    failures = survey.failures()
    for failure in sorted(failures, key=lambda error: not isinstance(error, Refused)):
        raise failure
    assert isinstance(survey.organization, Organization)  # noqa: S101 - no failures: every part is there
    choices: Mapping[str, tuple[Row, ...]] = {
        name: rows for name, rows in survey.choices.items() if not isinstance(rows, BokkoError)
    }
    return Account(survey.organization, choices)


def verify_key(key: ApiKey, verify: Verify, prompter: Prompter, *, can_change: bool = False) -> Verified | None:
    """Verify a key; while the provider cannot be reached, ask whether to try again.

    `None` is the wish for another key, which is offered if `can_change`. Raises Refused, Unreachable and Cancelled.
    """
    while True:
        try:
            return Verified(key, verify(key))
        except Unreachable as error:
            if prompter.ask_retry(error, can_change_key=can_change) is Retry.ANOTHER_KEY:
                return None


def ask_and_verify(
    question: KeyQuestion,
    verify: Verify,
    prompter: Prompter,
    complain: Callable[[BokkoError], None],
    blank: Verified | ApiKey | None,
) -> Verified | None:
    """Ask for a key until the provider takes one; `None` is the wish to go back.

    `blank` is what an empty line stands for: a key verified before, or one to verify. A malformed key costs no try,
    the third refusal is raised.
    """
    refusals = 0
    while True:
        typed = prompter.ask_key(question)
        if typed is Nothing.BACK:
            return None
        if isinstance(blank, Verified) and not typed.strip():
            return blank
        try:
            key = blank if isinstance(blank, ApiKey) and not typed.strip() else clean_key(typed)
            verified = verify_key(key, verify, prompter, can_change=True)
        except InvalidValue as error:
            complain(error)
            continue
        except Refused as error:
            refusals += 1
            if refusals == TRIES:
                raise
            complain(error)
            continue
        if verified:
            return verified
