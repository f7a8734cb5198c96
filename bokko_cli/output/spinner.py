"""The spinner beside words, on the console that everything else on the stream goes through."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.status import Status
from rich.text import Text


@contextmanager
def spinner(console: Console, first: str, drawn: Callable[[str], Text]) -> Iterator[Callable[[str], None]]:
    """Turn a spinner until the block ends; the function handed out changes the words."""
    kind = "line" if console.options.ascii_only else "dots"
    with Status(drawn(first), console=console, spinner=kind) as status:
        yield lambda news: status.update(drawn(news))
