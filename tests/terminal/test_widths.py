"""Every command on terminals of 20 to 200 columns, in both languages: no line is cut in the middle of a word."""

from pathlib import Path

import pytest

pytest.importorskip("pexpect", reason="a pseudo-terminal is POSIX only")
from tests.terminal.conftest import Start

CONNECT = ("--sandbox", "billingo", "connect", "--block", "WEB", "--bank-account", "OTP HUF", "--yes", "--no-input")
COMMANDS = (
    ("--sandbox", "doctor"),
    ("--sandbox", "billingo", "status"),
    ("--sandbox", "billingo", "status", "--check"),
    ("--sandbox", "billingo", "status", "--all-profiles"),
    ("--sandbox", "billingo", "blocks"),
    ("--sandbox", "billingo", "accounts"),
    ("--sandbox", "billingo", "rehearse", "--yes"),
    ("--sandbox", "integrations"),
    ("--sandbox", "profiles"),
    ("--sandbox", "billingo", "nonsense"),
    ("--sandbox", "--profile", "shop", "billingo", "connect", "--no-input"),
    ("--help",),
    ("billingo", "connect", "--help"),
    ("help", "json"),
)
COPIED = (" " * 6, "  bokko ")
"""How a command begins that stands on a line of its own; it stays whole, to be copied."""


@pytest.mark.parametrize("language", ["en", "hu"])
@pytest.mark.parametrize("columns", [20, 30, 40, 59, 60, 80, 200])
def test_no_line_is_wider_than_the_terminal(start: Start, folder: Path, columns: int, language: str) -> None:
    environ = {"BOKKO_BILLINGO_API_KEY": "sandbox-ready", "BOKKO_LANG": language}
    assert start(*CONNECT, environ=environ).wait_exit() == 0
    environ = {"BOKKO_LANG": language}
    cut = {}
    for command in COMMANDS:
        terminal = start(*command, environ=environ, columns=columns, rows=60, seen_columns=600)
        terminal.wait_exit()
        shown = terminal.history().replace(str(folder), "~").splitlines()
        assert shown
        wide = [line for line in shown if len(line) > columns and not line.startswith(COPIED)]
        cut[command] = [line for line in wide if len(line.strip(" ✓→").split()) > 1]
    assert not any(cut.values()), cut


@pytest.mark.parametrize("columns", [20, 40])
def test_help_of_a_narrow_terminal_cuts_no_sentence(start: Start, columns: int) -> None:
    terminal = start("--help", columns=columns, rows=300)
    assert terminal.wait_exit() == 0
    said = " ".join(terminal.history().split())
    assert "doctor Look for what is wrong." in said
    assert "billingo Billingo: connect, configure, look, disconnect." in said
    assert "bokko help files Which files there are, and where." in said
    assert "..." not in said.replace("[ARGS]...", "")
