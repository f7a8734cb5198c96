"""Which language people read; and sentences, dates and numbers in English."""

from collections.abc import Mapping
from datetime import datetime
from typing import Literal

from bokko_cli.model.wording import NO_BREAK, translated

Language = Literal["en", "hu"]
_LOCALES = ("LC_ALL", "LC_MESSAGES", "LANG")


def language_of(environ: Mapping[str, str]) -> Language:
    """Return the language by BOKKO_LANG, else by the locale; whatever is not Hungarian is English."""
    match environ.get("BOKKO_LANG"):
        case "hu":
            return "hu"
        case "en":
            return "en"
    locale = next((environ[name] for name in _LOCALES if environ.get(name)), "")
    return "hu" if locale.replace("-", "_").split(".")[0].split("_")[0].lower() == "hu" else "en"


def in_english(text: str) -> str:
    """Return a sentence with its fields as English writes them; anything else as it is."""
    return translated(text, _as_it_stands, _field)


def _as_it_stands(template: str, plural: str, count: int) -> str:
    return plural if plural and count != 1 else template


def _field(value: object) -> object:
    """Return a field that is no text as English writes it."""
    if not isinstance(value, datetime):
        return value
    when, zone = in_own_zone(value)
    return f"{when.date()}{NO_BREAK}{hours_of(when)}{zone}"


def in_own_zone(when: datetime) -> tuple[datetime, str]:
    """Return a time as the reader's clock shows it, and the name of the zone where it is not theirs."""
    try:
        return when.astimezone(), ""
    except (OverflowError, OSError, ValueError):  # the first or the last day that there is, in another zone
        return when, f"{NO_BREAK}UTC"


def hours_of(when: datetime) -> str:
    """Return the hours and minutes of a time."""
    return when.time().isoformat("minutes")
