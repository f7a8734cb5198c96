"""A page of labels and values, as commands describe it and whoever draws it reads it; plain values."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple


class Styled(NamedTuple):
    """Words, or a time, and how they look: `bold`, a colour, or both with a blank between."""

    text: str | date
    style: str = ""


class Entry(NamedTuple):
    """A label and a value beside it."""

    label: Styled
    value: Styled


class Paragraph(NamedTuple):
    """Words over the whole width, below a label of their own if they have one; `indent` in blanks."""

    words: Styled
    label: Styled | None = None
    indent: int = 0


BLANK = Paragraph(Styled(""))


class Page(NamedTuple):
    """What stands in a frame, and the words on its edge."""

    title: str
    content: Sequence[Entry | Paragraph]
