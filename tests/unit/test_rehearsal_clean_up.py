"""What is deleted after a rehearsal, in which order, and what is left where something cannot be."""

import time
from pathlib import Path

import pytest

from bokko_cli.commands.rehearse.clean_up import CleanUp, Trace, Traces, not_a_draft
from bokko_cli.errors import BokkoError, ExitCode, RehearsalRefused, UnexpectedAnswer, Unreachable
from bokko_cli.model.rehearsing import Draft, LeftBehind
from tests.scripted_rehearsal import (
    DELETE_DRAFT,
    DELETE_PARTNER,
    FIND_DRAFT,
    FIND_PARTNERS,
    NAME,
    NOTE,
    OURS,
    READ_DRAFT,
    SECOND_LOOK,
    SETTINGS,
    Call,
    Scripted,
)

LOST = Unreachable("No answer came in time.")
NO = RehearsalRefused("No.", ExitCode.REFUSED, "write_refused")
PATH = Path("default.billingo.rehearsal.json")
DRAFT = LeftBehind("draft", 9, NAME)
PARTNER = LeftBehind("partner", 7, NAME)


def made() -> Traces:
    """Return the traces of a rehearsal whose draft was read back."""
    return Traces(Trace(may_exist=True, id=7), Trace(may_exist=True, id=9, is_draft=True))


def noted() -> Traces:
    """Return what a note tells of a rehearsal that was killed."""
    return Traces.of(NOTE._replace(sent=("partner", "draft")))


def cleaned(traces: Traces, *script: tuple[Call, object]) -> tuple[BokkoError | None, list[Call]]:
    """Clean up, by the whole script and nothing else; return what was raised, and each call."""
    provider, error = Scripted(*script), None
    try:
        CleanUp(provider, "Billingo", NOTE, PATH, SETTINGS, traces).run()
    except BokkoError as raised:
        error = raised
    assert provider.left == []
    return error, provider.asked


def test_draft_that_was_read_back_goes_and_then_its_partner_without_a_look() -> None:
    traces = made()
    assert cleaned(traces, (DELETE_DRAFT, None), (DELETE_PARTNER, None)) == (None, [DELETE_DRAFT, DELETE_PARTNER])
    assert traces.left(NOTE) == ()
    assert cleaned(traces) == (None, [])


def test_what_is_only_noted_is_found_by_its_names() -> None:
    script = [(FIND_DRAFT, OURS), (DELETE_DRAFT, None), (FIND_PARTNERS, (7,)), (DELETE_PARTNER, None)]
    assert cleaned(noted(), *script) == (None, [call for call, _ in script])


def test_what_is_not_found_is_looked_for_twice_and_then_gone() -> None:
    traces = noted()
    script: list[tuple[Call, object]] = [
        (FIND_DRAFT, None), (FIND_DRAFT, None), (FIND_PARTNERS, ()), (FIND_PARTNERS, ())
    ]  # fmt: skip
    error, asked = cleaned(traces, *script)
    assert (error, traces.left(NOTE)) == (None, ())
    assert asked == [FIND_DRAFT, SECOND_LOOK, FIND_DRAFT, FIND_PARTNERS, SECOND_LOOK, FIND_PARTNERS]


def test_what_comes_late_is_found_by_the_second_look() -> None:
    script: list[tuple[Call, object]] = [
        (FIND_DRAFT, None), (FIND_DRAFT, OURS), (DELETE_DRAFT, None),
        (FIND_PARTNERS, ()), (FIND_PARTNERS, (7,)), (DELETE_PARTNER, None),
    ]  # fmt: skip
    assert cleaned(noted(), *script)[0] is None


@pytest.mark.parametrize("note_of", [("partner",), ("draft",), ()])
def test_only_what_was_sent_is_looked_for(note_of: tuple[str, ...]) -> None:
    script: list[tuple[Call, object]] = []
    script += [(FIND_DRAFT, OURS), (DELETE_DRAFT, None)] if "draft" in note_of else []
    script += [(FIND_PARTNERS, (7,)), (DELETE_PARTNER, None)] if "partner" in note_of else []
    traces = Traces.of(NOTE._replace(sent=note_of))  # type: ignore[arg-type]  # kinds
    assert [left.kind for left in traces.left(NOTE)] == [*note_of]
    assert cleaned(traces, *script)[0] is None


def numbered() -> Traces:
    """Return the traces of a draft whose number the answer told, and which could not be read back."""
    return Traces(draft=Trace(may_exist=True, id=9))


