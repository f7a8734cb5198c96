"""Asks the sandbox's Billingo as a stranger's client would."""

import http.client
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

ADDRESS = {"country_code": "HU", "post_code": "1051", "city": "Budapest", "address": "Fő utca 1."}


PARTNER = {"name": "Tükörfúró Bt.", "address": ADDRESS}


ITEM = {"name": "Fúró", "unit_price": 1000, "unit_price_type": "net", "quantity": 3, "unit": "db", "vat": "27%"}


@dataclass(frozen=True, slots=True)
class SandboxReply:
    status: int
    headers: http.client.HTTPMessage
    json: Any


AskSandbox = Callable[..., SandboxReply]


def draft(partner_id: object, **changes: object) -> dict[str, object]:
    fields = {
        "partner_id": partner_id,
        "block_id": 40101,
        "bank_account_id": 7001,
        "type": "draft",
        "fulfillment_date": "2026-11-22",
        "due_date": "2026-11-30",
        "payment_method": "wire_transfer",
        "language": "hu",
        "currency": "HUF",
        "items": [ITEM],
    }
    return {**fields, **changes}


def new_partner(ask: AskSandbox, key: str = "sandbox-ready") -> int:
    return int(ask("POST", "/partners", PARTNER, key=key).json["id"])


def fields_at_fault(reply: SandboxReply) -> set[str]:
    """Return the fields named by a 422, whose shape has no `error` round it."""
    assert reply.status == 422
    assert set(reply.json) == {"message", "errors"}
    assert reply.json["message"] == "Validation Failed"
    assert all(set(error) == {"field", "message"} and error["message"] for error in reply.json["errors"])
    return {error["field"] for error in reply.json["errors"]}


def assert_error(reply: SandboxReply, status: int) -> None:
    """Expect the error body of every status but 422; a trace id with 500 alone."""
    assert reply.status == status
    assert set(reply.json) == {"error"}
    assert set(reply.json["error"]) == ({"message", "trace_id"} if status == 500 else {"message"})
    assert all(isinstance(text, str) and text for text in reply.json["error"].values())
