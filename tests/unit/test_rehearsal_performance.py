"""A whole rehearsal with what an earlier one left: what comes first, what is shown, and when the note goes."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from bokko_cli.commands.rehearse.performance import Ending, Performance
from bokko_cli.errors import ExitCode, RehearsalRefused, StorageFailed, Unreachable
from bokko_cli.model.apikey import ApiKey
from bokko_cli.model.rehearsing import Draft, LeftBehind, StepReport
from bokko_cli.model.values import Connection, KeyPlace
from bokko_cli.store.rehearsal_note import Note, mark_of, read_note, write_note
from tests.fakes import NOW, WEBSHOP
from tests.scripted_rehearsal import (
    CLOSE,
    DELETE_DRAFT,
    DELETE_PARTNER,
    FIND_DRAFT,
    FIND_PARTNERS,
    NAME,
    NOTE,
    OURS,
    PREPARED,
    SETTINGS,
    TRY,
    Call,
    Scripted,
    Watched,
)

COMMAND = "bokko billingo rehearse --clean"
LOST = Unreachable("No answer came in time.", fix="Try again.")
KEY_IN_USE = ApiKey(f"63faa428-{NOTE.key_hint}")
LEFT = NOTE._replace(sent=("partner", "draft"))
CLEANED: list[tuple[Call, object]] = [
    (FIND_DRAFT, OURS), (DELETE_DRAFT, None), (FIND_PARTNERS, (7,)), (DELETE_PARTNER, None)
]  # fmt: skip
SEEN = Connection(
    NOW, NOW, NOTE.endpoint, NOTE.account_tax_code, "draft_review", SETTINGS, KeyPlace("keyring", "a", NOTE.key_hint)
)


class Named(Scripted):
    """Takes whatever names a new rehearsal has made for itself, and keeps them."""

    def __init__(self, *script: tuple[Call, object]) -> None:
        super().__init__(*script)
        self.names: list[object] = []

    def _answer(self, *call: object) -> object:
        known = {"make_partner": 1, "prepare": 2, "read_draft": 3, "find_partners": 1}
        place = known.get(str(call[0]))
        if place is not None and call[place] != NAME:
            self.names.append(call[place])
            call = (*call[:place], NAME, *call[place + 1 :])
        if call[0] == "make_draft" and call[3:] != (NOTE.vendor_id, SETTINGS, NAME):
            self.names += [call[3], call[5]]
            call = (*call[:3], NOTE.vendor_id, SETTINGS, NAME)
        if call[0] == "find_draft" and call[1] != NOTE.vendor_id:
            self.names += [call[1], call[3]]
            call = FIND_DRAFT
        return super()._answer(*call)


WHOLE: list[tuple[Call, object]] = [
    (TRY, None), (("make_partner", NAME), 7), (("prepare", SETTINGS, NAME, NOW), PREPARED),
    (("make_draft", PREPARED, 7, NOTE.vendor_id, SETTINGS, NAME), OURS), (("read_draft", 9, SETTINGS, NAME), OURS),
    (DELETE_DRAFT, None), (DELETE_PARTNER, None),
]  # fmt: skip


class Performances:
    """One profile's folder, and performances in it."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "default.billingo.rehearsal.json"
        self.watched = Watched()
        self.provider = Named()
        self.tell: Callable[[str], None] | None = None
        self.key = KEY_IN_USE
        self.noted_at = 0.0

    def performance(self, *script: tuple[Call, object], seen: Connection = SEEN) -> Performance:
        self.provider = Named(*script)
        self.watched = Watched()
        if self.path.is_file():
            os.utime(self.path, (0, self.noted_at))

        def opened(tell: Callable[[str], None]) -> Named:
            self.tell = tell
            return self.provider

        return Performance(seen, "Billingo", self.path, self.watched.steps, opened, lambda: NOW, COMMAND, self.key)

    def rehearse(self, *script: tuple[Call, object], seen: Connection = SEEN) -> Ending:
        return self._ended(self.performance(*script, seen=seen).rehearse(lambda: False))

    def clean(self, *script: tuple[Call, object], seen: Connection = SEEN) -> Ending:
        return self._ended(self.performance(*script, seen=seen).clean(lambda: False))

    def _ended(self, ending: Ending) -> Ending:
        assert self.provider.left == []
        assert self.provider.asked.count(CLOSE) == (self.tell is not None)
        assert not self.provider.asked or self.provider.asked[-1] == CLOSE
        return ending


