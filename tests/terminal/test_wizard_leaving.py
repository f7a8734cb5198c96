"""Ways out of the wizard and back in it: Ctrl-C, Esc, a no, and keys that come too soon."""

import tomllib
from pathlib import Path

import pytest

pytest.importorskip("pexpect", reason="a pseudo-terminal is POSIX only")
from tests.fake_billingo import FakeBillingo
from tests.servers import Hang, Server, json_answer
from tests.terminal.conftest import QUESTIONS, Start, accept, give_key
from tests.terminal.connecting import NOTHING, REAL, SANDBOX, address_of, has_settings
from tests.terminal.screen import WatchedTerminal

MUDDLED = dict.fromkeys(("/organization", "/document-blocks", "/bank-accounts"), json_answer(200, []))
"""An answer that proves nothing, and is not asked for again by itself."""


@pytest.mark.parametrize("key", ["ctrl-c", "ctrl-d"])
@pytest.mark.parametrize("question", ["? API key", *QUESTIONS])
def test_leaving_at_any_question_changes_nothing(start: Start, folder: Path, key: str, question: str) -> None:
    terminal = start(*SANDBOX)
    order = ("? API key", *QUESTIONS)
    accept(terminal, *order[: order.index(question)])
    terminal.wait_for(question)
    terminal.press(key)
    assert terminal.wait_exit() == 130
    assert terminal.screen().endswith(NOTHING)
    assert "Traceback" not in terminal.history()
    assert not has_settings(folder)


@pytest.mark.parametrize("key", ["ctrl-c", "ctrl-d", "esc"])
def test_leaving_while_the_server_is_down_changes_nothing(start: Start, folder: Path, key: str) -> None:
    fake = FakeBillingo(override={**MUDDLED})
    with Server(fake.answer) as server:
        terminal = start(*REAL, environ={**address_of(server), "BOKKO_BILLINGO_API_KEY": fake.key})
        terminal.wait_for("? What do you want to do?")
        assert "Type another key" not in terminal.screen()
        terminal.press(key)
        assert terminal.wait_exit() == 130
    assert terminal.screen().endswith(NOTHING)
    assert not has_settings(folder)


def test_ctrl_c_while_the_server_thinks_leaves_at_once(start: Start, folder: Path) -> None:
    fake = FakeBillingo(override={"/organization": Hang()})
    with Server(fake.answer) as server:
        terminal = start(*REAL, environ=address_of(server))
        give_key(terminal, fake.key)
        terminal.wait_for("Asking Billingo…")
        terminal.press("ctrl-c")
        assert terminal.wait_exit(timeout=5) == 130
    assert terminal.screen().endswith(NOTHING)
    assert not has_settings(folder)


def test_no_at_the_review_changes_nothing(start: Start, folder: Path) -> None:
    terminal = start(*SANDBOX)
    accept(terminal, "? API key", *QUESTIONS[:-1])
    terminal.wait_for(QUESTIONS[-1])
    terminal.type("n\r")
    assert terminal.wait_exit() == 130
    assert not has_settings(folder)


def test_no_and_enter_in_one_breath_answer_one_question(start: Start) -> None:
    terminal = start(*SANDBOX)
    accept(terminal, "? API key", *QUESTIONS[:5])
    terminal.wait_for("? Invoice capable")
    terminal.type("n\r")
    terminal.wait_for("? Accepts business clients (Y/n, Esc: back)")
    assert "? Invoice capable (Y/n, Esc: back) No" in terminal.screen()
    assert "? Save this?" not in terminal.history()


@pytest.mark.parametrize(
    ("typed", "answer"),
    [
        ("n", "No"),
        ("N", "No"),
        ("y", "Yes"),
        ("ny", "Yes"),
        ("yn", "No"),
        ("ni", "Yes"),
        ("nx", "No"),
        ("n\x7f", "Yes"),
    ],
)
def test_letter_alone_answers_nothing_and_the_last_one_counts(start: Start, typed: str, answer: str) -> None:
    terminal = start(*SANDBOX)
    accept(terminal, "? API key", *QUESTIONS[:5])
    terminal.wait_for("? Invoice capable")
    terminal.type(typed)
    terminal.wait_for("? Invoice capable (Y/n, Esc: back)")
    assert "? Accepts business clients" not in terminal.history()
    terminal.press("enter")
    terminal.wait_for("? Accepts business clients")
    assert f"? Invoice capable (Y/n, Esc: back) {answer}" in terminal.screen()


