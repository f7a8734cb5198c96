"""A Ctrl-C while it is told how a command ended: that is decided, and is told to its end."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

PROGRAM = """
import io, os, signal, sys
import typer
from bokko_cli.cli.ending import end
from bokko_cli.cli.run import Globals, Run
from bokko_cli.errors import NotConnected, cancelled

class Struck(io.FileIO):
    is_struck = False
    def write(self, data):
        if self.is_struck:
            os.kill(os.getpid(), signal.SIGINT)
        return super().write(data)

sys.stderr = sys.__stderr__ = io.TextIOWrapper(io.BufferedWriter(Struck(2, "wb", closefd=False)))

def command(_):
    Struck.is_struck = True
    raise {error}

try:
    end(Run(Globals()), command)
except typer.Exit as ending:
    sys.exit(ending.exit_code)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="a process there cannot send itself Ctrl-C")
@pytest.mark.parametrize(
    ("error", "code", "text"),
    [
        ("KeyboardInterrupt", 130, "Nothing was changed."),
        ("cancelled()", 130, "Nothing was changed."),
        ("NotConnected('This is not there.', fix='Make it.')", 3, "This is not there."),
    ],
)
def test_command_ends_as_it_was_decided(home: dict[str, str], tmp_path: Path, error: str, code: int, text: str) -> None:
    program = tmp_path / "ending.py"
    program.write_text(PROGRAM.format(error=error), "utf-8")
    argv = [sys.executable, os.fspath(program)]
    ended = subprocess.run(argv, env=home, capture_output=True, encoding="utf-8", check=False, timeout=60)
    assert text in ended.stderr
    assert "Traceback" not in ended.stderr
    assert ended.returncode == code
