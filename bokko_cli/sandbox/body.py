"""Bodies of requests, by length or in chunks (RFC 9112), read within limits."""

import re
from collections.abc import Sequence
from email.message import Message
from io import BufferedIOBase
from typing import NamedTuple

LIMIT = 1_000_000
LINE_LIMIT = 4_096
OVERHEAD_LIMIT = 8 * LIMIT  # sizes, extensions and line ends of a million chunks of one byte, and some more

BLANKS = " \t"  # all that may surround a value; Python's own idea of blanks is wider
LENGTH = re.compile("[0-9]{1,18}")
CHUNK = re.compile(rb"([0-9A-Fa-f]{1,16})[ \t]*(?:;[^\r\n]*)?\r\n")
TRAILER = re.compile(rb"[!#$%&'*+.^_`|~0-9A-Za-z-]+:[^\r\n]*\r\n")
NAME = re.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]+")
BROKEN_HEAD = {"MissingHeaderBodySeparatorDefect", "FirstHeaderLineIsContinuationDefect"}


class Unreadable(Exception):
    """A request whose body cannot be read; nothing after it on the connection can be either."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.message = message


class Framing(NamedTuple):
    """How a body is delimited: in chunks, or by its length, which is 0 where there is none."""

    chunked: bool
    length: int

    @property
    def is_empty(self) -> bool:
        """Tell whether nothing follows the head."""
        return not self.chunked and self.length == 0


def framing(headers: Message, version: str) -> Framing:
    """Find where the body will end; raises Unreadable where two readers might not agree, and for one too long."""
    refuse_broken(headers)
    lengths = {value.strip(BLANKS) for value in headers.get_all("Content-Length", [])}
    codings = [
        coding.strip(BLANKS).lower()
        for value in headers.get_all("Transfer-Encoding", [])
        for coding in value.split(",")
    ]
    if codings:
        refuse_codings(codings, version, has_length=bool(lengths))
        return Framing(chunked=True, length=0)
    if len(lengths) > 1 or not all(LENGTH.fullmatch(length) for length in lengths):
        raise Unreadable(400, "The Content-Length is malformed.")
    length = int(lengths.pop()) if lengths else 0
    if length > LIMIT:
        raise Unreadable(413, f"The body is longer than {LIMIT} bytes.")
    return Framing(chunked=False, length=length)


def refuse_broken(headers: Message) -> None:
    """Refuse a head that another reader would take apart differently."""
    defects = {type(defect).__name__ for defect in headers.defects}
    if defects & BROKEN_HEAD or not all(NAME.fullmatch(name) for name in headers.keys()):  # noqa: SIM118  # a Message
        raise Unreadable(400, "The head of the request is malformed.")


def refuse_codings(codings: Sequence[str], version: str, *, has_length: bool) -> None:
    """Take `chunked` and nothing else, from HTTP/1.1 on, and not beside a length."""
    if has_length:
        raise Unreadable(400, "Send a Content-Length or a Transfer-Encoding, not both.")
    if version == "HTTP/1.0":
        raise Unreadable(400, "HTTP/1.0 has no Transfer-Encoding.")
    if codings.count("chunked") != 1 or codings[-1] != "chunked":
        raise Unreadable(400, "The Transfer-Encoding does not end in chunked.")
    if len(codings) > 1:
        raise Unreadable(501, "The Transfer-Encoding is not known: send chunked alone.")


def read(stream: BufferedIOBase, frame: Framing) -> bytes:
    """Read a body whole; raises Unreadable where it ends early, is malformed or too long."""
    return read_chunks(stream) if frame.chunked else read_exactly(stream, frame.length)


def read_chunks(stream: BufferedIOBase) -> bytes:
    """Put the chunks together; extensions and trailers are read and passed over."""
    body = bytearray()
    overhead = 0
    while True:
        line = read_line(stream)
        match = CHUNK.fullmatch(line)
        if match is None:
            raise Unreadable(400, "The size of a chunk is malformed.")
        size = int(match[1], 16)
        overhead += len(line) + 2
        if len(body) + size > LIMIT or overhead > OVERHEAD_LIMIT:
            raise Unreadable(413, f"The body is longer than {LIMIT} bytes.")
        if size == 0:
            skip_trailers(stream)
            return bytes(body)
        body += read_exactly(stream, size)
        if read_exactly(stream, 2) != b"\r\n":
            raise Unreadable(400, "A chunk is longer than its size.")


def skip_trailers(stream: BufferedIOBase) -> None:
    """Read to the empty line that ends the body."""
    for _ in range(100):
        line = read_line(stream)
        if line == b"\r\n":
            return
        if not TRAILER.fullmatch(line):
            break
    raise Unreadable(400, "The trailers are malformed.")


def read_line(stream: BufferedIOBase) -> bytes:
    """Read a line with its end, or as much of it as may be."""
    line = stream.readline(LINE_LIMIT)
    if not line:
        raise Unreadable(400, "The body ended early.")
    return line


def read_exactly(stream: BufferedIOBase, length: int) -> bytes:
    """Read that many bytes and no fewer."""
    content = stream.read(length)
    if len(content) < length:
        raise Unreadable(400, "The body ended early.")
    return content
