"""The whole wizard in Hungarian, drawn and in plain lines: no word of it is English, at any width."""

from collections.abc import Mapping

import pytest

pytest.importorskip("pexpect", reason="a pseudo-terminal is POSIX only")
from tests.language.english import english_in
from tests.terminal.conftest import Start
from tests.terminal.screen import WatchedTerminal

DRAWN = {"BOKKO_LANG": "hu"}
PLAIN = {"BOKKO_LANG": "hu", "BOKKO_ACCESSIBLE": "1"}
WAYS = pytest.mark.parametrize("environ", [DRAWN, PLAIN], ids=["drawn", "plain"])
SETTINGS = (
    "Bankszámla",
    "Alapértelmezett áfakulcs",
    "Alapértelmezett fizetési mód",
    "Adószám (",
    "Számlázhat (",
    "Cégeknek is számláz (",
)


class Dialogue:
    """Answers questions in turn, each after its words were shown below what was answered before."""

    def __init__(self, terminal: WatchedTerminal) -> None:
        self._terminal = terminal

    def answer(self, question: str, *typed: str) -> None:
        for each in typed or ("",):
            self._terminal.wait_for(question)
            self._terminal.type(f"{each}\r")

    def told(self, code: int = 0) -> str:
        assert self._terminal.wait_exit() == code
        return self._terminal.history()


@WAYS
@pytest.mark.parametrize("columns", [40, 80])
def test_wizard_from_a_wrong_key_to_the_panel(start: Start, environ: Mapping[str, str], columns: int) -> None:
    terminal = start("--sandbox", "billingo", "connect", environ=environ, columns=columns, rows=300)
    talk = Dialogue(terminal)
    talk.answer("API-kulcs (Enter: sandbox-ready", "rövid")
    talk.answer("A kulcsban szóköz", "sandbox-wrong")
    talk.answer("elutasította", "sandbox-no-api")
    talk.answer("Basic", "sandbox-ready")
    talk.answer("Bizonylattömb")
    for question in SETTINGS:
        talk.answer(question)
    talk.answer("Menti?")
    told = talk.told()
    assert english_in(told) == []
    assert "Kapcsolat állapota" in told
    assert "átutalás" in told
    assert all(len(line) <= columns for line in told.splitlines())


@WAYS
def test_answers_are_taken_in_hungarian_and_changed_again(start: Start, environ: Mapping[str, str]) -> None:
    back = "vissza\r" if environ == PLAIN else "\x1b"
    terminal = start("--sandbox", "billingo", "connect", environ=environ, rows=300)
    talk = Dialogue(terminal)
    talk.answer("API-kulcs", "sandbox-ready")
    terminal.wait_for("Bizonylattömb")
    terminal.type("zzz\r" if environ == PLAIN else "zzz")
    terminal.wait_for("nincs találat" if environ == DRAWN else "Nincs találat")
    terminal.type("" if environ == PLAIN else "\x1b")
    terminal.wait_for("Vissza")
    terminal.type("\r")
    terminal.wait_for("Bankszámla")
    terminal.type(back)
    terminal.wait_for("Webshop")
    terminal.type("\r")
    for question in SETTINGS[:3]:
        talk.answer(question)
    talk.answer("Adószám (", "5")
    terminal.wait_for("Adószám (", times=2)
    terminal.press(*["backspace"] * 20)
    terminal.type("13421739-2-41\r")
    talk.answer("Számlázhat (", "n")
    talk.answer("Cégeknek is számláz (", "i")
    talk.answer("Menti?")
    told = talk.told()
    assert english_in(told) == []


@WAYS
def test_key_that_may_only_read_is_said_and_another_one_taken(start: Start, environ: Mapping[str, str]) -> None:
    terminal = start("--sandbox", "billingo", "connect", environ=environ, rows=300)
    talk = Dialogue(terminal)
    talk.answer("API-kulcs", "sandbox-read-only")
    talk.answer("Hogyan tovább?")
    terminal.wait_for("Másik kulcs megadása")
    terminal.press("ctrl-c")
    assert english_in(talk.told(130)) == []


