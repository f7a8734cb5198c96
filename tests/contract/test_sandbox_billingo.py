"""Billingo's API v3 in the sandbox, against its published description and what integrators measured."""

import http.client
import json
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from stdnum import iban

from bokko_cli.sandbox import budapest
from bokko_cli.sandbox.server import KEYS, Sandbox

METHODS = ("GET", "POST", "PUT", "DELETE")
WRITES = ("POST", "PUT", "DELETE")
PATHS = (
    "/document-blocks",
    "/bank-accounts",
    "/bank-accounts/7001",
    "/organization",
    "/partners",
    "/partners/1",
    "/documents",
    "/documents/1",
    "/utils/check-tax-number/13421739-2-41",
    "/utils/time",
    "/no-such-thing",
)
READABLE = tuple(path for path in PATHS if not path.endswith(("/1", "thing", "7001")))
ADDRESS = {"country_code": "HU", "post_code": "1051", "city": "Budapest", "address": "Fő utca 1."}
PARTNER = {"name": "Tükörfúró Bt.", "address": ADDRESS}
ITEM = {"name": "Fúró", "unit_price": 1000, "unit_price_type": "net", "quantity": 3, "unit": "db", "vat": "27%"}


@dataclass(frozen=True, slots=True)
class Reply:
    status: int
    headers: http.client.HTTPMessage
    json: Any


Ask = Callable[..., Reply]


@pytest.fixture
def ask(sandbox: Sandbox) -> Ask:
    def send(method: str, path: str, body: object = None, key: str | None = "sandbox-ready") -> Reply:
        connection = http.client.HTTPConnection("127.0.0.1", sandbox.port, timeout=10)
        sent = body if isinstance(body, bytes | None) else json.dumps(body).encode()
        try:
            connection.request(method, f"/v3{path}", sent, {} if key is None else {"X-API-KEY": key})
            answer = connection.getresponse()
            content = answer.read()
        finally:
            connection.close()
        assert not content or answer.headers["Content-Type"] == "application/json"
        return Reply(answer.status, answer.headers, json.loads(content) if content else None)

    return send


def draft(partner_id: object, **changes: object) -> dict[str, object]:
    fields = {
        "partner_id": partner_id,
        "block_id": 40101,
        "bank_account_id": 7001,
        "type": "draft",
        "fulfillment_date": "2026-11-22",
        "due_date": "2026-11-30",
        "payment_method": "wire_transfer",
        "language": "hu",
        "currency": "HUF",
        "items": [ITEM],
    }
    return {**fields, **changes}


def new_partner(ask: Ask, key: str = "sandbox-ready") -> int:
    return int(ask("POST", "/partners", PARTNER, key=key).json["id"])


def fields_at_fault(reply: Reply) -> set[str]:
    """Return the fields named by a 422, whose shape has no `error` round it."""
    assert reply.status == 422
    assert set(reply.json) == {"message", "errors"}
    assert reply.json["message"] == "Validation Failed"
    assert all(set(error) == {"field", "message"} and error["message"] for error in reply.json["errors"])
    return {error["field"] for error in reply.json["errors"]}


def assert_error(reply: Reply, status: int) -> None:
    """Expect the error body of every status but 422; a trace id with 500 alone."""
    assert reply.status == status
    assert set(reply.json) == {"error"}
    assert set(reply.json["error"]) == ({"message", "trace_id"} if status == 500 else {"message"})
    assert all(isinstance(text, str) and text for text in reply.json["error"].values())


@pytest.mark.parametrize(
    ("key", "status"),
    [
        (None, 401),
        ("", 401),
        ("unknown", 401),
        ("63faa428-9044-11ea-8ed0-0242ac120005", 401),
        ("SANDBOX-READY", 401),
        ("sandbox-invalid", 401),
        ("sandbox-unpaid", 401),
        ("sandbox-no-api", 402),
        ("sandbox-down", 500),
    ],
)
@pytest.mark.parametrize("method", METHODS)
def test_a_key_that_is_refused_is_refused_everywhere(ask: Ask, key: str | None, status: int, method: str) -> None:
    for path in PATHS:
        assert_error(ask(method, path, PARTNER if method != "GET" else None, key=key), status)


@pytest.mark.parametrize("key", [key for key in KEYS["Billingo"] if key not in {"sandbox-invalid", "sandbox-busy"}])
def test_every_other_key_reads_everything(ask: Ask, key: str) -> None:
    statuses = {ask("GET", path, key=key).status for path in READABLE}
    assert statuses == {{"sandbox-no-api": 402, "sandbox-down": 500}.get(key, 200)}


