"""Terminals, locales and pipes that are not as one wishes."""

import json
import re
import subprocess
from pathlib import Path

import pytest

pytest.importorskip("pexpect", reason="a pseudo-terminal is POSIX only")
from tests.fake_billingo import FakeBillingo
from tests.servers import Server
from tests.terminal.conftest import QUESTIONS, Start, accept
from tests.terminal.screen import WatchedTerminal

SANDBOX = ("--sandbox", "billingo", "connect")
COLOR = re.compile(rb"\x1b\[[0-9;]*3[0-9][0-9;]*m")


def _accept_all(terminal: WatchedTerminal) -> None:
    accept(terminal, "? API key", *QUESTIONS)
    assert terminal.wait_exit() == 0
    assert "Traceback" not in terminal.history()


@pytest.mark.parametrize(
    "environ",
    [
        {"PYTHONIOENCODING": "ascii"},
        {"PYTHONIOENCODING": "cp1250"},
        {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
    ],
)
def test_wizard_needs_no_unicode(start: Start, environ: dict[str, str]) -> None:
    terminal = start(*SANDBOX, environ=environ)
    terminal.wait_for("? API key")
    terminal.press("enter")
    terminal.wait_for("? Document block")
    is_cp1250 = "cp1250" in environ.values()
    pointer = "\ufffd" if is_cp1250 else ">"  # a byte that is no UTF-8, as the screen sees it
    assert f"\n {pointer} " in terminal.screen()
    assert "\n   <- Back" in terminal.screen()
    terminal.press("down", "down", "enter")
    terminal.wait_for("? Bank account")
    terminal.press("down", "enter")
    accept(terminal, *QUESTIONS[2:])
    assert terminal.wait_exit() == 0
    assert "+ Ready, last verified" in terminal.history()
    separator = "\ufffd" if is_cp1250 else "-"
    assert f"Webshop {separator} WEB {separator} id 40101" in terminal.history()


def test_no_color_means_none(start: Start) -> None:
    terminal = start(*SANDBOX, environ={"NO_COLOR": "1"})
    _accept_all(terminal)
    assert not COLOR.search(terminal.raw())
    assert "✓ Ready" in terminal.history()


def test_colour_is_there_otherwise(start: Start) -> None:
    terminal = start(*SANDBOX)
    _accept_all(terminal)
    assert COLOR.search(terminal.raw())


def test_forced_not_to_be_coloured_it_is_not(start: Start) -> None:
    terminal = start("integrations", environ={"FORCE_COLOR": "0"})
    assert terminal.wait_exit() == 0
    assert not COLOR.search(terminal.raw())


def test_lines_of_the_log_stand_alone(start: Start) -> None:
    environ = {"BOKKO_BILLINGO_API_KEY": "sandbox-busy"}
    terminal = start("--sandbox", "billingo", "blocks", "--debug", columns=200, environ=environ)
    assert terminal.wait_exit() == 0
    logged = [line for line in terminal.history().splitlines() if " ms  bokko." in line]
    assert logged
    assert all(re.match(r" *\d+ ms  bokko\.", line) for line in logged)


def test_list_for_a_person_is_a_table_and_breaks_no_number(start: Start) -> None:
    environ = {"BOKKO_BILLINGO_API_KEY": "sandbox-ready"}
    terminal = start("--sandbox", "billingo", "accounts", columns=40, environ=environ)
    assert terminal.wait_exit() == 0
    assert "NUMBER    11773016-11111018-00000000" in terminal.history()


def test_key_by_standard_input_on_a_terminal_says_what_it_waits_for(start: Start) -> None:
    terminal = start(*SANDBOX, "--api-key-stdin")
    terminal.wait_for("Waiting for the key on standard input")
    terminal.type("sandbox-ready")
    terminal.press("enter")
    accept(terminal, *QUESTIONS)
    assert terminal.wait_exit() == 0
    assert "sandbox-ready" not in terminal.history()


@pytest.mark.parametrize("key", ["ctrl-c", "ctrl-d"])
def test_waiting_for_standard_input_can_be_left(start: Start, key: str) -> None:
    terminal = start(*SANDBOX, "--api-key-stdin")
    terminal.wait_for("Waiting for the key on standard input")
    terminal.press(key)
    assert terminal.wait_exit() == 130
    assert terminal.screen().endswith("Nothing was changed.")


def test_answer_alone_goes_to_standard_output(home: dict[str, str], command: list[str], tmp_path: Path) -> None:
    answer = tmp_path / "answer.json"
    shell = ["sh", "-c", f"'{command[0]}' --sandbox billingo connect --json > '{answer}'"]
    with WatchedTerminal(shell, home) as terminal:
        _accept_all(terminal)
        assert "{" not in terminal.history()
    assert json.loads(answer.read_text())["state"] == "ready"


@pytest.mark.parametrize("key", ["ctrl-c", "ctrl-d"])
def test_leaving_writes_nothing_to_standard_output(
    home: dict[str, str], command: list[str], tmp_path: Path, key: str
) -> None:
    answer = tmp_path / "answer"
    shell = ["sh", "-c", f"'{command[0]}' --sandbox billingo connect > '{answer}'"]
    with WatchedTerminal(shell, home) as terminal:
        accept(terminal, "? API key")
        terminal.wait_for("? Document block")
        terminal.press(key)
        terminal.wait_for("Nothing was changed.")
        terminal.wait_exit()
    assert answer.read_bytes() == b""


def test_letter_that_the_locale_does_not_know_is_refused_in_words(start: Start) -> None:
    environ = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    terminal = start("--sandbox", "szamlazz", "connect", environ=environ)
    accept(terminal, "? Agent key")
    terminal.wait_for("? Invoice prefix")
    terminal.type("É")
    terminal.press("enter")
    terminal.wait_for("Error: The text contains characters that cannot be shown.")
    terminal.press("backspace", "backspace", "enter")
    terminal.wait_for("? Bank name")


@pytest.mark.parametrize("redirection", ["<&-", "</dev/null", "2>/dev/null"])
def test_nobody_is_asked_where_one_end_is_no_terminal(
    home: dict[str, str], command: list[str], redirection: str
) -> None:
    shell = ["sh", "-c", f"'{command[0]}' --sandbox billingo connect {redirection}; echo ended with $?"]
    with WatchedTerminal(shell, home) as terminal:
        terminal.wait_for("ended with 2")
        assert "?" not in terminal.history().replace("$?", "")


@pytest.mark.parametrize("closed", ["<&-", ">&-", "2>&-", "<&- >&- 2>&-"])
def test_closed_streams_stop_nothing(home: dict[str, str], command: list[str], closed: str) -> None:
    arguments = "--sandbox billingo connect --api-key-file key --block WEB --bank-account 7001"
    folder = Path(home["HOME"])
    (folder / "key").write_text("sandbox-ready")
    ran = subprocess.run(
        ["sh", "-c", f"'{command[0]}' {arguments} {closed}"],
        env=home, cwd=folder, capture_output=True, text=True, check=False, timeout=30, encoding="utf-8",
    )  # fmt: skip
    assert ran.returncode == 0, ran.stderr
    assert "Traceback" not in ran.stderr
    assert "Exception" not in ran.stderr


def test_reader_that_leaves_does_not_undo_the_save(home: dict[str, str], command: list[str]) -> None:
    folder = Path(home["HOME"])
    (folder / "key").write_text("sandbox-ready")
    arguments = "--sandbox billingo connect --api-key-file key --block WEB --bank-account 7001"
    ran = subprocess.run(
        ["bash", "-o", "pipefail", "-c", f"'{command[0]}' {arguments} | true"],
        env=home, cwd=folder, capture_output=True, text=True, check=False, timeout=30, encoding="utf-8",
    )  # fmt: skip
    assert (ran.returncode, "Broken" in ran.stderr, "Traceback" in ran.stderr) == (0, False, False)
    assert (folder / "bokko" / "sandbox" / "default.toml").exists()


def test_piped_panel_has_no_colour_and_no_cursor(home: dict[str, str], command: list[str]) -> None:
    fake = FakeBillingo()
    with Server(fake.answer) as server:
        environ = {**home, "BOKKO_BILLINGO_URL": f"{server.url}/v3"}
        connect = [*command, "billingo", "connect", "--api-key-stdin", "--key-storage", "file"]
        ran = subprocess.run(
            [*connect, "--block", "WEB", "--bank-account", "7001"],
            env=environ, input=fake.key.encode(), capture_output=True, check=False, timeout=30,
        )  # fmt: skip
    assert ran.returncode == 0
    assert b"\x1b" not in ran.stdout + ran.stderr
    assert fake.key.encode() not in ran.stdout + ran.stderr
