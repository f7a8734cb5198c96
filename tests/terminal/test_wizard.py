"""The whole wizard in a terminal, against the sandbox and against a Billingo that changes its mind."""

import re
import tomllib
from pathlib import Path

import pytest

pytest.importorskip("pexpect", reason="a pseudo-terminal is POSIX only")
from tests.servers import FakeBillingo, Hang, Server, account, block, error_answer, in_turn, json_answer
from tests.terminal.conftest import QUESTIONS, Start, accept, give_key
from tests.terminal.screen import WatchedTerminal

SANDBOX = ("--sandbox", "billingo", "connect")
REAL = ("billingo", "connect", "--key-storage", "file")
NOTHING = "Nothing was changed."


def _has_settings(folder: Path) -> bool:
    return any(folder.rglob("*.toml"))


def _url(server: Server) -> dict[str, str]:
    return {"BOKKO_BILLINGO_URL": f"{server.url}/v3"}


@pytest.mark.parametrize("columns", [80, 40])
def test_enter_all_the_way_connects_the_sandbox(start: Start, columns: int) -> None:
    terminal = start(*SANDBOX, columns=columns)
    accept(terminal, "? API key", *QUESTIONS)
    assert terminal.wait_exit() == 0
    shown = terminal.history()
    assert "✓ Ready, last" in shown
    assert "sandbox: nothing" in shown
    assert all(len(line) <= columns for line in terminal.history().splitlines())


def test_screens_of_the_wizard_are_these(start: Start) -> None:
    terminal = start(*SANDBOX, rows=60)
    terminal.wait_for("? API key")
    assert terminal.screen() == (
        "This is the sandbox: press Enter for the key sandbox-ready; `bokko sandbox`\n"
        "lists the others.\n"
        "? API key (Enter: sandbox-ready)"
    )
    terminal.press("enter")
    terminal.wait_for("? Document block")
    list_of_blocks = terminal.screen().splitlines()[3:]
    assert re.fullmatch(r"Billingo accepted the key\. Tax number 13421739-2-41, subscription until", list_of_blocks[0])
    assert list_of_blocks[2:] == [
        "A document block is a number series for invoices; drafts will be created in the",
        "one you choose.",
        "? Document block (arrow keys)",
        " » Árvíztűrő tükörfúrógép  ÁTF  id 40104",
        "   Webáruház  WÁ  id 40103",
        "   Webshop  WEB  id 40101",
        "   ← Back",
    ]
    terminal.press("down", "down", "enter")
    accept(terminal, *QUESTIONS[1:-1])
    terminal.wait_for("? Save this?")
    assert terminal.screen().splitlines()[7:] == [
        "? Document block Webshop  WEB  id 40101",
        "? Bank account Erste EUR, külföldi utalások  …00000031  EUR",
        "? Default VAT rate 27%",
        "? Default payment method bank transfer",
        "? Tax number (blank: none, Esc: back) 13421739-2-41",
        "Invoice capable means that this connection may issue invoices. If you answer no,",
        "it is saved but never ready.",
        "? Invoice capable (Y/n, Esc: back) Yes",
        "? Accepts business clients (Y/n, Esc: back) Yes",
        "Invoice mode is draft review: each invoice is created as a draft, which a person",
        "checks and issues.",
        "",
        "  Document block            Webshop · WEB · id 40101",
        "  Bank account              Erste EUR, külföldi utalások ·",
        "                            11600006-00000000-00000031 · EUR · id 7002",
        "  Default VAT rate          27%",
        "  Default payment method    bank transfer",
        "  Tax number                13421739-2-41",
        "  Invoice capable           yes",
        "  Accepts business clients  yes",
        "  Warning                   Bank account Erste EUR, külföldi utalások is in EUR;",
        "                            invoices in forints cannot be paid into it without",
        "                            conversion.",
        "? Save this? (type to filter)",
        " » Yes",
        "   No, leave without saving",
        "   Change: API key",
        "   Change: Document block",
        "   Change: Bank account",
        "   Change: Default VAT rate",
        "   Change: Default payment method",
        "   Change: Tax number",
        "   Change: Invoice capable",
        "   Change: Accepts business clients",
        "   ← Back",
    ]


def test_wrong_key_then_the_right_one(start: Start, folder: Path) -> None:
    fake = FakeBillingo()
    with Server(fake.answer) as server:
        terminal = start(*REAL, environ=_url(server))
        give_key(terminal, "11111111-2222-3333-4444-555555555555")
        terminal.wait_for("Error: Billingo refused this key.")
        terminal.wait_for("? API key")
        assert not _has_settings(folder)
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
    assert not _has_settings(folder)


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
        terminal = start(*REAL, environ=_url(server))
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
        terminal = start(*REAL, environ=_url(server))
        give_key(terminal, fake.key)
        terminal.wait_for("? What do you want to do?")
        terminal.press("up")
        terminal.wait_for("» Leave without changing anything")
        terminal.press("enter")
        assert terminal.wait_exit() == 6
    assert not _has_settings(folder)


