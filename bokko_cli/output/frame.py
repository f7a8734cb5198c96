"""A frame round rows of words, drawn to a width; pure.

Drawn here and not by rich, whose console costs five times as much to import as the interpreter: `status` has to feel
instant.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from rich.cells import cell_len, chop_cells

from bokko_cli.output.line import Line, Look, Styled, length, painted, wrapped

_LABEL_AT_MOST = 24
_GAP = 2
_NARROWEST = 20


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


def framed(frame: Frame, look: Look) -> str:
    """Return the frame drawn; nothing is cut, what is too wide goes on in the next line."""
    width = max(look.width, _NARROWEST)
    room = width - 4
    labels = _label_width(frame.content, room)
    lines = [line for part in frame.content for line in _lines(part, labels, room)]
    top, bottom, side = _borders(frame.title, width, look)
    body = [f"{side} {painted(line, look)}{' ' * (room - length(line))} {side}" for line in lines]
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
        for line in wrapped(part.words, room - part.indent):
            yield [Styled(" " * part.indent), *line]
        return
    left = wrapped((part.label,), labels)
    right = wrapped((part.value,), room - labels - _GAP)
    for index in range(max(len(left), len(right))):
        label = left[index] if index < len(left) else []
        value = right[index] if index < len(right) else []
        yield [*label, Styled(" " * (labels + _GAP - length(label))), *value]
