"""A terminal that is made narrower and wider while a question stands there: it stays readable, and is answered."""

from collections.abc import Iterator

import pytest

pytest.importorskip("pexpect", reason="a pseudo-terminal is POSIX only")
from tests.terminal.conftest import Start
from tests.terminal.screen import WatchedTerminal

NUMBER = "11773016-11111018-00000000"
ROWS = 60
SIZES = (24, 100, 40)


def below(terminal: WatchedTerminal, question: str) -> str:
    """Return the screen from the last place on where a question begins, its words with single blanks."""
    before, _, after = terminal.screen().rpartition(question)
    assert question not in before.splitlines()[-1:], "the question stands there twice"
    return " ".join(f"{question}{after}".split())


def resized(terminal: WatchedTerminal, question: str, *words: str) -> Iterator[str]:
    """Make the terminal narrower and wider, and yield what stands there from the question on, once all of it does."""
    for columns in SIZES:
        terminal.resize(columns, ROWS)
        for word in (question, *words):
            terminal.wait_for(word)
        shown = below(terminal, question)
        assert terminal.screen().count(question) == 1
        assert max(map(len, terminal.screen().splitlines())) <= columns
        yield shown


def test_every_question_is_readable_at_each_new_width_and_its_answer_lands(start: Start) -> None:
    terminal = start("--sandbox", "szamlazz", "connect", rows=ROWS)
    terminal.wait_for("? Agent key")
    terminal.type("sandbox-ready")
    terminal.wait_for("*" * 13)
    for shown in resized(terminal, "? Agent key"):
        assert shown == f"? Agent key (Enter: sandbox-ready) {'*' * 13}"
    terminal.press("enter")
    terminal.wait_for("? Invoice prefix")
    terminal.type("ABC")
    for shown in resized(terminal, "? Invoice prefix"):
        assert shown.replace(", Esc: back", "") == "? Invoice prefix (blank: the account's own) ABC"
    terminal.type("D\r")
    terminal.wait_for("? Bank name")
    terminal.type("OTP\r")
    terminal.wait_for("? Bank account")
    terminal.type(NUMBER)
    for shown in resized(terminal, "? Bank account"):
        told = shown.replace(", Esc: back", "").replace(" ", "")
        assert told == f"?Bankaccountnumber(blank:theaccount'sown){NUMBER}"  # wider than the narrowest
    terminal.press("enter")
    terminal.wait_for("? Default VAT rate")
    terminal.press("down")
    for shown in resized(terminal, "? Default VAT rate", " » 0%"):
        assert shown == "? Default VAT rate (arrow keys) 27% » 0% ← Back"
    terminal.press("enter")
    terminal.wait_for("? Default payment")
    terminal.press("enter")
    terminal.wait_for("? Tax number")
    terminal.press("enter")
    terminal.wait_for("? Invoice capable")
    terminal.type("n")
    for shown in resized(terminal, "? Invoice capable"):
        assert shown.replace(", Esc: back", "") == "? Invoice capable (Y/n) No"
    terminal.press("enter")
    terminal.wait_for("? Accepts business")
    terminal.press("enter")
    terminal.wait_for("? Save this?")
    for shown in resized(terminal, "? Save this?", " » Yes"):
        assert shown.startswith("? Save this? (type to filter) » Yes No, leave without saving Change: Agent key")
    terminal.resize(80, ROWS)
    terminal.press("enter")
    assert terminal.wait_exit() == 0
    panel = terminal.history()
    for row in ("Invoice prefix            ABCD ", f"OTP · {NUMBER}", "rate          0% ", "capable           no "):
        assert row in panel


def test_panel_after_a_question_has_the_width_that_the_terminal_has_by_then(start: Start) -> None:
    environ = {"BOKKO_BILLINGO_API_KEY": "sandbox-ready"}
    terminal = start(
        "--sandbox", "billingo", "connect", "--block", "WEB", "--bank-account", "7001", environ=environ, rows=ROWS
    )
    for question in ("? Default VAT rate", "? Default payment method", "? Tax number", "? Invoice capable"):
        terminal.wait_for(question)
        terminal.press("enter")
    terminal.wait_for("? Accepts business clients")
    terminal.resize(50, ROWS)
    terminal.press("enter")
    terminal.wait_for("? Save this?")
    terminal.press("enter")
    assert terminal.wait_exit() == 0
    frame = [line for line in terminal.history().splitlines() if line.startswith(("╭", "│", "╰"))]
    assert {len(line) for line in frame} == {50}


def test_wait_leaves_no_second_line_behind(start: Start) -> None:
    terminal = start("--sandbox", "billingo", "connect", rows=ROWS)
    terminal.wait_for("? API key")
    terminal.type("sandbox-down\r")
    terminal.wait_shown("trying again")
    for columns in (40, 24, 60):
        terminal.resize(columns, ROWS)
    terminal.wait_for("? What do you want to do?")
    assert "trying again" not in terminal.screen()
    terminal.press("ctrl-c")
    assert terminal.wait_exit() == 130


@pytest.mark.parametrize("typed", ["2", "sandbox"])
def test_plain_questions_do_not_mind(start: Start, typed: str) -> None:
    terminal = start("--sandbox", "billingo", "connect", environ={"BOKKO_ACCESSIBLE": "1"}, rows=ROWS)
    terminal.wait_for("API key (Enter:")
    terminal.resize(30, ROWS)
    terminal.type("\r")
    terminal.wait_for("Press Enter for Árvíztűrő")
    terminal.type(typed[:1])
    terminal.resize(90, ROWS)
    terminal.type(f"{typed[1:]}\r")
    terminal.wait_for("Bank account" if typed == "2" else 'Nothing matches "sandbox".')
    assert max(map(len, terminal.screen().splitlines())) <= 90
    assert b"\x1b" not in terminal.raw()
