"""`rehearse --clean`: deletes what the note names, exactly that, and a draft only while it is one."""

from pathlib import Path

import pytest

from bokko_cli.commands import rehearse
from bokko_cli.errors import Cancelled, ExitCode, MissingInput, NotConnected, StorageFailed
from bokko_cli.store.rehearsal_note import Note, read_note, write_note
from tests.fake_billingo import error_answer
from tests.fakes import Person, World
from tests.ledger import Books, Mishap, instead
from tests.rehearsal_world import RehearsalWorld, stage
from tests.servers import ScriptedAnswer, Seen, json_answer

NAME = "BOKKO rehearsal 0123456789abcdef"
VENDOR_ID = "bokko-rehearsal-0123456789abcdef"
NOTE = Note("https://api.billingo.hu/v3", "13421739-2-41", "0002", NAME, VENDOR_ID, ("partner", "draft"))


def left(there: RehearsalWorld, note: Note = NOTE, **document: object) -> None:
    """Leave a note, a partner and a draft as a killed rehearsal does."""
    write_note(there.note, note)
    partner: dict[str, object] = {"id": 1, "name": NAME}
    there.books.partners[1] = partner
    there.books.documents[2] = {"id": 2, "type": "draft", "document_partner": partner} | document
    there.books.vendor_ids[2] = VENDOR_ID


def test_clean_up_finds_both_by_their_names_and_deletes_them(tmp_path: Path) -> None:
    with stage(tmp_path) as there:
        left(there)
        report = there.rehearse(clean=True)
    assert report.ending == ("passed", None, 0)
    assert report.outcomes == {"clean_up": "passed"}
    assert there.books.steps == ["find_draft", "delete_draft", "find_partners", "delete_partner"]
    assert not there.note.exists()


def test_nothing_noted_is_nothing_to_do(tmp_path: Path) -> None:
    with stage(tmp_path) as there:
        report = there.rehearse(clean=True)
    assert (report.ending, report.outcomes) == (("passed", None, 0), {"clean_up": "passed"})
    assert there.server.seen == []


def test_foreign_partners_with_the_same_beginning_survive(tmp_path: Path) -> None:
    foreign = [f"{NAME}0", f"{NAME} Kft.", f" {NAME}", NAME.lower(), "BOKKO rehearsal", f"x{NAME}"]
    with stage(tmp_path) as there:
        left(there)
        there.books.partners |= {10 + number: {"id": 10 + number, "name": name} for number, name in enumerate(foreign)}
        assert there.rehearse(clean=True).exit_code == 0
    assert [row["name"] for row in there.books.partners.values()] == foreign


@pytest.mark.parametrize("kind", ["invoice", "proforma", "advance", "draft_offer", "Draft", None])
def test_invoice_with_our_vendor_id_survives_and_so_does_its_partner(tmp_path: Path, kind: str | None) -> None:
    with stage(tmp_path) as there:
        left(there, type=kind)
        report = there.rehearse(clean=True)
    assert report.exit_code == 6
    assert [found["kind"] for found in report.left] == ["draft", "partner"]
    assert (len(there.books.partners), len(there.books.documents), there.note.exists()) == (1, 1, True)


def test_draft_that_got_a_number_survives(tmp_path: Path) -> None:
    with stage(tmp_path) as there:
        left(there, invoice_number="WEB 2026-1")
        assert there.rehearse(clean=True).exit_code == 6
    assert len(there.books.documents) == 1


def test_draft_of_somebody_else_under_our_vendor_id_survives(tmp_path: Path) -> None:
    with stage(tmp_path) as there:
        left(there, document_partner={"id": 9, "name": "Somebody Kft."})
        assert there.rehearse(clean=True).exit_code == 6
    assert len(there.books.documents) == 1


def test_partner_is_found_beyond_the_first_page(tmp_path: Path) -> None:
    with stage(tmp_path) as there:
        left(there)
        ours = there.books.partners.pop(1)
        there.books.partners |= {
            100 + number: {"id": 100 + number, "name": f"{NAME} {number}"} for number in range(250)
        }
        there.books.partners[1] = ours
        assert there.rehearse(clean=True).exit_code == 0
    assert (len(there.books.partners), there.books.steps.count("find_partners")) == (250, 3)


PAGE = {"data": [], "current_page": 1, "last_page": 1, "total": 0}


