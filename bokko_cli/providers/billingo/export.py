"""What the settings decide of a document, in Billingo's own words."""

from collections.abc import Mapping

from bokko_cli.model.values import BankAccount, Block, Settings

FORINT = "HUF"
_PAYMENT_METHODS = {"bank_transfer": "wire_transfer", "card": "bankcard", "cash": "cash", "other": "other"}


def draft(settings: Settings) -> Mapping[str, object]:
    """Return what the settings decide of a draft, and nothing that belongs to one invoice."""
    return {
        "type": "draft",
        "block_id": _id(settings["document_block"]),
        "bank_account_id": _id(settings["bank_account"]),
        "payment_method": payment_method(settings),
        "currency": currency(settings),
        "language": "hu",
        "electronic": False,
        "settings": {"should_send_email": False},
    }


def variables(settings: Settings) -> Mapping[str, str | None]:
    """Return the settings as variables of a program, each by the end of its name."""
    return {
        "BLOCK_ID": str(_id(settings["document_block"])),
        "BANK_ACCOUNT_ID": str(_id(settings["bank_account"])),
        "CURRENCY": currency(settings),
        "PAYMENT_METHOD": payment_method(settings),
        "VAT": str(settings["default_vat_rate"]),
    }


def payment_method(settings: Settings) -> str:
    """Return Billingo's word for the payment method."""
    return _PAYMENT_METHODS[str(settings["default_payment_method"])]


def currency(settings: Settings) -> str:
    """Return the bank account's currency: what an invoice that is paid into it is made out in."""
    account = settings["bank_account"]
    return (account.currency if isinstance(account, BankAccount) else None) or FORINT


def _id(row: object) -> int | None:
    return row.id if isinstance(row, Block | BankAccount) else None
