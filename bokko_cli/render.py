"""What people read: the readiness panel and lists; pure."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from rich.box import ROUNDED
from rich.console import Group, RenderableType
from rich.panel import Panel
from rich.table import Table as Grid
from rich.text import Text

from bokko_cli.endpoint import is_loopback
from bokko_cli.model import Connection, Problem, Status
from bokko_cli.table import Section, Table, words
from bokko_cli.text import shown, shown_lines

_STYLES = {"ready": "green", "attention": "red", "inactive": "yellow", "not_connected": "default"}
_STORAGES = {"keyring": "system keyring", "file": "file", "env": "environment variable, not stored"}


@dataclass(frozen=True, slots=True)
class Glyphs:
    """Signs beside the words; plain ones where the stream's encoding has no others."""

    good: str = "✓"
    bad: str = "✗"
    notice: str = "!"
    off: str = "●"
    arrow: str = "→"


PLAIN_GLYPHS = Glyphs(good="+", bad="x", notice="!", off="o", arrow="->")


def panel(
    status: Status,
    table: Table,
    active_title: str,
    glyphs: Glyphs,
    *,
    is_sandbox: bool,
    addressed: Callable[[str], str] = str,
) -> RenderableType:
    """Return the readiness panel; `active_title` is the active provider's name for people, empty if none is.

    `addressed` adds to a command the options that it must repeat.
    """
    grid = Grid.grid(padding=(0, 2, 0, 0))
    grid.add_column(overflow="fold", max_width=24)
    grid.add_column(overflow="fold", ratio=1)
    for name, value in _rows(status, table, active_title, glyphs, is_sandbox=is_sandbox):
        grid.add_row(Text(name, style="bold"), value)
    if status.state in _NEXT_STEPS:
        grid.add_row(Text("Next step", style="bold"), Text(addressed(_next_step(status))))
    parts: list[RenderableType] = [grid]
    for problem in status.problems:
        parts += [Text(), _problem(problem, glyphs)]
    title = f"{table.title} · sandbox" if is_sandbox else table.title
    return Panel(Group(*parts), title=Text(title), title_align="left", box=ROUNDED, style="none", padding=(0, 1))


def integrations_page(
    statuses: Sequence[Status],
    tables: Mapping[str, Table],
    glyphs: Glyphs,
    *,
    is_sandbox: bool,
    addressed: Callable[[str], str],
) -> RenderableType:
    """Return every provider on one page: its state, since when, and the next step."""
    parts: list[RenderableType] = []
    for status in statuses:
        table = tables[status.provider]
        active = _title(tables, status.active_provider)
        grid = Grid.grid(padding=(0, 2, 0, 0))
        grid.add_column(overflow="fold", min_width=12)
        grid.add_column(overflow="fold", ratio=1)
        grid.add_row(Text(table.title, style="bold"), _state(status, active, glyphs))
        if status.connection:
            grid.add_row("", Text(f"Connected on {_local(status.connection.connected_at)}"))
        grid.add_row("", Text(addressed(_next_step(status))))
        parts += [Text(), grid] if parts else [grid]
    title = "Integrations · sandbox" if is_sandbox else "Integrations"
    return Panel(Group(*parts), title=Text(title), title_align="left", box=ROUNDED, style="none", padding=(0, 1))


def _title(tables: Mapping[str, Table], provider: str | None) -> str:
    return tables[provider].title if provider and provider in tables else provider or ""


_NEXT_STEPS = {"not_connected": "connect", "inactive": "activate"}


def _next_step(status: Status) -> str:
    return f"bokko {status.provider} {_NEXT_STEPS.get(status.state, 'status')}"


def rows_grid(rows: Sequence[Mapping[str, object]]) -> RenderableType:
    """Return a list as columns, one for each key of the rows."""
    grid = Grid(box=None, padding=(0, 3, 0, 0), pad_edge=False)
    for name in rows[0] if rows else ():
        grid.add_column(Text(name.upper()), overflow="fold")
    for row in rows:
        grid.add_row(*(Text(shown(str(value)) if value is not None else "") for value in row.values()))
    return grid


def _rows(
    status: Status, table: Table, active_title: str, glyphs: Glyphs, *, is_sandbox: bool
) -> Iterator[tuple[str, Text]]:
    yield "Connection status", _state(status, active_title, glyphs)
    connection = status.connection
    if connection is None:
        return
    yield from _settings(connection, table, Section.CHOSEN)
    yield "Invoice mode", Text(_mode(connection))
    yield from _settings(connection, table, Section.DEFAULTS)
    yield "Connected on", Text("not saved (dry run)" if status.is_dry_run else _local(connection.connected_at))
    yield from _settings(connection, table, Section.REST)
    if connection.account_tax_code:
        yield "Account's tax number", Text(shown(connection.account_tax_code))
    yield table.key_question, Text(_key(connection))
    if table.cannot_tell:
        yield "Not verifiable", Text(table.cannot_tell)
    yield "Profile", Text(status.profile)
    if is_sandbox:
        yield "Endpoint", Text("sandbox: nothing real is touched", style="cyan")
    elif connection.endpoint != table.endpoint:
        yield (
            "Endpoint",
            Text(shown(connection.endpoint) + (" (this machine)" if is_loopback(connection.endpoint) else "")),
        )


def _settings(connection: Connection, table: Table, section: Section) -> Iterator[tuple[str, Text]]:
    for field in table.fields:
        if field.section is section:
            yield field.question, Text(words(field, connection.settings[field.name]))


def _state(status: Status, active_title: str, glyphs: Glyphs) -> Text:
    style = f"bold {_STYLES[status.state]}"
    connection = status.connection
    if status.state == "not_connected" or connection is None:
        return Text(f"{glyphs.off} Not connected", style=style)
    if status.state == "inactive":
        other = f"{shown(active_title)} is the active provider" if active_title else "no provider is active"
        return Text(f"{glyphs.off} Inactive: {other}", style=style)
    if status.state == "attention":
        return Text(f"{glyphs.bad} Needs attention, see below", style=style)
    if status.is_dry_run:
        return Text(f"{glyphs.good} Would be ready; nothing was saved", style=style)
    if status.checked_at:
        return Text(f"{glyphs.good} Ready, checked {_local(status.checked_at)}", style=style)
    return Text(f"{glyphs.good} Ready, last verified {_local(connection.verified_at)}", style=style)


def _problem(problem: Problem, glyphs: Glyphs) -> Text:
    is_error = problem.level == "error"
    sign, word, style = (glyphs.bad, "Error", "red") if is_error else (glyphs.notice, "Warning", "yellow")
    text = Text(f"{sign} {word}: ", style=f"bold {style}")
    text.append(shown_lines(problem.message), style="default not bold")
    text.append(f"\n  {glyphs.arrow} {shown_lines(problem.fix)}", style="default not bold")
    return text


def _mode(connection: Connection) -> str:
    return "draft review" if connection.invoice_mode == "draft_review" else shown(connection.invoice_mode)


def _key(connection: Connection) -> str:
    hint = f"ends in {shown(connection.key.hint)}, " if connection.key.hint else ""
    return f"{hint}kept in: {_STORAGES[connection.key.storage]}"


def _local(when: datetime) -> str:
    return when.astimezone().strftime("%Y-%m-%d %H:%M")
