"""A rehearsal against a Billingo with books: what is sent, what it comes to, and that nothing is left."""

import json
import re
import stat
from pathlib import Path

import pytest

from bokko_cli.errors import StorageFailed
from tests.fakes import KEY
from tests.ledger import Books, after_acting, instead, invalid
from tests.rehearsal_world import stage
from tests.servers import Hang, Reset, ScriptedAnswer, Truncate, error_answer, json_answer, raw_answer, redirect

ALL_STEPS = ["write_access", "partner", "draft", "read_back", "delete_draft", "delete_partner"]
SHAPELESS = json_answer(200, {"hello": "world"})


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


NOES = {400: "write_refused", 401: "key_rejected", 402: "write_refused", 403: "read_only_key"}
UNKNOWN = ("unknown", "unreachable", 6)


def no(status: int) -> ScriptedAnswer:
    if status == 422:
        return invalid(("payment_method", "The selected payment_method is invalid."), ("vat", "Not for you."))
    return error_answer(status, f"Words for {status}.")


@pytest.mark.parametrize(("status", "code"), [(401, "key_rejected"), (403, "read_only_key")])
def test_key_that_may_not_write_ends_it_at_the_first_step(tmp_path: Path, status: int, code: str) -> None:
    with stage(tmp_path, Books(faults={"write_access": instead(no(status))})) as there:
        report = there.rehearse()
    assert report.ending == ("failed", code, 4)
    assert there.books.steps == ["write_access"]
    assert list(report.outcomes.values()) == ["failed", "skipped", "skipped", "skipped", "skipped"]
    assert f"Words for {status}." in report.message("write_access")
    assert not there.note.exists()


@pytest.mark.parametrize("status", [400, 402])
def test_no_that_is_not_about_the_key_leaves_write_access_open(tmp_path: Path, status: int) -> None:
    with stage(tmp_path, Books(faults={"write_access": instead(no(status))})) as there:
        report = there.rehearse()
    assert report.ending == ("passed", None, 0)
    assert report.outcomes["write_access"] == "unknown"
    assert f"Words for {status}." in report.message("write_access")


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


@lost
def test_write_access_that_cannot_be_found_out_lets_the_rest_go_on(tmp_path: Path, answer: ScriptedAnswer) -> None:
    with stage(tmp_path, Books(faults={"write_access": instead(answer)})) as there:
        report = there.rehearse()
    assert report.ending == ("passed", None, 0)
    assert report.outcomes == dict.fromkeys(report.outcomes, "passed") | {"write_access": "unknown"}
    assert there.books.steps == ALL_STEPS


@pytest.mark.parametrize("step", ["partner", "draft"])
@pytest.mark.parametrize("status", [400, 401, 402, 403, 422])
def test_no_of_billingo_ends_it_with_its_words(tmp_path: Path, step: str, status: int) -> None:
    with stage(tmp_path, Books(faults={step: instead(no(status))})) as there:
        report = there.rehearse()
    code = {**NOES, 402: "drafts_not_in_plan" if step == "draft" else "write_refused", 422: "settings_refused"}[status]
    assert report.ending == ("failed", code, 5 if status == 422 else 4)
    words = ["payment_method: The selected payment_method is invalid.", "vat: Not for you."]
    for line in words if status == 422 else [f"Words for {status}."]:
        assert line in report.message(step)
    assert there.books.steps.count(step) == 1
    assert "find_draft" not in there.books.steps
    assert (there.books.partners, there.books.documents, there.note.exists()) == ({}, {}, False)


@lost
@pytest.mark.parametrize("acts", [True, False], ids=["after acting", "before acting"])
@pytest.mark.parametrize("step", ["partner", "draft"])
def test_what_came_of_a_lost_answer_is_looked_up_and_deleted(
    tmp_path: Path, step: str, acts: bool, answer: ScriptedAnswer
) -> None:
    fault = after_acting(answer) if acts else instead(answer)
    with stage(tmp_path, Books(faults={step: fault})) as there:
        report = there.rehearse()
    assert report.ending == UNKNOWN
    assert (report.outcomes[step], report.outcomes["clean_up"]) == ("unknown", "passed")
    assert there.books.steps.count(step) == 1
    assert (there.books.partners, there.books.documents) == ({}, {})
    assert (report.left, there.note.exists()) == ([], False)