def test_a_read_only_key_reads_and_writes_nothing(ask: Ask, sandbox: Sandbox) -> None:
    for path in PATHS:
        for method in WRITES:
            assert_error(ask(method, path, PARTNER, key="sandbox-read-only"), 403)
    assert_error(ask("POST", "/partners", {}, key="sandbox-read-only"), 403)
    account = sandbox.account("sandbox-read-only")
    assert (account.partners, account.documents) == ({}, {})


def test_a_picky_key_refuses_every_draft_with_two_messages(ask: Ask) -> None:
    partner = new_partner(ask, key="sandbox-picky")
    for body in (draft(partner), {"type": "draft"}):
        refused = ask("POST", "/documents", body, key="sandbox-picky")
        assert fields_at_fault(refused) == {"payment_method", "items.0.vat"}
        assert len({error["message"] for error in refused.json["errors"]}) == len(refused.json["errors"]) == 2
    assert ask("GET", "/documents", key="sandbox-picky").json["total"] == 0
    assert ask("DELETE", f"/partners/{partner}", key="sandbox-picky").status == 204


def test_without_drafts_the_features_name_an_add_on_and_no_plan(ask: Ask) -> None:
    features = ask("GET", "/organization", key="sandbox-no-drafts").json["subscription"]["features"]
    assert features
    assert all(feature.startswith("api_limit_") for feature in features)
    ready = ask("GET", "/organization").json["subscription"]["features"]
    assert any(feature.startswith("subscription_") for feature in ready)


def test_a_draft_is_refused_with_the_words_of_no_api_access(ask: Ask) -> None:
    refused = ask("POST", "/documents", {"type": "draft"}, key="sandbox-no-drafts")
    assert refused.json == ask("GET", "/organization", key="sandbox-no-api").json


def test_without_a_plan_neither_proformas_nor_electronic_invoices_are_made(ask: Ask) -> None:
    partner = new_partner(ask, key="sandbox-no-drafts")
    for changes in ({"type": "proforma"}, {"type": "invoice", "electronic": True}):
        assert_error(ask("POST", "/documents", draft(partner, **changes), key="sandbox-no-drafts"), 402)


def test_without_drafts_only_drafts_are_refused(ask: Ask) -> None:
    partner = new_partner(ask, key="sandbox-no-drafts")
    assert_error(ask("POST", "/documents", draft(partner), key="sandbox-no-drafts"), 402)
    assert_error(ask("POST", "/documents", {"type": "draft"}, key="sandbox-no-drafts"), 402)
    assert ask("GET", "/documents", key="sandbox-no-drafts").json["total"] == 0
    assert ask("POST", "/documents", draft(partner, type="invoice"), key="sandbox-no-drafts").status == 201


@pytest.mark.parametrize("method", METHODS)
def test_a_busy_key_is_turned_away_once_for_each_path(ask: Ask, method: str) -> None:
    for path in PATHS:
        first = ask(method, path, {}, key="sandbox-busy")
        assert_error(first, 429)
        assert first.headers["Retry-After"] == "1"
        assert first.headers["X-RateLimit-Remaining"] == "0"
        assert ask(method, path, {}, key="sandbox-busy").status != 429
        assert ask(method, f"{path}?page=2", {}, key="sandbox-busy").status != 429


class Meeting(set[tuple[str, str]]):
    """A set that lets whoever asks wait for a second one who asks: without a lock they meet."""

    def __init__(self) -> None:
        super().__init__()
        self.barrier = threading.Barrier(2, timeout=0.5)

    def __contains__(self, asked: object) -> bool:
        known = super().__contains__(asked)
        with suppress(threading.BrokenBarrierError):
            self.barrier.wait()
        return known


def test_a_busy_key_is_turned_away_exactly_once_however_many_ask_at_once(ask: Ask, sandbox: Sandbox) -> None:
    sandbox.account("sandbox-busy").turned_away = Meeting()
    with ThreadPoolExecutor(32) as pool:
        statuses = list(pool.map(lambda _: ask("GET", "/organization", key="sandbox-busy").status, range(64)))
    assert sorted(statuses) == [200] * 63 + [429]


def test_keys_do_not_see_each_other(ask: Ask) -> None:
    partner = new_partner(ask)
    assert_error(ask("GET", f"/partners/{partner}", key="sandbox-large"), 404)
    assert ask("GET", "/partners", key="sandbox-large").json["data"] == []


