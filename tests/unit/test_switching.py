"""Exactly one provider is active, or none: whatever is begun, however it ends, nothing of the other is lost."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from bokko_cli.errors import BokkoError, ExitCode, KeyringLocked, MissingInput, NoApiAccess, NotReady, Unreachable
from tests.fakes import MemoryProvider, RecordingOutput
from tests.unit.two_providers import Office, Side, written

pytestmark = pytest.mark.usefixtures("each_way_of_asking")

TITLES = {"billingo": "Billingo", "szamlazz": "Számlázz.hu"}
BEFORE = ["nothing", "self", "other", "both", "both, none active"]
CONNECTED = ["self", "both", "both, none active"]
OUTAGES = [
    (NoApiAccess("The subscription has expired."), ExitCode.REFUSED),
    (Unreachable("Nobody answered."), ExitCode.UNREACHABLE),
]


@dataclass
class SideOfOffice:
    """An office with a past, and the side of it that something is about to be done with."""

    office: Office
    side: Side
    active: str | None
    """Who is active before anything happens."""

    @property
    def name(self) -> str:
        return self.side.spec.provider

    @property
    def other(self) -> Side:
        return self.office.other(self.side)

    @property
    def other_title(self) -> str:
        return TITLES[self.other.spec.provider]

    @property
    def warns(self) -> bool:
        return self.active == self.other.spec.provider

    @property
    def saving(self) -> str:
        """The last question of `connect`."""
        return f"Save, and deactivate {self.other_title}?" if self.warns else "Save this?"

    def assert_unchanged_by(self, act: Callable[[], object]) -> None:
        """Nothing is active that was not, and nothing stored differs, byte by byte."""
        before = (self._file(), self.side.kept(), self.other.kept())
        act()
        self.office.allow_writes()
        assert (self._file(), self.side.kept(), self.other.kept()) == before
        assert self.office.active() == self.active

    def _file(self) -> bytes:
        return self.side.settings.read_bytes() if self.side.settings.exists() else b""


@pytest.fixture(params=["billingo", "szamlazz"])
def scene(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[[str], SideOfOffice]:
    """Return a function from what happened before to a scene; each test runs for both providers."""

    def set_up(before: str) -> SideOfOffice:
        office = Office(tmp_path / "settings")
        side = office.sides[request.param]
        wanted = {"self": [side], "other": [office.other(side)], "nothing": []}.get(before, [side, office.other(side)])
        for one in wanted:
            assert one.try_to_connect(yes=True) == ExitCode.DONE
            one.output.told.clear()
        if before == "both, none active":
            office.deactivate_by_hand()
        active = office.active()
        expected = wanted[-1].spec.provider if wanted and before != "both, none active" else None
        assert active == expected
        return SideOfOffice(office, side, active)

    return set_up


Set = Callable[[str], SideOfOffice]


@pytest.mark.parametrize("before", BEFORE)
@pytest.mark.parametrize("is_asked", [True, False])
def test_connect_makes_its_provider_the_only_active_one(scene: Set, before: str, is_asked: bool) -> None:
    now = scene(before)
    others = now.other.kept()
    script = ((now.saving, True),) if is_asked else ()
    assert now.side.try_to_connect(*script, yes=not is_asked) == ExitCode.DONE
    assert now.office.active() == now.name
    assert now.other.kept() == others
    assert now.side.status.state == "ready"


@pytest.mark.parametrize("before", CONNECTED)
@pytest.mark.parametrize("is_asked", [True, False])
def test_activate_makes_its_provider_the_only_active_one(scene: Set, before: str, is_asked: bool) -> None:
    now = scene(before)
    others = now.other.kept()
    script = ((f"Deactivate {now.other_title}?", True),) if is_asked and now.warns else ()
    assert now.side.try_to_activate(*script, yes=not is_asked) == ExitCode.DONE
    assert now.office.active() == now.name
    assert now.other.kept() == others
    assert now.side.status.state == "ready"


@pytest.mark.parametrize("before", BEFORE)
def test_wrong_key_connects_nothing(scene: Set, before: str) -> None:
    now = scene(before)
    now.side.standard_input = "another-key-altogether"

    def act() -> None:
        assert now.side.try_to_connect(yes=True) == ExitCode.REFUSED

    now.assert_unchanged_by(act)


@pytest.mark.parametrize("before", BEFORE)
@pytest.mark.parametrize(("outage", "code"), OUTAGES)
def test_connect_that_is_refused_or_unanswered_changes_nothing(
    scene: Set, before: str, outage: BokkoError, code: ExitCode
) -> None:
    now = scene(before)
    now.side.provider.outages = [outage]

    def act() -> None:
        assert now.side.try_to_connect(yes=True) == code

    now.assert_unchanged_by(act)


@pytest.mark.parametrize("before", CONNECTED)
@pytest.mark.parametrize(("outage", "code"), OUTAGES)
def test_activate_that_is_refused_or_unanswered_changes_nothing(
    scene: Set, before: str, outage: BokkoError, code: ExitCode
) -> None:
    now = scene(before)
    now.side.provider.outages = [outage]

    def act() -> None:
        assert now.side.try_to_activate(yes=True) == code
        assert isinstance(now.side.error, NotReady)
        assert outage.message in now.side.error.message
        assert now.side.error.code == ("no_api_access" if code is ExitCode.REFUSED else "unreachable")
        assert now.side.error.fix == outage.fix

    now.assert_unchanged_by(act)


@pytest.mark.parametrize("before", BEFORE)
def test_no_at_the_last_question_of_connect_changes_nothing(scene: Set, before: str) -> None:
    now = scene(before)

    def act() -> None:
        assert now.side.try_to_connect((now.saving, False)) == ExitCode.CANCELLED

    now.assert_unchanged_by(act)


def test_no_to_deactivating_the_other_changes_nothing(scene: Set) -> None:
    now = scene("both")

    def act() -> None:
        assert now.side.try_to_activate((f"Deactivate {now.other_title}?", False)) == ExitCode.CANCELLED

    now.assert_unchanged_by(act)


@pytest.mark.parametrize("before", BEFORE)
@pytest.mark.parametrize("command", ["connect", "activate"])
def test_settings_that_cannot_be_written_change_nothing(scene: Set, before: str, command: str) -> None:
    now = scene(before)
    if command == "activate" and before not in CONNECTED:
        return
    now.office.refuse_writes()

    def act() -> None:
        run = now.side.try_to_connect if command == "connect" else now.side.try_to_activate
        assert run(yes=True) == ExitCode.STORAGE

    now.assert_unchanged_by(act)


@pytest.mark.parametrize("before", BEFORE)
def test_secret_that_cannot_be_kept_connects_nothing(scene: Set, before: str) -> None:
    now = scene(before)

    def act() -> None:
        now.side.secrets["keyring"].failure = KeyringLocked("The keyring is locked.")
        assert now.side.try_to_connect(yes=True) == ExitCode.STORAGE
        now.side.secrets["keyring"].failure = None

    now.assert_unchanged_by(act)


@pytest.mark.parametrize("before", CONNECTED)
def test_secret_that_cannot_be_read_activates_nothing(scene: Set, before: str) -> None:
    now = scene(before)

    def act() -> None:
        now.side.secrets["keyring"].failure = KeyringLocked("The keyring is locked.")
        assert now.side.try_to_activate(yes=True) == ExitCode.NOT_READY
        assert isinstance(now.side.error, NotReady)
        assert now.side.error.code == "keyring_unavailable"
        now.side.secrets["keyring"].failure = None

    now.assert_unchanged_by(act)


@pytest.mark.parametrize("before", ["nothing", "other"])
def test_activate_needs_a_connection(scene: Set, before: str) -> None:
    now = scene(before)

    def act() -> None:
        assert now.side.try_to_activate(yes=True) == ExitCode.NOT_CONNECTED
        assert now.side.error is not None
        assert now.side.error.fix == f"bokko {now.name} connect"

    now.assert_unchanged_by(act)


def test_activate_refuses_settings_that_cannot_invoice(scene: Set) -> None:
    now = scene("nothing")
    assert now.side.connect_with({**now.side.flags, "invoice_capable": False}) == ExitCode.DONE
    assert now.other.try_to_connect(yes=True) == ExitCode.DONE
    now.active = now.other.spec.provider

    def act() -> None:
        assert now.side.try_to_activate(yes=True) == ExitCode.NOT_READY
        assert isinstance(now.side.error, NotReady)
        assert now.side.error.code == "not_invoice_capable"
        assert now.side.error.fix == f"bokko {now.name} configure --invoice-capable"

    now.assert_unchanged_by(act)


@pytest.mark.parametrize(("before", "command"), [("other", "connect"), ("both", "connect"), ("both", "activate")])
def test_without_a_yes_a_script_does_not_deactivate_the_other(scene: Set, before: str, command: str) -> None:
    now = scene(before)

    def act() -> None:
        run = now.side.try_to_connect if command == "connect" else now.side.try_to_activate
        assert run() == ExitCode.USAGE
        assert isinstance(now.side.error, MissingInput)
        assert [missing.flag for missing in now.side.error.missing] == ["--yes"]
        assert now.other_title in now.side.error.message

    now.assert_unchanged_by(act)


@pytest.mark.parametrize("before", ["nothing", "self"])
def test_where_nobody_else_is_active_a_script_needs_no_yes(scene: Set, before: str) -> None:
    now = scene(before)
    assert now.side.try_to_connect() == ExitCode.DONE
    assert now.side.try_to_activate() == ExitCode.DONE
    assert "Warning" not in now.side.said()


def test_yes_joins_what_else_is_missing(scene: Set) -> None:
    now = scene("other")
    assert now.side.connect_with({}) == ExitCode.USAGE
    assert isinstance(now.side.error, MissingInput)
    flags = [missing.flag for missing in now.side.error.missing]
    assert flags == (["--yes", "--block", "--bank-account"] if now.name == "billingo" else ["--yes"])


@dataclass
class Ear(RecordingOutput):
    """Notes at each warning how often the provider had been asked."""

    provider: MemoryProvider = field(default_factory=MemoryProvider)
    warnings: list[tuple[str, int]] = field(default_factory=list)

    def warn(self, text: str) -> None:
        self.warnings.append((text, len(self.provider.opened)))


@pytest.mark.parametrize("command", ["connect", "activate"])
def test_warning_names_the_other_before_anything_is_asked_or_sent(scene: Set, command: str) -> None:
    now = scene("both")
    now.side.provider.opened.clear()
    now.side.output = ear = Ear(provider=now.side.provider)
    run = now.side.try_to_connect if command == "connect" else now.side.try_to_activate
    assert run(yes=True) == ExitCode.DONE
    assert len(now.side.provider.opened) == 1
    ((warning, asked),) = ear.warnings
    assert asked == 0
    assert warning.startswith(f"{now.other_title} is the active provider.")


@pytest.mark.parametrize("command", ["connect", "activate"])
@pytest.mark.parametrize("before", ["self", "both, none active"])
def test_other_that_became_active_meanwhile_stays_active_without_a_yes(scene: Set, command: str, before: str) -> None:
    now = scene(before)
    now.side.meanwhile = lambda: now.other.try_to_connect(yes=True)
    run = now.side.try_to_connect if command == "connect" else now.side.try_to_activate
    own = now.side.kept()
    assert run() == ExitCode.USAGE
    assert isinstance(now.side.error, MissingInput)
    assert [missing.flag for missing in now.side.error.missing] == ["--yes"]
    assert now.side.kept() == own
    assert now.office.active() == now.other.spec.provider


@pytest.mark.parametrize("command", ["connect", "activate"])
def test_yes_holds_for_an_other_that_became_active_meanwhile_too(scene: Set, command: str) -> None:
    now = scene("self")
    now.side.meanwhile = lambda: now.other.try_to_connect(yes=True)
    run = now.side.try_to_connect if command == "connect" else now.side.try_to_activate
    assert run(yes=True) == ExitCode.DONE
    assert now.office.active() == now.name


def test_activate_of_what_was_disconnected_meanwhile_changes_nothing(scene: Set) -> None:
    now = scene("both")
    now.side.meanwhile = lambda: now.side.disconnect(yes=True)
    assert now.side.try_to_activate(yes=True) == ExitCode.NOT_CONNECTED
    assert now.office.active() == now.other.spec.provider
    assert now.side.spec.provider not in written(now.side.settings)


def test_disconnect_of_the_active_one_leaves_none_and_says_how_to_activate_the_other(scene: Set) -> None:
    now = scene("both")
    kept = now.side.kept()
    assert now.other.disconnect(yes=True) == ExitCode.DONE
    assert now.office.active() is None
    assert f"bokko {now.name} activate" in now.other.said()
    assert now.side.kept() == kept
    assert now.side.look() == ExitCode.NOT_READY
    assert now.side.status.active_provider is None


def test_disconnect_of_the_inactive_one_leaves_the_active_one(scene: Set) -> None:
    now = scene("both")
    kept = now.other.kept()
    assert now.side.disconnect(yes=True) == ExitCode.DONE
    assert now.office.active() == now.other.spec.provider
    assert "activate" not in now.side.said()
    assert now.other.kept() == kept


@pytest.mark.parametrize("look", ["status", "status --check"])
def test_status_of_the_inactive_one_says_who_is_active(scene: Set, look: str) -> None:
    now = scene("both")
    assert (now.side.look if look == "status" else now.side.check)() == ExitCode.NOT_READY
    assert now.side.status.state == "inactive"
    assert now.side.status.active_provider == now.other.spec.provider


def test_there_and_back_again_loses_nothing(scene: Set) -> None:
    now = scene("both")
    own, others = now.side.kept(), now.other.kept()
    assert now.side.try_to_activate(yes=True) == ExitCode.DONE
    assert now.other.try_to_activate(yes=True) == ExitCode.DONE
    assert (now.side.kept(), now.other.kept()) == (own, others)
    assert now.office.active() == now.active


def test_configure_changes_nobodys_activity(scene: Set) -> None:
    now = scene("both")
    assert now.side.configure(default_vat_rate="0") == ExitCode.DONE
    assert now.office.active() == now.other.spec.provider
    assert now.side.status.state == "inactive"


def test_activate_sets_when_it_was_verified_and_keeps_when_it_was_connected(scene: Set) -> None:
    now = scene("both")
    connected = now.side.now
    now.side.now = connected.replace(year=2027)
    assert now.side.try_to_activate(yes=True) == ExitCode.DONE
    table = written(now.side.settings)[now.name]
    assert (table["connected_at"], table["verified_at"]) == (connected, now.side.now)


@pytest.mark.parametrize("before", BEFORE)
def test_page_of_all_shows_each_state(scene: Set, before: str) -> None:
    now = scene(before)
    states = {page.provider: page.state for page in now.office.page()}
    mine, theirs = {
        "nothing": ("not_connected", "not_connected"),
        "self": ("ready", "not_connected"),
        "other": ("not_connected", "ready"),
        "both": ("inactive", "ready"),
        "both, none active": ("inactive", "inactive"),
    }[before]
    assert states == {now.name: mine, now.other.spec.provider: theirs}


def test_page_of_all_is_of_one_moment(scene: Set) -> None:
    now = scene("both")
    keyring = now.office.sides["billingo"].secrets["keyring"]
    switched: list[ExitCode] = []
    read = keyring.read

    def read_and_switch(slot: str) -> object:
        keyring.read = read  # type: ignore[method-assign]
        switched.append(now.side.try_to_activate(yes=True))
        return read(slot)  # type: ignore[arg-type]

    keyring.read = read_and_switch  # type: ignore[assignment]
    assert [page.state for page in now.office.page()].count("ready") == 1
    assert switched == [ExitCode.DONE]