@WAYS
def test_without_keyring_and_network_it_says_what_else_can_be_done(start: Start, environ: Mapping[str, str]) -> None:
    nowhere = {"BOKKO_BILLINGO_URL": "http://127.0.0.1:9/v3", "PYTHON_KEYRING_BACKEND": "keyring.backends.null.Keyring"}
    terminal = start("billingo", "connect", environ={**environ, **nowhere}, rows=300)
    talk = Dialogue(terminal)
    talk.answer("Hol legyen a kulcs?")
    talk.answer("API-kulcs", "63faa428-9044-11ea-8ed0-0242ac120002")
    terminal.wait_for("Hogyan tovább?")
    terminal.type("3\r" if environ == PLAIN else "\x1b[A\r")
    assert english_in(talk.told(6)) == []


@pytest.mark.parametrize("environ", [DRAWN, PLAIN], ids=["drawn", "plain"])
def test_whatever_a_connection_goes_through_is_hungarian(start: Start, environ: Mapping[str, str]) -> None:
    told = []
    for arguments, answers in (
        ("connect", [("Agent kulcs", "sandbox-unpaid"), ("kifizetve. (kód", "sandbox-ready"),
                     ("Számlaszám-előtag", "T"), ("Bank neve", "OTP"), ("Bankszámlaszám (", ""),
                     ("a név önmagában nem elég", "11773016-11111018-00000000"), *[(name, "") for name in SETTINGS[1:]],
                     ("Menti?", "")]),
        ("connect", [("a tárolt kulcs", ""), ("Számlaszám-előtag", ""), ("Bank neve", ""), ("Bankszámlaszám (", ""),
                     *[(name, "") for name in SETTINGS[1:]], ("Menti?", "")]),
        ("configure --vat 0", [("Menti?", "")]),
        ("status --check", []),
        ("activate", []),
        ("disconnect", [("Leválasztja", "i")]),
        ("status", []),
    ):  # fmt: skip
        terminal = start("--sandbox", "szamlazz", *arguments.split(), environ=environ, rows=300)
        talk = Dialogue(terminal)
        for question, typed in answers:
            talk.answer(question, typed)
        terminal.wait_exit()
        told += english_in(terminal.history())
    assert told == []


@pytest.mark.parametrize("arguments", ["integrations", "profiles", "doctor --offline", "--sandbox billingo blocks"])
def test_page_and_table_on_a_terminal_are_hungarian(start: Start, arguments: str) -> None:
    connected = start("--sandbox", "billingo", "connect", environ=DRAWN, rows=300)
    for question in ("API-kulcs", "Bizonylattömb", *SETTINGS, "Menti?"):
        Dialogue(connected).answer(question)
    assert connected.wait_exit() == 0
    terminal = start(*arguments.split(), environ=DRAWN, rows=300)
    terminal.wait_exit()
    assert terminal.history()
    assert english_in(terminal.history()) == []


def test_yes_and_no_are_shown_as_they_are_pressed_and_taken_back(start: Start) -> None:
    terminal = start("--sandbox", "billingo", "connect", environ=DRAWN, rows=60)
    for question in ("API-kulcs", "Bizonylattömb", *SETTINGS[:4]):
        Dialogue(terminal).answer(question)
    terminal.wait_for("Számlázhat (I/n, Esc: vissza)")
    for key, shown in (("n", " Nem"), ("\x7f", ""), ("x", ""), ("i", " Igen"), ("N", " Nem"), ("Y", " Igen")):
        terminal.type(key)
        terminal.wait_for(f"Számlázhat (I/n, Esc: vissza){shown}")
        assert terminal.screen().endswith(f"(I/n, Esc: vissza){shown}")
    terminal.type("n\r")
    terminal.wait_for("Cégeknek is számláz (")
    assert "? Számlázhat (I/n, Esc: vissza) Nem\n" in terminal.screen()
    terminal.press("ctrl-c")
    assert terminal.wait_exit() == 130
