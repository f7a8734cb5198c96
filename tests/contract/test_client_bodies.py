"""Bodies: unpacked, cut where they are too long, refused where they cannot be read."""

import gzip
import zlib
from dataclasses import dataclass

import pytest

from bokko_cli.errors import UnexpectedAnswer, Unreachable
from bokko_cli.network.body import LONGEST_BODY, LONGEST_TOGETHER
from bokko_cli.network.client import Response
from tests import servers
from tests.contract.limited_client import GOOD, HURRIED, always, client, failure, get
from tests.servers import (
    MEGABYTE,
    Drip,
    Endless,
    Reset,
    Server,
    Verbatim,
    gzip_bomb,
    head,
    in_turn,
    raw_answer,
)


def test_endless_body_is_cut_at_ten_megabytes() -> None:
    error, tries = failure(Endless())
    assert type(error) is UnexpectedAnswer
    assert (error.message, tries) == ("Billingo's answer was longer than 10 MB.", 1)


def test_gzip_bomb_is_cut_at_ten_megabytes_unpacked() -> None:
    error, tries = failure(gzip_bomb(60 * MEGABYTE))
    assert type(error) is UnexpectedAnswer
    assert (error.message, tries) == ("Billingo's answer was longer than 10 MB.", 1)


def test_packed_body_that_never_unpacks_to_anything_is_cut_too() -> None:
    nothing = gzip.compress(b"") + b"\0" * MEGABYTE * 11
    error, _ = failure(raw_answer(200, nothing, {"Content-Encoding": "gzip"}))
    assert error.message == "Billingo's answer was longer than 10 MB."


def test_body_of_ten_megabytes_is_still_read() -> None:
    blanks = b" " * LONGEST_BODY
    for answer in (raw_answer(200, blanks), raw_answer(200, gzip.compress(blanks), {"Content-Encoding": "gzip"})):
        whole, _ = get(answer)
        assert isinstance(whole, Response)
        assert whole.body == blanks
    error, _ = failure(raw_answer(200, blanks + b" "))
    assert isinstance(error, UnexpectedAnswer)


