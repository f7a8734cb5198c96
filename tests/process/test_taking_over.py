"""How a program takes the process over: what it finds at the last moment, and what happens where it cannot."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from bokko_cli.commands.shared.process import as_signed

BECOME = """
import signal, sys
from bokko_cli.commands.shared.process import become
SIGNALS = [signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGUSR1]
SIGNALS_OF_PYTHON = [signal.SIGPIPE, signal.SIGXFSZ]
for number in SIGNALS[1:3]:
    signal.signal(number, lambda *_: sys.exit(99))
signal.signal(signal.SIGUSR1, signal.SIG_IGN)
before = [signal.getsignal(number) for number in SIGNALS + SIGNALS_OF_PYTHON]
def look(event, _):
    if event == "os.exec":
        print(*(signal.getsignal(number).name for number in SIGNALS + SIGNALS_OF_PYTHON), flush=True)
sys.addaudithook(look)
try:
    become([sys.argv[1]], {"PATH": "/bin"})
except OSError:
    print(before == [signal.getsignal(number) for number in SIGNALS + SIGNALS_OF_PYTHON])
"""

ELSEWHERE = """
import os, sys
from bokko_cli.commands.shared.process import become
os.name = "nt"
become(sys.argv[1:], {"PATH": os.environ["PATH"], "MINE": "x"})
"""
"""As where a process cannot be replaced."""

TYPED = """
import os, sys
from bokko_cli.cli.app import main
os.name = "nt"
main()
"""

posix = pytest.mark.skipif(os.name == "nt", reason="the system itself behaves so there")


def run(child: str, *words: str, **environ: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", child, *words],
        env={**os.environ, **environ},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@posix
def test_a_signal_at_the_last_moment_is_the_programs_and_not_lost() -> None:
    done = run(BECOME, "true")
    assert (done.returncode, done.stdout) == (0, "SIG_DFL SIG_DFL SIG_DFL SIG_IGN SIG_DFL SIG_DFL\n"), done.stderr


@posix
def test_signals_are_ours_again_where_the_program_did_not_start() -> None:
    assert run(BECOME, "no-such-program").stdout.splitlines()[-1] == "True"


@posix
@pytest.mark.parametrize("code", [0, 3, 255])
def test_program_is_waited_for_where_it_cannot_take_over(code: int, tmp_path: Path) -> None:
    program = tmp_path / "program"
    program.write_text(f'#!/bin/sh\nprintf "%s|" "$MINE" "$@"\nexit {code}\n', "utf-8")
    program.chmod(0o700)
    done = run(ELSEWHERE, "program", "*", "a b", PATH=f"{tmp_path}:/bin")
    assert (done.returncode, done.stdout) == (code, "x|*|a b|"), done.stderr


@pytest.mark.parametrize(("code", "signed"), [(0, 0), (1, 1), (2**31 - 1, 2**31 - 1), (0xC000013A, -1073741510)])
def test_windows_exit_codes_keep_their_bits(code: int, signed: int) -> None:
    assert as_signed(code) == signed


@posix
@pytest.mark.parametrize("word", ["*", "$MINE", "%MINE%", "~"])
def test_words_are_taken_as_typed_on_windows_too(word: str, tmp_path: Path) -> None:
    (tmp_path / "file-of-the-folder").touch()
    done = subprocess.run(
        [sys.executable, "-c", TYPED, word],
        env={**os.environ, "MINE": "hidden"},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 2
    assert f"No such command: {word!r}" in done.stderr
