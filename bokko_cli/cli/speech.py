"""What a command's answers are turned into on its streams: JSON, or what people read."""

import os
import sys
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING

from bokko_cli.cli.run import Run

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from bokko_cli.errors import BokkoError
    from bokko_cli.model.values import Status
    from bokko_cli.output.line import Look
    from bokko_cli.output.people import Glyphs
    from bokko_cli.output.voice import StreamVoice


def output_of(run: Run) -> "StreamVoice":
    """Return the voice on the process's own streams; how an answer is drawn is loaded when there is one."""
    from bokko_cli.output.voice import StreamVoice, has_color

    return StreamVoice(
        out=sys.stdout,
        err=sys.stderr,
        has_color=has_color(sys.stderr),
        present=_status_as_json if run.as_json else partial(_status_as_panel, run),
        present_all=_all_as_json if run.as_json else partial(_all_as_page, run),
        present_rows=_rows_as_json if run.as_json else _rows_as_columns,
        present_refusal=_error_as_json if run.as_json else None,
        must_answer=run.must_answer,
        spin=_spin if sys.stderr.isatty() and os.environ.get("TERM") != "dumb" else None,
    )


def _status_as_json(status: "Status") -> str:
    from bokko_cli.output.scripts import as_text, status_document
    from bokko_cli.providers.tables import SPECS

    return as_text(status_document(status, SPECS[status.provider]))


def _error_as_json(error: "BokkoError") -> str:
    from bokko_cli.output.scripts import as_text, error_document

    return as_text(error_document(error))


def _status_as_panel(run: Run, status: "Status") -> str:
    from bokko_cli.output.frame import framed
    from bokko_cli.output.people import panel
    from bokko_cli.providers.tables import SPECS

    look = _look()
    drawn = panel(
        status,
        SPECS,
        _glyphs(look),
        is_sandbox=run.options.sandbox,
    )
    return framed(drawn, look)


def _all_as_json(statuses: "Sequence[Status]") -> str:
    from bokko_cli.output.scripts import as_text, integrations_document

    return as_text(integrations_document(statuses))


def _all_as_page(run: Run, statuses: "Sequence[Status]") -> str:
    from bokko_cli.output.frame import framed
    from bokko_cli.output.people import integrations_page
    from bokko_cli.providers.tables import SPECS

    look = _look()
    drawn = integrations_page(
        statuses,
        SPECS,
        _glyphs(look),
        is_sandbox=run.options.sandbox,
    )
    return framed(drawn, look)


def _rows_as_json(rows: Sequence[Mapping[str, object]]) -> str:
    from bokko_cli.output.scripts import as_text

    return as_text(rows)


def _rows_as_columns(rows: Sequence[Mapping[str, object]]) -> str:
    from bokko_cli.output.columns import in_columns

    return in_columns(rows, _look())


def _look() -> "Look":
    from bokko_cli.output.line import Look
    from bokko_cli.output.voice import has_color, is_unicode, width_of

    return Look(width_of(sys.stdout), has_color(sys.stdout), is_unicode(sys.stdout))


def _glyphs(look: "Look") -> "Glyphs":
    from bokko_cli.output.people import PLAIN_GLYPHS, Glyphs

    return Glyphs() if look.is_unicode else PLAIN_GLYPHS


def _spin(text: str) -> "AbstractContextManager[Callable[[str], None]]":
    from bokko_cli.output.waiting import shown_when_long

    return shown_when_long(_spin_at_once, text)


def _spin_at_once(text: str) -> "AbstractContextManager[Callable[[str], None]]":
    from bokko_cli.output.spinner import spinner
    from bokko_cli.output.voice import is_unicode

    return spinner(sys.stderr, text, is_unicode=is_unicode(sys.stderr))
