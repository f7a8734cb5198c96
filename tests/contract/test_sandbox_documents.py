"""The sandbox's Billingo: drafts, documents and what they become."""

from concurrent.futures import ThreadPoolExecutor
from urllib.parse import quote

import pytest

from bokko_cli.sandbox.server import Sandbox
from tests.contract.sandbox_client import ITEM, PARTNER, AskSandbox, assert_error, draft, fields_at_fault, new_partner


def test_a_draft_is_created_read_listed_and_deleted(ask: AskSandbox) -> None:
    partner = new_partner(ask)
    created = ask("POST", "/documents", draft(partner))
    assert created.status == 201
    assert (created.json["type"], created.json["invoice_number"]) == ("draft", "")
    assert (created.json["block_id"], created.json["document_partner"]["id"]) == (40101, partner)
    assert created.json["organization"]["bank_account"]["account_number"] == "11773016-11111018-00000000"
    path = f"/documents/{created.json['id']}"
    assert ask("GET", path).json == created.json
    assert ask("GET", "/documents").json["data"] == [created.json]
    assert ask("DELETE", path).status == 204
    assert_error(ask("GET", path), 404)
    assert_error(ask("DELETE", path), 404)


def test_amounts_are_reckoned_from_net_and_from_gross(ask: AskSandbox) -> None:
    gross = {**ITEM, "unit_price": 1270, "unit_price_type": "gross", "quantity": 1}
    exempt = {**ITEM, "vat": "0%", "entitlement": "AAM", "quantity": 1}
    made = ask("POST", "/documents", draft(new_partner(ask), items=[ITEM, gross, exempt])).json
    assert [item["net_amount"] for item in made["items"]] == [3000, 1000, 1000]
    assert [item["gross_amount"] for item in made["items"]] == [3810, 1270, 1000]
    assert made["items"][2]["entitlement"] == "AAM"
    assert made["gross_total"] == 6080
    assert (made["summary"]["net_amount"], made["summary"]["vat_amount"]) == (5000, 1080)
    assert [rate["vat_name"] for rate in made["summary"]["vat_rate_summary"]] == ["0%", "27%"]


def test_a_draft_becomes_an_invoice_and_stays_one(ask: AskSandbox) -> None:
    partner = new_partner(ask)
    path = f"/documents/{ask('POST', '/documents', draft(partner)).json['id']}"
    converted = ask("PUT", path, draft(partner, type="invoice"))
    assert (converted.status, converted.json["type"]) == (200, "invoice")
    assert converted.json["invoice_number"].startswith("WEB ")
    assert_error(ask("PUT", path, draft(partner)), 400)
    assert_error(ask("DELETE", path), 400)
    assert ask("GET", path).json == converted.json


def test_documents_are_filtered(ask: AskSandbox) -> None:
    partner, other = new_partner(ask), new_partner(ask)
    first = ask("POST", "/documents", draft(partner)).json["id"]
    second = ask("POST", "/documents", draft(other, type="invoice", block_id=40103, payment_method="cash")).json["id"]
    for query, ids in (
        ("type=invoice", [second]),
        (f"partner_id={other}", [second]),
        ("block_id=40101", [first]),
        ("payment_method=cash", [second]),
        ("payment_status=outstanding", [second]),
        (f"type=invoice&partner_id={partner}", []),
        ("", [second, first]),
    ):
        assert [row["id"] for row in ask("GET", f"/documents?{query}").json["data"]] == ids


def test_drafts_cannot_be_listed_alone(ask: AskSandbox) -> None:
    for kind in ("draft", "", "DRAFT", "letter"):
        assert fields_at_fault(ask("GET", f"/documents?type={kind}")) == {"type"}


@pytest.mark.parametrize("left_out", [{}, {"bank_account_id": None}])
def test_a_document_without_a_bank_account_takes_one_in_its_currency(
    ask: AskSandbox, sandbox: Sandbox, left_out: dict[str, object]
) -> None:
    partner = new_partner(ask)
    for currency, number in (("HUF", 7001), ("EUR", 7002), ("USD", 7001)):
        body = draft(partner, currency=currency, conversion_rate=400.0)
        del body["bank_account_id"]
        made = ask("POST", "/documents", {**body, **left_out})
        assert (made.status, made.json["organization"]["bank_account"]["id"]) == (201, number)
    sandbox.account("sandbox-ready").bank_accounts.clear()
    assert "bank_account" not in ask("POST", "/documents", body).json["organization"]


