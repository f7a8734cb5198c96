"""The language of whoever reads what the command line itself says: its help, and what it does not understand."""

import os
from typing import TypedDict

from typer.core import TyperCommand, TyperGroup

from bokko_cli.cli.guesses import Guessing
from bokko_cli.output.language import in_language, language_of

LANGUAGE = language_of(os.environ)
"""Of this process: the tree of commands is made once."""

worded = in_language(LANGUAGE)


class _WordsOfCommand(TypedDict, total=False):
    cls: type[TyperCommand]
    options_metavar: str


class _WordsOfGroup(TypedDict, total=False):
    cls: type[TyperGroup]
    options_metavar: str
    subcommand_metavar: str


def words_of_command() -> _WordsOfCommand:
    """Return what puts the parser's own words into the reader's language; it speaks English by itself."""
    if LANGUAGE == "en":
        return {}
    from bokko_cli.cli.parser_words import OPTIONS, SpeakingCommand

    return {"cls": SpeakingCommand, "options_metavar": worded(OPTIONS)}


def words_of_group() -> _WordsOfGroup:
    """Return the same for a group of commands."""
    if LANGUAGE == "en":
        return {"cls": Guessing}
    from bokko_cli.cli.parser_words import COMMANDS, OPTIONS, SpeakingGroup

    return {"cls": SpeakingGroup, "options_metavar": worded(OPTIONS), "subcommand_metavar": worded(COMMANDS)}