def test_another_key_may_be_typed_when_the_server_is_down(start: Start) -> None:
    fake = FakeBillingo(override={**MUDDLED})
    with Server(fake.answer) as server:
        terminal = start(*REAL, environ=_url(server))
        give_key(terminal, "other-key")
        terminal.wait_for("? What do you want to do?")
        fake.override.clear()
        terminal.press("down")
        terminal.wait_for("» Type another key")
        terminal.press("enter")
        give_key(terminal, fake.key)
        terminal.wait_for("? Document block")


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
    assert not _has_settings(folder)


@pytest.mark.parametrize("key", ["ctrl-c", "ctrl-d", "esc"])
def test_leaving_while_the_server_is_down_changes_nothing(start: Start, folder: Path, key: str) -> None:
    fake = FakeBillingo(override={**MUDDLED})
    with Server(fake.answer) as server:
        terminal = start(*REAL, environ={**_url(server), "BOKKO_BILLINGO_API_KEY": fake.key})
        terminal.wait_for("? What do you want to do?")
        assert "Type another key" not in terminal.screen()
        terminal.press(key)
        assert terminal.wait_exit() == 130
    assert terminal.screen().endswith(NOTHING)
    assert not _has_settings(folder)


def test_ctrl_c_while_the_server_thinks_leaves_at_once(start: Start, folder: Path) -> None:
    fake = FakeBillingo(override={"/organization": Hang()})
    with Server(fake.answer) as server:
        terminal = start(*REAL, environ=_url(server))
        give_key(terminal, fake.key)
        terminal.wait_for("Asking Billingo…")
        terminal.press("ctrl-c")
        assert terminal.wait_exit(timeout=5) == 130
    assert terminal.screen().endswith(NOTHING)
    assert not _has_settings(folder)


def test_no_at_the_review_changes_nothing(start: Start, folder: Path) -> None:
    terminal = start(*SANDBOX)
    accept(terminal, "? API key", *QUESTIONS[:-1])
    terminal.wait_for(QUESTIONS[-1])
    terminal.type("n\r")
    assert terminal.wait_exit() == 130
    assert not _has_settings(folder)


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
    assert not _has_settings(folder)


def test_long_list_is_filtered_and_esc_clears_the_filter_first(start: Start) -> None:
    terminal = start(*SANDBOX)
    give_key(terminal, "sandbox-large")
    terminal.wait_for("? Document block (type to filter)")
    assert terminal.screen().splitlines()[-1] == "   ← Back"
    terminal.type("0042")
    terminal.wait_for('"0042": 1 of 1,250')
    assert terminal.screen().splitlines()[-2:] == [" » Számlatömb 0042  T0042  id 50042", "   ← Back"]
    terminal.type("zzz")
    terminal.wait_for('"0042zzz": nothing matches')
    terminal.press("enter")
    terminal.press("left")
    terminal.wait_for('"0042zzz": nothing matches')
    assert terminal.screen().splitlines()[-1] == "   ← Back"
    terminal.press("esc")
    terminal.wait_gone("nothing matches")
    terminal.wait_for("? Document block (type to filter)")
    terminal.type("0042")
    terminal.wait_for("? Document block")
    terminal.press("enter")
    terminal.wait_for("? Bank account")
    assert "? Document block Számlatömb 0042  T0042  id 50042" in terminal.screen()


def test_what_a_list_asks_fits_the_narrowest_terminal(start: Start) -> None:
    terminal = start(*SANDBOX, columns=40)
    give_key(terminal, "sandbox-large")
    terminal.wait_for("? Document block (type to filter)")
    accept(terminal, *QUESTIONS[:3])
    terminal.wait_for("? Default payment method (arrow keys)")


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


def test_resize_keeps_the_question_whole(start: Start) -> None:
    terminal = start(*SANDBOX)
    give_key(terminal, "sandbox-large")
    terminal.wait_for("? Document block")
    terminal.resize(40, 12)
    terminal.wait_for(" » Számlatömb 1250")
    terminal.resize(100, 40)
    terminal.wait_for(" » Számlatömb 1250  T1250  id 51250")
    terminal.press("enter")
    accept(terminal, *QUESTIONS[1:])
    assert terminal.wait_exit() == 0


def test_tax_number_with_a_wrong_check_digit_is_explained_and_kept_for_mending(start: Start) -> None:
    terminal = start(*SANDBOX)
    accept(terminal, "? API key", *QUESTIONS[:4])
    terminal.wait_for("? Tax number")
    terminal.press("backspace")
    terminal.type("2")
    terminal.wait_for("13421739-2-42")
    terminal.press(*["left"] * 5, "backspace")
    terminal.type("8")
    terminal.press("enter")
    terminal.wait_for("Error: Tax number 13421738-2-42 has a wrong check digit.")
    terminal.press(*["left"] * 5, "backspace")
    terminal.type("9")
    terminal.press("enter")
    terminal.wait_for("? Invoice capable")


