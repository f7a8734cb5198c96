"""Számlázz.hu's settings: typed, so checked for their form; kept and shown as the contract says."""

import json
import tomllib
from pathlib import Path
from typing import Any

import pytest

from bokko_cli.commands import connect as module
from bokko_cli.model.values import BankAccount
from tests.fakes import BACK, ENTER
from tests.unit.conftest import CommandLine, Ran, without_path
from tests.unit.two_providers import AGENT_KEY, Office, Side

NUMBER = "11773016-11111018"
LONG_NUMBER = "11773016-11111018-00000000"
IBAN = "HU42117730161111101800000000"
REST = (
    ("Default VAT rate", ENTER),
    ("Default payment method", ENTER),
    ("Tax number", ""),
    ("Invoice capable", ENTER),
    ("Accepts business clients", ENTER),
)

pytestmark = pytest.mark.usefixtures("each_way_of_asking")


def connect(bokko: CommandLine, *flags: str, key: str = "sandbox-ready") -> Ran:
    return bokko("--sandbox", "szamlazz", "connect", "--api-key-stdin", *flags, given=f"{key}\n")


def configure(bokko: CommandLine, *flags: str) -> Ran:
    return bokko("--sandbox", "szamlazz", "configure", *flags)


def status(bokko: CommandLine) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(bokko("--sandbox", "szamlazz", "status", "--json").out)
    return document


def settings(bokko: CommandLine) -> dict[str, Any]:
    path = bokko.folder / "sandbox" / "default.toml"
    return tomllib.loads(path.read_text("utf-8"))


def account(name: str, number: str) -> dict[str, object]:
    return {"id": None, "name": name, "number": number, "currency": None}


def test_document_is_the_one_of_the_contract(bokko: CommandLine) -> None:
    flags = (
        "--prefix",
        "BK",
        "--bank-name",
        "OTP Bank",
        "--bank-account-number",
        NUMBER,
        "--tax-number",
        "13421739241",
    )
    ran = connect(bokko, *flags, "--vat", "27", "--payment-method", "card", "--no-business-clients", "--json")
    assert ran.code == 0
    document = json.loads(ran.out)
    assert document == status(bokko)
    moments = {name: document.pop(name) for name in ("connected_at", "verified_at")}
    assert moments["connected_at"] == moments["verified_at"]
    assert document.pop("endpoint").endswith("/szamla/")
    assert document == {
        "schema": 1, "provider": "szamlazz", "profile": "default", "state": "ready",
        "active": True, "active_provider": "szamlazz", "account_tax_code": None, "invoice_mode": "draft_review",
        "document_block": None, "invoice_prefix": "BK", "bank_account": account("OTP Bank", NUMBER),
        "default_vat_rate": "27%", "default_payment_method": "card", "tax_number": "13421739-2-41",
        "invoice_capable": True, "accepts_business_clients": False,
        "api_key": {"storage": "file", "source": "file", "hint": "eady", "can_write": None}, "checked_at": None,
        "subscription_until": None, "rehearsal": None, "settings_file": str(bokko.folder / "sandbox" / "default.toml"),
        "problems": [],
    }  # fmt: skip


def test_file_has_a_table_of_its_own(bokko: CommandLine) -> None:
    connect(bokko, "--prefix", "BK", "--bank-name", "OTP", "--bank-account-number", NUMBER)
    table = settings(bokko)["szamlazz"]
    assert table["invoice_prefix"] == "BK"
    assert table["bank_account"] == {"name": "OTP", "number": NUMBER}
    assert "document_block" not in table
    assert "account_tax_code" not in table
    assert table["api_key"] == {"storage": "file", "slot": "a", "hint": "eady"}


def test_without_flags_prefix_and_account_are_none(bokko: CommandLine) -> None:
    assert connect(bokko).code == 0
    document = status(bokko)
    assert (document["invoice_prefix"], document["bank_account"], document["tax_number"]) == (None, None, None)
    assert not {"invoice_prefix", "bank_account", "tax_number"} & set(settings(bokko)["szamlazz"])


