"""The key: typed or given, verified before anything else is asked."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum, auto
from functools import partial
from typing import NamedTuple

from bokko_cli.errors import BokkoError, Missing, MissingInput, NoPermission, Refused, Unreachable, cancelled
from bokko_cli.model.apikey import ApiKey, clean_key
from bokko_cli.model.readiness.stored_problems import ONLY_READS
from bokko_cli.model.spec import Field
from bokko_cli.model.values import Account, Row, Survey
from bokko_cli.model.wording import N_, Sentence
from bokko_cli.prompter.base import Prompter, refusal
from bokko_cli.prompter.question import Nothing, Option, Pick, Question, Typed

TRIES = 3

Verify = Callable[[ApiKey], Account]


@dataclass(frozen=True, slots=True)
class Verified:
    """A key that the provider took, and what it gives access to."""

    key: ApiKey
    account: Account


class Next(Enum):
    """What to do when something is not as it should be and may become so."""

    AGAIN = auto()
    ANOTHER_KEY = auto()
    GO_ON = auto()
    LEAVE = auto()


class KeyWanted(NamedTuple):
    """What the question for the key says: its name, the advice above it, and what is missing where nobody is asked."""

    name: str
    note: str
    missing: Missing
    how_to_write: str
    """What to do about a key that may only read."""
    offered: ApiKey | None = None
    """What a blank line stands for as long as no key was verified."""
    blank: str = ""
    """The same in words."""


def complete(survey: Survey) -> Account:
    """Return the account that a survey found; raises its weightiest failure, a refusal before anything else."""
    organization, failures = survey.organization, survey.failures()
    if failures or isinstance(organization, BokkoError):
        raise min(failures, key=lambda error: not isinstance(error, Refused))
    choices: Mapping[str, tuple[Row, ...]] = {
        name: rows for name, rows in survey.choices.items() if not isinstance(rows, BokkoError)
    }
    return Account(organization, choices, survey.write_access.can_write)


def verify_key(key: ApiKey, verify: Verify, prompter: Prompter) -> Verified:
    """Verify a key that nobody can change; while the provider cannot be reached, ask whether to try again.

    Raises Refused, Unreachable and Cancelled.
    """
    while True:
        try:
            return Verified(key, verify(key))
        except Unreachable as error:
            if _what_now(prompter, error, _TRY_AGAIN) is Next.LEAVE:
                raise


def ask_key(
    wanted: KeyWanted,
    verify: Verify,
    prompter: Prompter,
    report: Callable[[BokkoError], None],
    kept: Verified | None = None,
    *,
    can_go_back: bool = False,
) -> Verified:
    """Ask for a key until the provider takes one; `kept` was verified before and is what a blank line stands for.

    Going back keeps it too, where one can, else it leaves. A malformed key costs no try, the third refusal is raised.
    Raises Cancelled, Unreachable, and MissingInput where nobody can be asked.
    """
    question = _key_question(wanted, kept)._replace(can_go_back=can_go_back)
    typed = _typed_key(question, prompter, kept)
    refusals = 0
    while not isinstance(typed, Verified):
        outcome = _tried(wanted, typed, verify, prompter)
        if isinstance(outcome, Verified):
            return outcome
        if outcome is Next.AGAIN:
            continue
        note = question.note  # who chose to type another key is told again where keys come from
        if isinstance(outcome, Refused):
            refusals += 1
            if refusals == TRIES:
                raise outcome
            report(outcome)
            note = ""  # what to do about it has just been said
        typed = _typed_key(question._replace(note=note), prompter, kept)
    return typed


def _tried(wanted: KeyWanted, key: ApiKey, verify: Verify, prompter: Prompter) -> Verified | Next | Refused:
    """Return the verified key, the provider's no, or what a person wants to do instead of going on with this one."""
    try:
        verified = Verified(key, verify(key))
    except Unreachable as error:
        answer = _what_now(prompter, error, _TRY_AGAIN, _ANOTHER_KEY)
        if answer is Next.LEAVE:
            raise
        return answer
    except Refused as refusal:
        return refusal
    return verified if _goes_on(wanted, verified.account, prompter) else Next.ANOTHER_KEY


def _goes_on(wanted: KeyWanted, account: Account, prompter: Prompter) -> bool:
    """Say of a key at once that it may only read; going on with it is a person's right."""
    if account.can_write is not False:
        return True
    error = NoPermission(ONLY_READS, fix=wanted.how_to_write)
    options = (_ANOTHER_KEY, Option(Next.GO_ON, N_("Continue with this key")))
    return prompter.ask(Question(N_("What do you want to do?"), Pick(options), Next.GO_ON, trouble=error)) is Next.GO_ON


def check_for_rows(verified: Verified, fields: tuple[Field, ...], verify: Verify, prompter: Prompter) -> Verified:
    """Return the key with an account that has rows for each of the fields, asking to check again until it has.

    Raises MissingInput when somebody leaves; where nobody can be asked it is told with everything else that is missing.
    """
    for field in fields:
        while not verified.account.choices.get(field.name):
            nothing = _nothing_to_choose(field)
            none = Missing(field.flag, [], note=nothing, listing=field.listing, fix=field.where_to_make)
            error = MissingInput(nothing, [none], fix=field.where_to_make)
            question = _question_after(error, none, Option(Next.AGAIN, N_("Check again")))
            answer = prompter.ask(question)
            if answer is Nothing.MISSING:
                break
            if answer is Nothing.BACK:
                raise cancelled()
            if answer is Next.LEAVE:
                raise error
            verified = verify_key(verified.key, verify, prompter)
    return verified


def _nothing_to_choose(field: Field) -> Sentence:
    return N_("{question}: this account has none.", question=field.question)


def _key_question(wanted: KeyWanted, kept: Verified | None) -> Question[ApiKey | Verified]:
    blank = N_("Enter: keep the verified key") if kept else wanted.blank
    return Question(
        name=wanted.name,
        form=Typed(partial(_parsed, kept or wanted.offered), blank=blank, is_secret=True),
        unattended=wanted.missing,
        note="" if kept else wanted.note,
    )


def _parsed(blank: ApiKey | Verified | None, text: str) -> ApiKey | Verified:
    return clean_key(text) if text.strip() or blank is None else blank


def _typed_key(question: Question[ApiKey | Verified], prompter: Prompter, kept: Verified | None) -> ApiKey | Verified:
    typed = prompter.ask(question)
    if typed is Nothing.BACK and kept and question.can_go_back:
        return kept
    if typed is Nothing.BACK:
        raise cancelled()
    if typed is Nothing.MISSING:
        raise refusal(prompter.missing)
    return typed


_TRY_AGAIN = Option(Next.AGAIN, N_("Try again"))
_ANOTHER_KEY = Option(Next.ANOTHER_KEY, N_("Type another key"))


def _what_now(prompter: Prompter, error: BokkoError, *options: Option[Next]) -> Next:
    """Ask what to do about an error; Esc takes another key where there is that choice."""
    answer = prompter.ask(_question_after(error, Next.LEAVE, *options))
    if isinstance(answer, Next):
        return answer
    if _ANOTHER_KEY in options:
        return Next.ANOTHER_KEY
    raise cancelled()


def _question_after(error: BokkoError, unattended: Next | Missing, *options: Option[Next]) -> Question[Next]:
    leave = Option(Next.LEAVE, N_("Leave without changing anything"))
    return Question(N_("What do you want to do?"), Pick((*options, leave)), unattended, trouble=error)
