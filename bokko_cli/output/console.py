"""What people read, drawn by rich: one console for a stream, which knows its width, its colours and its letters.

All text is `Text`, never markup: it may be a stranger's.
"""

import os
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, suppress
from datetime import date
from typing import TextIO

from rich.cells import cell_len
from rich.console import Console, ConsoleOptions, Group, RenderableType, RenderResult
from rich.padding import Padding
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from bokko_cli.model.text import shown_lines
from bokko_cli.model.wording import N_
from bokko_cli.output import base
from bokko_cli.output.page import Entry, Page, Paragraph, Styled
from bokko_cli.output.plain import in_encoding_of
from bokko_cli.output.spinner import spinner
from bokko_cli.output.streams import wants_color
from bokko_cli.output.tables import tables

_USUAL_WIDTH = 80
_NARROWEST = 20
_WIDEST = 100
_NARROWEST_BESIDE = 44
"""Below this width a value stands under its label."""
_LABEL_AT_MOST = 28
_GAP = 2
_JOINT = "\ufdd0"
"""Stands for a blank that a line may not break at: rich breaks at every blank that Unicode has. No text has it."""
_BEFORE_FIGURES = re.compile(r"(?<=\d) (?=\d)|(?<=\bid) (?=\d)")


class Screen:
    """Draws on one stream; `worded` puts texts into the reader's language."""

    def __init__(self, stream: TextIO, worded: Callable[[str], str]) -> None:
        self._stream = stream
        self._worded = worded
        color = wants_color(stream)
        self.console = Console(
            file=stream,
            width=max(_width_of(stream), _NARROWEST),
            force_terminal=color or stream.isatty(),
            color_system="standard" if color else None if color is False else "auto",
            emoji=False,
            markup=False,
            highlight=False,
        )

    def lines(self, text: str, style: str = "") -> None:
        """Print lines, wrapped between words and never inside one: it may be a command or an address.

        A style is that of the label, which ends at the first colon.
        """
        whole = self._joined(Styled(text), self.console.width)
        if style:
            whole.stylize(style, 0, whole.plain.find(":") + 1)
        for line in whole.split("\n", allow_blank=True):
            for part in self._wrapped(line):
                self._print(part)

    def page(self, page: Page) -> None:
        """Print a page in a frame."""
        width = min(self.console.width, _WIDEST)
        room = width - 4
        title = self.text(page.title)
        content = list(self._drawn(page.content, room))
        if title.cell_len > room - 2:
            content.insert(0, title)
        has_title = title.cell_len <= room - 2
        frame = Panel(Group(*content), title=title if has_title else None, title_align="left", width=width)
        self.console.print(_Unjoined(frame), width=width, crop=False)

    def table(self, rows: Sequence[base.TableRow]) -> None:
        """Print a list."""
        for piece in tables(rows, self.console.width):
            self.console.print(piece, crop=False)

    def text(self, words: str | date, style: str = "") -> Text:
        """Return words as they are drawn: translated, harmless, in letters of the stream."""
        told = self._worded(words if isinstance(words, str) else N_("{when}", when=words))
        clean = in_encoding_of(self._stream, shown_lines(told.replace("\xa0", _JOINT)))
        return Text(clean, style, overflow="fold")

    def _joined(self, styled: Styled, room: int) -> Text:
        """Return the same with the figures of a number or a time kept together, where they fit into one line."""
        text = self.text(styled.text, styled.style)
        words = _BEFORE_FIGURES.sub(_JOINT, text.plain).split(" ")
        text.plain = " ".join(word if cell_len(word) <= room else word.replace(_JOINT, " ") for word in words)
        return text

    def spinner(self, text: str) -> AbstractContextManager[Callable[[str], None]]:
        """Turn a spinner beside words, until the block ends."""
        return spinner(self.console, text, lambda news: Text(self.text(news).plain.replace(_JOINT, " ")))

    def _wrapped(self, line: Text) -> Iterator[Text]:
        indent = len(line.plain) - len(line.plain.lstrip())
        room = max(self.console.width - indent, 1)
        rest = line[indent:]
        rest.overflow = "ignore"  # as an argument it would mean not to wrap at all
        parts = rest.wrap(self.console, room) if rest.plain.strip() else [Text()]
        yield from (Text(" " * indent).append_text(part) for part in parts)

    def _print(self, line: Text) -> None:
        line.rstrip()
        self.console.print(_Unjoined(line), overflow="ignore", no_wrap=True, crop=False)

    def _drawn(self, content: Sequence[Entry | Paragraph], room: int) -> Iterator[RenderableType]:
        labels = self._label_width(content, room)
        for part in content:
            if isinstance(part, Paragraph):
                yield from self._paragraph(part, room)
            elif room + 4 < _NARROWEST_BESIDE:
                yield self._joined(part.label, room)
                yield Padding(self._joined(part.value, room - _GAP), (0, 0, 0, _GAP))
            else:
                values = room - labels - _GAP
                beside = Table.grid(padding=(0, _GAP, 0, 0))
                beside.add_column(width=labels, overflow="fold")
                beside.add_column(width=values, overflow="fold")
                beside.add_row(self._joined(part.label, labels), self._joined(part.value, values))
                yield beside

    def _paragraph(self, part: Paragraph, room: int) -> Iterator[RenderableType]:
        first, *more = self._joined(part.words, room - part.indent).split("\n", allow_blank=True)
        if part.label:
            yield self._joined(part.label, room).append(" ").append_text(first)
        else:
            yield Padding(first, (0, 0, 0, part.indent))
        yield from (Padding(line, (0, 0, 0, part.indent)) for line in more)

    def _label_width(self, content: Sequence[Entry | Paragraph], room: int) -> int:
        longest = max((self.text(part.label.text).cell_len for part in content if isinstance(part, Entry)), default=0)
        return min(longest, _LABEL_AT_MOST, max(room * 9 // 20, 8))


class _Unjoined:
    """Draws something with the blanks put back that no line broke at."""

    def __init__(self, inner: RenderableType) -> None:
        self._inner = inner

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        for segment in console.render(self._inner, options):
            yield segment._replace(text=segment.text.replace(_JOINT, " "))


def _width_of(stream: TextIO) -> int:
    """Columns to draw on: COLUMNS, else those of the terminal behind the stream, else 80."""
    told = os.environ.get("COLUMNS", "")
    if told.isascii() and told.isdigit() and int(told):
        return int(told)
    with suppress(OSError, ValueError):
        return os.get_terminal_size(stream.fileno()).columns or _USUAL_WIDTH
    return _USUAL_WIDTH
