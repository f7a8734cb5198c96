"""Documents: drafts, and the invoices they become. Nothing here is reported to anybody."""

from datetime import date

from bokko_cli.sandbox import partners
from bokko_cli.sandbox.exchange import Answer, Request, failure, invalid, json_answer, parse_object
from bokko_cli.sandbox.items import item_faults, priced, summary
from bokko_cli.sandbox.vocabulary import CURRENCIES, DOCUMENT_TYPES, LANGUAGES, PAYMENT_METHODS
from bokko_cli.sandbox.world import Account, today

FILTERS = ("block_id", "partner_id", "type", "payment_method", "payment_status")
CHOICES = {
    "type": DOCUMENT_TYPES,
    "payment_method": PAYMENT_METHODS,
    "language": LANGUAGES,
    "currency": CURRENCIES,
}
DATES = ("fulfillment_date", "due_date")

Json = dict[str, object]


def create(account: Account, request: Request) -> Answer:
    """Make a draft or, on every key that may, an invoice."""
    given = parse_object(request.body)
    if given is None:
        return failure(400, "The request is malformed.")
    if account.behaviour == "no_drafts" and given.get("type") == "draft":
        return failure(402, "You do not have subscription for this operation")
    if errors := faults(account, given):
        return invalid(errors)
    document_id = next(account.ids)
    account.documents[document_id] = document_from(account, given, document_id)
    return json_answer(201, account.documents[document_id])


def show(account: Account, last: str, _: Request) -> Answer:
    """One document."""
    document = find(account, last)
    return not_found() if document is None else json_answer(200, document)


def convert(account: Account, last: str, request: Request) -> Answer:
    """Make a draft an invoice, with what is sent now instead of what it held."""
    given, document = parse_object(request.body), find(account, last)
    if given is None:
        return failure(400, "The request is malformed.")
    if document is None:
        return not_found()
    if document["type"] != "draft":
        return failure(400, "Only a draft can be converted.")
    if errors := faults(account, {**given, "type": "invoice"}):
        return invalid(errors)
    document.update(document_from(account, {**given, "type": "invoice"}, int(last)))
    return json_answer(200, document)


def delete(account: Account, last: str, _: Request) -> Answer:
    """Forget a draft; what has a number stays."""
    document = find(account, last)
    if document is None:
        return not_found()
    if document["type"] != "draft":
        return failure(400, "Only a draft can be deleted.")
    del account.documents[int(last)]
    return Answer(204)


def fits(document: Json, name: str, wanted: str) -> bool:
    """Whether a document passes one of the `FILTERS`."""
    if name == "partner_id":
        partner = document["document_partner"]
        return isinstance(partner, dict) and str(partner["id"]) == wanted
    return str(document[name]) == wanted


def find(account: Account, last: str) -> Json | None:
    """Find the document that the end of a path names."""
    return next((document for number, document in account.documents.items() if str(number) == last), None)


def not_found() -> Answer:
    """Say the same of a number that never was and of one that is gone."""
    return failure(404, "The requested document was not found.")


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
    if not isinstance(given.get("comment", ""), str):
        errors["comment"] = "The comment must be a string."
    return errors | item_faults(given.get("items"))


def references(account: Account) -> dict[str, set[int]]:
    """List what each field that names something may name; a receipt block makes no invoice."""
    return {
        "partner_id": set(account.partners),
        "block_id": {block.id for block in account.blocks if block.type == "invoice"},
        "bank_account_id": {row.id for row in account.bank_accounts},
    }


def is_choice(name: str, value: object) -> bool:
    """One of the description's words for the field."""
    return isinstance(value, str) and value in CHOICES[name]


def is_reference(value: object, known: set[int]) -> bool:
    """Tell whether it is the number of something that is there; `true` is none."""
    return isinstance(value, int) and not isinstance(value, bool) and value in known


def is_date(value: object) -> bool:
    """`2026-11-22`, and none of ISO 8601's other forms."""
    try:
        return isinstance(value, str) and date.fromisoformat(value).isoformat() == value
    except ValueError:
        return False


def document_from(account: Account, given: Json, document_id: int) -> Json:
    """Build a document as it is listed, from a request without faults; a draft has no number."""
    items = priced(given["items"])
    totals = summary(items)
    is_draft = given["type"] == "draft"
    partner = dict(partners.find(account, str(given["partner_id"])) or {})
    return {
        "id": document_id,
        "invoice_number": "" if is_draft else invoice_number(account, given, document_id),
        "type": given["type"],
        "cancelled": False,
        "block_id": given["block_id"],
        "payment_status": "none" if is_draft else "outstanding",
        "payment_method": given["payment_method"],
        "gross_total": totals["gross_amount_local"],
        "currency": given["currency"],
        "conversion_rate": 1,
        "invoice_date": today().isoformat(),
        "fulfillment_date": given["fulfillment_date"],
        "due_date": given["due_date"],
        "organization": organization_of(account, given),
        "partner": partner,
        "document_partner": partner,
        "electronic": given.get("electronic") is True,
        "comment": given.get("comment", ""),
        "tags": [],
        "notification_status": "none",
        "language": given["language"],
        "items": items,
        "summary": totals,
        "settings": {},
        "online_szamla_status": "not_checked",
        "related_documents": [],
    }


def invoice_number(account: Account, given: Json, document_id: int) -> str:
    """Join the block's prefix, the year and a number that rises."""
    prefix = next((block.prefix or "" for block in account.blocks if block.id == given["block_id"]), "")
    return f"{prefix} {today().year}-{document_id:06}".strip()


def organization_of(account: Account, given: Json) -> Json:
    """Describe the seller, with the bank account the money should go to."""
    row = next(row for row in account.bank_accounts if row.id == given["bank_account_id"])
    address = {"country_code": "HU", "post_code": "1111", "city": "Budapest", "address": "Homokozó utca 1."}
    return {
        "name": "Sandbox Árvíztűrő Kft.",
        "tax_number": account.tax_code,
        "bank_account": {
            "id": row.id,
            "name": row.name,
            "account_number": row.number,
            "account_number_iban": row.iban,
            "swift": row.swift,
        },
        "address": address,
        "small_taxpayer": False,
        "ev_number": "",
        "eu_tax_number": "",
        "cash_settled": False,
    }
