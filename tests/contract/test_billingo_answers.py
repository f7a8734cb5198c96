"""What Billingo's answers come to: read whole where they fit its description, and named where they do not."""

from datetime import date

import pytest

from bokko_cli.errors import (
    UnexpectedAnswer,
)
from bokko_cli.model.values import BankAccount, Block, Organization
from tests.contract.billingo_survey import PARTS, blocks_of, failure, listing, survey, with_part
from tests.fake_billingo import FakeBillingo, block
from tests.servers import ScriptedAnswer, json_answer, raw_answer


def test_account_is_read_whole() -> None:
    found = survey(FakeBillingo())
    assert found.organization == Organization("13421739-2-41", date(2099, 12, 31), has_nav_connection=True)
    assert found.choices["document_block"] == (Block(40101, "Webshop", "WEB"), Block(40102, "Bolt", "B"))
    assert found.choices["bank_account"] == (
        BankAccount(7001, "OTP HUF", "11773016-11111018-00000000", "HUF"),
        BankAccount(7002, "Erste EUR", "11600006-00000000-12345676", "EUR"),
    )


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
