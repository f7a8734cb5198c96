"""Who reads what the command line itself says, its help and its errors: in which language, and how wide."""

import os
import sys

from bokko_cli.cli.assembly import words_for
from bokko_cli.model.system_errors import reason_of
from bokko_cli.model.width import wrapped
from bokko_cli.model.wording import N_
from bokko_cli.output import streams
from bokko_cli.output.language import language_of
from bokko_cli.output.plain import in_encoding_of

LANGUAGE = language_of(os.environ)
"""Of this process: the tree of commands is made once."""

_translated = words_for(os.environ)

_INDENT = "  "
"""Of each line of a help page's end, which the parser sets in once more."""

NARROWEST_OF_PARSER = 60
"""The parser by itself writes for about so many columns, and a narrower terminal would break its words."""


def worded(text: str) -> str:
    """Return a text in the reader's language, in letters that standard output has."""
    told = _translated(text)
    if told.isascii() or sys.stdout is None or streams.is_unicode(sys.stdout):
        return told
    return in_encoding_of(sys.stdout, told)


def not_written(failure: OSError) -> str:
    """Return what is told of a help or a version that could not be printed."""
    return worded(N_("Error: The output could not be written: {reason}.", reason=reason_of(failure)))


def reader_columns() -> int:
    """Return how wide the reader's terminal is; where there is none, wide enough."""
    return streams.columns(1, 2)


def fitted(text: str) -> str:
    """Return the end of a help page, with lines broken that the parser would leave too long; a command stays whole."""
    room = reader_columns() - 3 * len(_INDENT)
    return "\n".join(part for line in worded(text).split("\n") for part in _parts(line, room))


def _parts(line: str, room: int) -> list[str]:
    if len(line) <= room + 2 * len(_INDENT) or line.startswith(2 * _INDENT):
        return [line]
    cells = [cell for cell in line.split(_INDENT) if cell.strip()]  # of a table: one below the other
    first, *rest = (part for cell in cells for part in wrapped(cell.strip(), room, breaks_words=False))
    return [f"{_INDENT}{first}", *(f"{_INDENT}{_INDENT}{part}" for part in rest)]


def is_parsers_own() -> bool:
    """Whether the parser's own words and lines will do: it speaks English, to terminals that are wide enough."""
    return LANGUAGE == "en" and reader_columns() >= NARROWEST_OF_PARSER
