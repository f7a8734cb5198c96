"""rich's consoles: answers as text for a stream, and the spinner."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TextIO

from rich.console import Console, RenderableType
from rich.text import Text

from bokko_cli.model import Status
from bokko_cli.render import PLAIN_GLYPHS, Glyphs, panel, rows_grid
from bokko_cli.table import Table


def status_text(stream: TextIO, status: Status, table: Table, active_title: str, *, is_sandbox: bool) -> str:
    """Return the panel as it is printed on the stream: its width, its colours, the signs that its encoding has."""
    glyphs = Glyphs() if _is_unicode(stream) else PLAIN_GLYPHS
    return _text(stream, panel(status, table, active_title, glyphs, is_sandbox=is_sandbox))


def rows_text(stream: TextIO, rows: Sequence[Mapping[str, object]]) -> str:
    """Return a list as it is printed on the stream."""
    return _text(stream, rows_grid(rows)) if rows else "(none)"


@contextmanager
def spinner(stream: TextIO, text: str) -> Iterator[Callable[[str], None]]:
    """Turn a spinner beside words until the block ends; the function handed out changes the words."""
    console = _console(stream)
    with console.status(Text(text), spinner="dots" if _is_unicode(stream) else "line") as status:
        yield lambda news: status.update(Text(news))


def _text(stream: TextIO, renderable: RenderableType) -> str:
    console = _console(stream)
    with console.capture() as captured:
        console.print(renderable)
    return captured.get().rstrip("\n")


def _console(stream: TextIO) -> Console:
    return Console(file=stream, emoji=False, markup=False, highlight=False, legacy_windows=False)


def _is_unicode(stream: TextIO) -> bool:
    return "utf" in (stream.encoding or "").lower()
