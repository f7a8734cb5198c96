"""`rehearse` as a command: what is said before and after, what is remembered, and what Ctrl-C leaves."""

import signal
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from bokko_cli.commands import connect, rehearse
from bokko_cli.context import Scope
from bokko_cli.errors import (
    BokkoError,
    Cancelled,
    EndpointRefused,
    ExitCode,
    MissingInput,
    RehearsalRefused,
    StorageFailed,
    Unreachable,
)
from bokko_cli.model.apikey import ApiKey
from bokko_cli.model.rehearsing import Draft
from bokko_cli.model.values import Rehearsal
from bokko_cli.output.base import StepResult
from bokko_cli.prompter.base import NoPrompter
from bokko_cli.store.lock import locked
from bokko_cli.store.rehearsal_note import Note, note_path, read_note, write_note
from tests.fakes import CHOSEN, KEY, NOW, Person, RecordingOutput, World
from tests.scripted_rehearsal import CLOSE, NOTE, OURS, PREPARED, Call, Scripted

LOST = Unreachable("No answer came in time.", fix="Try again.")
NO_DRAFTS = RehearsalRefused("No drafts.", ExitCode.REFUSED, "drafts_not_in_plan", fix="Another plan.")
READ_ONLY = RehearsalRefused("It may only read.", ExitCode.REFUSED, "read_only_key", fix="Another key.")
UNDELETABLE = RehearsalRefused("It cannot be deleted.", ExitCode.NOT_READY, "x", fix="Ask them.")
CLEAN = "bokko billingo rehearse --clean"
RehearsalScript = tuple[tuple[str, object], ...]
WHOLE: RehearsalScript = (
    ("try_to_write", None), ("make_partner", 7), ("prepare", PREPARED), ("make_draft", OURS), ("read_draft", OURS),
    ("delete_draft", None), ("delete_partner", None),
)  # fmt: skip
PRELUDE = [
    (
        "This creates a partner named BOKKO rehearsal and one draft in your Billingo account, "
        "reads the draft back, and deletes both."
    ),
    "A draft is not an invoice: it has no number, and it is neither reported nor sent to anybody.",
    "Document block: Webshop · WEB · id 40101",
    "Bank account: OTP HUF · 11773016-11111018-00000000 · HUF · id 7001",
]
PASSED = ["Write access: passed", "Partner: passed", "Draft: passed", "Read back: passed", "Clean up: passed"]
WORDS = "Invoicing will work: the draft came back exactly as requested."


class ByName(Scripted):
    """Goes by the names of the calls alone, and keeps what they were given."""

    def __init__(self, *script: tuple[str, object]) -> None:
        super().__init__(*(((name,), answer) for name, answer in script))
        self.given: dict[str, Call] = {}

    def _answer(self, *call: object) -> object:
        self.given[str(call[0])] = call[1:]
        return super()._answer(call[0])


class House:
    """A connected world whose rehearsals go to a script."""

    def __init__(self, folder: Path) -> None:
        self.world = World(folder / "settings").connected()
        self.provider = ByName()
        self.opened: list[tuple[str, str]] = []

    def steps_shown(self) -> list[StepResult]:
        """Return a list that the steps come into as they are shown."""
        steps: list[StepResult] = []

        class KeepsSteps(RecordingOutput):
            def step(self, step: StepResult) -> None:
                steps.append(step)

        self.world.output = KeepsSteps()
        return steps

    def scope(self, person: Person | None = None) -> Scope:
        prompter = person.prompter(self.world.output) if person else NoPrompter()
        context = self.world.context(prompter)
        return context._replace(rehearsal_opener=lambda _spec, _deadline: self._open).at("billingo")

    def _open(self, endpoint: str, key: ApiKey, notify: Callable[[str], None]) -> ByName:
        self.opened.append((endpoint, key.reveal()))
        notify("Opened.")
        return self.provider

    def run(self, *script: tuple[str, object], clean: bool = False) -> ExitCode:
        """Rehearse as a script does."""
        self.provider = ByName(*script)
        self.world.output.told.clear()
        try:
            return rehearse.run(self.scope(), rehearse.Options(yes=True, clean=clean))
        finally:
            assert self.provider.left == []

    def told(self) -> list[str]:
        """Return what was said after the prelude and the opening."""
        told = self.world.output.told
        return told[told.index("Opened.") + 1 :]

    @property
    def document(self) -> Mapping[str, object]:
        return self.world.output.documents[-1]

    @property
    def path(self) -> Path:
        return note_path(self.world.folder, "default", "billingo")

    @property
    def note(self) -> Note:
        note = read_note(self.path)
        assert note
        return note

    @property
    def remembered(self) -> Rehearsal | None:
        return self.world.stored_connection().rehearsal


