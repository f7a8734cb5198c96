"""Lists in columns, as `blocks` and `accounts` print them for people."""

from collections.abc import Mapping, Sequence
from typing import TextIO

from rich.table import Table as Grid
from rich.text import Text

from bokko_cli.console import console_on
from bokko_cli.text import shown


def rows_text(stream: TextIO, rows: Sequence[Mapping[str, object]]) -> str:
    """Return a list as it is printed on the stream: a column for each key of the rows."""
    if not rows:
        return "(none)"
    grid = Grid(box=None, padding=(0, 3, 0, 0), pad_edge=False)
    for name in rows[0]:
        grid.add_column(Text(name.upper()), overflow="fold")
    for row in rows:
        grid.add_row(*(Text(shown(str(value)) if value is not None else "") for value in row.values()))
    console = console_on(stream)
    with console.capture() as captured:
        console.print(grid)
    return captured.get().rstrip("\n")