def test_answers_that_are_too_long_together_are_refused() -> None:
    part = raw_answer(200, b" " * (LONGEST_TOGETHER // 4))
    with Server(always(part)) as server, client(server.url) as asking:
        for _ in range(4):
            asking.get("/x")
        with pytest.raises(UnexpectedAnswer, match="together were longer than 12 MB"):
            asking.get("/x").read()


@pytest.mark.parametrize("encoding", ["gzip", "GZIP", "x-gzip", " gzip "])
def test_gzipped_body_is_unpacked(encoding: str) -> None:
    answer, _ = get(raw_answer(200, gzip.compress(b'{"a": 1}'), {"Content-Encoding": encoding}))
    assert isinstance(answer, Response)
    assert answer.body == b'{"a": 1}'


PACKED = {"Content-Encoding": "gzip"}


@dataclass(frozen=True)
class InPieces:
    """Sends a gzipped body in pieces of so many bytes, each a chunk of its own."""

    body: bytes
    size: int

    def send(self, line: servers.Line) -> None:
        line.send(head(200, {"Transfer-Encoding": "chunked", **PACKED}))
        for start in range(0, len(self.body), self.size):
            piece = self.body[start : start + self.size]
            line.send(b"%x\r\n%b\r\n" % (len(piece), piece))
        line.send(b"0\r\n\r\n")


@pytest.mark.parametrize(
    "body",
    [
        gzip.compress(b'{"a"') + gzip.compress(b": 1}"),
        b"".join(gzip.compress(bytes([byte])) for byte in b'{"a": 1}'),
        gzip.compress(b"") + gzip.compress(b'{"a": 1}') + gzip.compress(b""),
        gzip.compress(b'{"a"') + b"\0" * 512 + gzip.compress(b": 1}") + b"\0" * 512,
        gzip.compress(b'{"a"', 9) + gzip.compress(b": 1}", 0),
        gzip.compress(b'{"a": 1}') + b"\n<!-- cached -->",
    ],
    ids=["two", "one a byte", "empty ones", "padded", "packed differently", "something behind"],
)
@pytest.mark.parametrize("size", [1, 2, 7, 10_000])
def test_packed_body_of_several_members_is_read_whole(body: bytes, size: int) -> None:
    answer, _ = get(InPieces(body, size))
    assert isinstance(answer, Response)
    assert answer.read() == b'{"a": 1}'


def test_members_count_together_against_a_bomb() -> None:
    member = gzip.compress(b" " * MEGABYTE)
    error, tries = failure(raw_answer(200, member * 20, PACKED))
    assert (error.message, tries) == ("Billingo's answer was longer than 10 MB.", 1)


@pytest.mark.parametrize("cut", [1, 9, 12])
def test_second_member_that_is_cut_short_is_not_left_out(cut: int) -> None:
    error, _ = failure(raw_answer(200, gzip.compress(b'{"a"') + gzip.compress(b": 1}")[:-cut], PACKED))
    assert error.message == "Billingo's answer could not be decompressed."


@pytest.mark.parametrize("encoding", ["gzip", "br", "zstd", "deflate", "\x1b[31mx", "identity"])
@pytest.mark.parametrize("status", [200, 401, 418])
def test_empty_body_is_empty_whatever_its_encoding_says(encoding: str, status: int) -> None:
    answer, _ = get(raw_answer(status, b"", {"Content-Encoding": encoding}))
    assert isinstance(answer, Response)
    assert (answer.status, answer.read()) == (status, b"")


UNREADABLE = [
    raw_answer(401, b"no gzip", PACKED),
    raw_answer(401, gzip.compress(b"{}")[:-3], PACKED),
    raw_answer(401, b"x", {"Content-Encoding": "br"}),
    raw_answer(401, b" " * (LONGEST_BODY + 1)),
    Verbatim(head(401, {"Content-Length": "100"}) + b"{"),
    Reset(head(401, {"Content-Length": "100"}) + b"{"),
    Verbatim(head(401, {"Transfer-Encoding": "chunked"}) + b"zz\r\n"),
    Drip(b"x" * 100_000, seconds=0.01, status=401),
]


WAYS = ["no gzip", "cut short", "not asked for", "too long", "truncated", "reset", "bad chunk", "dripping"]


@pytest.mark.parametrize("answer", UNREADABLE, ids=WAYS)
def test_head_is_kept_when_its_body_cannot_be_read(answer: servers.ScriptedAnswer) -> None:
    outcome, seen = get(answer, HURRIED)
    assert isinstance(outcome, Response)
    assert (outcome.status, outcome.body, len(seen)) == (401, b"", 1)
    with pytest.raises(Unreachable):
        outcome.read()


@pytest.mark.parametrize("status", [429, 500, 503])
@pytest.mark.parametrize(("body", "headers"), [(b"no gzip", PACKED), (b"", PACKED), (b"x", {"Content-Encoding": "br"})])
def test_passing_trouble_is_tried_again_whatever_its_body(status: int, body: bytes, headers: dict[str, str]) -> None:
    answer, seen = get(in_turn(raw_answer(status, body, headers), GOOD))
    assert isinstance(answer, Response)
    assert (answer.status, len(seen)) == (200, 2)
    lasting, seen = get(raw_answer(status, body, headers))
    assert isinstance(lasting, Response)
    assert (lasting.status, len(seen)) == (status, 4)


def test_headers_are_those_of_the_unpacked_body() -> None:
    packed = gzip.compress(b'{"a": 1}')
    chunked = b"%x\r\n%b\r\n0\r\n\r\n" % (len(packed), packed)
    for body, more in ((packed, {}), (chunked, {"Transfer-Encoding": "chunked"})):
        answer, _ = get(raw_answer(200, body, {"Content-Encoding": "gzip", **more}))
        assert isinstance(answer, Response)
        assert dict(answer.headers) == {"content-length": "8"}


def test_encoding_called_identity_is_plain() -> None:
    answer, _ = get(raw_answer(200, b"{}", {"Content-Encoding": "identity"}))
    assert isinstance(answer, Response)
    assert answer.body == b"{}"


@pytest.mark.parametrize("encoding", ["br", "zstd", "deflate", "gzip, gzip", "\x1b[31mx"])
def test_encoding_that_was_not_asked_for_is_an_unexpected_answer(encoding: str) -> None:
    error, tries = failure(raw_answer(200, b"x", {"Content-Encoding": encoding}))
    assert type(error) is UnexpectedAnswer
    assert (error.message, tries) == ("Billingo's answer is compressed in a way that bokko did not ask for.", 1)


@pytest.mark.parametrize(
    "body",
    [b"no gzip", gzip.compress(b'{"a": 1}' * 100)[:-4], zlib.compress(b"{}")],
    ids=["plain", "truncated", "zlib"],
)
def test_packed_body_that_is_broken_is_an_unexpected_answer(body: bytes) -> None:
    error, tries = failure(raw_answer(200, body, {"Content-Encoding": "gzip"}))
    assert type(error) is UnexpectedAnswer
    assert (error.message, tries) == ("Billingo's answer could not be decompressed.", 1)