@pytest.fixture
def house(tmp_path: Path) -> Performances:
    return Performances(tmp_path)


def outcomes(ending: Ending) -> list[tuple[str, str]]:
    return [(report.step, report.outcome) for report in ending.steps]


def test_rehearsal_that_passes_leaves_no_note(house: Performances) -> None:
    ending = house.rehearse(*WHOLE)
    assert (ending.verdict, ending.exit_code) == (("passed", None, ExitCode.DONE), ExitCode.DONE)
    assert ending.words == "Invoicing will work: the draft came back exactly as requested."
    assert (ending.failure, ending.left, ending.can_write) == (None, (), True)
    assert {outcome for _, outcome in outcomes(ending)} == {"passed"}
    assert not house.path.exists()


def test_names_are_new_and_the_same_in_each_request_and_in_the_note(house: Performances) -> None:
    notes: list[Note | None] = []

    def look() -> Draft:
        notes.append(read_note(house.path))
        return OURS

    house.rehearse(*WHOLE[:4], (WHOLE[4][0], look), *WHOLE[5:])
    (note,) = notes
    assert note
    assert note.partner_name != NAME
    assert note.key_mark == mark_of(KEY_IN_USE, note.vendor_id)
    asked = note._replace(partner_name=NAME, vendor_id=NOTE.vendor_id, key_mark=None)
    assert asked == LEFT._replace(document_block=WEBSHOP.id)
    assert {*house.provider.names} == {note.partner_name, note.vendor_id}


def test_what_an_earlier_one_left_goes_first_and_unseen(house: Performances) -> None:
    write_note(house.path, LEFT)
    ending = house.rehearse(*CLEANED, *WHOLE)
    assert ending.verdict.outcome == "passed"
    assert len(ending.steps) == 5
    assert [line for line in house.watched.lines if "…" not in line] == [
        "write_access passed", "partner passed", "draft passed", "read_back passed", "clean_up passed"
    ]  # fmt: skip
    assert not house.path.exists()


@pytest.mark.parametrize(
    ("answer", "code", "exit_code", "outcome"),
    [
        (LOST, "unreachable", ExitCode.UNREACHABLE, "unknown"),
        (Draft(9, is_draft=False), "draft_differs", ExitCode.NOT_READY, "failed"),
    ],
)
def test_nothing_is_rehearsed_while_an_earlier_ones_draft_is_there(
    house: Performances, answer: object, code: str, exit_code: ExitCode, outcome: str
) -> None:
    write_note(house.path, LEFT)
    ending = house.rehearse((FIND_DRAFT, answer))
    assert (ending.verdict.code, ending.exit_code) == (code, exit_code)
    skipped = [(step, "skipped") for step in ("write_access", "partner", "draft", "read_back")]
    assert outcomes(ending) == [*skipped, ("clean_up", outcome)]
    assert [line for line in house.watched.lines if "…" not in line] == [
        f"{step} {how}" for step, how in outcomes(ending)
    ]
    assert [left.kind for left in ending.left] == ["draft", "partner"]
    assert read_note(house.path) == LEFT


def test_rehearsal_that_leaves_something_keeps_its_note(house: Performances) -> None:
    ending = house.rehearse(*WHOLE[:5], (DELETE_DRAFT, LOST), (DELETE_DRAFT, LOST))
    assert ending.verdict == ("failed", "clean_up_failed", ExitCode.NOT_READY)
    assert ending.failure
    assert ending.failure.fix == COMMAND
    note = read_note(house.path)
    assert note
    assert ending.left == (LeftBehind("draft", 9, note.partner_name), LeftBehind("partner", 7, note.partner_name))
    assert note.sent == ("partner", "draft")


