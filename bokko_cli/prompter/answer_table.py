"""All answers on one screen, before the last yes; pure."""

from collections.abc import Callable, Sequence

from bokko_cli.model.width import columns_of, padded, wrapped
from bokko_cli.model.wording import N_
from bokko_cli.prompter.question import Answer

_NARROWEST_ANSWER = 24
_MARGIN = "  "


def review_lines(answers: Sequence[Answer], columns: int, worded: Callable[[str], str] = str) -> list[str]:
    """Return names and answers as lines no wider than the terminal: side by side, where there is room."""
    rows = [(answer.name, worded(_change(answer)) if answer.before else answer.words) for answer in answers]
    beside = len(_MARGIN) + max(columns_of(name) for name, _ in rows) + len(_MARGIN)
    if columns - beside < _NARROWEST_ANSWER:
        return [line for name, words in rows for line in _below(name, words, columns)]
    return [line for name, words in rows for line in _beside(name, words, beside, columns)]


def _change(answer: Answer) -> str:
    return N_("{old} → {new}", old=answer.before, new=answer.words)


def _beside(name: str, words: str, beside: int, columns: int) -> list[str]:
    first, *rest = _wrapped(words, columns - beside)
    return [padded(f"{_MARGIN}{name}", beside) + first, *(" " * beside + line for line in rest)]


def _below(name: str, words: str, columns: int) -> list[str]:
    indent = _MARGIN * 2
    return [_MARGIN + name, *(indent + line for line in _wrapped(words, columns - len(indent)))]


def _wrapped(words: str, width: int) -> list[str]:
    return wrapped(words, max(width, 1))
