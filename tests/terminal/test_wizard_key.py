"""The wizard's first question: keys that are refused, servers that are down, and what is pasted."""

from pathlib import Path

import pytest

pytest.importorskip("pexpect", reason="a pseudo-terminal is POSIX only")
from tests.fake_billingo import FakeBillingo, error_answer
from tests.servers import Server, in_turn, json_answer
from tests.terminal.conftest import QUESTIONS, Start, accept, give_key
from tests.terminal.connecting import REAL, SANDBOX, address_of, has_settings


def test_wrong_key_then_the_right_one(start: Start, folder: Path) -> None:
    fake = FakeBillingo()
    with Server(fake.answer) as server:
        terminal = start(*REAL, environ=address_of(server))
        give_key(terminal, "11111111-2222-3333-4444-555555555555")
        terminal.wait_for("Error: Billingo refused this key.")
        terminal.wait_for("? API key")
        assert not has_settings(folder)
        terminal.type(fake.key)
        terminal.press("enter")
        accept(terminal, *QUESTIONS)
        assert terminal.wait_exit() == 0
    assert fake.key in (folder / "default.secrets.toml").read_text()
    assert fake.key not in terminal.history()
    assert fake.key.encode() not in terminal.raw()


def test_three_refusals_end_with_4(start: Start, folder: Path) -> None:
    terminal = start(*SANDBOX, rows=60)
    for tries in range(3):
        terminal.wait_for("refused this key" if tries else "? API key")
        terminal.wait_for("? API key")
        terminal.type("sandbox-invalid")
        terminal.press("enter")
    assert terminal.wait_exit() == 4
    assert terminal.history().count("? API key") == 3
    assert terminal.history().count("Error: Billingo refused this key.") == 3
    assert not has_settings(folder)


def test_key_without_api_access_says_where_to_get_it(start: Start) -> None:
    terminal = start(*SANDBOX)
    give_key(terminal, "sandbox-no-api")
    terminal.wait_for("has no API access")
    terminal.wait_for("Árak, előfizetés")
    accept(terminal, "? API key")
    terminal.wait_for("? Document block")


def test_server_that_comes_back_needs_no_second_typing(start: Start) -> None:
    fake = FakeBillingo()
    down, up = error_answer(500, "down", trace_id="abc123"), json_answer(200, fake.organization)
    fake.override["/organization"] = in_turn(down, down, down, down, up)
    with Server(fake.answer) as server:
        terminal = start(*REAL, environ=address_of(server))
        give_key(terminal, fake.key)
        terminal.wait_for("? What do you want to do?")
        assert "abc123" in terminal.history()
        assert "refused" not in terminal.history()
        terminal.press("enter")
        accept(terminal, *QUESTIONS)
        assert terminal.wait_exit() == 0
    assert terminal.history().count("? API key") == 1


MUDDLED = dict.fromkeys(("/organization", "/document-blocks", "/bank-accounts"), json_answer(200, []))
"""An answer that proves nothing, and is not asked for again by itself."""


def test_leaving_a_server_that_is_down_ends_with_6(start: Start, folder: Path) -> None:
    fake = FakeBillingo(override={**MUDDLED})
    with Server(fake.answer) as server:
        terminal = start(*REAL, environ=address_of(server))
        give_key(terminal, fake.key)
        terminal.wait_for("? What do you want to do?")
        terminal.press("up")
        terminal.wait_for("» Leave without changing anything")
        terminal.press("enter")
        assert terminal.wait_exit() == 6
    assert not has_settings(folder)


def test_another_key_may_be_typed_when_the_server_is_down(start: Start) -> None:
    fake = FakeBillingo(override={**MUDDLED})
    with Server(fake.answer) as server:
        terminal = start(*REAL, environ=address_of(server))
        give_key(terminal, "other-key")
        terminal.wait_for("? What do you want to do?")
        fake.override.clear()
        terminal.press("down")
        terminal.wait_for("» Type another key")
        terminal.press("enter")
        give_key(terminal, fake.key)
        terminal.wait_for("? Document block")


@pytest.mark.parametrize("bracketed", [True, False])
def test_pasted_key_with_a_newline_does_not_answer_the_next_question(start: Start, bracketed: bool) -> None:
    terminal = start(*SANDBOX)
    terminal.wait_for("? API key")
    terminal.paste("sandbox-ready\n\n\n", bracketed)
    if bracketed:
        terminal.wait_for("*")
        terminal.press("enter")
    terminal.wait_for("? Document block (arrow keys)")
    terminal.press("down")
    terminal.wait_for(" » Webáruház")
    assert "? Bank account" not in terminal.screen()


def test_pasted_lines_after_the_key_reach_no_question(start: Start) -> None:
    terminal = start(*SANDBOX)
    terminal.wait_for("? API key")
    terminal.paste("sandbox-large\n0042\ny\n", bracketed=False)
    terminal.wait_for("? Document block")
    terminal.type("7")
    terminal.wait_for('"7": ')
    assert "0042" not in terminal.screen()
