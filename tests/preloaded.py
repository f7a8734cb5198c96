"""Runs a command in a copy of a process that has loaded it already: three times as many runs in the same time.

Each run is a process of its own, with its own environment and streams, and can be killed as any other. What is not
loaded beforehand is `keyring`, whose backends `faults/child/sitecustomize.py` changes while they are loaded.
"""

import atexit
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
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from functools import cache
from pathlib import Path

ROOMS = ("model", "network", "output", "providers", "commands.shared", "commands.rehearse")
COMMANDS = ("activate", "configure", "connect", "disconnect", "status")
"""What is loaded; of all other rooms what these import. Doctor would bring `keyring`."""

SECONDS = 100


def run(argv: Sequence[str], env: Mapping[str, str], stdin: str = "") -> subprocess.CompletedProcess[str]:
    """Run to the end: the installed command in such a copy, all else and without `fork` as `subprocess.run` does."""
    if not hasattr(os, "fork") or Path(argv[0]).stem != "bokko":
        return subprocess.run(
            argv, env=env, input=stdin, capture_output=True, encoding="utf-8", timeout=SECONDS, check=False
        )
    with ExitStack() as stack:
        asked, given, out, err = (stack.enter_context(tempfile.TemporaryFile()) for _ in range(4))
        for file, text in (asked, json.dumps([*argv, env])), (given, stdin):
            file.write(text.encode())
            file.seek(0)
        ours, theirs = map(stack.enter_context, socket.socketpair())
        ours.settimeout(SECONDS)
        socket.send_fds(_preloaded(), [b"."], [part.fileno() for part in (asked, theirs, given, out, err)])
        theirs.close()
        ended = ours.recv(100)
        assert ended, "the process that has loaded the command is gone"
        out.seek(0)
        err.seek(0)
        return subprocess.CompletedProcess(argv, int(ended), out.read().decode(), err.read().decode())


@cache
def _preloaded() -> socket.socket:
    """Return where to ask the process that has loaded the command; it is started once, and ends with this one."""
    ours, theirs = socket.socketpair()
    env = {"PATH": os.environ["PATH"], "LANG": "C.UTF-8", "PYTHONPATH": str(Path(__file__).parent / "faults" / "child")}
    with theirs:
        child = subprocess.Popen([sys.executable, __file__, str(theirs.fileno())], env=env, pass_fds=[theirs.fileno()])
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
            _, status = os.waitpid(running, 0)
            asking.send(str(os.waitstatus_to_exitcode(status)).encode())
            os._exit(0)
    with os.fdopen(asked, "rb") as told:
        *sys.argv, env = json.load(told)
    _become(streams, env)


def _become(streams: Sequence[int], env: Mapping[str, str]) -> None:
    """Take these for standard streams and environment, as a new process would have them."""
    for number, stream in enumerate(streams):
        os.dup2(stream, number)
        os.close(stream)
    os.environ.clear()
    os.environ.update(env)
    sys.path[:0] = filter(None, env.get("PYTHONPATH", "").split(os.pathsep))


if __name__ == "__main__":
    del sys.path[0]  # this folder: its modules are for the runs
    _load()
    _serve(socket.socket(fileno=int(sys.argv[1])))
    importlib.import_module("sitecustomize").watch()
    importlib.import_module("bokko_cli.__main__").main()
