"""Words from outside, made harmless for a terminal."""

import re
import unicodedata

_BLANKED = frozenset({"Cc", "Cs", "Zl", "Zp", "Zs"})
_LONGEST_MESSAGE = 300
_VARIATIONS = (*range(0xFE00, 0xFE10), *range(0x1F3FB, 0x1F400), *range(0xE0100, 0xE01F0))
_FILLERS = "\u115f\u1160\u2800\u3164\uffa0"
_FIRST_FLAG_LETTER = 0x1F1E6
_OF_ONE_WIDTH = {
    **{chr(code): "" for code in _VARIATIONS},
    **dict.fromkeys(_FILLERS, " "),
    **{chr(_FIRST_FLAG_LETTER + place): chr(ord("A") + place) for place in range(26)},
}
"""What terminals give different widths, or show nothing of: looks of a sign before it, letters that fill, flags."""
_FRONT = re.compile(rb"(?:\xef\xbb\xbf|\s)*")
_OTHER_DASHES = "\u2212\u2043\u02d7"
"""Minus sign, hyphen bullet, modifier minus: dashes by their looks alone."""


def shown(text: str) -> str:
    """Return text that cannot move a cursor, change a title or reverse a line.

    Control characters, lone surrogates, line separators and odd blanks become plain blanks; invisible format characters
    (bidirectional marks, zero-width) go, and so does what gives a sign another width. What is stored and printed as
    JSON stays the provider's own.
    """
    if text.isascii() and text.isprintable():
        return text.strip()
    return "".join(_harmless(character) for character in text).strip()


def shown_lines(text: str) -> str:
    """Return the same for text of several lines, whose breaks and indents are ours."""
    return "".join(character if character == "\n" else _harmless(character) for character in text)


def _harmless(character: str) -> str:
    replaced = _OF_ONE_WIDTH.get(character)
    if replaced is not None:
        return replaced
    category = unicodedata.category(character)
    if category in _BLANKED:
        return " "
    return "" if category == "Cf" else character


def quoted(text: str) -> str:
    """Return somebody else's message, harmless and short enough for an error line."""
    clean = " ".join(shown(text).split())
    return clean if len(clean) <= _LONGEST_MESSAGE else clean[:_LONGEST_MESSAGE] + "…"


def without_surrogates(text: str) -> str:
    """Return text that can be written as UTF-8: a lone surrogate becomes U+FFFD."""
    return text if text.isascii() else text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def without_front(body: bytes) -> bytes:
    """Return a text from outside from its first sign on: a byte order mark and blank lines may stand before any."""
    found = _FRONT.match(body)
    return body[found.end() :] if found else body


def folded(text: str) -> str:
    """Return a name as it is compared: two that look the same are the same, however they are composed and spaced."""
    if text.isascii():
        return " ".join(shown(text).split())
    return unicodedata.normalize("NFC", " ".join(shown(text).split()))


def cleaned_number(text: str) -> str:
    """Return a number as somebody means it: nothing invisible in it, every dash a `-`, every blank a plain one."""
    return "".join("-" if _is_dash(character) else character for character in shown(text))


def bare_number(text: str) -> str:
    """Return a number as it is compared: without blanks and dashes, its letters upper case."""
    return "".join(character for character in cleaned_number(text) if character not in " -").upper()


def found_by(text: str) -> str:
    """Return text as a filter looks at it: without case, accents, blanks and hyphens."""
    apart = unicodedata.normalize("NFKD", shown(text).casefold())
    return "".join(character for character in apart if _counts(character))


def _counts(character: str) -> bool:
    is_accent = unicodedata.category(character) == "Mn"
    return not (is_accent or character.isspace() or _is_dash(character))


def _is_dash(character: str) -> bool:
    return character in _OTHER_DASHES or unicodedata.category(character) == "Pd"
