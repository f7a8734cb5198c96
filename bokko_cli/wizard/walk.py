"""Going through a list of steps, forwards and back."""

from collections.abc import Callable, Sequence
from enum import Enum, auto

from bokko_cli.errors import Cancelled


class Outcome(Enum):
    """What became of a step."""

    ASKED = auto()
    SKIPPED = auto()
    BACK = auto()


Step = Callable[[bool], Outcome]
"""Takes whether there is a question to go back to."""


def walk(steps: Sequence[Step]) -> None:
    """Take the steps in order; BACK returns to the last one that asked, from the first one it is Cancelled."""
    position = 0
    asked: list[int] = []
    while position < len(steps):
        outcome = steps[position](bool(asked))
        if outcome is Outcome.BACK:
            if not asked:
                raise Cancelled("Nothing was changed.")
            position = asked.pop()
            continue
        if outcome is Outcome.ASKED:
            asked.append(position)
        position += 1
