"""What a Billingo may answer to the steps of a rehearsal, and what that comes to."""

import pytest

from tests.fake_billingo import error_answer
from tests.ledger import invalid
from tests.servers import Hang, Reset, ScriptedAnswer, Truncate, json_answer, raw_answer, redirect

ALL_STEPS = ["write_access", "partner", "draft", "read_back", "delete_draft", "delete_partner"]
SHAPELESS = json_answer(200, {"hello": "world"})
NOES = {400: "write_refused", 401: "key_rejected", 402: "write_refused", 403: "read_only_key"}
UNKNOWN = ("unknown", "unreachable", 6)


def no(status: int) -> ScriptedAnswer:
    if status == 422:
        return invalid(("payment_method", "The selected payment_method is invalid."), ("vat", "Not for you."))
    return error_answer(status, f"Words for {status}.")


LOST: dict[str, ScriptedAnswer] = {
    "404": error_answer(404, "Words."),
    "429": error_answer(429, "Too many requests"),
    "500": error_answer(500, "Internal Server Error.", trace_id="abc"),
    "503 as a page": raw_answer(503, b"<html>Sorry"),
    "401 of a portal": raw_answer(401, b"<html>Log in"),
    "403 of a firewall": raw_answer(403, b"Blocked"),
    "400 without a body": raw_answer(400, b""),
    "hang": Hang(),
    "reset": Reset(),
    "cut off": Truncate(b'{"id": 1}', 4),
    "redirect": redirect("http://127.0.0.1:1/v3/documents", 307),
    "another shape": SHAPELESS,
    "an id that is text": json_answer(201, {"id": "90001"}),
    "an id that is zero": json_answer(201, {"id": 0}),
    "an id below zero": json_answer(201, {"id": -5}),
    "an id beyond all": json_answer(201, {"id": 2**63}),
    "no JSON": raw_answer(201, b"made"),
    "a page": raw_answer(201, b"<html>Made"),
}
lost = pytest.mark.parametrize("answer", LOST.values(), ids=LOST)
READ = {**LOST, **{str(status): no(status) for status in (400, 402, 403, 422)}}
