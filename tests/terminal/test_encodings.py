"""Terminals and pipes whose encoding lacks letters: words lose accents at most, and nothing is a question mark."""

import re
import subprocess
import tomllib
from pathlib import Path

import pytest

pytest.importorskip("pexpect", reason="a pseudo-terminal is POSIX only")
from tests.terminal.conftest import QUESTIONS, Start

DRAWN = {"BOKKO_LANG": "hu"}
PLAIN = {"BOKKO_LANG": "hu", "BOKKO_ACCESSIBLE": "1"}
SZAMLAZZ = (
    "Agent kulcs (", "Számlaszám-előtag (", "Bank neve (", "Bankszámlaszám (", "Alapértelmezett áfakulcs",
    "Alapértelmezett fizetési mód", "Adószám (", "Számlázhat (", "Cégeknek is számláz (", "Menti?",
)  # fmt: skip
BARE = str.maketrans("áéíóöőúüűŵÓÖ", "aeiooouuuwOO")


def bare(text: str) -> str:
    """Return Hungarian without its accents."""
    return text.translate(BARE)


ENCODINGS = pytest.mark.parametrize(
    "encoding",
    [
        "ascii",
        "cp1250",
        pytest.param("iso8859-2", marks=pytest.mark.exhaustive),
        pytest.param("utf-8", marks=pytest.mark.exhaustive),
    ],
)


@ENCODINGS
@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ("--help", "Összekapcsolja vállalkozását a magyar számlázóprogramjával."),
        ("billingo connect --help", "Csatlakoztatás: API-kulcs ellenőrzése, beállítások, mentés."),
        ("help json", "Mindig angol nyelvű; az ismeretlen érték null."),
        ("doctor --offline", "Kihagyva (--offline)."),
        ("billingo conect", "Nincs ilyen parancs: 'conect'. Helyette:"),
        ("billingo status --nonsense", "Használat: bokko billingo status [KAPCSOLÓK]"),
        ("billingo configure", "A szolgáltató (Billingo) nincs csatlakoztatva."),
    ],
)
def test_pipe_gets_every_word_in_letters_that_its_encoding_has(
    home: dict[str, str], command: list[str], encoding: str, arguments: str, told: str
) -> None:
    environ = {**home, "PYTHONIOENCODING": encoding, "BOKKO_LANG": "hu"}
    ran = subprocess.run([*command, *arguments.split()], env=environ, capture_output=True, check=False, timeout=30)
    said = (ran.stdout + ran.stderr).decode(encoding)
    assert (bare(told) if encoding == "ascii" else told) in said
    assert "?" not in said.replace("$?", "")


@ENCODINGS
@pytest.mark.parametrize("environ", [DRAWN, PLAIN], ids=["drawn", "plain"])
def test_wizard_shows_and_takes_letters_of_its_encoding(
    start: Start, folder: Path, encoding: str, environ: dict[str, str]
) -> None:
    has_letters = encoding != "ascii"
    bank = "Kőbányai Takarék" if has_letters else "Kobanyai Takarek"
    environ = {**environ, "PYTHONIOENCODING": encoding}
    terminal = start("--sandbox", "szamlazz", "connect", environ=environ, rows=300, encoding=encoding)
    typed = ("", "", bank, "11773016-11111018-00000000", "", "", "", "i", "n", "")
    for question, answer in zip(SZAMLAZZ, typed, strict=True):
        terminal.wait_for(question if has_letters else bare(question))
        terminal.type(f"{answer}\r")
    assert terminal.wait_exit() == 0
    told = terminal.history()
    words = "Kész, utolsó ellenőrzés:"
    assert (words if has_letters else bare(words)) in told
    assert f"{bank} {'-' if encoding in ('ascii', 'iso8859-2') else '·'} 11773016" in told
    assert not re.search(r"\w\?\w|\ufffd|\?\?", told)
    stored = tomllib.loads((folder / "sandbox" / "default.toml").read_text("utf-8"))
    assert stored["szamlazz"]["bank_account"]["name"] == bank


@pytest.mark.parametrize("encoding", ["ascii", "cp1250"])
def test_name_that_the_encoding_lacks_is_shown_without_accents_and_kept_as_it_is(
    start: Start, folder: Path, encoding: str
) -> None:
    name = "Kőbányai Takarék ŵ"
    flags = ("--bank-name", name, "--bank-account-number", "11773016-11111018-00000000", "--yes", "--no-input")
    environ = {"BOKKO_SZAMLAZZ_AGENT_KEY": "sandbox-ready", "PYTHONUTF8": "1"}
    assert start("--sandbox", "szamlazz", "connect", *flags, environ=environ).wait_exit() == 0
    terminal = start(
        "--sandbox", "szamlazz", "configure", environ={"PYTHONIOENCODING": encoding}, encoding=encoding, rows=60
    )
    terminal.wait_for("? Invoice prefix")
    terminal.press("enter")
    terminal.wait_for(f"Esc: back) {bare(name) if encoding == 'ascii' else name.replace('ŵ', 'w')}")
    for question in ("? Bank name", "? Bank account number", *QUESTIONS[2:]):
        terminal.wait_for(question)
        terminal.press("enter")
    assert terminal.wait_exit() == 0
    stored = tomllib.loads((folder / "sandbox" / "default.toml").read_text("utf-8"))
    assert stored["szamlazz"]["bank_account"]["name"] == name
