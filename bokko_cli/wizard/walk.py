"""Going through a list of steps, forwards and back."""

from collections.abc import Callable, Sequence
from enum import Enum, auto
from typing import Literal

from bokko_cli.prompter.question import Back, Nothing


class Move(Enum):
    """What became of a step."""

    ASKED = auto()
    SKIPPED = auto()
    BACK = auto()
    FROM_THE_FIRST = auto()
    """What all of them begin with is another now, so all are taken again."""


Step = Callable[[bool], Move]
"""Takes whether there is a question to go back to."""


def walk(steps: Sequence[Step], *, can_go_back: bool = False) -> Literal[Move.ASKED] | Back:
    """Take the steps in order; BACK returns to the last one that asked, from the first one it is the caller's.

    `can_go_back` is whether the caller has a question before the first one.
    """
    position = 0
    asked: list[int] = []
    while position < len(steps):
        outcome = steps[position](bool(asked) or can_go_back)
        if outcome is Move.BACK:
            if not asked:
                return Nothing.BACK
            position = asked.pop()
            continue
        if outcome is Move.FROM_THE_FIRST:
            position, asked = 0, []
            continue
        if outcome is Move.ASKED:
            asked.append(position)
        position += 1
    return Move.ASKED
