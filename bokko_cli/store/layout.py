"""How a TOML file is laid out: what belongs to one table stands together before it is changed."""

import re
import tomllib
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field

_HEADER = re.compile(r"""\s*(\[\[?)\s*("[^"]*"|'[^']*'|[\w-]+)\s*([.\]])""")


@dataclass(slots=True)
class _Piece:
    """What stands from one header to the next; `top` is the table at the very top that it belongs to."""

    top: str = ""
    is_of_top_itself: bool = True
    lines: list[str] = field(default_factory=list)


def gathered(text: str) -> str:
    """Return a TOML text with the pieces of each table behind each other, the table's own keys first.

    The library that writes loses its way in others. A text that is so already, or cannot be told apart into its
    pieces, is returned as it is.
    """
    pieces = list(_pieces(text))
    tops = list(dict.fromkeys(piece.top for piece in pieces))
    ordered = sorted(pieces, key=lambda piece: (tops.index(piece.top), not piece.is_of_top_itself))
    if ordered == pieces:
        return text
    together = "".join("\n".join([*piece.lines, ""]) for piece in ordered)
    with suppress(ValueError, RecursionError):
        if tomllib.loads(together) == tomllib.loads(text):
            return together
    return text


def _pieces(text: str) -> Iterator[_Piece]:
    """Yield what stands before the first header, and then each header with what belongs to it.

    Comments right above a header go with it.
    """
    piece, above = _Piece(), list[str]()
    for line in text.removesuffix("\n").split("\n"):
        if header := _HEADER.match(line):
            yield piece
            brackets, top, end = header.groups()
            piece = _Piece(top.strip("\"'"), is_of_top_itself=brackets == "[" and end == "]", lines=[*above, line])
            above.clear()
        elif line.lstrip().startswith("#"):
            above.append(line)
        else:
            piece.lines += [*above, line]
            above.clear()
    piece.lines += above
    yield piece
