"""A question with a list: of any length, filtered by typing, drawn to the width of the terminal."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, Literal, TypeVar

from prompt_toolkit.application import Application
from prompt_toolkit.formatted_text import StyleAndTextTuples
from prompt_toolkit.key_binding import KeyBindings, KeyPressEvent
from prompt_toolkit.keys import Keys
from prompt_toolkit.layout import Layout, Window
from prompt_toolkit.layout.controls import FormattedTextControl
from prompt_toolkit.output import Output
from prompt_toolkit.output.vt100 import Vt100_Output
from prompt_toolkit.styles import Style

from bokko_cli.model.width import wrapped
from bokko_cli.model.wording import N_, NO_BREAK
from bokko_cli.prompter.heading import Tokens, heading
from bokko_cli.prompter.leaving_keys import bind_leaving, leave, with_quick_escape
from bokko_cli.prompter.narrowing import Picklist
from bokko_cli.prompter.question import Nothing, Option, Pick

T = TypeVar("T")
_MOST_VISIBLE = 12
_MOST_LINES = 24
_LINES_AROUND = 6
_HINT_FROM = 8
_SHORTEST_LINE = 8
_MARGIN = "   "
_INDENT = "  "
"""Of the further lines of a row."""
_POINTER = "»"
_CUT = "…"


def list_application(
    name: str,
    form: Pick[T],
    style: Style,
    output: Output,
    worded: Callable[[str], str],
    *,
    can_go_back: bool,
) -> Application[object]:
    """Return the application that asks; it exits with an option's index or `Nothing.BACK`.

    What `worded` returns is in letters of the output, our own signs too.
    """
    picklist = Picklist(form.options, can_go_back, pointer=form.marked)
    if form.typed:
        picklist.type(form.typed)
    drawing = _Drawing(name, picklist, form, output, worded)
    control = FormattedTextControl(drawing.tokens, focusable=True, show_cursor=False)
    application: Application[object] = Application(
        layout=Layout(Window(control, dont_extend_height=True, wrap_lines=True)),
        key_bindings=_list_keys(picklist, drawing),
        style=style,
        output=output,
    )
    return with_quick_escape(application)


def without_cursor_requests(output: Output) -> Output:
    """Ask the terminal for no cursor position: one that does not answer would delay every key and get a warning."""
    if isinstance(output, Vt100_Output):
        output.enable_cpr = False
    return output


def _list_keys(picklist: Picklist[T], drawing: "_Drawing[T]") -> KeyBindings:
    keys = KeyBindings()
    _bind_moving(keys, picklist, drawing)
    _bind_typing(keys, picklist)

    def go_back(event: KeyPressEvent) -> None:
        if picklist.typed:
            picklist.erase(everything=True)
        else:
            drawing.answer = Nothing.BACK
            leave(event, Nothing.BACK)

    bind_leaving(keys, go_back)

    @keys.add(Keys.Enter)
    def _answer(event: KeyPressEvent) -> None:
        chosen = picklist.chosen()
        if chosen is not None:
            drawing.answer = chosen
            leave(event, chosen if chosen is Nothing.BACK else picklist.fitting[picklist.pointer])

    return keys


def _bind_moving(keys: KeyBindings, picklist: Picklist[T], drawing: "_Drawing[T]") -> None:
    for names, by in ((("up", "c-p"), -1), (("down", "c-n"), 1)):
        for name in names:
            keys.add(name)(lambda _event, by=by: picklist.move(by))
    keys.add("pageup")(lambda _event: picklist.move(-max(2, drawing.visible())))
    keys.add("pagedown")(lambda _event: picklist.move(max(2, drawing.visible())))
    keys.add("home")(lambda _event: picklist.move(-len(picklist.options) - 2))
    keys.add("end")(lambda _event: picklist.move(len(picklist.options) + 2))


def _bind_typing(keys: KeyBindings, picklist: Picklist[T]) -> None:
    keys.add("c-h")(lambda _event: picklist.erase())
    keys.add("c-u")(lambda _event: picklist.erase(everything=True))

    @keys.add(Keys.Any)
    @keys.add(Keys.BracketedPaste)
    def _type(event: KeyPressEvent) -> None:
        text = "".join(character for character in event.data if character.isprintable())
        if text and not event.data.startswith("\x1b"):  # a key without a meaning here, such as an arrow to the side
            picklist.type(text)


@dataclass(slots=True)
class _Drawing(Generic[T]):
    name: str
    picklist: Picklist[T]
    form: Pick[T]
    output: Output
    worded: Callable[[str], str]
    answer: Option[T] | Literal[Nothing.BACK] | None = None

    def tokens(self) -> StyleAndTextTuples:
        if isinstance(self.answer, Option):
            return [*self._heading("  ".join(self._words(self.answer)), "class:answer")]
        if self.answer is Nothing.BACK:
            return [*self._heading(self._back().replace(" ", NO_BREAK), "class:instruction")]
        return [*self._heading(self.worded(self._instruction()), "class:instruction"), *self._rows(), *self._back_row()]

    def visible(self) -> int:
        """Rows that fit on the screen, if each takes a line."""
        return min(_MOST_VISIBLE, self._room())

    def _room(self) -> int:
        above = "".join(text for _, text in self._heading(self.worded(self._instruction()), "")).count("\n")
        return max(1, min(_MOST_LINES, self.output.get_size().rows - _LINES_AROUND - above))

    def _heading(self, behind: str, style: str) -> Tokens:
        return heading(self.name, behind, style, self._columns())

    def _columns(self) -> int:
        return self.output.get_size().columns

    def _instruction(self) -> str:
        typed = self.picklist.typed
        if typed:
            fitting, rows = len(self.picklist.fitting), len(self.picklist.options)
            if not fitting:
                return N_('"{typed}": nothing matches', typed=typed)
            return N_('"{typed}": {fitting:,} of {rows:,}', typed=typed, fitting=fitting, rows=rows)
        return N_("(type to filter)") if len(self.picklist.options) >= _HINT_FROM else N_("(arrow keys)")

    def _rows(self) -> StyleAndTextTuples:
        fitting, pointer, height = self.picklist.fitting, self.picklist.pointer, self.visible()
        first = max(0, min(pointer - height // 2, len(fitting) - height))
        rows = {place: self._lines(place) for place in range(first, min(first + height, len(fitting)))}
        shown = around(pointer, {place: len(lines) for place, lines in rows.items()}, self._room())
        return [token for place in shown for token in self._row(rows[place], is_pointed=place == pointer)]

    def _back_row(self) -> StyleAndTextTuples:
        if not self.picklist.can_go_back:
            return []
        is_pointed = self.picklist.chosen() is Nothing.BACK
        return self._row([self._back()], is_pointed=is_pointed)

    def _back(self) -> str:
        return self.worded(N_("← Back"))

    def _row(self, lines: Sequence[str], *, is_pointed: bool) -> StyleAndTextTuples:
        text = f"\n{_MARGIN}{_INDENT}".join(lines)
        if is_pointed:
            return [("class:pointer", f"\n {self.worded(_POINTER)} "), ("class:highlighted", text)]
        return [("", f"\n{_MARGIN}{text}")]

    def _lines(self, place: int) -> list[str]:
        """Return a row as lines in the width that is left beside the pointer: whole, unless no screen would do."""
        words = self._words(self.picklist.options[self.picklist.fitting[place]])
        lines = wrapped("  ".join(words), max(self._columns() - len(_MARGIN) - len(_INDENT), _SHORTEST_LINE))
        kept = lines[: self._room()]
        cut = self.worded(_CUT)
        return kept if kept == lines else [*kept[:-1], f"{kept[-1][: -len(cut) - 1]}{cut}"]

    def _words(self, option: Option[T]) -> Iterator[str]:
        yield option.name
        for part in option.detail.split("  ") if option.detail else ():
            yield part.replace(" ", NO_BREAK)
        if option.mark:
            yield f"({option.mark})"


def around(pointer: int, heights: Mapping[int, int], room: int) -> list[int]:
    """Return which of the rows next to each other are shown: the one pointed at, and round it as many as fit."""
    places = list(heights)
    shown = [min(max(pointer, places[0]), places[-1])] if places else []
    has_more = bool(shown)
    while has_more:
        has_more = False
        for place in (shown[-1] + 1, shown[0] - 1):
            if place in heights and sum(heights[each] for each in (*shown, place)) <= room:
                shown = sorted([*shown, place])
                has_more = True
    return shown
