"""What holds for every way of asking a person: the rules of the conversation stand here once."""

from collections.abc import Callable, Sequence
from typing import Protocol, TypeVar

from bokko_cli.errors import BokkoError, InvalidValue, Missing, cancelled
from bokko_cli.prompter.question import Answer, Back, Nothing, Pick, Question, Typed, YesNo, worded_question

T = TypeVar("T")


class Surface(Protocol):
    """Where a question is drawn and a key is pressed; raises KeyboardInterrupt or EOFError for somebody who leaves."""

    def pick(self, name: str, form: Pick[T], *, can_go_back: bool) -> int | Back:
        """Return the position of the row that was chosen."""

    def type(self, name: str, form: Typed[T], *, can_go_back: bool) -> str | Back:
        """Return the line that was typed."""

    def yes_or_no(self, name: str, *, marked: bool, can_go_back: bool) -> bool | Back:
        """Return the answer; Enter alone is what is marked."""

    def review(self, answers: Sequence[Answer]) -> Sequence[str]:
        """Return answers as lines to be said above a question."""

    @property
    def can_edit(self) -> bool:
        """Whether a line can begin with a text that is changed by typing."""


class PersonPrompter:
    """Asks a person on a surface; `worded` puts what it is told into their language.

    `answered` is called after each answer: time that a person takes is not the network's.
    """

    missing: Sequence[Missing] = ()

    def __init__(
        self,
        surface: Surface,
        worded: Callable[[str], str],
        say: Callable[[str], None],
        report_before_asking: Callable[[BokkoError], None],
        answered: Callable[[], None],
    ) -> None:
        self._surface = surface
        self._worded = worded
        self._say = say
        self._report = report_before_asking
        self._answered = answered

    def ask(self, question: Question[T]) -> T | Back:
        """Say what stands above the question, and ask until the answer is one."""
        question = worded_question(question, self._worded)
        if question.trouble:
            self._report(question.trouble)
        if question.note:
            self._say(question.note)
        if question.table:
            self._say("\n".join(["", *self._surface.review(question.table)]))
        try:
            return self._answer(question)
        except (KeyboardInterrupt, EOFError):
            raise cancelled() from None

    def foresee(self, missing: Missing) -> None:
        """Do nothing: a person is asked when it is time."""

    def _answer(self, question: Question[T]) -> T | Back:
        match question.form:
            case Pick() as form:
                index = self._surface.pick(question.name, form, can_go_back=question.can_go_back)
                answer = index if index is Nothing.BACK else form.options[index].value
            case YesNo() as form:
                is_marked = form.marked == form.yes
                yes = self._surface.yes_or_no(question.name, marked=is_marked, can_go_back=question.can_go_back)
                answer = yes if yes is Nothing.BACK else form.yes if yes else form.no
            case Typed() as form:
                return self._typed(question, form)
        self._answered()
        return answer

    def _typed(self, question: Question[T], form: Typed[T]) -> T | Back:
        """Ask again for what does not parse, with what was typed, unless nobody may see it."""
        while True:
            text = self._surface.type(question.name, form, can_go_back=question.can_go_back)
            self._answered()
            if text is Nothing.BACK:
                return Nothing.BACK
            try:
                return form.parse(text)
            except InvalidValue as error:
                self._report(error)
            if self._surface.can_edit and not form.is_secret:
                form = form._replace(begins_with=text)
