"""Questions drawn on a terminal."""

import sys
from asyncio import AbstractEventLoop, get_running_loop
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TypeVar, cast

import questionary
from prompt_toolkit.application import Application, create_app_session
from prompt_toolkit.input import Input, create_input
from prompt_toolkit.output import Output, create_output
from questionary.constants import DEFAULT_STYLE

from bokko_cli.model.wording import N_
from bokko_cli.prompter.decision import Decision
from bokko_cli.prompter.echo import hide_typing, take_typed
from bokko_cli.prompter.picklist import (
    PLAIN_MARKS,
    Marks,
    add_leaving_keys,
    forget_typeahead,
    list_application,
    without_cursor_requests,
)
from bokko_cli.prompter.question import Answer, Back, Pick, Typed
from bokko_cli.prompter.review import review_lines

T = TypeVar("T")
_MARK = "?"
_CTRL_C = b"\x03"
_ROOM_TO_ANSWER = 15


class Terminal:
    """Draws on standard error with questionary, so that standard output stays the answer's."""

    can_edit = True

    def __init__(self, worded: Callable[[str], str]) -> None:
        """Take what puts hints into the person's language."""
        self._worded = worded
        self._input: Input = create_input(sys.stdin)
        self._output: Output = without_cursor_requests(create_output(stdout=sys.stderr))
        self._has_asked = False
        hide_typing(sys.stdin.fileno())
        self._marks = Marks() if "utf" in (sys.stderr.encoding or "").lower() else PLAIN_MARKS

    def review(self, answers: Sequence[Answer]) -> Sequence[str]:
        """Set names and answers side by side, where there is room."""
        return review_lines(answers, self._columns(), self._worded)

    def pick(self, name: str, form: Pick[T], *, can_go_back: bool) -> int | Back:
        """Show a list that typing narrows."""
        with self._session():
            application = list_application(
                name, form, self._marks, DEFAULT_STYLE, self._output, self._worded, can_go_back=can_go_back
            )
            return cast("int | Back", self._finish(application))

    def type(self, name: str, form: Typed[T], *, can_go_back: bool) -> str | Back:
        """Show a line to type in; nothing is shown of a secret."""
        hint = self._hint(name, form.blank, can_go_back=can_go_back)
        message = f"{name} {hint}" if hint else name
        with self._session():
            if form.is_secret:
                question = questionary.password(message, qmark=_MARK)
            else:
                question = questionary.text(message, default=form.begins_with, qmark=_MARK)
            return cast("str | Back", self._run(question))

    def yes_or_no(self, name: str, *, marked: bool, can_go_back: bool) -> bool | Back:
        """Take y or n, and then Enter."""
        answers = self._worded(N_("Y/n") if marked else N_("y/N"))
        hint = self._hint(name, answers, can_go_back=can_go_back)
        with self._session():
            decision = Decision(name, hint, self._worded(N_("Yes")), self._worded(N_("No")), marked=marked)
            return cast("bool | Back", self._finish(decision.application(DEFAULT_STYLE, self._output)))

    def _hint(self, name: str, answers: str, *, can_go_back: bool) -> str:
        """Return what stands behind a question; how to go back is left out where the line would break."""
        parts = [answers] if answers else []
        back = self._worded(N_("Esc: back"))
        whole = ", ".join([*parts, back])
        has_room = len(name) + len(whole) + 2 + _ROOM_TO_ANSWER <= self._columns()
        shown = whole if can_go_back and has_room else ", ".join(parts)
        return f"({shown})" if shown else ""

    def _columns(self) -> int:
        return self._output.get_size().columns

    def _run(self, question: questionary.Question) -> object:
        add_leaving_keys(question.application)
        return self._finish(question.application)

    def _finish(self, application: Application[object]) -> object:
        if self._has_asked:  # whoever types ahead of the first question means that one
            self._forget_typed()
        self._has_asked = True
        answer = application.run(pre_run=lambda: _leave_with_errors(application), set_exception_handler=False)
        self._forget_typed()  # now: a Ctrl-C in the same breath as the answer must not wait for the next question
        return answer

    @contextmanager
    def _session(self) -> Iterator[None]:
        with create_app_session(input=self._input, output=self._output):
            yield

    def _forget_typed(self) -> None:
        has_left = forget_typeahead(self._input)
        if _CTRL_C in take_typed(sys.stdin.fileno()) or has_left:
            raise KeyboardInterrupt


def _leave_with_errors(application: Application[object]) -> None:
    """Let what goes wrong while a key is handled end the question: the library would print it, words and all."""

    def leave(_loop: AbstractEventLoop, context: dict[str, object]) -> None:
        error = context.get("exception")
        if isinstance(error, BaseException) and application.is_running and not application.is_done:
            application.exit(exception=error)

    get_running_loop().set_exception_handler(leave)
