"""What comes back as the draft of a rehearsal: compared, and deleted only where it surely is ours and a draft."""

import json
from pathlib import Path

import pytest

from tests.contract.rehearsal_answers import SHAPELESS
from tests.fake_billingo import error_answer
from tests.fakes import KEY
from tests.ledger import Books, after_acting, instead
from tests.rehearsal_world import stage
from tests.servers import Hang, Reset, ScriptedAnswer, json_answer

DIFFERENT = {
    "block": {"block_id": 40104},
    "block as a truth": {"block_id": True},
    "payment method": {"payment_method": "cash"},
    "currency": {"currency": "EUR"},
    "bank account": {"organization": {"bank_account": {"id": 7002}}},
    "bank account by number": {"organization": {"bank_account": {"id": None, "account_number": "11111111-2222"}}},
    "VAT": {"items": [{"vat": "0%"}]},
    "VAT of one of two": {"items": [{"vat": "27%"}, {"vat": "5%"}]},
}


@pytest.mark.parametrize("changed", DIFFERENT.values(), ids=DIFFERENT)
def test_draft_that_comes_back_different_is_told_and_deleted(tmp_path: Path, changed: dict[str, object]) -> None:
    with stage(tmp_path, Books(changed=changed)) as there:
        report = there.rehearse()
    assert report.ending == ("failed", "draft_differs", 5)
    assert (report.outcomes["read_back"], report.outcomes["clean_up"]) == ("failed", "passed")
    assert "asked for" in report.message("read_back")
    assert (there.books.partners, there.books.documents, there.note.exists()) == ({}, {}, False)


SAME = {
    "an IBAN instead of an id": {
        "organization": {"bank_account": {"account_number_iban": "HU1 1773016 1111101800000000"}}
    },
    "the number without dashes": {"organization": {"bank_account": {"account_number": "117730161111101800000000"}}},
    "an empty bank account": {"organization": {"bank_account": {}}},
    "no bank account": {"organization": {"bank_account": None}},
    "no seller": {"organization": None},
    "nulls": dict.fromkeys(("block_id", "payment_method", "currency", "items")),
    "items of another shape": {"items": ["x", 3]},
    "an item without a rate": {"items": [{"name": "x"}]},
}


@pytest.mark.parametrize("changed", [case for name, case in SAME.items() if "IBAN" not in name])
def test_what_the_answer_does_not_name_is_not_compared(tmp_path: Path, changed: dict[str, object]) -> None:
    with stage(tmp_path, Books(changed=changed)) as there:
        assert there.rehearse().ending == ("passed", None, 0)


NO_DRAFTS = [
    {"type": "invoice", "invoice_number": "WEB 2026-1"},
    {"type": "invoice"},
    {"invoice_number": "WEB 2026-1"},
    {"type": "proforma"},
    {"invoice_number": 7},
    {"type": 3},
]


@pytest.mark.parametrize("changed", NO_DRAFTS)
def test_what_is_no_draft_is_never_deleted_nor_is_its_partner(tmp_path: Path, changed: dict[str, object]) -> None:
    with stage(tmp_path, Books(changed=changed)) as there:
        report = there.rehearse()
        assert report.ending == ("failed", "draft_differs", 5)
        assert report.left[0] == {"kind": "draft", "id": 90002, "name": there.books.bodies[1]["name"]}
        assert report.left[1]["kind"] == "partner"
        assert not {"delete_draft", "delete_partner"} & {*there.books.steps}
        assert "90002" in there.world.said().splitlines()[-4:][0] + there.world.said()
        assert there.rehearse(clean=True).exit_code == 6
        assert there.note.exists()
        before = len(there.books.steps)
        assert there.rehearse().ending == ("failed", "draft_differs", 5)
        assert {*there.books.steps[before:]} == {"find_draft"}
    assert (len(there.books.partners), len(there.books.documents)) == (1, 1)


@pytest.mark.parametrize("place", ["type", "payment_method", "currency", "invoice_number"])
def test_key_in_a_document_is_not_shown(tmp_path: Path, place: str) -> None:
    with stage(tmp_path, Books(changed={place: f"see {KEY.upper()} or {KEY}"})) as there:
        report = there.rehearse()
        told = there.world.said() + json.dumps(report.document, ensure_ascii=False)
    assert report.ending == ("failed", "draft_differs", 5)
    assert "…" in told
    assert KEY.lower() not in told.lower()


def test_draft_that_becomes_an_invoice_before_it_is_read_back_is_left_alone(tmp_path: Path) -> None:
    def issued(books: Books, seen: object) -> ScriptedAnswer:
        next(iter(books.documents.values())).update(type="invoice", invoice_number="WEB 2026-1")
        return books.act(seen)  # type: ignore[arg-type]  # a Seen

    with stage(tmp_path, Books(faults={"read_back": issued})) as there:
        assert there.rehearse().ending == ("failed", "draft_differs", 5)
    assert not {"delete_draft", "delete_partner"} & {*there.books.steps}


@pytest.mark.parametrize("sees", ["read_back", "find_draft"])
def test_somebody_elses_draft_is_never_deleted(tmp_path: Path, sees: str) -> None:
    foreign = {"id": 5, "type": "draft", "document_partner": {"name": "Somebody Kft."}}
    books = Books(faults={sees: instead(json_answer(200, foreign)), "draft": after_acting(json_answer(201, foreign))})
    with stage(tmp_path, books) as there:
        report = there.rehearse()
    assert report.exit_code == 6
    assert not [seen for seen in there.server.seen if seen.method == "DELETE" and seen.path.endswith("/5")]


def test_number_that_turns_out_to_be_somebody_elses_is_not_deleted_but_our_draft_is(tmp_path: Path) -> None:
    foreign = {"id": 5, "type": "draft", "document_partner": {"name": "Somebody Kft."}}
    made = after_acting(json_answer(201, {"id": 5, "type": "draft"}))
    with stage(tmp_path, Books(faults={"draft": made, "read_back": instead(json_answer(200, foreign))})) as there:
        assert there.rehearse().left == []
    assert not [seen for seen in there.server.seen if seen.method == "DELETE" and seen.path.endswith("/5")]
    assert there.books.documents == {}


@pytest.mark.parametrize("read_back", [Hang(), Reset(), error_answer(500, "Down."), SHAPELESS])
def test_number_that_was_not_read_back_is_not_deleted_but_our_draft_is(
    tmp_path: Path, read_back: ScriptedAnswer
) -> None:
    made = after_acting(json_answer(201, {"id": 5, "type": "draft"}))
    with stage(tmp_path, Books(faults={"draft": made, "read_back": instead(read_back)})) as there:
        assert there.rehearse().left == []
    assert not [seen for seen in there.server.seen if seen.method == "DELETE" and seen.path.endswith("/5")]
    assert (there.books.documents, there.books.partners) == ({}, {})


def test_partner_of_another_name_is_not_deleted_but_ours_is(tmp_path: Path) -> None:
    foreign = after_acting(json_answer(201, {"id": 5, "name": "Somebody Kft."}))
    with stage(tmp_path, Books(faults={"partner": foreign})) as there:
        assert there.rehearse().left == []
    assert not [seen for seen in there.server.seen if seen.method == "DELETE" and seen.path.endswith("/5")]
    assert there.books.partners == {}


def test_draft_whose_answer_says_little_is_judged_by_what_is_read_back(tmp_path: Path) -> None:
    with stage(tmp_path, Books(faults={"draft": after_acting(json_answer(201, {"id": 90002}))})) as there:
        assert there.rehearse().ending == ("passed", None, 0)
    assert there.books.documents == {}