def test_without_a_connection_nothing_can_be_left_and_nothing_is_noted(tmp_path: Path) -> None:
    with stage(tmp_path) as there:
        pass
    report = there.rehearse()
    assert report.ending == UNKNOWN
    assert report.outcomes == {
        "write_access": "unknown", "partner": "unknown", "draft": "skipped", "read_back": "skipped",
        "clean_up": "skipped",
    }  # fmt: skip
    assert (report.left, there.note.exists()) == ([], False)


def test_without_a_connection_what_an_earlier_rehearsal_noted_stays_noted(tmp_path: Path) -> None:
    faults = {"partner": after_acting(Hang()), "find_partners": instead(Hang())}
    with stage(tmp_path, Books(faults=faults)) as there:
        assert there.rehearse().left
    for clean in (False, True):
        assert there.rehearse(clean=clean).left
        assert there.note.exists()


READ = {**LOST, **{str(status): no(status) for status in (400, 402, 403, 422)}}


@pytest.mark.parametrize("answer", READ.values(), ids=READ)
def test_draft_that_cannot_be_read_back_is_deleted_all_the_same(tmp_path: Path, answer: ScriptedAnswer) -> None:
    with stage(tmp_path, Books(faults={"read_back": instead(answer)})) as there:
        report = there.rehearse()
    assert report.ending == UNKNOWN
    assert (report.outcomes["read_back"], report.outcomes["clean_up"]) == ("unknown", "passed")
    assert (there.books.partners, there.books.documents, there.note.exists()) == ({}, {}, False)


def test_key_that_is_refused_when_reading_back_is_said(tmp_path: Path) -> None:
    with stage(tmp_path, Books(faults={"read_back": instead(no(401))})) as there:
        assert there.rehearse().ending == ("failed", "key_rejected", 4)
    assert (there.books.partners, there.books.documents) == ({}, {})


@pytest.mark.parametrize("answer", READ.values(), ids=READ)
@pytest.mark.parametrize("step", ["delete_draft", "delete_partner"])
def test_what_cannot_be_deleted_is_named_and_noted_and_deleted_later(
    tmp_path: Path, step: str, answer: ScriptedAnswer
) -> None:
    if answer is READ["404"]:
        pytest.skip("means that it is gone")
    with stage(tmp_path, Books(faults={step: instead(answer)})) as there:
        report = there.rehearse()
        assert report.ending == ("failed", "clean_up_failed", 5)
        assert report.outcomes["clean_up"] == "failed"
        kinds = ["draft", "partner"] if step == "delete_draft" else ["partner"]
        assert [left["kind"] for left in report.left] == kinds
        assert {left["name"] for left in report.left} == {str(there.books.bodies[1]["name"])}
        assert there.note.exists()
        there.books.faults.clear()
        assert there.rehearse(clean=True).ending == ("passed", None, 0)
    assert (there.books.partners, there.books.documents, there.note.exists()) == ({}, {}, False)


@pytest.mark.parametrize("step", ["delete_draft", "delete_partner"])
def test_deletion_whose_answer_is_lost_is_tried_again(tmp_path: Path, step: str) -> None:
    for answer in (Reset(), Hang(), error_answer(502, "Bad gateway")):
        books = Books()

        def once(kept: Books, seen: object, answer: ScriptedAnswer = answer) -> ScriptedAnswer:
            del kept.faults[step]
            return after_acting(answer)(kept, seen)  # type: ignore[arg-type]  # a Seen

        books.faults[step] = once
        with stage(tmp_path / type(answer).__name__ / step, books) as there:
            assert there.rehearse().ending == ("passed", None, 0)
        assert (books.partners, books.documents, books.steps.count(step)) == ({}, {}, 2)


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
