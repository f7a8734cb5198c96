"""Ctrl-C around a save: it waits for the end once something was changed, and works when nothing was."""

import signal
from pathlib import Path

import pytest

from bokko_cli.errors import KeyringFailed
from bokko_cli.model.apikey import ApiKey
from bokko_cli.store import commit
from tests.unit.state_world import StateWorld, Trouble, decided


def test_ctrl_c_behind_a_save_does_not_claim_that_nothing_was_changed(tmp_path: Path) -> None:
    world = StateWorld(tmp_path / "bokko")
    commit.connect(world.stores(), decided(), ApiKey("key-1"), None, may_switch=False)
    signal.raise_signal(signal.SIGINT)
    assert world.secret_of() == "key-1"


@pytest.mark.parametrize("name", ["SIGTERM", "SIGHUP"])
def test_other_signals_behind_a_save_do_not_end_it_as_if_it_had_failed(tmp_path: Path, name: str) -> None:
    world = StateWorld(tmp_path / "bokko")
    commit.connect(world.stores(), decided(), ApiKey("key-1"), None, may_switch=False)
    signal.raise_signal(signal.Signals[name])
    assert world.secret_of() == "key-1"


@pytest.mark.parametrize("name", ["SIGTERM", "SIGHUP"])
def test_other_signals_end_it_again_when_a_save_failed(tmp_path: Path, name: str) -> None:
    def end(number: int, _at: object) -> None:
        raise InterruptedError(number)

    signal.signal(signal.Signals[name], end)
    world = StateWorld(tmp_path / "bokko", trouble=Trouble(at=1))
    with pytest.raises(KeyringFailed):
        commit.connect(world.stores(), decided(), ApiKey("key-1"), None, may_switch=False)
    with pytest.raises(InterruptedError):
        signal.raise_signal(signal.Signals[name])


def test_ctrl_c_works_again_when_a_save_failed(tmp_path: Path) -> None:
    world = StateWorld(tmp_path / "bokko", trouble=Trouble(at=1))
    with pytest.raises(KeyringFailed):
        commit.connect(world.stores(), decided(), ApiKey("key-1"), None, may_switch=False)
    with pytest.raises(KeyboardInterrupt):
        signal.raise_signal(signal.SIGINT)
