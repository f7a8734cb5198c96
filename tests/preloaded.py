"""Runs a command in a copy of a process that has loaded it already: three times as many runs in the same time.

Each run is a process of its own, with its own environment and streams, and can be killed as any other. What is not
loaded beforehand is `keyring`, whose backends `faults/child/sitecustomize.py` changes while they are loaded.
"""

import atexit
import contextlib
import gc
import importlib
import json
import os
import pkgutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Self

ROOMS = ("model", "network", "output", "prompter", "providers", "commands.shared", "commands.rehearse")
COMMANDS = ("activate", "configure", "connect", "disconnect", "status")
"""What is loaded; of all other rooms what these import. Doctor would bring `keyring`."""

COLUMNS = 80
"""How wide a terminal it was loaded for."""
SECONDS = 100
CHILD = Path(__file__).parent / "faults" / "child"


def fits(argv: Sequence[str], env: Mapping[str, str]) -> bool:
    """Whether such a copy does what a new process would: what Python reads at its start cannot be changed later."""
    named = {name for name in env if name.startswith(("LC_", "PYTHON"))} - {"PYTHONPATH", "PYTHON_KEYRING_BACKEND"}
    paths = filter(None, env.get("PYTHONPATH", "").split(os.pathsep))
    changing = {path for path in paths if Path(path, "sitecustomize.py").exists()} - {str(CHILD)}
    is_plain = env.get("LANG") == "C.UTF-8" and not (named or changing or "COLUMNS" in env)
    return hasattr(os, "fork") and Path(argv[0]).stem == "bokko" and is_plain


def run(argv: Sequence[str], env: Mapping[str, str], stdin: str = "") -> subprocess.CompletedProcess[str]:
    """Run to the end, in such a copy if it `fits`, as `subprocess.run` does."""
    if not fits(argv, env):
        return subprocess.run(
            argv, env=env, input=stdin, capture_output=True, encoding="utf-8", timeout=SECONDS, check=False
        )
    with tempfile.TemporaryFile() as given, tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        given.write(stdin.encode())
        given.seek(0)
        with Running(argv, env, [stream.fileno() for stream in (given, out, err)]) as running:
            code = running.wait(SECONDS)
        assert code is not None, f"still running after {SECONDS} s"
        out.seek(0)
        err.seek(0)
        return subprocess.CompletedProcess(argv, code, out.read().decode(), err.read().decode())


class Running:
    """One run, from its start on; with a terminal for its streams it leads a session of its own there."""

    def __init__(
        self, argv: Sequence[str], env: Mapping[str, str], streams: Sequence[int], cwd: Path | None = None
    ) -> None:
        self._code: int | None = None
        self._told, theirs = socket.socketpair()
        with tempfile.TemporaryFile() as asked, theirs:
            asked.write(json.dumps([*argv, env, str(cwd or Path.cwd())]).encode())
            asked.seek(0)
            preloaded = _preloaded(env.get("BOKKO_LANG", ""))
            socket.send_fds(preloaded, [b"."], [asked.fileno(), theirs.fileno(), *streams])
        self.pid = self._number(SECONDS)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._told.close()

    def wait(self, seconds: float) -> int | None:
        """Return the exit code as `subprocess` has it; `None` while it runs."""
        if self._code is None:
            with contextlib.suppress(TimeoutError, BlockingIOError):
                self._code = self._number(seconds)
        return self._code

    def _number(self, seconds: float) -> int:
        self._told.settimeout(seconds)
        told = self._told.recv(8)
        assert told, "the process that has loaded the command is gone"
        return int(told)


@cache
def _preloaded(language: str) -> socket.socket:
    """Return where to ask the process that has loaded the command; it is started once, and ends with this one."""
    ours, theirs = socket.socketpair()
    env = {"PATH": os.environ["PATH"], "LANG": "C.UTF-8", "PYTHONPATH": str(CHILD)}
    with theirs:
        child = subprocess.Popen(
            [sys.executable, __file__, str(theirs.fileno())],
            env=env | {"BOKKO_LANG": language, "COLUMNS": str(COLUMNS)},
            pass_fds=[theirs.fileno()],
        )
    atexit.register(child.wait)
    atexit.register(ours.close)
    return ours


def _load() -> None:
    for name in ("bokko_cli.cli.app", "bokko_cli.store.secrets_file", "httpcore", "encodings.idna"):
        importlib.import_module(name)
    for command in COMMANDS:
        importlib.import_module(f"bokko_cli.commands.{command}")
    for name in ROOMS:
        room = importlib.import_module(f"bokko_cli.{name}")
        for module in pkgutil.walk_packages(room.__path__, f"{room.__name__}."):
            importlib.import_module(module.name)
    assert "keyring" not in sys.modules, "is to be changed while it is loaded"
    gc.freeze()  # no run needs to search it


def _serve(requests: socket.socket) -> None:
    """Let a copy of this process see to each request; return in the copy of that one which is to run."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    while True:
        request, parts, *_ = socket.recv_fds(requests, 1, 5)
        if not request:
            sys.exit()
        if os.fork() == 0:
            break
        for part in parts:
            os.close(part)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    requests.close()
    asked, asker, *streams = parts
    with socket.socket(fileno=asker) as asking:
        running = os.fork()
        if running:
            asking.send(f"{running:8}".encode())
            _, status = os.waitpid(running, 0)
            asking.send(f"{os.waitstatus_to_exitcode(status):8}".encode())
            os._exit(0)
    with os.fdopen(asked, "rb") as told:
        *sys.argv, env, folder = json.load(told)
    _become(streams, env, folder)


def _become(streams: Sequence[int], env: Mapping[str, str], folder: str) -> None:
    """Take these for standard streams, environment and current folder, as a new process would have them."""
    for number, stream in enumerate(streams):
        os.dup2(stream, number)
        os.close(stream)
    if os.isatty(0):
        os.setsid()
        fcntl.ioctl(0, termios.TIOCSCTTY, 0)
    for name, standard in (
        ("stdin", os.fdopen(0, encoding="utf-8", closefd=False)),
        ("stdout", os.fdopen(1, "w", encoding="utf-8", closefd=False)),
        ("stderr", os.fdopen(2, "w", 1, encoding="utf-8", errors="backslashreplace", closefd=False)),
    ):
        setattr(sys, name, standard)
        setattr(sys, f"__{name}__", standard)
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(env)
    time.tzset()
    sys.path[:0] = filter(None, env.get("PYTHONPATH", "").split(os.pathsep))


if __name__ == "__main__":
    import fcntl
    import termios

    del sys.path[0]  # this folder: its modules are for the runs
    _load()
    _serve(socket.socket(fileno=int(sys.argv[1])))
    importlib.import_module("sitecustomize").watch()
    importlib.import_module("bokko_cli.__main__").main()
