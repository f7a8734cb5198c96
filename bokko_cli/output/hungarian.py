"""Sentences, dates and numbers in Hungarian; apart from the language's choice, since English needs no catalog."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from functools import cache
from gettext import GNUTranslations
from pathlib import Path

from bokko_cli.model.wording import NO_BREAK, translated
from bokko_cli.output.language import hours_of, in_own_zone

CATALOGS = Path(__file__).parent / "locale"
"""Where the catalogs are: `LANGUAGE/LC_MESSAGES/bokko.po`, and `.mo`, which is what is read."""

_SEPARATORS = str.maketrans({",": NO_BREAK, ".": ","})
_FIVE_DIGITS = 10_000
"""From here on Hungarian parts a number into thousands; it writes 1250 and 12 500."""


def in_hungarian(text: str) -> str:
    """Return a sentence in Hungarian, with its fields; anything else as it is."""
    return translated(text, _from_catalog, _field)


def _from_catalog(template: str, plural: str, count: int) -> str:
    return _catalog()(template, plural, count) if template else ""


@cache
def _catalog() -> Callable[[str, str, int], str]:
    with (CATALOGS / "hu" / "LC_MESSAGES" / "bokko.mo").open("rb") as file:
        found = GNUTranslations(file)
    return lambda one, many, count: found.ngettext(one, many, count) if many else found.gettext(one)


class _Figures:
    """A number as Hungarian writes it, in the form that the sentence asks for."""

    def __init__(self, number: float) -> None:
        self._number = number

    def __format__(self, form: str) -> str:
        usual = "," if isinstance(self._number, int) else ""
        shape = form or usual
        if abs(self._number) < _FIVE_DIGITS:
            shape = shape.replace(",", "")
        return format(self._number, shape).translate(_SEPARATORS)


def _field(value: object) -> object:
    """Return a field that is no text as Hungarian writes it."""
    match value:
        case bool():
            return str(value)
        case datetime():
            when, zone = in_own_zone(value)
            return f"{_day(when)}{NO_BREAK}{hours_of(when)}{zone}"
        case date():
            return _day(value)
        case timedelta():
            minutes, seconds = divmod(round(value.total_seconds()), 60)
            return f"{minutes // 60}:{minutes % 60:02}:{seconds:02}"
        case int() | float():
            return _Figures(value)
    return str(value)


def _day(day: date) -> str:
    return f"{day.year}.{NO_BREAK}{day.month:02}.{NO_BREAK}{day.day:02}."
