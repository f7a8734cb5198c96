"""A draft as Billingo's answer tells it: whose it is, whether it is one, and each thing that is not as asked."""

import json
from collections.abc import Mapping
from datetime import date

import pytest

from bokko_cli.errors import UnexpectedAnswer
from bokko_cli.model.apikey import ApiKey
from bokko_cli.model.rehearsing import Draft
from bokko_cli.model.values import BankAccount, Settings
from bokko_cli.providers.billingo.documents import conversion_rate, decoded_draft, draft_fields
from bokko_cli.providers.billingo.partners import partner, partner_id
from tests.fakes import KEY, OTP, WEBSHOP

SETTINGS: Settings = {
    "document_block": WEBSHOP,
    "bank_account": OTP,
    "default_vat_rate": "27%",
    "default_payment_method": "bank_transfer",
}
NAME = "BOKKO rehearsal 0123456789abcdef"
AS_ASKED = {
    "id": 90001, "type": "draft", "invoice_number": None, "block_id": 40101, "payment_method": "wire_transfer",
    "currency": "HUF", "document_partner": {"name": NAME}, "items": [{"vat": "27%"}],
    "organization": {"bank_account": {"id": 7001}},
}  # fmt: skip


def decoded(changed: Mapping[str, object], settings: Settings = SETTINGS) -> Draft:
    return decoded_draft(json.dumps({**AS_ASKED, **changed}).encode(), settings, NAME, ApiKey(KEY))


def bank(**fields: object) -> dict[str, object]:
    return {"bank_account": fields}


def test_draft_as_asked_differs_in_nothing() -> None:
    assert decoded({}) == Draft(90001, is_draft=True, differences=())


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"type": "invoice"}, "It is not a draft; its type is invoice."),
        ({"invoice_number": "WEB 2026-1"}, "It has a number, which no draft has: WEB 2026-1."),
        ({"invoice_number": 0}, "It has a number, which no draft has: 0."),
        ({"block_id": 40102}, "Document block: asked for 40101, got 40102."),
        ({"payment_method": "cash"}, "Payment method: asked for wire_transfer, got cash."),
        ({"currency": "EUR"}, "Currency: asked for HUF, got EUR."),
        ({"items": [{"vat": "0%"}]}, "VAT rate: asked for 27%, got 0%."),
        ({"items": [{}, 3, {"vat": "5%"}]}, "VAT rate: asked for 27%, got 5%."),
        ({"organization": bank(id=7002)}, "Bank account: asked for 7001, got 7002."),
        ({"organization": bank(account_number="11600006-00000000-12345676")},
         "Bank account: asked for 7001, got 116000060000000012345676."),
        ({"organization": bank(account_number_iban="hu42 1160")}, "Bank account: asked for 7001, got HU421160."),
        ({"organization": bank(id=7002, account_number=OTP.number)}, "Bank account: asked for 7001, got 7002."),
    ],
)  # fmt: skip
def test_each_difference_is_said_with_what_was_asked_and_what_came(changed: dict[str, object], told: str) -> None:
    assert decoded(changed).differences == (told,)


@pytest.mark.parametrize(
    "changed",
    [
        {"organization": bank(id="7001")},
        {"organization": bank(account_number=" 11773016 11111018 00000000 ")},
        {"organization": bank(account_number="", account_number_iban=None)},
        {"organization": bank()},
        {"organization": None},
        {"organization": {"bank_account": "7001"}},
        {"items": None},
        {"items": [{"vat": None}]},
        {"block_id": "40101"},
        {"currency": None},
        {"invoice_number": " \u200b"},
    ],
)
def test_what_says_the_same_or_nothing_is_no_difference(changed: dict[str, object]) -> None:
    assert decoded(changed) == Draft(90001, is_draft=True, differences=())


def test_account_of_the_iban_is_found_by_it() -> None:
    iban = {**SETTINGS, "bank_account": BankAccount(7001, "Wise", "DE89370400440532013000", "EUR")}
    told = decoded({"organization": bank(account_number_iban="de89 3704 0044 0532 0130 00"), "currency": "EUR"}, iban)
    assert told.differences == ()


@pytest.mark.parametrize(
    "partners",
    [
        {"document_partner": {"name": "Somebody Kft."}},
        {"document_partner": None, "partner": {"name": "Somebody Kft."}},
        {"document_partner": {}, "partner": {"name": f"{NAME}0"}},
    ],
)
def test_draft_for_somebody_else_is_not_ours(partners: dict[str, object]) -> None:
    with pytest.raises(UnexpectedAnswer) as caught:
        decoded(partners)
    assert caught.value.message == "Unexpected answer from Billingo: the draft belongs to somebody else."


@pytest.mark.parametrize("partners", [{"document_partner": None}, {"document_partner": {}, "partner": {"name": NAME}}])
def test_draft_that_names_us_or_nobody_is_ours(partners: dict[str, object]) -> None:
    assert decoded(partners).is_draft is True


@pytest.mark.parametrize(
    ("changed", "is_draft"),
    [
        ({"type": "draft"}, True),
        ({"type": "invoice"}, False),
        ({"type": "Draft"}, False),
        ({"type": None}, None),
        ({"invoice_number": "WEB 2026-1"}, False),
        ({"type": None, "invoice_number": "WEB 2026-1"}, False),
    ],
)
def test_it_is_a_draft_only_where_it_is_called_so_and_has_no_number(
    changed: dict[str, object], is_draft: bool | None
) -> None:
    assert decoded(changed).is_draft is is_draft


