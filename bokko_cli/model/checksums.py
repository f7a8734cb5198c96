"""Check digits of what a person types."""

import re
from itertools import cycle

from stdnum import iban
from stdnum.exceptions import ValidationError
from stdnum.hu import anum

from bokko_cli.errors import InvalidValue
from bokko_cli.model.text import bare_number, cleaned_number, shown
from bokko_cli.model.wording import N_

_TAX_NUMBER = re.compile(r"(\d{8})-?([1-5])-?(\d{2})")
_DOMESTIC = re.compile(r"[0-9]{16}([0-9]{8})?")
_WHOLE_ACCOUNT = 24
_COUNTRY_AND_CHECK = 4
_ACCOUNT_FIX = N_("Type it as the bank writes it, like 11773016-11111018-00000000.")
_FIX = N_("Type it as on an invoice, like 13421739-2-41.")


def tax_number(text: str) -> str:
    """Return a Hungarian tax number as `13421739-2-41`; raises InvalidValue for a wrong form or check digit."""
    found = _TAX_NUMBER.fullmatch(cleaned_number(text).replace(" ", ""))
    if not found or not found[0].isascii():
        raise InvalidValue(
            N_("A tax number has the form 12345678-1-12: eight digits, one digit from 1 to 5, two digits."), fix=_FIX
        )
    base, vat, county = found.groups()
    try:
        anum.validate(base)
    except ValidationError:
        raise InvalidValue(
            N_("Tax number {number} has a wrong check digit.", number=f"{base}-{vat}-{county}"), fix=_FIX
        ) from None
    if base == "00000000":
        raise InvalidValue(N_("A tax number cannot be all zeros."), fix=_FIX)
    return f"{base}-{vat}-{county}"


def account_number(text: str) -> str:
    """Return a bank account number: `8-8`, `8-8-8` or an IBAN; raises InvalidValue for a wrong form or check digit."""
    bare = bare_number(text)
    if bare[:2].isalpha():
        return _iban(bare)
    if not _DOMESTIC.fullmatch(bare):
        raise InvalidValue(N_("A bank account number has 16 or 24 digits, or is an IBAN."), fix=_ACCOUNT_FIX)
    if int(bare) == 0 or any(_weighted(part) % 10 for part in (bare[:8], bare[8:])):
        raise InvalidValue(N_("The bank account number has a wrong check digit."), fix=_ACCOUNT_FIX)
    return "-".join(bare[start : start + 8] for start in range(0, len(bare), 8))


def same_account(number: str) -> str:
    """Return what every way of writing one bank account has in common: the 24 digits, or the IBAN.

    A last group of zeros may be left out. What is no account number comes back bare.
    """
    bare = bare_number(number)
    if bare.startswith("HU") and iban.is_valid(bare):
        bare = bare[_COUNTRY_AND_CHECK:]
    return bare.ljust(_WHOLE_ACCOUNT, "0") if _DOMESTIC.fullmatch(bare) else bare


def free_text(text: str) -> str:
    """Return text without blanks round it; raises InvalidValue for characters that no name has."""
    clean = text.strip()
    if shown(clean) != clean:
        raise InvalidValue(
            N_("The text contains characters that cannot be shown."), fix=N_("Type it again without them.")
        )
    return clean


def _iban(bare: str) -> str:
    try:
        return str(iban.validate(bare))
    except ValidationError:
        raise InvalidValue(N_("The IBAN has a wrong form or checksum."), fix=_ACCOUNT_FIX) from None


def _weighted(digits: str) -> int:
    """Sum of the digits by the weights of Hungarian account numbers; a whole part gives a multiple of ten."""
    return sum(int(digit) * weight for digit, weight in zip(digits, cycle((9, 7, 3, 1)), strict=False))


def is_tax_number(text: str) -> bool:
    """Whether `tax_number` would take it."""
    try:
        tax_number(text)
    except InvalidValue:
        return False
    return True
