"""What scripts read: the JSON documents; pure."""

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime

from bokko_cli.errors import BokkoError, MissingInput
from bokko_cli.model.spec import Spec, plain
from bokko_cli.model.values import Connection, Rehearsal, Status

_SCHEMA = 1
# One call writes a whole list, which thousands of rows take a third of the time in. JSON escapes control characters,
# so the one between two values stands nowhere else.
_BETWEEN = "\x01"
_LIST_ENCODER = json.JSONEncoder(ensure_ascii=True, separators=(f",{_BETWEEN}", ": "))
_SETTINGS_OF_SOME = ("document_block", "invoice_prefix", "bank_account")
Document = Mapping[str, object]


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


def error_document(error: BokkoError) -> Document:
    """Return the document of a failure; missing input lists every flag."""
    told: dict[str, object] = {"code": error.code, "message": error.message, "fix": error.fix}
    if isinstance(error, MissingInput):
        told["missing"] = [
            {"flag": missing.flag} | ({"choices": list(missing.choices)} if missing.choices is not None else {})
            for missing in error.missing
        ]
    return {"schema": _SCHEMA, "error": told}


def as_text(document: Document | Sequence[Document]) -> str:
    """Return a document as printed: ASCII only, so that any stream takes it and no name can move a cursor.

    A list has a line for each row; a row's values are plain.
    """
    if isinstance(document, Mapping):
        return json.dumps(document, indent=2, ensure_ascii=True)
    if not document:
        return "[]"
    rows = _LIST_ENCODER.encode(document)[1:-1].replace(f"}},{_BETWEEN}{{", "},\n  {").replace(_BETWEEN, " ")
    return f"[\n  {rows}\n]"


def moment(when: datetime | None) -> str | None:
    """Return a time as documents show it: UTC, whole seconds, `Z`."""
    return when.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if when else None


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