def test_rate_limit_headers_are_whole_numbers(ask: Ask) -> None:
    for path, key in (("/organization", "sandbox-ready"), ("/no-such-thing", "sandbox-ready"), ("/partners", None)):
        headers = ask("GET", path, key=key).headers
        assert headers["X-RateLimit-Limit"] == "300"
        assert headers["X-RateLimit-Remaining"].isdecimal()
        assert int(headers["X-RateLimit-Reset"]) > datetime.now(tz=UTC).timestamp() - 5


def test_the_ready_account_has_what_its_line_says(ask: Ask) -> None:
    blocks = ask("GET", "/document-blocks").json["data"]
    assert sorted(block["type"] for block in blocks) == ["invoice", "invoice", "invoice", "receipt"]
    assert blocks[0]["type"] == blocks[-1]["type"] == "invoice"
    assert {"id": 40101, "name": "Webshop", "prefix": "WEB", "type": "invoice"}.items() <= blocks[-1].items()
    assert {"Webáruház", "Árvíztűrő tükörfúrógép"} <= {block["name"] for block in blocks}
    for block in blocks:
        assert set(block) == {"id", "name", "prefix", "custom_field1", "custom_field2", "type"}
        assert isinstance(block["id"], int)
        assert isinstance(block["prefix"], str)


def test_the_ready_accounts_are_one_in_forints_and_one_in_euros(ask: Ask) -> None:
    euro, forint = ask("GET", "/bank-accounts").json["data"]
    assert forint == {
        "id": 7001,
        "name": "OTP HUF",
        "account_number": "11773016-11111018-00000000",
        "account_number_iban": "",
        "swift": "",
        "currency": "HUF",
        "need_qr": False,
    }
    assert euro["currency"] == "EUR"
    assert iban.is_valid(euro["account_number_iban"])
    assert ask("GET", f"/bank-accounts/{euro['id']}").json == euro


def test_the_organisation_is_known_by_its_tax_number(ask: Ask) -> None:
    organization = ask("GET", "/organization").json
    assert set(organization) == {"tax_code", "subscription", "has_nav_connection"}
    assert organization["tax_code"] == "13421739-2-41"
    assert organization["has_nav_connection"] is True
    assert set(organization["subscription"]) == {"expiration_date", "features"}
    assert all(isinstance(feature, str) for feature in organization["subscription"]["features"])
    assert date.fromisoformat(organization["subscription"]["expiration_date"]) > local_date() + timedelta(days=365)


def test_the_expiring_subscription_ends_in_ten_days(ask: Ask) -> None:
    before = local_date()
    ends = ask("GET", "/organization", key="sandbox-expiring").json["subscription"]["expiration_date"]
    assert date.fromisoformat(ends) - timedelta(days=10) in {before, local_date()}


def local_date() -> date:
    return datetime.now(tz=UTC).astimezone().date()


def test_the_empty_account_has_nothing_to_invoice_with(ask: Ask) -> None:
    assert ask("GET", "/document-blocks?type=invoice", key="sandbox-empty").json["data"] == []
    assert ask("GET", "/bank-accounts", key="sandbox-empty").json["data"] == []


def test_what_a_test_changes_is_answered(ask: Ask, sandbox: Sandbox) -> None:
    account = sandbox.account("sandbox-ready")
    account.blocks[0].name = "Renamed"
    del account.bank_accounts[0]
    account.tax_code, account.has_nav_connection, account.expires = "12345676-2-42", False, date(2027, 1, 2)
    assert ask("GET", "/document-blocks").json["data"][-1]["name"] == "Renamed"
    assert_error(ask("GET", "/bank-accounts/7001"), 404)
    assert ask("GET", "/organization").json["tax_code"] == "12345676-2-42"
    assert ask("GET", "/organization").json["has_nav_connection"] is False
    assert ask("GET", "/organization").json["subscription"]["expiration_date"] == "2027-01-02"
    account.behaviour = "no_api"
    assert_error(ask("GET", "/organization"), 402)


def all_rows(ask: Ask, path: str, per_page: int) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []
    page, last = 1, 1
    while page <= last:
        reply = ask("GET", f"{path}{'&' if '?' in path else '?'}page={page}&per_page={per_page}", key="sandbox-large")
        assert reply.json["current_page"] == page
        rows += reply.json["data"]
        page, last = page + 1, reply.json["last_page"]
    return rows


