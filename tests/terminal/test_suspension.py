"""Ctrl-Z and fg: the question comes back as it was, and the shell's own echo shows nothing of a key."""

import os
import shutil
import signal
import termios
from collections.abc import Iterator, Mapping

import pytest

pytest.importorskip("pexpect", reason="a pseudo-terminal is POSIX only")
from tests.fake_billingo import FakeBillingo
from tests.servers import Hang, Server
from tests.terminal.conftest import Start, accept
from tests.terminal.screen import WatchedTerminal

KEY = "63faa428-9044-11ea-8ed0-0242ac120005"
STOPPED = "Stopped"
ECHO, LINES, KEYS = termios.ECHO, termios.ICANON, termios.ISIG


@pytest.fixture
def shell(home: dict[str, str]) -> Iterator[WatchedTerminal]:
    """Give a shell that stops commands and goes on with them."""
    bash = shutil.which("bash")
    if not bash:
        pytest.skip("needs bash")
    with WatchedTerminal([bash, "--norc", "--noprofile", "-i"], {**home, "PS1": "ready> "}) as terminal:
        terminal.wait_for("ready>")
        yield terminal


def run(shell: WatchedTerminal, command: list[str], arguments: str, environ: Mapping[str, str] | None = None) -> None:
    given = "".join(f"{name}={value} " for name, value in (environ or {}).items())
    shell.type(f"{given}{command[0]} {arguments}\r")


def stop_and_go_on(shell: WatchedTerminal, by: signal.Signals | None = None) -> None:
    if by is None:
        shell.press("ctrl-z")
    else:
        os.kill(-shell.foreground(), by)
    shell.wait_for(STOPPED)
    shell.type("fg\r")
    shell.wait_foreground_job()


@pytest.mark.parametrize("by", [None, signal.SIGTSTP, signal.SIGSTOP])
def test_list_is_drawn_again_where_it_was_left(
    shell: WatchedTerminal, command: list[str], by: signal.Signals | None
) -> None:
    run(shell, command, "--sandbox billingo connect")
    accept(shell, "? API key")
    shell.wait_for("? Document block")
    shell.press("down")
    shell.wait_for(" » Web")
    stop_and_go_on(shell, by)
    shell.wait_for("? Document block", times=1 if by is None else 2)
    shell.press("down")
    shell.wait_for(" » Webshop")
    shell.press("enter")
    shell.wait_for("? Bank account")
    assert "? Document block Webshop" in shell.screen()
    shell.press("ctrl-c")
    shell.wait_for("Nothing was changed.")
    assert b"Traceback" not in shell.raw()


@pytest.mark.parametrize(("environ", "by"), [({}, None), ({}, signal.SIGSTOP), ({"BOKKO_ACCESSIBLE": "1"}, None)])
def test_key_typed_after_the_shell_went_on_is_not_shown(
    shell: WatchedTerminal, command: list[str], environ: dict[str, str], by: signal.Signals | None
) -> None:
    with Server(FakeBillingo(key=KEY).answer) as server:
        told = {"BOKKO_BILLINGO_URL": f"{server.url}/v3", **environ}
        run(shell, command, "billingo connect --key-storage file", told)
        shell.wait_for("API key\n>" if environ else "? API key")
        stop_and_go_on(shell, by)
        shell.wait_modes(off=ECHO if environ else ECHO | KEYS, on=LINES if environ else 0)
        shell.type(f"{KEY}\r")
        shell.wait_for("Document block")
        assert KEY.encode() not in shell.raw()


def test_what_is_typed_while_the_provider_is_asked_is_not_shown_after_a_stop(
    shell: WatchedTerminal, command: list[str]
) -> None:
    fake = FakeBillingo(key=KEY, override={"/organization": Hang()})
    with Server(fake.answer) as server:
        told = {"BOKKO_BILLINGO_URL": f"{server.url}/v3"}
        run(shell, command, "billingo connect --key-storage file", told)
        shell.wait_for("? API key")
        shell.type(f"{KEY}\r")
        shell.wait_shown("Asking Billingo")
        stop_and_go_on(shell)
        shell.wait_modes(off=ECHO, on=LINES)
        shell.type("another-key-of-mine")
        shell.press("ctrl-c")
        shell.wait_for("Nothing was changed.")
        assert b"another-key-of-mine" not in shell.raw()


@pytest.mark.parametrize(("asked", "question"), [(0, "? API key"), (1, "? Document block")])
def test_ctrl_z_changes_nothing_where_no_shell_would_go_on(start: Start, asked: int, question: str) -> None:
    terminal = start("--sandbox", "billingo", "connect")
    accept(terminal, *["? API key"][:asked])
    terminal.wait_for(question)
    terminal.press("ctrl-z")
    terminal.wait_for(question)
    terminal.press("enter")
    terminal.wait_for(["? Document block", "? Bank account"][asked])
    assert terminal.screen().count(question) == 1
