"""Many profiles in a terminal: the bar that counts them, the table, and Ctrl-C in the middle."""

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fake_billingo import FakeBillingo
from tests.servers import Hang, ScriptedAnswer, Seen, Server
from tests.terminal.conftest import Start

QUICK = "63faa428-9044-11ea-8ed0-0242ac120005"
SILENT = "63faa428-9044-11ea-8ed0-0242ac120009"
CONNECT = (
    "billingo", "connect", "--api-key-stdin", "--block", "40101", "--bank-account", "7001", "--no-input",
    "--no-tax-number", "--key-storage", "file",
)  # fmt: skip


class TwoOrganisations:
    """Two organisations at one address: one answers, the other does until it is told to be silent."""

    def __init__(self) -> None:
        self.fakes = {key: FakeBillingo(key=key) for key in (QUICK, SILENT)}
        self.is_silent = False

    def answer(self, seen: Seen) -> ScriptedAnswer:
        key = seen.headers.get("x-api-key", "")
        return Hang() if self.is_silent and key == SILENT else self.fakes[key].answer(seen)


@pytest.fixture
def server(home: dict[str, str], command: list[str]) -> Iterator[Server]:
    """Connect three profiles, of which two get no answer any more."""
    account = TwoOrganisations()
    with Server(account.answer) as server:
        for profile, key in (("default", QUICK), ("bolt", SILENT), ("shop", SILENT)):
            argv = [*command, "--profile", profile, *CONNECT]
            env = {**home, "BOKKO_BILLINGO_URL": f"{server.url}/v3"}
            subprocess.run(argv, env=env, input=f"{key}\n", capture_output=True, text=True, timeout=60, check=True)
        account.is_silent = True
        yield server


@pytest.mark.usefixtures("server")
def test_ctrl_c_shows_those_known_and_names_those_that_are_missing(start: Start) -> None:
    terminal = start("billingo", "status", "--all-profiles", "--check", columns=120)
    terminal.wait_for("1/3")
    terminal.press("ctrl-c")
    assert terminal.wait_exit() == 130
    shown = terminal.history()
    assert "default" in shown
    assert "Webshop" in shown
    assert "Stopped: 2 profiles were not checked." in shown
    assert "    bolt, shop" in shown


@pytest.mark.usefixtures("server")
def test_ctrl_c_before_any_is_known_does_not_say_that_there_are_none(start: Start, folder: Path) -> None:
    (folder / "default.toml").unlink()
    terminal = start("billingo", "status", "--all-profiles", "--check", columns=120)
    terminal.wait_for("0/2")
    terminal.press("ctrl-c")
    assert terminal.wait_exit() == 130
    shown = terminal.history()
    assert "Stopped: 2 profiles were not checked." in shown
    assert "    bolt, shop" in shown
    assert "There are none" not in shown


@pytest.mark.usefixtures("server")
@pytest.mark.parametrize("columns", [40, 60, 100])
def test_table_of_profiles_fits_the_terminal(start: Start, folder: Path, columns: int) -> None:
    (folder / "zoo.toml").write_text("not toml", "utf-8")
    terminal = start("billingo", "status", "--all-profiles", columns=columns, rows=60)
    assert terminal.wait_exit() == 7
    shown = terminal.history()
    assert "PROFILE" in shown
    assert "ready" in shown
    assert "zoo" in shown


@pytest.mark.parametrize("columns", [40, 80])
def test_doctor_shows_each_item_and_cuts_none(start: Start, columns: int) -> None:
    terminal = start("doctor", "--offline", columns=columns, rows=80, environ={"BOKKO_LANG": "klingon"})
    assert terminal.wait_exit() == 0
    shown = " ".join((terminal.history()).split())
    assert "Warning: BOKKO_LANG names a language that bokko does not know, and is ignored." in shown
    assert "Set it to hu or en, or unset it." in shown
    assert "Result: " in shown