@pytest.mark.parametrize(
    ("path", "total", "per_page"),
    [("/document-blocks?type=invoice", 1_250, 100), ("/document-blocks", 1_250, 77), ("/bank-accounts", 240, 100)],
)
def test_all_pages_together_are_all_rows_newest_first(ask: Ask, path: str, total: int, per_page: int) -> None:
    rows = all_rows(ask, path, per_page)
    ids = [row["id"] for row in rows]
    assert len(set(ids)) == len(ids) == total
    assert ids == sorted(ids, reverse=True)


def test_large_lists_hold_every_absent_thing(ask: Ask) -> None:
    prefixes = [block["prefix"] for block in all_rows(ask, "/document-blocks", 100)]
    assert "" in prefixes
    accounts = all_rows(ask, "/bank-accounts", 100)
    assert {account["currency"] for account in accounts} == {"HUF", "EUR"}
    assert "" in {account["account_number"] for account in accounts}
    assert "" in {account["account_number_iban"] for account in accounts}


def digits_fit(digits: str) -> bool:
    return sum(int(digit) * weight for digit, weight in zip(digits, [9, 7, 3, 1] * 4, strict=False)) % 10 == 0


def test_every_account_number_has_fitting_check_digits(ask: Ask) -> None:
    for account in ask("GET", "/bank-accounts").json["data"] + all_rows(ask, "/bank-accounts", 100):
        number, code = account["account_number"].replace("-", ""), account["account_number_iban"]
        assert number or code
        assert not number or (len(number) == 24 and digits_fit(number[:8]) and digits_fit(number[8:]))
        assert not code or iban.is_valid(code)
        assert not code or not number or code.endswith(number)


def test_a_page_has_the_published_envelope(ask: Ask) -> None:
    page = ask("GET", "/document-blocks?type=invoice&page=2", key="sandbox-large").json
    assert list(page) == [
        "data",
        "total",
        "per_page",
        "current_page",
        "last_page",
        "prev_page_url",
        "next_page_url",
    ]
    assert (page["total"], page["per_page"], page["current_page"], page["last_page"]) == (1_250, 25, 2, 50)
    assert len(page["data"]) == 25


def test_the_links_lead_to_the_neighbours(ask: Ask, sandbox: Sandbox) -> None:
    page = ask("GET", "/document-blocks?type=invoice&per_page=1&page=2").json
    for name, number in (("prev_page_url", 1), ("next_page_url", 3)):
        assert page[name].startswith(sandbox.billingo_url)
        neighbour = ask("GET", page[name].removeprefix(sandbox.billingo_url)).json
        assert (neighbour["current_page"], neighbour["total"]) == (number, 3)
    assert ask("GET", "/document-blocks").json["prev_page_url"] == ""
    assert ask("GET", "/document-blocks").json["next_page_url"] == ""


@pytest.mark.parametrize("path", ["/document-blocks", "/bank-accounts", "/partners", "/documents"])
def test_a_page_beyond_the_last_is_empty(ask: Ask, path: str) -> None:
    for page in ("99", "999999999999999999"):
        reply = ask("GET", f"{path}?page={page}")
        assert (reply.status, reply.json["data"]) == (200, [])


@pytest.mark.parametrize("path", ["/document-blocks", "/bank-accounts", "/partners", "/documents"])
@pytest.mark.parametrize("value", ["0", "-1", "abc", "", "1.5", "٣", "9" * 5000, "%00"])
@pytest.mark.parametrize("name", ["page", "per_page"])
def test_an_unfitting_page_is_422(ask: Ask, path: str, value: str, name: str) -> None:
    value = value.replace("٣", "%D9%A3")
    assert fields_at_fault(ask("GET", f"{path}?{name}={value}")) == {name}


def test_a_page_has_a_hundred_rows_at_most(ask: Ask) -> None:
    assert len(ask("GET", "/document-blocks?per_page=100", key="sandbox-large").json["data"]) == 100
    assert fields_at_fault(ask("GET", "/document-blocks?per_page=101")) == {"per_page"}
    assert fields_at_fault(ask("GET", "/document-blocks?per_page=1000&page=0")) == {"per_page", "page"}


@pytest.mark.parametrize(
    ("kind", "ids"),
    [
        ("invoice", [40104, 40103, 40101]),
        ("receipt", [40102]),
        ("certificate_of_completion", []),
        ("dossier", []),
        ("offer", []),
        ("order_form", []),
        ("waybill", []),
    ],
)
def test_blocks_are_filtered_by_every_published_type(ask: Ask, kind: str, ids: list[int]) -> None:
    reply = ask("GET", f"/document-blocks?type={kind}")
    assert [block["id"] for block in reply.json["data"]] == ids
    assert reply.json["total"] == len(ids)


