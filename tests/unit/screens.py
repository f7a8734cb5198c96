"""Streams that say of themselves that they are terminals."""

import io


class FakeScreen(io.StringIO):
    """A terminal of an encoding that keeps what is written on it."""

    def __init__(self, encoding: str = "utf-8", *, is_terminal: bool = True) -> None:
        super().__init__()
        self._encoding = encoding
        self._is_terminal = is_terminal

    @property
    def encoding(self) -> str:  # type: ignore[override]  # read-only is enough here
        return self._encoding

    def isatty(self) -> bool:
        return self._is_terminal
