"""Questions to a person at a terminal."""

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Literal, cast

import questionary
from prompt_toolkit.application import Application, create_app_session
from prompt_toolkit.input import Input, create_input
from prompt_toolkit.output import Output, create_output
from questionary.constants import DEFAULT_STYLE

from bokko_cli.errors import BokkoError, Cancelled, InvalidValue, Missing, MissingInput
from bokko_cli.model.values import Value
from bokko_cli.prompter.base import Retry
from bokko_cli.prompter.echo import forget_typed, hide_typing
from bokko_cli.prompter.picklist import (
    PLAIN_MARKS,
    Marks,
    add_leaving_keys,
    forget_typeahead,
    list_application,
    without_cursor_requests,
)
from bokko_cli.prompter.question import Back, KeyQuestion, Nothing, Option, Question
from bokko_cli.prompter.review import review_lines

_MARK = "?"
_ROOM_TO_ANSWER = 15


class TerminalPrompter:
    """Asks on standard error with questionary, so that standard output stays the answer's.

    `answered` is called after each answer: time that a person takes is not the network's.
    """

    can_ask = True

    def __init__(
        self, say: Callable[[str], None], complain: Callable[[BokkoError], None], answered: Callable[[], None]
    ) -> None:
        self._say = say
        self._complain = complain
        self._answered = answered
        self._input: Input = create_input(sys.stdin)
        self._output: Output = without_cursor_requests(create_output(stdout=sys.stderr))
        self._has_asked = False
        hide_typing(sys.stdin.fileno())
        self._marks = Marks() if "utf" in (sys.stderr.encoding or "").lower() else PLAIN_MARKS

    def ask(self, question: Question) -> Value | Back:
        """Ask; a typed answer that does not parse is explained and asked again with what was typed."""
        if question.note:
            self._say(question.note)
        if question.options is not None:
            return self._ask_list(question)
        return self._ask_text(question) if question.parse else self._ask_yes_or_no(question)

    def ask_key(self, question: KeyQuestion) -> str | Back:
        """Ask for the secret; nothing of it is shown."""
        hints = [question.kept, "Esc: back" if question.can_go_back else ""]
        hint = ", ".join(part for part in hints if part)
        message = f"{question.name} ({hint})" if hint else question.name
        with self._session():
            return cast("str | Back", self._run(questionary.password(message, qmark=_MARK)))

    def ask_retry(self, error: BokkoError, *, can_change_key: bool) -> Retry:
        """Say what went wrong and ask whether to try again; Esc takes another key where there is a choice."""
        self._complain(error)
        options = [Option(Retry.AGAIN.name, "Try again"), Option(Retry.ANOTHER_KEY.name, "Type another key")]
        leave = Option("", "Leave, nothing is changed")
        offered = [options[0], *([options[1]] if can_change_key else []), leave]
        index = self._run_list("What now", offered, 0, can_go_back=False)
        if index is Nothing.BACK and can_change_key:
            return Retry.ANOTHER_KEY
        if index is Nothing.BACK:
            raise Cancelled("Nothing was changed.")
        if offered[index] is leave:
            raise error
        return Retry.AGAIN if offered[index] is options[0] else Retry.ANOTHER_KEY

    def review(self, lines: Sequence[tuple[str, str]], question: str, *, can_go_back: bool) -> Literal[True] | Back:
        """Show every answer and ask for a yes; a no is Cancelled."""
        self._say("\n".join(["", *review_lines(lines, self._output.get_size().columns)]))
        answer = self._yes_or_no(question, default=True, can_go_back=can_go_back)
        if answer is False:
            raise Cancelled("Nothing was changed.")
        return Nothing.BACK if answer is Nothing.BACK else True

    def confirm(self, question: str, flag: str, *, default: bool) -> None:  # noqa: ARG002 - a person needs no flag
        """Ask for a yes; a no and an Esc are Cancelled."""
        if self._yes_or_no(question, default=default, can_go_back=False) is not True:
            raise Cancelled("Nothing was changed.")

    def settle(self) -> None:
        """Every question was asked."""

    def _ask_list(self, question: Question) -> Value | Back:
        options = question.options or ()
        if not options:
            missing = Missing(question.flag, [], listing=question.listing)
            raise MissingInput(
                f"This account has no {question.name.lower()} to choose.", [missing], fix=question.where_to_make
            )
        marked = next((index for index, option in enumerate(options) if option.value == question.marked), 0)
        index = self._run_list(question.name, options, marked, can_go_back=question.can_go_back)
        return index if index is Nothing.BACK else options[index].value

    def _ask_text(self, question: Question) -> Value | Back:
        assert question.parse is not None  # noqa: S101 - the form of the question
        shown = str(question.marked or "")
        hint = self._hint(question.name, "blank: none", can_go_back=question.can_go_back)
        while True:
            with self._session():
                typed = self._run(questionary.text(f"{question.name} {hint}", default=shown, qmark=_MARK))
            if typed is Nothing.BACK:
                return Nothing.BACK
            shown = str(typed)
            try:
                return question.parse(shown)
            except InvalidValue as error:
                self._complain(error)

    def _ask_yes_or_no(self, question: Question) -> Value | Back:
        return self._yes_or_no(question.name, default=question.marked is True, can_go_back=question.can_go_back)

    def _yes_or_no(self, message: str, *, default: bool, can_go_back: bool) -> bool | Back:
        hint = self._hint(message, "Y/n" if default else "y/N", can_go_back=can_go_back) + " "
        with self._session():
            answer = self._run(questionary.confirm(message, default=default, qmark=_MARK, instruction=hint))
        return Nothing.BACK if answer is Nothing.BACK else answer is True

    def _hint(self, name: str, answers: str, *, can_go_back: bool) -> str:
        """Return what stands behind a question; how to go back is left out where the line would break."""
        whole = f"({answers}, Esc: back)"
        has_room = len(name) + len(whole) + _ROOM_TO_ANSWER <= self._output.get_size().columns
        return whole if can_go_back and has_room else f"({answers})"

    def _run_list(self, name: str, options: Sequence[Option], marked: int, *, can_go_back: bool) -> int | Back:
        with self._session():
            application = list_application(
                name, options, marked, self._marks, DEFAULT_STYLE, self._output, can_go_back=can_go_back
            )
            return cast("int | Back", self._finish(application))

    def _run(self, question: questionary.Question) -> object:
        add_leaving_keys(question.application)
        return self._finish(question.application)

    def _finish(self, application: Application[object]) -> object:
        if self._has_asked:  # whoever types ahead of the first question means that one
            self._forget_typed()
        self._has_asked = True
        try:
            answer = questionary.Question(application).unsafe_ask()
        except (KeyboardInterrupt, EOFError):
            raise Cancelled("Nothing was changed.") from None
        self._answered()
        return answer

    @contextmanager
    def _session(self) -> Iterator[None]:
        with create_app_session(input=self._input, output=self._output):
            yield

    def _forget_typed(self) -> None:
        has_left = forget_typeahead(self._input)
        forget_typed(sys.stdin.fileno())
        if has_left:
            raise Cancelled("Nothing was changed.")
