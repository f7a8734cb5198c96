"""Questions as plain lines, for screen readers and terminals that draw nothing: no escape sequence, no redraw."""

import sys
from collections.abc import Callable, Sequence
from typing import TypeVar

from bokko_cli.model.width import wrapped
from bokko_cli.model.wording import N_, plural
from bokko_cli.prompter.echo import hide_typing, read_line
from bokko_cli.prompter.narrowing import Picklist
from bokko_cli.prompter.question import NO_WORDS, YES_WORDS, Answer, Back, Nothing, Option, Pick, Typed

T = TypeVar("T")
_NARROWEST = 20
_MOST_ROWS = 20
_ALL = "*"
"""Takes back what narrowed a list, where no key of its own can."""
_BACK = frozenset({"b", "vissza"})


class PlainSurface:
    """Asks on standard error and reads whole lines; a list is numbered, and what is typed of a name narrows it."""

    can_edit = False

    def __init__(
        self,
        worded: Callable[[str], str],
        read: Callable[[bool], str],
        write: Callable[[str], None],
        width: Callable[[], int],
    ) -> None:
        """Take what reads a line, secretly or not, what writes text, and how wide a line may be."""
        self._worded = worded
        self._read = read
        self._write = write
        self._width = width

    def review(self, answers: Sequence[Answer]) -> Sequence[str]:
        """Say of each answer what it is the answer to, and what it was, in a line of its own."""
        return [self._worded(_answer(answer)) for answer in answers]

    def pick(self, name: str, form: Pick[T], *, can_go_back: bool) -> int | Back:
        """Number the rows that fit, and take a number or a part of a name until one row is meant."""
        rows = Picklist(form.options, can_go_back, pointer=form.marked)
        rows.type(form.typed)
        if form.typed and not rows.fitting:
            rows.erase(everything=True)
        self._print(name)
        while True:
            first = form.marked if form.marked in rows.fitting and not rows.typed else rows.fitting[rows.pointer]
            self._print_rows(rows, form.options[first], can_go_back=can_go_back)
            typed = self._line().strip()
            if can_go_back and (typed == "0" or typed.casefold() in _BACK):
                return Nothing.BACK
            if not typed:
                return first
            if (meant := rows.meant(typed)) is not None:
                return meant
            if (number := _heard_number(rows, typed)) is not None:
                return rows.fitting[number - 1]
            if rows.typed and typed == _ALL:
                rows.erase(everything=True)
            else:
                self._narrow(rows, typed)

    def type(self, name: str, form: Typed[T], *, can_go_back: bool) -> str | Back:
        """Take a line; one that stands there already is kept by an empty one."""
        hints = [form.blank] if form.blank else []
        if form.begins_with:
            hints = [N_("Enter: keep {text}", text=form.begins_with), N_("- for none")]
        if can_go_back:
            hints.append(N_("b to go back"))
        self._print(name, *hints)
        typed = self._line(is_secret=form.is_secret)
        if can_go_back and typed.strip().casefold() in _BACK:
            return Nothing.BACK
        if form.begins_with:
            return form.begins_with if not typed.strip() else "" if typed.strip() == "-" else typed
        return typed

    def yes_or_no(self, name: str, *, marked: bool, can_go_back: bool) -> bool | Back:
        """Take a yes or a no in either language; Enter alone is what is marked."""
        hints = [N_("y or n, Enter is yes") if marked else N_("y or n, Enter is no")]
        if can_go_back:
            hints.append(N_("b to go back"))
        while True:
            self._print(name, *hints)
            typed = self._line().strip().casefold()
            if can_go_back and typed in _BACK:
                return Nothing.BACK
            if not typed:
                return marked
            if typed in YES_WORDS | NO_WORDS:
                return typed in YES_WORDS
            self._print(N_('"{typed}" is neither a yes nor a no.', typed=typed))

    def _narrow(self, rows: Picklist[T], typed: str) -> None:
        rows.erase(everything=True)
        rows.type(typed)
        if not rows.fitting:
            self._print(N_('Nothing matches "{typed}".', typed=typed))
            rows.erase(everything=True)

    def _print_rows(self, rows: Picklist[T], first: Option[T], *, can_go_back: bool) -> None:
        for number, index in enumerate(rows.fitting[:_MOST_ROWS], 1):
            self._print(N_("{number}. {row}", number=str(number), row=_row(rows.options[index])))
        more = len(rows.fitting) - _MOST_ROWS
        if more > 0:
            self._print(plural("… and {count:,} more.", "… and {count:,} more.", more))
        if can_go_back:
            self._print(N_("0. Back"))
        if len(rows.options) > _MOST_ROWS:
            self._print(N_("Type a number, or a part of a name to narrow the list."))
        else:
            self._print(N_("Type a number."))
        if rows.typed:
            self._print(N_("Type {all} for the whole list.", all=_ALL))
        self._print(N_("Press Enter for {name}.", name=first.name))

    def _print(self, text: str, *hints: str) -> None:
        told = self._worded(text)
        behind = ", ".join(self._worded(hint) for hint in hints)
        line = f"{told} ({behind})" if behind else told
        for part in wrapped(line, max(self._width(), _NARROWEST)):
            self._write(f"{part}\n")

    def _line(self, *, is_secret: bool = False) -> str:
        self._write("> ")
        return self._read(is_secret)


def on_standard_streams(worded: Callable[[str], str], width: Callable[[], int]) -> PlainSurface:
    """Return what asks on standard error and reads standard input, where nothing is shown between questions."""

    def write(text: str) -> None:
        sys.stderr.write(text)
        sys.stderr.flush()

    hide_typing(sys.stdin.fileno())
    return PlainSurface(worded, lambda is_secret: read_line(is_secret=is_secret), write, width)


def _answer(answer: Answer) -> str:
    if answer.before:
        return N_("{name}: {words}; until now: {before}", **answer._asdict())
    return N_("{name}: {words}", **answer._asdict())


def _heard_number(rows: Picklist[T], typed: str) -> int | None:
    """Return the number of a row that was read out; of the others nobody knows theirs, so digits are part of a name."""
    heard = [str(number) for number in range(1, min(len(rows.fitting), _MOST_ROWS) + 1)]
    return int(typed) if typed in heard else None


def _row(option: Option[T]) -> str:
    fields = {"name": option.name, "detail": option.detail.replace("  ", ", "), "mark": option.mark}
    if option.detail and option.mark:
        return N_("{name}, {detail} ({mark})", **fields)
    if option.detail:
        return N_("{name}, {detail}", **fields)
    return N_("{name} ({mark})", **fields) if option.mark else option.name