@pytest.fixture
def house(tmp_path: Path) -> House:
    return House(tmp_path)


def test_what_will_be_written_is_said_first_and_how_it_went_after(house: House) -> None:
    assert house.run(*WHOLE) == ExitCode.DONE
    prelude, *others = house.world.output.told
    assert prelude.splitlines() == PRELUDE
    assert others == ["Opened.", *PASSED, WORDS]
    connection = house.world.stored_connection()
    assert house.opened == [(connection.endpoint, KEY)]
    assert house.provider.given["prepare"] == (connection.settings, house.provider.given["make_partner"][0], NOW)


def test_document_tells_the_same_to_scripts(house: House) -> None:
    house.run(*WHOLE)
    steps = house.document["steps"]
    assert isinstance(steps, list)
    assert [(step["step"], step["outcome"]) for step in steps] == [
        (name, "passed") for name in ("write_access", "partner", "draft", "read_back", "clean_up")
    ]
    assert {**house.document, "steps": []} == {
        "schema": 1, "provider": "billingo", "profile": "default", "outcome": "passed", "code": None, "steps": [],
        "left_behind": [],
    }  # fmt: skip


def test_refusal_is_told_with_its_fix_and_that_nothing_is_left(house: House) -> None:
    assert house.run(*WHOLE[:3], ("make_draft", NO_DRAFTS), ("delete_partner", None)) == ExitCode.REFUSED
    assert house.told()[-1] == "No drafts.\n→ Another plan.\nNothing was left at Billingo."
    assert (house.document["outcome"], house.document["code"]) == ("failed", "drafts_not_in_plan")


LOOK_AT_IT = "Look at document 9 in Billingo now; bokko has not changed it."


def test_what_is_left_is_told_by_name(house: House) -> None:
    invoice = Draft(9, is_draft=False)
    assert house.run(*WHOLE[:3], ("make_draft", invoice)) == ExitCode.NOT_READY
    name = house.note.partner_name
    assert house.told()[-1].splitlines() == [
        "Document 9 in Billingo is not a draft.",
        f"→ {LOOK_AT_IT} Then remove {house.path}, so that the next rehearsal can begin.",
        f"A draft for {name} may still be at Billingo.",
        f"A partner named {name} may still be at Billingo.",
    ]
    assert house.document["left_behind"] == [
        {"kind": "draft", "id": 9, "name": name},
        {"kind": "partner", "id": 7, "name": name},
    ]


def test_message_of_a_step_stands_with_it(house: House) -> None:
    steps = house.steps_shown()
    house.run(("try_to_write", LOST), *WHOLE[1:])
    assert [(step.name, step.outcome, step.message) for step in steps][:2] == [
        ("Write access", "unknown", "No answer came in time."),
        ("Partner", "passed", ""),
    ]
    assert all(step.seconds is not None for step in steps)


def test_what_ended_it_is_told_once_and_what_failed_besides_below_it(house: House) -> None:
    steps = house.steps_shown()
    assert house.run(*WHOLE[:3], ("make_draft", NO_DRAFTS), ("delete_partner", UNDELETABLE)) == ExitCode.REFUSED
    assert [(step.name, step.outcome) for step in steps if step.outcome == "failed"] == [
        ("Draft", "failed"),
        ("Clean up", "failed"),
    ]
    assert {step.message for step in steps} == {""}
    assert house.told()[-1].splitlines()[:4] == [
        "No drafts.", "→ Another plan.", "It cannot be deleted.", "→ Ask them.",
    ]  # fmt: skip


