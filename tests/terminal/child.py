"""A command on a pseudo-terminal, as the harness handles it: in a new process, or in a copy of one that is loaded."""

import contextlib
import fcntl
import os
import signal
import struct
import termios
import warnings
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Protocol

import pexpect
from pexpect.fdpexpect import fdspawn

from tests import preloaded


class Child(Protocol):
    """A command in its terminal."""

    pid: int

    @property
    def spawned(self) -> "pexpect.spawn[bytes] | fdspawn[bytes]":
        """What types and reads."""

    def resize(self, columns: int, rows: int) -> None:
        """Give its terminal another size."""

    def ended(self) -> int | None:
        """Return the exit code as a shell tells it, 128 + n for signal n; `None` while it runs."""

    def close(self) -> None:
        """Kill it with all that it started, and let go of its terminal."""


Starter = Callable[[Sequence[str], Mapping[str, str], int, int, Path | None], Child]
"""How a child is started: what is run in which environment, on how many columns and rows, in which folder."""


def started(argv: Sequence[str], env: Mapping[str, str], columns: int, rows: int, cwd: Path | None) -> Child:
    """Start a command that leads its own session and group.

    On a terminal of another width it is new: its help is broken to that width while it loads.
    """
    if preloaded.fits(argv, env) and columns == preloaded.COLUMNS:
        return LoadedChild(argv, env, columns, rows, cwd)
    return NewChild(argv, env, columns, rows, cwd)


class NewChild:
    """A command in a process of its own from its first step on."""

    def __init__(self, argv: Sequence[str], env: Mapping[str, str], columns: int, rows: int, cwd: Path | None) -> None:
        with warnings.catch_warnings():
            # Python 3.12 warns of a fork beside threads; the child only ever execs.
            warnings.simplefilter("ignore", DeprecationWarning)
            self.spawned: pexpect.spawn[bytes] = pexpect.spawn(
                argv[0],
                list(argv[1:]),
                env=dict(env),
                cwd=None if cwd is None else str(cwd),
                dimensions=(rows, columns),
                use_poll=True,
            )
        self.spawned.delaybeforesend = None
        self.pid: int = self.spawned.ptyproc.pid  # type: ignore[attr-defined]  # the stub leaves it out

    def resize(self, columns: int, rows: int) -> None:
        """Give its terminal another size."""
        self.spawned.setwinsize(rows, columns)

    def ended(self) -> int | None:
        """Return how it ended."""
        if self.spawned.isalive():
            return None
        if self.spawned.signalstatus is not None:
            return 128 + int(self.spawned.signalstatus)
        return int(self.spawned.exitstatus or 0)

    def close(self) -> None:
        """Kill it."""
        _kill_group(self.pid)
        with contextlib.suppress(pexpect.ExceptionPexpect):
            self.spawned.wait()  # an ExceptionPexpect where it is gone already
        self.spawned.ptyproc.delayafterclose = 0  # type: ignore[attr-defined]  # the same
        self.spawned.close()


class LoadedChild:
    """A command in a copy of a process that has loaded it."""

    def __init__(self, argv: Sequence[str], env: Mapping[str, str], columns: int, rows: int, cwd: Path | None) -> None:
        ours, theirs = os.openpty()
        self.spawned: fdspawn[bytes] = fdspawn(ours, use_poll=True)
        self.resize(columns, rows)
        self._running = preloaded.Running(argv, env, [theirs] * 3, cwd)
        os.close(theirs)
        self.pid = self._running.pid

    def resize(self, columns: int, rows: int) -> None:
        """Give its terminal another size."""
        fcntl.ioctl(self.spawned.child_fd, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def ended(self) -> int | None:
        """Return how it ended."""
        code = self._running.wait(0)
        return code if code is None or code >= 0 else 128 - code

    def close(self) -> None:
        """Kill it."""
        _kill_group(self.pid)
        with self._running:
            self._running.wait(preloaded.SECONDS)
        self.spawned.close()


def _kill_group(leader: int) -> None:
    """Kill a group; the process itself where it has not got as far as to lead one."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        try:
            os.killpg(leader, signal.SIGKILL)
        except ProcessLookupError:
            os.kill(leader, signal.SIGKILL)
