"""What is typed when no question is there: never shown, and meant for the first question only."""

import re

import pexpect
import pytest

from tests.fake_billingo import FakeBillingo
from tests.servers import Server
from tests.terminal.screen import WatchedTerminal

KEY = "63faa428-9044-11ea-8ed0-0242ac120005"


@pytest.fixture
def slow() -> FakeBillingo:
    return FakeBillingo(key=KEY, latency=1.5)


def test_key_typed_before_the_first_question_answers_it_unseen(home: dict[str, str], command: list[str]) -> None:
    with Server(FakeBillingo(key=KEY).answer) as server:
        env = {**home, "BOKKO_BILLINGO_URL": f"{server.url}/v3"}
        argv = [*command, "billingo", "connect", "--key-storage", "file"]
        with WatchedTerminal(argv, env) as terminal:
            terminal.wait_for("plain text")  # said before the question is there
            terminal.type(f"{KEY}\r")
            terminal.wait_for("Document block")
            assert KEY.encode() not in terminal.raw()


def test_key_typed_while_the_provider_is_asked_is_not_shown(
    home: dict[str, str], command: list[str], slow: FakeBillingo
) -> None:
    with Server(slow.answer) as server:
        env = {**home, "BOKKO_BILLINGO_URL": f"{server.url}/v3"}
        with WatchedTerminal([*command, "billingo", "connect", "--key-storage", "file"], env) as terminal:
            terminal.wait_for("? API key")
            terminal.type(f"{KEY}\r")
            terminal.wait_for("Asking Billingo")
            terminal.type("another-key-of-mine")
            terminal.wait_for("Document block")
            terminal.press("down")
            terminal.wait_for(" » Bolt")
            assert b"another-key-of-mine" not in terminal.raw()


def test_terminal_that_tells_no_cursor_position_gets_no_warning_and_no_traceback(
    home: dict[str, str], command: list[str]
) -> None:
    argv = [*command, "--sandbox", "billingo", "connect"]
    child = pexpect.spawn(argv[0], argv[1:], env={**home, "TERM": "xterm"}, encoding="utf-8", timeout=20)
    try:
        child.expect_exact("API key")
        child.send("\r")
        child.expect_exact("Document block")
        child.send("\x1b\x1b\r\x03")
        child.expect(pexpect.EOF)
        shown = re.sub(r"\x1b\[[0-9;?]*[a-zA-Z]", "", child.before or "")
        assert "CPR" not in shown
        assert "Traceback" not in shown
        assert "Exception" not in shown
        child.close()
        assert child.exitstatus == 130
    finally:
        child.close(force=True)
