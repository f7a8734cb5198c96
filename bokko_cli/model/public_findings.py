"""What `doctor` finds, built only from what anybody may read: its output is pasted into public tickets.

A finding is a marked sentence whose fields are numbers, dates or `Harmless` texts. `Harmless` is made by the functions
below alone, each of which lets one kind of text through. So a key, a name or a variable's value cannot be shown by
oversight: a sentence with any other text in it is refused.
"""

import re
from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import PurePath
from typing import get_args
from urllib.parse import urlsplit

from bokko_cli.errors import ExitCode
from bokko_cli.model.text import shown
from bokko_cli.model.values import PROFILE_NAME, Item, Section
from bokko_cli.model.wording import Sentence, Whole

SECTIONS: tuple[Section, ...] = get_args(Section)

_IDENTIFIER = re.compile(r"[A-Za-z_][A-Za-z0-9_ ]{0,60}")
_VERSION = re.compile(r"[A-Za-z0-9][A-Za-z0-9.+_-]{0,60}")
_COMMAND = re.compile(r"bokko( [a-z0-9_-]+)+")
_ITEM = re.compile(r"[A-Za-z0-9_.-]{1,80}")
_UNNAMED = "?"


class Harmless(str):
    """A text that may stand in public."""

    __slots__ = ()


class _ToCopy(Harmless, Whole):
    """Such a text that no line breaks."""

    __slots__ = ()


class Unsafe(TypeError):
    """A finding that holds a text nobody has called harmless; it is not shown."""


def well(section: Section, item: str, message: Sentence) -> Item:
    """Return that something is as it should be."""
    return _checked(Item(section, item, "ok", message))


def doubtful(section: Section, item: str, message: Sentence, fix: Sentence) -> Item:
    """Return that something may cause trouble."""
    return _checked(Item(section, item, "warning", message, fix))


def wrong(section: Section, item: str, message: Sentence, fix: Sentence) -> Item:
    """Return that something keeps a command from working."""
    return _checked(Item(section, item, "problem", message, fix))


def exit_code_of_findings(items: Iterable[Item]) -> ExitCode:
    """Return the exit code that `doctor` ends with."""
    return ExitCode.NOT_READY if any(item.level == "problem" for item in items) else ExitCode.DONE


def identifier(name: str) -> Harmless:
    """Let the name of a class, a variable, a code or a field through, and `?` for what is none."""
    return Harmless(name if _IDENTIFIER.fullmatch(name) else _UNNAMED)


def dotted(names: Iterable[str], known: Iterable[str]) -> Harmless:
    """Let the name of a field through, part by part, where it is one that we write; a stray one may be a key."""
    allowed = frozenset(known)
    return Harmless(".".join(name if name in allowed else _UNNAMED for name in names))


def version(text: str) -> Harmless:
    """Let a version, the name of a system or of a machine through."""
    return Harmless(text if _VERSION.fullmatch(text) else _UNNAMED)


def host(url: str) -> Harmless:
    """Let the host of an address through, without its path, its port and whoever is named in it."""
    try:
        return Harmless(shown(urlsplit(url).hostname or _UNNAMED))
    except ValueError:
        return Harmless(_UNNAMED)


def profile(name: str) -> Harmless:
    """Let a profile's name through."""
    return Harmless(name if PROFILE_NAME.fullmatch(name) else _UNNAMED)


def title(text: str) -> Harmless:
    """Let a provider's own title through."""
    return Harmless(text)


def command(text: str) -> Harmless:
    """Let one of our own commands through; raises Unsafe for anything else."""
    if not _COMMAND.fullmatch(text):
        raise Unsafe("not a command of ours")
    return _ToCopy(text)


def mode(bits: int) -> Harmless:
    """Let the rights of a file through, as chmod takes them."""
    return Harmless(f"{bits & 0o777:04o}")


def place(path: PurePath, named: Mapping[str, str]) -> Harmless:
    """Let a path through, with a name for the folders that say whose machine it is.

    `named` holds what stands for a folder (`~`, `$XDG_CONFIG_HOME`) and the folder, in the order in which they are
    tried.
    """
    for name, folder in named.items():
        if folder and path.is_relative_to(folder) and len(PurePath(folder).parts) > 1:
            rest = path.relative_to(folder).parts
            return _ToCopy(shown("/".join((name, *rest))))
    return _ToCopy(shown(str(path)))


def together(texts: Iterable[Harmless]) -> Harmless:
    """Return several as one list."""
    return Harmless(", ".join(texts))


def _checked(item: Item) -> Item:
    if not _ITEM.fullmatch(item.item):
        raise Unsafe("the item's name")
    for sentence in (item.message, item.fix):
        if sentence is not None:
            _refuse_foreign(sentence)
    return item


def _refuse_foreign(sentence: Sentence) -> None:
    for part in sentence.parts:
        if isinstance(part, Sentence):
            _refuse_foreign(part)
        else:
            raise Unsafe("a line that is no marked sentence")
    for name, value in sentence.fields.items():
        if isinstance(value, Sentence):
            _refuse_foreign(value)
        elif not isinstance(value, Harmless | int | float | date):
            raise Unsafe(f"the field {name}")
