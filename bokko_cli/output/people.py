"""What people read: on a terminal drawn by rich, in a pipe as plain lines; a panel is drawn in both."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from queue import SimpleQueue
from threading import Lock
from typing import Protocol, TextIO

from bokko_cli.errors import BokkoError, Cancelled
from bokko_cli.model.spec import Spec
from bokko_cli.model.values import Item, Overview, Status, Unread
from bokko_cli.model.width import with_plain_blanks
from bokko_cli.model.wording import N_
from bokko_cli.output.base import StepResult, TableRow
from bokko_cli.output.findings import FINDING_STYLES, HEADINGS, finding, summary
from bokko_cli.output.overview import connection_rows, for_people
from bokko_cli.output.page import Page
from bokko_cli.output.panel import integrations_page, panel
from bokko_cli.output.plain import AnswerStream, PlainLines, Worded, error_lines, in_encoding_of, in_lines, warning
from bokko_cli.output.profiles import profile_row
from bokko_cli.output.steps import STEP_STYLES, drawn, spoken
from bokko_cli.output.streams import is_plain, is_still, is_unicode
from bokko_cli.output.waiting import LONG_SECONDS, NOTICED_SECONDS, Change, shown_when_long

_BAR = 20


class Screen(Protocol):
    """Draws on one stream; its own module has the one that loads rich."""

    def lines(self, text: str, style: str = "") -> None:
        """Print lines; a style is that of the label, which ends at the first colon."""

    def page(self, page: Page) -> None:
        """Print a page in a frame."""

    def table(self, rows: Sequence[TableRow]) -> None:
        """Print a list."""

    def spinner(self, text: str) -> AbstractContextManager[Change]:
        """Turn a spinner."""


NewScreen = Callable[[TextIO, Worded], Screen]


class People:
    """Prints what people read; all of it goes through `worded`, the one door where it is put into their language."""

    def __init__(
        self,
        out: TextIO,
        err: TextIO,
        specs: Mapping[str, Spec],
        new_screen: NewScreen,
        worded: Worded,
        *,
        is_sandbox: bool = False,
        must_answer: bool = False,
        is_logged: bool = False,
    ) -> None:
        """Take what makes a Screen: to call it is what loads rich. Where much `is_logged`, nothing moves."""
        self._out, self._err = out, err
        self._specs = specs
        self._is_sandbox = is_sandbox
        self._worded = worded
        self._new_screen = new_screen
        self._screens: dict[TextIO, Screen] = {}
        self._making = Lock()
        self._asked_about: list[BokkoError] = []
        self._headings = dict(HEADINGS)
        self._is_logged = is_logged
        self._is_moving = not (is_logged or is_still(err))
        self._plain = PlainLines(err, self._worded)
        self._answer = AnswerStream(out, must_answer=must_answer)

    def say(self, text: str = "") -> None:
        """Say lines."""
        self._say(text)

    def warn(self, text: str) -> None:
        """Say a warning."""
        self._say(warning(text), "bold yellow")

    def report(self, error: BokkoError) -> None:
        """Say an error and what to do about it."""
        self._say(error_lines(error), "bold red")

    def report_before_asking(self, error: BokkoError) -> None:
        """Say an error that a question is about, and remember it."""
        self._asked_about.append(error)
        self.report(error)

    def end_with(self, error: BokkoError) -> None:
        """Say the error that ends the command, if nobody left on account of it; who leaves knows what to do."""
        if isinstance(error, Cancelled):
            self.say(error.message)
        elif not any(error is known for known in self._asked_about):
            self.report(error)

    def step(self, step: StepResult) -> None:
        """Say how a step went, with its time."""
        told = spoken(step) if self._err.isatty() and is_plain() else drawn(step)
        self._say(told, STEP_STYLES[step.outcome])

    @contextmanager
    def busy(self, text: str) -> Iterator[Change]:
        """Turn a spinner with words, or say news as lines where nothing may move, each kind once."""
        if self._is_logged or not self._err.isatty():
            yield self._plain.news()
            return
        noticed = NOTICED_SECONDS if self._is_moving else LONG_SECONDS
        with shown_when_long(lambda first: self._screen(self._err).spinner(first), text, noticed) as change:
            yield change

    @contextmanager
    def counted(self, text: str, total: int) -> Iterator[Callable[[], None]]:
        """Show a bar that grows, or nothing where nothing may move."""
        done = SimpleQueue[None]()
        signs = "━╌" if is_unicode(self._err) else "#-"
        with self.busy(_bar(text, 0, total, signs) if self._is_moving else text) as change:

            def count() -> None:
                done.put(None)
                if self._is_moving:
                    change(_bar(text, done.qsize(), total, signs))

            yield count

    def answer(self, text: str) -> None:
        """Print a text as it is, in their language."""
        self._answer.give(in_encoding_of(self._out, with_plain_blanks(self._worded(text))))

    def explain(self, text: str) -> None:
        """Print lines, wrapped where a terminal would cut them."""
        self._print(text, "")
        self._answer.check()

    def give(self, document: Mapping[str, object], words: str) -> None:  # noqa: ARG002 - for scripts
        """Print the words, wrapped where a terminal would cut them."""
        self.explain(words)

    def show(self, status: Status) -> None:
        """Draw the readiness panel."""
        self._show(panel(status, self._specs, is_sandbox=self._is_sandbox))

    def show_all(self, statuses: Sequence[Status]) -> None:
        """Draw every provider on one page."""
        self._show(integrations_page(statuses, self._specs, is_sandbox=self._is_sandbox))

    def show_rows(self, rows: Sequence[TableRow]) -> None:
        """Draw a table; in a pipe a row is a line with tabs."""
        if not self._out.isatty():
            self.answer(in_lines(rows))
        elif rows:
            self._screen(self._out).table([self._headed(row) for row in rows])
            self._answer.check()
        else:
            self.say(N_("There are none."))

    def found(self, item: Item) -> None:
        """Print an item below the heading of its section."""
        heading = self._headings.pop(item.section, None)
        if heading:
            self._print(heading, "bold")
        self._print(finding(item), FINDING_STYLES[item.level])

    def show_diagnosis(self, items: Sequence[Item]) -> None:
        """Sum up what was printed item by item."""
        self._print(summary(items), "bold")
        self._answer.check()

    def show_profiles(self, profiles: Sequence[Overview | Unread]) -> None:
        """Draw a table; in a pipe a profile is a line with tabs. Why one cannot be read is said beside it."""
        self._report_unread(profiles)
        if not profiles and self._out.isatty():
            self.say(N_("There is no profile yet; the first connect creates one."))
        else:
            self.show_rows([profile_row(profile) for profile in profiles])

    def show_connections(self, statuses: Sequence[Status | Unread], spec: Spec) -> None:
        """Draw a table; in a pipe a profile is a line with tabs. Why one cannot be read is said beside it."""
        self._report_unread(statuses)
        rows = connection_rows(statuses, spec)
        if not rows:  # why there are none is the command's to say: it may have been stopped
            return
        self.show_rows(
            [
                {
                    self._worded(name): self._worded(str(value)) if not isinstance(value, str) else self._worded(value)
                    for name, value in row.items()
                }
                for row in rows
            ]
        )

    def _headed(self, row: TableRow) -> TableRow:
        """Return a row of JSON as people read it, in their language."""
        return {
            self._worded(name): self._worded(value) if isinstance(value, str) else value
            for name, value in for_people(row, self._specs).items()
        }

    def _report_unread(self, profiles: Sequence[Overview | Status | Unread]) -> None:
        for profile in profiles:
            if isinstance(profile, Unread):
                self.report(profile.error)

    def _print(self, text: str, style: str) -> None:
        if self._out.isatty():
            self._screen(self._out).lines(text, style)
        else:
            self.answer(text)

    def _show(self, page: Page) -> None:
        self._screen(self._out).page(page)
        self._answer.check()

    def _say(self, text: str, style: str = "") -> None:
        if self._err.isatty():
            self._screen(self._err).lines(text, style)
        else:
            self._plain.say(text)

    def _screen(self, stream: TextIO) -> Screen:
        with self._making:
            if stream not in self._screens:
                self._screens[stream] = self._new_screen(stream, self._worded)
            return self._screens[stream]


def _bar(text: str, done: int, total: int, signs: str) -> str:
    filled = _BAR * done // max(total, 1)
    bar = signs[0] * filled + signs[1] * (_BAR - filled)
    return N_("{bar} {done}/{total} {text}", bar=bar, done=done, total=total, text=text)