def test_account_needs_no_name(bokko: CommandLine) -> None:
    assert connect(bokko, "--bank-account-number", NUMBER).code == 0
    assert status(bokko)["bank_account"] == account("", NUMBER)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        (NUMBER, NUMBER),
        ("1177301611111018", NUMBER),
        (" 11773016 11111018 ", NUMBER),
        (LONG_NUMBER, LONG_NUMBER),
        ("117730161111101800000000", LONG_NUMBER),
        (IBAN, IBAN),
        ("hu42 1177 3016 1111 1018 0000 0000", IBAN),
        ("GB82 WEST 1234 5698 7654 32", "GB82WEST12345698765432"),
    ],
)
def test_numbers_are_kept_in_one_form(bokko: CommandLine, typed: str, kept: str) -> None:
    assert connect(bokko, "--bank-account-number", typed).code == 0
    assert status(bokko)["bank_account"] == account("", kept)


@pytest.mark.parametrize(
    "typed",
    [
        "11773016-11111019", "11773017-11111018", "11773016-11111018-00000001", "00000000-00000000", "1177301-11111018",
        "11773016-11111018-0000", "HU43117730161111101800000000", "HU4211773016111110180000000", "XX00", "OTP", "", "-",
        "\u0661\u0661773016-11111018", "11773016-11111018x",
    ],
)  # fmt: skip
def test_number_that_cannot_be_right_is_refused_before_anything_is_sent(bokko: CommandLine, typed: str) -> None:
    ran = connect(bokko, "--bank-account-number", typed, "--json")
    assert ran.code == 2
    assert json.loads(ran.out)["error"]["code"] == "invalid_value"
    assert "accepted" not in ran.err
    assert not (bokko.folder / "sandbox" / "default.toml").exists()


@pytest.mark.parametrize(
    "flags",
    [
        ("--prefix", "BK", "--no-prefix"),
        ("--bank-account-number", NUMBER, "--no-bank-account"),
        ("--bank-name", "OTP", "--no-bank-account"),
        ("--tax-number", "13421739-2-41", "--no-tax-number"),
        ("--bank-name", "OTP"),
        ("--prefix", "B\x1bK"),
        ("--bank-name", "O\u202eTP", "--bank-account-number", NUMBER),
        ("--vat", "5"),
    ],
)
def test_flags_that_contradict_or_make_no_sense_are_refused(bokko: CommandLine, flags: tuple[str, ...]) -> None:
    ran = connect(bokko, *flags)
    assert ran.code == 2
    assert flags[0] in ran.err or "characters" in ran.err
    assert not (bokko.folder / "sandbox" / "default.toml").exists()


@pytest.mark.parametrize("blank", ["", "  "])
def test_blank_prefix_is_none(bokko: CommandLine, blank: str) -> None:
    connect(bokko, "--prefix", "BK")
    assert configure(bokko, "--prefix", blank).code == 0
    assert status(bokko)["invoice_prefix"] is None


def test_prefix_keeps_its_letters(bokko: CommandLine) -> None:
    connect(bokko, "--prefix", "  ÁFÁ's <1>&\" ")
    assert status(bokko)["invoice_prefix"] == "ÁFÁ's <1>&\""


def test_configure_keeps_what_no_flag_names(bokko: CommandLine) -> None:
    connect(bokko, "--prefix", "BK", "--bank-name", "OTP", "--bank-account-number", NUMBER, "--no-invoice-capable")
    before = status(bokko)
    assert configure(bokko, "--vat", "0").code == 0
    after = status(bokko)
    assert {name for name in after if after[name] != before[name]} <= {"default_vat_rate", "verified_at", "endpoint"}
    assert after["default_vat_rate"] == "0%"


