"""Ctrl-Z and back: a stopped question leaves the terminal to the shell, and is drawn again when the shell goes on."""

import os
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from types import FrameType

from prompt_toolkit.application import Application
from prompt_toolkit.key_binding import KeyBindings, KeyPressEvent
from prompt_toolkit.keys import Keys


def bind_suspending(keys: KeyBindings) -> None:
    """Let Ctrl-Z stop the command, where the system has that."""
    if sys.platform == "win32":
        return

    @keys.add(Keys.ControlZ, eager=True)
    def _stop(event: KeyPressEvent) -> None:
        event.app.renderer.erase()
        with event.app.input.cooked_mode():
            os.kill(0, signal.SIGTSTP)  # all of a pipe; where no shell waits for it, nothing stops


@contextmanager
def drawn_again(application: Application[object]) -> Iterator[None]:
    """Take the terminal back and draw the question below what the shell has written, however it was stopped."""
    if sys.platform == "win32" or threading.current_thread() is not threading.main_thread():
        yield
        return

    def draw() -> None:
        if application.is_running and not application.is_done:
            application.renderer.reset()
            application.invalidate()

    def come_back(_number: int, _at: FrameType | None) -> None:
        if application.loop and application.is_running and not application.is_done:
            # At once: the shell shows what is typed. The question's own end leaves this mode.
            ExitStack().enter_context(application.input.raw_mode())
            application.loop.call_soon_threadsafe(draw)

    before = signal.signal(signal.SIGCONT, come_back)
    try:
        yield
    finally:
        signal.signal(signal.SIGCONT, before)
