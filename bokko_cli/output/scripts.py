"""What scripts read: JSON."""

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from typing import TextIO

from bokko_cli.errors import BokkoError, MissingInput
from bokko_cli.model.settings import plain
from bokko_cli.model.spec import Spec
from bokko_cli.model.values import Connection, Item, Overview, Rehearsal, Status, Unread
from bokko_cli.output.base import StepResult
from bokko_cli.output.language import in_english
from bokko_cli.output.plain import AnswerStream, PlainLines
from bokko_cli.output.profiles import profile_row
from bokko_cli.output.streams import is_unicode

_SCHEMA = 1
# One call writes a whole list, which thousands of rows take a third of the time in. JSON escapes control characters,
# so the one between two values stands nowhere else.
_BETWEEN = "\x01"
_LIST_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(f",{_BETWEEN}", ": "))
_BEYOND_ASCII = re.compile("[^\0-~]")  # the same as a range up to the last letter takes 3 ms to compile
_SETTINGS_OF_SOME = ("document_block", "invoice_prefix", "bank_account")
Document = Mapping[str, object]


class Scripts:
    """Prints JSON on standard output; what is said beside it stays plain English lines on standard error."""

    def __init__(
        self,
        out: TextIO,
        err: TextIO,
        specs: Mapping[str, Spec],
        *,
        must_answer: bool = False,
    ) -> None:
        self._lines = PlainLines(err, in_english)
        self._answer = AnswerStream(out, must_answer=must_answer)
        self._specs = specs
        self.say, self.warn, self.report = self._lines.say, self._lines.warn, self._lines.report
        self.report_before_asking = self._lines.report
        self.answer = self._answer.give
        self.explain = self._answer.give

    def end_with(self, error: BokkoError) -> None:
        """Give the document of the failure; whether it arrives is asked by who ends the command."""
        self._answer.put(self._text(error_document(error)))

    def step(self, step: StepResult) -> None:
        """Leave it to the answer."""

    @contextmanager
    def busy(self, text: str) -> Iterator[Callable[[str], None]]:  # noqa: ARG002 - nothing moves in a log
        """Say news as lines, each kind once."""
        yield self._lines.news()

    @contextmanager
    def counted(self, text: str, total: int) -> Iterator[Callable[[], None]]:  # noqa: ARG002 - the same
        """Count for nobody."""
        yield lambda: None

    def give(self, document: Document, words: str) -> None:  # noqa: ARG002 - for people
        """Give the document."""
        self.answer(self._text(document))

    def show(self, status: Status) -> None:
        """Give the status document."""
        self.answer(self._text(status_document(status, self._specs[status.provider])))

    def show_all(self, statuses: Sequence[Status]) -> None:
        """Give a row for each provider."""
        self.answer(self._text(integrations_document(statuses)))

    def found(self, item: Item) -> None:
        """Leave it to the answer."""

    def show_diagnosis(self, items: Sequence[Item]) -> None:
        """Give all items as one document."""
        self.answer(self._text(diagnosis_document(items)))

    def show_profiles(self, profiles: Sequence[Overview | Unread]) -> None:
        """Give a row for each profile."""
        self.answer(self._text([profile_document(profile) for profile in profiles]))

    def show_connections(self, statuses: Sequence[Status | Unread], spec: Spec) -> None:
        """Give the status document of each."""
        self.answer(
            self._text(
                [
                    unread_document(status) if isinstance(status, Unread) else status_document(status, spec)
                    for status in statuses
                ]
            )
        )

    def show_rows(self, rows: Sequence[Mapping[str, object]]) -> None:
        """Give the rows as they are."""
        self.answer(self._text(rows))

    def _text(self, document: Document | Sequence[Document]) -> str:
        return as_text(document, is_unicode=is_unicode(self._answer.stream))


