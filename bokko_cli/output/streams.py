"""The process's own streams, made so that nothing printed on them can fail: it may come after a save."""

import errno
import io
import os
import select
import sys

TYPE_CHECKING = False  # `typing` and `contextlib` cost more than all that `--version` does
if TYPE_CHECKING:
    from typing import IO, TextIO

USUAL_COLUMNS = 80
"""Of a terminal that does not say how wide it is, and of none."""
_MOST_DIGITS = 4
_NO = ("0", "false")


class PatientWriter(io.RawIOBase):
    """Writes to the end: waits where the stream takes no more yet, and from the first failure on drops everything.

    A stream is such if whoever started us made it non-blocking; to make it blocking would change it for them too.
    """

    def __init__(self, raw: io.RawIOBase, failure: OSError | None = None) -> None:
        super().__init__()
        self._raw = raw
        self.failure = failure

    def writable(self) -> bool:
        """Say yes."""
        return True

    def fileno(self) -> int:
        """Return the number of the stream."""
        return self._raw.fileno()

    def isatty(self) -> bool:
        """Whether a terminal is behind it."""
        return self._raw.isatty()

    def write(self, data: "bytes | bytearray | memoryview", /) -> int:  # type: ignore[override]  # narrower is enough
        """Take all that is given."""
        if self.failure is None:
            try:
                while (written := self._raw.write(data)) is None:
                    select.select([], [self.fileno()], [])
            except OSError as failure:
                self.failure = failure
            else:
                return written
        return len(data)


def prepare_streams() -> None:
    """Make standard output and error unable to fail; a letter that the encoding lacks shows as `?`."""
    sys.stdout, sys.stderr = _prepared(sys.stdout), _prepared(sys.stderr)


def write_failure(stream: "TextIO") -> OSError | None:
    """Return why what was printed so far did not arrive, once; `None` where it did, or where the reader left."""
    try:
        stream.flush()
    except (OSError, ValueError):
        return None
    writer = _writer(stream)
    failure = writer.failure if writer else None
    if writer is None or failure is None or failure.errno == errno.EPIPE:
        return None
    writer.failure = BrokenPipeError(errno.EPIPE, "told")
    return failure


def columns(*streams: "int | IO[str]") -> int:
    """Return how many columns there are to write in: those of COLUMNS, else of the first stream that is a terminal."""
    told = os.environ.get("COLUMNS", "")
    is_number = told.isascii() and told.isdigit() and len(told) <= _MOST_DIGITS
    return (int(told) if is_number else 0) or terminal_columns(*streams)


def terminal_columns(*streams: "int | IO[str]") -> int:
    """Return the columns of the first stream, or number of one, that is a terminal."""
    for stream in streams:
        try:
            found = os.get_terminal_size(stream if isinstance(stream, int) else stream.fileno()).columns
        except (OSError, ValueError):
            continue
        return found or USUAL_COLUMNS
    return USUAL_COLUMNS


def is_unicode(stream: "TextIO") -> bool:
    """Whether the stream's encoding has every letter and sign."""
    return "utf" in (stream.encoding or "").lower()


def is_still(stream: "TextIO") -> bool:
    """Whether nothing may move or be painted: no terminal, or one that takes plain lines only."""
    return not stream.isatty() or is_plain()


def is_plain() -> bool:
    """Whether a person wants plain lines, or has a terminal that knows no others."""
    return os.environ.get("TERM") == "dumb" or os.environ.get("BOKKO_ACCESSIBLE", "") not in ("", *_NO)


def wants_color(stream: "TextIO") -> bool | None:
    """Whether NO_COLOR or FORCE_COLOR decide about colours; `None` where the stream itself does."""
    forced = os.environ.get("FORCE_COLOR", "")
    if os.environ.get("NO_COLOR") or forced in _NO:
        return False
    if forced:
        return True
    return False if is_still(stream) else None


def _prepared(stream: "TextIO | None") -> "TextIO":
    if stream is None:
        # Kept open for good: another file must not get the number of a standard stream.
        nowhere = io.FileIO(os.devnull, "wb")
        return _text(PatientWriter(nowhere, OSError(errno.EBADF, "the stream is closed")), "utf-8", is_prompt=False)
    if not isinstance(stream, io.TextIOWrapper):
        return stream
    stream.reconfigure(errors="replace")
    # With PYTHONUNBUFFERED there is no buffer between the text and the raw stream.
    raw = stream.buffer if isinstance(stream.buffer, io.RawIOBase) else getattr(stream.buffer, "raw", None)
    if raw is None or isinstance(raw, PatientWriter):
        return stream
    stream.flush()
    return _text(PatientWriter(raw), stream.encoding, is_prompt=stream.line_buffering)


def _text(writer: PatientWriter, encoding: str, *, is_prompt: bool) -> "TextIO":
    buffered = io.BufferedWriter(writer)  # type: ignore[type-var]  # any raw stream will do
    return io.TextIOWrapper(buffered, encoding=encoding, errors="replace", line_buffering=is_prompt)


def _writer(stream: "TextIO") -> PatientWriter | None:
    raw = getattr(getattr(stream, "buffer", None), "raw", None)
    return raw if isinstance(raw, PatientWriter) else None
