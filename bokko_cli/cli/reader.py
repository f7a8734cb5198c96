"""Who reads what the command line itself says, its help and its errors: in which language, and how wide."""

import os
import sys
from typing import TypedDict

from typer.core import TyperCommand, TyperGroup

from bokko_cli.cli.guesses import Guessing
from bokko_cli.output import streams
from bokko_cli.output.language import in_language, language_of

LANGUAGE = language_of(os.environ)
"""Of this process: the tree of commands is made once."""

_translated = in_language(LANGUAGE)

_INDENT = "  "
"""Of each line of a help page's end, which the parser sets in once more."""

NARROWEST_OF_PARSER = 60
"""The parser by itself writes for about so many columns, and a narrower terminal would break its words."""


def worded(text: str) -> str:
    """Return a text in the reader's language, in letters that standard output has."""
    told = _translated(text)
    if told.isascii() or sys.stdout is None or streams.is_unicode(sys.stdout):
        return told
    from bokko_cli.output.plain import in_encoding_of

    return in_encoding_of(sys.stdout, told)


def columns() -> int:
    """Return how wide the reader's terminal is; where there is none, wide enough."""
    return streams.columns(1, 2)


def fitted(text: str) -> str:
    """Return the end of a help page, with lines broken that the parser would leave too long; a command stays whole."""
    room = columns() - 3 * len(_INDENT)
    return "\n".join(part for line in worded(text).split("\n") for part in _parts(line, room))


def _parts(line: str, room: int) -> list[str]:
    if len(line) <= room + 2 * len(_INDENT) or line.startswith(2 * _INDENT):
        return [line]
    from bokko_cli.model.width import wrapped

    cells = [cell for cell in line.split(_INDENT) if cell.strip()]  # of a table: one below the other
    first, *rest = (part for cell in cells for part in wrapped(cell.strip(), room, breaks_words=False))
    return [f"{_INDENT}{first}", *(f"{_INDENT}{_INDENT}{part}" for part in rest)]


def _does_parser_do() -> bool:
    return LANGUAGE == "en" and columns() >= NARROWEST_OF_PARSER


class _WordsOfCommand(TypedDict, total=False):
    cls: type[TyperCommand]
    options_metavar: str


class _WordsOfGroup(TypedDict, total=False):
    cls: type[TyperGroup]
    options_metavar: str
    subcommand_metavar: str


def words_of_command() -> _WordsOfCommand:
    """Return what puts the parser's own words into the reader's language and width; it speaks English by itself."""
    if _does_parser_do():
        return {}
    from bokko_cli.cli.parser_words import OPTIONS, SpeakingCommand

    return {"cls": SpeakingCommand, "options_metavar": worded(OPTIONS)}


def words_of_group() -> _WordsOfGroup:
    """Return the same for a group of commands."""
    if _does_parser_do():
        return {"cls": Guessing}
    from bokko_cli.cli.parser_words import COMMANDS, OPTIONS, SpeakingGroup

    return {"cls": SpeakingGroup, "options_metavar": worded(OPTIONS), "subcommand_metavar": worded(COMMANDS)}
