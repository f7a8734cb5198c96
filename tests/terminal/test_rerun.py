"""A second run in a terminal: what is there, a blank line for the key, and any answer changed from the review."""

from pathlib import Path

import pytest

pytest.importorskip("pexpect", reason="a pseudo-terminal is POSIX only")
from tests.terminal.conftest import QUESTIONS, Start, accept

CONNECT = ("--sandbox", "billingo", "connect")


@pytest.mark.parametrize(
    "columns", [40, pytest.param(60, marks=pytest.mark.exhaustive), pytest.param(80, marks=pytest.mark.exhaustive)]
)
def test_second_run_changes_one_answer_from_the_review(start: Start, folder: Path, columns: int) -> None:
    first = start(*CONNECT, rows=60, columns=columns)
    accept(first, "? API key", *QUESTIONS)
    assert first.wait_exit() == 0
    second = start(*CONNECT, rows=100, columns=columns)
    second.wait_for("? API key (Enter: keep the stored key)")
    assert second.screen().startswith("Billingo has been connected since")
    assert "Its API key ends in eady." in second.screen()
    accept(second, "? API key", *QUESTIONS[:-1])
    second.wait_for("Nothing has changed from what is stored.")
    second.wait_for("? Save this?")
    second.type("vat")
    second.wait_for('"vat": 1 of 10')
    second.press("enter")
    second.wait_for("? Save this? Change: Default VAT rate")
    second.press("down", "enter")
    second.wait_for("27% → 0%")
    second.type("y")
    second.wait_for('"y": 3 of 10')
    second.press("enter")
    assert second.wait_exit() == 0
    assert 'default_vat_rate = "0%"' in (folder / "sandbox" / "default.toml").read_text("utf-8")


def test_n_and_enter_at_the_review_change_nothing(start: Start, folder: Path) -> None:
    terminal = start(*CONNECT, rows=60)
    accept(terminal, "? API key", *QUESTIONS[:-1])
    terminal.wait_for("? Save this?")
    terminal.type("n")
    terminal.wait_for(" » No, leave without saving")
    terminal.press("enter")
    assert terminal.wait_exit() == 130
    assert not (folder / "sandbox" / "default.toml").exists()


def test_error_that_is_left_is_said_once(start: Start) -> None:
    nowhere = {"BOKKO_BILLINGO_URL": "http://127.0.0.1:9/v3"}
    terminal = start("billingo", "connect", "--key-storage", "file", environ=nowhere)
    terminal.wait_for("? API key")
    terminal.type("63faa428-9044-11ea-8ed0-0242ac120002")
    terminal.press("enter")
    terminal.wait_for("? What do you want to do?")
    terminal.press("up", "enter")
    assert terminal.wait_exit() == 6
    assert terminal.history().count("Could not reach Billingo") == 1
