"""The write that `connect` sends beside its reads: what it is, when it is sent, and what each answer means."""

import json
import threading

import pytest

from bokko_cli.deadline import Deadline
from bokko_cli.model.apikey import ApiKey
from bokko_cli.model.values import WriteAccess
from bokko_cli.network.exchange import Pace
from bokko_cli.providers.billingo.provider import Billingo
from tests.fake_billingo import FakeBillingo, error_answer
from tests.ledger import MISSING, invalid
from tests.servers import Hang, Reset, ScriptedAnswer, Seen, Server, json_answer, raw_answer, redirect

KEY = ApiKey(FakeBillingo().key)
REFUSED = invalid(*((name, f"The {name} field is required.") for name in MISSING))


def surveyed(*answers: ScriptedAnswer, tries_to_write: bool = True) -> tuple[WriteAccess, list[Seen]]:
    """Return what a survey found out about writing, and every write that the server saw."""
    fake, left = FakeBillingo(), list(answers)

    def answer(seen: Seen) -> ScriptedAnswer:
        return fake.answer(seen) if seen.method == "GET" else left.pop(0)

    with Server(answer) as server:
        billingo = Billingo(f"{server.url}/v3", KEY, Deadline(20), lambda _: None, Pace(exchange=0.5, first_wait=0.01))
        try:
            found = billingo.survey(tries_to_write=tries_to_write)
        finally:
            billingo.close()
        assert found.failures() == []
        return found.write_access, [seen for seen in server.seen if seen.method != "GET"]


@pytest.mark.parametrize(
    ("answer", "can_write"),
    [
        pytest.param(REFUSED, True, id="422"),
        pytest.param(error_answer(403, "No."), False, id="403"),
        pytest.param(raw_answer(403, b"Blocked"), None, id="403 of a firewall"),
        pytest.param(raw_answer(403, b"<html>"), None, id="403 as a page"),
        pytest.param(raw_answer(422, b"<html>"), None, id="422 as a page"),
        pytest.param(error_answer(400, "Quota."), None, id="400"),
        pytest.param(error_answer(401, "Who?"), None, id="401"),
        pytest.param(error_answer(402, "No."), None, id="402"),
        pytest.param(error_answer(404, "No."), None, id="404"),
        pytest.param(error_answer(429, "Busy."), None, id="429"),
        pytest.param(error_answer(500, "Down."), None, id="500"),
        pytest.param(json_answer(200, {"hello": 1}), None, id="another shape"),
        pytest.param(redirect("http://127.0.0.1:1/", 307), None, id="redirect"),
        pytest.param(Reset(), None, id="reset"),
        pytest.param(Hang(), None, id="hang"),
    ],
)
def test_one_write_tells_whether_the_key_may_write(answer: ScriptedAnswer, can_write: bool | None) -> None:
    found, writes = surveyed(answer)
    assert found == WriteAccess(can_write)
    (seen,) = writes
    assert (seen.method, seen.path, json.loads(seen.body)) == ("POST", "/v3/partners", {})


@pytest.mark.parametrize("status", [200, 201])
def test_partner_that_came_of_it_is_deleted_again_and_told(status: int) -> None:
    found, writes = surveyed(json_answer(status, {"id": 77}), raw_answer(204, b""))
    assert [(seen.method, seen.path) for seen in writes] == [("POST", "/v3/partners"), ("DELETE", "/v3/partners/77")]
    assert found.can_write is None
    assert found.news == "Billingo created a partner without a name (id 77); it was deleted again at once."


def test_partner_that_cannot_be_deleted_is_named() -> None:
    found, _ = surveyed(json_answer(201, {"id": 77}), error_answer(403, "No."))
    assert found.news == "Billingo created a partner without a name (id 77); please delete it there."


@pytest.mark.parametrize("body", [{"id": 77, "name": "Somebody"}, {"name": ""}, {"data": {"id": 77}}, {"id": "77"}, []])
def test_what_came_of_it_and_cannot_be_told_apart_is_told_and_not_deleted(body: object) -> None:
    found, writes = surveyed(json_answer(201, body))
    assert [(seen.method, seen.path) for seen in writes] == [("POST", "/v3/partners")]
    assert found.can_write is None
    assert "please look for a new partner there" in found.news


def test_nothing_is_written_unless_asked_for() -> None:
    assert surveyed(tries_to_write=False) == (WriteAccess(), [])


def test_write_goes_out_beside_the_reads() -> None:
    fake, together = FakeBillingo(), threading.Barrier(4)

    def answer(seen: Seen) -> ScriptedAnswer:
        together.wait(20)
        return fake.answer(seen) if seen.method == "GET" else REFUSED

    with Server(answer) as server:
        billingo = Billingo(f"{server.url}/v3", KEY, Deadline(20), lambda _: None)
        assert billingo.survey(tries_to_write=True).write_access.can_write is True
        billingo.close()
        assert len(server.seen) == 4
