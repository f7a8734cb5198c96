"""Every command on terminals of 20 to 200 columns, in both languages: no line is cut in the middle of a word."""

import re
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

pytest.importorskip("pexpect", reason="a pseudo-terminal is POSIX only")
from tests.terminal.conftest import Start

CONNECT = ("--sandbox", "billingo", "connect", "--block", "WEB", "--bank-account", "OTP HUF", "--yes", "--no-input")
COMMANDS = (
    ("--sandbox", "doctor"),
    ("--sandbox", "billingo", "status"),
    ("--sandbox", "billingo", "status", "--check"),
    ("--sandbox", "billingo", "status", "--all-profiles"),
    ("--sandbox", "billingo", "blocks"),
    ("--sandbox", "billingo", "accounts"),
    ("--sandbox", "billingo", "rehearse", "--yes"),
    ("--sandbox", "integrations"),
    ("--sandbox", "profiles"),
    ("--sandbox", "billingo", "nonsense"),
    ("--sandbox", "--profile", "shop", "billingo", "connect", "--no-input"),
    ("--help",),
    ("billingo", "connect", "--help"),
    ("help", "json"),
)
COPIED = (" " * 6, "  bokko ")
"""How a command begins that stands on a line of its own; it stays whole, to be copied."""


@pytest.mark.parametrize(
    ("columns", "language"),
    [
        (20, "en"),
        (80, "hu"),
        pytest.param(30, "hu", marks=pytest.mark.exhaustive),
        pytest.param(40, "en", marks=pytest.mark.exhaustive),
        pytest.param(59, "hu", marks=pytest.mark.exhaustive),
        pytest.param(60, "hu", marks=pytest.mark.exhaustive),
        pytest.param(200, "en", marks=pytest.mark.exhaustive),
    ],
)
def test_no_line_is_wider_than_the_terminal(start: Start, folder: Path, columns: int, language: str) -> None:
    environ = {"BOKKO_BILLINGO_API_KEY": "sandbox-ready", "BOKKO_LANG": language}
    assert start(*CONNECT, environ=environ).wait_exit() == 0
    environ = {"BOKKO_LANG": language}
    cut = {}
    for command in COMMANDS:
        terminal = start(*command, environ=environ, columns=columns, rows=60, seen_columns=600)
        terminal.wait_exit()
        shown = terminal.history().replace(str(folder), "~").splitlines()
        assert shown
        wide = [line for line in shown if len(line) > columns and not line.startswith(COPIED)]
        cut[command] = [line for line in wide if len(line.strip(" ✓→").split()) > 1]
    assert not any(cut.values()), cut


@pytest.mark.parametrize("columns", [20, 40])
def test_help_of_a_narrow_terminal_cuts_no_sentence(start: Start, columns: int) -> None:
    terminal = start("--help", columns=columns, rows=300)
    assert terminal.wait_exit() == 0
    said = " ".join(terminal.history().split())
    assert "doctor Find out what is wrong." in said
    assert "billingo Billingo: connect, configure, check, disconnect." in said
    assert "bokko help files Which files there are, and where." in said
    assert "..." not in said.replace("[ARGS]...", "")


WIZARD = {
    "en": ("API key (", "Document block", "Bank account", "Default VAT rate", "Default payment", "Tax number (",
           "Invoice capable (", "Accepts business", "Save this?"),
    "hu": ("API-kulcs (", "Bizonylattömb", "Bankszámla", "Alapértelmezett áfakulcs", "Alapértelmezett fizetési",
           "Adószám (", "Számlázhat (", "Cégeknek is", "Menti?"),
}  # fmt: skip
"""How the questions begin; on the narrowest terminals what follows stands on another line."""


def walk(start: Start, columns: int, environ: Mapping[str, str]) -> str:
    """Go through every question of the wizard, with a wrong key, a filter and the row for going back; return it all."""
    is_plain = "BOKKO_ACCESSIBLE" in environ
    asked = WIZARD[environ["BOKKO_LANG"]]
    key, _block, *others, last = asked if is_plain else [f"? {question}".removesuffix(" (") for question in asked]
    talk = start("--sandbox", "billingo", "connect", environ=environ, columns=columns, rows=400, seen_columns=700)
    for times, typed in enumerate(("a b", "sandbox-secret", "sandbox-ready"), 1):
        talk.wait_for(key, times=times)
        talk.type(f"{typed}\r")
    talk.wait_for("40104")
    talk.type("fúró")
    talk.type("\r" if not is_plain else "\r1\r")
    talk.wait_for("00000031")
    talk.type("0\r" if is_plain else "\x1b[A\r")
    talk.wait_for("40104", times=2)
    talk.type("\r")
    for times, question in ((2, others[0]), *((1, question) for question in others[1:]), (1, last)):
        talk.wait_for(question if len(question) < columns else question.rpartition(" ")[0], times=times)
        talk.type("\r")
    assert talk.wait_exit() == 0, talk.history()
    return talk.history()


def words_of(text: str) -> set[str]:
    """Return the words on a screen, without frames and what closes a hint, and with one time of day for all."""
    return set(re.sub(r"[╭╮╰╯│─(),]", " ", re.sub(r"\d\d:\d\d", "12:00", text)).split())


@pytest.mark.parametrize(
    ("language", "way", "widths"),
    [
        ("en", "drawn", (40,)),
        ("hu", "plain", (20,)),
        pytest.param("en", "drawn", (100, 60, 30, 24), marks=pytest.mark.exhaustive),
        pytest.param("hu", "drawn", (80, 40, 20), marks=pytest.mark.exhaustive),
        pytest.param("en", "plain", (80, 30), marks=pytest.mark.exhaustive),
        pytest.param("hu", "plain", (60, 40), marks=pytest.mark.exhaustive),
    ],
)
def test_wizard_breaks_no_word_and_no_command_at_any_width(
    start: Start, folder: Path, language: str, way: str, widths: Sequence[int]
) -> None:
    environ = {"BOKKO_LANG": language, **({"BOKKO_ACCESSIBLE": "1"} if way == "plain" else {})}
    path = str(folder / "sandbox" / "default.toml")
    whole: set[str] = set()
    for columns in (200, *widths):
        shutil.rmtree(folder, ignore_errors=True)
        text = walk(start, columns, environ)
        lines = text.replace(str(folder), "~").splitlines()
        wide = [line for line in lines if len(line) > columns and not line.lstrip(" →").startswith(("bokko ", "http"))]
        assert [line for line in wide if len(line.split()) > 1] == []
        whole = whole or {path, *words_of(text)}
        broken = words_of(text) - whole - {"*" * count for count in range(20)} - {"Y/n", "I/n"}
        assert [word for word in broken if not any(word in one and len(one) > columns - 9 for one in whole)] == []


@pytest.mark.parametrize("language", ["en", "hu"])
@pytest.mark.parametrize("columns", [20, 40, 80])
def test_sandbox_cuts_no_address_and_breaks_between_words(start: Start, columns: int, language: str) -> None:
    terminal = start("sandbox", environ={"BOKKO_LANG": language}, columns=columns, rows=200, seen_columns=300)
    terminal.wait_for("sandbox-odd")
    lines = terminal.history().splitlines()
    assert sum(re.search(r"http://127\.0\.0\.1:\d+/(v3|szamla/)$", line) is not None for line in lines) == 2
    assert [line for line in lines if len(line) > columns and len(line.split()) > 1] == []
    terminal.press("ctrl-c")
    assert terminal.wait_exit() == 0
