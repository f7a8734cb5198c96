"""rich's console: lists in columns, and the spinner."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TextIO

from rich.console import Console
from rich.table import Table as Grid
from rich.text import Text

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
    console = _console(stream)
    with console.capture() as captured:
        console.print(grid)
    return captured.get().rstrip("\n")


@contextmanager
def spinner(stream: TextIO, text: str, *, is_unicode: bool) -> Iterator[Callable[[str], None]]:
    """Turn a spinner beside words until the block ends; the function handed out changes the words."""
    with _console(stream).status(Text(text), spinner="dots" if is_unicode else "line") as status:
        yield lambda news: status.update(Text(news))


def _console(stream: TextIO) -> Console:
    return Console(file=stream, emoji=False, markup=False, highlight=False, legacy_windows=False)