def test_esc_and_enter_in_one_breath_go_back_and_answer_nothing(start: Start, folder: Path) -> None:
    terminal = start(*SANDBOX)
    accept(terminal, "? API key", "? Document block")
    terminal.wait_for("? Bank account (arrow keys)")
    terminal.type("\x1b\r")
    _wait_for_last(terminal, "? Document block (arrow keys)")
    terminal.press("down")
    terminal.wait_for(" » Webáruház")
    terminal.press("enter")
    accept(terminal, *QUESTIONS[1:])
    assert terminal.wait_exit() == 0
    (stored,) = folder.rglob("default.toml")
    assert tomllib.loads(stored.read_text("utf-8"))["billingo"]["document_block"]["id"] == 40103


def test_stray_y_does_not_disconnect(start: Start, folder: Path) -> None:
    terminal = start(*SANDBOX)
    accept(terminal, "? API key", *QUESTIONS)
    assert terminal.wait_exit() == 0
    terminal = start("--sandbox", "billingo", "disconnect")
    terminal.wait_for("? Disconnect Billingo (profile default)? (y/N)")
    terminal.type("y")
    terminal.wait_for("(y/N) Yes")
    terminal.press("ctrl-c")
    assert terminal.wait_exit() == 130
    assert "sandbox-ready" in (folder / "sandbox" / "default.secrets.toml").read_text()


def test_esc_goes_back_through_everything_to_the_key_which_a_blank_enter_keeps(start: Start) -> None:
    terminal = start(*SANDBOX, rows=100)
    terminal.wait_for("? API key")
    terminal.press("enter")
    terminal.wait_for("? Document block (arrow keys)")
    terminal.press("down", "enter")
    accept(terminal, *QUESTIONS[1:-1])
    terminal.wait_for("? Save this? (type to filter)")
    for text in (
        "? Accepts business clients (Y/n, Esc: back)", "? Invoice capable (Y/n, Esc: back)",
        "? Tax number (blank: none, Esc: back)", "? Default payment method (arrow keys)",
        "? Default VAT rate (arrow keys)", "? Bank account (arrow keys)", "? Document block (arrow keys)",
        "? API key (Enter: keep the verified key)",
    ):  # fmt: skip
        terminal.press("esc")
        _wait_for_last(terminal, text)
    terminal.press("enter")
    _wait_for_last(terminal, "? Document block (arrow keys)")
    assert " » Webáruház  WÁ  id 40103" in terminal.screen()
    assert terminal.history().count("accepted the key") == 1


def _wait_for_last(terminal: WatchedTerminal, question: str) -> None:
    """Wait until the question is the last on the screen."""

    def last() -> str:
        return [line for line in terminal.screen().splitlines() if line.startswith("? ")][-1]

    for _ in range(100):
        terminal.wait_for(question)
        if last().startswith(question):
            return
    raise AssertionError(terminal.screen())


def test_back_row_goes_one_question_back(start: Start) -> None:
    terminal = start(*SANDBOX)
    accept(terminal, "? API key", "? Document block")
    terminal.wait_for("? Bank account")
    terminal.press("up")
    terminal.wait_for(" » ← Back")
    terminal.press("enter")
    _wait_for_last(terminal, "? Document block (arrow keys)")


def test_esc_at_the_first_question_leaves(start: Start, folder: Path) -> None:
    terminal = start(*SANDBOX)
    terminal.wait_for("? API key")
    terminal.press("esc")
    assert terminal.wait_exit() == 130
    assert not has_settings(folder)


def test_disconnect_asks_with_no_as_what_enter_means(start: Start, folder: Path) -> None:
    terminal = start(*SANDBOX)
    accept(terminal, "? API key", *QUESTIONS)
    assert terminal.wait_exit() == 0
    terminal = start("--sandbox", "billingo", "disconnect")
    accept(terminal, "? Disconnect Billingo (profile default)? (y/N)")
    assert terminal.wait_exit() == 130
    assert "sandbox-ready" in (folder / "sandbox" / "default.secrets.toml").read_text()
    terminal = start("--sandbox", "billingo", "disconnect")
    terminal.wait_for("? Disconnect Billingo")
    terminal.type("y\r")
    assert terminal.wait_exit() == 0
    assert not any(b"sandbox-ready" in path.read_bytes() for path in folder.rglob("*.toml"))