def test_an_unknown_block_type_is_422(ask: Ask) -> None:
    assert fields_at_fault(ask("GET", "/document-blocks?type=letter")) == {"type"}
    assert fields_at_fault(ask("GET", "/document-blocks?type=")) == {"type"}


@pytest.mark.parametrize(
    "path",
    ["", "/", "/document-blocks/40101", "/bank-accounts/1", "/bank-accounts/x", "/partners/1/x", "/organization/"],
)
def test_what_is_not_there_is_404(ask: Ask, path: str) -> None:
    assert_error(ask("GET", path), 404)


def test_a_method_that_a_path_does_not_have_is_404(ask: Ask) -> None:
    for method, path in (("POST", "/organization"), ("DELETE", "/document-blocks"), ("PATCH", "/partners/1")):
        assert_error(ask(method, path, {}), 404)
    assert_error(ask("OPTIONS", "/partners"), 404)


@pytest.mark.parametrize(
    ("number", "verdict"),
    [
        ("13421739-2-41", "validation_ok"),
        ("12345678-2-42", "invalid_tax_number"),
        ("13421739-6-41", "invalid_tax_number"),
        ("00000000-2-41", "invalid_tax_number"),
        ("13421739241", "invalid_tax_number"),
        ("x", "invalid_tax_number"),
        ("%EF%BC%91%EF%BC%93421739-2-41", "invalid_tax_number"),
    ],
)
def test_a_tax_number_is_200_whatever_the_verdict(ask: Ask, number: str, verdict: str) -> None:
    reply = ask("GET", f"/utils/check-tax-number/{number}")
    assert reply.status == 200
    assert reply.json["result"] == verdict
    assert ("taxpayer_name" in reply.json) == (verdict == "validation_ok")
    assert isinstance(reply.json["tax_number"], str)


def test_the_tax_authority_can_be_unlinked_or_say_something_else(ask: Ask, sandbox: Sandbox) -> None:
    account = sandbox.account("sandbox-ready")
    account.nav_says = "non_exist_tax_number"
    assert ask("GET", "/utils/check-tax-number/13421739-2-41").json["result"] == "non_exist_tax_number"
    account.has_nav_connection = False
    assert ask("GET", "/utils/check-tax-number/13421739-2-41").json["result"] == "no_online_szamla_settings"


def test_the_time_is_told_in_four_ways(ask: Ask) -> None:
    told = ask("GET", "/utils/time").json
    assert set(told) == {"epoch", "formatted", "w3c", "timezone"}
    assert abs(told["epoch"] - datetime.now(tz=UTC).timestamp()) < 60
    moment = datetime.fromisoformat(told["w3c"])
    assert moment.timestamp() == told["epoch"]
    assert moment.strftime("%Y-%m-%d %H:%M:%S") == told["formatted"]
    assert told["timezone"] == "Europe/Budapest"


@pytest.mark.parametrize(
    ("moment", "there"),
    [
        ("2026-01-15T23:30:00+00:00", "2026-01-16T00:30:00+01:00"),
        ("2026-07-15T22:30:00+00:00", "2026-07-16T00:30:00+02:00"),
        ("2026-03-29T00:59:59+00:00", "2026-03-29T01:59:59+01:00"),
        ("2026-03-29T01:00:00+00:00", "2026-03-29T03:00:00+02:00"),
        ("2026-10-25T00:59:59+00:00", "2026-10-25T02:59:59+02:00"),
        ("2026-10-25T01:00:00+00:00", "2026-10-25T02:00:00+01:00"),
        ("2030-03-31T01:00:00+00:00", "2030-03-31T03:00:00+02:00"),
        ("2027-10-31T01:00:00+00:00", "2027-10-31T02:00:00+01:00"),
        ("2026-12-31T23:30:00-05:00", "2027-01-01T05:30:00+01:00"),
    ],
)
def test_the_clock_is_that_of_budapest(moment: str, there: str) -> None:
    assert budapest.local(datetime.fromisoformat(moment)).isoformat() == there


