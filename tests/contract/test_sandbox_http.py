"""The sandbox speaks HTTP/1.1 with any client: chunks, whole addresses, expectations, old and untidy clients."""

import http.client
import json
import socket
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bokko_cli.sandbox.server import Sandbox
from tests.contract.conftest import exchange

PARTNER = '{"name": "Tükörfúró Bt.", "address": {"post_code": "1051", "city": "Pécs", "address": "Fő u. 1."}}'.encode()
CHUNKED = "Transfer-Encoding: chunked"
LAST = b"0\r\n\r\n"


def head(line: str, *headers: str, version: str = "1.1") -> bytes:
    """Return the head of a request to the sandbox with a good key."""
    lines = [f"{line} HTTP/{version}", "Host: localhost", "X-API-KEY: sandbox-ready", *headers, "", ""]
    return "\r\n".join(lines).encode("latin-1")


def post(*headers: str) -> bytes:
    return head("POST /v3/partners", "Content-Type: application/json", *headers)


def statuses(received: bytes) -> list[int]:
    """Return the status of each answer in turn; our bodies hold no status line."""
    return [int(part[:3]) for part in received.split(b"HTTP/1.1 ")[1:]]


def chunks(content: bytes, size: int, extension: bytes = b"", end: bytes = LAST) -> bytes:
    pieces = (content[at : at + size] for at in range(0, len(content), size))
    return b"".join(b"%x%s\r\n%s\r\n" % (len(piece), extension, piece) for piece in pieces) + end


@pytest.mark.parametrize(
    "content",
    [
        chunks(PARTNER, 1_000),
        chunks(PARTNER, 1),
        chunks(PARTNER, 7),
        chunks(PARTNER, 30).replace(b"1e\r\n", b"1E\r\n"),
        chunks(PARTNER, 30).replace(b"1e\r\n", b"0000001e\r\n"),
        chunks(PARTNER, 30, b";name=value"),
        chunks(PARTNER, 30, b' ; name="quoted; value"; flag'),
        chunks(PARTNER, 30, end=b"0;last\r\n\r\n"),
        chunks(PARTNER, 30, end=b"000\r\n\r\n"),
        chunks(PARTNER, 30, end=b"0\r\nX-Checksum: abc\r\n\r\n"),
        chunks(PARTNER, 30, end=b"0\r\nContent-Length: 5\r\nHost: evil.example\r\n\r\n"),
    ],
)
@pytest.mark.parametrize("header", [CHUNKED, "transfer-encoding: Chunked", "TRANSFER-ENCODING:\tchunked "])
def test_a_body_in_chunks_is_read_and_the_connection_goes_on(sandbox: Sandbox, content: bytes, header: str) -> None:
    received = exchange(sandbox, post(header) + content + head("GET /v3/utils/time"))
    assert statuses(received) == [201, 200]
    assert [row["name"] for row in sandbox.account("sandbox-ready").partners.values()] == ["Tükörfúró Bt."]


@pytest.mark.parametrize(
    "content",
    [
        b"x\r\n" + LAST,
        b"-1\r\n" + LAST,
        b"+2\r\n{}\r\n" + LAST,
        b"0x2\r\n{}\r\n" + LAST,
        b" 2\r\n{}\r\n" + LAST,
        b"2 2\r\n{}\r\n" + LAST,
        b"\r\n{}\r\n" + LAST,
        b";extension\r\n{}\r\n" + LAST,
        b"2_0\r\n{}\r\n" + LAST,
        b"2\n{}\n0\n\n",
        b"2\r{}\r\n" + LAST,
        b"3\r\n{}\r\n" + LAST,
        b"1\r\n{}\r\n" + LAST,
        b"f" * 17 + b"\r\n{}\r\n" + LAST,
        b"2;" + b"a" * 5_000 + b"\r\n{}\r\n" + LAST,
        b"2\r\n{}\r\n0\r\nno trailer\r\n\r\n",
        b"2\r\n{}\r\n0\r\nA : b\r\n\r\n",
        b"2\r\n{}\r\n0\r\n" + b"A: b\r\n" * 200 + b"\r\n",
        b"2\r\n{}\r\n0\r\nA: " + b"b" * 5_000 + b"\r\n\r\n",
        b"2\r\n{}\r\n",
        b"2\r\n{}\r\n0\r\n",
        b"5\r\n{}",
        b"5",
        b"",
    ],
)
def test_malformed_chunks_are_400_and_end_the_connection(sandbox: Sandbox, content: bytes) -> None:
    received = exchange(sandbox, post(CHUNKED) + content + b"GET /v3/utils/time HTTP/1.1\r\nHost: localhost\r\n\r\n")
    assert statuses(received) == [400]
    assert b"\r\nConnection: close\r\n" in received
    assert sandbox.requests == []