def test_clean_up_alone_is_one_step(house: Performances) -> None:
    write_note(house.path, LEFT)
    ending = house.clean(*CLEANED)
    assert (ending.verdict, outcomes(ending)) == (("passed", None, ExitCode.DONE), [("clean_up", "passed")])
    assert ending.words == "What an earlier rehearsal had left has been deleted."
    assert (ending.failure, ending.left, ending.can_write) == (None, (), None)
    assert house.watched.lines == ["Clean up…", "clean_up passed"]
    assert not house.path.exists()


def test_clean_up_without_a_note_opens_nothing(house: Performances) -> None:
    ending = house.clean()
    assert ending == Ending(
        ("passed", None, ExitCode.DONE),  # type: ignore[arg-type]  # compared as a tuple
        None,
        "No rehearsal was left unfinished, so there is nothing to clean up.",
        (StepReport("clean_up", "passed", None, None, 0.0),),
    )
    assert (house.tell, house.watched.lines) == (None, [])


@pytest.mark.parametrize(
    ("answer", "outcome", "code"),
    [(LOST, "unknown", "unreachable"), (Draft(9, is_draft=False), "failed", "draft_differs")],
)
def test_clean_up_that_fails_ends_as_unreachable_whatever_its_outcome(
    house: Performances, answer: object, outcome: str, code: str
) -> None:
    write_note(house.path, LEFT)
    ending = house.clean((FIND_DRAFT, answer))
    assert ending.verdict == (outcome, code, ExitCode.UNREACHABLE)
    assert read_note(house.path) == LEFT


OTHER = SEEN._replace(account_tax_code="10773381-2-44")


@pytest.mark.parametrize("clean", [True, False])
def test_note_of_another_account_is_left_alone(house: Performances, clean: bool) -> None:
    write_note(house.path, LEFT)
    ending = house.clean(seen=OTHER) if clean else house.rehearse(seen=OTHER)
    failure = ending.failure
    assert isinstance(failure, RehearsalRefused)
    assert failure.message == "An earlier rehearsal was made in a different account from the one connected now."
    assert failure.fix == (
        f"Connect that account again and run: {COMMAND}. Or delete {NAME} there by hand, then the file {house.path}."
    )
    exit_code = ExitCode.UNREACHABLE if clean else ExitCode.NOT_READY
    assert ending.verdict == ("failed", "clean_up_failed", exit_code)
    assert ending.words == ""
    assert ending.steps[-1] == StepReport("clean_up", "failed", failure.message, failure.fix)
    assert len(ending.steps) == (1 if clean else 5)
    assert ending.left == (LeftBehind("draft", None, NAME), LeftBehind("partner", None, NAME))
    assert read_note(house.path) == LEFT


def test_note_that_cannot_be_removed_is_told_and_changes_nothing_else(house: Performances) -> None:
    def blocked() -> None:
        house.path.unlink()
        house.path.mkdir()

    write_note(house.path, LEFT)
    ending = house.clean(*CLEANED[:3], (DELETE_PARTNER, blocked))
    assert ending.verdict == ("passed", None, ExitCode.DONE)
    assert house.watched.lines[-1].startswith(f"Cannot remove the rehearsal note {house.path}: ")


def test_note_that_cannot_be_kept_ends_it_and_what_was_made_is_gone(house: Performances) -> None:
    def full() -> object:
        house.path.unlink()
        house.path.mkdir()
        (house.path / "inside").touch()
        return PREPARED

    performance = house.performance(*WHOLE[:2], (WHOLE[2][0], full), (DELETE_PARTNER, None))
    with pytest.raises(StorageFailed, match="Cannot write the rehearsal note"):
        performance.rehearse(lambda: False)
    assert house.provider.asked[-1] == CLOSE
    assert house.watched.lines[-1].startswith("Cannot remove the rehearsal note ")


@pytest.mark.parametrize("place", range(1, len(WHOLE)))
def test_note_stays_where_somebody_leaves_in_the_middle(house: Performances, place: int) -> None:
    performance = house.performance(*WHOLE[:place], (WHOLE[place][0], KeyboardInterrupt()))
    with pytest.raises(KeyboardInterrupt):
        performance.rehearse(lambda: False)
    assert (house.provider.left, house.provider.asked[-1]) == ([], CLOSE)
    note = read_note(house.path)
    assert note
    assert note.sent == (("partner",) if place < 3 else ("partner", "draft"))


