"""A rehearsal that is told no, or gets no answer: what it comes to, and that nothing is left."""

from pathlib import Path

import pytest

from tests.contract.rehearsal_answers import ALL_STEPS, NOES, READ, UNKNOWN, lost, no
from tests.fake_billingo import error_answer
from tests.ledger import Books, after_acting, instead
from tests.rehearsal_world import stage
from tests.servers import Hang, Reset, ScriptedAnswer


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
