"""What in the settings cannot be understood, said without showing a secret that stands in a wrong place."""

import errno
import re
from collections.abc import Sequence
from datetime import date, time
from pathlib import Path
from typing import NamedTuple

from bokko_cli.errors import SettingsUnreadable
from bokko_cli.model.text import quoted
from bokko_cli.model.wording import N_, lines, plural
from bokko_cli.store.toml_position import line_of

A_TIME = N_("a time with its zone, such as 2026-11-22T21:57:40Z")
A_DAY = N_("a date, such as 2027-12-31")
A_TEXT = N_("a text in quotes")
A_TABLE = N_("a table")
AN_ADDRESS = N_("an address, such as https://host/path")
A_HINT = N_("the last four characters of the key")
A_PROVIDER = N_("the name of a provider")

_SHORTEST_KEY = 12
_LONGEST_WORD = 24
_WORD = re.compile(r"[!-~]{24,}")
_MOMENT = re.compile(r"\d{4}-\d\d-\d\d([Tt ]\d\d:\d\d(:\d\d(\.\d{1,9})?)?([Zz]|[+-]\d\d:\d\d)?)?")


class Fault(NamedTuple):
    """A value of a settings file that cannot be understood, by its keys from the top, and what is allowed there."""

    path: tuple[str, ...]
    found: object
    """The value; `None`, which TOML has not, where there is none."""
    allowed: str


def unreadable(path: Path, text: str, faults: Sequence[Fault], fix: str) -> SettingsUnreadable:
    """Return the one error that names all faults of a file, each with its line."""
    head = plural(
        "The settings file {path} has a value that cannot be understood:",
        "The settings file {path} has {count} values that cannot be understood:",
        len(faults),
        path=path,
    )
    told = sorted((_line(fault, text), index) for index, fault in enumerate(faults))
    return SettingsUnreadable(lines(head, *(_said(faults[index], line) for line, index in told)), fix=fix)


def as_found(value: object) -> str:
    """Return a value as an error shows it: short, and never one that could be a key."""
    match value:
        case bool():
            return "true" if value else "false"
        case str():
            return f'"{quoted(value)}"' if is_harmless(value) else _hidden(len(value))
        case int() | float():
            return str(value) if len(str(value)) < _SHORTEST_KEY else _hidden(len(str(value)))
        case date() | time():
            return str(value)
        case list():
            return N_("a list")
    return A_TABLE


def is_harmless(text: str) -> bool:
    """Whether a text is surely no key: a date, or so short or plain that no key looks like it."""
    bare = "".join(text.split())
    if _MOMENT.fullmatch(text) or len(bare) < _SHORTEST_KEY:
        return True
    return len(bare) < _LONGEST_WORD and not any(character.isdigit() for character in bare)


def is_like_a_key(text: str) -> bool:
    """Whether a text is one word as long as a key, in letters that a key may have."""
    return _WORD.fullmatch(text.strip()) is not None and not is_harmless(text)


def advice(path: Path, error: OSError) -> str:
    """Return what to do about a file that is there and cannot be read."""
    if error.errno in (errno.EACCES, errno.EPERM):
        return N_("Check who owns {path} and the folders above it, and who may read them.", path=path)
    if error.errno in (errno.EISDIR, errno.ENOTDIR):
        return N_("{path} must be a file in a folder: move away whatever is in its place.", path=path)
    if error.errno == errno.ELOOP:
        return N_("{path} is a broken link: remove it, or point it to a file.", path=path)
    return N_("Check the disk and the folder that {path} is in.", path=path)


def _hidden(length: int) -> str:
    return N_("a value of {count} characters (it may be a key and is not shown)", count=length)


def _line(fault: Fault, text: str) -> int:
    """Return the line of a value, or of the table that lacks it."""
    return line_of(text, fault.path[:-1] if fault.found is None else fault.path) or 1


def _said(fault: Fault, line: int) -> str:
    *above, key = fault.path
    if fault.found is None:
        return N_("    line {line}: no {key} in [{table}]", line=line, key=key, table=".".join(above))
    return N_(
        "    line {line}: {key} is {found}; allowed: {allowed}",
        line=line,
        key=".".join(fault.path),
        found=as_found(fault.found),
        allowed=fault.allowed,
    )
