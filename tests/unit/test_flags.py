"""Flags: which row a value fits, what is refused, and what the refusal says."""

import pytest

from bokko_cli.cli.flags import as_one
from bokko_cli.errors import InvalidValue
from bokko_cli.model.invocation import BARE
from bokko_cli.model.values import BankAccount, Block, Row
from bokko_cli.providers.billingo.fields import SPEC
from bokko_cli.wizard.flags import match_row, read_flags
from tests.fakes import BOLT, ERSTE, OTP, WEBSHOP

BLOCK, ACCOUNT = (SPEC.within(BARE).field(name) for name in ("document_block", "bank_account"))
IBAN = BankAccount(7003, "Revolut", "LT12 3456 7890 1234 5678", "EUR")
NAMELESS = Block(40109, "", "")
NAMED_LIKE_AN_ID = Block(40110, "40101", "WEB2")
BLOCKS = (WEBSHOP, BOLT, NAMELESS)
ACCOUNTS = (OTP, ERSTE, IBAN)


@pytest.mark.parametrize(
    "value",
    ["40101", " 40101 ", "id:40101", "id: 40101", "WEB", "prefix:WEB", "prefix: WEB ", "Webshop", "name:Webshop"],
)
def test_block_is_found_by_id_prefix_or_name(value: str) -> None:
    assert match_row(BLOCK, value, BLOCKS) == WEBSHOP


@pytest.mark.parametrize(
    "value",
    [
        "7001", "id:7001", "OTP HUF", "name:OTP HUF",
        "11773016-11111018-00000000", "117730161111101800000000", "11773016 11111018 00000000",
        "number:11773016-11111018-00000000", "number: 11773016 11111018\u00a000000000",
    ],
)  # fmt: skip
def test_account_is_found_by_id_number_or_name(value: str) -> None:
    assert match_row(ACCOUNT, value, ACCOUNTS) == OTP


@pytest.mark.parametrize(
    "value", ["LT123456789012345678", "lt12 3456 7890 1234 5678", "number:LT12-3456-7890-1234-5678"]
)
def test_account_is_found_by_iban_however_it_is_spaced(value: str) -> None:
    assert match_row(ACCOUNT, value, ACCOUNTS) == IBAN


@pytest.mark.parametrize(
    "value",
    ["webshop", "Web", "4010", "id:WEB", "prefix:Webshop", "name:WEB", "name:40101", "prefix:40101", "", " ", "id:",
     "prefix:", "name:", "number:40101", "-", "٤٠١٠١"],
)  # fmt: skip
def test_nearly_is_not_at_all(value: str) -> None:
    with pytest.raises(InvalidValue, match="is not in this account") as caught:
        match_row(BLOCK, value, BLOCKS)
    assert "Webshop · WEB · id 40101" in caught.value.message
    assert "bokko billingo blocks" in caught.value.fix


DOMESTIC = OTP._replace(iban="HU42 1177 3016 1111 1018 0000 0000")
IBAN_ALONE = OTP._replace(number="HU42117730161111101800000000")


@pytest.mark.parametrize("account", [DOMESTIC, IBAN_ALONE, OTP._replace(number="11773016-11111018")])
@pytest.mark.parametrize("front", ["", "number:", "number: ", "Number:", " NUMBER : "])
@pytest.mark.parametrize(
    "value",
    [
        "11773016-11111018-00000000", "11773016-11111018", "1177301611111018", "117730161111101800000000",
        "HU42117730161111101800000000", "hu42 1177 3016 1111 1018 0000 0000", "HU42-1177-3016-1111-1018-0000-0000",
        "\u200e11773016-11111018", "11773016\u201311111018", "11773016\u201111111018\u201100000000",
        "11773016\u221211111018", "\ufeff1177\u00ad301611111018", "1177\u200b3016 11111018",
        "\u202a11773016\u202f11111018",
    ],
)  # fmt: skip
def test_every_form_of_one_account_finds_it(account: BankAccount, front: str, value: str) -> None:
    assert match_row(ACCOUNT, front + value, (ERSTE, account, IBAN)) == account


