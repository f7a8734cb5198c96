"""A list that typing narrows: what fits and where the pointer is, however it is drawn; pure."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Generic, Literal, TypeVar

from bokko_cli.model.text import found_by
from bokko_cli.prompter.question import Nothing, Option

T = TypeVar("T")


@dataclass(slots=True)
class Picklist(Generic[T]):
    """The state of one list: what is typed, what fits, where the pointer is. `len(fitting)` is the Back row."""

    options: Sequence[Option[T]]
    can_go_back: bool
    typed: str = ""
    pointer: int = 0
    fitting: list[int] = field(default_factory=list)
    _haystack: list[str] = field(default_factory=list)
    _marked: int = 0
    """Where the pointer begins, and is again when nothing is typed any more."""

    def __post_init__(self) -> None:
        self._haystack = [_haystack(option) for option in self.options]
        self.fitting = list(range(len(self.options)))
        self._marked = self.pointer

    def type(self, text: str) -> None:
        """Narrow the list; a longer filter only looks at what still fits."""
        self.typed += text
        wanted = [found_by(word) for word in self.typed.split()]
        self.fitting = [index for index in self.fitting if all(word in self._haystack[index] for word in wanted)]
        meant = self.meant(self.typed)
        if meant is not None and meant not in self.fitting:
            self.fitting = sorted([*self.fitting, meant])
        self.pointer = self._likeliest() if meant is None else self.fitting.index(meant)

    def _likeliest(self) -> int:
        """Return the place of the row that is called just as what was typed, by name, prefix or id; else the first."""
        word = found_by(self.typed)
        exact = (
            place
            for place, index in enumerate(self.fitting)
            if word and {word, f"id{word}"} & {*self._haystack[index].split("\n")}
        )
        return next(exact, 0)

    def meant(self, typed: str) -> int | None:
        """Return the row that has what was typed among its words."""
        word = typed.strip().casefold()
        return next((index for index, option in enumerate(self.options) if word in option.words), None)

    def erase(self, *, everything: bool = False) -> None:
        """Take back what was typed."""
        kept = "" if everything else self.typed[:-1]
        self.typed, self.fitting = "", list(range(len(self.options)))
        self.type(kept)
        if not kept:
            self.pointer = self._marked

    def move(self, by: int) -> None:
        """Move the pointer; past an end it comes round, by a page it stops there."""
        count = len(self.fitting) + self.can_go_back
        if count:
            self.pointer = (self.pointer + by) % count if abs(by) == 1 else max(0, min(self.pointer + by, count - 1))

    def chosen(self) -> Option[T] | Literal[Nothing.BACK] | None:
        """Return what the pointer is on; `None` when nothing fits what was typed."""
        if self.pointer < len(self.fitting):
            return self.options[self.fitting[self.pointer]]
        return Nothing.BACK if self.can_go_back and (self.fitting or not self.typed) else None


def _haystack(option: Option[T]) -> str:
    """Return what a word is looked for in; blanks do not count, so what is apart is kept apart."""
    return "\n".join(found_by(text) for text in (option.name, *option.detail.split("  "), option.also_found_by))
