"""What people read: the readiness panel and lists; pure."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from bokko_cli.model.endpoint import is_loopback
from bokko_cli.model.spec import Section, Spec, words
from bokko_cli.model.text import shown, shown_lines
from bokko_cli.model.values import Connection, Problem, Status
from bokko_cli.output.frame import Frame, Paragraph, Row
from bokko_cli.output.line import Styled

_STYLES = {"ready": "green", "attention": "red", "inactive": "yellow", "not_connected": ""}
_STORAGES = {"keyring": "system keyring", "file": "file", "env": "environment variable, not stored"}


class Glyphs(NamedTuple):
    """Signs beside the words; plain ones where the stream's encoding has no others."""

    good: str = "✓"
    bad: str = "✗"
    notice: str = "!"
    off: str = "●"
    arrow: str = "→"


_BLANK = Paragraph(())
PLAIN_GLYPHS = Glyphs(good="+", bad="x", notice="!", off="o", arrow="->")


def panel(
    status: Status,
    specs: Mapping[str, Spec],
    glyphs: Glyphs,
    *,
    is_sandbox: bool,
) -> Frame:
    """Return the readiness panel."""
    spec = specs[status.provider]
    active_title = _title(specs, status.active_provider)
    content: list[Row | Paragraph] = [
        Row(Styled(name, "bold"), value)
        for name, value in _rows(status, spec, active_title, glyphs, is_sandbox=is_sandbox)
    ]
    if status.state in {"not_connected", "inactive"}:
        content.append(Row(Styled("Next step", "bold"), Styled(status.next_step)))
    for problem in status.problems:
        content += [_BLANK, *_problem(problem, glyphs)]
    return Frame(_titled(spec.title, is_sandbox=is_sandbox), content)


def integrations_page(
    statuses: Sequence[Status],
    specs: Mapping[str, Spec],
    glyphs: Glyphs,
    *,
    is_sandbox: bool,
) -> Frame:
    """Return every provider on one page: its state, since when, and the next step."""
    content: list[Row | Paragraph] = []
    for status in statuses:
        active = _title(specs, status.active_provider)
        since = f"Connected on {_local(status.connection.connected_at)}" if status.connection else ""
        values = [_state(status, active, glyphs), Styled(since), Styled(status.next_step)]
        labels = [Styled(specs[status.provider].title, "bold"), Styled(""), Styled("")]
        content += [_BLANK] if content else []
        content += [Row(label, value) for label, value in zip(labels, values, strict=True) if value.text]
    return Frame(_titled("Integrations", is_sandbox=is_sandbox), content)


def _titled(title: str, *, is_sandbox: bool) -> str:
    return f"{title} · sandbox" if is_sandbox else title


def _title(specs: Mapping[str, Spec], provider: str | None) -> str:
    return specs[provider].title if provider and provider in specs else provider or ""


def _rows(
    status: Status, spec: Spec, active_title: str, glyphs: Glyphs, *, is_sandbox: bool
) -> Iterator[tuple[str, Styled]]:
    yield "Connection status", _state(status, active_title, glyphs)
    connection = status.connection
    if connection is None:
        return
    yield from _settings(connection, spec, Section.CHOSEN)
    yield "Invoice mode", Styled(_mode(connection))
    yield from _settings(connection, spec, Section.DEFAULTS)
    yield "Connected on", Styled("not saved (dry run)" if status.is_dry_run else _local(connection.connected_at))
    yield from _settings(connection, spec, Section.REST)
    if connection.account_tax_code:
        yield "Account's tax number", Styled(shown(connection.account_tax_code))
    yield spec.key_question, Styled(_key(connection))
    if spec.cannot_tell:
        yield "Not verifiable", Styled(spec.cannot_tell)
    yield "Profile", Styled(status.profile)
    if is_sandbox:
        yield "Endpoint", Styled("sandbox: nothing real is touched", "cyan")
    elif connection.endpoint != spec.endpoint:
        yield (
            "Endpoint",
            Styled(shown(connection.endpoint) + (" (this machine)" if is_loopback(connection.endpoint) else "")),
        )


def _settings(connection: Connection, spec: Spec, section: Section) -> Iterator[tuple[str, Styled]]:
    for field in spec.fields:
        if field.section is section:
            yield field.question, Styled(words(field, connection.settings[field.name]))


def _state(status: Status, active_title: str, glyphs: Glyphs) -> Styled:
    style = f"bold {_STYLES[status.state]}".strip()
    connection = status.connection
    if status.state == "not_connected" or connection is None:
        return Styled(f"{glyphs.off} Not connected", style)
    if status.state == "inactive":
        other = f"{shown(active_title)} is the active provider" if active_title else "no provider is active"
        return Styled(f"{glyphs.off} Inactive: {other}", style)
    if status.state == "attention":
        return Styled(f"{glyphs.bad} Needs attention, see below", style)
    if status.is_dry_run:
        return Styled(f"{glyphs.good} Would be ready; nothing was saved", style)
    if status.checked_at:
        return Styled(f"{glyphs.good} Ready, checked {_local(status.checked_at)}", style)
    return Styled(f"{glyphs.good} Ready, last verified {_local(connection.verified_at)}", style)


def _problem(problem: Problem, glyphs: Glyphs) -> Iterator[Paragraph]:
    is_error = problem.level == "error"
    sign, word, style = (glyphs.bad, "Error", "red") if is_error else (glyphs.notice, "Warning", "yellow")
    first, *more = shown_lines(problem.message).split("\n")
    yield Paragraph((Styled(f"{sign} {word}:", f"bold {style}"), Styled(first)))
    yield from (Paragraph((Styled(line),), indent=2) for line in more)
    yield Paragraph((Styled(f"{glyphs.arrow} {shown_lines(problem.fix)}"),), indent=2)


def _mode(connection: Connection) -> str:
    return "draft review" if connection.invoice_mode == "draft_review" else shown(connection.invoice_mode)


def _key(connection: Connection) -> str:
    hint = f"ends in {shown(connection.key.hint)}, " if connection.key.hint else ""
    return f"{hint}kept in: {_STORAGES[connection.key.storage]}"


def _local(when: datetime) -> str:
    return when.astimezone().strftime("%Y-%m-%d %H:%M")
