"""What goes into a pipe, and beside JSON: plain lines, without anything that draws."""

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from typing import TextIO

from bokko_cli.errors import AnswerLost, BokkoError
from bokko_cli.model.system_errors import reason_of
from bokko_cli.model.text import shown, shown_lines
from bokko_cli.model.wording import N_, Sentence, lines
from bokko_cli.output.base import TableRow
from bokko_cli.output.streams import write_failure

Worded = Callable[[str], str]
"""Takes a text as the program has it; returns it as it is read."""
_PLAIN_SIGNS = {
    "·": "-",
    "…": "...",
    "→": "->",
    "←": "<-",
    "✓": "+",
    "✗": "x",
    "●": "o",
    "»": ">",
    "━": "#",
    "╌": "-",
    **dict.fromkeys(("„", "“", "”"), '"'),
    **dict.fromkeys(("\N{LEFT SINGLE QUOTATION MARK}", "\N{RIGHT SINGLE QUOTATION MARK}"), "'"),
    **dict.fromkeys(("\N{EN DASH}", "\N{EM DASH}"), "-"),
}
_FIGURES = re.compile(r"[\d.,]+")


class PlainLines:
    """Says lines on a stream, harmless whatever stands in them."""

    def __init__(self, stream: TextIO, worded: Worded = str) -> None:
        self._stream = stream
        self._worded = worded

    def say(self, text: str = "") -> None:
        """Say lines."""
        self._stream.write(in_encoding_of(self._stream, shown_lines(self._worded(text))) + "\n")
        self._stream.flush()

    def warn(self, text: str) -> None:
        """Say a warning."""
        self.say(warning(text))

    def report(self, error: BokkoError) -> None:
        """Say an error and what to do about it."""
        self.say(error_lines(error))

    def news(self) -> Callable[[str], None]:
        """Return what says news, those that differ in figures only once."""
        return once(self.say)


def once(say: Callable[[str], None]) -> Callable[[str], None]:
    """Return what says news, those that differ in figures only once: nine retries are one line in a log."""
    told: set[str] = set()

    def tell(text: str) -> None:
        kind = _FIGURES.sub("", text)
        if kind not in told:
            told.add(kind)
            say(text)

    return tell


class AnswerStream:
    """Gives the answer of a command on a stream; raises AnswerLost where it must arrive and does not."""

    def __init__(self, stream: TextIO, *, must_answer: bool) -> None:
        self.stream = stream
        self._must_answer = must_answer

    def give(self, text: str) -> None:
        """Print an answer that is text already."""
        self.put(text)
        self.check()

    def put(self, text: str) -> None:
        """Print it, whether it arrives or not."""
        if text:
            self.stream.write(text + "\n")

    def check(self) -> None:
        """Raise AnswerLost if what was printed did not arrive, but must."""
        if not self._must_answer:
            self.stream.flush()  # what is said beside it comes after it; whether it arrived is asked at the end
        elif failure := write_failure(self.stream):
            raise AnswerLost(N_("The output could not be written: {reason}.", reason=reason_of(failure)))


def warning(text: str) -> str:
    """Return a warning with its label."""
    return N_("Warning: {text}", text=text)


def error_lines(error: BokkoError) -> str:
    """Return an error with its label, and below it what to do."""
    fixes = (isinstance(error.fix, Sentence) and error.fix.parts) or (error.fix,)
    return lines(N_("Error: {text}", text=error.message), *(N_("→ {fix}", fix=fix) for fix in fixes))


def in_lines(rows: Sequence[TableRow]) -> str:
    """Return a list as programs read it: a row a line, its fields with tabs between, and no heading."""
    return "\n".join("\t".join(cell(value) for value in row.values()) for row in rows)


def cell(value: object) -> str:
    """Return a field of a row as a list shows it: of one line, harmless, empty where there is none."""
    if isinstance(value, Mapping):
        return ",".join(f"{shown(str(name))}={cell(part)}" for name, part in value.items())
    if value is None or isinstance(value, bool):
        return {None: "", True: "true", False: "false"}[value]
    return shown(str(value))


def in_encoding_of(stream: TextIO, text: str) -> str:
    """Return text in letters that the stream's encoding has: our own signs spelled out, others without their accents.

    A letter that nothing stands for stays as it is, and what no text has does too: it may mean something on the way.
    """
    encoding = stream.encoding or "utf-8"
    if _fits(encoding, text):
        return text
    return "".join(_spelled(encoding, letter) for letter in unicodedata.normalize("NFC", text))


def _spelled(encoding: str, letter: str) -> str:
    if _fits(encoding, letter):
        return letter
    bare = "".join(part for part in unicodedata.normalize("NFKD", letter) if not unicodedata.combining(part))
    spelled = _PLAIN_SIGNS.get(letter, bare)
    return spelled if _fits(encoding, spelled) else letter


def _fits(encoding: str, text: str) -> bool:
    try:
        text.encode(encoding)
    except (UnicodeEncodeError, LookupError):
        return False
    return True
