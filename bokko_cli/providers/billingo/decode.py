"""Billingo's JSON turned into plain values: unknown fields, nulls and new enumeration members are fine."""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from threading import Lock
from typing import Generic, NamedTuple, TypeVar

from bokko_cli.errors import UnexpectedAnswer
from bokko_cli.model.text import without_front, without_surrogates
from bokko_cli.model.values import BankAccount, Block, Organization
from bokko_cli.model.wording import N_, Sentence

_MOST_PARTS = 200_000
_LARGEST_NUMBER = 2**63
_one_at_a_time = Lock()
_PLANS = frozenset({"innovator", "master", "billingo_business", "billingo_one"})
_API_ADD_ON = "api_limit_"
_ADD_ONS = (
    _API_ADD_ON, "banksync", "campaign_manager", "ceginfo", "inventory", "limit_increase", "partnermonitor", "softpos",
    "tendermonitor", "whitelabel",
)  # fmt: skip
_ORGANIZATION = N_("the account")
_ISO_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")

RawRow = Mapping[str, object]
R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class ListPage(Generic[R]):
    """One page of a list: every row's id, and the rows wanted; `total` is `None` where the server does not count."""

    ids: tuple[int, ...]
    rows: tuple[R, ...]
    current: int
    last: int
    total: int | None


def json_object(body: bytes, what: Sentence) -> Mapping[str, object]:
    """Return the JSON object in a body; raises UnexpectedAnswer for anything else."""
    # Three bytes of an answer can become a hundred in memory, and several answers come at once.
    if sum(map(body.count, (b",", b"[", b"{"))) > _MOST_PARTS:
        raise UnexpectedAnswer(N_("Unexpected answer from Billingo: {what} has too many parts.", what=what))
    try:
        with _one_at_a_time:
            value = json.loads(without_front(body).decode("utf-8"))
    except (ValueError, RecursionError):
        raise UnexpectedAnswer(N_("Unexpected answer from Billingo: {what} is not JSON.", what=what)) from None
    if not isinstance(value, dict):
        raise UnexpectedAnswer(N_("Unexpected answer from Billingo: {what} is not a JSON object.", what=what))
    return value


def organization(body: bytes) -> Organization:
    """Decode `GET /organization`; what is not there, or has another type, is `None`: none of it may refuse a key."""
    value = json_object(body, _ORGANIZATION)
    if value.keys().isdisjoint({"tax_code", "subscription", "has_nav_connection"}):
        raise UnexpectedAnswer(
            N_("Unexpected answer from Billingo: {what} has none of its fields.", what=_ORGANIZATION)
        )
    # PHP writes an empty object as a list.
    subscription = value.get("subscription")
    about = subscription if isinstance(subscription, dict) else {}
    linked, tax_code = value.get("has_nav_connection"), value.get("tax_code")
    return Organization(
        tax_code=without_surrogates(tax_code).strip() or None if isinstance(tax_code, str) else None,
        subscription_until=_date(about.get("expiration_date")),
        has_nav_connection=linked if isinstance(linked, bool) else None,
        has_plan=_has_plan(about.get("features")),
    )


def _has_plan(features: object) -> bool | None:
    """Whether a subscription's features name a plan; `None` where they do not tell."""
    names = {name for name in features if isinstance(name, str)} if isinstance(features, list) else set()
    if any(name in _PLANS or name.startswith("subscription_") for name in names):
        return True
    others = {name for name in names if not name.startswith(_ADD_ONS)}
    return False if names and not others and any(name.startswith(_API_ADD_ON) for name in names) else None


def page(body: bytes, what: Sentence, wanted: Callable[[RawRow], R | None]) -> ListPage[R]:
    """Decode one page of a list, each row with an id; `what` names the list in errors, `wanted` decodes a row."""
    value = json_object(body, what)
    rows = value.get("data")
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise UnexpectedAnswer(N_("Unexpected answer from Billingo: {what} has no list of rows.", what=what))
    return ListPage(
        ids=tuple(whole_number(row, "id", what) for row in rows),
        rows=tuple(row for row in map(wanted, rows) if row is not None),
        current=whole_number(value, "current_page", what),
        last=whole_number(value, "last_page", what),
        total=None if value.get("total") is None else whole_number(value, "total", what),
    )


