"""The spinner beside words."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TextIO

from rich.console import Console
from rich.status import Status
from rich.text import Text


@contextmanager
def spinner(stream: TextIO, text: str, *, is_unicode: bool) -> Iterator[Callable[[str], None]]:
    """Turn a spinner until the block ends; the function handed out changes the words."""
    kind = "dots" if is_unicode else "line"
    # Prints the words as they are: no markup, no emoji names, no colours of its own choice.
    console = Console(file=stream, emoji=False, markup=False, highlight=False, legacy_windows=False)
    with Status(Text(text), console=console, spinner=kind) as status:
        yield lambda news: status.update(Text(news))
