"""The outcome of a rehearsal in the settings: kept for the connection that was rehearsed, and for no other."""

from pathlib import Path

import pytest

from bokko_cli.commands.shared.saving import stores
from bokko_cli.errors import StorageFailed
from bokko_cli.model.values import Rehearsal
from bokko_cli.prompter.base import NoPrompter
from bokko_cli.store.rehearsal_outcome import rehearsing
from bokko_cli.store.slots import Stores
from tests.fakes import NOW, World

PASSED = Rehearsal(NOW, "passed")
FAILED = Rehearsal(NOW, "failed", "read_only_key")


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path / "settings").connected()


def stores_of(world: World) -> Stores:
    return stores(world.scope(NoPrompter()))


@pytest.mark.parametrize("outcome", [PASSED, FAILED, None])
@pytest.mark.parametrize("can_write", [True, False, None])
def test_what_is_known_is_written_and_the_rest_stands(
    world: World, outcome: Rehearsal | None, can_write: bool | None
) -> None:
    before = world.stored_connection()
    with rehearsing(stores_of(world), before) as keep:
        keep(outcome, can_write)
    assert world.stored_connection() == before._replace(rehearsal=outcome, key=before.key._replace(can_write=can_write))


def test_what_is_not_known_leaves_what_is_stored(world: World) -> None:
    with rehearsing(stores_of(world), world.stored_connection()) as keep:
        keep(FAILED, False)
        keep(None, None)
    after = world.stored_connection()
    assert (after.rehearsal, after.key.can_write) == (FAILED, False)


def test_connection_that_was_changed_before_is_not_rehearsed(world: World) -> None:
    before = world.stored_connection()
    world.configure(default_vat_rate="0")
    with pytest.raises(StorageFailed) as caught, rehearsing(stores_of(world), before):
        raise AssertionError("nothing may be sent")
    assert caught.value.message == "The connection to Billingo was changed in the meantime; nothing was sent."
    assert caught.value.fix == "Run the command again."


def test_connection_that_is_gone_is_not_rehearsed(world: World) -> None:
    before = world.stored_connection()
    world.settings.unlink()
    with pytest.raises(StorageFailed), rehearsing(stores_of(world), before):
        raise AssertionError("nothing may be sent")


@pytest.mark.parametrize(
    ("here", "instead"),
    [
        ('default_vat_rate = "27%"', 'default_vat_rate = "0%"'),
        ("connected_at = 2026-11-22T21:57:40Z", "connected_at = 2026-11-22T21:57:41Z"),
        ('endpoint = "https://api.billingo.hu/v3"', 'endpoint = "https://elsewhere.example/v3"'),
        ('slot = "a"', 'slot = "b"'),
    ],
)
def test_outcome_is_not_written_over_what_was_edited_by_hand_meanwhile(world: World, here: str, instead: str) -> None:
    with rehearsing(stores_of(world), world.stored_connection()) as keep:
        text = world.settings.read_text("utf-8")
        assert here in text
        world.settings.write_text(text.replace(here, instead), "utf-8")
        keep(PASSED, True)
        assert world.settings.read_text("utf-8") == text.replace(here, instead)


def test_outcome_of_a_connection_that_is_gone_meanwhile_is_not_written(world: World) -> None:
    with rehearsing(stores_of(world), world.stored_connection()) as keep:
        world.settings.unlink()
        keep(PASSED, True)
    assert not world.settings.exists()


def test_what_is_not_rehearsed_may_change_meanwhile_and_stands(world: World) -> None:
    with rehearsing(stores_of(world), world.stored_connection()) as keep:
        with world.settings.open("a", encoding="utf-8") as file:
            file.write("# mine\n")
        keep(PASSED, True)
    assert "\n# mine\n" in world.settings.read_text("utf-8")
    assert world.stored_connection().rehearsal == PASSED


def test_what_is_written_is_logged(world: World, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level("DEBUG", "bokko.rehearsal"), rehearsing(stores_of(world), world.stored_connection()) as keep:
        keep(FAILED, None)
        keep(None, True)
    assert caplog.messages == ["outcome written: failed", "outcome written: None"]
