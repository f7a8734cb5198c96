"""Two providers as a new user meets them in a terminal: connect one, then the other, and back."""

import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest

pytest.importorskip("pexpect", reason="a pseudo-terminal is POSIX only")
from tests.servers import Server, in_turn, raw_answer
from tests.terminal.conftest import QUESTIONS, Start, accept, give_key
from tests.terminal.screen import WatchedTerminal

AGENT_QUESTIONS = ("? Invoice prefix", "? Bank name", "? Bank account number", *QUESTIONS[2:-1])
CONNECT = ("--sandbox", "szamlazz", "connect")
NUMBER = "11773016-11111018"


def _settings(folder: Path) -> Path:
    return folder / "sandbox" / "default.toml"


def _active(folder: Path) -> str | None:
    active = tomllib.loads(_settings(folder).read_text("utf-8")).get("active_provider")
    return str(active) if active else None


def _connect(start: Start, provider: str) -> None:
    """Connect without questions."""
    keys = {"BOKKO_BILLINGO_API_KEY": "sandbox-ready", "BOKKO_SZAMLAZZ_AGENT_KEY": "sandbox-ready"}
    flags = ("--block", "40101", "--bank-account", "7001") if provider == "billingo" else ()
    assert start("--sandbox", provider, "connect", "--no-input", "--yes", *flags, environ=keys).wait_exit() == 0


def _type(terminal: WatchedTerminal, question: str, text: str) -> None:
    terminal.wait_for(question)
    terminal.type(text)
    terminal.press("enter")


def _wait_until(terminal: WatchedTerminal, text: str, holds: Callable[[str], bool]) -> None:
    """Wait until something holds of all that was shown; `text` is part of it."""
    for _ in range(250):
        terminal.wait_for(text)
        if holds(terminal.history()):
            return
    raise AssertionError(terminal.history())


def _wait_for_times(terminal: WatchedTerminal, text: str, times: int) -> None:
    _wait_until(terminal, text, lambda shown: shown.count(text) == times)


def _wait_for_last_line(terminal: WatchedTerminal, start: str) -> None:
    _wait_until(terminal, start, lambda shown: shown.splitlines()[-1].startswith(start))


def test_new_user_connects_one_then_the_other_and_goes_back(start: Start, folder: Path) -> None:
    first = start(*CONNECT, rows=60)
    accept(first, "? Agent key")
    _type(first, "? Invoice prefix", "BK")
    _type(first, "? Bank name", "OTP")
    _type(first, "? Bank account number", NUMBER)
    accept(first, *QUESTIONS[2:-1])
    first.wait_for("? Save this?")
    assert first.screen().splitlines()[2:] == [
        "? Agent key (Enter: sandbox-ready)",
        "Számlázz.hu accepted the key.",
        "The prefix is a number series for invoices. Számlázz.hu does not list them: type",
        "one that is set up there, or leave it blank.",
        "? Invoice prefix (blank: the account's own, Esc: back) BK",
        "Számlázz.hu does not list the account's bank accounts: type the one to print on",
        "invoices, or leave both questions blank.",
        "? Bank name (blank: the account's own, Esc: back) OTP",
        f"? Bank account number (blank: the account's own, Esc: back) {NUMBER}",
        "? Default VAT rate 27%",
        "? Default payment method bank transfer",
        "? Tax number (blank: none, Esc: back)",
        "Invoice capable means that this connection may issue invoices. If you answer no,",
        "it is saved but never ready.",
        "? Invoice capable (Y/n, Esc: back) Yes",
        "? Accepts business clients (Y/n, Esc: back) Yes",
        "Invoice mode is draft review: each invoice is created as a draft, which a person",
        "checks and issues.",
        "",
        "  Invoice prefix            BK",
        "  Bank name                 OTP",
        f"  Bank account number       {NUMBER}",
        "  Default VAT rate          27%",
        "  Default payment method    bank transfer",
        "  Tax number                none",
        "  Invoice capable           yes",
        "  Accepts business clients  yes",
        "? Save this? (type to filter)",
        " » Yes",
        "   No, leave without saving",
        "   Change: Agent key",
        "   Change: Invoice prefix",
        "   Change: Bank name",
        "   Change: Bank account number",
        "   Change: Default VAT rate",
        "   Change: Default payment method",
        "   Change: Tax number",
        "   Change: Invoice capable",
        "   Change: Accepts business clients",
        "   ← Back",
    ]
    first.press("enter")
    assert first.wait_exit() == 0
    assert "Cannot be verified" in first.screen()
    assert _active(folder) == "szamlazz"

    second = start("--sandbox", "billingo", "connect")
    second.wait_for("? API key")
    assert second.screen().splitlines()[:2] == [
        "Warning: Számlázz.hu is the active provider. Connecting Billingo will deactivate",
        "it; its settings stay.",
    ]
    accept(second, "? API key", *QUESTIONS[:-1], "? Save, and deactivate Számlázz.hu?")
    assert second.wait_exit() == 0
    assert _active(folder) == "billingo"

    back = start("--sandbox", "szamlazz", "activate")
    back.wait_for("? Deactivate Billingo?")
    assert back.screen().splitlines() == [
        "Warning: Billingo is the active provider. Activating Számlázz.hu will deactivate",
        "it; its settings stay.",
        "? Deactivate Billingo? (Y/n)",
    ]
    back.press("enter")
    assert back.wait_exit() == 0
    assert f"OTP · {NUMBER}" in back.screen()
    assert _active(folder) == "szamlazz"