def test_a_million_bytes_in_chunks_are_read_and_one_more_is_413(sandbox: Sandbox) -> None:
    assert statuses(exchange(sandbox, post(CHUNKED) + chunks(b" " * 1_000_000, 65_536))) == [400]
    assert b"longer" not in exchange(sandbox, post(CHUNKED) + chunks(PARTNER + b" " * 900_000, 65_536))
    assert statuses(exchange(sandbox, post(CHUNKED) + chunks(b" " * 1_000_001, 65_536))) == [413]
    assert statuses(exchange(sandbox, post(CHUNKED) + b"ffffffffffffffff\r\n" + LAST)) == [413]


def test_chunks_that_are_nearly_all_extension_are_413(sandbox: Sandbox) -> None:
    assert statuses(exchange(sandbox, post(CHUNKED) + chunks(b" " * 2_500, 1, b";" + b"a" * 4_000))) == [413]


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ([CHUNKED, "Content-Length: 2"], 400),
        (["Content-Length: 2", CHUNKED], 400),
        (["Transfer-Encoding: chunked, gzip"], 400),
        (["Transfer-Encoding: gzip"], 400),
        (["Transfer-Encoding: identity"], 400),
        (["Transfer-Encoding:"], 400),
        (["Transfer-Encoding: \x0bchunked"], 400),
        (["Transfer-Encoding: \xa0chunked"], 400),
        (["Content-Length: \xa02"], 400),
        ([CHUNKED, CHUNKED], 400),
        (["Transfer-Encoding: xchunked"], 400),
        (["Transfer-Encoding: gzip, chunked"], 501),
        (["Content-Length : 2"], 400),
        (["Transfer-Encoding : chunked"], 400),
        (["Content-Length: 2", "no colon here"], 400),
        (["Content-Length: 2", "Content-Length: 22"], 400),
        (["Content-Length: 2,2"], 400),
    ],
)
def test_a_body_whose_end_is_open_to_question_is_refused(sandbox: Sandbox, headers: list[str], status: int) -> None:
    received = exchange(sandbox, post(*headers) + b"{}" + head("GET /v3/utils/time"))
    assert statuses(received) == [status]
    assert sandbox.requests == []


@pytest.mark.parametrize("length", ["2", " 2 ", "002", "2\t"])
def test_a_length_is_read_with_blanks_round_it(sandbox: Sandbox, length: str) -> None:
    received = exchange(sandbox, post(f"content-length:{length}") + b"{}" + head("GET /v3/utils/time"))
    assert statuses(received) == [422, 200]


@pytest.mark.parametrize(
    ("target", "logged"),
    [
        ("http://localhost/v3/utils/time", "/v3/utils/time"),
        ("http://127.0.0.1:8080/v3/utils/time", "/v3/utils/time"),
        ("HTTP://LocalHost:80/v3/partners?page=1", "/v3/partners?page=1"),
        ("http://[::1]:1/v3/utils/time?", "/v3/utils/time?"),
    ],
)
def test_a_whole_address_in_the_request_line_is_taken_apart(sandbox: Sandbox, target: str, logged: str) -> None:
    assert statuses(exchange(sandbox, head(f"GET {target}"))) == [200]
    assert [seen.path for seen in sandbox.requests] == [logged]


@pytest.mark.parametrize("target", ["http://localhost", "http://localhost/", "http://localhost?/v3/utils/time", "*"])
def test_an_address_without_a_path_is_404(sandbox: Sandbox, target: str) -> None:
    assert statuses(exchange(sandbox, head(f"GET {target}"))) == [404]