def test_answer_that_never_came_is_told_once_at_the_end(house: House) -> None:
    steps = house.steps_shown()
    house.run(*WHOLE[:3], ("make_draft", LOST), ("find_draft", UNDELETABLE))
    assert [(step.name, step.outcome, step.message) for step in steps if step.outcome == "unknown"] == [
        ("Draft", "unknown", "")
    ]
    assert house.told()[-1].splitlines()[:3] == ["No answer came in time.", "→ Try again.", "It cannot be deleted."]


def test_write_access_that_nobody_knows_of_is_no_failure_besides(house: House) -> None:
    quota = RehearsalRefused("The quota is used up.", ExitCode.REFUSED, "write_refused", fix="Tomorrow.")
    house.run(("try_to_write", quota), ("make_partner", LOST), ("find_partners", (7,)), ("delete_partner", None))
    assert house.told()[-1].splitlines() == [
        "No answer came in time.", "→ Try again.", "Nothing was left at Billingo."
    ]  # fmt: skip


def test_outcome_is_remembered_with_what_was_learned_of_the_key(house: House) -> None:
    house.run(*WHOLE)
    assert house.remembered == Rehearsal(NOW, "passed")
    assert house.world.stored_connection().key.can_write is True
    house.run(("try_to_write", READ_ONLY))
    assert house.remembered == Rehearsal(NOW, "failed", "read_only_key")
    assert house.world.stored_connection().key.can_write is False


def test_what_is_not_known_is_not_remembered(house: House) -> None:
    house.run(("try_to_write", LOST), ("make_partner", LOST), ("find_partners", (7,)), ("delete_partner", None))
    assert (house.remembered, house.world.stored_connection().key.can_write) == (None, None)
    house.run(("try_to_write", None), ("make_partner", LOST), ("find_partners", (7,)), ("delete_partner", None))
    assert (house.remembered, house.world.stored_connection().key.can_write) == (None, True)


def test_outcome_that_cannot_be_stored_is_a_warning(house: House) -> None:
    def spoil() -> None:
        house.world.settings.write_text("[", "utf-8")

    assert house.run(*WHOLE[:6], ("delete_partner", spoil)) == ExitCode.DONE
    *_, warning, words = house.told()
    assert warning.startswith(
        f"Warning: The outcome of the rehearsal could not be stored: The settings file {house.world.settings} "
    )
    assert words == WORDS


def test_clean_up_says_asks_and_remembers_nothing(house: House) -> None:
    connection = house.world.stored_connection()
    write_note(house.path, NOTE._replace(endpoint=connection.endpoint, sent=("partner",)))
    script = [("find_partners", (7,)), ("delete_partner", None)]
    assert house.run(*script, clean=True) == ExitCode.DONE
    assert house.world.output.told == [
        "Opened.", "Clean up: passed", "What an earlier rehearsal had left has been deleted."
    ]  # fmt: skip
    assert house.remembered is None


def test_nobody_to_ask_needs_the_flag(house: House) -> None:
    with pytest.raises(MissingInput) as caught:
        rehearse.run(house.scope(), rehearse.Options())
    assert [(missing.flag, missing.note) for missing in caught.value.missing] == [("--yes", "  --yes: Rehearse now?")]
    assert house.opened == []


def test_person_is_asked_with_yes_marked(house: House) -> None:
    person = Person(("Rehearse now?", False))
    with pytest.raises(Cancelled):
        rehearse.run(house.scope(person), rehearse.Options())
    assert person.enters == [("Rehearse now?", True)]
    house.provider = ByName(*WHOLE)
    assert rehearse.run(house.scope(Person(("Rehearse now?", True))), rehearse.Options()) == ExitCode.DONE


def test_key_goes_to_its_own_address_only(house: House) -> None:
    house.world.environ["BOKKO_BILLINGO_URL"] = "https://elsewhere.example/v3"
    with pytest.raises(EndpointRefused):
        house.run()
    assert house.opened == []


def test_sandbox_key_does_not_leave_this_machine(house: House) -> None:
    secrets = house.world.secrets["keyring"]
    secrets.kept = dict.fromkeys(secrets.kept, "sandbox-good")
    with pytest.raises(EndpointRefused, match="works only in the sandbox"):
        house.run()
    assert house.opened == []


