"""Lists in columns, as `blocks` and `accounts` print them for people; pure.

Drawn here and not by rich, as the frame of a panel is: its table takes three seconds over ten thousand rows.
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import zip_longest

from rich.cells import cell_len

from bokko_cli.model.text import shown
from bokko_cli.output.line import Look, Styled, painted, wrapped

_GAP = "   "
_NARROWEST = 4


def in_columns(rows: Sequence[Mapping[str, object]], look: Look) -> str:
    """Return a list drawn, a column for each key of the rows; what is too wide goes on in the next line."""
    if not rows:
        return "(none)"
    cells = [[name.upper() for name in rows[0]], *([_words(value) for value in row.values()] for row in rows)]
    widths = _widths(cells, look.width)
    head, *body = ["\n".join(_lines(row, widths)) for row in cells]
    return "\n".join([painted([Styled(head, "bold")], look), *body])


def _words(value: object) -> str:
    return "" if value is None else shown(str(value))


def _widths(cells: Sequence[Sequence[str]], width: int) -> list[int]:
    """Return the width of each column; where they do not fit together, the widest give way."""
    widths = [max(map(cell_len, column)) for column in zip(*cells, strict=True)]
    room = width - len(_GAP) * (len(widths) - 1)
    while sum(widths) > room and max(widths) > _NARROWEST:
        widths[widths.index(max(widths))] -= 1
    return widths


def _lines(row: Sequence[str], widths: Sequence[int]) -> Iterator[str]:
    columns = [_folded(text, width) for text, width in zip(row, widths, strict=True)]
    for parts in zip_longest(*columns, fillvalue=""):
        padded = (part + " " * (width - cell_len(part)) for part, width in zip(parts, widths, strict=True))
        yield _GAP.join(padded).rstrip()


def _folded(text: str, width: int) -> list[str]:
    if cell_len(text) <= width:
        return [text]
    return ["".join(span.text for span in line) for line in wrapped([Styled(text)], width)]
