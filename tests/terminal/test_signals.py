"""Signals and a Ctrl-C at any moment: the terminal comes back as it was, and the end is told as what it was."""

import os
import signal
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

pytest.importorskip("pexpect", reason="a pseudo-terminal is POSIX only")
from tests.servers import FakeBillingo, Hang, Server
from tests.terminal.conftest import QUESTIONS, Start, accept, give_key
from tests.terminal.screen import Terminal

SANDBOX = ("--sandbox", "billingo", "connect")
REAL = ("billingo", "connect", "--key-storage", "file")


def _key(terminal: Terminal) -> None:
    terminal.wait_for("? API key")


def _list(terminal: Terminal) -> None:
    accept(terminal, "? API key")
    terminal.wait_for("? Document block")


def _filtered_list(terminal: Terminal) -> None:
    _list(terminal)
    terminal.type("web")
    terminal.wait_for('"web"')


def _text(terminal: Terminal) -> None:
    accept(terminal, "? API key", *QUESTIONS[:4])
    terminal.wait_for("? Tax number")


def _yes_or_no(terminal: Terminal) -> None:
    accept(terminal, "? API key", *QUESTIONS[:7])
    terminal.wait_for("? Save this?")


def _assert_given_back(terminal: Terminal, before: list[object]) -> None:
    assert terminal.modes() == before
    raw = terminal.raw()
    for on, off in ((b"\x1b[?2004h", b"\x1b[?2004l"), (b"\x1b[?25l", b"\x1b[?25h"), (b"\x1b[?7l", b"\x1b[?7h")):
        assert raw.rfind(off) >= raw.rfind(on)
    assert b"Traceback" not in raw


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
@pytest.mark.parametrize("reach", [_key, _list, _filtered_list, _text, _yes_or_no])
def test_terminal_is_given_back_before_a_signal_ends_the_question(
    start: Start, reach: Callable[[Terminal], None], number: signal.Signals
) -> None:
    terminal = start(*SANDBOX)
    before = terminal.modes_when_new()
    reach(terminal)
    os.kill(terminal.pid, number)
    assert terminal.wait_exit() == 128 + number  # as a shell tells a death by it
    _assert_given_back(terminal, before)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_terminal_is_given_back_before_a_signal_ends_the_waiting(start: Start, number: signal.Signals) -> None:
    fake = FakeBillingo(override={"/organization": Hang()})
    with Server(fake.answer) as server:
        terminal = start(*REAL, environ={"BOKKO_BILLINGO_URL": f"{server.url}/v3"})
        before = terminal.modes_when_new()
        give_key(terminal, fake.key)
        terminal.wait_for("Asking Billingo…")
        os.kill(terminal.pid, number)
        assert terminal.wait_exit(timeout=5) == 128 + number
        _assert_given_back(terminal, before)


PLAIN = {"BOKKO_ACCESSIBLE": "1"}
PLAIN_QUESTIONS = (
    "API key",
    "Document block",
    "Bank account",
    "Default VAT rate",
    "Default payment method",
    "Tax number",
)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
@pytest.mark.parametrize("asked", range(len(PLAIN_QUESTIONS)), ids=PLAIN_QUESTIONS)
def test_terminal_is_given_back_before_a_signal_ends_a_plain_question(
    start: Start, asked: int, number: signal.Signals
) -> None:
    terminal = start(*SANDBOX, environ=PLAIN)
    before = terminal.modes_when_new()
    accept(terminal, *PLAIN_QUESTIONS[:asked])
    terminal.wait_for(PLAIN_QUESTIONS[asked])
    os.kill(terminal.pid, number)
    assert terminal.wait_exit() == 128 + number
    _assert_given_back(terminal, before)
    assert b"\x1b" not in terminal.raw()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
