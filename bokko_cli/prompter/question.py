"""A question as a value: what is asked, what is marked, and what holds when nobody can be asked."""

from collections.abc import Callable, Mapping
from enum import Enum, auto
from typing import Literal, NamedTuple

from bokko_cli.model.values import Value


class Nothing(Enum):
    """What stands where a value would: one question back, or no value that holds by itself."""

    BACK = auto()
    MISSING = auto()


Back = Literal[Nothing.BACK]
Unknown = Literal[Nothing.MISSING]


class Option(NamedTuple):
    """A row to pick: its value, its words, cut from the front part first where the line is narrow, and its JSON."""

    value: Value
    name: str
    detail: str = ""
    full: str = ""
    """The row in all its words, its id among them, for whoever must name it in a flag."""
    choice: Mapping[str, object] | None = None


class Question(NamedTuple):
    """One question; exactly one of `options` (a list), `parse` (typed text) and neither (yes or no) says its form."""

    name: str
    flag: str
    marked: Value
    """What Enter accepts."""
    unattended: Value | Unknown
    """What holds when nobody can be asked."""
    options: tuple[Option, ...] | None = None
    parse: Callable[[str], Value] | None = None
    """Turns typed text into a value; raises InvalidValue."""
    note: str = ""
    listing: str = ""
    where_to_make: str = ""
    can_go_back: bool = False


class KeyQuestion(NamedTuple):
    """The question for the secret; `kept` is what a blank Enter stands for, in words."""

    name: str
    kept: str = ""
    can_go_back: bool = False