def test_leaving_at_the_question_of_activate_changes_nothing(start: Start, folder: Path) -> None:
    _connect(start, "szamlazz")
    _connect(start, "billingo")
    before = _settings(folder).read_bytes()
    for key in ("ctrl-c", "esc", "n"):
        terminal = start("--sandbox", "szamlazz", "activate")
        terminal.wait_for("? Deactivate Billingo?")
        if key == "n":
            terminal.type(f"{key}\r")
        else:
            terminal.press(key)
        assert terminal.wait_exit() == 130
        assert "Nothing was changed." in terminal.screen()
        assert _settings(folder).read_bytes() == before


def test_leaving_the_other_providers_wizard_leaves_the_first_active(start: Start, folder: Path) -> None:
    _connect(start, "szamlazz")
    before = _settings(folder).read_bytes()
    terminal = start("--sandbox", "billingo", "connect")
    accept(terminal, "? API key", *QUESTIONS[:-1])
    terminal.wait_for("? Save, and deactivate Számlázz.hu?")
    terminal.type("n\r")
    assert terminal.wait_exit() == 130
    assert _settings(folder).read_bytes() == before


def test_three_distinct_wrong_keys_end_with_4(start: Start, folder: Path) -> None:
    terminal = start(*CONNECT)
    for times, key in enumerate(("wrong-key-one", "wrong-key-two", "wrong-key-three"), start=1):
        _wait_for_last_line(terminal, "? Agent key")
        give_key(terminal, key, "? Agent key")
        _wait_for_times(terminal, "Error: Számlázz.hu refused this key.", times)
    assert terminal.wait_exit() == 4
    assert "Számla Agent kulcsok" in terminal.history()
    assert not folder.exists() or not list(folder.rglob("*.toml"))


def test_same_wrong_key_again_is_refused_without_asking_again(start: Start) -> None:
    refused = raw_answer(200, b"<xmlszamlavalasz><hibakod>3</hibakod></xmlszamlavalasz>")
    with Server(in_turn(refused)) as server:
        environ = {"BOKKO_SZAMLAZZ_URL": server.url}
        terminal = start("szamlazz", "connect", "--key-storage", "file", environ=environ)
        for times in (1, 2, 3):
            _wait_for_last_line(terminal, "? Agent key")
            give_key(terminal, "k" * 42, "? Agent key")
            _wait_for_times(terminal, "Error: Számlázz.hu refused this key.", times)
        assert terminal.wait_exit() == 4
        assert len(server.seen) == 1