@pytest.mark.parametrize(
    "target",
    [
        "http://evil.example/v3/utils/time",
        "http://127.0.0.1:80@evil.example/v3/utils/time",
        "http://user@localhost/v3/utils/time",
        "http://localhost.evil.example/v3/utils/time",
        "http:///v3/utils/time",
    ],
)
def test_a_whole_address_elsewhere_is_refused_whatever_the_host_says(sandbox: Sandbox, target: str) -> None:
    assert statuses(exchange(sandbox, head(f"GET {target}"))) == [421]
    assert sandbox.requests == []


def test_a_foreign_host_beside_a_local_address_is_refused(sandbox: Sandbox) -> None:
    sent = b"GET http://localhost/v3/utils/time HTTP/1.1\r\nHost: evil.example\r\n\r\n"
    assert statuses(exchange(sandbox, sent)) == [421]


def test_links_of_a_list_lead_where_the_request_was_sent(sandbox: Sandbox) -> None:
    received = exchange(sandbox, head("GET http://127.0.0.1:4711/v3/document-blocks?per_page=1"))
    page = json.loads(received.partition(b"\r\n\r\n")[2])
    assert page["next_page_url"] == "http://127.0.0.1:4711/v3/document-blocks?per_page=1&page=2"


@pytest.mark.parametrize("expectation", ["100-continue", "100-Continue"])
@pytest.mark.parametrize("length", [f"Content-Length: {len(PARTNER)}", CHUNKED])
def test_a_client_that_waits_is_told_to_go_on(sandbox: Sandbox, expectation: str, length: str) -> None:
    content = chunks(PARTNER, 40) if length == CHUNKED else PARTNER
    with socket.create_connection(("127.0.0.1", sandbox.port), timeout=10) as connection:
        connection.sendall(post(f"Expect: {expectation}", length))
        assert connection.recv(65_536) == b"HTTP/1.1 100 Continue\r\n\r\n"
        connection.sendall(content)
        assert connection.recv(65_536).startswith(b"HTTP/1.1 201 ")


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        (["Content-Length: 1000001"], 413),
        (["Content-Length: x"], 400),
        (["Content-Length: 2", "Origin: https://evil.example"], 403),
        (["Content-Length: 2", "Host: evil.example"], 421),
    ],
)
def test_a_client_that_waits_is_refused_before_it_sends(sandbox: Sandbox, headers: list[str], status: int) -> None:
    assert statuses(exchange(sandbox, post("Expect: 100-continue", *headers))) == [status]


def test_nothing_is_waited_for_without_a_body_and_nothing_else_can_be_expected(sandbox: Sandbox) -> None:
    assert statuses(exchange(sandbox, head("GET /v3/utils/time", "Expect: 100-continue"))) == [200]
    assert statuses(exchange(sandbox, post("Expect: miracles", "Content-Length: 2") + b"{}")) == [417]


def test_http_1_0_is_answered_and_hung_up_on(sandbox: Sandbox) -> None:
    received = exchange(sandbox, head("GET /v3/utils/time", version="1.0") + head("GET /v3/utils/time"))
    assert statuses(received) == [200]
    assert b"\r\nConnection: close\r\n" in received


def test_http_1_0_is_kept_alive_when_it_asks(sandbox: Sandbox) -> None:
    one = head("GET /v3/utils/time", "Connection: Keep-Alive", version="1.0")
    received = exchange(sandbox, one + one)
    assert statuses(received) == [200, 200]
    assert received.count(b"\r\nConnection: keep-alive\r\n") == 2


def test_http_1_0_need_not_name_a_host_and_has_no_chunks(sandbox: Sandbox) -> None:
    bare = b"GET /v3/document-blocks?per_page=1 HTTP/1.0\r\nX-API-KEY: sandbox-ready\r\n\r\n"
    received = exchange(sandbox, bare)
    assert statuses(received) == [200]
    assert sandbox.billingo_url.encode() in received
    named = b"GET /v3/utils/time HTTP/1.0\r\nHost: evil.example\r\n\r\n"
    assert statuses(exchange(sandbox, named)) == [421]
    chunked = head("POST /v3/partners", CHUNKED, version="1.0")
    assert statuses(exchange(sandbox, chunked + chunks(PARTNER, 30))) == [400]