@pytest.mark.parametrize("place", range(1, 5))
def test_bug_in_the_middle_is_cleaned_up_after(house: Performances, place: int) -> None:
    draft = [] if place < 3 else CLEANED[:2]
    partner = CLEANED[2:] if place == 1 else CLEANED[3:]
    performance = house.performance(*WHOLE[:place], (WHOLE[place][0], ZeroDivisionError()), *draft, *partner)
    with pytest.raises(ZeroDivisionError):
        performance.rehearse(lambda: False)
    assert (house.provider.left, house.provider.asked[-1]) == ([], CLOSE)
    assert not house.path.exists()


@pytest.mark.parametrize("place", [5, 6])
def test_note_stays_where_a_bug_keeps_from_cleaning(house: Performances, place: int) -> None:
    performance = house.performance(*WHOLE[:place], (WHOLE[place][0], ZeroDivisionError()))
    with pytest.raises(ZeroDivisionError):
        performance.rehearse(lambda: False)
    assert read_note(house.path)


@pytest.mark.parametrize(("noted_at", "looks"), [(0.0, 2), (2.0**33, 4)])
def test_what_was_noted_just_now_is_looked_for_longer(house: Performances, noted_at: float, looks: int) -> None:
    house.noted_at = noted_at
    write_note(house.path, LEFT)
    # The draft was sent once the partner was there: only the last request can still be under way.
    assert house.clean(*NOTHING[:1] * looks, *NOTHING[1:] * 2).exit_code == ExitCode.DONE
    write_note(house.path, NOTE._replace(sent=("partner",)))
    assert house.clean(*NOTHING[1:] * looks).exit_code == ExitCode.DONE


def test_note_that_cannot_be_understood_lets_nothing_be_opened(house: Performances) -> None:
    house.path.write_text("{", "utf-8")
    for act in (house.rehearse, house.clean):
        with pytest.raises(StorageFailed):
            act()
    assert house.tell is None


def test_who_wants_to_leave_is_told_what_happens(house: Performances) -> None:
    house.performance().tell_of_stopping()
    assert house.watched.lines == ["Finishing this step, then cleaning up. Press Ctrl-C again to leave at once."]


def test_wish_to_leave_is_heard_by_the_steps(house: Performances) -> None:
    performance = house.performance(WHOLE[0])
    ending = performance.rehearse(lambda: bool(house.provider.asked))
    assert outcomes(ending)[1:] == [(step, "skipped") for step in ("partner", "draft", "read_back", "clean_up")]


def test_news_of_the_provider_stands_beside_the_step_or_on_a_line(house: Performances) -> None:
    def news() -> None:
        assert house.tell
        house.tell("Waiting.")

    house.rehearse((TRY, news), *WHOLE[1:])
    assert house.watched.lines[:2] == ["Write access…", "Write access: Waiting."]
    news()
    assert house.watched.lines[-1] == "Waiting."


ANOTHER_KEY = ApiKey("63faa428-9999")
NOTHING: list[tuple[Call, object]] = [(FIND_DRAFT, None), (FIND_PARTNERS, ())]
DOUBT = (
    "This key finds nothing of the earlier rehearsal, which was made with a different key, perhaps in a "
    "different account."
)


def test_what_another_key_does_not_find_may_be_in_another_account(house: Performances) -> None:
    house.key = ANOTHER_KEY
    write_note(house.path, LEFT)
    for ending in (house.clean(*NOTHING), house.rehearse(*NOTHING)):
        assert (ending.verdict.outcome, ending.verdict.code) == ("unknown", "unreachable")
        assert ending.exit_code == ExitCode.UNREACHABLE
        assert ending.failure
        assert ending.failure.message == DOUBT
        assert ending.failure.fix == (
            f"With that key, run: {COMMAND}. Or delete {NAME} at Billingo by hand, then the file {house.path}."
        )
        assert [left.kind for left in ending.left] == ["draft", "partner"]
        assert read_note(house.path) == LEFT


