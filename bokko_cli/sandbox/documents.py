"""Documents: drafts, and the invoices they become. Nothing here is reported to anybody."""

from bokko_cli.sandbox import budapest
from bokko_cli.sandbox.draft import document_from, faults, invoice_number, setting
from bokko_cli.sandbox.exchange import Json, Request, Response, failure, invalid, json_answer, parse_object
from bokko_cli.sandbox.paging import listing
from bokko_cli.sandbox.vocabulary import DOCUMENT_FILTER_TYPES
from bokko_cli.sandbox.world import Account, Mail

FILTERS = ("block_id", "partner_id", "type", "payment_method", "payment_status")
PICKY = {
    "payment_method": "The selected payment_method is not enabled for this document block.",
    "items.0.vat": "The selected items.0.vat is not allowed for this organization.",
}
NO_PLAN = "You do not have subscription for this operation"
MALFORMED = "The request is malformed."


def create(account: Account, request: Request) -> Response:
    """Make a draft or, on every key that may, an invoice."""
    given = parse_object(request.body)
    if given is None:
        return failure(400, MALFORMED)
    if account.behaviour == "no_drafts" and needs_plan(given):
        return failure(402, NO_PLAN)
    if account.behaviour == "picky" and given.get("type") == "draft":
        return invalid(PICKY)
    if errors := faults(account, given):
        return invalid(errors)
    document_id = next(account.ids)
    account.documents[document_id] = document_from(account, given, document_id)
    if given.get("vendor_id"):
        account.vendor_ids[document_id] = str(given["vendor_id"])
    if setting(given, "should_send_email") is True:
        mail(account, document_id, [])
    return json_answer(201, account.documents[document_id])


def needs_plan(given: Json) -> bool:
    """Tell what the API add-on alone does not include."""
    return given.get("type") in ["draft", "proforma"] or given.get("electronic") is True


def listed(account: Account, request: Request) -> Response:
    """Documents; of the description's filters those that compare one field. Drafts cannot be asked for alone."""
    filters = {name: request.query[name] for name in FILTERS if name in request.query}
    if filters.get("type", "invoice") not in DOCUMENT_FILTER_TYPES:
        return invalid({"type": "The selected type is invalid."})
    rows = account.documents.values()
    return listing(request, [row for row in rows if all(matches(row, *wanted) for wanted in filters.items())])


def show(account: Account, last: str, _: Request) -> Response:
    """One document."""
    document = find(account, last)
    return not_found() if document is None else json_answer(200, document)


def show_by_vendor_id(account: Account, last: str, _: Request) -> Response:
    """Show the newest document that was made with this `vendor_id`."""
    made = [number for number, vendor_id in account.vendor_ids.items() if vendor_id == last]
    there = [number for number in made if number in account.documents]
    return json_answer(200, account.documents[there[-1]]) if there else not_found()


def convert(account: Account, last: str, request: Request) -> Response:
    """Make a draft an invoice, with what is sent now instead of what it held."""
    given, document = parse_object(request.body), find(account, last)
    if given is None:
        return failure(400, MALFORMED)
    if document is None:
        return not_found()
    if document["type"] != "draft":
        return failure(400, "Only a draft can be converted.")
    if errors := faults(account, {**given, "type": "invoice"}):
        return invalid(errors)
    document.update(document_from(account, {**given, "type": "invoice"}, int(last)))
    return json_answer(200, document)


def delete(account: Account, last: str, _: Request) -> Response:
    """Forget a draft; what has a number stays."""
    document = find(account, last)
    if document is None:
        return not_found()
    if document["type"] != "draft":
        return failure(400, "Only a draft can be deleted.")
    del account.documents[int(last)]
    return Response(204)


def copy(account: Account, last: str, _: Request) -> Response:
    """Make the same once more: of a draft a draft, of anything else a document that is issued at once."""
    document = find(account, last)
    if document is None:
        return not_found()
    document_id = next(account.ids)
    number = "" if document["type"] == "draft" else invoice_number(account, document["block_id"], document_id)
    today = budapest.today().isoformat()
    account.documents[document_id] = {**document, "id": document_id, "invoice_number": number, "invoice_date": today}
    return json_answer(200, account.documents[document_id])


def send(account: Account, last: str, request: Request) -> Response:
    """Mail the document to the addresses given, or else to the partner's; here it is only written down."""
    document, given = find(account, last), parse_object(request.body or b"{}")
    if given is None:
        return failure(400, MALFORMED)
    if document is None:
        return not_found()
    emails = given.get("emails", [])
    if not isinstance(emails, list) or not all(isinstance(email, str) for email in emails):
        return invalid({"emails": "The emails must be a list of strings."})
    return json_answer(200, {"emails": mail(account, int(last), emails)})


def mail(account: Account, document_id: int, emails: list[str]) -> list[str]:
    """Write down what would be sent and tell to whom."""
    partner = account.documents[document_id]["document_partner"]
    known = partner["emails"] if isinstance(partner, dict) else []
    account.mails.append(Mail(document_id, tuple(emails or known)))
    return emails or known


def matches(document: Json, name: str, wanted: str) -> bool:
    """Whether a document passes one of the `FILTERS`."""
    if name == "partner_id":
        partner = document["document_partner"]
        return isinstance(partner, dict) and str(partner["id"]) == wanted
    return str(document[name]) == wanted


def find(account: Account, last: str) -> Json | None:
    """Find the document that the end of a path names."""
    return next((document for number, document in account.documents.items() if str(number) == last), None)


def not_found() -> Response:
    """Say the same of a number that never was and of one that is gone."""
    return failure(404, "The requested document was not found.")
