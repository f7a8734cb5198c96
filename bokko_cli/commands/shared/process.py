"""How another program takes this one's place."""

import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from typing import NoReturn

_CHANGED_BY_PYTHON = ("SIGPIPE", "SIGXFZ", "SIGXFSZ")


def become(program: Sequence[str], environment: Mapping[str, str]) -> NoReturn:
    """Run a program in this process's place: its signals, its terminal and its exit code are its own.

    Where a system cannot do that, it is waited for instead. Raises OSError or ValueError where it cannot be started.
    """
    for stream in (sys.stdout, sys.stderr):
        stream.flush()
    if os.name == "nt":
        _wait_for(program, environment)
    before = {name: signal.signal(name, signal.SIG_DFL) for name in _ignored()}
    try:
        os.execvpe(program[0], [*program], environment)  # noqa: S606 - no shell is the point
    finally:  # it could not be started
        for name, handler in before.items():
            signal.signal(name, handler)


def _ignored() -> list[signal.Signals]:
    """Return the signals that Python ignores, which a program would inherit."""
    return [signal.Signals[name] for name in _CHANGED_BY_PYTHON if name in signal.Signals.__members__]


def _wait_for(program: Sequence[str], environment: Mapping[str, str]) -> NoReturn:
    """Wait for the program; Ctrl-C goes to both, and is the program's to answer."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    sys.exit(subprocess.call([*program], env=environment))  # noqa: S603 - what a person asked for