def test_a_partner_is_created_read_listed_changed_and_deleted(ask: Ask) -> None:
    created = ask("POST", "/partners", {**PARTNER, "emails": ["a@b.hu"], "taxcode": "13421739-2-41", "more": 1})
    path = f"/partners/{created.json['id']}"
    assert created.status == 201
    assert isinstance(created.json["id"], int)
    assert (created.json["name"], created.json["address"]) == (PARTNER["name"], ADDRESS)
    assert (created.json["emails"], created.json["taxcode"]) == (["a@b.hu"], "13421739-2-41")
    assert "more" not in created.json
    assert ask("GET", path).json == created.json
    changed = ask("PUT", path, {**PARTNER, "name": "Másik Kft."})
    assert (changed.status, changed.json["name"], changed.json["id"]) == (200, "Másik Kft.", created.json["id"])
    assert ask("GET", "/partners").json["data"] == [changed.json]
    deleted = ask("DELETE", path)
    assert (deleted.status, deleted.json) == (204, None)
    assert "Content-Length" not in deleted.headers
    for method in ("GET", "PUT", "DELETE"):
        assert_error(ask(method, path, PARTNER), 404)


def test_partners_are_found_by_a_part_of_their_name(ask: Ask) -> None:
    for name in ("Alma Kft.", "KÖRTE Bt."):
        ask("POST", "/partners", {**PARTNER, "name": name})
    assert [row["name"] for row in ask("GET", "/partners?query=k%C3%B6rte").json["data"]] == ["KÖRTE Bt."]


def test_an_empty_partner_is_422_and_creates_nothing(ask: Ask) -> None:
    incomplete: tuple[dict[str, object], ...] = (
        {},
        {"name": " ", "address": {"city": 1}},
        {"name": None, "address": None},
        {"address": {}},
    )
    for body in incomplete:
        assert fields_at_fault(ask("POST", "/partners", body)) == {
            "name",
            "address.post_code",
            "address.city",
            "address.address",
        }
    unfitting: tuple[dict[str, object], ...] = (
        {"emails": "a@b.hu"},
        {"emails": [1]},
        {"phone": 1},
        {"tax_type": "X"},
        {"tax_type": []},
        {"address": "Fő utca 1."},
    )
    for changes in unfitting:
        assert fields_at_fault(ask("POST", "/partners", PARTNER | changes)) == set(changes)
    assert ask("GET", "/partners").json["total"] == 0


def test_a_partner_without_a_country_is_in_hungary(ask: Ask) -> None:
    address = {name: part for name, part in ADDRESS.items() if name != "country_code"}
    assert ask("POST", "/partners", {"name": "Alma Kft.", "address": address}).json["address"] == ADDRESS
    unfitting: tuple[object, ...] = ("XX", "hu", "", None, 1, [])
    for country in unfitting:
        reply = ask("POST", "/partners", {"name": "Alma Kft.", "address": {**address, "country_code": country}})
        assert fields_at_fault(reply) == {"address.country_code"}


def test_a_guess_finds_a_partner_or_creates_one(ask: Ask) -> None:
    created = ask("POST", "/partners/guess", {**PARTNER, "taxcode": "13421739-2-41"})
    assert created.status == 201
    assert ask("POST", "/partners/guess", PARTNER).json == created.json
    assert ask("POST", "/partners/guess", {"taxcode": "13421739-2-41"}).json == created.json
    assert ask("POST", "/partners/guess", {**PARTNER, "taxcode": "12345676-2-42"}).status == 201
    assert ask("POST", "/partners/guess", {}).status == 422
    assert ask("GET", "/partners").json["total"] == 2


def test_a_draft_is_created_read_listed_and_deleted(ask: Ask) -> None:
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


def test_amounts_are_reckoned_from_net_and_from_gross(ask: Ask) -> None:
    gross = {**ITEM, "unit_price": 1270, "unit_price_type": "gross", "quantity": 1}
    exempt = {**ITEM, "vat": "0%", "entitlement": "AAM", "quantity": 1}
    made = ask("POST", "/documents", draft(new_partner(ask), items=[ITEM, gross, exempt])).json
    assert [item["net_amount"] for item in made["items"]] == [3000, 1000, 1000]
    assert [item["gross_amount"] for item in made["items"]] == [3810, 1270, 1000]
    assert made["items"][2]["entitlement"] == "AAM"
    assert made["gross_total"] == 6080
    assert (made["summary"]["net_amount"], made["summary"]["vat_amount"]) == (5000, 1080)
    assert [rate["vat_name"] for rate in made["summary"]["vat_rate_summary"]] == ["0%", "27%"]


def test_a_draft_becomes_an_invoice_and_stays_one(ask: Ask) -> None:
    partner = new_partner(ask)
    path = f"/documents/{ask('POST', '/documents', draft(partner)).json['id']}"
    converted = ask("PUT", path, draft(partner, type="invoice"))
    assert (converted.status, converted.json["type"]) == (200, "invoice")
    assert converted.json["invoice_number"].startswith("WEB ")
    assert_error(ask("PUT", path, draft(partner)), 400)
    assert_error(ask("DELETE", path), 400)
    assert ask("GET", path).json == converted.json


