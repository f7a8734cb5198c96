"""Terminals and pipes whose encoding lacks letters: words lose accents at most, and nothing is a question mark."""

import subprocess

import pytest

pytest.importorskip("pexpect", reason="a pseudo-terminal is POSIX only")

ENCODINGS = pytest.mark.parametrize("encoding", ["ascii", "cp1250", "iso8859-2", "utf-8"])


@ENCODINGS
@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ("--help", "Cégek összekapcsolása a magyar számlázó szolgáltatójukkal."),
        ("billingo connect --help", "API-kulcs ellenőrzése, beállítások kiválasztása, mentés."),
        ("help json", "Mindig angol; az ismeretlen érték null."),
        ("doctor --offline", "Kihagyva (--offline)."),
        ("billingo conect", "Nincs ilyen parancs: 'conect'. Helyette:"),
        ("billingo status --nonsense", "Használat: bokko billingo status [KAPCSOLÓK]"),
        ("billingo configure", "A Billingo nincs csatlakoztatva."),
    ],
)
def test_pipe_gets_every_word_in_letters_that_its_encoding_has(
    home: dict[str, str], command: list[str], encoding: str, arguments: str, told: str
) -> None:
    environ = {**home, "PYTHONIOENCODING": encoding, "BOKKO_LANG": "hu"}
    ran = subprocess.run([*command, *arguments.split()], env=environ, capture_output=True, check=False, timeout=30)
    said = (ran.stdout + ran.stderr).decode(encoding)
    plain = told.translate(str.maketrans("áéíóöőúüűÓ", "aeiooouuuO"))
    assert (plain if encoding == "ascii" else told) in said
    assert "?" not in said.replace("$?", "")