@pytest.mark.parametrize(
    ("arguments", "text"),
    [(("sandbox",), "127.0.0.1"), ((*REAL, "--api-key-stdin"), "Waiting for the key on standard input")],
)
def test_terminal_is_given_back_where_something_else_is_waited_for(
    start: Start, arguments: tuple[str, ...], text: str, number: signal.Signals
) -> None:
    terminal = start(*arguments)
    before = terminal.modes_when_new()
    terminal.wait_for(text)
    os.kill(terminal.pid, number)
    assert terminal.wait_exit(timeout=5) == 128 + number
    _assert_given_back(terminal, before)


def test_second_signal_does_not_keep_the_command_alive(start: Start) -> None:
    terminal = start(*SANDBOX)
    _key(terminal)
    with suppress(ProcessLookupError):
        for _ in range(3):
            os.kill(terminal.pid, signal.SIGTERM)
    assert terminal.wait_exit(timeout=5) == 128 + signal.SIGTERM


def test_hang_up_that_the_caller_ignores_stays_ignored(start: Start, command: list[str]) -> None:
    program = f"trap '' HUP; exec {command[0]} --sandbox billingo connect"
    terminal = start("--version")
    terminal.wait_exit()
    with Terminal(["/bin/sh", "-c", program], terminal.environ) as nohup:
        nohup.wait_for("? API key")
        os.kill(nohup.pid, signal.SIGHUP)
        nohup.press("enter")
        nohup.wait_for("? Document block")


@pytest.mark.parametrize("first", ["enter", "ctrl-c", "ctrl-d", "esc"])
def test_ctrl_c_in_the_same_breath_as_another_key_leaves(start: Start, first: str) -> None:
    terminal = start(*SANDBOX)
    before = terminal.modes_when_new()
    terminal.wait_for("? API key")
    terminal.press(first, "ctrl-c")
    assert terminal.wait_exit(timeout=10) == 130
    _assert_given_back(terminal, before)
    assert "? Document block" not in terminal.history()


@pytest.mark.by_luck
@pytest.mark.parametrize("after", [0.001, 0.003, 0.006, 0.01, 0.015, 0.02, 0.03])
@pytest.mark.parametrize("first", ["enter", "ctrl-d"])
def test_ctrl_c_right_behind_another_key_leaves(start: Start, first: str, after: float) -> None:
    terminal = start(*SANDBOX)
    before = terminal.modes_when_new()
    terminal.wait_for("? API key")
    terminal.press(first)
    terminal.pause(after)
    terminal.press("ctrl-c")
    assert terminal.wait_exit(timeout=10) == 130
    _assert_given_back(terminal, before)


INTERRUPTED = """
import prompt_toolkit.renderer
reset = prompt_toolkit.renderer.Renderer.reset
def interrupted(self, *arguments, **options):
    if self._bracketed_paste_enabled:
        raise KeyboardInterrupt
    reset(self, *arguments, **options)
prompt_toolkit.renderer.Renderer.reset = interrupted
"""


def test_ctrl_c_just_while_the_terminal_is_given_back_leaves_it_as_it_was(start: Start, tmp_path: Path) -> None:
    (tmp_path / "sitecustomize.py").write_text(INTERRUPTED, "utf-8")
    terminal = start(*SANDBOX, environ={"PYTHONPATH": str(tmp_path)})
    before = terminal.modes_when_new()
    terminal.wait_for("? API key")
    terminal.press("enter")
    assert terminal.wait_exit(timeout=10) == 130
    _assert_given_back(terminal, before)


def test_ctrl_c_after_the_panel_does_not_change_how_a_save_ended(start: Start) -> None:
    for _ in range(3):
        terminal = start(*SANDBOX, "--yes")
        accept(terminal, "? API key", *QUESTIONS[:7])
        terminal.wait_shown("Ready, last verified")
        with suppress(ProcessLookupError):
            while terminal.is_alive():
                os.kill(terminal.pid, signal.SIGINT)
        assert terminal.wait_exit() == 0
        assert b"Traceback" not in terminal.raw()