@pytest.mark.parametrize("connection", ["close", "Close", "close, TE", "TE, close", "keep-alive, close"])
def test_a_client_that_will_close_is_hung_up_on(sandbox: Sandbox, connection: str) -> None:
    received = exchange(sandbox, head("GET /v3/utils/time", f"Connection: {connection}") + head("GET /v3/utils/time"))
    assert statuses(received) == [200]


@pytest.mark.parametrize("name", ["x-api-key", "X-Api-Key", "X-API-KEY", "x-API-kEY"])
def test_the_key_is_found_however_its_header_is_written(sandbox: Sandbox, name: str) -> None:
    sent = f"GET /v3/utils/time HTTP/1.1\r\nhost:localhost\r\n{name}:\t sandbox-ready \r\n\r\n".encode()
    assert statuses(exchange(sandbox, sent)) == [200]


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        (b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505),
        (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n", 400),
        (b"GET /v3 HTTP/x\r\n\r\n", 400),
        (b"GET\r\n\r\n", 400),
        (b"POST /v3\r\n\r\n", 400),
        (b"CONNECT localhost:1 HTTP/1.1\r\nHost: localhost:1\r\n\r\n", 501),
        (b"GET /v3/utils/time\r\n\r\n", 401),
    ],
)
def test_another_protocol_is_refused_with_a_status(sandbox: Sandbox, sent: bytes, status: int) -> None:
    received = exchange(sandbox, sent)
    assert statuses(received) == [status]
    assert b"\r\nContent-Type: application/json\r\n" in received


@pytest.mark.parametrize("between", [b"\r\n", b"\n"])
def test_an_empty_line_after_a_body_is_passed_over(sandbox: Sandbox, between: bytes) -> None:
    partner = post(f"Content-Length: {len(PARTNER)}") + PARTNER
    assert statuses(exchange(sandbox, partner + between + partner + between)) == [201, 201]


def test_requests_sent_at_once_are_answered_in_turn(sandbox: Sandbox) -> None:
    partner = post(f"Content-Length: {len(PARTNER)}") + PARTNER
    sent = partner + head("HEAD /v3/utils/time") + post(CHUNKED) + chunks(b"{}", 1) + head("DELETE /v3/partners/90001")
    assert statuses(exchange(sandbox, sent)) == [201, 200, 422, 204]


@pytest.mark.parametrize(
    "headers", [["Upgrade: h2c", "Connection: Upgrade, HTTP2-Settings", "HTTP2-Settings: AAMAAABk"]]
)
def test_an_offer_to_upgrade_is_passed_over(sandbox: Sandbox, headers: list[str]) -> None:
    assert statuses(exchange(sandbox, head("GET /v3/utils/time", *headers))) == [200]


def test_a_multipart_head_is_not_taken_for_broken(sandbox: Sandbox) -> None:
    form = b'--b\r\nContent-Disposition: form-data; name="a"; filename="a"\r\n\r\nx\r\n--b--\r\n'
    sent = head("POST /szamla/", "Content-Type: multipart/form-data; boundary=b", CHUNKED)
    received = exchange(sandbox, sent + chunks(form, 10))
    assert statuses(received) == [200]
    assert b"szlahu_error_code: 53" in received


def test_a_library_that_streams_is_answered(sandbox: Sandbox) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", sandbox.port, timeout=10)
    for _ in range(2):
        connection.request("POST", "/v3/partners", iter([PARTNER[:9], PARTNER[9:]]), {"X-API-KEY": "sandbox-ready"})
        answer = connection.getresponse()
        content: dict[str, Any] = json.loads(answer.read())
        assert (answer.status, content["name"]) == (201, "Tükörfúró Bt.")
    connection.close()


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(pieces=st.lists(st.binary(min_size=1, max_size=20), max_size=5), noise=st.binary(max_size=30))
def test_any_bytes_after_chunks_raise_nothing(
    sandbox: Sandbox, capfd: pytest.CaptureFixture[str], pieces: list[bytes], noise: bytes
) -> None:
    sent = b"".join(chunks(piece, 100, end=b"") for piece in pieces)
    for end in (LAST, noise, LAST + noise):
        received = exchange(sandbox, post(CHUNKED) + sent + end)
        assert set(statuses(received)) <= {400, 413, 422, 501, 505, 414}
    assert capfd.readouterr() == ("", "")
