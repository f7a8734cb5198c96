"""A Billingo that keeps books: what a rehearsal makes there, reads and deletes, with a fault at any step."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import count

from tests.fake_billingo import error_answer, page
from tests.servers import ScriptedAnswer, Seen, json_answer, raw_answer

JsonBody = dict[str, object]
Mishap = Callable[["Books", Seen], ScriptedAnswer]
"""What is answered at a step instead; `Books.act` does what would have been done."""

MISSING = ("name", "address.post_code", "address.city", "address.address")
ACCOUNTS: dict[object, JsonBody] = {
    7001: {"id": 7001, "name": "OTP HUF", "account_number": "11773016-11111018-00000000", "account_number_iban": ""},
    7002: {"id": 7002, "name": "Erste EUR", "account_number": "11600006-00000000-12345676", "account_number_iban": ""},
}


@dataclass
class Books:
    """One account; `faults` are by step, `changed` are members of a draft that come back different."""

    partners: dict[int, JsonBody] = field(default_factory=dict)
    documents: dict[int, JsonBody] = field(default_factory=dict)
    vendor_ids: dict[int, str] = field(default_factory=dict)
    faults: dict[str, Mishap] = field(default_factory=dict)
    changed: JsonBody = field(default_factory=dict)
    made_status: int = 201
    steps: list[str] = field(default_factory=list)
    bodies: list[JsonBody] = field(default_factory=list)
    _ids: "count[int]" = field(default_factory=lambda: count(90_001))

    def answer(self, seen: Seen) -> ScriptedAnswer:
        step = step_of(seen)
        self.steps.append(step)
        if seen.body:
            self.bodies.append(json.loads(seen.body))
        fault = self.faults.get(step)
        return fault(self, seen) if fault else self.act(seen)

    def act(self, seen: Seen) -> ScriptedAnswer:  # noqa: C901, PLR0911 - a table of steps
        """Do what is asked for."""
        last = seen.path.rpartition("/")[2]
        match step_of(seen):
            case "write_access":
                return invalid(*((name, f"The {name} field is required.") for name in MISSING))
            case "partner":
                return self._make_partner(json.loads(seen.body))
            case "draft":
                return self._make_draft(json.loads(seen.body))
            case "rate":
                return json_answer(200, {"from_currency": "EUR", "to_currency": "HUF", "conversation_rate": 391.25})
            case "read_back":
                return self._shown(self.documents.get(int(last)))
            case "find_draft":
                return self._shown(next((self.documents[n] for n, v in self.vendor_ids.items() if v == last), None))
            case "find_partners":
                rows = [row for row in self.partners.values() if seen.query["query"] in str(row["name"])]
                return page(rows, seen.query)
            case "read_partner":
                return self._shown(self.partners.get(int(last)))
            case "delete_draft":
                return self._delete_draft(int(last))
            case "delete_partner":
                return gone() if self.partners.pop(int(last), None) else not_found()
        raise AssertionError(f"nobody may ask for {seen.method} {seen.path}")

    def _make_partner(self, given: JsonBody) -> ScriptedAnswer:
        number = next(self._ids)
        self.partners[number] = {**given, "id": number}
        return json_answer(self.made_status, self.partners[number])

    def _make_draft(self, given: JsonBody) -> ScriptedAnswer:
        number = next(self._ids)
        self.vendor_ids[number] = str(given["vendor_id"])
        self.documents[number] = document(number, given, self.partners[int(str(given["partner_id"]))]) | self.changed
        return self._shown(self.documents[number], self.made_status)

    def _shown(self, found: JsonBody | None, status: int = 200) -> ScriptedAnswer:
        return not_found() if found is None else json_answer(status, found)

    def _delete_draft(self, number: int) -> ScriptedAnswer:
        if number not in self.documents:
            return not_found()
        assert self.documents[number]["type"] == "draft", "an invoice was about to be deleted"
        del self.documents[number], self.vendor_ids[number]
        return gone()


def document(number: int, given: JsonBody, partner: JsonBody) -> JsonBody:
    """Return a document as Billingo shows it; a draft has no number."""
    items = given["items"]
    assert isinstance(items, list)
    return {
        "id": number,
        "invoice_number": "",
        "type": given["type"],
        "block_id": given["block_id"],
        "payment_method": given["payment_method"],
        "currency": given["currency"],
        "organization": {"name": "Kft.", "bank_account": ACCOUNTS[given["bank_account_id"]]},
        "partner": partner,
        "document_partner": partner,
        "items": [{"name": item["name"], "vat": item["vat"], "quantity": item["quantity"]} for item in items],
    }


def step_of(seen: Seen) -> str:  # noqa: PLR0911 - a table of requests
    """Return what a request is for, by its method and path."""
    match (seen.method, seen.path.removeprefix("/v3").strip("/").split("/")):
        case ("POST", ["partners"]):
            return "partner" if json.loads(seen.body) else "write_access"
        case ("POST", ["documents"]):
            return "draft"
        case ("GET", ["documents", "vendor", _]):
            return "find_draft"
        case ("GET", ["documents", number]) if number.isdigit():
            return "read_back"
        case ("GET", ["partners"]):
            return "find_partners"
        case ("GET", ["partners", number]) if number.isdigit():
            return "read_partner"
        case ("GET", ["currencies"]):
            return "rate"
        case ("DELETE", ["documents", number]) if number.isdigit():
            return "delete_draft"
        case ("DELETE", ["partners", number]) if number.isdigit():
            return "delete_partner"
    return f"{seen.method} {seen.path}"


def invalid(*errors: tuple[str, str]) -> ScriptedAnswer:
    """Answer as Billingo does to a request with faults."""
    rows = [{"field": name, "message": message} for name, message in errors]
    return json_answer(422, {"message": "Validation Failed", "errors": rows})


def not_found() -> ScriptedAnswer:
    """Answer as Billingo does for what is not there."""
    return error_answer(404, "The requested resource was not found.")


def gone() -> ScriptedAnswer:
    """Answer as Billingo does when something is deleted."""
    return raw_answer(204, b"")


def instead(answer: ScriptedAnswer) -> Mishap:
    """Answer this, and do nothing."""
    return lambda _books, _seen: answer


def after_acting(answer: ScriptedAnswer) -> Mishap:
    """Do what was asked for, and answer this."""

    def fault(books: Books, seen: Seen) -> ScriptedAnswer:
        books.act(seen)
        return answer

    return fault
