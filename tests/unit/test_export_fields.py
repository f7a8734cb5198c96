"""What the settings decide of a draft at Billingo, member by member."""

import pytest

from bokko_cli.model.values import BankAccount, Settings
from bokko_cli.providers.billingo import export
from tests.fakes import ERSTE, OTP, WEBSHOP

SETTINGS: Settings = {
    "document_block": WEBSHOP,
    "bank_account": OTP,
    "default_vat_rate": "27%",
    "default_payment_method": "bank_transfer",
}


def test_draft_is_what_the_settings_say_and_is_mailed_to_nobody() -> None:
    assert export.draft(SETTINGS) == {
        "type": "draft",
        "block_id": 40101,
        "bank_account_id": 7001,
        "payment_method": "wire_transfer",
        "currency": "HUF",
        "language": "hu",
        "electronic": False,
        "settings": {"should_send_email": False},
    }


def test_variables_are_texts_by_the_ends_of_their_names() -> None:
    assert export.variables(SETTINGS) == {
        "BLOCK_ID": "40101",
        "BANK_ACCOUNT_ID": "7001",
        "CURRENCY": "HUF",
        "PAYMENT_METHOD": "wire_transfer",
        "VAT": "27%",
    }


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [("bank_transfer", "wire_transfer"), ("card", "bankcard"), ("cash", "cash"), ("other", "other")],
)
def test_payment_method_is_in_billingos_word(ours: str, theirs: str) -> None:
    assert export.payment_method({**SETTINGS, "default_payment_method": ours}) == theirs


@pytest.mark.parametrize(
    ("account", "currency"),
    [(OTP, "HUF"), (ERSTE, "EUR"), (BankAccount(7, "Bank", "1", ""), "HUF"), (None, "HUF")],
)
def test_currency_is_the_bank_accounts_and_forints_where_it_has_none(
    account: BankAccount | None, currency: str
) -> None:
    assert export.currency({**SETTINGS, "bank_account": account}) == currency


def test_row_that_is_not_picked_has_no_id() -> None:
    nothing: Settings = {**SETTINGS, "document_block": None, "bank_account": None}
    assert (export.draft(nothing)["block_id"], export.draft(nothing)["bank_account_id"]) == (None, None)
