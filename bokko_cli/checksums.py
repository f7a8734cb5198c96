"""Check digits of what a person types."""

import re

from stdnum.exceptions import ValidationError
from stdnum.hu import anum

from bokko_cli.errors import InvalidValue

_TAX_NUMBER = re.compile(r"(\d{8})-?([1-5])-?(\d{2})")
_FIX = "Type it as on an invoice, like 13421739-2-41."


def tax_number(text: str) -> str:
    """Return a Hungarian tax number as `13421739-2-41`; raises InvalidValue for a wrong form or check digit."""
    found = _TAX_NUMBER.fullmatch("".join(text.split()))
    if not found or not found[0].isascii():
        raise InvalidValue("A tax number has the form 12345678-1-12: eight digits, one from 1 to 5, two.", fix=_FIX)
    base, vat, county = found.groups()
    try:
        anum.validate(base)
    except ValidationError:
        raise InvalidValue(f"Tax number {base}-{vat}-{county} has a wrong check digit.", fix=_FIX) from None
    if base == "00000000":
        raise InvalidValue("A tax number cannot be all zeros.", fix=_FIX)
    return f"{base}-{vat}-{county}"


def is_tax_number(text: str) -> bool:
    """Whether `tax_number` would take it."""
    try:
        tax_number(text)
    except InvalidValue:
        return False
    return True