def test_another_currency_needs_its_rate(ask: AskSandbox) -> None:
    partner = new_partner(ask)
    for currency in ("EUR", "USD", "GEL"):
        assert fields_at_fault(ask("POST", "/documents", draft(partner, currency=currency))) == {"conversion_rate"}
    made = ask("POST", "/documents", draft(partner, currency="EUR", conversion_rate=391.5)).json
    assert (made["currency"], made["conversion_rate"], made["gross_total"]) == ("EUR", 391.5, 3810)
    assert (made["summary"]["gross_amount_local"], made["summary"]["net_amount_local"]) == (1_491_615, 1_174_500)
    assert (made["summary"]["net_amount"], made["summary"]["vat_amount"]) == (3000, 810)
    assert ask("POST", "/documents", draft(partner, currency="EUR", conversion_rate=0.25)).status == 201
    assert ask("POST", "/documents", draft(partner, conversion_rate=391.5)).json["conversion_rate"] == 1


@pytest.mark.parametrize("vendor_id", ["bokko-rehearsal-1", "a:b c", "a/b", "%41", "á?#"])
def test_a_document_is_found_by_its_vendor_id(ask: AskSandbox, sandbox: Sandbox, vendor_id: str) -> None:
    path = f"/documents/vendor/{quote(vendor_id, safe='')}"
    assert_error(ask("GET", path), 404)
    partner = new_partner(ask)
    ask("POST", "/documents", draft(partner, vendor_id=f"{vendor_id}-other"))
    made = ask("POST", "/documents", draft(partner, vendor_id=vendor_id)).json
    assert ask("GET", path).json == made
    assert sandbox.account("sandbox-ready").vendor_ids[made["id"]] == vendor_id
    assert_error(ask("GET", path, key="sandbox-large"), 404)
    assert ask("DELETE", f"/documents/{made['id']}").status == 204
    assert_error(ask("GET", path), 404)
    assert_error(ask("GET", "/documents/vendor/"), 404)


def test_the_newest_of_two_with_one_vendor_id_is_found(ask: AskSandbox) -> None:
    partner = new_partner(ask)
    first, second = (ask("POST", "/documents", draft(partner, vendor_id="same")).json for _ in range(2))
    assert ask("GET", "/documents/vendor/same").json == second
    ask("DELETE", f"/documents/{second['id']}")
    assert ask("GET", "/documents/vendor/same").json == first


def test_a_copy_of_a_draft_is_a_draft_and_of_an_invoice_is_issued(ask: AskSandbox) -> None:
    partner = new_partner(ask)
    made = ask("POST", "/documents", draft(partner, vendor_id="one")).json
    copied = ask("POST", f"/documents/{made['id']}/copy")
    assert copied.status == 200
    assert copied.json == {**made, "id": copied.json["id"]} != made
    issued = ask("POST", "/documents", draft(partner, type="invoice")).json
    again = ask("POST", f"/documents/{issued['id']}/copy").json
    assert again["type"] == "invoice"
    assert again["invoice_number"] not in {"", issued["invoice_number"]}
    assert ask("GET", "/documents").json["total"] == 4
    assert_error(ask("POST", "/documents/1/copy"), 404)


def test_what_is_mailed_is_written_down(ask: AskSandbox, sandbox: Sandbox) -> None:
    partner = ask("POST", "/partners", {**PARTNER, "emails": ["vevo@pelda.hu"]}).json["id"]
    quiet = ask("POST", "/documents", draft(partner, settings={"should_send_email": False})).json["id"]
    loud = ask("POST", "/documents", draft(partner, settings={"should_send_email": True})).json["id"]
    assert ask("POST", f"/documents/{quiet}/send", {"emails": ["a@b.hu"]}).json == {"emails": ["a@b.hu"]}
    assert ask("POST", f"/documents/{quiet}/send").json == {"emails": ["vevo@pelda.hu"]}
    assert fields_at_fault(ask("POST", f"/documents/{quiet}/send", {"emails": "a@b.hu"})) == {"emails"}
    assert_error(ask("POST", f"/documents/{quiet}/send", b"{"), 400)
    assert_error(ask("POST", "/documents/1/send"), 404)
    assert sandbox.account("sandbox-ready").mails == [
        (loud, ("vevo@pelda.hu",)),
        (quiet, ("a@b.hu",)),
        (quiet, ("vevo@pelda.hu",)),
    ]