@pytest.mark.parametrize(
    "answer",
    [
        json_answer(200, PAGE | {"total": 3}),
        json_answer(200, PAGE | {"last_page": 501}),
        json_answer(200, PAGE | {"current_page": 2}),
        json_answer(200, PAGE | {"data": None}),
        json_answer(200, PAGE | {"data": [{"id": 7}], "total": 1}),
        json_answer(200, []),
        error_answer(404, "No."),
        error_answer(500, "Down."),
    ],
)
def test_incomplete_list_of_partners_proves_nothing(tmp_path: Path, answer: object) -> None:
    with stage(tmp_path, Books(faults={"find_partners": instead(answer)})) as there:  # type: ignore[arg-type]  # an Answer
        left(there)
        report = there.rehearse(clean=True)
    assert report.ending == ("unknown", "unreachable", 6)
    assert [found["kind"] for found in report.left] == ["partner"]
    assert there.note.exists()


def pages_of_others(*lasts: int, total: int) -> Mishap:
    """Answer each page with the same hundred partners of others, and with its own count of pages."""
    rows = [{"id": 100 + number, "name": f"{NAME} {number}"} for number in range(100)]

    def fault(_: Books, seen: Seen) -> ScriptedAnswer:
        number = int(seen.query["page"])
        return json_answer(
            200, PAGE | {"data": rows, "current_page": number, "last_page": lasts[number - 1], "total": total}
        )

    return fault


@pytest.mark.parametrize("fault", [pages_of_others(2, 2, total=200), pages_of_others(3, 2, 2, total=300)])
def test_partner_that_may_have_slipped_between_two_pages_stays_noted(tmp_path: Path, fault: Mishap) -> None:
    with stage(tmp_path, Books(faults={"find_partners": fault})) as there:
        left(there)
        report = there.rehearse(clean=True)
    assert report.ending == ("unknown", "unreachable", 6)
    assert report.message("clean_up") == "Unexpected answer from Billingo: the list of partners is incomplete."
    assert [found["kind"] for found in report.left] == ["partner"]
    assert there.note.exists()


def test_partner_that_slips_between_two_pages_is_found_by_reading_again(tmp_path: Path) -> None:
    def someone_joins(books: Books, seen: Seen) -> ScriptedAnswer:
        """Ours, the last one, becomes the first while the second page is asked for: neither page shows it."""
        if seen.query["page"] == "2" and books.steps.count("find_partners") == 2:
            ours = books.partners.pop(1)
            books.partners = {1: ours, **books.partners}
        return books.act(seen)

    with stage(tmp_path, Books(faults={"find_partners": someone_joins})) as there:
        left(there)
        ours = there.books.partners.pop(1)
        there.books.partners = {100 + n: {"id": 100 + n, "name": f"{NAME} {n}"} for n in range(150)} | {1: ours}
        assert there.rehearse(clean=True).ending == ("passed", None, 0)
    assert (len(there.books.partners), there.books.steps.count("find_partners")) == (150, 4)


@pytest.mark.parametrize("number", [0, -5, 1.0, "1", True, None, 2**63])
@pytest.mark.parametrize("step", ["find_draft", "find_partners"])
def test_what_is_found_under_an_id_that_nothing_has_stays_noted(tmp_path: Path, step: str, number: object) -> None:
    row = {"id": number, "type": "draft", "name": NAME}
    found = json_answer(200, row if step == "find_draft" else PAGE | {"data": [row], "total": 1})
    with stage(tmp_path, Books(faults={step: instead(found)})) as there:
        left(there)
        assert there.rehearse(clean=True).ending == ("unknown", "unreachable", 6)
        assert read_note(there.note) == NOTE
    assert there.books.partners


@pytest.mark.parametrize("step", ["find_draft", "delete_draft", "delete_partner"])
@pytest.mark.parametrize("status", [400, 401, 402, 403, 422, 429, 500])
def test_what_cannot_be_cleaned_keeps_its_note(tmp_path: Path, step: str, status: int) -> None:
    with stage(tmp_path, Books(faults={step: instead(error_answer(status, "Words."))})) as there:
        left(there)
        report = there.rehearse(clean=True)
        assert report.exit_code == 6
        assert report.document["outcome"] in {"failed", "unknown"}
        assert report.left
        assert read_note(there.note) == NOTE
        there.books.faults.clear()
        assert there.rehearse(clean=True).exit_code == 0
    assert (there.books.partners, there.books.documents, there.note.exists()) == ({}, {}, False)


@pytest.mark.parametrize(
    "note", [NOTE._replace(account_tax_code="10773381-2-44"), NOTE._replace(endpoint="https://elsewhere.example/v3")]
)
@pytest.mark.parametrize("clean", [True, False])
def test_note_of_another_account_is_kept_and_nothing_is_sent(tmp_path: Path, note: Note, clean: bool) -> None:
    with stage(tmp_path) as there:
        write_note(there.note, note)
        report = there.rehearse(clean=clean)
        assert (report.document["code"], report.exit_code) == ("clean_up_failed", 6 if clean else 5)
        assert there.server.seen == []
        assert read_note(there.note) == note
        assert [found["id"] for found in report.left] == [None, None]


