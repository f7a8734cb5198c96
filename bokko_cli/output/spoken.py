"""What people read or hear in plain lines: no frame, no columns, no escape sequence; each line says what it is."""

import os
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import date
from typing import TextIO

from bokko_cli.model.width import wrapped
from bokko_cli.model.wording import N_
from bokko_cli.output.base import TableRow
from bokko_cli.output.page import Entry, Page, Paragraph, Styled
from bokko_cli.output.plain import PlainLines, cell, once

_NARROWEST = 20
_USUAL_WIDTH = 80
_SIGN = re.compile(r"^(\s*)[✓✗●!] ")
_FIX = re.compile(r"(?P<indent>\s*)→ (?P<fix>.+)")


class SpokenScreen:
    """Prints on one stream whatever the drawing screen draws; `worded` puts texts into the reader's language."""

    def __init__(self, stream: TextIO, worded: Callable[[str], str]) -> None:
        self._stream = stream
        self._worded = worded
        self._plain = PlainLines(stream)

    def lines(self, text: str, style: str = "") -> None:
        """Print lines; their style says nothing that the words do not."""
        _ = style
        for line in self._worded(text).split("\n"):
            self._print(self._in_words(line))

    def page(self, page: Page) -> None:
        """Print the words on the frame's edge, then each row as its label and its value."""
        self._print(self._worded(page.title))
        for part in page.content:
            self._print(self._row(part) if isinstance(part, Entry) else self._paragraph(part))

    def table(self, rows: Sequence[TableRow]) -> None:
        """Print a line for each row of a list, with the names of its fields."""
        for row in rows:
            self._print("; ".join(f"{name}: {cell(value)}" for name, value in row.items()))

    @contextmanager
    def spinner(self, text: str) -> Iterator[Callable[[str], None]]:
        """Print the words as a line, and news as further lines."""
        tell = once(self.lines)
        tell(text)
        yield tell

    def _row(self, row: Entry) -> str:
        label, value = self._text(row.label), self._text(row.value)
        if label and not row.value.style:
            return f"{label}: {value}"  # a value as it is: it may begin with a sign of its own
        return f"{label}: {self._in_words(value)}" if label else self._in_words(value)

    def _paragraph(self, part: Paragraph) -> str:
        words = self._text(part.words)
        return f"{self._in_words(self._text(part.label))} {words}" if part.label else self._in_words(words)

    def _text(self, styled: Styled) -> str:
        words: str | date = styled.text
        return self._worded(words if isinstance(words, str) else N_("{when}", when=words))

    def _in_words(self, line: str) -> str:
        """Return a line without the sign that it begins with: what the sign says stands behind it in words."""
        found = _FIX.fullmatch(line)
        if found:
            return found["indent"] + self._worded(N_("What to do: {fix}", fix=found["fix"]))
        return _SIGN.sub(r"\1", line)

    def _print(self, text: str) -> None:
        for line in text.split("\n"):
            indent = line[: len(line) - len(line.lstrip(" "))]
            room = max(self._width(), _NARROWEST) - len(indent)
            for part in wrapped(line.strip(), room, breaks_words=False):
                self._plain.say(indent + part)

    def _width(self) -> int:
        with suppress(OSError, ValueError):
            return os.get_terminal_size(self._stream.fileno()).columns or _USUAL_WIDTH
        return _USUAL_WIDTH