def test_draft_that_its_name_does_not_find_is_read_by_its_number() -> None:
    traces = numbered()
    script = [(FIND_DRAFT, None), (FIND_DRAFT, None), (READ_DRAFT, OURS), (DELETE_DRAFT, None)]
    assert cleaned(traces, *script)[0] is None
    assert traces.left(NOTE) == ()


def test_draft_that_neither_name_nor_number_finds_stays_noted() -> None:
    traces = numbered()
    assert cleaned(traces, (FIND_DRAFT, None), (FIND_DRAFT, None), (READ_DRAFT, LOST))[0] is LOST
    assert traces.left(NOTE) == (DRAFT,)


def test_number_that_our_name_does_not_lead_to_is_not_the_one_that_goes() -> None:
    delete: Call = ("delete_draft", 10)
    assert cleaned(numbered(), (FIND_DRAFT, Draft(10, is_draft=True)), (delete, None))[0] is None


@pytest.mark.parametrize("traces", [noted(), Traces(Trace(may_exist=True, id=7), Trace(may_exist=True, id=9))])
def test_document_that_does_not_say_what_it_is_stays_and_its_partner_too(traces: Traces) -> None:
    error, _ = cleaned(traces, (FIND_DRAFT, Draft(9, is_draft=None)))
    assert isinstance(error, Unreachable)
    assert error.message == "Billingo does not say whether document 9 is a draft."
    assert traces.left(NOTE)[0] == DRAFT
    assert [left.kind for left in traces.left(NOTE)] == ["draft", "partner"]


def test_document_that_is_no_draft_stays_and_its_partner_too() -> None:
    traces = noted()
    error, _ = cleaned(traces, (FIND_DRAFT, Draft(9, is_draft=False)))
    assert isinstance(error, RehearsalRefused)
    assert (error.code, error.exit_code) == ("draft_differs", ExitCode.NOT_READY)
    assert error.message == "Document 9 in Billingo is not a draft."
    assert error.fix == (
        "Look at document 9 in Billingo now; bokko has not changed it. "
        "Then remove default.billingo.rehearsal.json, so that the next rehearsal can begin."
    )
    assert traces.left(NOTE) == (DRAFT, LeftBehind("partner", None, NAME))


def test_document_that_was_seen_to_be_no_draft_is_not_even_looked_for() -> None:
    traces = Traces(draft=Trace(may_exist=True, id=9, is_draft=False))
    error, asked = cleaned(traces)
    assert error
    assert (error.code, asked) == ("draft_differs", [])


def test_reasons_stand_below_what_is_no_draft() -> None:
    error = not_a_draft("Billingo", 9, PATH, ["It has a number.", "It is an invoice."])
    assert error.message == "Document 9 in Billingo is not a draft.\nIt has a number.\nIt is an invoice."


@pytest.mark.parametrize(
    ("call", "rest", "left"),
    [(DELETE_DRAFT, [(DELETE_PARTNER, None)], (DRAFT, PARTNER)), (DELETE_PARTNER, [], (PARTNER,))],
)
def test_deletion_without_an_answer_is_tried_once_more(
    call: Call, rest: list[tuple[Call, object]], left: tuple[LeftBehind, ...]
) -> None:
    before: list[tuple[Call, object]] = [] if call is DELETE_DRAFT else [(DELETE_DRAFT, None)]
    assert cleaned(made(), *before, (call, LOST), (call, None), *rest)[0] is None
    for second in (LOST, NO):
        traces = made()
        assert cleaned(traces, *before, (call, LOST), (call, second))[0] is second
        assert traces.left(NOTE) == left
    traces = made()
    assert cleaned(traces, *before, (call, NO))[0] is NO
    assert traces.left(NOTE) == left


def test_each_partner_of_our_name_goes_and_the_one_that_does_not_is_named() -> None:
    traces = Traces.of(NOTE._replace(sent=("partner",)))
    script: list[tuple[Call, object]] = [(FIND_PARTNERS, (5, 7)), (("delete_partner", 5), None), (DELETE_PARTNER, NO)]
    assert cleaned(traces, *script)[0] is NO
    assert traces.left(NOTE) == (PARTNER,)


def test_partners_that_nobody_asked_for_go_first_and_are_named_while_they_are_there() -> None:
    traces = made()
    traces.strays += [77, 78]
    assert traces.left(NOTE) == (DRAFT, PARTNER, LeftBehind("partner", 77, ""), LeftBehind("partner", 78, ""))
    first: Call = ("delete_partner", 77)
    second: Call = ("delete_partner", 78)
    assert cleaned(traces, (first, LOST), (first, None), (second, NO))[0] is NO
    assert traces.left(NOTE) == (DRAFT, PARTNER, LeftBehind("partner", 78, ""))
    assert cleaned(traces, (second, None), (DELETE_DRAFT, None), (DELETE_PARTNER, None))[0] is None
    assert traces.left(NOTE) == ()