def test_only_block_is_announced(start: Start, folder: Path) -> None:
    fake = FakeBillingo(blocks=[block(40101, "Webshop", "WEB")])
    with Server(fake.answer) as server:
        terminal = start(*REAL, environ=_url(server))
        give_key(terminal, fake.key)
        terminal.wait_for("Document block: Webshop · WEB · id 40101 (the only one)")
        accept(terminal, *QUESTIONS[1:])
        assert terminal.wait_exit() == 0
    assert "? Document block" not in terminal.history()
    assert "  Document block            Webshop · WEB · id 40101" in terminal.history()
    assert _has_settings(folder)


def test_account_without_a_block_says_where_to_make_one(start: Start, folder: Path) -> None:
    terminal = start(*SANDBOX)
    give_key(terminal, "sandbox-empty")
    terminal.wait_for(" » Check again")
    terminal.press("enter")
    terminal.wait_for("? What do you want to do? Check again")
    terminal.wait_for(" » Check again")
    terminal.press("down", "enter")
    assert terminal.wait_exit() == 2
    assert "Document block: this account has none to choose." in terminal.screen()
    assert "Bizonylattömbök" in terminal.screen()
    assert not _has_settings(folder)


def test_key_of_another_organisation_is_told_and_its_block_asked_anew(start: Start) -> None:
    fake = FakeBillingo()
    with Server(fake.answer) as server:
        terminal = start(*REAL, environ=_url(server))
        give_key(terminal, fake.key)
        accept(terminal, *QUESTIONS)
        assert terminal.wait_exit() == 0
        fake.organization["tax_code"] = "10773381-2-44"
        fake.key, fake.blocks = "11111111-2222-3333-4444-555555555555", [block(5, "Other", "O"), block(6, "Two", "T")]
        terminal = start(*REAL, environ=_url(server))
        give_key(terminal, fake.key)
        terminal.wait_for("This key belongs to a different")
        terminal.wait_for("? Document block (arrow keys)")
        assert "no longer in this account" not in terminal.screen()
        accept(terminal, *QUESTIONS[:4])
        terminal.wait_for("? Tax number (blank: none, Esc: back) 10773381-2-44")


def test_stored_block_that_is_gone_is_said_before_the_list(start: Start) -> None:
    fake = FakeBillingo()
    with Server(fake.answer) as server:
        terminal = start(*REAL, environ=_url(server))
        give_key(terminal, fake.key)
        accept(terminal, *QUESTIONS)
        assert terminal.wait_exit() == 0
        fake.blocks = [block(40102, "Bolt", "B")]
        terminal = start("billingo", "configure")
        terminal.wait_for("The stored one, Webshop, is no longer in this account.")
        terminal.wait_for(" » Bolt  B  id 40102")


def test_active_other_provider_is_warned_of_before_the_first_question(start: Start, folder: Path) -> None:
    (folder / "sandbox").mkdir(parents=True)
    settings = folder / "sandbox" / "default.toml"
    settings.write_text('schema = 1\nactive_provider = "szamlazz"\n\n[szamlazz]\n', "utf-8")
    terminal = start(*SANDBOX)
    terminal.wait_for("? API key")
    assert terminal.screen().startswith("Warning: Számlázz.hu is the active provider.")
    terminal.press("enter")
    accept(terminal, *QUESTIONS[:-1], "? Save, and deactivate Számlázz.hu?")
    assert terminal.wait_exit() == 0
    assert 'active_provider = "billingo"' in settings.read_text("utf-8")
    assert "[szamlazz]" in settings.read_text("utf-8")


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


def test_hostile_names_move_nothing_in_the_wizard(start: Start) -> None:
    evil = "\x1b[2J\x1b]0;owned\x07\x9b31m\u202egnal\u200b [/x]:heart:"
    fake = FakeBillingo(
        blocks=[block(1, evil, "\x1b[H"), block(2, "", None), block(3, "x" * 500, "L")],
        accounts=[account(7, evil, "\x1b[H1", "H\x07"), account(8, "y" * 500, "2", "EUR")],
    )
    with Server(fake.answer) as server:
        terminal = start(*REAL, environ=_url(server), rows=60)
        give_key(terminal, fake.key)
        terminal.wait_for("? Document block")
        rows = terminal.screen().splitlines()[-10:]
        assert rows == [
            " » [2J ]0;owned  31mgnal [/x]:heart:  [H  id 1",
            "   (no name)  id 2",
            *("   " + "x" * 75, *["     " + "x" * 75] * 5, "     " + "x" * 50 + "  L  id 3"),
            "   ← Back",
        ]
        terminal.press("enter")
        accept(terminal, *QUESTIONS[1:])
        assert terminal.wait_exit() == 0
    raw = terminal.raw()
    for sequence in (b"\x1b[2J", b"\x1b]0;", "\x9b31m".encode(), "\u202e".encode(), "\u200b".encode()):
        assert sequence not in raw
