"""Killed in every state of the disk, out of space or interrupted before every write: old or new stands whole."""

import errno
import signal
from collections.abc import Iterator

import pytest

from bokko_cli.store.profile import load
from tests.faults.killing import StruckRun, fail_at, interrupt_at, kill_before, undisturbed
from tests.faults.machine import (
    CONFIGURING,
    DISCONNECTING,
    NEW_KEY,
    NOTHING,
    OLD_KEY,
    OUR_FILES,
    SCENES,
    Machine,
    Scene,
    View,
    connecting,
)

TYPICAL = {"another key, keyring", "first connect, file", "disconnect, file"}
"""The scenes that stand for all of them."""
EACH_SCENE = pytest.mark.parametrize(
    "name", [name if name in TYPICAL else pytest.param(name, marks=pytest.mark.exhaustive) for name in SCENES]
)
LOCK = "open default.lock"


def prepared(machine: Machine, scene: Scene) -> tuple[StruckRun, View, View]:
    """Bring the machine to where the scene begins; return a whole run and how things look before and after."""
    for key, storage in scene.before:
        machine.connect(key, storage)
    after = machine.copied("undisturbed")
    whole = undisturbed(after.argv(*scene.arguments), after.environment(), scene.key)
    named = whole.writes
    assert LOCK in named
    assert named.index("fsync .default.toml.new") < named.index("rename .default.toml.new default.toml")
    assert (machine.view(), after.view()) == (machine.status(), after.status())
    return whole, machine.view(), after.view()


def each_state(machine: Machine, whole: StruckRun) -> Iterator[tuple[int, Machine]]:
    """Give a write for each state that a signal may find, and a fresh copy of the machine to strike it on."""
    for number in whole.turns:
        yield number, machine.copied(f"struck-{number}")


def each_write(machine: Machine, named: list[str]) -> Iterator[tuple[int, Machine]]:
    """Give the number of each write, and a fresh copy of the machine to strike it on.

    One that only says again what the one before did, such as an open file that is wrapped, is left out.
    """
    for number, (write, last) in enumerate(zip(named, ["", *named], strict=False), 1):
        if write != last:
            yield number, machine.copied(f"struck-{number}")


def assert_whole(machine: Machine, before: View, after: View, ended: StruckRun) -> View:
    """Check that this is the old state or the new one; a disconnect may have got no further than the secret."""
    seen = machine.view()
    lost_its_key = View("attention", before.hint, before.storage, before.vat)
    allowed = {before, after, lost_its_key} if after == NOTHING else {before, after}
    assert seen in allowed, ended.writes[-1]
    wanted = set() if seen == lost_its_key else seen.secrets
    assert machine.secrets() >= wanted, ended.writes[-1]
    if seen == NOTHING and before != NOTHING:
        assert machine.secrets() == set(), ended.writes[-1]
    return seen


def assert_next_command_clears_up(machine: Machine, seen: View, ended: StruckRun) -> None:
    """Check that whatever takes the lock next leaves nothing that does not belong there."""
    is_ready = seen.state == "ready"
    wanted = seen.secrets if is_ready else set()
    if machine.files() <= OUR_FILES and machine.secrets() == wanted:
        return
    ran = machine.run(*(CONFIGURING if is_ready else DISCONNECTING))
    assert ran.returncode == 0, (ended.writes[-1], ran.stderr)
    assert "Warning" not in ran.stderr
    assert machine.files() <= OUR_FILES, ended.writes[-1]
    assert machine.secrets() == wanted, ended.writes[-1]


@EACH_SCENE
def test_killed_before_any_write_leaves_the_old_or_the_new_and_no_orphan(name: str, machine: Machine) -> None:
    scene = SCENES[name]
    whole, before, after = prepared(machine, scene)
    assert before != after
    for number, struck in each_state(machine, whole):
        ended = kill_before(struck.argv(*scene.arguments), struck.environment(), number, scene.key)
        seen = assert_whole(struck, before, after, ended)
        assert_next_command_clears_up(struck, seen, ended)


@pytest.mark.parametrize("storage", ["keyring", "file"])
def test_killed_first_connect_to_a_keyring_is_cleared_up_by_one_to_any_storage(storage: str, machine: Machine) -> None:
    scene = SCENES["first connect, keyring"]
    whole, _, _ = prepared(machine, scene)
    just_after_the_secret = whole.writes.index("keyring set bokko:billingo default:a") + 2
    kill_before(machine.argv(*scene.arguments), machine.environment(), just_after_the_secret, scene.key)
    assert machine.secrets() == {NEW_KEY}
    machine.connect(storage=storage)
    assert machine.secrets() == machine.view().secrets
    assert machine.files() <= OUR_FILES


