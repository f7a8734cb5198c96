"""The sandbox's Billingo: what its keys do, its account, its lists and its pages."""

import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from stdnum import iban

from bokko_cli.sandbox import budapest
from bokko_cli.sandbox.server import KEYS, Sandbox
from tests.contract.sandbox_client import PARTNER, AskSandbox, assert_error, draft, fields_at_fault, new_partner

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
def test_a_key_that_is_refused_is_refused_everywhere(
    ask: AskSandbox, key: str | None, status: int, method: str
) -> None:
    for path in PATHS:
        assert_error(ask(method, path, PARTNER if method != "GET" else None, key=key), status)


@pytest.mark.parametrize("key", [key for key in KEYS["Billingo"] if key not in {"sandbox-invalid", "sandbox-busy"}])
def test_every_other_key_reads_everything(ask: AskSandbox, key: str) -> None:
    statuses = {ask("GET", path, key=key).status for path in READABLE}
    assert statuses == {{"sandbox-no-api": 402, "sandbox-down": 500}.get(key, 200)}


def test_a_read_only_key_reads_and_writes_nothing(ask: AskSandbox, sandbox: Sandbox) -> None:
    for path in PATHS:
        for method in WRITES:
            assert_error(ask(method, path, PARTNER, key="sandbox-read-only"), 403)
    assert_error(ask("POST", "/partners", {}, key="sandbox-read-only"), 403)
    account = sandbox.account("sandbox-read-only")
    assert (account.partners, account.documents) == ({}, {})


def test_a_picky_key_refuses_every_draft_with_two_messages(ask: AskSandbox) -> None:
    partner = new_partner(ask, key="sandbox-picky")
    for body in (draft(partner), {"type": "draft"}):
        refused = ask("POST", "/documents", body, key="sandbox-picky")
        assert fields_at_fault(refused) == {"payment_method", "items.0.vat"}
        assert len({error["message"] for error in refused.json["errors"]}) == len(refused.json["errors"]) == 2
    assert ask("GET", "/documents", key="sandbox-picky").json["total"] == 0
    assert ask("DELETE", f"/partners/{partner}", key="sandbox-picky").status == 204


def test_without_drafts_the_features_name_an_add_on_and_no_plan(ask: AskSandbox) -> None:
    features = ask("GET", "/organization", key="sandbox-no-drafts").json["subscription"]["features"]
    assert features
    assert all(feature.startswith("api_limit_") for feature in features)
    ready = ask("GET", "/organization").json["subscription"]["features"]
    assert any(feature.startswith("subscription_") for feature in ready)


def test_a_draft_is_refused_with_the_words_of_no_api_access(ask: AskSandbox) -> None:
    refused = ask("POST", "/documents", {"type": "draft"}, key="sandbox-no-drafts")
    assert refused.json == ask("GET", "/organization", key="sandbox-no-api").json


def test_without_a_plan_neither_proformas_nor_electronic_invoices_are_made(ask: AskSandbox) -> None:
    partner = new_partner(ask, key="sandbox-no-drafts")
    for changes in ({"type": "proforma"}, {"type": "invoice", "electronic": True}):
        assert_error(ask("POST", "/documents", draft(partner, **changes), key="sandbox-no-drafts"), 402)


def test_without_drafts_only_drafts_are_refused(ask: AskSandbox) -> None:
    partner = new_partner(ask, key="sandbox-no-drafts")
    assert_error(ask("POST", "/documents", draft(partner), key="sandbox-no-drafts"), 402)
    assert_error(ask("POST", "/documents", {"type": "draft"}, key="sandbox-no-drafts"), 402)
    assert ask("GET", "/documents", key="sandbox-no-drafts").json["total"] == 0
    assert ask("POST", "/documents", draft(partner, type="invoice"), key="sandbox-no-drafts").status == 201


@pytest.mark.parametrize("method", METHODS)
def test_a_busy_key_is_turned_away_once_for_each_path(ask: AskSandbox, method: str) -> None:
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


def test_a_busy_key_is_turned_away_exactly_once_however_many_ask_at_once(ask: AskSandbox, sandbox: Sandbox) -> None:
    sandbox.account("sandbox-busy").turned_away = Meeting()
    with ThreadPoolExecutor(32) as pool:
        statuses = list(pool.map(lambda _: ask("GET", "/organization", key="sandbox-busy").status, range(64)))
    assert sorted(statuses) == [200] * 63 + [429]