@pytest.mark.parametrize("changed", [{"type": "invoice"}, {"type": None}, {"invoice_number": 7}])
def test_what_is_no_draft_is_told_of_whoever_it_is_for(changed: dict[str, object]) -> None:
    assert not decoded({**changed, "document_partner": {"name": "Somebody Kft."}}).is_draft


@pytest.mark.parametrize(("rate", "found"), [(391.5, 391.5), (1, 1.0), (999_999, 999_999.0)])
def test_rate_is_the_member_that_the_description_spells_so(rate: float, found: float) -> None:
    assert conversion_rate(json.dumps({"conversation_rate": rate}).encode()) == found


@pytest.mark.parametrize("rate", [0, -1, True, None, "391", 1_000_000, [391]])
def test_rate_that_is_none_is_refused(rate: object) -> None:
    with pytest.raises(UnexpectedAnswer, match="the exchange rate is not a number above zero"):
        conversion_rate(json.dumps({"conversation_rate": rate}).encode())


def test_rate_that_is_not_even_json_is_named() -> None:
    with pytest.raises(UnexpectedAnswer) as caught:
        conversion_rate(b"")
    assert caught.value.message == "Unexpected answer from Billingo: the exchange rate is not JSON."


@pytest.mark.parametrize("body", [b"", b"[]", b"{}"])
def test_answers_of_another_shape_name_what_they_should_be(body: bytes) -> None:
    with pytest.raises(UnexpectedAnswer, match="the draft"):
        decoded_draft(body, SETTINGS, NAME, ApiKey(KEY))
    with pytest.raises(UnexpectedAnswer, match="the partner"):
        partner_id(body, NAME)


def test_fields_are_those_of_a_draft_due_today() -> None:
    fields = draft_fields(SETTINGS, NAME, date(2026, 11, 26), None)
    assert fields["items"] == [
        {"name": NAME, "quantity": 1, "unit": "db", "unit_price": 1000, "unit_price_type": "net", "vat": "27%"}
    ]
    assert (fields["fulfillment_date"], fields["due_date"]) == ("2026-11-26", "2026-11-26")
    assert "conversion_rate" not in fields
    assert draft_fields(SETTINGS, NAME, date(2026, 11, 26), 391.5)["conversion_rate"] == 391.5


@pytest.mark.parametrize(
    ("row", "found"),
    [({"id": 1, "name": NAME}, (1, NAME)), ({"id": 2, "name": None}, (2, None)), ({"id": 3, "name": 7}, (3, 7))],
)
def test_row_of_partners_has_its_id_and_its_name(row: dict[str, object], found: tuple[int, object]) -> None:
    assert partner(row) == found


def test_row_without_a_name_may_be_ours_and_is_refused() -> None:
    with pytest.raises(UnexpectedAnswer) as caught:
        partner({"id": 1})
    assert caught.value.message == "Unexpected answer from Billingo: the list of partners has no name."


def test_row_without_an_id_is_refused() -> None:
    with pytest.raises(UnexpectedAnswer) as caught:
        partner({"name": NAME})
    assert caught.value.message == "Unexpected answer from Billingo: the list of partners has no whole number as id."


@pytest.mark.parametrize("told", [{"name": NAME}, {"name": None}, {}])
def test_partner_that_was_made_has_an_id_and_our_name_or_none(told: dict[str, object]) -> None:
    assert partner_id(json.dumps({"id": 7, **told}).encode(), NAME) == 7


@pytest.mark.parametrize("name", ["Somebody Kft.", "", NAME.lower(), 7])
def test_partner_of_another_name_is_not_ours(name: object) -> None:
    with pytest.raises(UnexpectedAnswer) as caught:
        partner_id(json.dumps({"id": 7, "name": name}).encode(), NAME)
    assert caught.value.message == "Unexpected answer from Billingo: a different partner from the one requested."


@pytest.mark.parametrize("number", [0, -1])
def test_row_of_partners_with_an_id_that_nothing_has_is_refused(number: int) -> None:
    with pytest.raises(UnexpectedAnswer) as caught:
        partner({"id": number, "name": NAME})
    assert caught.value.message == (f"Unexpected answer from Billingo: the list of partners has {number} as its id.")


NOBODY = {"document_partner": None, "partner": None}


@pytest.mark.parametrize(
    ("changed", "is_named"),
    [
        ({}, True),
        (NOBODY, False),
        (NOBODY | {"items": None}, False),
        (NOBODY | {"items": [3, {"name": None}]}, False),
        (NOBODY | {"items": [{"name": NAME}]}, True),
        (NOBODY | {"items": [{"name": "Tea"}, {"name": NAME}]}, True),
        ({"items": [{"name": "Tea"}]}, True),
    ],
)
def test_draft_is_named_by_its_partner_or_else_by_an_item(changed: dict[str, object], is_named: bool) -> None:
    assert decoded(changed).is_named is is_named


@pytest.mark.parametrize("name", ["Tea", NAME.lower(), f"{NAME} Kft."])
def test_draft_without_a_partner_whose_items_are_somebody_elses_is_not_ours(name: str) -> None:
    with pytest.raises(UnexpectedAnswer, match="the draft belongs to somebody else"):
        decoded(NOBODY | {"items": [{"name": name}]})
    assert decoded(NOBODY | {"items": [{"name": name}], "type": "invoice"}).is_draft is False
