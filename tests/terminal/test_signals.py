"""Signals and a Ctrl-C at any moment: the terminal comes back as it was, and the end is told as what it was."""

import os
import signal
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from threading import Event

import pytest

pytest.importorskip("pexpect", reason="a pseudo-terminal is POSIX only")
from tests import preloaded
from tests.fake_billingo import FakeBillingo
from tests.servers import Hang, ScriptedAnswer, Seen, Server
from tests.terminal.conftest import QUESTIONS, Start, accept, give_key
from tests.terminal.screen import WatchedTerminal

SANDBOX = ("--sandbox", "billingo", "connect")
STRUCK = 16
"""How many steps behind an answer stand for all of them."""
REAL = ("billingo", "connect", "--key-storage", "file")


def _key(terminal: WatchedTerminal) -> None:
    terminal.wait_for("? API key")


def _list(terminal: WatchedTerminal) -> None:
    accept(terminal, "? API key")
    terminal.wait_for("? Document block")


def _filtered_list(terminal: WatchedTerminal) -> None:
    _list(terminal)
    terminal.type("web")
    terminal.wait_for('"web"')


def _text(terminal: WatchedTerminal) -> None:
    accept(terminal, "? API key", *QUESTIONS[:4])
    terminal.wait_for("? Tax number")


def _yes_or_no(terminal: WatchedTerminal) -> None:
    accept(terminal, "? API key", *QUESTIONS[:7])
    terminal.wait_for("? Save this?")


def _assert_given_back(terminal: WatchedTerminal, before: list[object]) -> None:
    assert terminal.modes() == before
    raw = terminal.raw()
    for on, off in ((b"\x1b[?2004h", b"\x1b[?2004l"), (b"\x1b[?25l", b"\x1b[?25h"), (b"\x1b[?7l", b"\x1b[?7h")):
        assert raw.rfind(off) >= raw.rfind(on)
    assert b"Traceback" not in raw


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
@pytest.mark.parametrize("reach", [_key, _list, _filtered_list, _text, _yes_or_no])
def test_terminal_is_given_back_before_a_signal_ends_the_question(
    start: Start, reach: Callable[[WatchedTerminal], None], number: signal.Signals
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
    with WatchedTerminal(["/bin/sh", "-c", program], terminal.environ) as nohup:
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


@pytest.mark.parametrize("after", [0.001, 0.006, 0.02])
@pytest.mark.parametrize("first", ["enter", "ctrl-c", "ctrl-d"])
def test_ctrl_c_right_behind_another_key_leaves(start: Start, first: str, after: float) -> None:
    terminal = start(*SANDBOX)
    before = terminal.modes_when_new()
    terminal.wait_for("? API key")
    terminal.press(first)
    terminal.pause(after)
    terminal.press("ctrl-c")
    assert terminal.wait_exit(timeout=10) == 130
    assert terminal.modes() == before
    if not terminal.raw().endswith(b"^C"):  # else it came behind the last word, and discarded what was not read yet
        _assert_given_back(terminal, before)


def _steps(start: Start, log: Path, asked: int, answer: str, at: str = "", by: str = "SIGINT") -> WatchedTerminal:
    """Give an answer, and strike at a step behind it; at none, leave at the next question."""
    told = {"STEPS_LOG": str(log), "STEPS_BEHIND": str(asked), "STEPS_AT": at, "STEPS_BY": by}
    terminal = start(*SANDBOX, environ={"PYTHONPATH": str(preloaded.CHILD), **told})
    questions = ("? API key", *QUESTIONS)
    accept(terminal, *questions[:asked])
    terminal.wait_for(questions[asked])
    terminal.press(answer)
    if not at:
        is_back = answer == "esc"
        terminal.wait_for(questions[asked - 1 if is_back else asked + 1], times=2 if is_back else 1)
        terminal.press("ctrl-c")
    return terminal


ANSWERS = ((0, "enter"), (1, "esc"), (5, "enter"), (6, "enter"))
"""A question's number, and the key that it is answered with."""
STRIKES = [(asked, answer, by) for asked, answer in ANSWERS for by in ("SIGINT", "SIGTERM", "SIGHUP")]
TYPICAL = [(0, "enter", "SIGINT"), (1, "esc", "SIGTERM")]


@pytest.mark.parametrize(
    ("asked", "answer", "by"),
    [strike if strike in TYPICAL else pytest.param(*strike, marks=pytest.mark.exhaustive) for strike in STRIKES],
)
def test_signal_at_any_step_between_two_questions_leaves_the_terminal_as_it_was(
    start: Start, tmp_path: Path, folder: Path, asked: int, answer: str, by: str
) -> None:
    log = tmp_path / "steps"
    _steps(start, log, asked, answer).wait_exit()
    steps = log.read_text("utf-8").splitlines()
    assert len(steps) > STRUCK
    for at in steps[:: len(steps) // STRUCK]:
        terminal = _steps(start, log, asked, answer, at, by)
        assert terminal.wait_exit() == 128 + signal.Signals[by], at
        _assert_given_back(terminal, terminal.modes_when_new())
        assert b"never awaited" not in terminal.raw(), at
        assert not folder.exists()


@pytest.mark.skipif(sys.platform != "linux", reason="how much is kept for a terminal that does not read is Linux's own")
def test_ctrl_c_that_discards_what_was_not_read_yet_leaves_no_mode_behind(start: Start) -> None:
    asked = Event()

    def never(_seen: Seen) -> ScriptedAnswer:
        asked.set()
        return Hang()

    fake = FakeBillingo(override={"/organization": never})
    with Server(fake.answer) as server:
        terminal = start(*REAL, environ={"BOKKO_BILLINGO_URL": f"{server.url}/v3"})
        terminal.wait_for("? API key")
        terminal.type(fake.key)
        terminal.fall_behind()
        terminal.press("enter")
        assert asked.wait(15)
        terminal.press("ctrl-c")
        assert terminal.wait_exit_unread() == 130
        terminal.wait_exit()
    assert terminal.raw().count(b"\x1b[?2004l") == 1  # the question's own was discarded
    _assert_given_back(terminal, terminal.modes_when_new())


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
