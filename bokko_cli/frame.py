"""A frame round rows of words, drawn to a width; pure.

Drawn here and not by rich, whose console costs five times as much to import as the interpreter: `status` has to feel
instant.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from rich.cells import cell_len, chop_cells

_CODES = {"bold": "1", "red": "31", "green": "32", "yellow": "33", "cyan": "36"}
_LABEL_AT_MOST = 24
_GAP = 2
_NARROWEST = 20


class Look(NamedTuple):
    """What a stream can show: its width in cells, whether it takes colours and more than ASCII."""

    width: int
    has_color: bool
    is_unicode: bool


class Styled(NamedTuple):
    """Words and how they look: `bold`, a colour, or both with a blank between."""

    text: str
    style: str = ""


class Row(NamedTuple):
    """A label and a value beside it."""

    label: Styled
    value: Styled


class Paragraph(NamedTuple):
    """Words over the whole width, indented."""

    words: tuple[Styled, ...]
    indent: int = 0


class Frame(NamedTuple):
    """What stands in a frame, and the words on its edge."""

    title: str
    content: Sequence[Row | Paragraph]


Line = list[Styled]


def framed(frame: Frame, look: Look) -> str:
    """Return the frame drawn; nothing is cut, what is too wide goes on in the next line."""
    width = max(look.width, _NARROWEST)
    room = width - 4
    labels = _label_width(frame.content, room)
    lines = [line for part in frame.content for line in _lines(part, labels, room)]
    top, bottom, side = _borders(frame.title, width, look)
    body = [f"{side} {_painted(line, look)}{' ' * (room - _length(line))} {side}" for line in lines]
    return "\n".join([top, *body, bottom])


def _borders(title: str, width: int, look: Look) -> tuple[str, str, str]:
    left, right, low_left, low_right, flat, side = "╭╮╰╯─│" if look.is_unicode else "++++-|"
    shown = next(iter(chop_cells(title, width - 6)), "")
    top = f"{left}{flat} {shown} {flat * (width - 5 - cell_len(shown))}{right}"
    return top, f"{low_left}{flat * (width - 2)}{low_right}", side


def _label_width(content: Sequence[Row | Paragraph], room: int) -> int:
    longest = max((cell_len(part.label.text) for part in content if isinstance(part, Row)), default=0)
    return min(longest, _LABEL_AT_MOST, max(room * 9 // 20, 8))


def _lines(part: Row | Paragraph, labels: int, room: int) -> Iterator[Line]:
    if isinstance(part, Paragraph):
        for line in _wrapped(part.words, room - part.indent):
            yield [Styled(" " * part.indent), *line]
        return
    left = _wrapped((part.label,), labels)
    right = _wrapped((part.value,), room - labels - _GAP)
    for index in range(max(len(left), len(right))):
        label = left[index] if index < len(left) else []
        value = right[index] if index < len(right) else []
        yield [*label, Styled(" " * (labels + _GAP - _length(label))), *value]


def _wrapped(spans: Sequence[Styled], width: int) -> list[Line]:
    lines: list[Line] = [[]]
    for word, style in _words(spans, width):
        gap = 1 if lines[-1] else 0
        if _length(lines[-1]) + gap + cell_len(word) > width:
            lines.append([])
            gap = 0
        _append(lines[-1], Styled(" " * gap + word, style))
    return lines


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


def _length(line: Line) -> int:
    return sum(cell_len(span.text) for span in line)


def _painted(line: Line, look: Look) -> str:
    return "".join(_paint(span) if look.has_color and span.style else span.text for span in line)


def _paint(span: Styled) -> str:
    codes = ";".join(_CODES[name] for name in span.style.split())
    return f"\x1b[{codes}m{span.text}\x1b[0m"
