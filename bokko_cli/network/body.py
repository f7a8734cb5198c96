"""The body of one response: decompressed, bounded in time and size."""

import threading
import time
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field

import httpx

from bokko_cli.errors import UnexpectedAnswer
from bokko_cli.model.wording import N_

MEGABYTE = 1024 * 1024
LONGEST_BODY = 10 * MEGABYTE
LONGEST_TOGETHER = 12 * MEGABYTE
_PIECE = 65536
_PLAIN = frozenset({"", "identity"})
_GZIP = frozenset({"gzip", "x-gzip"})  # RFC 9110: two names of one thing
_MEMBER = 0x1F


@dataclass(slots=True)
class Budget:
    """What the responses of one client may hold, each and together; `provider` is its name in errors."""

    provider: str
    _received: int = 0
    _counting: threading.Lock = field(default_factory=threading.Lock)

    def spend(self, arrived: int, length: int) -> None:
        """Count some bytes of a body that is `length` long by now; raises UnexpectedAnswer for too many."""
        with self._counting:
            self._received += arrived
            together = self._received
        if length > LONGEST_BODY:
            raise UnexpectedAnswer(N_("{provider}'s answer was longer than 10 MB.", provider=self.provider))
        if together > LONGEST_TOGETHER:
            raise UnexpectedAnswer(N_("{provider}'s answers together were longer than 12 MB.", provider=self.provider))


def read_body(response: httpx.Response, ends: float, budget: Budget) -> bytes:
    """Return the body whole; UnexpectedAnswer for one that cannot be decompressed, TransportError for a broken one.

    An empty body is empty, whatever the head says of its encoding.
    """
    encoding = response.headers.get("content-encoding", "").strip().lower()
    chunks = _chunks(response, ends, budget)
    if encoding in _PLAIN:
        return b"".join(chunks)
    if encoding not in _GZIP:
        if any(chunks):
            raise UnexpectedAnswer(
                N_("{provider}'s answer is compressed in a way that bokko did not ask for.", provider=budget.provider)
            )
        return b""
    try:
        return _gunzipped(chunks, budget)
    except zlib.error:
        raise _damaged(budget) from None


def _chunks(response: httpx.Response, ends: float, budget: Budget) -> Iterator[bytes]:
    """Yield what arrives until the exchange's time is over, so that a thread left behind ends too."""
    length = 0
    is_plain = response.headers.get("content-encoding", "").strip().lower() in _PLAIN
    for chunk in response.iter_raw():
        if time.monotonic() > ends:
            raise httpx.ReadTimeout("no whole answer in time")
        length += len(chunk)
        # A compressed body counts by its decompressed size.
        budget.spend(len(chunk) if is_plain else 0, length)
        yield chunk


def _gunzipped(chunks: Iterator[bytes], budget: Budget) -> bytes:
    """Decompress piece by piece: a few kilobytes can stand for gigabytes."""
    body = bytearray()
    members = _Members()
    for chunk in chunks:
        for piece in members.unpacked(chunk):
            body += piece
            budget.spend(len(piece), len(body))
    if members.is_cut_short:
        raise _damaged(budget)
    return bytes(body)


class _Members:
    """The members of one gzip body (RFC 1952); what follows the last and begins no other is ignored, as gzip does."""

    def __init__(self) -> None:
        self._member = zlib.decompressobj(wbits=31)
        self._has_begun = False
        self._is_over = False

    @property
    def is_cut_short(self) -> bool:
        return self._has_begun and not self._member.eof

    def unpacked(self, chunk: bytes) -> Iterator[bytes]:
        left = self._after_the_last(chunk) if self._member.eof else chunk
        while left:
            self._has_begun = True
            yield self._member.decompress(left, _PIECE)
            # At a member's end `unconsumed_tail` is what it was before: only `unused_data` counts.
            is_over = self._member.eof
            left = self._after_the_last(self._member.unused_data) if is_over else self._member.unconsumed_tail

    def _after_the_last(self, chunk: bytes) -> bytes:
        """Begin a new member at what follows the padding; nothing is left where that is none."""
        following = chunk.lstrip(b"\0")
        self._is_over = self._is_over or (bool(following) and following[0] != _MEMBER)
        if not following or self._is_over:
            return b""
        self._member = zlib.decompressobj(wbits=31)
        return following


def _damaged(budget: Budget) -> UnexpectedAnswer:
    return UnexpectedAnswer(N_("{provider}'s answer could not be decompressed.", provider=budget.provider))
