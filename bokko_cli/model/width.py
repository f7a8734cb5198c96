"""How much room words take on a terminal: a wide letter takes two columns, an accent on its own none."""

import unicodedata
from collections.abc import Iterator

from bokko_cli.model.wording import NO_BREAK, WHOLE_BLANK

_NO_ROOM = frozenset({"Mn", "Me", "Mc", "Cf", "Cc"})
_VOWELS_OF_SYLLABLES = range(0x1160, 0x1200)


def columns_of(text: str) -> int:
    """Return how many columns a text takes."""
    return len(text) if text.isascii() else sum(map(_columns, text))


def padded(text: str, columns: int) -> str:
    """Return text with blanks behind it up to so many columns."""
    return text + " " * (columns - columns_of(text))


def with_plain_blanks(text: str) -> str:
    """Return text whose lines are broken already: blanks that no line may break at are plain ones again."""
    return text.replace(NO_BREAK, " ").replace(WHOLE_BLANK, " ")


def wrapped(text: str, columns: int, *, breaks_words: bool = True) -> list[str]:
    """Return text as lines that fit, broken at blanks; a word that fits no line is broken, or stands over the edge."""
    lines: list[str] = []
    for word in text.split(" "):
        if lines and columns_of(lines[-1]) + 1 + columns_of(word) <= columns:
            lines[-1] += f" {word}"
        elif word or not lines:
            lines += _pieces(word, columns) if breaks_words else [word]
    return [with_plain_blanks(line).strip() for line in lines]


def _pieces(word: str, columns: int) -> Iterator[str]:
    """Yield a word in pieces that fit, each at least a letter with its accents."""
    piece = ""
    for letter in word:
        if piece and _columns(letter) and columns_of(piece) + _columns(letter) > columns:
            yield piece
            piece = ""
        piece += letter
    yield piece


def _columns(letter: str) -> int:
    if unicodedata.category(letter) in _NO_ROOM or ord(letter) in _VOWELS_OF_SYLLABLES:
        return 0
    return 2 if unicodedata.east_asian_width(letter) in "WF" else 1
