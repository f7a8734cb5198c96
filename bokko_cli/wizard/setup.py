"""The whole conversation of connect and configure: key, settings, review."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from dataclasses import field as dataclass_field
from functools import partial
from typing import cast

from bokko_cli.errors import BokkoError, InvalidValue
from bokko_cli.model.spec import Field, Spec, put_together, words
from bokko_cli.model.text import shown
from bokko_cli.model.values import Account, Problem, Remnants, Row, Settings, Value
from bokko_cli.model.wording import N_, Sentence
from bokko_cli.prompter.base import Prompter, cancelled, settle
from bokko_cli.prompter.question import Back, Nothing, Pick, Question, yes_or_no
from bokko_cli.wizard.flags import (
    Given,
    bare,
    fits_none,
    is_of_none,
    likest,
    match_row,
    refuse_half_an_account,
    refuse_wrong,
    trouble_with,
)
from bokko_cli.wizard.key import KeyWanted, Verified, Verify, ask_key, check_for_rows
from bokko_cli.wizard.steps import only_row, question_for
from bokko_cli.wizard.walk import Outcome, Step, walk


@dataclass(frozen=True, slots=True)
class Talk:
    """What the conversation needs of the world."""

    spec: Spec
    prompter: Prompter
    say: Callable[[str], None]
    warn: Callable[[str], None]
    complain: Callable[[BokkoError], None]
    verify: Verify


@dataclass(frozen=True, slots=True)
class Plan:
    """What is settled before anything is asked; `accepts` leaves the review's question out, `saving` is its words."""

    given: Given
    previous: Remnants
    accepts: bool
    saving: Sentence
    foreseen: Callable[[Account, Settings], Sequence[Problem]]
    """What would be wrong with these settings in this account, without asking anybody."""


def set_up(talk: Talk, plan: Plan, verified: Verified) -> tuple[Verified, Settings]:
    """Ask for every setting that is not known, with a key that nobody types; the account may have grown meanwhile.

    Raises MissingInput, InvalidValue, Cancelled, and what verifying the key raises.
    """
    verified = _introduced(talk, plan, verified)
    settings = ask_settings(talk, plan, verified.account, {}, can_go_back=False)
    if settings is Nothing.BACK:
        raise cancelled()
    return verified, settings


def set_up_from_key(talk: Talk, plan: Plan, wanted: KeyWanted) -> tuple[Verified, Settings]:
    """Ask for the key, then for every setting; Back at the first setting returns to the key, with the answers kept."""
    verified = _introduced(talk, plan, ask_key(wanted, talk.verify, talk.prompter, talk.complain))
    answers: dict[str, Value] = {}
    while True:
        settings = ask_settings(talk, plan, verified.account, answers, can_go_back=True)
        if settings is not Nothing.BACK:
            return verified, settings
        again = ask_key(wanted, talk.verify, talk.prompter, talk.complain, verified)
        if again is not verified:
            verified = _introduced(talk, plan, again)


def ask_settings(
    talk: Talk, plan: Plan, account: Account, answers: dict[str, Value], *, can_go_back: bool
) -> Settings | Back:
    """Ask every setting that is not known, then for a yes to all of them; return the settings by name.

    `answers` keeps what was answered. BACK is the wish to return to what came before, where `can_go_back`.
    """
    asking = _Asking(talk, plan, account, answers)
    steps: list[Step] = [partial(asking.setting, field) for field in talk.spec.questions]
    if walk([*steps, asking.review], can_go_back=can_go_back) is Nothing.BACK:
        return Nothing.BACK
    return put_together(talk.spec, answers)


def _introduced(talk: Talk, plan: Plan, verified: Verified) -> Verified:
    """Say whose account it is and what that means for last time's answers, and see that it has what must be picked."""
    organization = verified.account.organization
    talk.say(_whose(talk.spec, verified.account))
    if plan.previous.is_of_another(organization):
        talk.warn(
            N_(
                "This key belongs to another organisation than the stored one ({stored}): "
                "what was chosen there does not count here.",
                stored=shown(plan.previous.account_tax_code or ""),
            )
        )
    picked = tuple(field for field in talk.spec.questions if field.is_picked)
    return check_for_rows(verified, picked, talk.verify, talk.prompter)


