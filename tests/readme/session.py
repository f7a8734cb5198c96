"""A person who types README's examples one after the other: a home and a terminal of their own, a sandbox for Billingo.

What is left open by an example, the sandbox among others, is closed with Ctrl-C.
"""

import os
import re
import shutil
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from bokko_cli.sandbox.server import Sandbox
from tests.readme.document import LEFT_OUT, TypedExample
from tests.terminal.screen import WatchedTerminal

HOME = "/home/katalin"
"""Whose computer README shows; as long as the folder that stands for it, so that every line breaks where it does."""

ANSWERS = {
    "? API key": "",
    "? Document block": "webshop",
    "? Bank account": "otp",
    "? Default VAT rate": "",
    "? Default payment method": "",
    "? Tax number": "",
    "? Invoice capable": "",
    "? Accepts business clients": "",
    "? Save this?": "",
    "? Rehearse now?": "",
    "? API-kulcs": "",
    "? Bizonylattömb": "webshop",
    "? Bankszámla": "otp",
    "? Alapértelmezett áfakulcs": "",
    "? Alapértelmezett fizetési mód": "",
    "? Adószám": "",
    "? Számlázhat": "",
    "? Cégeknek is számláz": "",
    "? Menti?": "",
    "? Indulhat a próba?": "",
}
"""What is typed before Enter at each question that an example shows."""

STANDS_IN = {"pass": "echo sandbox-ready", "make-invoices": 'test -n "$BOKKO_BILLINGO_API_KEY"'}
"""Programs that the examples use and a machine may not have, by what each does in a shell."""

# What differs between two runs, and what stands for it; as long as it was where it stands in a panel.
_VARIES = (
    (r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", "2026-11-26T10:00:00Z"),
    (r"\d{4}-\d\d-\d\d\s\d\d:\d\d", "2026-11-26 10:00"),
    (r"\d{4}-\d\d-\d\d", "2026-11-26"),
    (r"\b\d\d:\d\d\b", "10:00"),
    (r"\d{4}\. \d\d?\. \d\d?\.\s\d\d?:\d\d", "2026. 11. 26. 10:00"),
    (r"\d{4}\. \d\d?\. \d\d?\.", "2026. 11. 26."),
    (r"127\.0\.0\.1:\d+", "127.0.0.1:40000"),
    (r"\b\d+[.,]\d+ (?=s\b|mp\b)", "0.0 "),
    (r"bokko \d+\.\d+\.\d+\S*", "bokko 0.0.0"),
    (r"Python 3\.\d+\.\d+\S*", "Python 3.11.0"),
    (r"(Linux|Darwin) [^,]+, \w+", "Linux 6.0.0, x86_64"),
)


HAS_JQ = shutil.which("jq") is not None
_JQ = re.compile(r"jq -r (?:'[^']*'|\S+)")


class RanExample(NamedTuple):
    """How an example ended: the lines on the screen, and the exit code as a shell tells it."""

    lines: tuple[str, ...]
    code: int


class Session(NamedTuple):
    """A person's computer: the folder that is their home, and what the sandbox for real-looking commands is called."""

    home: Path
    address: str

    def run(self, example: TypedExample) -> RanExample:
        """Type an example in a terminal of 80 columns and answer what it asks."""
        argv = ["bash", "-c", for_this_machine(example.command)]
        with WatchedTerminal(argv, self._environ(example.command), rows=100, cwd=self.home) as terminal:
            for line in example.shown:
                self._answer(terminal, line)
            if _serves(example.command):
                terminal.wait_for("sandbox-down")
                terminal.press("ctrl-c")
            code = terminal.wait_exit()
            shown = terminal.history().replace("^C", "")
        return RanExample(tuple(shown.replace(str(self.home), HOME).splitlines()), code)

    def run_script(self, lines: Sequence[str]) -> RanExample:
        """Run a script as CI does: no terminal, the key in a variable, ended by the first command that fails."""
        environ = self._environ("") | {"BOKKO_BILLINGO_API_KEY": "sandbox-ready"}
        argv = ["bash", "-euo", "pipefail", "-c", for_this_machine("\n".join(lines))]
        with WatchedTerminal(argv, environ, rows=200, cwd=self.home) as terminal:
            code = terminal.wait_exit()
            return RanExample(tuple(terminal.history().splitlines()), code)

    def _answer(self, terminal: WatchedTerminal, line: str) -> None:
        if not line.startswith("? "):
            return
        question = next(known for known in ANSWERS if line.startswith(known))
        terminal.wait_for(question)
        terminal.type(ANSWERS[question])
        terminal.press("enter")

    def _environ(self, command: str) -> dict[str, str]:
        basics = {
            "HOME": str(self.home),
            "XDG_CONFIG_HOME": str(self.home / ".config"),
            "XDG_STATE_HOME": str(self.home / ".local/state"),
            "PATH": os.pathsep.join([str(self.home / "bin"), str(Path(sys.executable).parent), os.environ["PATH"]]),
            "LANG": "C.UTF-8",
            "TERM": "xterm-256color",
        }
        if "--sandbox" in command:
            return basics
        return basics | {
            "BOKKO_BILLINGO_URL": self.address,
            "PYTHON_KEYRING_BACKEND": "tests.faults.file_keyring.FileKeyring",
            "FILE_KEYRING_PATH": str(self.home / "keyring.json"),
            "PYTHONPATH": str(Path(__file__).parents[2]),
        }


@contextmanager
def a_session() -> Iterator[Session]:
    """Give a new computer, and take it away again."""
    home = Path(tempfile.mkdtemp(prefix="", dir="/tmp"))
    try:
        (home / "bin").mkdir()
        for name, act in STANDS_IN.items():
            for place in (home / "bin" / name, home / name):
                place.write_text(f"#!/bin/sh\n{act}\n", "utf-8")
                place.chmod(0o755)
        with Sandbox() as sandbox:
            yield Session(home, f"http://127.0.0.1:{sandbox.port}/v3")
    finally:
        shutil.rmtree(home)


def same(line: str) -> str:
    """Return a line as it is in every run."""
    for pattern, stands in _VARIES:
        line = re.sub(pattern, stands, line)
    return line.rstrip()


def for_this_machine(command: str) -> str:
    """Return a command with Python's reader of JSON in the place of jq, where that is not installed."""
    return command if HAS_JQ else _JQ.sub("python -m json.tool >/dev/null", command)


def matches(shown: Sequence[str], lines: Sequence[str]) -> bool:
    """Whether this is what README shows, what it leaves out aside."""
    wanted, seen = map(same, shown), "\n".join(map(same, lines))
    pattern = "\n".join(r"(?:.*\n)*?.*" if line == LEFT_OUT else re.escape(line) for line in wanted)
    return re.fullmatch(pattern, seen) is not None


def _serves(command: str) -> bool:
    return command.split()[:2] == ["bokko", "sandbox"]
