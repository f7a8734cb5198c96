"""What the settings decide of an invoice, in Számlázz.hu's own words."""

from collections.abc import Mapping

from bokko_cli.model.values import BankAccount, Settings

_PAYMENT_METHODS = {"bank_transfer": "átutalás", "card": "bankkártya", "cash": "készpénz", "other": "egyéb"}


def variables(settings: Settings) -> Mapping[str, str | None]:
    """Return the settings as variables of a program, each by the end of its name; `None` is what is not set."""
    account = settings["bank_account"]
    named = {
        "PREFIX": settings["invoice_prefix"],
        "BANK_NAME": account.name if isinstance(account, BankAccount) else None,
        "BANK_ACCOUNT_NUMBER": account.number if isinstance(account, BankAccount) else None,
        "VAT": settings["default_vat_rate"],
        "PAYMENT_METHOD": _PAYMENT_METHODS[str(settings["default_payment_method"])],
    }
    return {name: str(value) if value else None for name, value in named.items()}
