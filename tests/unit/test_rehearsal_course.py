"""A rehearsal step by step: what is asked in which order, what each answer comes to, and when it ends."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from bokko_cli.commands.rehearse.course import Course, Occasion, verdict
from bokko_cli.commands.rehearse.steps import Steps
from bokko_cli.errors import (
    BokkoError,
    ExitCode,
    KeyRejected,
    NoPermission,
    RehearsalRefused,
    StorageFailed,
    UnexpectedAnswer,
    Unreachable,
)
from bokko_cli.model.rehearsing import STEPS, Draft, LeftBehind
from bokko_cli.store.rehearsal_note import read_note
from tests.fakes import NOW
from tests.scripted_rehearsal import (
    DELETE_DRAFT,
    DELETE_PARTNER,
    FIND_DRAFT,
    FIND_PARTNERS,
    MAKE_DRAFT,
    MAKE_PARTNER,
    NAME,
    NOTE,
    OURS,
    PREPARE,
    PREPARED,
    READ_DRAFT,
    SETTINGS,
    TRY,
    Call,
    Scripted,
    Watched,
)

LOST = Unreachable("No answer came in time.", fix="Try again.")
READ_ONLY = RehearsalRefused("It may only read.", ExitCode.REFUSED, "read_only_key", fix="Make another key.")
REFUSED = RehearsalRefused("No.", ExitCode.REFUSED, "write_refused", fix="Tomorrow.")
NOT_ACCEPTED = RehearsalRefused("Not together.", ExitCode.NOT_READY, "settings_refused", fix="Choose others.")
COMMAND = "bokko billingo rehearse --clean"
DRAFT = LeftBehind("draft", 9, NAME)
PARTNER = LeftBehind("partner", 7, NAME)

WHOLE: list[tuple[Call, object]] = [
    (TRY, None), (MAKE_PARTNER, 7), (PREPARE, PREPARED), (MAKE_DRAFT, OURS), (READ_DRAFT, OURS),
    (DELETE_DRAFT, None), (DELETE_PARTNER, None),
]  # fmt: skip
TO_PARTNER, TO_DRAFT = WHOLE[:1], WHOLE[:3]
TO_READ_BACK, TO_CLEAN_UP = WHOLE[:4], WHOLE[:5]
FOUND: list[tuple[Call, object]] = [(FIND_DRAFT, OURS), *WHOLE[5:]]


@dataclass
class Rehearsed:
    """One rehearsal with its script, and whatever came of it."""

    path: Path
    script: list[tuple[Call, object]]
    stops_after: int = 100
    """Somebody wants to leave once so many calls were made."""
    watched: Watched = field(default_factory=Watched)

    def __post_init__(self) -> None:
        self.provider = Scripted(*self.script)
        occasion = Occasion(self.provider, "Billingo", SETTINGS, self.path, lambda: NOW, self._is_stopping, COMMAND)
        self.rehearsal = Course(occasion, NOTE, self.watched.steps)

    def _is_stopping(self) -> bool:
        return len(self.provider.asked) >= self.stops_after

    def run(self) -> "Rehearsed":
        self.rehearsal.run()
        assert self.provider.left == []
        assert [report.step for report in self.rehearsal.steps.reports] == [*STEPS]
        return self

    @property
    def outcomes(self) -> list[str]:
        return [report.outcome for report in self.rehearsal.steps.reports]

    @property
    def ending(self) -> tuple[str, str | None, int]:
        outcome, code, exit_code = self.rehearsal.verdict
        return outcome, code, int(exit_code)


@pytest.fixture
def scene(tmp_path: Path) -> Callable[..., Rehearsed]:
    def begun(*script: tuple[Call, object], stops_after: int = 100) -> Rehearsed:
        return Rehearsed(tmp_path / "note.json", list(script), stops_after)

    return begun


@pytest.mark.parametrize(
    ("failure", "ending"),
    [
        (None, ("passed", None, ExitCode.DONE)),
        (READ_ONLY, ("failed", "read_only_key", ExitCode.REFUSED)),
        (NOT_ACCEPTED, ("failed", "settings_refused", ExitCode.NOT_READY)),
        (KeyRejected("No."), ("failed", "key_rejected", ExitCode.REFUSED)),
        (NoPermission("No."), ("unknown", "unreachable", ExitCode.UNREACHABLE)),
        (LOST, ("unknown", "unreachable", ExitCode.UNREACHABLE)),
    ],
)
def test_verdict_is_what_the_first_failure_tells(
    failure: BokkoError | None, ending: tuple[str, str | None, ExitCode]
) -> None:
    assert verdict(failure) == ending


def test_all_steps_are_taken_in_turn_and_shown(scene: Callable[..., Rehearsed]) -> None:
    done = scene(*WHOLE).run()
    assert done.watched.lines == [
        "Write access…", "write_access passed", "Partner…", "partner passed", "Draft…", "draft passed",
        "Read back…", "read_back passed", "Clean up…", "clean_up passed",
    ]  # fmt: skip
    assert (done.ending, done.rehearsal.failure, done.rehearsal.can_write) == (("passed", None, 0), None, True)
    assert done.rehearsal.left == ()


def test_note_is_on_the_disk_before_what_it_tells_of_is_sent(scene: Callable[..., Rehearsed], tmp_path: Path) -> None:
    notes: list[object] = []

    def looked(answer: object) -> Callable[[], object]:
        def look() -> object:
            note = read_note(tmp_path / "note.json")
            assert note
            assert note._replace(sent=()) == NOTE
            notes.append(note.sent)
            return answer

        return look

    scene(*((call, looked(answer)) for call, answer in WHOLE)).run()
    both = ("partner", "draft")
    assert notes == [(), ("partner",), ("partner",), both, both, both, both]


@pytest.mark.parametrize(
    ("stops_after", "script", "outcomes"),
    [
        (0, [], ["skipped"] * 5),
        (1, TO_PARTNER, ["passed", *["skipped"] * 4]),
        (2, [*WHOLE[:2], (DELETE_PARTNER, None)], ["passed", "passed", "skipped", "skipped", "passed"]),
        (4, [*TO_READ_BACK, *FOUND], ["passed", "passed", "passed", "skipped", "passed"]),
        (5, WHOLE, ["passed"] * 5),
    ],
)
def test_who_wants_to_leave_is_let_go_after_the_step_and_the_cleaning(
    scene: Callable[..., Rehearsed], stops_after: int, script: list[tuple[Call, object]], outcomes: list[str]
) -> None:
    done = scene(*script, stops_after=stops_after).run()
    assert (done.outcomes, done.rehearsal.left, done.ending) == (outcomes, (), ("passed", None, 0))


@pytest.mark.parametrize(("refusal", "can_write"), [(READ_ONLY, False), (KeyRejected("No."), None)])
def test_key_that_may_not_write_ends_it_before_anything_is_made(
    scene: Callable[..., Rehearsed], refusal: BokkoError, can_write: bool | None
) -> None:
    done = scene((TRY, refusal)).run()
    assert done.outcomes == ["failed", "skipped", "skipped", "skipped", "skipped"]
    assert (done.ending, done.rehearsal.failure) == (("failed", refusal.code, 4), refusal)
    assert done.rehearsal.can_write is can_write


def test_refused_key_of_a_write_ends_it_too(scene: Callable[..., Rehearsed]) -> None:
    rejected = RehearsalRefused("No.", ExitCode.REFUSED, "key_rejected")
    done = scene((TRY, rejected)).run()
    assert (done.ending, done.rehearsal.can_write) == (("failed", "key_rejected", 4), None)


@pytest.mark.parametrize("answer", [LOST, REFUSED, NOT_ACCEPTED])
def test_what_does_not_tell_of_the_key_lets_the_rest_go_on(scene: Callable[..., Rehearsed], answer: BokkoError) -> None:
    done = scene((TRY, answer), *WHOLE[1:]).run()
    first, *others = done.rehearsal.steps.reports
    assert (first.outcome, first.message, first.fix) == ("unknown", answer.message, answer.fix)
    assert {report.outcome for report in others} == {"passed"}
    assert (done.ending, done.rehearsal.can_write) == (("passed", None, 0), None)


def test_partner_made_of_nothing_goes_first(scene: Callable[..., Rehearsed]) -> None:
    done = scene((TRY, 77), *WHOLE[1:5], (("delete_partner", 77), None), *WHOLE[5:]).run()
    assert (done.ending, done.rehearsal.can_write) == (("passed", None, 0), True)


@pytest.mark.parametrize(("refusal", "can_write"), [(READ_ONLY, False), (REFUSED, True)])
def test_refused_partner_was_not_made(scene: Callable[..., Rehearsed], refusal: BokkoError, can_write: bool) -> None:
    done = scene(*TO_PARTNER, (MAKE_PARTNER, refusal)).run()
    assert done.outcomes == ["passed", "failed", "skipped", "skipped", "skipped"]
    assert (done.ending, done.rehearsal.left) == (("failed", refusal.code, 4), ())
    assert done.rehearsal.can_write is can_write


def test_what_never_arrived_made_nothing(scene: Callable[..., Rehearsed]) -> None:
    never = Unreachable("Could not reach Billingo.", was_sent=False)
    done = scene(*TO_PARTNER, (MAKE_PARTNER, never)).run()
    assert (done.outcomes[1:], done.rehearsal.left) == (["unknown", "skipped", "skipped", "skipped"], ())
    done = scene(*TO_DRAFT, (MAKE_DRAFT, never), (DELETE_PARTNER, None)).run()
    assert (done.outcomes[2:], done.ending) == (["unknown", "skipped", "passed"], ("unknown", "unreachable", 6))


def test_partner_whose_answer_is_lost_is_looked_for(scene: Callable[..., Rehearsed]) -> None:
    done = scene(*TO_PARTNER, (MAKE_PARTNER, LOST), (FIND_PARTNERS, (7,)), (DELETE_PARTNER, None)).run()
    assert done.outcomes == ["passed", "unknown", "skipped", "skipped", "passed"]
    assert (done.ending, done.rehearsal.failure) == (("unknown", "unreachable", 6), LOST)


def test_draft_that_cannot_be_prepared_is_not_even_noted(scene: Callable[..., Rehearsed], tmp_path: Path) -> None:
    def noted() -> None:
        note = read_note(tmp_path / "note.json")
        assert note
        assert note.sent == ("partner",)

    done = scene(*WHOLE[:2], (PREPARE, LOST), (DELETE_PARTNER, noted)).run()
    assert done.outcomes == ["passed", "passed", "unknown", "skipped", "passed"]


@pytest.mark.parametrize("refusal", [READ_ONLY, NOT_ACCEPTED])
def test_refused_draft_was_not_made(scene: Callable[..., Rehearsed], refusal: RehearsalRefused) -> None:
    done = scene(*TO_DRAFT, (MAKE_DRAFT, refusal), (DELETE_PARTNER, None)).run()
    assert done.outcomes == ["passed", "passed", "failed", "skipped", "passed"]
    assert (done.ending, done.rehearsal.can_write) == (("failed", refusal.code, int(refusal.exit_code)), True)


def test_draft_whose_answer_is_lost_is_looked_for_by_its_name(scene: Callable[..., Rehearsed]) -> None:
    done = scene(*TO_DRAFT, (MAKE_DRAFT, LOST), *FOUND).run()
    assert done.outcomes == ["passed", "passed", "unknown", "skipped", "passed"]
    assert done.ending == ("unknown", "unreachable", 6)


def test_what_was_made_and_is_no_draft_is_left_alone(scene: Callable[..., Rehearsed]) -> None:
    invoice = Draft(9, is_draft=False, differences=("It is an invoice.",))
    done = scene(*TO_DRAFT, (MAKE_DRAFT, invoice)).run()
    assert done.outcomes == ["passed", "passed", "failed", "skipped", "failed"]
    assert done.ending == ("failed", "draft_differs", 5)
    assert done.rehearsal.left == (DRAFT, PARTNER)
    reports = done.rehearsal.steps.reports
    assert reports[2].message == "Document 9 in Billingo is not a draft.\nIt is an invoice."
    assert reports[4].message == "Document 9 in Billingo is not a draft."


def test_draft_that_turns_into_an_invoice_is_left_alone(scene: Callable[..., Rehearsed]) -> None:
    invoice = Draft(9, is_draft=False, differences=("It has a number.",))
    done = scene(*TO_READ_BACK, (READ_DRAFT, invoice)).run()
    assert done.outcomes == ["passed", "passed", "passed", "failed", "failed"]
    assert (done.ending, done.rehearsal.left) == (("failed", "draft_differs", 5), (DRAFT, PARTNER))


def test_no_draft_comes_before_what_failed_earlier(scene: Callable[..., Rehearsed]) -> None:
    done = scene(*TO_DRAFT, (MAKE_DRAFT, LOST), (FIND_DRAFT, Draft(9, is_draft=False))).run()
    assert done.ending == ("failed", "draft_differs", 5)
    assert done.rehearsal.failure
    assert done.rehearsal.failure.message == "Document 9 in Billingo is not a draft."


@pytest.mark.parametrize("is_draft", [True, None])
def test_draft_is_deleted_by_its_number_only_when_it_was_read_back(
    scene: Callable[..., Rehearsed], is_draft: bool | None
) -> None:
    made = Draft(9, is_draft=is_draft)
    assert scene(*TO_DRAFT, (MAKE_DRAFT, made), *WHOLE[4:]).run().outcomes == ["passed"] * 5
    lost = scene(*TO_DRAFT, (MAKE_DRAFT, made), (READ_DRAFT, LOST), *FOUND).run()
    assert (lost.outcomes[3:], lost.ending) == (["unknown", "passed"], ("unknown", "unreachable", 6))
    mute = scene(*TO_DRAFT, (MAKE_DRAFT, made), (READ_DRAFT, Draft(9, is_draft=None)), *FOUND).run()
    assert mute.outcomes == ["passed"] * 5


def test_draft_that_came_back_different_is_told_and_deleted(scene: Callable[..., Rehearsed]) -> None:
    found = OURS._replace(differences=("Currency: asked for HUF, got EUR.", "VAT rate: asked for 27%, got 5%."))
    done = scene(*TO_READ_BACK, (READ_DRAFT, found), *WHOLE[5:]).run()
    assert done.outcomes == ["passed", "passed", "passed", "failed", "passed"]
    assert done.ending == ("failed", "draft_differs", 5)
    failure = done.rehearsal.failure
    assert failure
    assert failure.message.splitlines() == [
        "The draft that came back differs from the settings.",
        "Currency: asked for HUF, got EUR.",
        "VAT rate: asked for 27%, got 5%.",
    ]
    assert failure.fix == "Choose other settings, or change them at the provider, then rehearse again."


@pytest.mark.parametrize("error", [LOST, REFUSED, KeyRejected("No.")])
def test_what_cannot_be_deleted_fails_it_with_the_command_that_deletes_it(
    scene: Callable[..., Rehearsed], error: BokkoError
) -> None:
    again: list[tuple[Call, object]] = [(DELETE_PARTNER, error)] if error is LOST else []
    done = scene(*WHOLE[:6], (DELETE_PARTNER, error), *again).run()
    assert done.outcomes == ["passed"] * 4 + ["failed"]
    assert (done.ending, done.rehearsal.left) == (("failed", "clean_up_failed", 5), (PARTNER,))
    failure = done.rehearsal.failure
    assert failure
    assert (failure.message, failure.fix) == (error.message, COMMAND)


def test_first_failure_counts_and_not_that_of_the_cleaning(scene: Callable[..., Rehearsed]) -> None:
    done = scene(*TO_DRAFT, (MAKE_DRAFT, NOT_ACCEPTED), (DELETE_PARTNER, REFUSED)).run()
    assert (done.ending, done.rehearsal.failure) == (("failed", "settings_refused", 5), NOT_ACCEPTED)
    assert done.outcomes[2:] == ["failed", "skipped", "failed"]


def test_nothing_is_sent_where_there_is_no_note(scene: Callable[..., Rehearsed], tmp_path: Path) -> None:
    (tmp_path / "note.json").mkdir()
    (tmp_path / "note.json" / "inside").touch()
    begun = scene()
    with pytest.raises(StorageFailed):
        begun.run()
    assert (begun.provider.asked, begun.outcomes) == ([], ["skipped"] * 5)


def test_draft_that_cannot_be_noted_is_not_sent_and_its_partner_goes(
    scene: Callable[..., Rehearsed], tmp_path: Path
) -> None:
    def full() -> object:
        (tmp_path / "note.json").unlink()
        (tmp_path / "note.json").mkdir()
        (tmp_path / "note.json" / "inside").touch()
        return PREPARED

    begun = scene(*WHOLE[:2], (PREPARE, full), (DELETE_PARTNER, None))
    with pytest.raises(StorageFailed):
        begun.run()
    assert (begun.provider.left, begun.rehearsal.left) == ([], ())
    assert begun.outcomes == ["passed", "passed", "skipped", "skipped", "passed"]


def cleaning(scene: Rehearsed, steps: Steps) -> Course:
    note = NOTE._replace(sent=("partner",))
    return Course.of_earlier(scene.rehearsal.occasion, note, steps, None)


@pytest.mark.parametrize(
    ("error", "outcome", "ending", "fix"),
    [
        (None, "passed", ("passed", None, ExitCode.DONE), None),
        (LOST, "unknown", ("unknown", "unreachable", ExitCode.UNREACHABLE), LOST.fix),
        (REFUSED, "failed", ("failed", "clean_up_failed", ExitCode.NOT_READY), COMMAND),
        (KeyRejected("No."), "failed", ("failed", "key_rejected", ExitCode.REFUSED), KeyRejected.usual_fix),
    ],
)
def test_cleaning_up_after_an_earlier_one_is_a_single_step(
    scene: Callable[..., Rehearsed], error: BokkoError | None, outcome: str, ending: tuple[object, ...], fix: str | None
) -> None:
    again: list[tuple[Call, object]] = [(DELETE_PARTNER, error)] if error is LOST else []
    begun = scene((FIND_PARTNERS, (7,)), (DELETE_PARTNER, error), *again)
    rehearsal = cleaning(begun, begun.watched.steps)
    rehearsal.clean_up()
    assert [(report.step, report.outcome) for report in rehearsal.steps.reports] == [("clean_up", outcome)]
    assert rehearsal.verdict == ending
    assert (rehearsal.failure and rehearsal.failure.fix) == fix
    assert rehearsal.left == ((PARTNER,) if error else ())


def test_invoice_that_an_earlier_one_left_is_told_as_such(scene: Callable[..., Rehearsed]) -> None:
    begun = scene((FIND_DRAFT, Draft(9, is_draft=False)))
    rehearsal = Course.of_earlier(begun.rehearsal.occasion, NOTE._replace(sent=("draft",)), begun.watched.steps, None)
    rehearsal.clean_up()
    assert rehearsal.verdict == ("failed", "draft_differs", ExitCode.NOT_READY)


def test_nothing_noted_is_nothing_to_clean(scene: Callable[..., Rehearsed]) -> None:
    begun = scene()
    rehearsal = Course.of_earlier(begun.rehearsal.occasion, NOTE, begun.watched.steps, None)
    rehearsal.clean_up()
    assert [(report.step, report.outcome) for report in rehearsal.steps.reports] == [("clean_up", "skipped")]


def test_draft_that_was_read_back_without_a_name_is_looked_for_by_ours(scene: Callable[..., Rehearsed]) -> None:
    mute = scene(*TO_READ_BACK, (READ_DRAFT, OURS._replace(is_named=False)), *FOUND).run()
    assert mute.outcomes == ["passed"] * 5


@pytest.mark.parametrize(("answer", "looks"), [(LOST, 4), (UnexpectedAnswer("Not JSON."), 2)])
def test_draft_whose_request_may_still_be_under_way_is_looked_for_longer(
    scene: Callable[..., Rehearsed], answer: BokkoError, looks: int
) -> None:
    script = [*TO_DRAFT, (MAKE_DRAFT, answer), *[(FIND_DRAFT, None)] * looks, (DELETE_PARTNER, None)]
    assert scene(*script).run().ending == ("unknown", "unreachable", 6)
    partner = [*TO_DRAFT[:1], (MAKE_PARTNER, answer), *[(FIND_PARTNERS, ())] * looks]
    assert scene(*partner).run().ending == ("unknown", "unreachable", 6)


def test_what_an_earlier_one_left_is_looked_for_twice_unless_it_may_be_running(scene: Callable[..., Rehearsed]) -> None:
    begun = scene((FIND_PARTNERS, ()), (FIND_PARTNERS, ()))
    rehearsal = cleaning(begun, begun.watched.steps)
    rehearsal.clean_up()
    assert (begun.provider.left, rehearsal.left) == ([], ())