@pytest.mark.parametrize(
    "name",
    [
        "another key, file",
        pytest.param("another key, keyring", marks=pytest.mark.exhaustive),
        pytest.param("configure", marks=pytest.mark.exhaustive),
        pytest.param("disconnect, keyring", marks=pytest.mark.exhaustive),
    ],
)
def test_write_that_fails_leaves_the_old_connection_and_says_so(name: str, machine: Machine) -> None:
    scene = SCENES[name]
    whole, before, after = prepared(machine, scene)
    named = whole.writes
    for number, struck in each_write(machine, named):
        error = errno.ENOSPC if number % 2 else errno.EACCES
        ended = fail_at(struck.argv(*scene.arguments), struck.environment(), number, error, scene.key)
        assert ended.returncode in {0, 7}, (named[number - 1], ended.stderr)
        assert "Traceback" not in ended.stderr
        seen = assert_whole(struck, before, after, ended)
        assert (seen == after) == (ended.returncode == 0), named[number - 1]
        assert struck.secrets() == (seen.secrets if seen.state == "ready" else set()) or "Warning" in ended.stderr
        assert ended.returncode == 0 or "Error" in ended.stderr


@pytest.mark.parametrize(
    ("name", "by"),
    [
        ("another key, keyring", "SIGINT"), ("disconnect, keyring", "SIGTERM"), ("disconnect, file", "SIGHUP"),
        pytest.param("another key, file", "SIGINT", marks=pytest.mark.exhaustive),
        pytest.param("disconnect, file", "SIGINT", marks=pytest.mark.exhaustive),
    ],
)  # fmt: skip
def test_signal_during_the_save_waits_for_its_end(name: str, by: str, machine: Machine) -> None:
    scene = SCENES[name]
    whole, before, after = prepared(machine, scene)
    named = whole.writes
    locked = len(named) - named[::-1].index(LOCK)
    for number, struck in each_state(machine, whole):
        if number <= locked:
            continue
        ended = interrupt_at(struck.argv(*scene.arguments), struck.environment(), number, scene.key, by)
        assert ended.returncode == 0, (named[number - 1], ended.stderr)
        assert struck.view() == after != before
        assert struck.secrets() == after.secrets


def test_ctrl_c_before_the_lock_changes_nothing(machine: Machine) -> None:
    machine.connect()
    before = machine.view()
    argv = machine.argv(*connecting())
    ended = interrupt_at(argv, machine.environment(), 1, NEW_KEY)
    assert (ended.returncode, machine.view()) == (130, before)
    assert "Nothing was changed." in ended.stderr


@pytest.mark.parametrize("by", ["SIGTERM", "SIGHUP"])
def test_other_signals_before_the_lock_change_nothing_and_are_what_the_command_died_of(
    by: str, machine: Machine
) -> None:
    machine.connect()
    before = machine.view()
    ended = interrupt_at(machine.argv(*connecting()), machine.environment(), 1, NEW_KEY, by)
    assert (ended.returncode, machine.view()) == (-signal.Signals[by], before)
    assert "Traceback" not in ended.stderr


def test_killed_activate_leaves_exactly_one_provider_active_and_every_key(machine: Machine) -> None:
    machine.connect(OLD_KEY, "keyring")
    settings = machine.folder / "default.toml"
    settings.write_text(
        settings.read_text("utf-8").replace('active_provider = "billingo"', 'active_provider = "szamlazz"')
    )
    activating = ("activate", "--yes", "--no-input")
    calm = machine.copied("undisturbed")
    whole = undisturbed(calm.argv(*activating), calm.environment())
    named = whole.writes
    assert load(calm.folder, "default").active_provider == "billingo"
    for number, struck in each_state(machine, whole):
        kill_before(struck.argv(*activating), struck.environment(), number, "")
        assert load(struck.folder, "default").active_provider in {"szamlazz", "billingo"}, named[number - 1]
        assert (struck.view(), struck.secrets()) == (machine.view(), {OLD_KEY}), named[number - 1]
        assert struck.run(*CONFIGURING).returncode == 0
        assert struck.files() <= OUR_FILES, named[number - 1]