def test_keys_do_not_see_each_other(ask: AskSandbox) -> None:
    partner = new_partner(ask)
    assert_error(ask("GET", f"/partners/{partner}", key="sandbox-large"), 404)
    assert ask("GET", "/partners", key="sandbox-large").json["data"] == []


def test_rate_limit_headers_are_whole_numbers(ask: AskSandbox) -> None:
    for path, key in (("/organization", "sandbox-ready"), ("/no-such-thing", "sandbox-ready"), ("/partners", None)):
        headers = ask("GET", path, key=key).headers
        assert headers["X-RateLimit-Limit"] == "300"
        assert headers["X-RateLimit-Remaining"].isdecimal()
        assert int(headers["X-RateLimit-Reset"]) > datetime.now(tz=UTC).timestamp() - 5


def test_the_ready_account_has_what_its_line_says(ask: AskSandbox) -> None:
    blocks = ask("GET", "/document-blocks").json["data"]
    assert sorted(block["type"] for block in blocks) == ["invoice", "invoice", "invoice", "receipt"]
    assert blocks[0]["type"] == blocks[-1]["type"] == "invoice"
    assert {"id": 40101, "name": "Webshop", "prefix": "WEB", "type": "invoice"}.items() <= blocks[-1].items()
    assert {"Webáruház", "Árvíztűrő tükörfúrógép"} <= {block["name"] for block in blocks}
    for block in blocks:
        assert set(block) == {"id", "name", "prefix", "custom_field1", "custom_field2", "type"}
        assert isinstance(block["id"], int)
        assert isinstance(block["prefix"], str)


def test_the_ready_accounts_are_one_in_forints_and_one_in_euros(ask: AskSandbox) -> None:
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


def test_the_organisation_is_known_by_its_tax_number(ask: AskSandbox) -> None:
    organization = ask("GET", "/organization").json
    assert set(organization) == {"tax_code", "subscription", "has_nav_connection"}
    assert organization["tax_code"] == "13421739-2-41"
    assert organization["has_nav_connection"] is True
    assert set(organization["subscription"]) == {"expiration_date", "features"}
    assert all(isinstance(feature, str) for feature in organization["subscription"]["features"])
    assert date.fromisoformat(organization["subscription"]["expiration_date"]) > local_date() + timedelta(days=365)


def test_the_expiring_subscription_ends_in_ten_days(ask: AskSandbox) -> None:
    before = local_date()
    ends = ask("GET", "/organization", key="sandbox-expiring").json["subscription"]["expiration_date"]
    assert date.fromisoformat(ends) - timedelta(days=10) in {before, local_date()}


def local_date() -> date:
    return datetime.now(tz=UTC).astimezone().date()


def test_the_empty_account_has_nothing_to_invoice_with(ask: AskSandbox) -> None:
    assert ask("GET", "/document-blocks?type=invoice", key="sandbox-empty").json["data"] == []
    assert ask("GET", "/bank-accounts", key="sandbox-empty").json["data"] == []


def test_what_a_test_changes_is_answered(ask: AskSandbox, sandbox: Sandbox) -> None:
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


def all_rows(ask: AskSandbox, path: str, per_page: int) -> list[dict[str, Any]]:
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
def test_all_pages_together_are_all_rows_newest_first(ask: AskSandbox, path: str, total: int, per_page: int) -> None:
    rows = all_rows(ask, path, per_page)
    ids = [row["id"] for row in rows]
    assert len(set(ids)) == len(ids) == total
    assert ids == sorted(ids, reverse=True)


def test_large_lists_hold_every_absent_thing(ask: AskSandbox) -> None:
    prefixes = [block["prefix"] for block in all_rows(ask, "/document-blocks", 100)]
    assert "" in prefixes
    accounts = all_rows(ask, "/bank-accounts", 100)
    assert {account["currency"] for account in accounts} == {"HUF", "EUR"}
    assert "" in {account["account_number"] for account in accounts}
    assert "" in {account["account_number_iban"] for account in accounts}


def digits_fit(digits: str) -> bool:
    return sum(int(digit) * weight for digit, weight in zip(digits, [9, 7, 3, 1] * 4, strict=False)) % 10 == 0


