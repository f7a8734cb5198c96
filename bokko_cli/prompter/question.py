"""A question as a value: what is asked, in which form, and what holds when nobody can be asked."""

from collections.abc import Callable, Sequence
from enum import Enum, auto
from typing import Generic, Literal, NamedTuple, TypeAlias, TypeVar

from bokko_cli.errors import BokkoError, Missing

T = TypeVar("T")


class Nothing(Enum):
    """What stands where an answer would: one question back, or nobody to answer."""

    BACK = auto()
    MISSING = auto()


Back = Literal[Nothing.BACK]
Reply: TypeAlias = T | Literal[Nothing.BACK, Nothing.MISSING]
"""An answer, the wish to go back, or MISSING where nobody can be asked and nothing holds by itself."""


YES_WORDS, NO_WORDS = frozenset({"y", "yes", "i", "igen"}), frozenset({"n", "no", "nem"})
"""What is understood as a yes and as a no, whatever the language."""


class Option(NamedTuple, Generic[T]):
    """A row to pick: its value, and its words, cut from the name first where the line is narrow."""

    value: T
    name: str
    detail: str = ""
    mark: str = ""
    """What is particular about the row, in a word behind it: that it is the stored one."""
    also_found_by: str = ""
    """What a filter finds besides the words that are shown."""
    words: frozenset[str] = frozenset()
    """What means this row and no other when it is typed whole."""


class Pick(NamedTuple, Generic[T]):
    """One of a list of rows; never an empty one."""

    options: Sequence[Option[T]]
    marked: int = 0
    """The row that Enter accepts."""
    typed: str = ""
    """The filter that the list opens with."""


class Typed(NamedTuple, Generic[T]):
    """A line of text; `parse` makes an answer of it and raises InvalidValue for what must be typed again."""

    parse: Callable[[str], T]
    begins_with: str = ""
    blank: str = ""
    """What an empty line stands for, in words."""
    is_secret: bool = False
    """Whether nothing of what is typed may be seen."""


class YesNo(NamedTuple, Generic[T]):
    """A yes or a no, and what each of them means."""

    yes: T
    no: T
    marked: T
    """The one that Enter accepts."""


class Answer(NamedTuple):
    """An answer that stands above a question: its name, its words, and what it was before, if it differs."""

    name: str
    words: str
    before: str = ""


class Question(NamedTuple, Generic[T]):
    """One question; above it stand, where there are any, what went wrong, a note, and a table of answers."""

    name: str
    form: Pick[T] | Typed[T] | YesNo[T]
    unattended: T | Missing
    """What holds when nobody can be asked, or what is missing then."""
    trouble: BokkoError | None = None
    note: str = ""
    table: Sequence[Answer] = ()
    can_go_back: bool = False


def worded_question(question: Question[T], word: Callable[[str], str]) -> Question[T]:
    """Return the question with its own texts in a person's language; what stands above it is said elsewhere."""
    form = question.form
    match form:
        case Pick():
            form = form._replace(options=[_worded_option(option, word) for option in form.options])
        case Typed():
            form = form._replace(blank=word(form.blank))
        case YesNo():
            pass
    table = [Answer(*map(word, answer)) for answer in question.table]
    return question._replace(name=word(question.name), form=form, table=table)


def _worded_option(option: Option[T], word: Callable[[str], str]) -> Option[T]:
    return option._replace(name=word(option.name), detail=word(option.detail), mark=word(option.mark))


def yes_or_no(name: str, unattended: bool | Missing, *, marked: bool) -> Question[bool]:
    """Return a question that is answered by a plain yes or no."""
    return Question(name, YesNo(yes=True, no=False, marked=marked), unattended)
