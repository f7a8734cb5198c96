"""A question as it stands on a terminal, broken between words: its name and what stands behind it; pure."""

from bokko_cli.model.width import columns_of, wrapped
from bokko_cli.model.wording import NO_BREAK

Tokens = list[tuple[str, str]]
"""Pieces of text with the styles that they are drawn in."""
MARK = "?"
_MARGIN = "  "


def heading(name: str, behind: str, style: str, columns: int) -> Tokens:
    """Return the name of a question and what stands behind it, in a style of its own, as lines that fit.

    What begins with a blank that no line may break at stays beside the last word of the name.
    """
    tokens: Tokens = [("class:qmark", MARK)]
    left = _letters(name)
    for line in _lines(name, behind, columns):
        end = _end_of(left, line)
        left -= _letters(line[:end])
        tokens += [
            ("", " " if len(tokens) == 1 else f"\n{_MARGIN}"),
            ("class:question", line[:end]),
            (style, line[end:]),
        ]
    return [*tokens, ("", " ")]


def with_room(tokens: Tokens, answer: int, columns: int) -> Tokens:
    """Return a heading with so many columns to answer in behind it, else on a line of their own."""
    used = columns_of("".join(text for _, text in tokens).rpartition("\n")[2])
    return tokens if used + answer <= columns else [*tokens[:-1], ("", f"\n{_MARGIN}")]


def hint(name: str, parts: list[str], back: str, columns: int) -> str:
    """Return what stands behind a question; how to go back is left out where it would take one more line."""
    short = f"({', '.join(parts)})" if parts else ""
    if not back:
        return short
    whole = f"({', '.join([*parts, back.replace(' ', NO_BREAK)])})"
    return whole if len(_lines(name, whole, columns)) == len(_lines(name, short, columns)) else short


def _lines(name: str, behind: str, columns: int) -> list[str]:
    blank = " " if behind and not behind.startswith(NO_BREAK) else ""
    return wrapped(f"{name}{blank}{behind}", max(columns - len(_MARGIN) - 1, 1))


def _letters(text: str) -> int:
    return len("".join(text.split()))


def _end_of(letters: int, line: str) -> int:
    """Return the place in a line behind so many letters, blanks not counted."""
    for place, letter in enumerate(line):
        if not letters:
            return place
        letters -= not letter.isspace()
    return len(line)
