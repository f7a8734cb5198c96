"""rich's consoles: answers as text for a stream, and the spinner."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TextIO

from rich.console import Console, RenderableType
from rich.text import Text

from bokko_cli.model import Status
from bokko_cli.render import PLAIN_GLYPHS, Glyphs, integrations_page, panel, rows_grid
from bokko_cli.table import Table


def status_text(
    stream: TextIO,
    status: Status,
    table: Table,
    active_title: str,
    *,
    is_sandbox: bool,
    addressed: Callable[[str], str] = str,
) -> str:
    """Return the panel as it is printed on the stream: its width, its colours, the signs that its encoding has."""
    shape = panel(status, table, active_title, _glyphs(stream), is_sandbox=is_sandbox, addressed=addressed)
    return _text(stream, shape)


def integrations_text(
    stream: TextIO,
    statuses: Sequence[Status],
    tables: Mapping[str, Table],
    *,
    is_sandbox: bool,
    addressed: Callable[[str], str],
) -> str:
    """Return the page of all providers as it is printed on the stream."""
    page = integrations_page(statuses, tables, _glyphs(stream), is_sandbox=is_sandbox, addressed=addressed)
    return _text(stream, page)


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


def _glyphs(stream: TextIO) -> Glyphs:
    return Glyphs() if _is_unicode(stream) else PLAIN_GLYPHS


def _is_unicode(stream: TextIO) -> bool:
    return "utf" in (stream.encoding or "").lower()