@pytest.mark.parametrize(
    "value",
    ["HU43117730161111101800000000", "11773016-11111018-00000001", "11773016", "117730161111101", "HU42", "name:HU42"],
)
def test_number_of_another_account_finds_none(value: str) -> None:
    with pytest.raises(InvalidValue, match="is not in this account"):
        match_row(ACCOUNT, value, (ERSTE, DOMESTIC, IBAN))


def test_last_group_that_is_not_zeros_tells_accounts_apart() -> None:
    one, other = (OTP._replace(id=number, number=f"11773016-11111018-0000000{number}") for number in (0, 1))
    assert match_row(ACCOUNT, "11773016-11111018", (one, other)) == one


@pytest.mark.parametrize(
    ("listed", "typed"),
    [
        ("Árvíztűrő", "A\u0301rvi\u0301ztu\u030bro\u030b"), ("A\u0301ru", "Áru"), ("Web  shop", "Web shop"),
        ("Web shop", "Web   shop"), ("Web\u00a0shop", "Web shop"), ("\u200eBolt", "Bolt"), ("Bolt", "\ufeffBolt "),
        ("So\u00adros", "Soros"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("front", ["", "name:"])
def test_names_that_look_the_same_are_the_same(listed: str, typed: str, front: str) -> None:
    row = Block(7, listed, "P")
    assert match_row(BLOCK, front + typed, (WEBSHOP, row)) is row
    assert match_row(BLOCK, front + listed, (WEBSHOP, row)).name == listed


@pytest.mark.parametrize("value", ["\u200e40101", "id:\ufeff40101", "prefix:\u200bWEB", "WEB\u200e"])
def test_invisible_characters_in_an_id_or_prefix_do_not_count(value: str) -> None:
    assert match_row(BLOCK, value, BLOCKS) == WEBSHOP


@pytest.mark.parametrize("value", ["", "-", " - ", "number:", "number:-"])
def test_account_without_a_number_is_not_found_by_none(value: str) -> None:
    with pytest.raises(InvalidValue):
        match_row(ACCOUNT, value, (OTP._replace(number=""), ERSTE._replace(name="")))


def test_prefix_of_another_row_that_looks_like_a_form_is_still_a_name() -> None:
    odd = Block(1, "cash:desk", "C:D")
    assert match_row(BLOCK, "cash:desk", (odd, WEBSHOP)) == odd
    assert match_row(BLOCK, "prefix:C:D", (odd, WEBSHOP)) == odd


@pytest.mark.parametrize(
    ("rows", "value"),
    [
        ((WEBSHOP, NAMED_LIKE_AN_ID), "40101"),
        ((WEBSHOP, BOLT._replace(prefix="Webshop")), "Webshop"),
        ((WEBSHOP, BOLT._replace(name="Webshop")), "name:Webshop"),
    ],
)
def test_value_that_fits_two_rows_is_refused_and_both_are_listed(rows: tuple[Row, ...], value: str) -> None:
    with pytest.raises(InvalidValue, match="matches 2 rows") as caught:
        match_row(BLOCK, value, rows)
    assert all(f"id {row.id}" in caught.value.message for row in rows)


def test_form_in_front_decides_between_them() -> None:
    rows = (WEBSHOP, NAMED_LIKE_AN_ID)
    assert match_row(BLOCK, "id:40101", rows) == WEBSHOP
    assert match_row(BLOCK, "name:40101", rows) == NAMED_LIKE_AN_ID


def test_row_that_fits_twice_is_one_row() -> None:
    same = Block(5, "5", "5")
    assert match_row(BLOCK, "5", (same, WEBSHOP)) == same


@pytest.mark.parametrize("value", ["Web\u00a0\u200bshop", "Web shop", "name:Web shop"])
def test_raw_name_fits_and_so_does_the_one_that_is_shown(value: str) -> None:
    row = Block(1, "Web\u00a0\u200bshop", "W")
    assert match_row(BLOCK, value, (row, BOLT)) == row


def test_no_match_lists_twenty_rows_and_counts_the_rest() -> None:
    rows = tuple(WEBSHOP._replace(id=number) for number in range(1, 1201))
    with pytest.raises(InvalidValue) as caught:
        match_row(BLOCK, "x", rows)
    assert caught.value.message.count(" · id ") == 20
    assert "… and 1,180 more: `bokko billingo blocks`" in caught.value.message


def test_value_from_outside_is_quoted_harmlessly() -> None:
    with pytest.raises(InvalidValue) as caught:
        match_row(BLOCK, "\x1b[31m\u202e" + "x" * 500, BLOCKS)
    assert "\x1b" not in caught.value.message
    assert "\u202e" not in caught.value.message
    assert caught.value.message.count("x") < 400


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("default_vat_rate", "27", "27%"),
        ("default_vat_rate", "27%", "27%"),
        ("default_vat_rate", "0", "0%"),
        ("default_vat_rate", " 0% ", "0%"),
        ("default_payment_method", "cash", "cash"),
        ("default_payment_method", "card", "card"),
        ("default_payment_method", "other", "other"),
        ("default_payment_method", "bank-transfer", "bank_transfer"),
        ("default_payment_method", "bank_transfer", "bank_transfer"),
        ("tax_number", "13421739-2-41", "13421739-2-41"),
        ("tax_number", "13421739241", "13421739-2-41"),
        ("tax_number", False, None),
        ("invoice_capable", True, True),
        ("invoice_capable", False, False),
        ("accepts_business_clients", False, False),
    ],
)
def test_value_of_a_flag_becomes_the_setting(name: str, text: str | bool, value: object) -> None:
    assert read_flags(SPEC, {name: text}).values == {name: value}


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("default_vat_rate", "5", "--vat is '5'; it must be one of: 27, 0"),
        ("default_vat_rate", "", "--vat is ''"),
        ("default_vat_rate", "٢٧", "--vat is"),
        ("default_payment_method", "wire", "must be one of: bank-transfer, card, cash, other"),
        ("tax_number", "12345678-2-41", "wrong check digit"),
        ("tax_number", "", "has the form"),
        ("document_block", "\udcff", "--block holds bytes that are not text"),
        ("tax_number", "\udcff", "--tax-number holds bytes that are not text"),
    ],
)
def test_wrong_value_names_its_flag_or_form(name: str, text: str, words: str) -> None:
    with pytest.raises(InvalidValue) as caught:
        read_flags(SPEC, {name: text})
    assert words in caught.value.message


def test_choices_are_shown_in_words() -> None:
    shown = {field.name: [choice.label for choice in field.choices] for field in SPEC.fields if field.choices}
    assert shown == {
        "default_vat_rate": ["27%", "0%"],
        "default_payment_method": ["bank transfer", "card", "cash", "other"],
    }


def test_flags_that_were_not_given_say_nothing() -> None:
    given = read_flags(SPEC, dict.fromkeys([field.name for field in SPEC.fields]))
    assert (given.values, given.to_match) == ({}, {})


@pytest.mark.parametrize("name", ["tax_number", "invoice_capable", "accepts_business_clients"])
def test_flag_together_with_its_no_form_is_refused(name: str) -> None:
    field = SPEC.field(name)
    with pytest.raises(InvalidValue, match=f"{field.flag} and {field.no_flag} cannot be used together"):
        as_one("x" if name == "tax_number" else True, True, field)


def test_empty_tax_number_is_a_value_and_not_an_absence() -> None:
    assert as_one("", False, SPEC.field("tax_number")) == ""
