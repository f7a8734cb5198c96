"""The two streams: the answer on standard output, everything else on standard error."""

import os
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from textwrap import wrap
from typing import NamedTuple, TextIO

from bokko_cli.errors import AnswerLost, BokkoError, Cancelled
from bokko_cli.model.text import shown_lines
from bokko_cli.model.values import Status
from bokko_cli.output.base import Step

Spin = Callable[[str], AbstractContextManager[Callable[[str], None]]]
_USUAL_WIDTH = 80
_STYLES = {"Error:": "\x1b[1;31m", "Warning:": "\x1b[1;33m"}
_PLAIN_SIGNS = str.maketrans({"·": "-", "…": "...", "→": "->", "←": "<-"})


class StreamVoice(NamedTuple):
    """Says lines and shows answers; nothing that it prints can fail, since it may come after a save.

    `present` and its kin turn an answer into the text that is printed; `spin` shows a spinner.
    """

    out: TextIO
    err: TextIO
    has_color: bool
    present: Callable[[Status], str]
    present_all: Callable[[Sequence[Status]], str]
    present_rows: Callable[[Sequence[Mapping[str, object]]], str]
    spin: Spin | None
    present_refusal: Callable[[BokkoError], str] | None = None
    must_answer: bool = False
    """Whether an answer that cannot be written is a failure: it is all that the command is for."""

    def say(self, text: str = "") -> None:
        """Say lines on standard error, wrapped between words where a terminal would cut them."""
        _write(self.err, self._wrapped(text) + "\n")

    def warn(self, text: str) -> None:
        """Say a warning on standard error."""
        self._say_labelled("Warning:", text)

    def complain(self, error: BokkoError) -> None:
        """Say an error and what to do about it on standard error."""
        self._say_labelled("Error:", f"{error.message}\n{self._arrow()} {error.fix}")

    def refuse(self, error: BokkoError) -> None:
        """Say the error that ends the command; to scripts it is the answer."""
        if self.present_refusal:
            self.answer(self.present_refusal(error))
        elif isinstance(error, Cancelled):
            self.say(error.message)
        else:
            self.complain(error)

    def step(self, step: Step) -> None:
        """Say how a step went."""
        if self.present_refusal is None:
            self.say(f"{step.name}: {step.outcome}")

    @contextmanager
    def counted(self, text: str, total: int) -> Iterator[Callable[[], None]]:  # noqa: ARG002 - no bar yet
        """Say that many things are done."""
        self.say(text)
        yield lambda: None

    def show(self, status: Status) -> None:
        """Print a provider's status on standard output."""
        self.answer(self.present(status))

    def show_all(self, statuses: Sequence[Status]) -> None:
        """Print every provider on one page on standard output."""
        self.answer(self.present_all(statuses))

    def show_rows(self, rows: Sequence[Mapping[str, object]]) -> None:
        """Print a list on standard output."""
        self.answer(self.present_rows(rows))

    def answer(self, text: str) -> None:
        """Print an answer that is text already on standard output; raises AnswerLost where it `must_answer`."""
        failure = _write(self.out, text + "\n")
        if self.must_answer and failure and not isinstance(failure, BrokenPipeError):
            why = failure.strerror if isinstance(failure, OSError) else "the stream is closed"
            raise AnswerLost(f"The answer could not be written: {why}.")

    @contextmanager
    def busy(self, text: str) -> Iterator[Callable[[str], None]]:
        """Show a spinner with words, or say news as lines where there is no screen to animate."""
        if self.spin is None:
            yield self.say
            return
        with self.spin(text) as change:
            yield change

    def _arrow(self) -> str:
        return "→" if is_unicode(self.err) else "->"

    def _say_labelled(self, label: str, text: str) -> None:
        wrapped = self._wrapped(f"{label} {text}").removeprefix(label)
        _write(self.err, (f"{_STYLES[label]}{label}\x1b[0m" if self.has_color else label) + wrapped + "\n")

    def _wrapped(self, text: str) -> str:
        width = width_of(self.err) if self.err.isatty() else 0
        return "\n".join(part for line in shown_lines(text).split("\n") for part in _wrapped(line, width))


def is_unicode(stream: TextIO) -> bool:
    """Whether the stream's encoding has every sign."""
    return "utf" in (stream.encoding or "").lower()


def has_color(stream: TextIO) -> bool:
    """Whether the stream takes colours, by NO_COLOR, FORCE_COLOR, TERM and what it is."""
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR"):
        return True
    # The older Windows console shows the codes as they are: https://github.com/microsoft/terminal
    has_codes = sys.platform != "win32" or bool(os.environ.get("WT_SESSION"))
    return has_codes and stream.isatty() and os.environ.get("TERM") != "dumb"


def width_of(stream: TextIO) -> int:
    """Columns of the terminal behind the stream: COLUMNS, else what the terminal says, else 80."""
    told = os.environ.get("COLUMNS", "")
    if told.isascii() and told.isdigit() and int(told):
        return int(told)
    with suppress(OSError, ValueError):
        return os.get_terminal_size(stream.fileno()).columns or _USUAL_WIDTH
    return _USUAL_WIDTH


def _wrapped(line: str, width: int) -> list[str]:
    if len(line) <= width or not width:
        return [line]
    indent = " " * (len(line) - len(line.lstrip()))
    room = max(width - len(indent), 20)
    parts = wrap(line.strip(), room, break_long_words=False, break_on_hyphens=False)
    return [indent + part for part in parts]


def _in_encoding_of(stream: TextIO, text: str) -> str:
    """Return text with our own signs spelled out where the stream's encoding lacks some of its letters."""
    try:
        text.encode(stream.encoding or "utf-8")
    except (UnicodeEncodeError, LookupError):
        return text.translate(_PLAIN_SIGNS)
    return text


def _write(stream: TextIO, text: str) -> OSError | ValueError | None:
    """Write and return what went wrong; after a save nobody minds a closed pipe or a full disk behind a stream."""
    try:
        stream.write(_in_encoding_of(stream, text))
        stream.flush()
    except (OSError, ValueError) as failure:
        _silence(stream)
        return failure
    return None


def _silence(stream: TextIO) -> None:
    """Point a broken stream at nothing, or the interpreter would complain of it at its end."""
    with suppress(OSError, ValueError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, stream.fileno())
        os.close(nowhere)
