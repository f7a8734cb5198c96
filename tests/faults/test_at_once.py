"""Many at once: every process ends well, one whole connection or none, no orphan."""

import json
import subprocess
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.fake_billingo import FakeBillingo
from tests.faults.machine import CONFIGURING, DISCONNECTING, NEW_KEY, NOTHING, OLD_KEY, OUR_FILES, Machine, connecting
from tests.servers import ScriptedAnswer, Seen, Server

if TYPE_CHECKING:
    from tests.secret_service import SecretService

Completed = subprocess.CompletedProcess[str]
KEYS = [f"{number:08}-0000-0000-0000-0000000{number:05}" for number in range(10)]


def at_once(machine: Machine, commands: Sequence[tuple[tuple[str, ...], str]]) -> list[Completed]:
    """Run commands, each with its standard input, all of them at the same time."""
    with ThreadPoolExecutor(len(commands)) as runs:
        return list(runs.map(lambda command: machine.run(*command[0], stdin=command[1]), commands))


def secret_that_counts(machine: Machine) -> str:
    """Return the only secret there is, which must be the one that the settings name."""
    view = machine.view()
    assert view.state == "ready"
    (secret,) = machine.secrets()
    assert secret[-4:] == view.hint
    return secret


@pytest.mark.parametrize("storage", ["keyring", "file"])
def test_ten_connects_leave_one_whole_connection(storage: str, machine: Machine) -> None:
    ended = at_once(machine, [(connecting(storage), key) for key in KEYS])
    assert [(ran.returncode, "Warning: An" in ran.stderr) for ran in ended] == [(0, False)] * 10
    assert secret_that_counts(machine) in KEYS
    assert machine.files() <= OUR_FILES


def test_connects_against_disconnects_leave_one_whole_connection_or_none(machine: Machine) -> None:
    machine.connect()
    commands = [(connecting(storage), key) for storage, key in zip(("keyring", "file") * 3, KEYS, strict=False)]
    commands += [(DISCONNECTING, "")] * 4
    ended = at_once(machine, commands)
    assert [ran.stderr for ran in ended if ran.returncode] == []
    if machine.view() == NOTHING:
        assert machine.secrets() == set()
    else:
        assert secret_that_counts(machine) in KEYS
    assert machine.files() <= OUR_FILES


class MeanwhileBillingo:
    """A Billingo where the machine is connected, and that lets something else happen before it answers a command."""

    def __init__(self, machine: Machine, *meanwhile: str, stdin: str = "") -> None:
        self._machine = machine
        self._command = (meanwhile, stdin)
        self._left: list[tuple[tuple[str, ...], str]] = []
        self._happened: list[Completed] = []

    def run(self, *arguments: str) -> Completed:
        """Connect to it, then run a command against it."""
        with ThreadPoolExecutor(1) as aside, Server(lambda seen: self._answer(seen, aside)) as server:
            self._machine = replace(self._machine, url=f"{server.url}/v3")
            self._machine.connect()
            self._left.append(self._command)
            ran = self._machine.run(*arguments)
        assert [other.returncode for other in self._happened] == [0]
        return ran

    def _answer(self, seen: Seen, aside: ThreadPoolExecutor) -> ScriptedAnswer:
        with suppress(IndexError):  # one request alone finds it: what happens meanwhile asks as well
            arguments, stdin = self._left.pop()
            self._happened.append(aside.submit(self._machine.run, *arguments, stdin=stdin).result())
        return FakeBillingo(key=seen.headers.get("x-api-key", "")).answer(seen)


def test_configure_that_began_before_a_disconnect_does_not_bring_it_back(machine: Machine) -> None:
    ran = MeanwhileBillingo(machine, *DISCONNECTING).run(*CONFIGURING)
    assert ran.returncode == 3
    assert "was disconnected in the meantime; nothing was changed" in ran.stderr
    assert (machine.view(), machine.secrets()) == (NOTHING, set())


def test_configure_that_began_before_another_connect_changes_nothing(machine: Machine) -> None:
    ran = MeanwhileBillingo(machine, *connecting(), stdin=NEW_KEY).run(*CONFIGURING)
    assert ran.returncode == 7
    assert "was connected again in the meantime; nothing was changed" in ran.stderr
    assert (machine.view().hint, machine.view().vat) == (NEW_KEY[-4:], "27%")


def test_two_configures_keep_what_each_of_them_changed(machine: Machine) -> None:
    other = ("configure", "--payment-method", "cash", "--no-input", "--yes")
    assert MeanwhileBillingo(machine, *other).run(*CONFIGURING).returncode == 0
    document = json.loads(machine.run("status", "--json").stdout)
    assert (document["default_vat_rate"], document["default_payment_method"]) == ("0%", "cash")


@pytest.mark.secret_service
def test_ten_profiles_share_one_secret_service(
    command: list[str], tmp_path: Path, secret_service: "SecretService"
) -> None:
    with ExitStack() as stack:
        server = stack.enter_context(Server(lambda seen: FakeBillingo(key=seen.headers["x-api-key"]).answer(seen)))
        env = {
            **secret_service.environment,
            "BOKKO_BILLINGO_URL": f"{server.url}/v3",
            "BOKKO_CONFIG_DIR": str(tmp_path / "bokko"),
        }

        def run(profile: int, *arguments: str, stdin: str = "") -> Completed:
            argv = [*command, "--profile", f"p{profile}", "billingo", *arguments]
            return subprocess.run(argv, env=env, input=stdin, capture_output=True, encoding="utf-8", check=False)

        runs = stack.enter_context(ThreadPoolExecutor(10))
        connected = list(runs.map(lambda number: run(number, *connecting(), stdin=KEYS[number]), range(10)))
        assert [ran.stderr for ran in connected if ran.returncode] == []
        items = [item.attributes for item in secret_service.everything()]
        assert sorted(item["username"] for item in items) == [f"p{number}:a" for number in range(10)]
        (service,) = {item["service"] for item in items}
        for number in (0, 9):
            assert secret_service.lookup(service, f"p{number}:a") == KEYS[number]
        left = list(runs.map(lambda number: run(number, *DISCONNECTING), range(10)))
        assert [ran.stderr for ran in left if ran.returncode] == []
        assert secret_service.everything() == []


@pytest.mark.secret_service
def test_locked_secret_service_stops_a_connect_and_loses_nothing(
    command: list[str], tmp_path: Path, secret_service: "SecretService"
) -> None:
    with Server(lambda seen: FakeBillingo(key=seen.headers["x-api-key"]).answer(seen)) as server:
        folder = tmp_path / "bokko"
        env = {
            **secret_service.environment,
            "BOKKO_BILLINGO_URL": f"{server.url}/v3",
            "BOKKO_CONFIG_DIR": str(folder),
        }

        def run(*arguments: str, stdin: str = "") -> Completed:
            argv = [*command, "billingo", *arguments]
            return subprocess.run(argv, env=env, input=stdin, capture_output=True, encoding="utf-8", check=False)

        assert run(*connecting(), stdin=OLD_KEY).returncode == 0
        before = (folder / "default.toml").read_bytes()
        secret_service.lock()
        ran = run(*connecting(), stdin=NEW_KEY)
        assert ran.returncode == 7
        assert "locked" in ran.stderr
        assert run("status").returncode == 5
        assert run(*DISCONNECTING).returncode == 7
        assert (folder / "default.toml").read_bytes() == before
        assert [item.attributes["username"] for item in secret_service.everything()] == ["default:a"]
