"""Questions drawn on a terminal."""

import atexit
import sys
from asyncio import AbstractEventLoop, get_running_loop
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import partial
from typing import TypeVar, cast

import questionary
from prompt_toolkit.application import Application, create_app_session
from prompt_toolkit.input import Input, create_input
from prompt_toolkit.layout.processors import Processor, Transformation, TransformationInput
from prompt_toolkit.layout.utils import explode_text_fragments
from prompt_toolkit.output import Output, create_output
from questionary.constants import DEFAULT_STYLE

from bokko_cli.model.width import columns_of
from bokko_cli.model.wording import N_
from bokko_cli.prompter.answer_table import review_lines
from bokko_cli.prompter.decision import DrawnYesNo
from bokko_cli.prompter.echo import hide_typing, take_typed
from bokko_cli.prompter.heading import MARK, heading, hint, with_room
from bokko_cli.prompter.leaving_keys import add_leaving_keys, forget_typeahead
from bokko_cli.prompter.picklist import list_application, without_cursor_requests
from bokko_cli.prompter.question import Answer, Back, Pick, Typed
from bokko_cli.prompter.suspension import drawn_again
from bokko_cli.prompter.waiting_signals import waiting_signals

T = TypeVar("T")
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

    def review(self, answers: Sequence[Answer]) -> Sequence[str]:
        """Set names and answers side by side, where there is room."""
        return review_lines(answers, self._columns(), self._worded)

    def pick(self, name: str, form: Pick[T], *, can_go_back: bool) -> int | Back:
        """Show a list that typing narrows."""
        with self._session():
            application = list_application(
                name, form, DEFAULT_STYLE, self._output, self._worded, can_go_back=can_go_back
            )
            return cast("int | Back", self._finish(application))

    def type(self, name: str, form: Typed[T], *, can_go_back: bool) -> str | Back:
        """Show a line to type in; of a secret nothing but its length is seen."""

        def message() -> str:
            columns = self._columns()
            behind = self._hint(name, form.blank, columns, can_go_back=can_go_back)
            answer = columns_of(application.current_buffer.text) + 1
            tokens = with_room(heading(name, behind, "", columns), max(_ROOM_TO_ANSWER, answer), columns)
            return "".join(text for _, text in tokens).removeprefix(f"{MARK} ")[:-1]

        with self._session():
            ask = questionary.password if form.is_secret else questionary.text
            text = cast("str", _Changing(message))
            application = ask(
                text, default=form.begins_with, qmark=MARK, input_processors=[_Spelled(self._worded)]
            ).application
            add_leaving_keys(application)
            return cast("str | Back", self._finish(application))

    def yes_or_no(self, name: str, *, marked: bool, can_go_back: bool) -> bool | Back:
        """Take y or n, and then Enter."""
        answers = self._worded(N_("Y/n") if marked else N_("y/N"))
        behind = partial(self._hint, name, answers, can_go_back=can_go_back)
        yes, no = self._worded(N_("Yes")), self._worded(N_("No"))
        with self._session():
            decision = DrawnYesNo(name, behind, yes, no, marked=marked, output=self._output)
            return cast("bool | Back", self._finish(decision.application(DEFAULT_STYLE)))

    def _hint(self, name: str, answers: str, columns: int, *, can_go_back: bool) -> str:
        parts = [answers] if answers else []
        back = self._worded(N_("Esc: back")) if can_go_back else ""
        return hint(name, parts, back, columns)

    def _columns(self) -> int:
        return self._output.get_size().columns

    def _finish(self, application: Application[object]) -> object:
        if self._has_asked:  # whoever types ahead of the first question means that one
            self._forget_typed()
        else:
            atexit.register(_give_back, self._output)
        self._has_asked = True
        answer = _answer_of(application)
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


class _Changing:
    """A message that questionary puts into its line each time it draws: broken anew for each width."""

    def __init__(self, message: Callable[[], str]) -> None:
        self._message = message

    def __str__(self) -> str:
        return self._message()


class _Spelled(Processor):
    """Shows what is typed in letters that the terminal has; what is answered stays as it was typed."""

    def __init__(self, worded: Callable[[str], str]) -> None:
        self._worded = worded

    def apply_transformation(self, transformation_input: TransformationInput) -> Transformation:
        """Return the line with a letter for each letter."""
        shown = explode_text_fragments(transformation_input.fragments)
        return Transformation([(style, self._letter(text)) for style, text, *_ in shown])

    def _letter(self, letter: str) -> str:
        spelled = self._worded(letter)
        return spelled if len(spelled) == 1 else letter


def _answer_of(application: Application[object]) -> object:
    """Ask, with signals waiting until the terminal is given back."""

    def leave() -> None:
        if application.is_running and not application.is_done:
            application.exit(exception=KeyboardInterrupt, style="class:aborting")

    def leave_soon() -> None:
        if application.loop:
            application.loop.call_soon_threadsafe(leave)

    with drawn_again(application), waiting_signals(leave_soon) as has_come:

        def begin() -> None:
            _leave_with_errors(application)
            if has_come():
                leave()

        return application.run(pre_run=begin, set_exception_handler=False, handle_sigint=False)


def _give_back(output: Output) -> None:
    """Say at the end once more what questions said: a Ctrl-C discards all that the terminal has not read yet."""
    with suppress(OSError):  # the terminal may be gone
        output.disable_bracketed_paste()
        output.enable_autowrap()
        output.reset_attributes()
        output.hide_cursor()  # or it passes for shown, and nothing is said
        output.show_cursor()
        output.flush()


def _leave_with_errors(application: Application[object]) -> None:
    """Let what goes wrong while a key is handled end the question: the library would print it, words and all."""

    def leave(_loop: AbstractEventLoop, context: dict[str, object]) -> None:
        error = context.get("exception")
        if isinstance(error, BaseException) and application.is_running and not application.is_done:
            application.exit(exception=error)

    get_running_loop().set_exception_handler(leave)