@pytest.mark.parametrize(
    ("flags", "expected"),
    [
        (("--bank-name", "Erste"), account("Erste", NUMBER)),
        (("--bank-name", ""), account("", NUMBER)),
        (("--bank-account-number", IBAN), account("OTP", IBAN)),
        (("--no-bank-account",), None),
        (("--no-prefix",), account("OTP", NUMBER)),
    ],
)
def test_configure_changes_one_half_of_the_account(
    bokko: CommandLine, flags: tuple[str, ...], expected: object
) -> None:
    connect(bokko, "--prefix", "BK", "--bank-name", "OTP", "--bank-account-number", NUMBER)
    assert configure(bokko, *flags).code == 0
    document = status(bokko)
    assert document["bank_account"] == expected
    assert document["invoice_prefix"] == (None if flags == ("--no-prefix",) else "BK")


def test_connect_anew_keeps_the_settings(bokko: CommandLine) -> None:
    connect(bokko, "--prefix", "BK", "--bank-name", "OTP", "--bank-account-number", NUMBER)
    assert connect(bokko).code == 0
    document = status(bokko)
    assert (document["invoice_prefix"], document["bank_account"]) == ("BK", account("OTP", NUMBER))


@pytest.mark.parametrize(("key", "code"), [("sandbox-invalid", 4), ("sandbox-unpaid", 4), ("sandbox-down", 6)])
def test_key_that_is_not_taken_saves_nothing(bokko: CommandLine, key: str, code: int) -> None:
    assert connect(bokko, key=key).code == code
    assert not (bokko.folder / "sandbox" / "default.toml").exists()


STORED = """
schema = 1
active_provider = "szamlazz"

[szamlazz]
connected_at = 2026-11-22T21:57:40Z
verified_at = 2026-11-22T22:57:40Z
endpoint = "https://www.szamlazz.hu/szamla/"
invoice_mode = "draft_review"
invoice_prefix = "BK"
default_vat_rate = "27%"
default_payment_method = "bank_transfer"
invoice_capable = true
accepts_business_clients = true
bank_account = {name = "Takarék, a nagyon hosszú nevű bank", number = "11773016-11111018-00000000"}
api_key = {storage = "file", slot = "a", hint = "gt42"}
"""

AT_80 = """\
╭─ Számlázz.hu ────────────────────────────────────────────────────────────────╮
│ Connection status         ✓ Ready, last verified 2026-11-22 22:57            │
│ Invoice prefix            BK                                                 │
│ Bank account              Takarék, a nagyon hosszú nevű bank ·               │
│                           11773016-11111018-00000000                         │
│ Invoice mode              draft review                                       │
│ Default VAT rate          27%                                                │
│ Default payment method    bank transfer                                      │
│ Connected on              2026-11-22 21:57                                   │
│                                                                              │
│ Tax number                none                                               │
│ Invoice capable           yes                                                │
│ Accepts business clients  yes                                                │
│ Agent key                 ends in gt42, kept in: file                        │
│ Cannot be verified        whose account the key belongs to, and whether the  │
│                           prefix exists; the first invoice will show it      │
│ Profile                   default                                            │
╰──────────────────────────────────────────────────────────────────────────────╯
"""


def write(bokko: CommandLine) -> None:
    bokko.folder.mkdir()
    bokko.settings.write_text(STORED, "utf-8")
    secrets = bokko.folder / "default.secrets.toml"
    secrets.write_text(f'[szamlazz]\na = "{AGENT_KEY}"\n', "utf-8")
    secrets.chmod(0o600)


def test_panel_at_80_columns(bokko: CommandLine) -> None:
    write(bokko)
    ran = bokko("szamlazz", "status", COLUMNS="80")
    assert (ran.code, without_path(ran.out), ran.err) == (0, AT_80, "")


def test_panel_at_60_columns_wraps_and_cuts_nothing(bokko: CommandLine) -> None:
    write(bokko)
    lines = bokko("szamlazz", "status", COLUMNS="60").out.splitlines()
    assert {len(line) for line in lines} == {60}
    start = next(line.index("27%") for line in lines if "27%" in line)
    values = " ".join(line[start:-1].strip() for line in lines[1:-1])
    assert "Takarék, a nagyon hosszú nevű bank · 11773016-11111018-00000000" in values
    assert "whose account the key belongs to, and whether the prefix exists; the first invoice will show it" in values


