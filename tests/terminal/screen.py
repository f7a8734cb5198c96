"""Drives a command in a pseudo-terminal: pexpect types, pyte reads the screen."""

import codecs
import contextlib
import fcntl
import os
import re
import select
import struct
import sys
import termios
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Self

import pexpect
import pyte

from tests.terminal.child import Starter, started

QUIET = 0.06
"""Seconds without a byte after which the child is taken to wait for a key."""

MOST_KEPT = 4095
"""Bytes that Linux keeps for a terminal, beside those on their way to there; Ctrl-C discards the latter."""

KEYS = {
    "enter": "\r",
    "esc": "\x1b",
    "up": "\x1b[A",
    "down": "\x1b[B",
    "right": "\x1b[C",
    "left": "\x1b[D",
    "home": "\x1b[H",
    "end": "\x1b[F",
    "pgup": "\x1b[5~",
    "pgdn": "\x1b[6~",
    "backspace": "\x7f",
    "tab": "\t",
    "space": " ",
    "ctrl-b": "\x02",
    "ctrl-c": "\x03",
    "ctrl-d": "\x04",
    "ctrl-z": "\x1a",
}

# What pyte 0.8 misreads, prints as text or fails on: private markers, intermediate bytes, colons, DCS strings.
FOREIGN = re.compile(
    rb"\x1b\[[<=>][0-?]*[ -/]*[@-~]"
    rb"|\x1b\[[0-?]*[ -/]+[@-~]"
    rb"|\x1b\[[0-?]*:[0-?]*[@-~]"
    rb"|\x1b\[\?[0-9;]*[^hlJKc0-9;]"
    rb"|\x1bP.*?\x1b\\",
    re.DOTALL,
)
SEQUENCE = re.compile(rb"(\x1b\[[0-?]*[@-~])")
UNFINISHED = re.compile(rb"\x1b(?:\[[0-?]*[ -/]*|P(?:(?!\x1b\\).)*)?\Z", re.DOTALL)


class _Screen(pyte.HistoryScreen):
    """A screen that hands its answers (where is the cursor?) to the child."""

    def __init__(self, columns: int, rows: int, answer: Callable[[str], object]) -> None:
        self._answer = answer
        super().__init__(columns, rows, history=100_000)

    def write_process_input(self, data: str) -> None:
        self._answer(data)


