"""The terminal harness shows what a person would see, and leaves no process behind."""

import os
import sys
import textwrap
import time

import pytest

pytest.importorskip("pexpect", reason="a pseudo-terminal is POSIX only")
from tests.preloaded import SECONDS
from tests.terminal.screen import WatchedTerminal


def python(program: str) -> list[str]:
    return [sys.executable, "-u", "-c", textwrap.dedent(program)]


def test_typed_line_is_echoed_and_answered(home: dict[str, str]) -> None:
    program = "print('hello', input('name? ').upper()); raise SystemExit(7)"
    with WatchedTerminal(python(program), home) as terminal:
        terminal.wait_for("name?")
        terminal.type("bokkó")
        terminal.press("enter")
        terminal.wait_for("hello BOKKÓ")
        assert terminal.screen() == "name? bokkó\nhello BOKKÓ"
        assert terminal.wait_exit() == 7
        assert "hello BOKKÓ".encode() in terminal.raw()


def test_keys_and_pastes_arrive_as_a_terminal_sends_them(home: dict[str, str]) -> None:
    program = """
        import sys, tty
        tty.setraw(0)
        print("ready")
        seen = b""
        while b"q" not in seen:
            seen += sys.stdin.buffer.raw.read(100)
        print(ascii(seen))
    """
    with WatchedTerminal(python(program), home, columns=120) as terminal:
        terminal.wait_for("ready")
        terminal.press("up", "ctrl-d", "backspace")
        terminal.paste("a\nb", bracketed=True)
        terminal.paste("q\n", bracketed=False)
        terminal.wait_for(r"b'\x1b[A\x04\x7f\x1b[200~a\rb\x1b[201~q\r'")


def test_question_about_the_cursor_is_answered(home: dict[str, str]) -> None:
    program = """
        import sys, tty
        tty.setraw(0)
        sys.stdout.write("abc\\x1b[6n")
        seen = b""
        while not seen.endswith(b"R"):
            seen += sys.stdin.buffer.raw.read(1)
        print(ascii(seen))
    """
    with WatchedTerminal(python(program), home) as terminal:
        terminal.wait_for(r"abcb'\x1b[1;4R'")


def test_sequences_that_pyte_does_not_know_leave_no_mark(home: dict[str, str]) -> None:
    program = r"""
        import sys
        odd_ones = "[>4;1m", "[?4m", "[<u", "[=1;2u", "[0 q", "[!p", "[38:2::1:2:3m", "[?6n", "[1;2;3;4K", "P1$r\x1b\\"
        for odd in odd_ones:
            for part in ("\x1b", *odd):
                sys.stdout.write(part)
            sys.stdout.write("x")
        print(" done")
    """
    with WatchedTerminal(python(program), home) as terminal:
        terminal.wait_for("done")
        assert terminal.screen() == "x" * 10 + " done"


def test_scrolled_off_lines_are_in_the_history_only(home: dict[str, str]) -> None:
    with WatchedTerminal(python("for n in range(50): print(f'line {n}.')"), home, rows=10) as terminal:
        terminal.wait_for("line 0.")
        assert terminal.wait_exit() == 0
        assert "line 0." not in terminal.screen()
        assert terminal.history() == "\n".join(f"line {n}." for n in range(50))


def test_text_that_is_erased_is_gone(home: dict[str, str]) -> None:
    program = "input('secret?'); print('\\x1b[2J\\x1b[H', end=''); input()"
    with WatchedTerminal(python(program), home) as terminal:
        terminal.wait_for("secret?")
        terminal.press("enter")
        terminal.wait_gone("secret?")
        assert b"secret?" in terminal.raw()


def test_resized_terminal_tells_the_child(home: dict[str, str]) -> None:
    program = """
        import os, signal
        def tell(*_): print(os.get_terminal_size().columns, "wide")
        signal.signal(signal.SIGWINCH, tell)
        tell()
        while True: signal.pause()
    """
    with WatchedTerminal(python(program), home, columns=80) as terminal:
        terminal.wait_for("80 wide")
        terminal.resize(40, 20)
        terminal.wait_for("40 wide")


def test_missing_text_shows_the_screen(home: dict[str, str]) -> None:
    with WatchedTerminal(python("print('what is there'); input()"), home) as terminal:
        terminal.wait_for("what is there")
        with pytest.raises(AssertionError, match=r"no 'absent' in 0\.2 s; the screen:\nwhat is there"):
            terminal.wait_for("absent", timeout=0.2)


def test_ctrl_c_ends_with_130_and_leaving_kills(home: dict[str, str]) -> None:
    program = "import signal; signal.signal(signal.SIGINT, signal.SIG_DFL); input('here')"
    with WatchedTerminal(python(program), home) as terminal:
        terminal.wait_for("here")
        terminal.press("ctrl-c")
        assert terminal.wait_exit() == 130
    with WatchedTerminal(python(program), home) as terminal:
        terminal.wait_for("here")
    with pytest.raises(ProcessLookupError):
        os.kill(terminal.pid, 0)


def test_command_that_is_left_at_once_is_killed_at_once(command: list[str], home: dict[str, str]) -> None:
    for _ in range(20):
        start = time.monotonic()
        with WatchedTerminal([*command, "billingo", "connect"], home) as terminal:
            assert terminal.pid
        assert time.monotonic() - start < SECONDS / 2, "waited for a process that nobody killed"
