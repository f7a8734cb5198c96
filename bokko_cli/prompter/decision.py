"""A yes-or-no question drawn on a terminal: y, i or n, and then Enter."""

from collections.abc import Callable
from dataclasses import dataclass

from prompt_toolkit.application import Application
from prompt_toolkit.formatted_text import StyleAndTextTuples
from prompt_toolkit.key_binding import KeyBindings, KeyPressEvent
from prompt_toolkit.keys import Keys
from prompt_toolkit.layout import FormattedTextControl, Layout, Window
from prompt_toolkit.output import Output
from prompt_toolkit.styles import Style

from bokko_cli.model.width import columns_of
from bokko_cli.model.wording import NO_BREAK
from bokko_cli.prompter.heading import heading, with_room
from bokko_cli.prompter.leaving_keys import add_leaving_keys, leave

_LETTERS = {True: "yYiI", False: "nN"}  # i as in igen


@dataclass(slots=True)
class DrawnYesNo:
    """What is asked and how both answers are called, and what was pressed so far."""

    name: str
    hint: Callable[[int], str]
    """What stands behind it on a terminal of so many columns."""
    yes: str
    no: str
    marked: bool
    output: Output
    pressed: bool | None = None

    def tokens(self) -> StyleAndTextTuples:
        """Return the question as it stands."""
        answer = "" if self.pressed is None else self.yes if self.pressed else self.no
        columns = self.output.get_size().columns
        hint = self.hint(columns)
        behind = hint if " " in hint else NO_BREAK + hint  # a short one stays beside the last word
        head = heading(self.name, behind, "class:instruction", columns)
        room = max(columns_of(self.yes), columns_of(self.no)) + 1
        return [*with_room(head, room, columns), ("class:answer", answer), ("[SetCursorPosition]", "")]

    def press(self, answer: bool | None) -> None:
        """Take a key: a yes, a no, or neither again."""
        self.pressed = answer

    def application(self, style: Style) -> Application[object]:
        """Return the application that asks; it exits with the answer or `Nothing.BACK`."""
        control = FormattedTextControl(self.tokens, focusable=True)
        application: Application[object] = Application(
            layout=Layout(Window(control, dont_extend_height=True, wrap_lines=True)),
            key_bindings=self._keys(),
            style=style,
            output=self.output,
        )
        add_leaving_keys(application)
        return application

    def _keys(self) -> KeyBindings:
        keys = KeyBindings()
        for answer, letters in _LETTERS.items():
            for letter in letters:
                keys.add(letter)(lambda _event, answer=answer: self.press(answer))
        keys.add(Keys.ControlH)(lambda _event: self.press(None))

        @keys.add(Keys.Enter)
        def _answer(event: KeyPressEvent) -> None:
            self.press(self.marked if self.pressed is None else self.pressed)
            leave(event, self.pressed)

        return keys
