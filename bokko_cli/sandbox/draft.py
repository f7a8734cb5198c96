"""What a client sends to have a document made: what is wrong with it, and the document it becomes."""

from bokko_cli.sandbox import budapest, partners
from bokko_cli.sandbox.exchange import Json, is_date
from bokko_cli.sandbox.items import is_number, item_faults, priced, summary, total
from bokko_cli.sandbox.vocabulary import CURRENCIES, DOCUMENT_TYPES, LANGUAGES, PAYMENT_METHODS
from bokko_cli.sandbox.world import Account, BankAccount

CHOICES = {
    "type": DOCUMENT_TYPES,
    "payment_method": PAYMENT_METHODS,
    "language": LANGUAGES,
    "currency": CURRENCIES,
}
DATES = ("fulfillment_date", "due_date")
NOT_OF_DOCUMENTS = {"general_ledger_number", "group_member_tax_number"}


def faults(account: Account, given: Json) -> dict[str, str]:
    """Say what is wrong, by field; that it is missing counts before that it does not fit."""
    errors = {name: f"The selected {name} is invalid." for name in CHOICES if not is_choice(name, given.get(name))}
    errors |= {name: f"The {name} is not a valid date." for name in DATES if not is_date(given.get(name))}
    errors |= {
        name: f"The selected {name} is invalid."
        for name, known in references(account).items()
        if not is_reference(given.get(name), known)
    }
    errors |= {
        name: f"The {name} field is required."
        for name in (*CHOICES, *DATES, *references(account))
        if given.get(name) is None
    }
    errors |= {
        name: f"The {name} must be a string."
        for name in ("comment", "vendor_id")
        if not isinstance(given.get(name, ""), str)
    }
    return errors | optional_faults(account, given) | item_faults(given.get("items"))


def optional_faults(account: Account, given: Json) -> dict[str, str]:
    """Say what is wrong with fields that may be left out: one of them only with forints."""
    errors = {}
    known = {row.id for row in account.bank_accounts}
    if given.get("bank_account_id") is not None and not is_reference(given["bank_account_id"], known):
        errors["bank_account_id"] = "The selected bank_account_id is invalid."
    rate = given.get("conversion_rate")
    if rate is None and is_choice("currency", given.get("currency")) and given["currency"] != "HUF":
        errors["conversion_rate"] = "The conversion_rate field is required with another currency than HUF."
    if rate is not None and not (is_number(rate) and float(str(rate)) > 0):
        errors["conversion_rate"] = "The conversion_rate must be a number above 0."
    if not isinstance(setting(given, "should_send_email"), bool):
        errors["settings.should_send_email"] = "The settings.should_send_email must be true or false."
    return errors


def setting(given: Json, name: str) -> object:
    """Find one of the settings, which are off where nothing is said of them."""
    settings = given.get("settings", {})
    return settings.get(name, False) if isinstance(settings, dict) else settings


def references(account: Account) -> dict[str, set[int]]:
    """List what each field that names something may name; a receipt block makes no invoice."""
    return {
        "partner_id": set(account.partners),
        "block_id": {block.id for block in account.blocks if block.type == "invoice"},
    }


def is_choice(name: str, value: object) -> bool:
    """One of the description's words for the field."""
    return isinstance(value, str) and value in CHOICES[name]


def is_reference(value: object, known: set[int]) -> bool:
    """Tell whether it is the number of something that is there; `true` is none."""
    return isinstance(value, int) and not isinstance(value, bool) and value in known


def document_from(account: Account, given: Json, document_id: int) -> Json:
    """Build a document as it is listed, from a request without faults; a draft has no number."""
    items = priced(given["items"])
    rate = 1.0 if given["currency"] == "HUF" else float(str(given["conversion_rate"]))
    is_draft = given["type"] == "draft"
    partner = dict(partners.find(account, str(given["partner_id"])) or {})
    return {
        "id": document_id,
        "invoice_number": "" if is_draft else invoice_number(account, given["block_id"], document_id),
        "type": given["type"],
        "cancelled": False,
        "block_id": given["block_id"],
        "payment_status": "none" if is_draft else "outstanding",
        "payment_method": given["payment_method"],
        "gross_total": total(items, "gross_amount"),
        "currency": given["currency"],
        "conversion_rate": rate,
        "invoice_date": budapest.today().isoformat(),
        "fulfillment_date": given["fulfillment_date"],
        "due_date": given["due_date"],
        "organization": organization_of(account, given),
        "partner": partner,
        "document_partner": {name: value for name, value in partner.items() if name not in NOT_OF_DOCUMENTS},
        "electronic": given.get("electronic") is True,
        "comment": given.get("comment", ""),
        "tags": [],
        "notification_status": "none",
        "language": given["language"],
        "items": items,
        "summary": summary(items, rate),
        "settings": {},
        "online_szamla_status": "not_checked",
        "related_documents": [],
    }


def invoice_number(account: Account, block_id: object, document_id: int) -> str:
    """Join the block's prefix, the year and a number that rises."""
    prefix = next((block.prefix for block in account.blocks if block.id == block_id), "")
    return f"{prefix} {budapest.today().year}-{document_id:06}".strip()


def organization_of(account: Account, given: Json) -> Json:
    """Describe the seller, with the bank account the money should go to, if there is any."""
    row = bank_account_for(account, given)
    address = {"country_code": "HU", "post_code": "1111", "city": "Budapest", "address": "Homokozó utca 1."}
    bank_account = row and {
        "id": row.id,
        "name": row.name,
        "account_number": row.number,
        "account_number_iban": row.iban,
        "swift": row.swift,
    }
    return {
        "name": "Sandbox Árvíztűrő Kft.",
        "tax_number": account.tax_code,
        **({"bank_account": bank_account} if bank_account else {}),
        "address": address,
        "small_taxpayer": False,
        "ev_number": "",
        "eu_tax_number": "",
        "cash_settled": False,
    }


def bank_account_for(account: Account, given: Json) -> BankAccount | None:
    """Take the bank account asked for, or else the first in the document's currency, or else the first."""
    rows = account.bank_accounts
    asked = [row for row in rows if row.id == given.get("bank_account_id")]
    return next(iter([*asked, *(row for row in rows if row.currency == given["currency"]), *rows]), None)
