"""How it is measured: whole processes by the clock and by their peak memory, each beside a bare interpreter."""

import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from time import perf_counter

BYTES_OF_MAXRSS = 1 if sys.platform == "darwin" else 1024

# A process counts the memory of the one it was forked from as its own: so a small one of our own starts it.
_LAUNCHER = """
import os, sys
nowhere = [(os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0)]
child = os.posix_spawn(sys.argv[1], sys.argv[1:], os.environ, file_actions=nowhere)
_, status, usage = os.wait4(child, 0)
print(usage.ru_maxrss)
sys.exit(os.waitstatus_to_exitcode(status))
"""


class CommandFailedError(Exception):
    """A measured command ended otherwise than it should, so its time means nothing."""


def _nothing() -> None:
    """Leave everything as it is."""


@dataclass(frozen=True, slots=True)
class Work:
    """What is run; `before` puts the world back in order, off the clock. Without `must_succeed` any end will do."""

    argv: tuple[str, ...]
    environment: Mapping[str, str]
    stdin: str = ""
    before: Callable[[], None] = _nothing
    must_succeed: bool = True


def bare(environment: Mapping[str, str]) -> Work:
    """Return the yardstick: the interpreter that does nothing."""
    return Work((sys.executable, "-c", "pass"), environment)


def seconds_of(command: Work) -> float:
    """Run a command once; return what it took from its start to its end."""
    command.before()
    # Files, since reading pipes takes time of its own.
    with tempfile.TemporaryFile("w+") as stdin, tempfile.TemporaryFile("w+") as stderr:
        stdin.write(command.stdin)
        stdin.seek(0)
        start = perf_counter()
        code = subprocess.call(
            command.argv, env=command.environment, stdin=stdin, stdout=subprocess.DEVNULL, stderr=stderr
        )
        took = perf_counter() - start
        if code and command.must_succeed:
            stderr.seek(0)
            raise CommandFailedError(f"{' '.join(command.argv)} ended with {code}:\n{stderr.read()}")
    return took


def side_by_side(commands: Sequence[Work], runs: int) -> list[float]:
    """Run the commands by turns, once for warmth and then `runs` times; return the median seconds of each."""
    for command in commands:
        seconds_of(command)
    rounds = [[seconds_of(command) for command in commands] for _ in range(runs)]
    return [median(times) for times in zip(*rounds, strict=True)]


def times_bare(command: Work, runs: int) -> float:
    """Return how many times a bare interpreter's time a command takes."""
    took, yardstick = side_by_side([command, bare(command.environment)], runs)
    return took / yardstick


def peak_bytes_of(command: Work) -> int:
    """Run a command once; return the most memory that it held at a time."""
    command.before()
    argv = [sys.executable, "-c", _LAUNCHER, *command.argv]
    ran = subprocess.run(
        argv, env=command.environment, input=command.stdin, capture_output=True, text=True, check=False
    )
    if ran.returncode and command.must_succeed:
        raise CommandFailedError(f"{' '.join(command.argv)} ended with {ran.returncode}:\n{ran.stderr}")
    return int(ran.stdout) * BYTES_OF_MAXRSS


def peak_megabytes(command: Work, runs: int) -> float:
    """Return the median peak of several runs, in millions of bytes."""
    return median(peak_bytes_of(command) for _ in range(runs)) / 1e6
