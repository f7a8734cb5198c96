"""Partners: the customers of a Billingo account."""

from bokko_cli.sandbox.exchange import Json, Request, Response, failure, invalid, is_text, json_answer, parse_object
from bokko_cli.sandbox.paging import listing
from bokko_cli.sandbox.vocabulary import COUNTRIES, PARTNER_TAX_TYPES
from bokko_cli.sandbox.world import Account

ADDRESS = ("post_code", "city", "address")
TEXTS = (
    "taxcode",
    "iban",
    "swift",
    "account_number",
    "phone",
    "general_ledger_number",
    "tax_type",
    "group_member_tax_number",
)


def create(account: Account, request: Request) -> Response:
    """Keep a new partner; nothing is kept of an incomplete one."""
    given = parse_object(request.body)
    if given is None:
        return failure(400, "The request is malformed.")
    if errors := faults(given):
        return invalid(errors)
    partner_id = next(account.ids)
    account.partners[partner_id] = partner_from(given, partner_id)
    return json_answer(201, account.partners[partner_id])


def guess(account: Account, request: Request) -> Response:
    """Find the partner with this tax number or, without one, this name; where none fits it is created."""
    given = parse_object(request.body)
    name = "taxcode" if given and given.get("taxcode") else "name"
    fitting = [row for row in account.partners.values() if given and row[name] == given.get(name)]
    return json_answer(200, fitting[0]) if fitting else create(account, request)


def listed(account: Account, request: Request) -> Response:
    """All partners, or those with the given text somewhere in their name."""
    part = request.query.get("query", "").casefold()
    return listing(request, [row for row in account.partners.values() if part in str(row["name"]).casefold()])


def show(account: Account, last: str, _: Request) -> Response:
    """One partner."""
    partner = find(account, last)
    return not_found() if partner is None else json_answer(200, partner)


def update(account: Account, last: str, request: Request) -> Response:
    """Replace a partner by what was sent; the number stays."""
    given = parse_object(request.body)
    partner = find(account, last)
    if given is None:
        return failure(400, "The request is malformed.")
    if partner is None:
        return not_found()
    if errors := faults(given):
        return invalid(errors)
    partner.update(partner_from(given, int(last)))
    return json_answer(200, partner)


def delete(account: Account, last: str, _: Request) -> Response:
    """Forget a partner; the documents made for it stay."""
    if find(account, last) is None:
        return not_found()
    del account.partners[int(last)]
    return Response(204)


def find(account: Account, last: str) -> Json | None:
    """Find the partner that the end of a path names."""
    return next((partner for partner_id, partner in account.partners.items() if str(partner_id) == last), None)


def not_found() -> Response:
    """Say the same of a number that never was and of one that is gone."""
    return failure(404, "The requested partner was not found.")


def faults(given: Json) -> dict[str, str]:
    """Say what is wrong, by field."""
    errors = {name: f"The {name} must be a string." for name in TEXTS if not isinstance(given.get(name, ""), str)}
    if not is_text(given.get("name")):
        errors["name"] = "The name field is required."
    if "tax_type" not in errors and given.get("tax_type", "") not in PARTNER_TAX_TYPES:
        errors["tax_type"] = "The selected tax_type is invalid."
    emails = given.get("emails", [])
    if not isinstance(emails, list) or not all(isinstance(email, str) for email in emails):
        errors["emails"] = "The emails must be a list of strings."
    return errors | address_faults(given.get("address"))


def address_faults(address: object) -> dict[str, str]:
    """Ask for three parts by name, though there be no address at all; without a country it is Hungary's."""
    if address is not None and not isinstance(address, dict):
        return {"address": "The address must be an object."}
    given = address or {}
    errors = {
        f"address.{part}": f"The address.{part} field is required." for part in ADDRESS if not is_text(given.get(part))
    }
    if given.get("country_code", "HU") not in [*COUNTRIES]:
        errors["address.country_code"] = "The selected address.country_code is invalid."
    return errors


def partner_from(given: Json, partner_id: int) -> Json:
    """Build a partner as it is listed, from a request without faults; unknown fields are dropped."""
    address = given["address"]
    kept = {"country_code": "HU", **address} if isinstance(address, dict) else {}
    kept = {part: kept[part] for part in ("country_code", *ADDRESS)}
    texts = {name: given.get(name, "") for name in TEXTS}
    return {"id": partner_id, "name": given["name"], "address": kept, "emails": given.get("emails", []), **texts}