@pytest.mark.parametrize("unfitting", [{"should_send_email": "false"}, {"should_send_email": None}, [], None])
def test_unfitting_settings_are_422(ask: AskSandbox, unfitting: object) -> None:
    reply = ask("POST", "/documents", draft(new_partner(ask), settings=unfitting))
    assert fields_at_fault(reply) == {"settings.should_send_email"}


@pytest.mark.parametrize(
    ("pair", "rate"),
    [
        ("from=EUR&to=HUF", 391.5),
        ("from=HUF&to=EUR", 0.002554),
        ("from=USD&to=EUR", 0.863985),
        ("from=HUF&to=HUF", 1),
        ("from=GEL&to=HUF", 100),
    ],
)
def test_rates_of_exchange_are_told(ask: AskSandbox, pair: str, rate: float) -> None:
    reply = ask("GET", f"/currencies?{pair}&date=2026-11-22")
    assert reply.status == 200
    assert set(reply.json) == {"from_currency", "to_currency", "conversation_rate", "date"}
    assert (reply.json["conversation_rate"], reply.json["date"]) == (rate, "2026-11-22")
    assert f"from={reply.json['from_currency']}&to={reply.json['to_currency']}" == pair


def test_rates_can_be_changed_and_unfitting_questions_are_422(ask: AskSandbox, sandbox: Sandbox) -> None:
    sandbox.account("sandbox-ready").rates["EUR"] = 400.25
    assert ask("GET", "/currencies?from=EUR&to=HUF").json["conversation_rate"] == 400.25
    assert fields_at_fault(ask("GET", "/currencies")) == {"from", "to"}
    assert fields_at_fault(ask("GET", "/currencies?from=eur&to=HUF")) == {"from"}
    assert fields_at_fault(ask("GET", "/currencies?from=EUR&to=Ft")) == {"to"}
    assert fields_at_fault(ask("GET", "/currencies?from=EUR&to=HUF&date=20261122")) == {"date"}


@pytest.mark.parametrize(
    ("field", "value"),
    [
        *(("currency", currency) for currency in ("ALL", "COP", "GEL", "LEJ", "MKD", "MNT", "SKK")),
        *(("payment_method", way) for way in ("cod_balance", "combined", "credit", "ebay", "revolut", "stripe")),
    ],
)
def test_members_that_came_later_are_taken(ask: AskSandbox, field: str, value: str) -> None:
    made = ask("POST", "/documents", draft(new_partner(ask), conversion_rate=2.5, **{field: value}))
    assert (made.status, made.json[field]) == (201, value)


@pytest.mark.parametrize(
    ("changes", "vat"),
    [({"vat": "25,5%"}, 765), ({"vat": "8,1%"}, 243), ({"vat": "0%", "entitlement": "WITHOUT_ENTITLEMENT"}, 0)],
)
def test_vat_rates_that_came_later_are_reckoned_with(ask: AskSandbox, changes: dict[str, object], vat: float) -> None:
    made = ask("POST", "/documents", draft(new_partner(ask), items=[{**ITEM, **changes}]))
    assert (made.status, made.json["summary"]["vat_amount"]) == (201, vat)


def test_a_document_is_electronic_when_asked(ask: AskSandbox) -> None:
    partner = new_partner(ask)
    assert ask("POST", "/documents", draft(partner)).json["electronic"] is False
    assert ask("POST", "/documents", draft(partner, electronic=True)).json["electronic"] is True


def test_an_empty_document_names_every_field_it_needs(ask: AskSandbox) -> None:
    assert fields_at_fault(ask("POST", "/documents", {})) == set(draft(1)) - {"bank_account_id"}


@pytest.mark.parametrize("entitlement", ["AAM", "TAM", "EAM", "KBAET", "NAM_1", "NAM_2", None])
def test_zero_vat_with_its_reason_or_without_one_is_accepted(ask: AskSandbox, entitlement: str | None) -> None:
    item = {**ITEM, "vat": "0%", "entitlement": entitlement}
    assert ask("POST", "/documents", draft(new_partner(ask), items=[item])).status == 201


def test_many_writers_at_once_get_a_number_each(ask: AskSandbox) -> None:
    with ThreadPoolExecutor(16) as pool:
        ids = list(pool.map(lambda _: new_partner(ask), range(64)))
    assert len(set(ids)) == 64
    assert ask("GET", "/partners").json["total"] == 64