@pytest.fixture
def side(tmp_path: Path) -> Side:
    return Office(tmp_path / "settings").sides["szamlazz"]


def wizard(side: Side, *script: tuple[str, object]) -> int:
    return side.run(lambda context: module.run(context, module.Options(settings={})), *script)


def test_questions_come_in_the_order_of_the_contract(side: Side) -> None:
    typed = (("Agent key", AGENT_KEY), ("Invoice prefix", "BK"), ("Bank name", "OTP"), ("Bank account number", NUMBER))
    assert wizard(side, *typed, *REST, ("Save this?", True)) == 0
    assert side.status.connection is not None
    assert side.status.connection.settings["invoice_prefix"] == "BK"
    assert side.status.connection.settings["bank_account"] == BankAccount(None, "OTP", NUMBER, None)


def test_blank_answers_are_none(side: Side) -> None:
    typed = (("Agent key", AGENT_KEY), ("Invoice prefix", ""), ("Bank name", " "), ("Bank account number", ""))
    assert wizard(side, *typed, *REST, ("Save this?", True)) == 0
    assert side.status.connection is not None
    assert side.status.connection.settings["invoice_prefix"] is None
    assert side.status.connection.settings["bank_account"] is None


def test_name_without_a_number_is_explained_and_asked_again(side: Side) -> None:
    typed = (("Agent key", AGENT_KEY), ("Invoice prefix", ""), ("Bank name", "OTP"))
    again = (("Bank account number", ""), ("Bank account number", NUMBER))
    assert wizard(side, *typed, *again, *REST, ("Save this?", True)) == 0
    assert "a name alone is not enough" in side.said()
    assert side.status.connection is not None
    assert side.status.connection.settings["bank_account"] == BankAccount(None, "OTP", NUMBER, None)


def test_name_without_a_number_can_be_taken_back(side: Side) -> None:
    typed = (("Agent key", AGENT_KEY), ("Invoice prefix", ""), ("Bank name", "OTP"), ("Bank account number", ""))
    back = (("Bank account number", BACK), ("Bank name", ""), ("Bank account number", ""))
    assert wizard(side, *typed, *back, *REST, ("Save this?", True)) == 0
    assert side.status.connection is not None
    assert side.status.connection.settings["bank_account"] is None


def test_name_can_be_typed_after_going_back_from_a_blank_number(side: Side) -> None:
    typed = (("Agent key", AGENT_KEY), ("Invoice prefix", ""), ("Bank name", ""), ("Bank account number", ""))
    back = (("Default VAT rate", BACK), ("Bank account number", BACK), ("Bank name", "OTP"))
    assert wizard(side, *typed, *back, ("Bank account number", NUMBER), *REST, ("Save this?", True)) == 0
    assert "a name alone" not in side.said()


def test_name_from_a_flag_asks_for_the_number(side: Side) -> None:
    options = module.Options(settings={"bank_name": "OTP", "invoice_prefix": False})
    script = (("Agent key", AGENT_KEY), ("Bank account number", ""), ("Bank account number", NUMBER))
    assert side.run(lambda context: module.run(context, options), *script, *REST, ("Save this?", True)) == 0


def test_back_leads_through_every_question_to_the_key(side: Side) -> None:
    names = ["Agent key", "Invoice prefix", "Bank name", "Bank account number", *(name for name, _ in REST)]
    forth = [(name, AGENT_KEY if name == "Agent key" else ENTER) for name in names]
    back = [(name, BACK) for name in reversed(names[1:])]
    again = [("Agent key", ""), *forth[1:]]
    assert wizard(side, *forth, ("Save this?", BACK), *back, *again, ("Save this?", True)) == 0
    assert len(side.provider.opened) == 1


def test_without_a_person_a_name_alone_names_both_flags(bokko: CommandLine) -> None:
    ran = connect(bokko, "--bank-name", "OTP", "--json")
    assert ran.code == 2
    message = json.loads(ran.out)["error"]["message"]
    assert "--bank-name" in message
    assert "--bank-account-number" in message
