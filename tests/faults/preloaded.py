"""Runs a command in a copy of a process that has loaded it already: three times as many runs in the same time.

Each run is a process of its own, with its own environment and streams, and can be killed as any other. What is not
loaded beforehand is `keyring`, whose backends `child/sitecustomize.py` changes while they are loaded.
"""

import importlib
import json
import os
import pkgutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

ROOMS = ("model", "network", "output", "providers", "commands.shared", "commands.rehearse")
COMMANDS = ("activate", "configure", "connect", "disconnect", "status")
"""What is loaded; of all other rooms what these import. Doctor would bring `keyring`."""

SECONDS = 100
_started = list[socket.socket]()


def run(argv: Sequence[str], env: Mapping[str, str], stdin: str = "") -> subprocess.CompletedProcess[str]:
    """Run to the end: the installed command in a copy of what was `started`, all else as `subprocess.run` does."""
    if not _started or Path(argv[0]).stem != "bokko":
        return subprocess.run(
            argv, env=env, input=stdin, capture_output=True, encoding="utf-8", timeout=SECONDS, check=False
        )
    ours, theirs = socket.socketpair()
    ours.settimeout(SECONDS)
    with tempfile.TemporaryFile() as given, tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err, ours:
        given.write(stdin.encode())
        given.seek(0)
        with theirs:
            streams = [stream.fileno() for stream in (given, out, err, theirs)]
            socket.send_fds(_started[0], [json.dumps([*argv, env]).encode()], streams)
        ended = ours.recv(100)
        assert ended, "the process that has loaded the command is gone"
        out.seek(0)
        err.seek(0)
        return subprocess.CompletedProcess(argv, int(ended), out.read().decode(), err.read().decode())


@contextmanager
def started() -> Iterator[None]:
    """Keep a process that has loaded the command, unless there is one; without `fork`, none."""
    if _started or not hasattr(os, "fork"):
        yield
        return
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    env = {"PATH": os.environ["PATH"], "LANG": "C.UTF-8", "PYTHONPATH": str(Path(__file__).parent / "child")}
    with subprocess.Popen([sys.executable, __file__, str(theirs.fileno())], env=env, pass_fds=[theirs.fileno()]):
        theirs.close()
        with ours:
            _started.append(ours)
            yield
            _started.clear()


def _load() -> None:
    importlib.import_module("bokko_cli.cli.app")
    for command in COMMANDS:
        importlib.import_module(f"bokko_cli.commands.{command}")
    for name in ROOMS:
        room = importlib.import_module(f"bokko_cli.{name}")
        for module in pkgutil.walk_packages(room.__path__, f"{room.__name__}."):
            importlib.import_module(module.name)
    assert "keyring" not in sys.modules, "is to be changed while it is loaded"


def _serve(requests: socket.socket) -> None:
    """Let a copy of this process see to each request; return in the copy of that one which is to run."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    while True:
        request, streams, *_ = socket.recv_fds(requests, 1_000_000, 4)
        if not request:
            sys.exit()
        if os.fork() == 0:
            break
        for stream in streams:
            os.close(stream)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    requests.close()
    with socket.socket(fileno=streams.pop()) as asker:
        running = os.fork()
        if running:
            _, status = os.waitpid(running, 0)
            asker.send(str(os.waitstatus_to_exitcode(status)).encode())
            os._exit(0)
    *sys.argv, env = json.loads(request)
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
