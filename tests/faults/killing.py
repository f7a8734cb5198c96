"""Runs a command again and again, and strikes it just before its N-th write below `BOKKO_CONFIG_DIR`.

Writes are: opening for writing, rename and replace, chmod, unlink, mkdir, `os.write`, `os.fsync`, and the keyring
backend's set and delete. What a file object writes out by itself has no event of its own.
"""

import os
import signal
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests import preloaded

CHILD = Path(__file__).parent / "child"


@dataclass(frozen=True, slots=True)
class StruckRun:
    """How a run ended, and its writes in order; the struck one is the last that was begun, or was never done.

    `states` has for each write what stood on the disk and had been sent before it.
    """

    returncode: int
    stdout: str
    stderr: str
    writes: list[str]
    states: list[str]

    @property
    def turns(self) -> list[int]:
        """The first write in each of those states; a kill before the next ones would find and leave the same."""
        pairs = zip(self.states, ["", *self.states], strict=False)
        return [number for number, (state, last) in enumerate(pairs, 1) if state != last]


def writes(argv: Sequence[str], env: Mapping[str, str], stdin: str = "") -> list[str]:
    """Run to the end undisturbed, which must succeed, and name each write."""
    return undisturbed(argv, env, stdin).writes


def undisturbed(argv: Sequence[str], env: Mapping[str, str], stdin: str = "") -> StruckRun:
    """Run to the end, which must succeed."""
    ended = _run(argv, env, 0, "kill", stdin)
    assert ended.returncode == 0, f"exit {ended.returncode}: {ended.stderr}"
    return ended


def kill_before(argv: Sequence[str], env: Mapping[str, str], n: int, stdin: str = "") -> StruckRun:
    """Let the command kill itself before its n-th write, counted from 1."""
    ended = _struck(argv, env, n, "kill", stdin)
    assert ended.returncode == -signal.SIGKILL, f"survived: exit {ended.returncode}: {ended.stderr}"
    return ended


def fail_at(argv: Sequence[str], env: Mapping[str, str], n: int, errno: int, stdin: str = "") -> StruckRun:
    """Let the n-th write, and no other, raise `OSError(errno)`."""
    return _struck(argv, env, n, str(errno), stdin)


def interrupt_at(argv: Sequence[str], env: Mapping[str, str], n: int, stdin: str = "", by: str = "SIGINT") -> StruckRun:
    """Press Ctrl-C, so to speak, just before the n-th write."""
    return _struck(argv, env, n, by, stdin)


def _struck(argv: Sequence[str], env: Mapping[str, str], n: int, act: str, stdin: str) -> StruckRun:
    ended = _run(argv, env, n, act, stdin)
    assert len(ended.writes) >= n > 0, f"write {n} never came, only {ended.writes}; {ended.stderr}"
    return ended


def _run(argv: Sequence[str], env: Mapping[str, str], at: int, act: str, stdin: str) -> StruckRun:
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder, "writes")
        watched = {
            **env,
            "PYTHONPATH": os.pathsep.join([str(CHILD), *filter(None, [env.get("PYTHONPATH")])]),
            "FAULT_FOLDER": env["BOKKO_CONFIG_DIR"],
            "FAULT_LOG": str(log),
            "FAULT_AT": str(at),
            "FAULT_ACT": act,
        }
        run = preloaded.run(argv, watched, stdin)
        told = [line.partition("\t") for line in log.read_text("utf-8").splitlines()]
    return StruckRun(run.returncode, run.stdout, run.stderr, [name for *_, name in told], [state for state, *_ in told])
