"""Words in lines: how wide they are, where they break, how they are painted; pure."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from rich.cells import cell_len, chop_cells

_CODES = {"bold": "1", "red": "31", "green": "32", "yellow": "33", "cyan": "36"}


class Look(NamedTuple):
    """What a stream can show: its width in cells, whether it takes colours and more than ASCII."""

    width: int
    has_color: bool
    is_unicode: bool


class Styled(NamedTuple):
    """Words and how they look: `bold`, a colour, or both with a blank between."""

    text: str
    style: str = ""


Line = list[Styled]


def wrapped(spans: Sequence[Styled], width: int) -> list[Line]:
    """Break words into lines of at most so many cells, between words where that is possible."""
    lines: list[Line] = [[]]
    for word, style in _words(spans, width):
        gap = 1 if lines[-1] else 0
        if length(lines[-1]) + gap + cell_len(word) > width:
            lines.append([])
            gap = 0
        _append(lines[-1], Styled(" " * gap + word, style))
    return lines


def length(line: Line) -> int:
    """Return the cells that a line takes: some letters take two."""
    return sum(cell_len(span.text) for span in line)


def painted(line: Line, look: Look) -> str:
    """Return a line as text, with the codes of its colours where they are wanted."""
    return "".join(_paint(span) if look.has_color and span.style else span.text for span in line)


def _append(line: Line, span: Styled) -> None:
    """Add words to a line, to its last span where the look is the same."""
    if line and line[-1].style == span.style:
        span = Styled(line.pop().text + span.text, span.style)
    line.append(span)


def _words(spans: Sequence[Styled], width: int) -> Iterator[Styled]:
    for text, style in spans:
        for word in text.split():
            for piece in chop_cells(word, width) if cell_len(word) > width else (word,):
                yield Styled(piece, style)


def _paint(span: Styled) -> str:
    codes = ";".join(_CODES[name] for name in span.style.split())
    return f"\x1b[{codes}m{span.text}\x1b[0m"
