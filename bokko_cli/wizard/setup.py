"""The whole conversation of connect and configure: key, settings, review."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial

from bokko_cli.errors import BokkoError, InvalidValue
from bokko_cli.model.apikey import ApiKey
from bokko_cli.model.spec import Field, Spec, put_together, words
from bokko_cli.model.text import shown
from bokko_cli.model.values import Account, Remnants, Settings, Value
from bokko_cli.prompter.base import Prompter
from bokko_cli.prompter.question import KeyQuestion, Nothing
from bokko_cli.wizard.flags import Given, match_row, refuse_half_an_account
from bokko_cli.wizard.key import Verified, Verify, ask_and_verify
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


@dataclass(slots=True)
class Setup:
    """One conversation; answers are kept while somebody goes back and forth.

    `verified` is set from the start when the key was given, else by the key's own step.
    """

    talk: Talk
    given: Given
    previous: Remnants
    verified: Verified | None = None
    answers: dict[str, Value] = field(default_factory=dict)

    def run(self, before: tuple[Step, ...], *, accepts: bool, saving: str) -> Settings:
        """Ask everything that is not known; return the settings by name.

        `before` are steps that go first (the key); `accepts` skips the review's question, `saving` is its words.
        Raises MissingInput, InvalidValue, Cancelled, and what verifying the key raises.
        """
        steps = [partial(self._setting, row) for row in self.talk.spec.questions]
        walk([*before, *steps, partial(self._review, accepts, saving)])
        return put_together(self.talk.spec, self.answers)

    def ask_key(self, verify: Verify, offered: ApiKey | None, can_go_back: bool) -> Outcome:
        """Be the step that asks for the key."""
        kept = "Enter keeps the verified key" if self.verified else ""
        offer = f"Enter takes {offered.reveal()}" if offered and not kept else ""
        question = KeyQuestion(self.talk.spec.key_question, kept or offer, can_go_back=can_go_back)
        verified = ask_and_verify(
            question, verify, self.talk.prompter, self.talk.complain, blank=self.verified or offered
        )
        if verified is None:
            return Outcome.BACK
        if verified is not self.verified:
            self.verified = verified
            self.introduce(verified.account)
        return Outcome.ASKED

    def introduce(self, account: Account) -> None:
        """Say whose account it is, and what that means for the answers of last time."""
        organization = account.organization
        until = f", subscription until {organization.subscription_until}" if organization.subscription_until else ""
        whose = f" Tax number {shown(organization.tax_code)}{until}." if organization.tax_code else ""
        self.talk.say(f"{self.talk.spec.title} accepted the key.{whose}")
        if self.previous.is_of_another(organization):
            self.talk.warn(
                f"This key belongs to another organisation than the stored one "
                f"({shown(self.previous.account_tax_code or '')}): what was chosen there does not count here."
            )

    @property
    def account(self) -> Account:
        """The verified account."""
        assert self.verified is not None  # noqa: S101 - the key's step comes first
        return self.verified.account

    def _setting(self, row: Field, can_go_back: bool) -> Outcome:
        if row.name in self.given.values:
            self.answers[row.name] = self.given.values[row.name]
            return Outcome.SKIPPED
        rows = self.account.choices.get(row.name, ())
        if row.name in self.given.to_match and rows:
            self.answers[row.name] = match_row(row, self.given.to_match[row.name], rows)
            return Outcome.SKIPPED
        only = only_row(row, self.account, self.previous) if row.is_picked else None
        if only:
            self.talk.say(f"{row.question}: {words(row, only)} (the only one)")
            self.answers[row.name] = only
            return Outcome.SKIPPED
        return self._ask(row, can_go_back)

    def _ask(self, row: Field, can_go_back: bool) -> Outcome:
        question = question_for(row, self.account, self.previous, self.answers, can_go_back=can_go_back)
        answer = self.talk.prompter.ask(question)
        if answer is Nothing.BACK:
            return Outcome.BACK
        self.answers[row.name] = answer
        if self.talk.prompter.can_ask and self._lacks_number(row):
            self.talk.complain(_HALF_AN_ACCOUNT)
            return self._ask(row, can_go_back)
        return Outcome.ASKED

    def _lacks_number(self, row: Field) -> bool:
        """Whether the answer just given leaves a bank account with a name and no number."""
        accounts = [field.parts for field in self.talk.spec.fields if field.parts and field.parts[-1] is row]
        return any(self.answers[name.name] and not self.answers[row.name] for name, _ in accounts)

    def _review(self, accepts: bool, saving: str, can_go_back: bool) -> Outcome:
        self.talk.prompter.settle()
        refuse_half_an_account(self.talk.spec, self.answers)
        for advice in doubts(self.answers):
            self.talk.warn(advice)
        if accepts or not self.talk.prompter.can_ask:
            return Outcome.SKIPPED
        lines = [(row.question, words(row, self.answers[row.name])) for row in self.talk.spec.questions]
        answer = self.talk.prompter.review(lines, saving, can_go_back=can_go_back)
        return Outcome.BACK if answer is Nothing.BACK else Outcome.ASKED


_VAT_DIGIT = 9
_HALF_AN_ACCOUNT = InvalidValue(
    "A bank account is its number; a name alone cannot be used.",
    fix="Type the number, or go back and clear the bank name.",
)


def doubts(settings: Mapping[str, Value]) -> list[str]:
    """Return what deserves a second look: the tax number's VAT digit against the VAT rate."""
    number, rate = settings.get("tax_number"), settings.get("default_vat_rate")
    digit = number[_VAT_DIGIT] if isinstance(number, str) and len(number) > _VAT_DIGIT else ""
    if digit == "1" and rate == "27%":
        return [f"Tax number {number} says exempt from VAT, but the default VAT rate is 27%."]
    if digit == "2" and rate == "0%":
        return [f"Tax number {number} says that VAT is paid, but the default VAT rate is 0%."]
    return []
