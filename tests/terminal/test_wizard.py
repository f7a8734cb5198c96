"""The whole wizard in a terminal, against the sandbox and against a Billingo that changes its mind."""

import re
from pathlib import Path

import pytest

pytest.importorskip("pexpect", reason="a pseudo-terminal is POSIX only")
from tests.fake_billingo import FakeBillingo, account, block
from tests.servers import Server
from tests.terminal.conftest import QUESTIONS, Start, accept, give_key
from tests.terminal.connecting import REAL, SANDBOX, address_of, has_settings


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
        terminal = start(*REAL, environ=address_of(server))
        give_key(terminal, fake.key)
        terminal.wait_for("Document block: Webshop · WEB · id 40101 (the only one)")
        accept(terminal, *QUESTIONS[1:])
        assert terminal.wait_exit() == 0
    assert "? Document block" not in terminal.history()
    assert "  Document block            Webshop · WEB · id 40101" in terminal.history()
    assert has_settings(folder)


def test_account_without_a_block_says_where_to_make_one(start: Start, folder: Path) -> None:
    terminal = start(*SANDBOX)
    give_key(terminal, "sandbox-empty")
    terminal.wait_for(" » Check again")
    terminal.press("enter")
    terminal.wait_for("? What do you want to do? Check again")
    terminal.wait_for(" » Check again")
    terminal.press("down", "enter")
    assert terminal.wait_exit() == 2
    assert "Document block: this account has none." in terminal.screen()
    assert "Bizonylattömbök" in terminal.screen()
    assert not has_settings(folder)


def test_key_of_another_organisation_is_told_and_its_block_asked_anew(start: Start) -> None:
    fake = FakeBillingo()
    with Server(fake.answer) as server:
        terminal = start(*REAL, environ=address_of(server))
        give_key(terminal, fake.key)
        accept(terminal, *QUESTIONS)
        assert terminal.wait_exit() == 0
        fake.organization["tax_code"] = "10773381-2-44"
        fake.key, fake.blocks = "11111111-2222-3333-4444-555555555555", [block(5, "Other", "O"), block(6, "Two", "T")]
        terminal = start(*REAL, environ=address_of(server))
        give_key(terminal, fake.key)
        terminal.wait_for("This key belongs to a different")
        terminal.wait_for("? Document block (arrow keys)")
        assert "no longer in this account" not in terminal.screen()
        accept(terminal, *QUESTIONS[:4])
        terminal.wait_for("? Tax number (blank: none, Esc: back) 10773381-2-44")


def test_stored_block_that_is_gone_is_said_before_the_list(start: Start) -> None:
    fake = FakeBillingo()
    with Server(fake.answer) as server:
        terminal = start(*REAL, environ=address_of(server))
        give_key(terminal, fake.key)
        accept(terminal, *QUESTIONS)
        assert terminal.wait_exit() == 0
        fake.blocks = [block(40102, "Bolt", "B")]
        terminal = start("billingo", "configure")
        terminal.wait_for("Document block: the stored Webshop is no longer in this account.")
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


def test_hostile_names_move_nothing_in_the_wizard(start: Start) -> None:
    evil = "\x1b[2J\x1b]0;owned\x07\x9b31m\u202egnal\u200b [/x]:heart:"
    fake = FakeBillingo(
        blocks=[block(1, evil, "\x1b[H"), block(2, "", None), block(3, "x" * 500, "L")],
        accounts=[account(7, evil, "\x1b[H1", "H\x07"), account(8, "y" * 500, "2", "EUR")],
    )
    with Server(fake.answer) as server:
        terminal = start(*REAL, environ=address_of(server), rows=60)
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
