"""The keys that leave a question: Esc for the one before, Ctrl-C and Ctrl-D for good, Ctrl-Z for a while.

Which question Esc leads back to, `wizard/walk` decides; in a list it first drops what was typed to filter it.
"""

from collections.abc import Callable

from prompt_toolkit.application import Application
from prompt_toolkit.input import Input
from prompt_toolkit.input.typeahead import get_typeahead
from prompt_toolkit.key_binding import KeyBindings, KeyPressEvent, merge_key_bindings
from prompt_toolkit.keys import Keys

from bokko_cli.prompter.question import Nothing
from bokko_cli.prompter.suspension import bind_suspending

ESCAPE_SECONDS = 0.1
SEQUENCE_SECONDS = 0.4


def add_leaving_keys(application: Application[object]) -> None:
    """Give a question that the library has built the keys that leave it."""
    keys = KeyBindings()
    bind_leaving(keys, lambda event: leave(event, Nothing.BACK))

    @keys.add(Keys.Escape, Keys.Enter)
    def _nothing(event: KeyPressEvent) -> None:
        """Esc and Enter in one breath are neither: the first would go back and the second answer there."""

    application.key_bindings = merge_key_bindings([application.key_bindings or KeyBindings(), keys])
    with_quick_escape(application)


def bind_leaving(keys: KeyBindings, go_back: Callable[[KeyPressEvent], None]) -> None:
    """Let Esc go back, Ctrl-C and Ctrl-D leave for good, and Ctrl-Z until the shell goes on with the command."""
    bind_suspending(keys)
    keys.add(Keys.Escape)(go_back)

    @keys.add(Keys.ControlC, eager=True)
    def _cancel(event: KeyPressEvent) -> None:
        leave(event, error=KeyboardInterrupt)

    @keys.add(Keys.ControlD, eager=True)
    def _end(event: KeyPressEvent) -> None:
        leave(event, error=EOFError)


def with_quick_escape(application: Application[object]) -> Application[object]:
    """Make a lone Esc act at once, and an arrow key over a slow line still whole."""
    application.ttimeoutlen = ESCAPE_SECONDS
    application.timeoutlen = SEQUENCE_SECONDS
    return application


def leave(event: KeyPressEvent, result: object = None, error: type[BaseException] | None = None) -> None:
    """End the question, once: keys that came in the same breath find it over."""
    if event.app.is_done:
        return
    if error:
        event.app.exit(exception=error, style="class:aborting")
    else:
        event.app.exit(result=result)


def forget_typeahead(terminal: Input) -> bool:
    """Drop what was typed before the question was there, such as the tail of a paste with a newline in it.

    Return whether Ctrl-C was among it, which always leaves.
    """
    return any(press.key == Keys.ControlC for press in get_typeahead(terminal))
