"""Where lines break: between words, indented below their beginning, and never inside a command, address or number."""

import re
from collections.abc import Iterator

from rich.cells import cell_len
from rich.console import Console, ConsoleOptions, RenderableType, RenderResult
from rich.table import Table
from rich.text import Text

from bokko_cli.model.wording import NO_BREAK, WHOLE_BLANK

_GLUE = "\ufdd0"
_JOINT = "\ufdd1"
"""Stand for a blank that a line may not break at: rich breaks at every blank that Unicode has. No text has them."""
_BEFORE_FIGURES = re.compile(r"(?<=\d) (?=\d)|(?<=\bid) (?=\d)")
_HEAD = re.compile(r" *(?:[✓✗●!·→←+xo-]|->) +(?=\S)")
"""A sign that a line begins with, what stands behind it is set in."""
_CELL = re.compile(r" *\S+(?: \S+)* {2,}(?=\S)")
"""The first cell of a line that stands in columns."""
INDENT = 2
"""Blanks that a value is set in by below its label, and a cell below the one before."""
_GAP = 2
_NARROWEST_SET_IN = 30
"""Below that no column is given away beside a sign."""


def glued(text: str) -> str:
    """Return text with those blanks marked that no line may break at: in a command, a number, a time."""
    return _BEFORE_FIGURES.sub(_JOINT, text.replace(NO_BREAK, _JOINT)).replace(WHOLE_BLANK, _GLUE)


def unglued(text: str) -> str:
    """Return text with plain blanks again."""
    return text.replace(_GLUE, " ").replace(_JOINT, " ")


def widest_to_copy(text: str) -> int:
    """Return the columns that the widest command in a text takes."""
    return max((cell_len(word) for word in text.split() if _GLUE in word), default=0)


def broken(console: Console, text: Text, room: int, *, folds: bool = False, has_cells: bool = False) -> Iterator[Text]:
    """Yield a text as lines for so many columns; a word that is wider stands over the edge, whole, unless it folds.

    Cells are what two blanks or more are between; without room for that they stand one below the other.
    """
    text.overflow = "fold" if folds else "ignore"  # as an argument it would mean not to wrap at all
    for line in text.split("\n", allow_blank=True):
        for part in _parts(console, line, room, has_cells=has_cells):
            part.rstrip()
            part.no_wrap, part.overflow = True, "ignore"
            yield part


def entry(
    console: Console, label: Text, value: Text, labels: int, room: int, *, folds: bool = True
) -> Iterator[RenderableType]:
    """Yield a label and its value beside it, or below where the value would break in the middle of a word."""
    values = room - labels - _GAP
    if _widest(value.plain) > values:
        yield from broken(console, label, room, folds=True) if label else ()
        yield from (_indented(line) for line in broken(console, value, room - INDENT, folds=folds))
        return
    beside = Table.grid(padding=(0, _GAP, 0, 0))
    beside.add_column(width=labels, overflow="fold")
    beside.add_column(width=values, overflow="fold")
    beside.add_row(label, value)
    yield beside


def _indented(line: Text) -> Text:
    return Text(" " * INDENT, no_wrap=True, overflow="ignore").append_text(line)


def _widest(text: str) -> int:
    return max(map(cell_len, text.split()), default=0)


def _parts(console: Console, line: Text, room: int, *, has_cells: bool) -> Iterator[Text]:
    head = _HEAD.match(line.plain) if room >= _NARROWEST_SET_IN else None
    cell = _CELL.match(line.plain) if has_cells and not head else None
    if cell_len(line.plain) <= room:
        yield line
    elif head:
        yield from _set_in(console, line, head.end(), head.end(), room)
    elif cell and cell.end() + max(_widest(line.plain[cell.end() :]), room // 2) <= room:
        yield from _set_in(console, line, cell.end(), cell.end(), room)
    elif cell:
        yield line[: cell.end()]
        yield from _set_in(console, line[cell.end() :], 0, _indent(line) + INDENT, room)
    else:
        yield from _set_in(console, line, _indent(line), _indent(line), room)


def _set_in(console: Console, line: Text, start: int, indent: int, room: int) -> Iterator[Text]:
    """Yield a line broken behind its start, which stands in the room that all its other lines are set in by."""
    beginning, rest = line[:start] if start else Text(" " * indent), line[start:]
    room = max(room - indent, 1)
    _fit(rest, room)
    for part in rest.wrap(console, room):
        yield beginning.append_text(part)
        beginning = Text(" " * indent)


def _fit(text: Text, room: int) -> None:
    """Give its blanks back to a number or a time that no line has room for, and keep a sign beside its word."""
    words = [word if cell_len(word) <= room else word.replace(_JOINT, " ") for word in text.plain.split(" ")]
    text.plain = " ".join(words)
    if _HEAD.match(text.plain) and not room - len(words[0]) <= cell_len(words[1]) <= room:
        text.plain = text.plain.replace(" ", _GLUE, 1)


def _indent(line: Text) -> int:
    return len(line.plain) - len(line.plain.lstrip(" "))


class Unglued:
    """Draws something with the blanks put back that no line broke at."""

    def __init__(self, inner: RenderableType) -> None:
        self._inner = inner

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        for segment in console.render(self._inner, options):
            yield segment._replace(text=unglued(segment.text))
