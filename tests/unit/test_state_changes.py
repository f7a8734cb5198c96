"""A change is made of what the file says now, whole, and only where it can be made."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from bokko_cli.errors import MissingInput, StorageFailed
from bokko_cli.model.apikey import ApiKey
from bokko_cli.model.values import Connection, KeyPlace, Rehearsal
from bokko_cli.providers.billingo.fields import SPEC as BILLINGO
from bokko_cli.providers.szamlazz.fields import SPEC as SZAMLAZZ
from bokko_cli.store import commit
from bokko_cli.store.profile import load
from tests.unit.state_world import KEY, NOW, StateWorld, decided


def test_another_provider_that_became_active_meanwhile_needs_yes(connected: StateWorld) -> None:
    stores = connected.stores("szamlazz")
    wanted = decided(SZAMLAZZ)
    with pytest.raises(MissingInput, match="billingo has become the active provider in the meantime"):
        commit.connect(stores, wanted, KEY, None, may_switch=False)
    assert (connected.load().active_provider, connected.secrets_of("szamlazz")) == ("billingo", [])
    commit.connect(stores, wanted, KEY, "billingo", may_switch=False)
    assert connected.load().active_provider == "szamlazz"
    assert connected.secret_of() == KEY.reveal()


def test_verified_connection_that_was_replaced_is_not_activated(connected: StateWorld) -> None:
    seen = connected.connection()
    assert seen
    commit.connect(connected.stores(), decided(), ApiKey("another"), None, may_switch=False)
    before = connected.path.read_bytes()
    with pytest.raises(StorageFailed, match="connected again in the meantime"):
        commit.activate(connected.stores(), seen, None, may_switch=True)
    assert connected.path.read_bytes() == before


def test_configure_changes_only_what_was_decided(connected: StateWorld) -> None:
    seen = connected.connection()
    assert seen
    by_hand = connected.path.read_text("utf-8").replace('"bank_transfer"', '"cash" # by hand')
    connected.path.write_text(by_hand, "utf-8")
    now = seen._replace(settings={**seen.settings, "default_vat_rate": "0%"})
    saved = commit.configure(connected.stores(), seen, now)
    assert (saved.settings["default_vat_rate"], saved.settings["default_payment_method"]) == ("0%", "cash")
    assert "# by hand" in connected.path.read_text("utf-8")


@pytest.mark.parametrize("change", ["connect", "dry run"])
def test_layout_that_cannot_be_changed_is_refused_before_a_secret_is_touched(
    change: str, unconnected: StateWorld
) -> None:
    unconnected.folder.mkdir()
    spread = 'billingo.extra = 3\nbillingo.more.slot = "b"\n[billingo."odd key"]\n[notes]\n'
    unconnected.path.write_text(spread, "utf-8")
    acts: dict[str, Callable[[], object]] = {
        "connect": lambda: commit.connect(unconnected.stores(), decided(), KEY, None, may_switch=False),
        "dry run": lambda: commit.dry_run(unconnected.stores(), decided()),
    }
    with pytest.raises(StorageFailed, match="cannot be changed safely"):
        acts[change]()
    assert (unconnected.path.read_text("utf-8"), unconnected.trouble.calls) == (spread, [])


def test_disconnect_that_cannot_write_keeps_the_secret(connected: StateWorld) -> None:
    (connected.folder / ".default.toml.new").mkdir()
    with pytest.raises(StorageFailed, match="Cannot write"):
        commit.disconnect(connected.stores(), leave_secret=False)
    assert connected.secret_of() == KEY.reveal()


def test_dry_run_finds_what_the_real_run_would(unconnected: StateWorld, tmp_path: Path) -> None:
    commit.dry_run(unconnected.stores(), decided())
    assert not unconnected.folder.exists()
    (tmp_path / "bokko").touch()
    with pytest.raises(StorageFailed, match="not a writable folder"):
        commit.dry_run(unconnected.stores(), decided())


def test_connection_is_a_whole(connected: StateWorld) -> None:
    connection = connected.connection()
    assert isinstance(connection, Connection)
    assert (connection.connected_at, connection.key) == (NOW, KeyPlace("keyring", "a", None))
    assert load(connected.folder, "other").connection(BILLINGO) is None


REHEARSED = '[billingo.rehearsal]\nat = 2026-11-22T21:57:40Z\noutcome = "passed"\n'


@pytest.fixture
def rehearsed(connected: StateWorld) -> Connection:
    connected.path.write_text(f"{connected.path.read_text('utf-8')}\n{REHEARSED}", "utf-8")
    connection = connected.connection()
    assert connection
    assert connection.rehearsal == Rehearsal(NOW, "passed")
    return connection


def test_what_is_known_of_key_and_subscription_comes_back_as_written(unconnected: StateWorld) -> None:
    known = decided()._replace(
        subscription_until=date(2027, 12, 31), subscription_has_plan=False,
        key=KeyPlace("keyring", None, None, can_write=False),
    )  # fmt: skip
    written = commit.connect(unconnected.stores(), known, KEY, None, may_switch=False)
    assert written == known._replace(key=KeyPlace("keyring", "a", None, can_write=False))
    assert unconnected.connection() == written
    again = commit.connect(unconnected.stores(), decided(), KEY, None, may_switch=False)
    assert unconnected.connection() == again
    assert (again.subscription_until, again.subscription_has_plan, again.key.can_write) == (None, None, None)


@pytest.mark.parametrize("changes", [{}, {"invoice_capable": False}])
def test_rehearsal_is_forgotten_when_settings_change(
    connected: StateWorld, rehearsed: Connection, changes: dict[str, bool]
) -> None:
    now = rehearsed._replace(settings={**rehearsed.settings, **changes})
    after = commit.configure(connected.stores(), rehearsed, now)
    assert after.rehearsal == (None if changes else Rehearsal(NOW, "passed"))
    assert connected.connection() == after


@pytest.mark.usefixtures("rehearsed")
def test_rehearsal_is_forgotten_when_the_key_changes(connected: StateWorld) -> None:
    after = commit.connect(connected.stores(), decided(), KEY, None, may_switch=False)
    assert after.rehearsal is None
    assert connected.connection() == after


def test_activate_keeps_the_rehearsal(connected: StateWorld, rehearsed: Connection) -> None:
    commit.activate(connected.stores(), rehearsed, None, may_switch=False)
    assert connected.connection() == rehearsed