def status_document(status: Status, spec: Spec) -> Document:
    """Return the status document; every field is there, unknown is `None`."""
    connection = status.connection
    document: dict[str, object] = {
        "schema": _SCHEMA,
        "provider": status.provider,
        "profile": status.profile,
        "state": status.state,
        "active": connection is not None and status.active_provider == status.provider,
        "active_provider": status.active_provider,
        "connected_at": moment(None if status.is_dry_run or not connection else connection.connected_at),
        "verified_at": moment(connection.verified_at if connection else None),
        "account_tax_code": connection.account_tax_code if connection else None,
        "endpoint": connection.endpoint if connection else None,
        "invoice_mode": connection.invoice_mode if connection else None,
        **dict.fromkeys(_SETTINGS_OF_SOME),
        **{field.name: plain(connection.settings[field.name]) if connection else None for field in spec.fields},
        "api_key": _api_key(status, connection),
        "subscription_until": _day(connection.subscription_until if connection else None),
        "rehearsal": _rehearsal(connection.rehearsal if connection else None),
        "settings_file": str(status.settings_file) if status.settings_file else None,
        "checked_at": moment(status.checked_at),
        "problems": [
            {"code": problem.code, "level": problem.level, "message": problem.message, "fix": problem.fix}
            for problem in status.problems
        ],
    }
    return {**document, "dry_run": True} if status.is_dry_run else document


def integrations_document(statuses: Sequence[Status]) -> Sequence[Document]:
    """Return a row for each provider."""
    return [
        {
            "provider": status.provider,
            "connected": status.connection is not None,
            "active": status.connection is not None and status.active_provider == status.provider,
            "state": status.state,
            "connected_at": moment(status.connection.connected_at if status.connection else None),
        }
        for status in statuses
    ]


def diagnosis_document(items: Sequence[Item]) -> Document:
    """Return what doctor found."""
    return {
        "schema": _SCHEMA,
        "ok": all(item.level != "problem" for item in items),
        "items": [item._asdict() for item in items],
    }


def profile_document(profile: Overview | Unread) -> Document:
    """Return a profile; one that cannot be read has an error."""
    row = profile_row(profile)
    return {**row, "error": error_document(profile.error)["error"]} if isinstance(profile, Unread) else row


def unread_document(profile: Unread) -> Document:
    """Return what stands for the status of a profile that nothing is known of."""
    return {"schema": _SCHEMA, "profile": profile.profile, "error": error_document(profile.error)["error"]}


def error_document(error: BokkoError) -> Document:
    """Return the document of a failure; missing input lists every flag."""
    described: dict[str, object] = {"code": error.code, "message": error.message, "fix": error.fix}
    if isinstance(error, MissingInput):
        described["missing"] = [
            {"flag": missing.flag} | ({"choices": list(missing.choices)} if missing.choices is not None else {})
            for missing in error.missing
        ]
    return {"schema": _SCHEMA, "error": described}


def as_text(document: Document | Sequence[Document], *, is_unicode: bool = True) -> str:
    """Return a document as printed: letters as they are where the stream `is_unicode`, all else escaped.

    No name can move a cursor, hide or reverse a line. A list has a line for each row; a row's values are plain.
    """
    text = _as_json(document)
    if text.isascii() and "\x7f" not in text:
        return text
    return _BEYOND_ASCII.sub(lambda found: _letter_or_escape(found[0]) if is_unicode else _escape(found[0]), text)


def _as_json(document: Document | Sequence[Document]) -> str:
    if isinstance(document, Mapping):
        return json.dumps(document, indent=2, ensure_ascii=False)
    if not document:
        return "[]"
    rows = _LIST_ENCODER.encode(document)[1:-1].replace(f"}},{_BETWEEN}{{", "},\n  {").replace(_BETWEEN, " ")
    return f"[\n  {rows}\n]"


def _letter_or_escape(letter: str) -> str:
    return letter if letter.isprintable() else _escape(letter)


def _escape(letter: str) -> str:
    return "\\u007f" if letter == "\x7f" else json.dumps(letter)[1:-1]


def moment(when: datetime | None) -> str | None:
    """Return a time as documents show it: UTC, whole seconds, `Z`."""
    # All times here are UTC already; `strftime` would leave the zeros of an early year out.
    return when.replace(tzinfo=None, microsecond=0).isoformat() + "Z" if when else None


def _api_key(status: Status, connection: Connection | None) -> Document | None:
    if connection is None:
        return None
    key = connection.key
    return {"storage": key.storage, "source": status.key_source, "hint": key.hint, "can_write": key.can_write}


def _rehearsal(rehearsal: Rehearsal | None) -> Document | None:
    if rehearsal is None:
        return None
    return {"at": moment(rehearsal.at), "outcome": rehearsal.outcome, "code": rehearsal.code}


def _day(when: date | None) -> str | None:
    return when.isoformat() if when else None
