"""A rehearsal against a Billingo with books: what is sent, what it comes to, and that nothing is left."""

import json
import re
import stat
from pathlib import Path

import pytest

from bokko_cli.errors import StorageFailed
from tests.contract.rehearsal_answers import ALL_STEPS, no
from tests.fake_billingo import error_answer
from tests.ledger import Books, instead
from tests.rehearsal_world import stage
from tests.servers import ScriptedAnswer, json_answer


def test_rehearsal_makes_a_partner_and_a_draft_and_deletes_both(tmp_path: Path) -> None:
    with stage(tmp_path) as there:
        report = there.rehearse()
    assert report.ending == ("passed", None, 0)
    assert set(report.outcomes.values()) == {"passed"}
    assert there.books.steps == ALL_STEPS
    assert (there.books.partners, there.books.documents) == ({}, {})
    assert not there.note.exists()


def test_draft_holds_what_the_settings_say_and_is_mailed_to_nobody(tmp_path: Path) -> None:
    with stage(tmp_path, default_payment_method="card", default_vat_rate="0") as there:
        there.rehearse()
    empty, partner, draft = there.books.bodies
    assert empty == {}
    assert re.fullmatch("BOKKO rehearsal [0-9a-f]{16}", str(partner["name"]))
    assert partner == {
        "name": partner["name"],
        "address": {"country_code": "HU", "post_code": "1111", "city": "Budapest", "address": "Próba utca 1."},
        "emails": [], "taxcode": "", "tax_type": "NO_TAX_NUMBER",
    }  # fmt: skip
    assert re.fullmatch("[a-z-]*[0-9a-f]{16}", str(draft.pop("vendor_id")))
    assert draft == {
        "type": "draft",
        "partner_id": 90001,
        "block_id": 40101,
        "bank_account_id": 7001,
        "payment_method": "bankcard",
        "currency": "HUF",
        "language": "hu",
        "electronic": False,
        "settings": {"should_send_email": False},
        "fulfillment_date": "2026-11-22",
        "due_date": "2026-11-22",
        "items": [
            {
                "name": partner["name"],
                "quantity": 1,
                "unit": "db",
                "unit_price": 1000,
                "unit_price_type": "net",
                "vat": "0%",
            }
        ],
    }


def test_account_in_euros_is_rehearsed_with_the_rate_of_the_day(tmp_path: Path) -> None:
    with stage(tmp_path, bank_account="7002") as there:
        report = there.rehearse()
        (rate,) = [seen for seen in there.server.seen if seen.path.endswith("/currencies")]
    assert report.ending == ("passed", None, 0)
    assert rate.query == {"from": "EUR", "to": "HUF"}
    draft = there.books.bodies[-1]
    assert (draft["currency"], draft["conversion_rate"], draft["bank_account_id"]) == ("EUR", 391.25, 7002)


@pytest.mark.parametrize(
    "rate",
    [None, 0, -1, "391.25", True, [391.25], 1e400],
    ids=["none", "zero", "negative", "text", "truth", "list", "infinite"],
)
def test_rate_that_is_none_lets_no_draft_be_made(tmp_path: Path, rate: object) -> None:
    books = Books(faults={"rate": instead(json_answer(200, {"conversation_rate": rate}))})
    with stage(tmp_path, books, bank_account="7002") as there:
        report = there.rehearse()
    assert report.ending == ("unknown", "unreachable", 6)
    assert report.outcomes["draft"] == "unknown"
    assert "draft" not in books.steps
    assert (books.partners, there.note.exists(), report.left) == ({}, False, [])


@pytest.mark.parametrize("number", [None, "", "  "], ids=["null", "empty", "blank"])
@pytest.mark.parametrize("status", [200, 201])
def test_draft_without_a_number_passes(tmp_path: Path, number: str | None, status: int) -> None:
    with stage(tmp_path, Books(changed={"invoice_number": number}, made_status=status)) as there:
        assert there.rehearse().ending == ("passed", None, 0)
    assert there.books.documents == {}


def test_partner_made_of_nothing_is_deleted_again(tmp_path: Path) -> None:
    def makes(books: Books, _seen: object) -> ScriptedAnswer:
        books.partners[77] = {"id": 77, "name": ""}
        return json_answer(201, books.partners[77])

    with stage(tmp_path, Books(faults={"write_access": makes})) as there:
        report = there.rehearse()
    assert report.ending == ("passed", None, 0)
    assert there.books.partners == {}


def test_outcome_is_remembered_and_what_is_not_known_is_not(tmp_path: Path) -> None:
    with stage(tmp_path) as there:
        there.rehearse()
        assert there.world.look() == 0
        assert (there.world.status.connection.rehearsal.outcome, there.world.status.connection.key.can_write) == (  # type: ignore[union-attr]
            "passed",
            True,
        )
        there.books.faults["draft"] = instead(error_answer(500, "Down"))
        there.rehearse()
        assert there.world.look() == 0
        assert there.world.status.connection.rehearsal.outcome == "passed"  # type: ignore[union-attr]
        there.books.faults["draft"] = instead(no(402))
        there.rehearse()
        assert there.world.look() == 5
        assert [problem.code for problem in there.world.status.problems] == ["drafts_not_in_plan"]
        there.books.faults = {"write_access": instead(no(403))}
        there.rehearse()
        assert there.world.look() == 5
        assert [problem.code for problem in there.world.status.problems] == ["read_only_key"]


def test_only_drafts_leave_the_program(tmp_path: Path) -> None:
    with stage(tmp_path) as there:
        there.rehearse()
        there.rehearse(clean=True)
        methods = {(seen.method, seen.path.split("/")[2]) for seen in there.server.seen if seen.method != "GET"}
    assert methods == {("POST", "partners"), ("POST", "documents"), ("DELETE", "documents"), ("DELETE", "partners")}
    assert [body["type"] for body in there.books.bodies if "type" in body] == ["draft"]


def test_note_names_what_to_delete_before_anything_is_sent(tmp_path: Path) -> None:
    notes: dict[str, object] = {}
    with stage(tmp_path) as there:

        def look(books: Books, seen: object) -> ScriptedAnswer:
            raw = json.loads(there.note.read_text("utf-8"))
            notes[books.steps[-1]] = raw["sent"]
            assert stat.S_IMODE(there.note.stat().st_mode) == 0o600
            assert {raw["partner_name"], raw["vendor_id"]} >= {
                body[key] for body in books.bodies for key in ("name", "vendor_id") if key in body
            }
            return books.act(seen)  # type: ignore[arg-type]  # a Seen

        there.books.faults = dict.fromkeys(ALL_STEPS, look)
        assert there.rehearse().ending == ("passed", None, 0)
    both = ["partner", "draft"]
    assert notes == {
        "write_access": [],
        "partner": ["partner"],
        "draft": both,
        "read_back": both,
        "delete_draft": both,
        "delete_partner": both,
    }


def test_nothing_is_sent_where_the_note_cannot_be_written(tmp_path: Path) -> None:
    with stage(tmp_path) as there:
        there.note.mkdir()
        with pytest.raises(StorageFailed):
            there.rehearse()
        assert there.books.steps == []