def test_variable_that_is_not_used_is_mentioned(house: House) -> None:
    house.world.environ["BOKKO_BILLINGO_API_KEY"] = "63faa428-9044-11ea-8ed0-0242ac120009"
    house.run(*WHOLE)
    assert house.world.output.told[0] == (
        "Warning: BOKKO_BILLINGO_API_KEY is set but not used here: the stored key is."
    )
    assert house.opened[-1][1] == KEY


def test_variable_that_is_used_is_not_mentioned(house: House) -> None:
    world = house.world
    world.environ["BOKKO_BILLINGO_API_KEY"] = KEY
    assert world.connect(options=connect.Options(CHOSEN, key_storage="env")) == ExitCode.DONE
    house.run(*WHOLE)
    assert not [line for line in world.output.told if line.startswith("Warning")]


def test_nobody_else_changes_the_profile_meanwhile(house: House) -> None:
    def look() -> None:
        with pytest.raises(StorageFailed), locked(house.world.folder / "default.lock", 0.0, lambda _: None):
            pass

    house.run(("try_to_write", look), *WHOLE[1:])


def pressing(answer: object, times: int = 1) -> Callable[[], object]:
    """Answer after Ctrl-C was pressed."""

    def press() -> object:
        for _ in range(times):
            signal.raise_signal(signal.SIGINT)
        return answer

    return press


STOPPING = "Finishing this step, then cleaning up. Press Ctrl-C again to leave at once."


def stopped(house: House, *script: tuple[str, object]) -> BokkoError:
    with pytest.raises(Cancelled) as caught:
        house.run(*script)
    assert house.provider.asked[-1] == CLOSE
    assert house.told()[-1] != ""
    assert house.world.output.documents == []
    return caught.value


def test_first_ctrl_c_cleans_up_and_leaves_nothing(house: House) -> None:
    before = signal.getsignal(signal.SIGINT)
    error = stopped(house, ("try_to_write", None), ("make_partner", pressing(7)), ("delete_partner", None))
    assert error.message == "Stopped; nothing was left at Billingo."
    assert house.told() == [
        "Write access: passed", STOPPING, "Partner: passed", "Draft: skipped", "Read back: skipped", "Clean up: passed"
    ]  # fmt: skip
    assert (house.path.exists(), house.remembered) == (False, None)
    assert signal.getsignal(signal.SIGINT) is before


def test_ctrl_c_names_the_note_where_something_is_left(house: House) -> None:
    script: RehearsalScript = (("make_partner", pressing(7)), ("delete_partner", LOST), ("delete_partner", LOST))
    error = stopped(house, ("try_to_write", None), *script)
    assert error.message == f"Stopped; what is left is noted in {house.path}."
    assert error.fix == CLEAN
    assert house.note.sent == ("partner",)


def test_second_ctrl_c_leaves_at_once_with_the_note(house: House) -> None:
    error = stopped(house, ("try_to_write", None), ("make_partner", pressing(7, times=2)))
    assert error.message == f"Stopped at once; what may be left is noted in {house.path}."
    assert error.fix == CLEAN
    assert house.note.sent == ("partner",)


def test_ctrl_c_does_not_hide_that_something_is_no_draft(house: House) -> None:
    invoice = Draft(9, is_draft=False)
    assert house.run(*WHOLE[:3], ("make_draft", pressing(invoice))) == ExitCode.NOT_READY
    assert house.document["code"] == "draft_differs"


def test_ctrl_c_hides_any_other_failure(house: House) -> None:
    script: RehearsalScript = (("make_draft", pressing(NO_DRAFTS)), ("delete_partner", None))
    assert stopped(house, *WHOLE[:3], *script).message == "Stopped; nothing was left at Billingo."


def test_note_names_the_key_in_use_where_that_is_not_the_one_that_was_connected(house: House) -> None:
    text = house.world.settings.read_text("utf-8")
    house.world.settings.write_text(text.replace(f'hint = "{KEY[-4:]}"', 'hint = "9999"'), "utf-8")
    house.run(*WHOLE[:4], ("read_draft", LOST), ("find_draft", LOST))
    assert (house.note.key_hint, house.note.document_block) == (KEY[-4:], None)
