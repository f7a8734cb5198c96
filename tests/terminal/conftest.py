"""The wizard in a terminal: how a person gets through it, and what may never be on the screen."""

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest

pytest.importorskip("pexpect", reason="a pseudo-terminal is POSIX only")
from tests.terminal.screen import WatchedTerminal

QUESTIONS = (
    "? Document block",
    "? Bank account",
    "? Default VAT rate",
    "? Default payment method",
    "? Tax number",
    "? Invoice capable",
    "? Accepts business clients",
    "? Save this?",
)
Start = Callable[..., WatchedTerminal]


@pytest.fixture
def start(home: dict[str, str], command: list[str]) -> Iterator[Start]:
    """Start the command in a terminal of its own; further variables and its size are keywords.

    With `seen_columns` it is watched on a wider screen, where a line stands whole that its own terminal would break.
    """
    terminals: list[WatchedTerminal] = []

    def begin(
        *arguments: str,
        columns: int = 80,
        rows: int = 30,
        environ: Mapping[str, str] | None = None,
        seen_columns: int = 0,
        encoding: str = "utf-8",
    ) -> WatchedTerminal:
        argv, around = [*command, *arguments], {**home, **(environ or {})}
        terminal = WatchedTerminal(argv, around, columns, rows, seen_columns, encoding=encoding)
        terminals.append(terminal)
        return terminal

    yield begin
    for terminal in terminals:
        terminal.__exit__()


@pytest.fixture
def folder(home: dict[str, str]) -> Path:
    """Where the settings are."""
    return Path(home["BOKKO_CONFIG_DIR"])


def accept(terminal: WatchedTerminal, *questions: str) -> None:
    """Press Enter at each of these questions."""
    for question in questions:
        terminal.wait_for(question)
        terminal.press("enter")


def give_key(terminal: WatchedTerminal, key: str, question: str = "? API key") -> None:
    """Type a key at its question."""
    terminal.wait_for(question)
    terminal.type(key)
    terminal.press("enter")
