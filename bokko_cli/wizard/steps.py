"""The steps through the settings of one account, and the review after them."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import cast

from bokko_cli.errors import InvalidValue, Missing, cancelled
from bokko_cli.model.settings import put_together, words
from bokko_cli.model.spec import Field
from bokko_cli.model.values import Row, Settings, Value
from bokko_cli.model.wording import N_
from bokko_cli.prompter.base import settle
from bokko_cli.prompter.question import Nothing, Pick, Question
from bokko_cli.wizard.conversation import Conversation, Plan
from bokko_cli.wizard.flags import (
    bare,
    closest_row,
    fits_no_row,
    match_row,
    no_fitting_row,
    number_of_half_an_account,
    refuse_ambiguous,
    refuse_half_an_account,
    refuse_wrong,
    trouble_with,
)
from bokko_cli.wizard.introduction import introduced
from bokko_cli.wizard.key import KeyWanted, Verified, ask_key
from bokko_cli.wizard.questions import only_row, question_for
from bokko_cli.wizard.review import Decision, changes_nothing, review_question
from bokko_cli.wizard.walk import Move, Step


@dataclass(slots=True)
class Asking:
    """The answers so far, and the account that they are about; `wanted` is there where the key is a question too."""

    talk: Conversation
    plan: Plan
    verified: Verified
    wanted: KeyWanted | None = None
    answers: dict[str, Value] = field(default_factory=dict)
    changed: set[str] = field(default_factory=set)
    """What was changed from the review, which counts more than a flag and is not asked again."""
    wrong: list[InvalidValue] = field(default_factory=list)
    """What flags say that fits no row, where nobody can be asked; told together."""

    def steps(self) -> Sequence[Step]:
        """Return a step that looks at the flags, one for each setting, and the review."""
        return [self.flags, *(partial(self.setting, field) for field in self.talk.spec.questions), self.review]

    def settings(self) -> Settings:
        """Return the answers by the names of the settings."""
        return put_together(self.talk.spec, self.answers)

    def ask_key_again(self, wanted: KeyWanted, *, can_go_back: bool = False) -> bool:
        """Ask for the key once more, where a blank line keeps this one; return whether it is another one now.

        Esc keeps it too where there is something to go back to, else it leaves.
        """
        kept = self.verified
        again = ask_key(wanted, self.talk.verify, self.talk.prompter, self.talk.report, kept, can_go_back=can_go_back)
        if again is kept:
            return False
        self.verified = introduced(self.talk, self.plan.previous, again)
        self.changed.clear()
        return True

    def flags(self, _can_go_back: bool) -> Move:
        """Refuse a flag that fits several rows before anybody answers in vain."""
        account, given = self.verified.account, self.plan.given
        refuse_ambiguous(
            [
                (field, given.to_match[field.name], rows)
                for field in self.talk.spec.questions
                if field.name in given.to_match and (rows := account.choices.get(field.name))
            ]
        )
        return Move.SKIPPED

    def setting(self, field: Field, can_go_back: bool) -> Move:
        """Take what is known of a setting, or ask."""
        given = self.plan.given
        account = self.verified.account
        rows = account.choices.get(field.name, ())
        if field.name in self.changed:
            pass
        elif field.name in given.values:
            self.answers[field.name] = given.values[field.name]
        elif field.is_picked and not rows:
            pass  # told as missing when the account was looked at
        elif field.name in given.to_match:
            return self._match(field, given.to_match[field.name], rows, can_go_back)
        elif only := only_row(field, account, self.plan.previous):
            self.talk.say(N_("{question}: {row} (the only one)", question=field.question, row=words(field, only)))
            self.answers[field.name] = only
        else:
            return self._take_stored_or_ask(field, can_go_back)
        return Move.SKIPPED

    def review(self, can_go_back: bool) -> Move:
        """Show all answers until there is a yes to them; a no leaves."""
        refuse_wrong(self.wrong)
        settle(self.talk.prompter)
        refuse_half_an_account(self.talk.spec, self.answers)
        while True:
            self._say_that_nothing_changes()
            if self.plan.accepts:
                return Move.SKIPPED
            question = review_question(
                self.talk.spec, self.plan, self.verified, self.answers, is_key_asked=self.wanted is not None
            )
            match self.talk.prompter.ask(question._replace(can_go_back=can_go_back)):
                case Decision.SAVE:
                    return Move.ASKED
                case Nothing.BACK:
                    return Move.BACK
                case Decision.KEY if self.wanted:
                    if self.ask_key_again(self.wanted, can_go_back=True):
                        return Move.FROM_THE_FIRST
                case Field() as field:
                    self._change(field)
                case _:
                    raise cancelled()

    def _say_that_nothing_changes(self) -> None:
        if changes_nothing(self.talk.spec, self.plan, self.verified, self.answers):
            self.talk.say(N_("Nothing has changed from what is stored."))

    def _change(self, field: Field) -> None:
        """Ask a setting anew, and the number of a bank account that has only a name then; Esc leaves all as it was."""
        before = dict(self.answers)
        asked = field
        while True:
            answer = self.talk.prompter.ask(self._question(asked)._replace(can_go_back=True))
            if isinstance(answer, Nothing):
                self.answers.update(before)
                return
            self.answers[asked.name] = answer
            self.changed.add(asked.name)
            number = number_of_half_an_account(self.talk.spec, self.answers)
            if number is None:
                return
            asked = number

    def _match(self, field: Field, text: str, rows: tuple[Row, ...], can_go_back: bool) -> Move:
        """Take the row that a flag means; where it means none, whoever can be asked picks one."""
        if fits_no_row(text, rows):
            is_settled = field.name in self.answers
            return self._ask(field, can_go_back) if is_settled else self._ask_instead(field, text, rows, can_go_back)
        self.answers[field.name] = match_row(field, text, rows)
        return Move.SKIPPED

    def _ask_instead(self, field: Field, text: str, rows: tuple[Row, ...], can_go_back: bool) -> Move:
        """Open the list with what the flag says as its filter; where nobody can be asked, the flag is wrong."""
        usual = self._question(field)
        wide = cast("Question[Value | InvalidValue]", usual)
        form = cast("Pick[Value | InvalidValue]", usual.form)
        likely = closest_row(text, rows)
        question = wide._replace(
            form=form._replace(typed=bare(text), marked=form.marked if likely is None else likely),
            unattended=no_fitting_row(field, text, rows),
            trouble=trouble_with(field, text, rows),
            note="",
            can_go_back=can_go_back,
        )
        answer = self.talk.prompter.ask(question)
        if answer is Nothing.BACK:
            return Move.BACK
        if isinstance(answer, InvalidValue):
            self.wrong.append(answer)
        elif answer is not Nothing.MISSING:
            self.answers[field.name] = answer
        return Move.ASKED

    def _take_stored_or_ask(self, field: Field, can_go_back: bool) -> Move:
        question = self._question(field)
        is_kept = self.plan.keeps_stored and field.name in self.plan.previous.settings
        if not is_kept or isinstance(question.unattended, Missing):
            return self._ask(field, can_go_back)
        self.answers[field.name] = question.unattended
        return Move.SKIPPED

    def _ask(self, field: Field, can_go_back: bool) -> Move:
        answer = self.talk.prompter.ask(self._question(field)._replace(can_go_back=can_go_back))
        if answer is Nothing.BACK:
            return Move.BACK
        if answer is not Nothing.MISSING:
            self.answers[field.name] = answer
        return Move.ASKED

    def _question(self, field: Field) -> Question[Value]:
        return question_for(field, self.talk.spec, self.verified.account, self.plan.previous, self.answers)
