"""A draft on the wire: what is sent, and whether what came back is what was asked for."""

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from functools import partial

from bokko_cli.errors import UnexpectedAnswer
from bokko_cli.model.apikey import ApiKey
from bokko_cli.model.rehearsing import Draft
from bokko_cli.model.text import quoted, shown
from bokko_cli.model.values import BankAccount, Settings
from bokko_cli.model.wording import N_
from bokko_cli.providers.billingo import export
from bokko_cli.providers.billingo.decode import json_object, positive_id

_WHAT = N_("the draft")
_RATE = N_("the exchange rate")
_LARGEST_RATE = 10**6
_NET_PRICE = 1000

Raw = Mapping[str, object]
Shown = Callable[[object], str]
"""Returns a foreign value as it may be shown."""


def draft_fields(settings: Settings, name: str, today: date, rate: float | None) -> Raw:
    """Return what a rehearsal's draft holds, but for its partner and its `vendor_id`; `rate` is that to forints."""
    item = {
        "name": name,
        "quantity": 1,
        "unit": "db",
        "unit_price": _NET_PRICE,
        "unit_price_type": "net",
        "vat": settings["default_vat_rate"],
    }
    return {
        **export.draft(settings),
        "fulfillment_date": today.isoformat(),
        "due_date": today.isoformat(),
        "items": [item],
        **({} if rate is None else {"conversion_rate": rate}),
    }


def conversion_rate(body: bytes) -> float:
    """Decode `GET /currencies`: what one unit costs in forints. The name of the member is the description's."""
    rate = json_object(body, _RATE).get("conversation_rate")
    if isinstance(rate, bool) or not isinstance(rate, int | float) or not 0 < rate < _LARGEST_RATE:
        raise UnexpectedAnswer(N_("Unexpected answer from Billingo: the exchange rate is not a number above zero."))
    return float(rate)


def decoded_draft(body: bytes, settings: Settings, partner: str, key: ApiKey) -> Draft:
    """Decode a document that should be the draft made for the partner of that name; nothing in it repeats the key.

    Raises UnexpectedAnswer for another shape, and for a draft that names another partner: it is not ours.
    """
    value = json_object(body, _WHAT)
    number = positive_id(value, _WHAT)
    is_draft, is_ours = _is_draft(value), _is_ours(value, partner)
    if is_draft and is_ours is False:
        raise UnexpectedAnswer(N_("Unexpected answer from Billingo: the draft belongs to somebody else."))
    return Draft(number, is_draft, tuple(_differences(value, settings, partial(_told, key))), is_ours is not None)


def _is_draft(value: Raw) -> bool | None:
    """Whether it is a draft and nothing else: one with a number is none, whatever it is called."""
    if _has_number(value):
        return False
    return None if value.get("type") is None else value["type"] == "draft"


def _has_number(value: Raw) -> bool:
    number = value.get("invoice_number")
    return number is not None and bool(shown(str(number)))


def _is_ours(value: Raw, partner: str) -> bool | None:
    """Whether it is made for that partner, or has an item of that name; `None` where it names neither."""
    name = _partner_name(value)
    if name is not None:
        return name == partner
    names = _of_items(value, "name")
    return partner in names if any(names) else None


def _partner_name(value: Raw) -> object:
    """Return whom it is for, `None` where the answer does not say."""
    partners = (value.get("document_partner"), value.get("partner"))
    names = [partner.get("name") for partner in partners if isinstance(partner, dict)]
    return next((name for name in names if name is not None), None)


def _told(key: ApiKey, value: object) -> str:
    return quoted(key.hidden_in(str(value)))


def _differences(value: Raw, settings: Settings, told: Shown) -> Iterator[str]:
    """Say each thing that is not as it was asked for; what the answer does not name is not compared."""
    if value.get("type") not in (None, "draft"):
        yield N_("It is not a draft; its type is {kind}.", kind=told(value["type"]))
    if _has_number(value):
        yield N_("It has a number, which no draft has: {number}.", number=told(value["invoice_number"]))
    asked = export.draft(settings)
    for key, say in _COMPARED.items():
        found = value.get(key)
        if found is not None and str(found) != str(asked[key]):
            yield say(str(asked[key]), told(found))
    yield from _about_bank_account(value, settings, told)
    yield from _about_vat(value, settings, told)


_COMPARED: Mapping[str, Callable[[str, str], str]] = {
    "block_id": lambda asked, found: N_("Document block: asked for {asked}, got {found}.", asked=asked, found=found),
    "payment_method": lambda asked, found: N_(
        "Payment method: asked for {asked}, got {found}.", asked=asked, found=found
    ),
    "currency": lambda asked, found: N_("Currency: asked for {asked}, got {found}.", asked=asked, found=found),
}


def _about_bank_account(value: Raw, settings: Settings, told: Shown) -> Iterator[str]:
    """Compare the bank account, which stands below the seller: by its id, or by its numbers where that has none."""
    organization, asked = value.get("organization"), settings["bank_account"]
    found = organization.get("bank_account") if isinstance(organization, dict) else None
    if not isinstance(found, dict) or not isinstance(asked, BankAccount):
        return
    numbers = [_digits(found.get(name)) for name in ("account_number", "account_number_iban")]
    if found.get("id") is not None:
        is_same = str(found["id"]) == str(asked.id)
    else:
        is_same = not any(numbers) or _digits(asked.number) in numbers
    if not is_same:
        got = found.get("id") if found.get("id") is not None else next(filter(None, numbers))
        yield N_("Bank account: asked for {asked}, got {found}.", asked=str(asked.id), found=told(got))


def _about_vat(value: Raw, settings: Settings, told: Shown) -> Iterator[str]:
    asked = settings["default_vat_rate"]
    for found in _of_items(value, "vat"):
        if found is not None and found != asked:
            yield N_("VAT rate: asked for {asked}, got {found}.", asked=str(asked), found=told(found))


def _of_items(value: Raw, field: str) -> list[object]:
    """Return a field of each item that is one."""
    items = value.get("items")
    return [item.get(field) for item in items if isinstance(item, dict)] if isinstance(items, list) else []


def _digits(number: object) -> str:
    return "".join(filter(str.isalnum, number)).upper() if isinstance(number, str) else ""
