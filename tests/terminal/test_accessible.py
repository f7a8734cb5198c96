"""The whole wizard in plain lines: for screen readers, and for terminals that draw nothing."""

import pytest

pytest.importorskip("pexpect", reason="a pseudo-terminal is POSIX only")
from tests.terminal.conftest import Start
from tests.terminal.screen import WatchedTerminal

PLAIN = [{"BOKKO_ACCESSIBLE": "1"}, {"TERM": "dumb"}]


def answer(terminal: WatchedTerminal, question: str, typed: str) -> None:
    """Type a line once its question has been heard whole."""
    terminal.wait_for(question)
    terminal.type(f"{typed}\r")


@pytest.mark.parametrize("environ", PLAIN)
@pytest.mark.parametrize("columns", [40, 80])
def test_whole_wizard_in_plain_lines_without_any_escape_sequence(
    start: Start, environ: dict[str, str], columns: int
) -> None:
    terminal = start("--sandbox", "billingo", "connect", environ=environ, columns=columns, rows=200)
    answer(terminal, "API key (Enter:", "sandbox-secret")
    answer(terminal, "Billingo refused this key.", "sandbox-ready")
    answer(terminal, "Document block\n1. ", "webshop")
    answer(terminal, "1. Webshop, WEB, id 40101\n0. Back", "1")
    answer(terminal, "Bank account\n1. ", "b")
    answer(terminal, "Press Enter for Webshop.", "")
    answer(terminal, "OTP HUF", "2")
    answer(terminal, "Default VAT rate\n1. 27%", "")
    answer(terminal, "Default payment method\n1. bank transfer", "1")
    answer(terminal, "Tax number (Enter: keep", "-")
    answer(terminal, "Invoice capable (y or n, Enter", "n")
    answer(terminal, "Accepts business clients", "")
    answer(terminal, "Save this?", "y")
    assert terminal.wait_exit() == 0
    assert b"\x1b" not in terminal.raw()
    assert "Billingo · sandbox\nConnection status: " in terminal.history()
    assert "Document block: Webshop · WEB · id 40101\n" in terminal.history() or columns < 60
    assert not set("╭│╰") & set(terminal.history())
    assert "sandbox-secret" not in terminal.history()


@pytest.mark.parametrize("environ", PLAIN)
def test_ctrl_c_and_the_end_of_input_leave(start: Start, environ: dict[str, str]) -> None:
    for key in ("ctrl-c", "ctrl-d"):
        terminal = start("--sandbox", "billingo", "connect", environ=environ)
        terminal.wait_for("API key (Enter:")
        terminal.press(key)
        assert terminal.wait_exit() == 130
        assert "Nothing was changed." in terminal.history()
        assert "Traceback" not in terminal.history()


def test_second_run_says_of_every_list_which_row_is_stored(start: Start) -> None:
    flags = ("--block", "WEB", "--bank-account", "OTP HUF", "--yes", "--no-input")
    environ = {"BOKKO_BILLINGO_API_KEY": "sandbox-ready"}
    assert start("--sandbox", "billingo", "connect", *flags, environ=environ).wait_exit() == 0
    terminal = start("--sandbox", "billingo", "connect", environ={"BOKKO_ACCESSIBLE": "1"}, rows=200)
    answer(terminal, "API key (Enter: keep", "")
    answer(terminal, "Webshop, WEB, id 40101 (stored)", "")
    answer(terminal, "OTP HUF, …11111018, HUF (stored)", "")
    answer(terminal, "1. 27% (stored)\n", "")
    answer(terminal, "1. bank transfer (stored)\n2. card\n", "")
    terminal.wait_for("Tax number (")
