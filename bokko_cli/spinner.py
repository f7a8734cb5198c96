"""The spinner beside words."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TextIO

from rich.status import Status
from rich.text import Text

from bokko_cli.console import console_on


@contextmanager
def spinner(stream: TextIO, text: str, *, is_unicode: bool) -> Iterator[Callable[[str], None]]:
    """Turn a spinner until the block ends; the function handed out changes the words."""
    kind = "dots" if is_unicode else "line"
    with Status(Text(text), console=console_on(stream), spinner=kind) as status:
        yield lambda news: status.update(Text(news))
