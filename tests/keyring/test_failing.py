"""A keyring that is absent, locked, silent, lying or failing: the old connection stands, and the message helps."""

import json
import subprocess
import time
from collections.abc import Mapping

import pytest

from tests.faults.keyring_modes import Mode
from tests.faults.machine import CONFIGURING, DISCONNECTING, NEW_KEY, NOTHING, OLD_KEY, Machine, connecting

LEAVING = (*DISCONNECTING, "--leave-secret")
NO_KEYRING = {"PYTHON_KEYRING_BACKEND": "keyring.backends.fail.Keyring"}
SAID: Mapping[Mode, str] = {
    "locked": "The keyring is locked.",
    "hanging": "The keyring does not answer; it is probably locked.",
    "lying": "The keyring did not keep the key.",
    "fails-on-set": "The keyring failed (ForeignError).",
    "fails-on-get": "The keyring failed (ForeignError).",
    "fails-on-delete": "The keyring failed (ForeignError).",
}
UNREADABLE: list[Mode] = ["locked", "hanging", "fails-on-get"]


def without_keyring(machine: Machine, *arguments: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
    env = {**machine.environment(), **NO_KEYRING}
    return subprocess.run(
        machine.argv(*arguments), env=env, input=stdin, capture_output=True, encoding="utf-8", check=False
    )


def assert_discreet(ran: subprocess.CompletedProcess[str]) -> None:
    printed = ran.stdout + ran.stderr
    assert not [key for key in (OLD_KEY, NEW_KEY) if key in printed]
    assert "Traceback" not in printed


@pytest.mark.parametrize("mode", ["locked", "hanging", "lying", "fails-on-set", "fails-on-get"])
def test_connect_fails_and_the_old_connection_stands(mode: Mode, machine: Machine) -> None:
    machine.connect()
    before = machine.view()
    started = time.monotonic()
    ran = machine.run(*connecting(), stdin=NEW_KEY, mode=mode)
    assert (ran.returncode, machine.view()) == (7, before)
    assert SAID[mode] in ran.stderr
    assert time.monotonic() - started < 30
    assert machine.secrets() == {OLD_KEY}
    assert_discreet(ran)


@pytest.mark.parametrize("mode", ["locked", "lying", "fails-on-set"])
def test_first_connect_fails_and_nothing_is_connected(mode: Mode, machine: Machine) -> None:
    ran = machine.run(*connecting(), "--debug", stdin=NEW_KEY, mode=mode)
    assert (ran.returncode, machine.view(), machine.secrets()) == (7, NOTHING, set())
    assert SAID[mode] in ran.stderr
    assert NEW_KEY not in ran.stdout + ran.stderr


def test_secret_that_cannot_be_deleted_is_a_warning_and_the_next_command_tries_again(machine: Machine) -> None:
    machine.connect()
    ran = machine.run(*connecting(), stdin=NEW_KEY, mode="fails-on-delete")
    assert ran.returncode == 0
    assert "Warning" in ran.stderr
    assert SAID["fails-on-delete"] in ran.stderr
    assert machine.view().hint == NEW_KEY[-4:]
    assert machine.secrets() == {OLD_KEY, NEW_KEY}
    assert machine.run(*CONFIGURING).returncode == 0
    assert machine.secrets() == {NEW_KEY}
    assert_discreet(ran)


def test_connect_without_any_keyring_says_what_else_there_is(machine: Machine) -> None:
    ran = without_keyring(machine, *connecting(), stdin=NEW_KEY)
    assert ran.returncode == 7
    assert "PYTHON_KEYRING_BACKEND names a keyring that keeps nothing." in ran.stderr
    assert "--key-storage file, or with --key-storage env and BOKKO_BILLINGO_API_KEY set." in ran.stderr
    assert machine.view() == NOTHING


@pytest.mark.parametrize("mode", UNREADABLE)
def test_status_says_that_the_keyring_is_the_problem(mode: Mode, machine: Machine) -> None:
    machine.connect()
    ran = machine.run("status", "--json", mode=mode)
    document = json.loads(ran.stdout)
    assert (ran.returncode, document["state"]) == (5, "attention")
    assert [problem["code"] for problem in document["problems"]] == ["keyring_unavailable"]
    assert document["api_key"]["source"] is None
    assert_discreet(ran)


@pytest.mark.parametrize("mode", UNREADABLE)
def test_configure_needs_the_keyring(mode: Mode, machine: Machine) -> None:
    machine.connect()
    before = machine.view()
    ran = machine.run(*CONFIGURING, mode=mode)
    assert (ran.returncode, machine.view()) == (7, before)
    assert SAID[mode] in ran.stderr
    assert_discreet(ran)


@pytest.mark.parametrize("mode", [*UNREADABLE, "fails-on-delete"])
def test_disconnect_does_not_leave_a_secret_behind_by_itself(mode: Mode, machine: Machine) -> None:
    machine.connect()
    before = machine.view()
    ran = machine.run(*DISCONNECTING, mode=mode)
    assert (ran.returncode, machine.view()) == (7, before)
    assert SAID[mode] in ran.stderr
    assert "disconnect --leave-secret" in ran.stderr
    assert_discreet(ran)
    left = machine.run(*LEAVING, mode=mode)
    assert (left.returncode, machine.view(), machine.secrets()) == (0, NOTHING, {OLD_KEY})
    assert "keyring service bokko:billingo, user name default:a" in left.stderr
    assert "default:b" not in left.stderr


def test_disconnect_of_a_connection_whose_keyring_is_gone_needs_leave_secret(machine: Machine) -> None:
    machine.connect()
    assert without_keyring(machine, *DISCONNECTING).returncode == 7
    assert without_keyring(machine, *LEAVING).returncode == 0
    assert machine.view() == NOTHING


def test_disconnect_of_nothing_needs_no_keyring_but_minds_one_that_does_not_answer(machine: Machine) -> None:
    ran = without_keyring(machine, *DISCONNECTING)
    assert (ran.returncode, "Warning" in ran.stderr) == (0, False)
    assert machine.run(*DISCONNECTING, mode="locked").returncode == 7
    assert machine.run(*DISCONNECTING, mode="fails-on-get").returncode == 7
    assert machine.run(*DISCONNECTING).returncode == 0


@pytest.mark.parametrize("mode", ["locked", "fails-on-get"])
def test_disconnect_of_a_key_in_a_file_only_warns_of_the_keyring(mode: Mode, machine: Machine) -> None:
    machine.connect(storage="file")
    ran = machine.run(*DISCONNECTING, mode=mode)
    assert (ran.returncode, machine.view(), machine.secrets()) == (0, NOTHING, set())
    assert f"use: {SAID[mode]}" in ran.stderr


def test_disconnect_of_a_key_in_a_file_is_silent_where_there_is_no_keyring(machine: Machine) -> None:
    machine.connect(storage="file")
    ran = without_keyring(machine, *LEAVING)
    assert ran.returncode == 0
    assert "keyring" not in ran.stderr


def test_keyring_that_was_left_with_a_secret_is_not_forgotten_for_a_file(machine: Machine) -> None:
    machine.connect()
    ran = machine.run(*connecting("file"), stdin=NEW_KEY, mode="locked")
    assert (ran.returncode, machine.view().storage) == (0, "file")
    assert "An old key could not be removed: The keyring is locked." in ran.stderr
    assert machine.secrets() == {OLD_KEY, NEW_KEY}
    assert machine.run(*DISCONNECTING, mode="locked").returncode == 7
    assert without_keyring(machine, *DISCONNECTING).returncode == 7
    assert machine.run(*CONFIGURING).returncode == 0
    assert machine.secrets() == {NEW_KEY}
    assert machine.run(*DISCONNECTING, mode="locked").returncode == 0


def test_broken_settings_are_left_but_the_secret_goes(machine: Machine) -> None:
    machine.connect()
    settings = machine.folder / "default.toml"
    settings.write_text("not TOML", "utf-8")
    assert machine.run(*DISCONNECTING, mode="locked").returncode == 7
    assert machine.secrets() == {OLD_KEY}
    ran = machine.run(*DISCONNECTING)
    assert (ran.returncode, machine.secrets()) == (7, set())
    assert "not valid TOML" in ran.stderr
    assert settings.read_text("utf-8") == "not TOML"
