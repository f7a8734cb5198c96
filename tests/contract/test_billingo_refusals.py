"""Billingo's refusals, what only looks like one, and what of their words is shown."""

import pytest

from bokko_cli.errors import (
    BokkoError,
    KeyRejected,
    NoApiAccess,
    NoPermission,
    UnexpectedAnswer,
)
from tests.contract.billingo_survey import HTML, KEY, PARTS, failure
from tests.fake_billingo import error_answer
from tests.servers import json_answer, raw_answer


@pytest.mark.parametrize(
    ("status", "kind", "words"),
    [
        (401, KeyRejected, "Billingo refused this key."),
        (402, NoApiAccess, "no API access"),
        (403, NoPermission, "no permission"),
    ],
)
@pytest.mark.parametrize("part", PARTS)
def test_refusal_of_each_request_is_its_own(part: str, status: int, kind: type[BokkoError], words: str) -> None:
    error = failure(part, error_answer(status, "Nem."))
    assert type(error) is kind
    assert words in error.message
    assert "Billingo says: Nem." in failure(part, error_answer(status, "Nem.")).message


def test_refusals_say_where_to_mend_them() -> None:
    rejected, no_access, no_permission, quota = (
        failure("organization", error_answer(status, "")).fix for status in (401, 402, 403, 400)
    )
    assert ": https://app.billingo.hu/api-key (API kulcsok → Új API kulcs" in rejected
    assert "API verzió: 3; Hozzátartozó összekötés: Egyedi fejlesztés; API hatásköre: Olvasás, írás" in rejected
    assert "add-on API + tömeges számlagenerálás" in no_access
    assert "Árak, előfizetés, https://app.billingo.hu/n/subscription/overview" in no_access
    assert "at least the Basic plan" in no_access
    assert "API hatásköre: Olvasás, írás (https://app.billingo.hu/api-key)" in no_permission
    assert "a different account" in no_permission
    assert "daily quota" in quota


@pytest.mark.parametrize("status", [401, 402])
@pytest.mark.parametrize(
    "answer",
    [
        (b"", {}),
        (b" \r\n", {}),
        (b"\xef\xbb\xbf", {"Content-Type": "application/json"}),
        (b"", {"Content-Encoding": "gzip"}),
        (b"no gzip", {"Content-Encoding": "gzip"}),
        (b"x", {"Content-Encoding": "br"}),
        (b'\xef\xbb\xbf\r\n{"error": {"message": "Nem."}}', {}),
        (b'{"error": {"message": null}}', {}),
        (b'{"error": {"message": "", "code": 7}, "more": 1}', {}),
        (b'{"message": "Validation Failed", "errors": []}', {}),
    ],
    ids=lambda answer: repr(answer)[:30],
)
def test_verdict_of_the_status_stands_without_a_body_or_with_billingos_own(
    status: int, answer: tuple[bytes, dict[str, str]]
) -> None:
    assert type(failure("organization", raw_answer(status, *answer))) is {401: KeyRejected, 402: NoApiAccess}[status]


FOREIGN = [
    b"error code: 1010",
    b"Forbidden",
    b"\0\1\2",
    b"{",
    b"[]",
    b"{}",
    b'"x"',
    b'{"message": "Forbidden"}',
    b'{"error": "x"}',
    b'{"error": null}',
    b'{"error": {"code": 1010}}',
    b'{"errors": [{"code": 1010}], "success": false}',
    b'{"message": "Forbidden", "errors": {}}',
]


@pytest.mark.parametrize("status", [401, 402, 403])
@pytest.mark.parametrize("body", FOREIGN)
@pytest.mark.parametrize("kind", ["text/plain", "application/json"])
def test_refusal_of_somebody_in_between_says_nothing_about_the_key(status: int, body: bytes, kind: str) -> None:
    error = failure("organization", raw_answer(status, body, {"Content-Type": kind}))
    assert type(error) is UnexpectedAnswer
    assert error.message.startswith(f"Something between this computer and Billingo refused the request (HTTP {status})")
    assert "firewall" in error.fix


@pytest.mark.parametrize(
    ("body", "headers"),
    [
        (b"", {}),
        (b"\n", {"Content-Type": "text/plain"}),
        (b"", {"Content-Encoding": "gzip"}),
        (b"no gzip", {"Content-Encoding": "gzip"}),
        (b"x", {"Content-Encoding": "br"}),
    ],
)
def test_403_without_billingos_own_words_is_nobodys(body: bytes, headers: dict[str, str]) -> None:
    assert type(failure("organization", raw_answer(403, body, headers))) is UnexpectedAnswer


@pytest.mark.parametrize("status", [200, 400, 401, 402, 403, 404, 422])
@pytest.mark.parametrize("headers", [{"Content-Type": "text/html; charset=utf-8"}, {}])
def test_page_of_a_captive_portal_is_never_called_a_refusal(status: int, headers: dict[str, str]) -> None:
    error = failure("organization", raw_answer(status, HTML, headers))
    assert type(error) is UnexpectedAnswer
    assert error.message == f"A web page came back instead of Billingo's answer (HTTP {status})."
    assert "log in" in error.fix


def test_validation_error_shows_its_message() -> None:
    body = {"message": "Validation Failed", "errors": [{"field": "per_page", "message": "Too many."}]}
    error = failure("document_block", json_answer(422, body))
    assert error.message == "Unexpected answer from Billingo (HTTP 422). Billingo says: Validation Failed"


@pytest.mark.parametrize("body", [{"error": {"message": 7, "trace_id": []}}, {"error": 7}, {"message": None}])
def test_message_and_trace_id_that_are_no_text_are_not_told(body: object) -> None:
    error = failure("organization", json_answer(500, body))
    assert (error.message, error.fix) == ("Billingo could not answer (HTTP 500).", "Try again later.")


def test_words_of_the_server_are_shown_harmlessly_and_short() -> None:
    error = failure("organization", error_answer(401, "\x1b]0;owned\x07" + "x" * 5000))
    assert "\x1b" not in error.message
    assert len(error.message) < 500
    traced = failure("organization", error_answer(500, "x", trace_id="\x1b[31m" + "y" * 5000))
    assert "\x1b" not in traced.message
    assert len(traced.message) < 500


REPEATED = {
    "as it is": KEY.reveal(),
    "in capitals": KEY.reveal().upper(),
    "with a zero-width blank": f"{KEY.reveal()[:9]}\u200b{KEY.reveal()[9:]}",
    "with invisible marks": "\u2060".join(KEY.reveal()),
    "with a soft hyphen": f"{KEY.reveal()[:-3]}\xad{KEY.reveal()[-3:]}",
}


@pytest.mark.parametrize("repeated", REPEATED.values(), ids=REPEATED)
@pytest.mark.parametrize("status", [400, 401, 402, 403, 422, 429, 500])
def test_key_that_the_answer_repeats_is_not_shown(status: int, repeated: str) -> None:
    body = {"error": {"message": f"bad key {repeated}!"}, "trace_id": f"for {repeated}"}
    error = failure("organization", json_answer(status, body))
    assert KEY.reveal() not in (error.message + error.fix).lower()
    assert "Billingo says: bad key …!" in error.message


@pytest.mark.parametrize("message", [7, None, [], {}])
def test_message_of_an_odd_type_is_still_billingos(message: object) -> None:
    body = {"error": {"message": message, "trace_id": []}}
    assert failure("organization", json_answer(401, body)).message == "Billingo refused this key."