def test_fifth_call_is_not_made_and_ends_with_6(start: Start) -> None:
    with Server(in_turn(raw_answer(503, b""))) as server:
        environ = {"BOKKO_SZAMLAZZ_URL": server.url}
        terminal = start("szamlazz", "connect", "--key-storage", "file", environ=environ)
        give_key(terminal, "k" * 42, "? Agent key")
        for times in (1, 2, 3, 4):
            _wait_for_times(terminal, "Error: Számlázz.hu is not available", times)
            terminal.wait_for("» Try again")
            terminal.press("enter")
        assert terminal.wait_exit() == 6
        assert "banned" in terminal.screen()
        assert len(server.seen) == 4


def test_name_of_a_bank_without_its_number_is_explained(start: Start, folder: Path) -> None:
    terminal = start(*CONNECT)
    accept(terminal, "? Agent key", "? Invoice prefix")
    _type(terminal, "? Bank name", "OTP")
    accept(terminal, "? Bank account number")
    terminal.wait_for("clear the bank name")
    _wait_for_last_line(terminal, "? Bank account number")
    assert terminal.screen().splitlines()[-4:] == [
        "? Bank account number (blank: the account's own, Esc: back)",
        "Error: A bank account needs its number; a name alone is not enough.",
        "→ Type the number, or go back and clear the bank name.",
        "? Bank account number (blank: the account's own, Esc: back)",
    ]
    terminal.press("esc")
    _wait_for_last_line(terminal, "? Bank name")
    terminal.press("backspace", "backspace", "backspace", "enter")
    _wait_for_last_line(terminal, "? Bank account number")
    terminal.press("enter")
    accept(terminal, *QUESTIONS[2:])
    assert terminal.wait_exit() == 0
    assert "bank_account" not in tomllib.loads(_settings(folder).read_text("utf-8"))["szamlazz"]


def test_wrong_number_is_explained_and_kept_for_mending(start: Start) -> None:
    terminal = start(*CONNECT)
    accept(terminal, "? Agent key", "? Invoice prefix", "? Bank name")
    _type(terminal, "? Bank account number", "11773016-11111019")
    terminal.wait_for("wrong check digit")
    _wait_for_last_line(terminal, "? Bank account number")
    assert terminal.screen().splitlines()[-1].endswith("11773016-11111019")
    terminal.press("backspace")
    terminal.type("8")
    terminal.press("enter")
    terminal.wait_for("? Default VAT rate")


def test_esc_leads_back_through_every_question_with_the_answers_kept(start: Start) -> None:
    terminal = start(*CONNECT, rows=100)
    accept(terminal, "? Agent key")
    _type(terminal, "? Invoice prefix", "BK")
    _type(terminal, "? Bank name", "OTP")
    _type(terminal, "? Bank account number", NUMBER)
    terminal.wait_for("? Default VAT rate")
    for question in (
        f"? Bank account number (blank: the account's own, Esc: back) {NUMBER}",
        "? Bank name (blank: the account's own, Esc: back) OTP",
        "? Invoice prefix (blank: the account's own, Esc: back) BK",
        "? Agent key (Enter: keep the verified key)",
    ):
        terminal.press("esc")
        _wait_for_last_line(terminal, question)
    terminal.press("enter")
    _wait_for_last_line(terminal, "? Invoice prefix (blank: the account's own, Esc: back) BK")
    assert terminal.history().count("accepted the key") == 1


@pytest.mark.parametrize("columns", [60, 40])
def test_every_screen_fits_a_narrow_terminal(start: Start, columns: int) -> None:
    terminal = start(*CONNECT, columns=columns)
    accept(terminal, "? Agent key", *AGENT_QUESTIONS, "? Save this?")
    assert terminal.wait_exit() == 0
    lines = terminal.history().splitlines()
    assert all(len(line) <= columns for line in lines)
    assert "Cannot be verified" in terminal.screen()