def test_documents_are_filtered(ask: Ask) -> None:
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


def test_drafts_cannot_be_listed_alone(ask: Ask) -> None:
    for kind in ("draft", "", "DRAFT", "letter"):
        assert fields_at_fault(ask("GET", f"/documents?type={kind}")) == {"type"}


@pytest.mark.parametrize("left_out", [{}, {"bank_account_id": None}])
def test_a_document_without_a_bank_account_takes_one_in_its_currency(
    ask: Ask, sandbox: Sandbox, left_out: dict[str, object]
) -> None:
    partner = new_partner(ask)
    for currency, number in (("HUF", 7001), ("EUR", 7002), ("USD", 7001)):
        body = draft(partner, currency=currency, conversion_rate=400.0)
        del body["bank_account_id"]
        made = ask("POST", "/documents", {**body, **left_out})
        assert (made.status, made.json["organization"]["bank_account"]["id"]) == (201, number)
    sandbox.account("sandbox-ready").bank_accounts.clear()
    assert "bank_account" not in ask("POST", "/documents", body).json["organization"]


def test_another_currency_needs_its_rate(ask: Ask) -> None:
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
def test_a_document_is_found_by_its_vendor_id(ask: Ask, sandbox: Sandbox, vendor_id: str) -> None:
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


def test_the_newest_of_two_with_one_vendor_id_is_found(ask: Ask) -> None:
    partner = new_partner(ask)
    first, second = (ask("POST", "/documents", draft(partner, vendor_id="same")).json for _ in range(2))
    assert ask("GET", "/documents/vendor/same").json == second
    ask("DELETE", f"/documents/{second['id']}")
    assert ask("GET", "/documents/vendor/same").json == first


def test_a_copy_of_a_draft_is_a_draft_and_of_an_invoice_is_issued(ask: Ask) -> None:
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


def test_what_is_mailed_is_written_down(ask: Ask, sandbox: Sandbox) -> None:
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
def test_unfitting_settings_are_422(ask: Ask, unfitting: object) -> None:
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
def test_rates_of_exchange_are_told(ask: Ask, pair: str, rate: float) -> None:
    reply = ask("GET", f"/currencies?{pair}&date=2026-11-22")
    assert reply.status == 200
    assert set(reply.json) == {"from_currency", "to_currency", "conversation_rate", "date"}
    assert (reply.json["conversation_rate"], reply.json["date"]) == (rate, "2026-11-22")
    assert f"from={reply.json['from_currency']}&to={reply.json['to_currency']}" == pair


def test_rates_can_be_changed_and_unfitting_questions_are_422(ask: Ask, sandbox: Sandbox) -> None:
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
def test_members_that_came_later_are_taken(ask: Ask, field: str, value: str) -> None:
    made = ask("POST", "/documents", draft(new_partner(ask), conversion_rate=2.5, **{field: value}))
    assert (made.status, made.json[field]) == (201, value)


@pytest.mark.parametrize(
    ("changes", "vat"),
    [({"vat": "25,5%"}, 765), ({"vat": "8,1%"}, 243), ({"vat": "0%", "entitlement": "WITHOUT_ENTITLEMENT"}, 0)],
)
def test_vat_rates_that_came_later_are_reckoned_with(ask: Ask, changes: dict[str, object], vat: float) -> None:
    made = ask("POST", "/documents", draft(new_partner(ask), items=[{**ITEM, **changes}]))
    assert (made.status, made.json["summary"]["vat_amount"]) == (201, vat)


def test_a_document_is_electronic_when_asked(ask: Ask) -> None:
    partner = new_partner(ask)
    assert ask("POST", "/documents", draft(partner)).json["electronic"] is False
    assert ask("POST", "/documents", draft(partner, electronic=True)).json["electronic"] is True


