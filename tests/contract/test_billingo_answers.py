"""What Billingo's answers, and what only looks like them, come to."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date

import pytest

from bokko_cli.deadline import Deadline
from bokko_cli.errors import (
    BokkoError,
    KeyRejected,
    NoApiAccess,
    NoPermission,
    UnexpectedAnswer,
    Unreachable,
)
from bokko_cli.model.apikey import ApiKey
from bokko_cli.model.values import BankAccount, Block, Organization, Survey
from bokko_cli.network.client import Pace
from bokko_cli.providers.billingo.provider import Billingo
from tests.servers import (
    FakeBillingo,
    Hang,
    Reset,
    ScriptedAnswer,
    Seen,
    Server,
    block,
    error_answer,
    json_answer,
    raw_answer,
    redirect,
)

KEY = ApiKey("63faa428-9044-11ea-8ed0-0242ac120005")
QUICK = Pace(first_wait=0.01)
PATHS = {"organization": "/organization", "document_block": "/document-blocks", "bank_account": "/bank-accounts"}
PARTS = list(PATHS)
HTML = b"<!DOCTYPE html><html><title>Log in</title></html>"


@dataclass
class Notices:
    """What was told while waiting."""

    lines: list[str] = field(default_factory=list)


def survey(fake: FakeBillingo, seconds: float = 30, heard: Notices | None = None) -> Survey:
    with Server(fake.answer) as server:
        tell = (heard or Notices()).lines.append
        billingo = Billingo(f"{server.url}/v3", KEY, Deadline(seconds), tell, QUICK)
        try:
            return billingo.survey()
        finally:
            billingo.close()


def part_of(found: Survey, name: str) -> object:
    return found.organization if name == "organization" else found.choices[name]


def with_part(name: str, answer: ScriptedAnswer | Callable[[Seen], ScriptedAnswer]) -> FakeBillingo:
    return FakeBillingo(override={PATHS[name]: answer})


def failure(name: str, answer: ScriptedAnswer | Callable[[Seen], ScriptedAnswer], seconds: float = 30) -> BokkoError:
    """Return the error of the one part that is answered so; the others must be there."""
    found = survey(with_part(name, answer), seconds)
    for other in PARTS:
        assert isinstance(part_of(found, other), BokkoError) == (other == name)
    (error,) = found.failures()
    return error


def listing(*rows: object, **changes: object) -> ScriptedAnswer:
    page: dict[str, object] = {"data": list(rows), "total": len(rows), "current_page": 1, "last_page": 1}
    return json_answer(200, {key: value for key, value in {**page, **changes}.items() if value != "absent"})


def blocks_of(answer: ScriptedAnswer | Callable[[Seen], ScriptedAnswer]) -> tuple[object, ...]:
    rows = survey(with_part("document_block", answer)).choices["document_block"]
    assert isinstance(rows, tuple)
    return rows


def test_account_is_read_whole() -> None:
    found = survey(FakeBillingo())
    assert found.organization == Organization("13421739-2-41", date(2099, 12, 31), has_nav_connection=True)
    assert found.choices["document_block"] == (Block(40101, "Webshop", "WEB"), Block(40102, "Bolt", "B"))
    assert found.choices["bank_account"] == (
        BankAccount(7001, "OTP HUF", "11773016-11111018-00000000", "HUF"),
        BankAccount(7002, "Erste EUR", "11600006-00000000-12345676", "EUR"),
    )


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


@pytest.mark.parametrize("status", [429, 500])
@pytest.mark.parametrize(("body", "encoding"), [(b"no gzip", "gzip"), (b"", "gzip"), (b"x", "br")])
def test_busy_and_failing_servers_are_told_whatever_their_body(status: int, body: bytes, encoding: str) -> None:
    error = failure("organization", raw_answer(status, body, {"Content-Encoding": encoding}))
    assert type(error) is Unreachable
    assert error.message.startswith({429: "Billingo is busy", 500: "Billingo could not answer (HTTP 500)."}[status])


def test_list_that_cannot_be_unpacked_proves_nothing() -> None:
    error = failure("document_block", raw_answer(200, b"no gzip", {"Content-Encoding": "gzip"}))
    assert (type(error), error.message) == (UnexpectedAnswer, "Billingo's answer could not be decompressed.")


FRONTS = [b"\xef\xbb\xbf", b"\xef\xbb\xbf\xef\xbb\xbf", b"\r\n\r\n", b" \t\n", b"\n\xef\xbb\xbf\n", b"\x0b\x0c"]


@pytest.mark.parametrize("front", FRONTS)
def test_blank_lines_and_byte_order_marks_may_stand_before_json(front: bytes) -> None:
    body = b'{"data": [{"id": 1, "name": "Webshop", "prefix": "WEB"}], "total": 1, "current_page": 1, "last_page": 1}'
    assert blocks_of(raw_answer(200, front + body)) == (Block(1, "Webshop", "WEB"),)
    error = failure("organization", raw_answer(500, front + b'{"error": {"message": "Broken.", "trace_id": "x"}}'))
    assert error.message == "Billingo could not answer (HTTP 500). Billingo says: Broken. Trace id: x."


@pytest.mark.parametrize("path", ["", "/", "/v2", "/v3/x"])
@pytest.mark.parametrize("body", [b'{"error": {"message": "Not found"}}', HTML, b""])
def test_address_without_its_version_names_the_variable(path: str, body: bytes) -> None:
    with Server(lambda _: raw_answer(404, body)) as server:
        billingo = Billingo(f"{server.url}{path}", KEY, Deadline(30), print, QUICK)
        for error in billingo.survey().failures():
            assert type(error) is UnexpectedAnswer
            assert error.message == f"There is no Billingo at {server.url}{path} (HTTP 404)."
            assert error.fix == "The address in BOKKO_BILLINGO_URL must end in /v3: correct the variable, or unset it."
        billingo.close()


@pytest.mark.parametrize("status", [200, 400, 401, 402, 403, 404, 422])
@pytest.mark.parametrize("headers", [{"Content-Type": "text/html; charset=utf-8"}, {}])
def test_page_of_a_captive_portal_is_never_called_a_refusal(status: int, headers: dict[str, str]) -> None:
    error = failure("organization", raw_answer(status, HTML, headers))
    assert type(error) is UnexpectedAnswer
    assert error.message == f"A web page came back instead of Billingo's answer (HTTP {status})."
    assert "log in" in error.fix


@pytest.mark.parametrize("status", [204, 206, 400, 404, 409, 451, 418])
def test_status_that_is_not_expected_is_an_unexpected_answer(status: int) -> None:
    body = b"" if status == 204 else json.dumps({"error": {"message": "Hm."}}).encode()
    error = failure("bank_account", raw_answer(status, body, {"Content-Type": "application/json"}))
    assert type(error) is UnexpectedAnswer
    assert f"HTTP {status}" in error.message
    assert ("Billingo says: Hm." in error.message) == bool(body)


def test_validation_error_shows_its_message() -> None:
    body = {"message": "Validation Failed", "errors": [{"field": "per_page", "message": "Too many."}]}
    error = failure("document_block", json_answer(422, body))
    assert error.message == "Unexpected answer from Billingo (HTTP 422). Billingo says: Validation Failed"


@pytest.mark.parametrize(
    "body",
    [
        {"error": {"message": "Broken.", "trace_id": "664b218f"}},
        {"error": {"message": "Broken."}, "trace_id": "664b218f"},
    ],
)
def test_lasting_server_error_shows_the_trace_id(body: object) -> None:
    error = failure("organization", json_answer(500, body))
    assert type(error) is Unreachable
    assert error.message == "Billingo could not answer (HTTP 500). Billingo says: Broken. Trace id: 664b218f."
    assert "support will ask for the trace id" in error.fix


@pytest.mark.parametrize("body", [{"error": {"message": 7, "trace_id": []}}, {"error": 7}, {"message": None}])
def test_message_and_trace_id_that_are_no_text_are_not_told(body: object) -> None:
    error = failure("organization", json_answer(500, body))
    assert (error.message, error.fix) == ("Billingo could not answer (HTTP 500).", "Try again later.")


@pytest.mark.parametrize("status", [500, 502, 503, 504, 501, 520])
def test_server_error_of_a_delivery_network_is_unreachable(status: int) -> None:
    error = failure("organization", raw_answer(status, HTML, {"Content-Type": "text/html"}))
    assert type(error) is Unreachable
    assert (error.message, error.fix) == (f"Billingo could not answer (HTTP {status}).", "Try again later.")


def test_server_error_that_passes_is_only_told() -> None:
    heard = Notices()
    fake = with_part("bank_account", once(error_answer(500, "x")))
    assert survey(fake, heard=heard).failures() == []
    assert len(heard.lines) == 1


def once(answer: ScriptedAnswer) -> Callable[[Seen], ScriptedAnswer]:
    """Answer so the first time, as Billingo does after that."""
    left = [answer]
    usual = FakeBillingo()
    return lambda seen: left.pop() if left else usual.answer(seen)


@pytest.mark.parametrize("body", [error_answer(429, "Too many requests"), raw_answer(429, HTML)])
def test_lasting_rush_is_unreachable(body: ScriptedAnswer) -> None:
    error = failure("organization", body)
    assert type(error) is Unreachable
    assert error.message.startswith("Billingo is busy: too many requests.")


@pytest.mark.parametrize("part", PARTS)
@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (Reset(), Unreachable),
        (redirect("https://example.com/"), UnexpectedAnswer),
        (raw_answer(200, b""), UnexpectedAnswer),
    ],
    ids=["reset", "redirect", "empty"],
)
def test_one_of_three_failing_leaves_the_others_known(
    part: str, answer: ScriptedAnswer, kind: type[BokkoError]
) -> None:
    assert type(failure(part, answer)) is kind


@pytest.mark.parametrize("part", PARTS)
def test_one_of_three_hanging_leaves_the_others_known(part: str) -> None:
    error = failure(part, Hang(), seconds=1)
    assert type(error) is Unreachable
    assert "in time" in error.message


@pytest.mark.parametrize("part", PARTS)
@pytest.mark.parametrize(
    "body",
    [
        b"",
        b" ",
        b"null",
        b"true",
        b"42",
        b'"text"',
        b"[]",
        b"{",
        b'{"data": [}',
        b"{} {}",
        b'{"data": "\xff\xfe"}',
        "{}".encode("utf-16"),
        b"[" * 200_000,
        b'{"data":' * 100_000,
        b'{"data": [' + b"1" * 5000 + b"]}",
        b'{"data": [' + b"{}," * 100_000 + b"{}]}",
    ],
    ids=lambda body: repr(body[:12]),
)
def test_body_that_is_no_json_object_is_an_unexpected_answer(part: str, body: bytes) -> None:
    error = failure(part, raw_answer(200, body, {"Content-Type": "application/json"}))
    assert type(error) is UnexpectedAnswer
    assert error.message.startswith("Unexpected answer from Billingo: ")
    assert len(error.message) < 200


@pytest.mark.parametrize(("part", "times"), [(b"[],", 100_000), (b"{},", 100_000), (b"1,", 200_000)])
def test_body_of_more_parts_than_memory_should_hold_is_not_decoded(part: bytes, times: int) -> None:
    body = b'{"data": [' + part * times + b"1]}"
    error = failure("bank_account", raw_answer(200, body))
    assert error.message == "Unexpected answer from Billingo: the list of bank accounts has too many parts."


ROW = block(1, "Webshop", "WEB")


@pytest.mark.parametrize(
    "answer",
    [
        json_answer(200, {}),
        listing(data=None),
        listing(data={"0": ROW}),
        listing(data="rows"),
        listing(None),
        listing(ROW, 7),
        listing([ROW]),
        listing({**ROW, "id": "1"}),
        listing({**ROW, "id": None}),
        listing({**ROW, "id": True}),
        listing({**ROW, "id": 1.0}),
        listing({**ROW, "id": 10**30}),
        listing({**ROW, "id": -(2**63)}),
        listing({"name": "x"}),
        listing({"id": 1, "type": "invoice"}),
        listing({**ROW, "name": 7}),
        listing({**ROW, "name": ["x"]}),
        listing({**ROW, "prefix": 7}),
        listing({**ROW, "prefix": {}}),
        listing(ROW, total="1"),
        listing(ROW, total=1.5),
        listing(ROW, last_page="absent"),
        listing(ROW, last_page=None),
        listing(ROW, last_page="1"),
        listing(ROW, last_page=10**300),
        listing(ROW, current_page="absent"),
        listing(ROW, current_page=2),
        listing(ROW, last_page=10**9),
    ],
)
def test_list_of_another_shape_is_an_unexpected_answer(answer: ScriptedAnswer) -> None:
    error = failure("document_block", answer)
    assert type(error) is UnexpectedAnswer
    assert error.message.startswith("Unexpected answer from Billingo: ")
    assert len(error.message) < 200


def test_list_of_more_pages_than_anybody_has_is_not_begun() -> None:
    error = failure("document_block", listing(ROW, last_page=501))
    assert error.message.endswith("the list of document blocks claims to have 501 pages.")


@pytest.mark.parametrize("key", ["name", "account_number", "account_number_iban", "currency"])
def test_account_of_another_shape_is_an_unexpected_answer(key: str) -> None:
    row: dict[str, object] = {"id": 1, "name": "OTP", "account_number": "", "currency": "HUF"}
    assert type(failure("bank_account", listing({**row, key: 7}))) is UnexpectedAnswer
    assert type(failure("bank_account", listing({"id": 1, "currency": "HUF"}))) is UnexpectedAnswer


@pytest.mark.parametrize(
    ("part", "row", "how"),
    [
        ("document_block", {"id": 1}, "a document block has no name."),
        ("document_block", {**ROW, "prefix": 7}, "a document block has no text as prefix."),
        ("document_block", {"name": "x"}, "the list of document blocks has no whole number as id."),
        ("bank_account", {"id": 1}, "a bank account has no name."),
        ("bank_account", {"id": 1, "name": "x", "currency": 7}, "a bank account has no text as currency."),
        ("bank_account", {"name": "x"}, "the list of bank accounts has no whole number as id."),
    ],
)
def test_row_of_another_shape_is_named(part: str, row: dict[str, object], how: str) -> None:
    assert failure(part, listing(row)).message == f"Unexpected answer from Billingo: {how}"


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"data": "x"},
    ],
)
def test_organization_of_another_shape_is_an_unexpected_answer(body: dict[str, object]) -> None:
    assert type(failure("organization", json_answer(200, body))) is UnexpectedAnswer


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({"tax_code": None, "subscription": None, "has_nav_connection": None}, Organization()),
        ({"tax_code": "", "subscription": {}, "new": [1]}, Organization()),
        ({"tax_code": " 13421739-2-41 "}, Organization("13421739-2-41")),
        ({"tax_code": 13421739}, Organization()),
        ({"tax_code": []}, Organization()),
        ({"tax_code": ["13421739-2-41"]}, Organization()),
        ({"tax_code": {}}, Organization()),
        ({"tax_code": False}, Organization()),
        ({"tax_code": 1.5, "has_nav_connection": True}, Organization(has_nav_connection=True)),
        ({"has_nav_connection": "yes"}, Organization()),
        ({"has_nav_connection": False}, Organization(has_nav_connection=False)),
        ({"subscription": {"expiration_date": None, "features": ["unheard of"]}}, Organization()),
        ({"subscription": {"expiration_date": "soon"}}, Organization()),
        ({"subscription": []}, Organization()),
        ({"subscription": [1]}, Organization()),
        ({"subscription": "x"}, Organization()),
        ({"subscription": 7}, Organization()),
        ({"subscription": True}, Organization()),
        ({"subscription": {"expiration_date": []}}, Organization()),
        ({"subscription": {"expiration_date": {"date": "2026-12-31"}, "features": {}}}, Organization()),
        ({"subscription": {"features": "api_limit_basic"}}, Organization()),
        ({"subscription": {"features": [7, None, []]}}, Organization()),
        ({"has_nav_connection": []}, Organization()),
        ({"has_nav_connection": 1}, Organization()),
        ({"subscription": {"expiration_date": "2026-02-30"}}, Organization()),
        ({"subscription": {"expiration_date": 20261231}}, Organization()),
        ({"subscription": {"expiration_date": "2026-12-31 23:59:59"}}, Organization(None, date(2026, 12, 31))),
    ],
)
def test_organization_that_says_little_is_fine(body: dict[str, object], expected: Organization) -> None:
    assert survey(with_part("organization", json_answer(200, body))).organization == expected


def test_nulls_unknown_fields_and_unknown_kinds_are_fine() -> None:
    rows = (
        {"id": 1, "name": None, "prefix": None, "custom_field1": None, "type": None, "new": {"deep": [1]}},
        {"id": 2, "name": "Bare"},
        {"id": 3, "name": "Odd", "type": "billingo_business"},
        {"id": 4, "name": "Receipts", "type": "receipt"},
    )
    assert blocks_of(listing(*rows)) == (Block(1, "", ""), Block(2, "Bare", ""))
    accounts = ({"id": 1, "name": None, "currency": "XYZ"}, {"id": 2, "name": "I", "account_number_iban": "HU42"})
    found = survey(with_part("bank_account", listing(*accounts))).choices["bank_account"]
    assert found == (BankAccount(1, "", "", "XYZ"), BankAccount(2, "I", "HU42", ""))


def test_count_that_is_not_told_is_fine() -> None:
    assert (
        blocks_of(listing(ROW, total=None)) == blocks_of(listing(ROW, total="absent")) == (Block(1, "Webshop", "WEB"),)
    )


def test_list_without_rows_is_empty_and_no_failure() -> None:
    assert blocks_of(listing()) == ()
    assert blocks_of(listing(last_page=0)) == ()


def test_half_of_a_character_becomes_the_sign_for_that() -> None:
    body = b'{"data": [{"id": 1, "name": "a\\ud800b"}], "total": 1, "current_page": 1, "last_page": 1}'
    assert blocks_of(raw_answer(200, body)) == (Block(1, "a�b", ""),)


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


def test_list_by_itself_raises_what_went_wrong() -> None:
    with Server(with_part("bank_account", error_answer(403, "x")).answer) as server:
        billingo = Billingo(f"{server.url}/v3", KEY, Deadline(30), print, QUICK)
        assert billingo.listed("document_block") == (Block(40101, "Webshop", "WEB"), Block(40102, "Bolt", "B"))
        with pytest.raises(NoPermission):
            billingo.listed("bank_account")
        billingo.close()
