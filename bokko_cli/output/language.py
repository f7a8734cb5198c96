"""Which language people read, and sentences, dates and numbers in it."""

from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Literal

from bokko_cli.model.wording import NO_BREAK, translated

Language = Literal["en", "hu"]
FOLDER = Path(__file__).parent / "locale"
"""Where the catalogs are: `LANGUAGE/LC_MESSAGES/bokko.po`, and `.mo`, which is what is read."""

_LOCALES = ("LC_ALL", "LC_MESSAGES", "LANG")
_SEPARATORS = str.maketrans({",": NO_BREAK, ".": ","})
_FIVE_DIGITS = 10_000
"""From here on Hungarian parts a number into thousands; it writes 1250 and 12 500."""


def language_of(environ: Mapping[str, str]) -> Language:
    """Return the language by BOKKO_LANG, else by the locale; whatever is not Hungarian is English."""
    match environ.get("BOKKO_LANG"):
        case "hu":
            return "hu"
        case "en":
            return "en"
    locale = next((environ[name] for name in _LOCALES if environ.get(name)), "")
    return "hu" if locale.replace("-", "_").split(".")[0].split("_")[0].lower() == "hu" else "en"


def in_language(language: Language) -> Callable[[str], str]:
    """Return what turns a text into the language: a sentence with its fields, anything else as it is."""
    if language == "en":
        return lambda text: translated(text, _as_it_stands, _in_english)
    catalog = _catalog(language)

    def from_catalog(template: str, plural: str, count: int) -> str:
        return catalog(template, plural, count) if template else ""

    return lambda text: translated(text, from_catalog, _in_hungarian)


def _as_it_stands(template: str, plural: str, count: int) -> str:
    return plural if plural and count != 1 else template


@cache
def _catalog(language: Language) -> Callable[[str, str, int], str]:
    from gettext import GNUTranslations  # noqa: PLC0415 - English is read without it

    with (FOLDER / language / "LC_MESSAGES" / "bokko.mo").open("rb") as file:
        found = GNUTranslations(file)
    return lambda one, many, count: found.ngettext(one, many, count) if many else found.gettext(one)


def _in_english(value: object) -> object:
    """Return a field that is no text as English writes it."""
    if not isinstance(value, datetime):
        return value
    when, zone = _in_own_zone(value)
    return f"{when.date()}{NO_BREAK}{_time(when)}{zone}"


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


def _in_hungarian(value: object) -> object:
    """Return a field that is no text as Hungarian writes it."""
    match value:
        case bool():
            return str(value)
        case datetime():
            when, zone = _in_own_zone(value)
            return f"{_day(when)}{NO_BREAK}{_time(when)}{zone}"
        case date():
            return _day(value)
        case timedelta():
            minutes, seconds = divmod(round(value.total_seconds()), 60)
            return f"{minutes // 60}:{minutes % 60:02}:{seconds:02}"
        case int() | float():
            return _Figures(value)
    return str(value)


def _in_own_zone(when: datetime) -> tuple[datetime, str]:
    """Return a time as the reader's clock shows it, and the name of the zone where it is not theirs."""
    try:
        return when.astimezone(), ""
    except (OverflowError, OSError, ValueError):  # the first or the last day that there is, in another zone
        return when, f"{NO_BREAK}UTC"


def _time(when: datetime) -> str:
    return when.time().isoformat("minutes")


def _day(day: date) -> str:
    return f"{day.year}.{NO_BREAK}{day.month:02}.{NO_BREAK}{day.day:02}."