def test_what_is_on_its_way_is_looked_for_longer_and_longer() -> None:
    traces = Traces.of(NOTE._replace(sent=("partner", "draft")), may_be_running=True)
    late: list[tuple[Call, object]] = [(FIND_DRAFT, None)] * 3 + [(FIND_DRAFT, OURS), (DELETE_DRAFT, None)]
    error, asked = cleaned(traces, *late, (FIND_PARTNERS, ()), (FIND_PARTNERS, (7,)), (DELETE_PARTNER, None))
    assert (error, asked.count(SECOND_LOOK)) == (None, 4)
    traces = Traces(Trace(may_exist=True, may_be_running=True))
    assert cleaned(traces, *[(FIND_PARTNERS, ())] * 4)[0] is None


def test_draft_that_is_missing_by_its_number_must_be_missing_by_its_name() -> None:
    assert cleaned(made(), (DELETE_DRAFT, True), (FIND_DRAFT, None), (DELETE_PARTNER, None))[0] is None
    traces = made()
    error, _ = cleaned(traces, (DELETE_DRAFT, True), (FIND_DRAFT, OURS))
    assert isinstance(error, Unreachable)
    assert error.message == "Billingo does not delete document 9 and still has it."
    assert error.fix == "Look at it in Billingo, then run the command again."
    assert traces.left(NOTE) == (DRAFT, PARTNER)


def test_partner_that_is_missing_by_its_number_is_looked_for_by_its_name() -> None:
    begin: list[tuple[Call, object]] = [(DELETE_DRAFT, None), (DELETE_PARTNER, True)]
    other: Call = ("delete_partner", 8)
    assert cleaned(made(), *begin, (FIND_PARTNERS, ()))[0] is None
    assert cleaned(made(), *begin, (FIND_PARTNERS, (8,)), (other, None))[0] is None
    assert cleaned(made(), *begin, (FIND_PARTNERS, (8,)), (other, True), (FIND_PARTNERS, ()))[0] is None
    traces = made()
    error, _ = cleaned(traces, *begin, (FIND_PARTNERS, (8,)), (other, True), (FIND_PARTNERS, (8,)))
    assert isinstance(error, Unreachable)
    assert error.message == "Billingo does not delete partner 8 and still has it."
    assert error.fix == "Look at it in Billingo, then run the command again."
    assert traces.left(NOTE) == (LeftBehind("partner", 8, NAME),)


UNNAMED = OURS._replace(is_named=False)


def test_draft_that_does_not_say_whose_it_is_is_read_by_its_number_first() -> None:
    traces = Traces.of(NOTE._replace(sent=("draft",)))
    assert cleaned(traces, (FIND_DRAFT, UNNAMED), (READ_DRAFT, OURS), (DELETE_DRAFT, None))[0] is None
    traces = Traces.of(NOTE._replace(sent=("draft",)))
    somebody_elses = UnexpectedAnswer("The draft belongs to somebody else.")
    assert cleaned(traces, (FIND_DRAFT, UNNAMED), (READ_DRAFT, somebody_elses))[0] is somebody_elses
    assert traces.left(NOTE)


def test_draft_that_nothing_names_was_found_by_our_own_name_all_the_same() -> None:
    traces = Traces.of(NOTE._replace(sent=("draft",)))
    assert cleaned(traces, (FIND_DRAFT, UNNAMED), (READ_DRAFT, UNNAMED), (DELETE_DRAFT, None))[0] is None


class Unhurried(Scripted):
    """Lets pass what a real provider does between two looks."""

    second_look = 2.0


@pytest.mark.parametrize(("may_be_running", "waits"), [(False, [2.0]), (True, [2.0, 4.0, 8.0])])
def test_each_look_is_later_than_the_one_before(
    may_be_running: bool, waits: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    waited: list[float] = []
    traces = Traces.of(NOTE._replace(sent=("partner",)), may_be_running=may_be_running)
    provider = Unhurried(*[(FIND_PARTNERS, ())] * (len(waits) + 1))
    monkeypatch.setattr(time, "sleep", waited.append)
    CleanUp(provider, "Billingo", NOTE, PATH, SETTINGS, traces).run()
    assert (waited, provider.left) == (waits, [])