def test_note_that_cannot_be_understood_lets_nothing_be_sent(tmp_path: Path) -> None:
    with stage(tmp_path) as there:
        there.note.write_text("{", "utf-8")
        for clean in (True, False):
            with pytest.raises(StorageFailed):
                there.rehearse(clean=clean)
        assert there.server.seen == []


def test_nobody_is_asked_and_nothing_is_sent_without_yes(tmp_path: Path) -> None:
    with stage(tmp_path) as there:
        with pytest.raises(MissingInput) as caught:
            rehearse.run(there.scope(), rehearse.Options())
        assert [missing.flag for missing in caught.value.missing] == ["--yes"]
        assert caught.value.exit_code == ExitCode.USAGE
        assert there.server.seen == []


def test_person_is_told_what_will_be_written_and_may_say_no(tmp_path: Path) -> None:
    with stage(tmp_path) as there:
        scope = there.scope(Person(("Rehearse now?", False)).prompter(there.world.output))
        with pytest.raises(Cancelled):
            rehearse.run(scope, rehearse.Options())
        assert there.server.seen == []
        assert "BOKKO rehearsal" in there.world.said()
        assert (
            rehearse.run(there.scope(Person(("Rehearse now?", True)).prompter(there.world.output)), rehearse.Options())
            == ExitCode.DONE
        )
    assert there.books.steps[0] == "write_access"


def test_nothing_is_rehearsed_without_a_connection(tmp_path: Path) -> None:
    with stage(tmp_path) as there:
        there.world.settings.unlink()
        for clean in (True, False):
            with pytest.raises(NotConnected):
                there.rehearse(clean=clean)


@pytest.mark.parametrize("is_capable", [True, False])
def test_connection_that_is_not_ready_can_be_rehearsed(tmp_path: Path, is_capable: bool) -> None:
    with stage(tmp_path, invoice_capable=is_capable) as there:
        text = there.world.settings.read_text("utf-8")
        there.world.settings.write_text(text.replace('"billingo"', '"another"'), "utf-8")
        assert there.rehearse().ending == ("passed", None, 0)
        assert 'active_provider = "another"' in there.world.settings.read_text("utf-8")


def test_outcome_is_forgotten_when_settings_or_key_change(tmp_path: Path) -> None:
    with stage(tmp_path) as there:
        for change in (lambda world: world.configure(default_vat_rate="0"), World.connected):
            there.rehearse()
            assert there.connection.rehearsal is not None  # type: ignore[attr-defined]  # a Connection
            change(there.world)
            assert there.connection.rehearsal is None  # type: ignore[attr-defined]  # a Connection


@pytest.mark.parametrize("step", ["find_draft", "find_partners"])
def test_what_is_listed_and_not_found_by_its_number_is_not_gone(tmp_path: Path, step: str) -> None:
    row = {"id": 999, "type": "draft", "name": NAME, "document_partner": {"name": NAME}}
    found = json_answer(200, row if step == "find_draft" else PAGE | {"data": [row], "total": 1})
    with stage(tmp_path, Books(faults={step: instead(found)})) as there:
        left(there)
        assert there.rehearse(clean=True).ending == ("unknown", "unreachable", 6)
        assert read_note(there.note) == NOTE


def test_draft_of_somebody_else_that_only_its_number_tells_survives(tmp_path: Path) -> None:
    """Where the answer by our own name does not say whose it is, the one by its number does."""
    nameless = instead(json_answer(200, {"id": 2, "type": "draft"}))
    with stage(tmp_path, Books(faults={"find_draft": nameless})) as there:
        left(there, document_partner={"id": 9, "name": "Somebody Kft."})
        assert there.rehearse(clean=True).exit_code == 6
    assert len(there.books.documents) == 1


def test_partner_that_was_made_of_nothing_is_deleted_by_its_noted_number_while_it_has_no_name(tmp_path: Path) -> None:
    with stage(tmp_path) as there:
        write_note(there.note, NOTE._replace(sent=(), strays=(77, 78, 79)))
        there.books.partners |= {77: {"id": 77, "name": ""}, 78: {"id": 78, "name": "Somebody Kft."}}
        assert there.rehearse(clean=True).ending == ("passed", None, 0)
    assert [*there.books.partners] == [78]
    assert not there.note.exists()
