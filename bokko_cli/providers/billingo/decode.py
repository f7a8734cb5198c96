"""Billingo's JSON turned into plain values: unknown fields, nulls and new enumeration members are fine."""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from threading import Lock

from bokko_cli.errors import UnexpectedAnswer
from bokko_cli.model.text import without_surrogates
from bokko_cli.model.values import BankAccount, Block, Organization, Row

_MOST_PARTS = 200_000
_LARGEST_NUMBER = 2**63
_one_at_a_time = Lock()
_PLANS = frozenset({"innovator", "master", "billingo_business", "billingo_one"})
_API_ADD_ON = "api_limit_"
_ADD_ONS = (
    _API_ADD_ON, "banksync", "campaign_manager", "ceginfo", "inventory", "limit_increase", "partnermonitor", "softpos",
    "tendermonitor", "whitelabel",
)  # fmt: skip
_ISO_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")


RawRow = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a list: every row's id, and the rows wanted; `total` is `None` where the server does not count."""

    ids: tuple[int, ...]
    rows: tuple[Row, ...]
    current: int
    last: int
    total: int | None


def json_object(body: bytes, what: str) -> Mapping[str, object]:
    """Return the JSON object in a body; raises UnexpectedAnswer for anything else."""
    # Three bytes of an answer can become a hundred in memory, and several answers come at once.
    if sum(map(body.count, (b",", b"[", b"{"))) > _MOST_PARTS:
        raise _unexpected(what, "has too many parts")
    try:
        with _one_at_a_time:
            value = json.loads(body.decode("utf-8"))
    except (ValueError, RecursionError):
        raise _unexpected(what, "is not JSON") from None
    if not isinstance(value, dict):
        raise _unexpected(what, "is not a JSON object")
    return value


def organization(body: bytes) -> Organization:
    """Decode `GET /organization`; what is not there is `None`, what has another type is refused."""
    value = json_object(body, "the organization")
    if value.keys().isdisjoint({"tax_code", "subscription", "has_nav_connection"}):
        raise _unexpected("the organization", "says nothing that an organization says")
    subscription = {} if value.get("subscription") is None else value["subscription"]
    if not isinstance(subscription, dict):
        raise _unexpected("the organization", "has a subscription of another shape")
    linked = value.get("has_nav_connection")
    return Organization(
        tax_code=_text(value, "tax_code", "the organization").strip() or None,
        subscription_until=_date(subscription.get("expiration_date")),
        has_nav_connection=linked if isinstance(linked, bool) else None,
        has_plan=_has_plan(subscription.get("features")),
    )


def _has_plan(features: object) -> bool | None:
    """Whether a subscription's features name a plan; `None` where they do not tell."""
    names = {name for name in features if isinstance(name, str)} if isinstance(features, list) else set()
    if any(name in _PLANS or name.startswith("subscription_") for name in names):
        return True
    others = {name for name in names if not name.startswith(_ADD_ONS)}
    return False if names and not others and any(name.startswith(_API_ADD_ON) for name in names) else None


def page(body: bytes, what: str, wanted: Callable[[RawRow], Row | None]) -> Page:
    """Decode one page of a list, each row with an id; `what` names the list in errors, `wanted` decodes a row."""
    value = json_object(body, what)
    rows = value.get("data")
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise _unexpected(what, "has no list of rows")
    return Page(
        ids=tuple(_number(row, "id", what) for row in rows),
        rows=tuple(row for row in map(wanted, rows) if row is not None),
        current=_number(value, "current_page", what),
        last=_number(value, "last_page", what),
        total=None if value.get("total") is None else _number(value, "total", what),
    )


def invoice_block(row: RawRow) -> Block | None:
    """Decode a document block, `None` for one of other documents.

    Servers before 3.0.14 ignore the filter, older ones have no type.
    """
    if row.get("type") not in (None, "invoice"):
        return None
    what = "a document block"
    return Block(_id(row, what), _name(row, what), _text(row, "prefix", what))


def bank_account(row: RawRow) -> BankAccount:
    """Decode a bank account; the IBAN stands in where there is no account number."""
    what = "a bank account"
    number = _text(row, "account_number", what) or _text(row, "account_number_iban", what)
    return BankAccount(_id(row, what), _name(row, what), number, _text(row, "currency", what))


def error_message(body: bytes) -> tuple[str, str]:
    """Return Billingo's own message and trace id from an error body, each empty where there is none."""
    try:
        value = json_object(body, "the error")
    except UnexpectedAnswer:
        return "", ""
    error = value.get("error")
    told = {**value, **error} if isinstance(error, dict) else value
    message, trace = told.get("message"), told.get("trace_id")
    return (message if isinstance(message, str) else ""), (trace if isinstance(trace, str) else "")


def _id(row: RawRow, what: str) -> int:
    return _number(row, "id", what)


def _name(row: RawRow, what: str) -> str:
    if "name" not in row:
        raise _unexpected(what, "has no name")
    return _text(row, "name", what)


def _number(value: Mapping[str, object], key: str, what: str) -> int:
    number = value.get(key)
    if type(number) is not int or abs(number) >= _LARGEST_NUMBER:
        raise _unexpected(what, f"has no whole number as {key}")
    return number


def _text(value: Mapping[str, object], key: str, what: str) -> str:
    text = value.get(key)
    if text is None:
        return ""
    if not isinstance(text, str):
        raise _unexpected(what, f"has no text as {key}")
    return without_surrogates(text)


def _date(value: object) -> date | None:
    """A date or a date with a time; anything else says nothing, and is no reason to refuse a key."""
    found = _ISO_DATE.match(value) if isinstance(value, str) else None
    try:
        return date.fromisoformat(found[0]) if found else None
    except ValueError:
        return None


def _unexpected(what: str, how: str) -> UnexpectedAnswer:
    return UnexpectedAnswer(f"Unexpected answer from Billingo: {what} {how}.")
