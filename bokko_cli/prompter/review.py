"""All answers on one screen, before the last yes; pure."""

from collections.abc import Sequence
from textwrap import wrap

_NARROWEST_ANSWER = 24
_MARGIN = "  "


def review_lines(answers: Sequence[tuple[str, str]], columns: int) -> list[str]:
    """Return questions and answers as lines no wider than the terminal: side by side, where there is room."""
    beside = len(_MARGIN) + max(len(name) for name, _ in answers) + len(_MARGIN)
    if columns - beside < _NARROWEST_ANSWER:
        return [line for name, words in answers for line in _below(name, words, columns)]
    return [line for name, words in answers for line in _beside(name, words, beside, columns)]


def _beside(name: str, words: str, beside: int, columns: int) -> list[str]:
    first, *rest = _wrapped(words, columns - beside)
    return [f"{_MARGIN}{name}".ljust(beside) + first, *(" " * beside + line for line in rest)]


def _below(name: str, words: str, columns: int) -> list[str]:
    indent = _MARGIN * 2
    return [_MARGIN + name, *(indent + line for line in _wrapped(words, columns - len(indent)))]


def _wrapped(words: str, width: int) -> list[str]:
    return wrap(words, max(width, 1), break_on_hyphens=False) or [""]