def _whose(spec: Spec, account: Account) -> Sentence:
    organization = account.organization
    fields: dict[str, object] = {"provider": spec.title, "number": shown(organization.tax_code or "")}
    if organization.tax_code and organization.subscription_until:
        return N_(
            "{provider} accepted the key. Tax number {number}, subscription until {until}.",
            until=organization.subscription_until,
            **fields,
        )
    if organization.tax_code:
        return N_("{provider} accepted the key. Tax number {number}.", **fields)
    return N_("{provider} accepted the key.", provider=spec.title)


@dataclass(frozen=True, slots=True)
class _Asking:
    """The steps through the settings of one account."""

    talk: Talk
    plan: Plan
    account: Account
    answers: dict[str, Value]
    wrong: list[InvalidValue] = dataclass_field(default_factory=list)
    """What flags say that fits no single row, told together."""

    def setting(self, field: Field, can_go_back: bool) -> Outcome:
        """Take what is known of a setting, or ask."""
        given = self.plan.given
        rows = self.account.choices.get(field.name, ())
        if field.name in given.values:
            self.answers[field.name] = given.values[field.name]
        elif field.is_picked and not rows:
            pass  # told as missing when the account was looked at
        elif field.name in given.to_match:
            return self._match(field, given.to_match[field.name], rows, can_go_back)
        elif only := only_row(field, self.account, self.plan.previous):
            self.talk.say(N_("{question}: {row} (the only one)", question=field.question, row=words(field, only)))
            self.answers[field.name] = only
        else:
            return self._ask(field, can_go_back)
        return Outcome.SKIPPED

    def review(self, can_go_back: bool) -> Outcome:
        """Show all answers and ask for a yes; a no leaves."""
        refuse_wrong(self.wrong)
        settle(self.talk.prompter)
        refuse_half_an_account(self.talk.spec, self.answers)
        if self.plan.accepts:
            return Outcome.SKIPPED
        for problem in self.plan.foreseen(self.account, put_together(self.talk.spec, self.answers)):
            self.talk.warn(problem.message)
        table = [(field.question, words(field, self.answers[field.name])) for field in self.talk.spec.questions]
        question = yes_or_no(self.plan.saving, unattended=True, marked=True)
        note = "" if self.plan.previous.settings else _MODE
        answer = self.talk.prompter.ask(question._replace(note=note, table=table, can_go_back=can_go_back))
        if answer is False:
            raise cancelled()
        return Outcome.BACK if answer is Nothing.BACK else Outcome.ASKED

    def _match(self, field: Field, text: str, rows: tuple[Row, ...], can_go_back: bool) -> Outcome:
        """Take the row that a flag means; where it means none, whoever can be asked picks one."""
        if is_of_none(text, rows):
            is_settled = field.name in self.answers
            return self._ask(field, can_go_back) if is_settled else self._ask_instead(field, text, rows, can_go_back)
        try:
            self.answers[field.name] = match_row(field, text, rows)
        except InvalidValue as error:
            self.wrong.append(error)
        return Outcome.SKIPPED

    def _ask_instead(self, field: Field, text: str, rows: tuple[Row, ...], can_go_back: bool) -> Outcome:
        """Open the list with what the flag says as its filter; where nobody can be asked, the flag is wrong."""
        usual = question_for(field, self.talk.spec, self.account, self.plan.previous, self.answers)
        wide = cast("Question[Value | InvalidValue]", usual)
        form = cast("Pick[Value | InvalidValue]", usual.form)
        question = wide._replace(
            form=form._replace(typed=bare(text), marked=likest(text, rows) or form.marked),
            unattended=fits_none(field, text, rows),
            trouble=trouble_with(field, text, rows),
            note="",
            can_go_back=can_go_back,
        )
        answer = self.talk.prompter.ask(question)
        if answer is Nothing.BACK:
            return Outcome.BACK
        if isinstance(answer, InvalidValue):
            self.wrong.append(answer)
        elif answer is not Nothing.MISSING:
            self.answers[field.name] = answer
        return Outcome.ASKED

    def _ask(self, field: Field, can_go_back: bool) -> Outcome:
        question = question_for(field, self.talk.spec, self.account, self.plan.previous, self.answers)
        answer = self.talk.prompter.ask(question._replace(can_go_back=can_go_back))
        if answer is Nothing.BACK:
            return Outcome.BACK
        if answer is not Nothing.MISSING:
            self.answers[field.name] = answer
        return Outcome.ASKED


_MODE = N_("Invoice mode is draft review: an invoice is made as a draft, which a person looks at and issues.")