def test_another_key_with_the_same_end_is_another_key(house: Performances) -> None:
    """Billingo's keys are UUIDs of version 1, whose end is that of the machine that made them."""
    house.key = ApiKey(f"7f1c2d3e-{NOTE.key_hint}")
    write_note(house.path, LEFT._replace(key_mark=mark_of(KEY_IN_USE, LEFT.vendor_id)))
    assert house.clean(*NOTHING).exit_code == ExitCode.UNREACHABLE
    house.key = KEY_IN_USE
    assert house.clean(*NOTHING[:1] * 2, *NOTHING[1:] * 2).exit_code == ExitCode.DONE


@pytest.mark.parametrize("script", [[(FIND_DRAFT, OURS)], [(FIND_DRAFT, None), (FIND_PARTNERS, (7,))]])
def test_what_another_key_finds_is_in_the_same_account(house: Performances, script: list[tuple[Call, object]]) -> None:
    house.key = ANOTHER_KEY
    write_note(house.path, LEFT)
    draft = CLEANED[:2] if script[0][1] else [(FIND_DRAFT, None), (FIND_DRAFT, None)]
    assert house.clean(*script, *draft, *CLEANED[2:]).exit_code == ExitCode.DONE
    assert not house.path.exists()


def test_new_key_of_the_same_block_is_of_the_same_account(house: Performances) -> None:
    house.key = ANOTHER_KEY
    seen = SEEN._replace(key=SEEN.key._replace(hint=ANOTHER_KEY.hint))
    write_note(house.path, LEFT._replace(document_block=WEBSHOP.id))
    assert house.clean(*NOTHING[:1] * 2, *NOTHING[1:] * 2, seen=seen).exit_code == ExitCode.DONE
    assert not house.path.exists()


@pytest.mark.parametrize(("key", "block"), [(ANOTHER_KEY, None), (KEY_IN_USE, WEBSHOP.id)])
def test_note_names_the_key_in_use_and_a_block_that_it_was_verified_with(
    house: Performances, key: ApiKey, block: int | None
) -> None:
    house.key = key
    notes: list[Note | None] = []

    def look() -> Draft:
        notes.append(read_note(house.path))
        return OURS

    house.rehearse(*WHOLE[:4], (WHOLE[4][0], look), *WHOLE[5:])
    assert [(note.key_hint, note.document_block) for note in notes if note] == [(key.hint, block)]


IS_NAMELESS: Call = ("is_nameless", 77)
DELETE_STRAY: Call = ("delete_partner", 77)


def test_partner_made_of_nothing_is_noted_by_its_number_until_it_is_gone(house: Performances) -> None:
    ending = house.rehearse((TRY, 77), *WHOLE[1:5], (DELETE_STRAY, LOST), (DELETE_STRAY, LOST))
    assert (ending.verdict.code, ending.left[-1].id) == ("clean_up_failed", 77)
    note = read_note(house.path)
    assert note
    assert note.strays == (77,)
    write_note(house.path, NOTE._replace(strays=(77,)))
    assert house.clean((IS_NAMELESS, LOST)).left == (LeftBehind("partner", 77, ""),)
    assert house.clean((IS_NAMELESS, True), (DELETE_STRAY, None)).exit_code == ExitCode.DONE
    assert not house.path.exists()


def test_noted_number_that_is_somebodys_by_now_is_left_alone(house: Performances) -> None:
    write_note(house.path, NOTE._replace(strays=(77,)))
    assert house.clean((IS_NAMELESS, False)).exit_code == ExitCode.DONE
    assert not house.path.exists()


def test_noted_number_is_not_even_asked_for_with_another_key(house: Performances) -> None:
    house.key = ANOTHER_KEY
    write_note(house.path, NOTE._replace(strays=(77,)))
    assert house.clean().exit_code == ExitCode.UNREACHABLE
    assert house.path.exists()


def test_without_tax_codes_the_key_in_use_tells_the_account(house: Performances) -> None:
    unknown = LEFT._replace(account_tax_code=None)
    write_note(house.path, unknown)
    house.key = ANOTHER_KEY
    ending = house.clean()
    assert (ending.verdict.code, read_note(house.path)) == ("clean_up_failed", unknown)
    house.key = KEY_IN_USE
    assert house.clean(*CLEANED).exit_code == ExitCode.DONE
    assert not house.path.exists()
