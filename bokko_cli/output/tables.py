"""Lists as rich's tables."""

from collections.abc import Iterator, Mapping, Sequence

from rich.cells import cell_len
from rich.console import Console, Group, RenderableType
from rich.table import Table
from rich.text import Text

from bokko_cli.output.layout import entry

_GAP = 3
_LONGEST_WHOLE = 34
"""An account number; of longer words a column breaks one that takes more than half of the width."""
_ROWS_AT_ONCE = 500
"""A list is drawn in pieces: the first of ten thousand rows stand there at once."""


def tables(rows: Sequence[Mapping[str, str]], console: Console) -> Iterator[RenderableType]:
    """Draw a list, a column for each key of its rows; without room for that, each row as labels and values."""
    names = list(rows[0])
    cells = [list(row.values()) for row in rows]
    widths = _widths([names, *cells], console.width)
    for start in range(0, len(cells), _ROWS_AT_ONCE):
        piece = cells[start : start + _ROWS_AT_ONCE]
        yield _beside(names, widths, piece, has_head=not start) if widths else _below(names, piece, console)


def _beside(names: Sequence[str], widths: Sequence[int], cells: Sequence[Sequence[str]], *, has_head: bool) -> Table:
    table = Table(box=None, padding=0, pad_edge=False, show_header=has_head, header_style="bold")
    for name, width in zip(names, widths, strict=True):
        table.add_column(Text(name), width=width, overflow="fold")
        table.add_column(width=_GAP)
    table.columns.pop()
    for row in cells:
        table.add_row(*[part for words in row for part in (Text(words), None)][:-1])
    return table


def _below(names: Sequence[str], cells: Sequence[Sequence[str]], console: Console) -> Group:
    labels = max(map(cell_len, names))
    parts: list[RenderableType] = []
    for row in cells:
        for name, words in zip(names, row, strict=True):
            parts += entry(console, Text(name, "bold"), Text(words), labels, console.width)
        parts.append("")
    return Group(*parts)


def _widths(cells: Sequence[Sequence[str]], width: int) -> list[int]:
    """Return the width of each column, none where they do not fit together; the widest give way, but break no word."""
    columns = list(zip(*cells, strict=True))
    widths = [max(map(cell_len, column)) for column in columns]
    least = [max(cell_len(word) for words in column for word in words.split() or [""]) for column in columns]
    least = [min(need, max(_LONGEST_WHOLE, width // 2)) for need in least]
    room = width - _GAP * (len(widths) - 1)
    while sum(widths) > room:
        spare = [have if have > need else 0 for have, need in zip(widths, least, strict=True)]
        if not any(spare):
            return []
        widths[spare.index(max(spare))] -= 1
    return widths
