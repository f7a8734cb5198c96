"""How another program takes this one's place."""

import errno
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import NoReturn

_IGNORED_BY_PYTHON = ("SIGPIPE", "SIGXFZ", "SIGXFSZ")
_SET_BY_PYTHON = b"LC_CTYPE"
"""What Python sets for itself, and so for all that it starts, where the locale is C (PEP 538)."""
_FIRST_ENVIRONMENT = Path("/proc/self/environ")
"""What this process was started with, on Linux."""


def become(program: Sequence[str], environment: Mapping[str, str]) -> NoReturn:
    """Run a program in this process's place: its signals, its terminal and its exit code are its own.

    Where a system cannot do that, it is waited for instead. Raises OSError or ValueError where it cannot be started.
    """
    if not program[0]:
        raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), "")
    for stream in (sys.stdout, sys.stderr):
        stream.flush()
    if os.name == "nt":
        _wait_for(program, environment)
    # Before the search for the program: a Ctrl-C from here on ends it, and does not get lost with our handlers.
    before = {number: signal.signal(number, signal.SIG_DFL) for number in _changed()}
    try:
        os.execvpe(program[0], [*program], _encoded(environment))  # noqa: S606 - no shell is the point
    finally:  # it could not be started
        for number, handler in before.items():
            signal.signal(number, handler)


def path_of(program: str, environment: Mapping[str, str]) -> str | None:
    """Return the path of a program, searched as a shell would search it; `None` where there is none."""
    return shutil.which(program, path=environment.get("PATH"))


def as_signed(code: int) -> int:
    """Return an exit code of Windows, which are 32 bits without a sign, as the number that Python ends with it."""
    return code - (1 << 32) if code >= 1 << 31 else code


def _changed() -> list[signal.Signals]:
    """Return the signals that a program would find otherwise than whoever started us left them.

    Those that Python ignores, which it would inherit, and those with a handler of ours; one ignored from outside stays.
    """
    ignored = [signal.Signals[name] for name in _IGNORED_BY_PYTHON if name in signal.Signals.__members__]
    return [*ignored, *(number for number in signal.valid_signals() if callable(signal.getsignal(number)))]


def _encoded(environment: Mapping[str, str]) -> dict[bytes, bytes]:
    """Return the variables as the system takes them, the one that Python changes as it was before."""
    variables = {_bytes(name): _bytes(value) for name, value in environment.items()}
    with suppress(OSError):
        first = dict(line.partition(b"=")[::2] for line in _FIRST_ENVIRONMENT.read_bytes().split(b"\0"))
        variables.pop(_SET_BY_PYTHON, None)
        variables |= {name: value for name, value in first.items() if name == _SET_BY_PYTHON}
    return variables


def _bytes(text: str) -> bytes:
    """Return a text in the locale's encoding, and in UTF-8 where that lacks a letter."""
    try:
        return os.fsencode(text)
    except UnicodeEncodeError:
        return text.encode("utf-8", "surrogateescape")


def _wait_for(program: Sequence[str], environment: Mapping[str, str]) -> NoReturn:
    """Wait for the program; Ctrl-C goes to both, and is the program's to answer."""
    # By itself the system finds .exe alone, and looks beside our own Python first.
    path = path_of(program[0], environment) or program[0]
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    sys.exit(as_signed(subprocess.call([path, *program[1:]], env=environment)))  # noqa: S603 - what a person asked for