def invoice_block(row: RawRow) -> Block | None:
    """Decode a document block, `None` for one of other documents.

    Servers before 3.0.14 ignore the filter, older ones have no type.
    """
    if row.get("type") not in (None, "invoice"):
        return None
    what = N_("a document block")
    return Block(_id(row, what), _name(row, what), _text(row, "prefix", what))


def bank_account(row: RawRow) -> BankAccount:
    """Decode a bank account; the IBAN stands in where there is no account number."""
    what = N_("a bank account")
    number, iban = (_text(row, key, what) for key in ("account_number", "account_number_iban"))
    currency = _text(row, "currency", what)
    return BankAccount(_id(row, what), _name(row, what), number or iban, currency, iban if number else "")


class ErrorBody(NamedTuple):
    """What an error body says, empty where it says nothing, and whether it has one of Billingo's two shapes."""

    message: str
    trace_id: str
    is_billingos: bool


def error_body(body: bytes) -> ErrorBody:
    """Return what Billingo says in an error: `{"error": {"message"}}`, or `{"message", "errors": []}` for a 422."""
    try:
        value = json_object(body, N_("the error"))
    except UnexpectedAnswer:
        return ErrorBody("", "", is_billingos=False)
    error = value.get("error")
    is_wrapped = isinstance(error, dict) and "message" in error
    told = {**value, **error} if isinstance(error, dict) else value
    message, trace = told.get("message"), told.get("trace_id")
    return ErrorBody(
        message if isinstance(message, str) else "",
        trace if isinstance(trace, str) else "",
        is_billingos=is_wrapped or ("message" in value and isinstance(value.get("errors"), list)),
    )


def field_messages(body: bytes) -> list[tuple[str, str]]:
    """Return each field of a refused request with what Billingo says of it; a body of another shape says nothing."""
    try:
        errors = json_object(body, N_("the error")).get("errors")
    except UnexpectedAnswer:
        return []
    rows = [row for row in errors if isinstance(row, dict)] if isinstance(errors, list) else []
    return [(str(row.get("field", "")), str(row.get("message", ""))) for row in rows]


def _id(row: RawRow, what: Sentence) -> int:
    return whole_number(row, "id", what)


def _name(row: RawRow, what: Sentence) -> str:
    if "name" not in row:
        raise UnexpectedAnswer(N_("Unexpected answer from Billingo: {what} has no name.", what=what))
    return _text(row, "name", what)


def whole_number(value: Mapping[str, object], key: str, what: Sentence) -> int:
    """Return a whole number; raises UnexpectedAnswer, which names the thing, where there is none under that key."""
    number = value.get(key)
    if type(number) is not int or abs(number) >= _LARGEST_NUMBER:
        raise UnexpectedAnswer(
            N_("Unexpected answer from Billingo: {what} has no whole number as {key}.", what=what, key=key)
        )
    return number


def positive_id(value: Mapping[str, object], what: Sentence) -> int:
    """Return an id that something can have; raises UnexpectedAnswer for any other, which would lead to nothing."""
    number = whole_number(value, "id", what)
    if number <= 0:
        raise UnexpectedAnswer(
            N_("Unexpected answer from Billingo: {what} has {number} as its id.", what=what, number=str(number))
        )
    return number


def _text(value: Mapping[str, object], key: str, what: Sentence) -> str:
    text = value.get(key)
    if text is None:
        return ""
    if not isinstance(text, str):
        raise UnexpectedAnswer(N_("Unexpected answer from Billingo: {what} has no text as {key}.", what=what, key=key))
    return without_surrogates(text)


def _date(value: object) -> date | None:
    """A date or a date with a time; anything else says nothing, and is no reason to refuse a key."""
    found = _ISO_DATE.match(value) if isinstance(value, str) else None
    try:
        return date.fromisoformat(found[0]) if found else None
    except ValueError:
        return None
