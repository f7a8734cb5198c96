"""`disconnect`: confirm, then both stores are empty; and again, as often as wanted."""

import tomllib
from pathlib import Path

import pytest

from bokko_cli.errors import (
    Cancelled,
    ExitCode,
    KeyringLocked,
    KeyringUnavailable,
    MissingInput,
    SettingsUnreadable,
)
from tests.fakes import ENTER, KEY, World

pytestmark = pytest.mark.usefixtures("each_way_of_asking")

QUESTION = "Disconnect Billingo (profile default)?"


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path / "settings").connected()


def test_yes_removes_settings_and_key_and_says_where_to_revoke_it(world: World) -> None:
    assert world.disconnect((QUESTION, True)) == ExitCode.DONE
    assert tomllib.loads(world.settings.read_text("utf-8")) == {"schema": 1}
    assert world.secrets["keyring"].kept == {}
    assert world.status.state == "not_connected"
    assert "invoices are untouched" in world.said()
    assert "https://app.billingo.hu/api-key" in world.said()


@pytest.mark.parametrize("yes", [True, False])
def test_note_of_a_rehearsal_is_mentioned_while_it_can_still_be_cleaned_up(world: World, yes: bool) -> None:
    note = world.folder / "default.billingo.rehearsal.json"
    note.touch()
    assert (world.disconnect(yes=True) if yes else world.disconnect((QUESTION, True))) == ExitCode.DONE
    told = world.said()
    assert f"may have left at Billingo is noted in {note}" in told
    assert "bokko billingo rehearse --clean" in told
    assert note.exists()


def test_no_rehearsal_is_mentioned_where_none_left_anything(world: World) -> None:
    world.disconnect(yes=True)
    (world.folder / "default.billingo.rehearsal.json").touch()
    world.disconnect(yes=True)
    assert "rehears" not in world.said()


def test_no_changes_nothing(world: World) -> None:
    before = world.settings.read_bytes()
    with pytest.raises(Cancelled, match=r"Nothing was changed\."):
        world.disconnect((QUESTION, False))
    assert world.settings.read_bytes() == before
    assert world.secrets["keyring"].kept == {"a": KEY}


def test_enter_alone_is_a_no(world: World) -> None:
    with pytest.raises(Cancelled):
        world.disconnect((QUESTION, ENTER))
    assert world.person.enters == [(QUESTION, False)]
    assert world.secrets["keyring"].kept == {"a": KEY}


def test_nobody_to_ask_needs_yes(world: World) -> None:
    with pytest.raises(MissingInput) as caught:
        world.disconnect()
    assert [missing.flag for missing in caught.value.missing] == ["--yes"]
    assert world.secrets["keyring"].kept == {"a": KEY}
    assert world.disconnect(yes=True) == ExitCode.DONE


def test_second_time_is_fine_and_still_sweeps_both_slots(world: World) -> None:
    world.disconnect(yes=True)
    world.secrets["keyring"].kept = {"a": "orphan", "b": "orphan"}
    world.secrets["file"].kept = {"b": "orphan"}
    assert world.disconnect() == ExitCode.DONE
    assert world.secrets["keyring"].kept == world.secrets["file"].kept == {}
    assert "Billingo was not connected." in world.output.told


def test_settings_of_others_and_comments_stay(world: World) -> None:
    text = "# mine\n" + world.settings.read_text("utf-8") + '\n[szamlazz]\nnote = "kept"\n'
    world.settings.write_text(text, "utf-8")
    world.disconnect(yes=True)
    left = world.settings.read_text("utf-8")
    assert "# mine" in left
    assert tomllib.loads(left)["szamlazz"] == {"note": "kept"}


def test_locked_keyring_stops_it_unless_the_secret_may_stay(world: World) -> None:
    world.secrets["keyring"].failure = KeyringLocked("locked")
    with pytest.raises(KeyringLocked) as caught:
        world.disconnect(yes=True)
    assert "disconnect --leave-secret" in caught.value.fix
    assert "billingo" in tomllib.loads(world.settings.read_text("utf-8"))
    assert world.disconnect(yes=True, leave_secret=True) == ExitCode.DONE
    assert "Warning: The key may still be here: memory, slot a" in world.output.told
    assert "settings and key were removed" not in world.said()
    assert "billingo" not in tomllib.loads(world.settings.read_text("utf-8"))


def test_without_a_connection_no_keyring_is_fine_and_a_locked_one_is_not(tmp_path: Path) -> None:
    world = World(tmp_path / "settings")
    world.secrets["keyring"].failure = KeyringUnavailable("none")
    assert world.disconnect() == ExitCode.DONE
    world.secrets["keyring"].failure = KeyringLocked("locked")
    with pytest.raises(KeyringLocked) as caught:
        world.disconnect()
    assert caught.value.exit_code == ExitCode.STORAGE


def test_broken_settings_are_left_alone_and_the_secrets_go(world: World) -> None:
    world.settings.write_text("broken [", "utf-8")
    with pytest.raises(SettingsUnreadable) as caught:
        world.disconnect(yes=True)
    assert caught.value.exit_code == ExitCode.STORAGE
    assert world.secrets["keyring"].kept == {}
    assert world.settings.read_text("utf-8") == "broken ["


def test_broken_settings_ask_before_the_secrets_go(world: World) -> None:
    world.settings.write_text("broken [", "utf-8")
    with pytest.raises(MissingInput):
        world.disconnect()
    assert world.secrets["keyring"].kept == {"a": KEY}


def test_sandbox_has_no_key_to_revoke(tmp_path: Path) -> None:
    world = World(tmp_path / "settings", is_sandbox=True)
    world.provider.key = "sandbox-ready"
    world.connected().disconnect(yes=True)
    assert "revoke" not in world.said()
    assert "still works" not in world.said()