class WatchedTerminal:
    """A command in a terminal of its own, seen as a person sees it; leaving the block kills it."""

    def __init__(
        self,
        argv: Sequence[str],
        env: Mapping[str, str],
        columns: int = 80,
        rows: int = 30,
        seen_columns: int = 0,
        cwd: Path | None = None,
        encoding: str = "utf-8",
        start: Starter = started,
    ) -> None:
        self._child = start(argv, env, columns, rows, cwd)
        self._tty = self._child.spawned
        self.environ = dict(env)
        self._screen = _Screen(seen_columns or columns, rows, self._tty.send)
        self._stream = pyte.Stream(self._screen)
        self._encoding = encoding
        self._decoder = codecs.getincrementaldecoder(encoding)("replace")
        self._raw = bytearray()
        self._held = b""
        self._ended = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._child.close()

    @property
    def pid(self) -> int:
        """The command's process id; it leads its own session and group."""
        return self._child.pid

    def type(self, text: str) -> None:
        self._tty.send(text.encode(self._encoding))

    def press(self, *keys: str) -> None:
        """Send named keys at once, without waiting between them."""
        self._tty.send("".join(KEYS[key] for key in keys))

    def paste(self, text: str, bracketed: bool) -> None:
        """Send a text as terminals paste it: ends of line as CR, between marks if the program asked for marks."""
        lines = text.replace("\r\n", "\r").replace("\n", "\r")
        self._tty.send(f"\x1b[200~{lines}\x1b[201~" if bracketed else lines)

    def resize(self, columns: int, rows: int) -> None:
        self._screen.resize(rows, columns)  # first, so that what the child draws finds its place
        self._child.resize(columns, rows)

    def screen(self) -> str:
        """Return what is visible now, blanks at the right and empty lines at the end removed."""
        return _text(self._lines())

    def history(self) -> str:
        """Return what scrolled off, then what is visible; what was erased or drawn over is in `raw` alone."""
        return _text([*map(_line, self._screen.history.top), *self._lines()])

    def _lines(self) -> list[str]:
        """Return the lines that are visible, as far as anything was written: `display` goes through every cell."""
        return [_line(self._screen.buffer[row], self._screen.columns) for row in range(self._screen.lines)]

    def raw(self) -> bytes:
        """Return every byte that the child wrote so far."""
        return bytes(self._raw)

    def modes(self) -> list[object]:
        """Return how the terminal itself is set: echo, whole lines, signals."""
        return list(termios.tcgetattr(self._tty.fileno()))

    def wait_modes(self, off: int, on: int, timeout: float = 15) -> None:
        """Wait until these of the terminal's local modes are off, and those on; quiet or not."""
        deadline = time.monotonic() + timeout
        while self._local_modes() & (off | on) != on:
            self._read()
            if self._ended or time.monotonic() > deadline:
                raise AssertionError(self._report("other modes"))

    def wait_foreground_job(self, timeout: float = 15) -> None:
        """Wait until a shell has handed its terminal to a job: what is typed before that is the shell's own."""
        deadline = time.monotonic() + timeout
        while self.foreground() == self.pid:
            self._read()
            if self._ended or time.monotonic() > deadline:
                raise AssertionError(self._report("no job in the foreground"))

    def _local_modes(self) -> int:
        return int(termios.tcgetattr(self._tty.fileno())[3])

    def foreground(self) -> int:
        """Return the process group that reads what is typed."""
        return os.tcgetpgrp(self._tty.fileno())

    @staticmethod
    def modes_when_new() -> list[object]:
        """Return how a terminal is set that no command has touched: what this one must be given back as."""
        ours, theirs = os.openpty()
        try:
            return list(termios.tcgetattr(theirs))
        finally:
            os.close(ours)
            os.close(theirs)

    def wait_for(self, text: str, timeout: float = 15, *, times: int = 1) -> None:
        """Wait until the text was shown, so many times where a question comes again, and the child is quiet."""
        self._wait(lambda: self.history().count(text) >= times, f"no {text!r}", timeout)

    def wait_shown(self, text: str, timeout: float = 15) -> None:
        """Wait until the text was shown, quiet or not."""
        deadline = time.monotonic() + timeout
        while text not in self.history():
            self._read()
            if self._ended or time.monotonic() > deadline:
                raise AssertionError(self._report(f"no {text!r}"))

    def pause(self, seconds: float) -> None:
        """Let time pass between two keys, where the time itself is what is tested."""
        time.sleep(seconds)

    def fall_behind(self) -> None:
        """Let the child write more than Linux keeps for a terminal that does not read, by keys that change nothing."""
        while struct.unpack("i", fcntl.ioctl(self._tty.fileno(), termios.FIONREAD, bytes(4)))[0] < MOST_KEPT:
            self.press("space", "backspace")
            time.sleep(0.005)

    def wait_exit_unread(self, timeout: float = 20) -> int:
        """Wait for the end as `wait_exit` does, and read nothing before it: reading lets what was held back through."""
        deadline = time.monotonic() + timeout
        while (code := self._child.ended()) is None:
            if time.monotonic() > deadline:
                raise AssertionError(self._report(f"still running after {timeout} s"))
            time.sleep(0.005)
        return code

    def is_alive(self) -> bool:
        """Tell whether the command still runs."""
        self._read()
        return self._child.ended() is None

    def wait_gone(self, text: str, timeout: float = 15) -> None:
        """Wait until the text is not visible and the child is quiet."""
        self._wait(lambda: text not in self.screen(), f"still {text!r}", timeout)

    def wait_exit(self, timeout: float = 20) -> int:
        """Wait for the end; return the exit code as a shell tells it, 128 + n for signal n."""
        deadline = time.monotonic() + timeout
        while (code := self._child.ended()) is None or self._read():
            if time.monotonic() > deadline:
                raise AssertionError(self._report(f"still running after {timeout} s"))
            if not self._read():
                time.sleep(0.005)  # closed its terminal, and lives on: nothing to wait on but the clock
        return code

    def _wait(self, holds: Callable[[], bool], missing: str, timeout: float) -> None:
        deadline = time.monotonic() + timeout
        while True:
            while self._read() and time.monotonic() < deadline:
                pass
            if holds():
                return
            if self._ended or time.monotonic() > deadline:
                raise AssertionError(self._report(f"{missing} {'at the end' if self._ended else f'in {timeout} s'}"))

    def _read(self) -> bool:
        """Show what the child writes next; tell whether it wrote within the time that counts as quiet."""
        if self._ended:
            return False
        try:
            data = self._tty.read_nonblocking(65536, timeout=QUIET)
        except pexpect.TIMEOUT:
            return False
        except pexpect.EOF:
            data = self._late()
            if not data:
                self._ended = True
                return False
        self._raw += data
        self._show(self._held + data)
        return True

    def _late(self) -> bytes:
        """Return what the child wrote right before its end: the kernel hands it on a little later."""
        descriptor = self._tty.child_fd
        with contextlib.suppress(OSError, ValueError):
            if select.select([descriptor], [], [], QUIET)[0]:
                return os.read(descriptor, 65536)
        return b""

    def _show(self, data: bytes) -> None:
        known = FOREIGN.sub(b"", data)
        tail = UNFINISHED.search(known)
        end = tail.start() if tail else len(known)
        self._held = known[end:]
        for piece in SEQUENCE.split(known[:end]):
            with contextlib.suppress(TypeError):  # pyte, about parameters that it does not know
                self._stream.feed(self._decoder.decode(piece))

    def _report(self, what: str) -> str:
        return f"{what}; the screen:\n{self.history()}\n"


def _line(cells: Mapping[int, pyte.screens.Char], columns: int = sys.maxsize) -> str:
    return "".join(cells[column].data for column in range(min(max(cells, default=-1) + 1, columns)))


def _text(lines: Sequence[str]) -> str:
    return "\n".join(line.rstrip() for line in lines).rstrip()
