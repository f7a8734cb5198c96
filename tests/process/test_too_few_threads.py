"""Where the machine lets no more threads start: its limit is said, and what can do without a thread does."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.fake_billingo import FakeBillingo
from tests.servers import Server

KEY = "63faa428-9044-11ea-8ed0-0242ac120005"
LIMITED = """
import os, threading
left = int(os.environ["THREADS_LEFT"])
for name in ("_start_new_thread", "_start_joinable_thread"):
    usual = getattr(threading, name, None)
    if usual is None: continue
    def start(*arguments, usual=usual, **more):
        global left
        left -= 1
        if left < 0: raise RuntimeError("can't start new thread")
        return usual(*arguments, **more)
    setattr(threading, name, start)
"""
LIMIT = "bokko cannot start another thread: this computer's limit on processes is reached."


def run(
    home: dict[str, str], folder: Path, left: int, *arguments: str, given: str = ""
) -> subprocess.CompletedProcess[str]:
    (folder / "sitecustomize.py").write_text(LIMITED, "utf-8")
    environ = {**home, "PYTHONPATH": os.fspath(folder), "THREADS_LEFT": str(left)}
    command = [sys.executable, "-m", "bokko_cli", *arguments]
    return subprocess.run(
        command, env=environ, input=given, capture_output=True, encoding="utf-8", check=False, timeout=60
    )


CONNECT = (
    "billingo",
    "connect",
    "--api-key-stdin",
    "--key-storage",
    "file",
    "--block",
    "WEB",
    "--bank-account",
    "7001",
)


@pytest.mark.parametrize("left", range(6))
def test_connect_says_the_limit_or_connects(home: dict[str, str], tmp_path: Path, left: int) -> None:
    with Server(FakeBillingo(key=KEY).answer) as server:
        environ = {**home, "BOKKO_BILLINGO_URL": f"{server.url}/v3"}
        ended = run(environ, tmp_path, left, *CONNECT, given=KEY)
    assert "Traceback" not in ended.stderr + ended.stdout
    assert ended.returncode == (0 if "Ready" in ended.stdout else 6)
    assert (ended.returncode == 0) != (LIMIT in ended.stderr)
    assert left >= 2 or ended.returncode == 6


@pytest.mark.parametrize("debug", [(), ("--debug",)])
@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("--sandbox", *CONNECT[:3]), 6),
        (("--sandbox", "szamlazz", "connect", "--api-key-stdin"), 6),
        (("szamlazz", "connect", "--api-key-stdin", "--key-storage", "file"), 6),
        (("billingo", "connect", "--api-key-stdin"), 7),
        (("sandbox",), 6),
    ],
)
def test_limit_is_said_wherever_a_thread_is_needed(
    home: dict[str, str], tmp_path: Path, arguments: tuple[str, ...], code: int, debug: tuple[str, ...]
) -> None:
    environ = {**home, "BOKKO_SZAMLAZZ_URL": "http://127.0.0.1:1"}
    ended = run(environ, tmp_path, 0, *debug, *arguments, given="sandbox-ready" if "--sandbox" in arguments else KEY)
    assert LIMIT in ended.stderr
    assert "ulimit -u" in ended.stderr
    assert "Traceback" not in ended.stderr
    assert ended.returncode == code


def test_what_needs_no_thread_does_without(home: dict[str, str], tmp_path: Path) -> None:
    for arguments in (("integrations", "--json"), ("billingo", "status", "--json"), ("--version",)):
        assert run(home, tmp_path, 0, *arguments).stderr == ""
