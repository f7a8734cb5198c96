"""What people read, drawn by rich: one console for a stream, which knows its width, its colours and its letters.

All text is `Text`, never markup: it may be a stranger's.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from datetime import date
from typing import TextIO

from rich.console import Console, ConsoleDimensions, Group, RenderableType
from rich.panel import Panel
from rich.rule import Rule
from rich.text import Text

from bokko_cli.model.text import shown_lines
from bokko_cli.model.wording import N_
from bokko_cli.output import base
from bokko_cli.output.layout import INDENT, Unglued, broken, entry, glued, unglued, widest_to_copy
from bokko_cli.output.page import Entry, Page, Paragraph
from bokko_cli.output.plain import cell, in_encoding_of
from bokko_cli.output.spinner import spinner
from bokko_cli.output.streams import USUAL_COLUMNS, columns, wants_color
from bokko_cli.output.tables import tables

_ROWS = 25
"""Rows, which nothing drawn here depends on: told none, the library fails of a LINES or COLUMNS that is no number."""
_NARROWEST = 20
_WIDEST = 100
_FRAME = 4
"""Columns that a frame takes."""
_NARROWEST_BESIDE = 44
"""Below this width a value stands under its label."""
_LABEL_AT_MOST = 28


class _Measured(Console):
    """A console that is as wide as its terminal is now: a person may make it wider or narrower."""

    @property  # type: ignore[misc]  # nothing sets it
    def size(self) -> ConsoleDimensions:
        """How many columns and rows there are."""
        return ConsoleDimensions(max(columns(self.file), _NARROWEST), _ROWS)


class DrawnScreen:
    """Draws on one stream; `worded` puts texts into the reader's language."""

    def __init__(self, stream: TextIO, worded: Callable[[str], str]) -> None:
        self._stream = stream
        self._worded = worded
        color = wants_color(stream)
        self.console = _Measured(
            file=stream,
            width=USUAL_COLUMNS,
            height=_ROWS,
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
        console = self.console
        whole = self.text(text)
        if style:
            whole.stylize(style, 0, whole.plain.find(":") + 1)
        for line in broken(console, whole, console.width, has_cells=True):
            console.print(Unglued(line), overflow="ignore", no_wrap=True, crop=False)

    def page(self, page: Page) -> None:
        """Print a page in a frame, or between two lines where a command fits into none: it is there to be copied."""
        console = self.console
        title = self.text(page.title)
        widest = max((self._widest(part) for part in page.content), default=0)
        width = min(console.width, max(_WIDEST, widest + _FRAME))
        has_frame = widest + _FRAME <= width
        room = width - _FRAME if has_frame else width
        content = list(self._drawn(page.content, room, folds=has_frame))
        if title.cell_len > width - _FRAME - 2:
            content[:0] = broken(console, title, room, folds=True)
            title = Text()
        if has_frame:
            drawn: RenderableType = Panel(Group(*content), title=title or None, title_align="left", width=width)
        else:
            drawn = Group(Rule(title, align="left", style=""), *content, Rule(style=""))
        console.print(Unglued(drawn), width=width, crop=False)

    def table(self, rows: Sequence[base.TableRow]) -> None:
        """Print a list."""
        console = self.console
        told = [{self._cell(name.upper()): self._cell(value) for name, value in row.items()} for row in rows]
        for piece in tables(told, console):
            console.print(Unglued(piece), crop=False)

    def text(self, words: str | date, style: str = "") -> Text:
        """Return words as they are drawn: translated, harmless, in letters of the stream."""
        told = self._worded(words if isinstance(words, str) else N_("{when}", when=words))
        return Text(in_encoding_of(self._stream, shown_lines(glued(told))), style, overflow="fold")

    def spinner(self, text: str) -> AbstractContextManager[Callable[[str], None]]:
        """Turn a spinner beside words, until the block ends."""
        return spinner(self.console, text, lambda news: Text(unglued(self.text(news).plain)))

    def _cell(self, value: object) -> str:
        return in_encoding_of(self._stream, cell(glued(value) if isinstance(value, str) else value))

    def _drawn(self, content: Sequence[Entry | Paragraph], room: int, *, folds: bool) -> Iterator[RenderableType]:
        labels = self._label_width(content, room) if self.console.width >= _NARROWEST_BESIDE else room
        for part in content:
            if isinstance(part, Paragraph):
                yield from broken(self.console, self._paragraph(part), room, folds=folds)
            else:
                label, value = (self.text(*styled) for styled in part)
                yield from entry(self.console, label, value, labels, room, folds=folds)

    def _paragraph(self, part: Paragraph) -> Text:
        set_in = Text(" " * part.indent)
        begin = self.text(*part.label).append(" ") if part.label else set_in
        first, *more = self.text(*part.words).split("\n", allow_blank=True)
        return Text("\n").join([Text.assemble(begin, first), *(Text.assemble(set_in, line) for line in more)])

    def _widest(self, part: Entry | Paragraph) -> int:
        """Return the columns that a part needs: a value is set in below its label, a fix behind its sign."""
        words = part.value if isinstance(part, Entry) else part.words
        indent = INDENT if isinstance(part, Entry) else part.indent + INDENT
        return widest_to_copy(self.text(words.text).plain) + indent

    def _label_width(self, content: Sequence[Entry | Paragraph], room: int) -> int:
        longest = max((self.text(part.label.text).cell_len for part in content if isinstance(part, Entry)), default=0)
        return min(longest, _LABEL_AT_MOST, max(room * 9 // 20, 8))
