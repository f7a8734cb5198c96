"""rich's console, for whatever draws with it."""

from typing import TextIO

from rich.console import Console


def console_on(stream: TextIO) -> Console:
    """Return a console that prints text as it is: no markup, no emoji names, no colours of its own choice."""
    return Console(file=stream, emoji=False, markup=False, highlight=False, legacy_windows=False)