def test_every_account_number_has_fitting_check_digits(ask: AskSandbox) -> None:
    for account in ask("GET", "/bank-accounts").json["data"] + all_rows(ask, "/bank-accounts", 100):
        number, code = account["account_number"].replace("-", ""), account["account_number_iban"]
        assert number or code
        assert not number or (len(number) == 24 and digits_fit(number[:8]) and digits_fit(number[8:]))
        assert not code or iban.is_valid(code)
        assert not code or not number or code.endswith(number)


def test_a_page_has_the_published_envelope(ask: AskSandbox) -> None:
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


def test_the_links_lead_to_the_neighbours(ask: AskSandbox, sandbox: Sandbox) -> None:
    page = ask("GET", "/document-blocks?type=invoice&per_page=1&page=2").json
    for name, number in (("prev_page_url", 1), ("next_page_url", 3)):
        assert page[name].startswith(sandbox.billingo_url)
        neighbour = ask("GET", page[name].removeprefix(sandbox.billingo_url)).json
        assert (neighbour["current_page"], neighbour["total"]) == (number, 3)
    assert ask("GET", "/document-blocks").json["prev_page_url"] == ""
    assert ask("GET", "/document-blocks").json["next_page_url"] == ""


@pytest.mark.parametrize("path", ["/document-blocks", "/bank-accounts", "/partners", "/documents"])
def test_a_page_beyond_the_last_is_empty(ask: AskSandbox, path: str) -> None:
    for page in ("99", "999999999999999999"):
        reply = ask("GET", f"{path}?page={page}")
        assert (reply.status, reply.json["data"]) == (200, [])


@pytest.mark.parametrize("path", ["/document-blocks", "/bank-accounts", "/partners", "/documents"])
@pytest.mark.parametrize("value", ["0", "-1", "abc", "", "1.5", "٣", "9" * 5000, "%00"])
@pytest.mark.parametrize("name", ["page", "per_page"])
def test_an_unfitting_page_is_422(ask: AskSandbox, path: str, value: str, name: str) -> None:
    value = value.replace("٣", "%D9%A3")
    assert fields_at_fault(ask("GET", f"{path}?{name}={value}")) == {name}


def test_a_page_has_a_hundred_rows_at_most(ask: AskSandbox) -> None:
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
def test_blocks_are_filtered_by_every_published_type(ask: AskSandbox, kind: str, ids: list[int]) -> None:
    reply = ask("GET", f"/document-blocks?type={kind}")
    assert [block["id"] for block in reply.json["data"]] == ids
    assert reply.json["total"] == len(ids)


def test_an_unknown_block_type_is_422(ask: AskSandbox) -> None:
    assert fields_at_fault(ask("GET", "/document-blocks?type=letter")) == {"type"}
    assert fields_at_fault(ask("GET", "/document-blocks?type=")) == {"type"}


@pytest.mark.parametrize(
    "path",
    ["", "/", "/document-blocks/40101", "/bank-accounts/1", "/bank-accounts/x", "/partners/1/x", "/organization/"],
)
def test_what_is_not_there_is_404(ask: AskSandbox, path: str) -> None:
    assert_error(ask("GET", path), 404)


def test_a_method_that_a_path_does_not_have_is_404(ask: AskSandbox) -> None:
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
def test_a_tax_number_is_200_whatever_the_verdict(ask: AskSandbox, number: str, verdict: str) -> None:
    reply = ask("GET", f"/utils/check-tax-number/{number}")
    assert reply.status == 200
    assert reply.json["result"] == verdict
    assert ("taxpayer_name" in reply.json) == (verdict == "validation_ok")
    assert isinstance(reply.json["tax_number"], str)


def test_the_tax_authority_can_be_unlinked_or_say_something_else(ask: AskSandbox, sandbox: Sandbox) -> None:
    account = sandbox.account("sandbox-ready")
    account.nav_says = "non_exist_tax_number"
    assert ask("GET", "/utils/check-tax-number/13421739-2-41").json["result"] == "non_exist_tax_number"
    account.has_nav_connection = False
    assert ask("GET", "/utils/check-tax-number/13421739-2-41").json["result"] == "no_online_szamla_settings"


def test_the_time_is_told_in_four_ways(ask: AskSandbox) -> None:
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
