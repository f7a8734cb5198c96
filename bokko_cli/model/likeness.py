"""Which known name was probably meant by an unknown one."""

from collections.abc import Sequence
from difflib import SequenceMatcher

from bokko_cli.model.text import found_by

_LIKE = 0.7
"""From where on two names count as like each other, 1 being the same."""
_SAYS_SOMETHING = 2
"""Letters that a part of a name must have."""


def nearest(text: str, names: Sequence[Sequence[str]], at_most: int = 3) -> list[int]:
    """Return the positions of what is most like a text, the likest first; each has several names.

    What begins with the text is nearest, then what has it inside, then what is a few letters away.
    """
    wanted = found_by(text)
    scored = [(_likeness(wanted, several), position) for position, several in enumerate(names)]
    likest = sorted((-likeness, position) for likeness, position in scored if likeness >= _LIKE)
    return [position for _, position in likest[:at_most]]


def _likeness(wanted: str, names: Sequence[str]) -> float:
    return max((_likeness_of(wanted, found_by(name)) for name in names), default=0)


def _likeness_of(wanted: str, name: str) -> float:
    if min(len(wanted), len(name)) < _SAYS_SOMETHING:
        return 0
    if wanted in name:
        return 3 if name.startswith(wanted) else 2
    if wanted.startswith(name):
        return 1
    matcher = SequenceMatcher(None, wanted, name, autojunk=False)
    return matcher.ratio() if min(matcher.real_quick_ratio(), matcher.quick_ratio()) >= _LIKE else 0