def test_an_empty_document_names_every_field_it_needs(ask: Ask) -> None:
    assert fields_at_fault(ask("POST", "/documents", {})) == set(draft(1)) - {"bank_account_id"}


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("partner_id", 1),
        ("partner_id", "90001"),
        ("partner_id", True),
        ("block_id", 99),
        ("block_id", 40102),
        ("block_id", []),
        ("bank_account_id", 99),
        ("bank_account_id", {}),
        ("type", "receipt"),
        ("type", []),
        ("due_date", "2026-02-30"),
        ("due_date", "20261130"),
        ("due_date", "2026-W48-1"),
        ("fulfillment_date", 20261122),
        ("payment_method", "card"),
        ("language", "HU"),
        ("currency", "Ft"),
        ("items", []),
        ("items", {}),
        ("comment", 1),
        ("vendor_id", 7),
        ("vendor_id", None),
        ("currency", "EUX"),
        ("conversion_rate", 0),
        ("conversion_rate", -1),
        ("conversion_rate", "391.5"),
        ("conversion_rate", True),
        ("conversion_rate", 10**400),
    ],
)
def test_an_unfitting_field_of_a_document_is_422(ask: Ask, field: str, value: object) -> None:
    partner = new_partner(ask)
    assert fields_at_fault(ask("POST", "/documents", {**draft(partner), field: value})) == {field}
    assert ask("GET", "/documents").json["total"] == 0


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"vat": "0%", "entitlement": "HO"}, "entitlement"),
        ({"vat": "0%", "entitlement": []}, "entitlement"),
        ({"vat": "27%", "entitlement": "AAM"}, "entitlement"),
        ({"vat": "28%"}, "vat"),
        ({"vat": 27}, "vat"),
        ({"name": ""}, "name"),
        ({"unit": None}, "unit"),
        ({"quantity": "3"}, "quantity"),
        ({"quantity": 10**400}, "quantity"),
        ({"unit_price": 1e300}, "unit_price"),
        ({"unit_price": True}, "unit_price"),
        ({"unit_price_type": {}}, "unit_price_type"),
        ({"comment": []}, "comment"),
        ({"product_id": 1}, "product_id"),
    ],
)
def test_an_unfitting_item_is_422(ask: Ask, changes: dict[str, object], field: str) -> None:
    reply = ask("POST", "/documents", draft(new_partner(ask), items=[ITEM, {**ITEM, **changes}]))
    assert fields_at_fault(reply) == {f"items.1.{field}"}


@pytest.mark.parametrize("entitlement", ["AAM", "TAM", "EAM", "KBAET", "NAM_1", "NAM_2", None])
def test_zero_vat_with_its_reason_or_without_one_is_accepted(ask: Ask, entitlement: str | None) -> None:
    item = {**ITEM, "vat": "0%", "entitlement": entitlement}
    assert ask("POST", "/documents", draft(new_partner(ask), items=[item])).status == 201


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"nul",
        b"[]",
        b'"text"',
        b"\xff",
        b"\xef\xbb\xbf{}",
        '{"name": "a"}'.encode("utf-16"),
        b'{"a": NaN}',
        b'{"a": -Infinity}',
        b'{"a": 1e999}',
        b'{"a": ' + b"9" * 5_000 + b"}",
        b"[" * 200_000,
        b'{"a":' * 150_000,
    ],
)
def test_a_malformed_body_is_400(ask: Ask, body: bytes) -> None:
    partner = new_partner(ask)
    document = ask("POST", "/documents", draft(partner)).json["id"]
    for method, path in (("POST", "/partners"), ("POST", "/documents"), ("PUT", f"/partners/{partner}")):
        assert_error(ask(method, path, body), 400)
    assert_error(ask("PUT", f"/documents/{document}", body), 400)


def test_a_lone_surrogate_comes_back_as_it_was_sent(ask: Ask) -> None:
    assert ask("POST", "/partners", {**PARTNER, "name": "a\ud800"}).json["name"] == "a\ud800"


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(field=st.sampled_from([*draft(1), "comment", "electronic"]), item_field=st.sampled_from([*ITEM]), value=JSON)
def test_any_value_in_any_field_is_answered(
    ask: Ask, capfd: pytest.CaptureFixture[str], field: str, item_field: str, value: object
) -> None:
    partner = new_partner(ask)
    for path, body in (
        ("/documents", {**draft(partner), field: value}),
        ("/documents", draft(partner, items=[{**ITEM, item_field: value}])),
        ("/documents", draft(partner, items=[value])),
        ("/partners", {**PARTNER, "address": value}),
        ("/partners", {**PARTNER, "emails": value, "tax_type": value}),
    ):
        assert ask("POST", path, body).status in {201, 422}
    assert ask("GET", "/documents?per_page=100").status == ask("GET", "/partners").status == 200
    assert capfd.readouterr() == ("", "")


def test_many_writers_at_once_get_a_number_each(ask: Ask) -> None:
    with ThreadPoolExecutor(16) as pool:
        ids = list(pool.map(lambda _: new_partner(ask), range(64)))
    assert len(set(ids)) == 64
    assert ask("GET", "/partners").json["total"] == 64
