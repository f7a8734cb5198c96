"""What `doctor` says of the keyring: how it answers, and whether anything needs it."""

from pathlib import Path

import pytest

from bokko_cli.commands import connect
from bokko_cli.commands.doctor import keyring
from bokko_cli.commands.doctor.keyring import Answering, Need
from bokko_cli.errors import (
    BokkoError,
    ExitCode,
    KeyringFailed,
    KeyringLocked,
    KeyringUnavailable,
)
from bokko_cli.model.public_findings import identifier
from bokko_cli.model.values import Level
from bokko_cli.providers.billingo.fields import SPEC
from tests.fakes import CHOSEN
from tests.unit.doctoring import examine, machine, wrong_in

pytestmark = pytest.mark.usefixtures("own_home")
MISSING = KeyringUnavailable("No keyring.")
LOCKED = KeyringLocked("The keyring is locked.")
FAILED = KeyringFailed("The keyring failed.")


@pytest.mark.parametrize(
    ("failure", "need", "level"),
    [
        (None, "needed", "ok"),
        (None, "open", "ok"),
        *((failure, "needed", "problem") for failure in (MISSING, LOCKED, FAILED)),
        *((failure, "elsewhere", "ok") for failure in (MISSING, LOCKED, FAILED)),
        (MISSING, "open", "ok"),
        (LOCKED, "open", "warning"),
        (FAILED, "open", "warning"),
    ],
)
def test_keyring_is_judged_by_how_it_answers_and_whether_it_is_needed(
    failure: BokkoError | None, need: Need, level: Level
) -> None:
    answering = Answering(identifier("SecretService Keyring"), 0.014, failure)
    item = keyring.item(answering, need)
    assert (item.level, item.fix is None) == (level, level == "ok")
    assert "SecretService Keyring" in item.message


@pytest.mark.parametrize("storage", ["file", "env"])
@pytest.mark.parametrize("failure", [MISSING, LOCKED, FAILED], ids=lambda failure: failure.code)
def test_keyring_that_no_connection_needs_is_no_trouble(tmp_path: Path, storage: str, failure: BokkoError) -> None:
    here = machine(tmp_path)
    here.environ[SPEC.key_variable] = here.standard_input = here.provider.key
    options = connect.Options(CHOSEN, api_key_stdin=True, key_storage=storage)
    assert here.connect(options=options) == ExitCode.DONE
    here.secrets["keyring"].failure = failure
    found = examine(here)
    assert wrong_in(found) == set()
    assert found["keyring", "answer"].message.endswith("No connection needs one: each key is kept elsewhere.")


def test_where_nothing_is_connected_a_missing_keyring_is_told_with_what_connecting_will_ask(tmp_path: Path) -> None:
    here = machine(tmp_path)
    here.secrets["keyring"].failure = MISSING
    found = examine(here)
    assert wrong_in(found) == set()
    assert found["keyring", "answer"].message.endswith(
        "Nothing needs one yet. When you connect, you are asked where to keep the key; "
        "in a script, give --key-storage file or env."
    )


@pytest.mark.parametrize("trace", ["unreadable settings", "mark"])
def test_keyring_that_may_hold_a_key_is_needed(tmp_path: Path, trace: str) -> None:
    here = machine(tmp_path)
    here.folder.mkdir(parents=True)
    if trace == "mark":
        (here.folder / ".default.billingo.unswept").touch(0o600)
    else:
        here.settings.write_text("no toml", "utf-8")
    here.secrets["keyring"].failure = MISSING
    assert examine(here)["keyring", "answer"].level == "problem"


def test_keyring_that_fails_is_asked_once_and_each_connection_that_needs_it_says_so(tmp_path: Path) -> None:
    here = machine(tmp_path).connected()
    here.secrets["keyring"].failure = KeyringLocked("The keyring is locked.")
    found = examine(here)
    assert found["keyring", "answer"].level == "problem"
    assert "keyring_unavailable" in found["connections", "default.billingo"].message


def test_sandbox_asks_no_keyring(tmp_path: Path) -> None:
    here = machine(tmp_path)
    here.is_sandbox = True
    here.secrets["keyring"].failure = KeyringLocked("The keyring is locked.")
    assert examine(here)["keyring", "answer"].level == "ok"


def test_keyring_that_a_variable_names_and_nobody_can_load_is_the_variables_fault() -> None:
    answering = Answering(identifier("none"), 0.0, KeyringFailed("So."))
    assert "PYTHON_KEYRING_BACKEND" in keyring.item(answering, "open", is_named=True).message
    assert "PYTHON_KEYRING_BACKEND" not in keyring.item(answering, "open").message
