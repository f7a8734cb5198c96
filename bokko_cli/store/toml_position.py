"""Where in a TOML text something stands; found with the parser itself, which does not say."""

import re
import tomllib
from bisect import bisect_left
from collections.abc import Callable, Sequence
from typing import NamedTuple

from bokko_cli.model.wording import N_
from bokko_cli.store.toml_reason import toml_reason

_MOST_LINES = 5000
"""A longer text is no settings file; to search it would take long."""
_AT = re.compile(r" ?\(at line (\d+), column (\d+)\)$")
_QUOTED = re.compile(r"'[^']{12,}'|\"[^\"]{12,}\"")
"""What the parser repeats of the text, where it is long enough to be a key."""
_AT_END = " (at end of document)"


class Position(NamedTuple):
    """A line and a column, counted from one, and what the parser found wrong there."""

    line: int
    column: int
    reason: str


def line_of(text: str, path: Sequence[str]) -> int | None:
    """Return the line on which a key's value begins in a valid text; `None` where it has none.

    The first lines up to there, and no fewer, are a text that holds the key; lines that end inside of a value are no
    text at all and count with those behind them.
    """
    lines = text.replace("\r\n", "\n").split("\n")

    def holds(count: int) -> bool:
        for end in range(count, len(lines) + 1):
            content = _content("\n".join(lines[:end]))
            if content is not None:
                return _is_in(content, path)
        return False

    return _first(lines, holds)


def position_of(text: str, error: Exception) -> Position:
    """Return where a text stops being TOML; `error` is what `tomllib.loads` raised for it."""
    reason = _QUOTED.sub("…", str(error))
    at = _AT.search(reason)
    if at:
        return Position(int(at[1]), int(at[2]), toml_reason(reason[: at.start()]))
    lines = text.split("\n")
    if reason.endswith(_AT_END):
        return Position(len(lines), len(lines[-1]) + 1, toml_reason(reason.removesuffix(_AT_END)))
    # Neither a number of thousands of digits nor a value nested too deep tells its place, or is worth its words.
    line = _first(lines, lambda count: _is_beyond("\n".join(lines[:count]))) or 1
    return Position(line, 1, N_("a value that is too long or nested too deep"))


def _first(lines: Sequence[str], is_there: Callable[[int], bool]) -> int | None:
    """Return the first number of lines for which something is there; once there, it stays there."""
    if len(lines) > _MOST_LINES:
        return None
    found = 1 + bisect_left(range(1, len(lines) + 1), 1, key=is_there)
    return found if found <= len(lines) else None


def _content(text: str) -> object:
    try:
        return tomllib.loads(text)
    except (ValueError, RecursionError):
        return None


def _is_in(content: object, path: Sequence[str]) -> bool:
    for key in path:
        if not isinstance(content, dict) or key not in content:
            return False
        content = content[key]
    return True


def _is_beyond(text: str) -> bool:
    try:
        tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return False
    except (ValueError, RecursionError):
        return True
    return False
