"""What the sandbox answers, field by field against Billingo's published description 3.0.14; one key goes beyond it."""

import json
import re
from collections.abc import Callable
from datetime import date
from http.client import HTTPConnection
from typing import Any, NamedTuple

import pytest

from bokko_cli.sandbox.server import KEYS, Sandbox
from tests.contract.sandbox_client import draft

AskDescribed = Callable[..., "DescribedReply"]


class Nullable(NamedTuple):
    shape: object


def one_of(words: str) -> frozenset[str]:
    return frozenset(words.split())


DAY = object()
BLOCK_TYPE = one_of("certificate_of_completion dossier invoice offer order_form receipt waybill")
CURRENCY = one_of(
    "AED AUD BGN BRL CAD CHF CNY CZK DKK EUR GBP HKD HRK HUF IDR ILS INR ISK JPY KRW MXN MYR NOK NZD PHP PLN RON RSD "
    "RUB SEK SGD THB TRY UAH USD ZAR"
)
DOCUMENT_TYPE = one_of(
    "advance cancellation cert_of_completion d_cert_of_completion dossier draft draft_offer draft_order_form "
    "draft_waybill invoice modification offer order_form proforma receipt receipt_cancellation waybill"
)
ENTITLEMENT = one_of(
    "AAM ANTIQUES ARTWORK ATK EAM EUE EUFAD37 EUFADE HO KBAET NAM_1 NAM_2 SECOND_HAND TAM TRAVEL_AGENCY"
)
FEATURE = one_of(
    "api_limit_basic api_limit_pro api_limit_standard banksync_plus campaign_manager_basic campaign_manager_standard "
    "ceginfo_enterprise ceginfo_pro ceginfo_standard innovator limit_increase master partnermonitor_basic "
    "partnermonitor_pro partnermonitor_standard softpos subscription_basic subscription_pro subscription_standard "
    "tendermonitor_standard tendermonitor_vip whitelabel"
)
PAYMENT_METHOD = one_of(
    "aruhitel bankcard barion barter cash cash_on_delivery coupon elore_utalas ep_kartya kompenzacio levonas "
    "online_bankcard other paylike payoneer paypal paypal_utolag payu pick_pack_pont postai_csekk postautalvany skrill "
    "szep_card transferwise upwork utalvany valto wire_transfer"
)
PAYMENT_STATUS = one_of("expired none outstanding paid partially_paid")
NOTIFICATION_STATUS = one_of("closed downloaded failed none opened readed")
LANGUAGE = one_of("de en fr hr hu it ro sk us")
TAX_TYPE = one_of("FOREIGN HAS_TAX_NUMBER NO_TAX_NUMBER") | {""}
VAT = frozenset(f"{rate}%" for rate in range(28)) | one_of(
    "5,5% 7,7% 9,5% AAM AM EU EUK F.AFA FAD K.AFA MAA TAM ÁKK ÁTHK"
)
VERDICT = one_of(
    "external_nav_service_unreachable invalid_tax_number no_online_szamla_settings non_exist_tax_number validation_ok"
)

BLOCK = {
    "id": int,
    "name": str,
    "prefix": str,
    "custom_field1": str,
    "custom_field2": str,
    "type": BLOCK_TYPE,
}
BANK_ACCOUNT = {
    "id": int,
    "name": str,
    "account_number": str,
    "account_number_iban": str,
    "swift": str,
    "currency": CURRENCY,
    "need_qr": bool,
}
ADDRESS = {"country_code": frozenset(["HU", "AT"]), "post_code": str, "city": str, "address": str}
DOCUMENT_PARTNER = {
    "id": int,
    "name": str,
    "address": ADDRESS,
    "emails": [str],
    "taxcode": str,
    "iban": str,
    "swift": str,
    "account_number": str,
    "phone": str,
    "tax_type": TAX_TYPE,
}
PARTNER = {**DOCUMENT_PARTNER, "general_ledger_number": str, "group_member_tax_number": str}
ITEM = {
    "product_id": Nullable(int),
    "name": str,
    "net_unit_amount": float,
    "quantity": float,
    "unit": str,
    "net_amount": float,
    "gross_amount": float,
    "vat": VAT,
    "vat_amount": float,
    "entitlement": ENTITLEMENT,
    "comment": str,
}
SUMMARY = {
    "net_amount": float,
    "net_amount_local": float,
    "gross_amount_local": float,
    "vat_amount": float,
    "vat_amount_local": float,
    "vat_rate_summary": [
        {
            "vat_name": str,
            "vat_percentage": float,
            "vat_rate_net_amount": float,
            "vat_rate_vat_amount": float,
            "vat_rate_vat_amount_local": float,
            "vat_rate_gross_amount": float,
        }
    ],
}
SELLER = {
    "name": str,
    "tax_number": str,
    "bank_account": {
        "id": Nullable(int),
        "name": str,
        "account_number": str,
        "account_number_iban": str,
        "swift": str,
    },
    "address": ADDRESS,
    "small_taxpayer": bool,
    "ev_number": str,
    "eu_tax_number": str,
    "cash_settled": bool,
}
DOCUMENT = {
    "id": int,
    "invoice_number": str,
    "type": DOCUMENT_TYPE,
    "cancelled": bool,
    "block_id": int,
    "payment_status": PAYMENT_STATUS,
    "payment_method": PAYMENT_METHOD,
    "gross_total": float,
    "currency": CURRENCY,
    "conversion_rate": float,
    "invoice_date": DAY,
    "fulfillment_date": DAY,
    "due_date": DAY,
    "paid_date": DAY,
    "organization": SELLER,
    "partner": PARTNER,
    "document_partner": DOCUMENT_PARTNER,
    "electronic": bool,
    "comment": str,
    "tags": [str],
    "notification_status": NOTIFICATION_STATUS,
    "language": LANGUAGE,
    "items": [ITEM],
    "summary": SUMMARY,
    "settings": {},
    "online_szamla_status": frozenset(["not_checked"]),
    "related_documents": [{"id": int, "invoice_number": str}],
}
ORGANIZATION = {
    "tax_code": str,
    "subscription": {"expiration_date": DAY, "features": [FEATURE]},
    "has_nav_connection": bool,  # not in the description, but measured: a client that does not know it passes it over
}
RATE = {"from_currency": CURRENCY, "to_currency": CURRENCY, "conversation_rate": float, "date": DAY}
TIME = {"epoch": int, "formatted": str, "w3c": str, "timezone": str}
TAX_NUMBER = {"tax_number": str, "result": VERDICT, "taxpayer_name": str}  # the name came later, as one more field
ERROR = {"error": {"message": str}}
SERVER_ERROR = {"error": {"message": str, "trace_id": str}}
INVALID = {"message": str, "errors": [{"field": str, "message": str}]}
SENT = {"emails": [str]}


def page_of(row: object) -> dict[str, object]:
    return {
        "data": [row],
        "total": int,
        "per_page": int,
        "current_page": int,
        "last_page": int,
        "prev_page_url": str,
        "next_page_url": str,
    }


READS: dict[str, object] = {
    "/document-blocks?per_page=100": page_of(BLOCK),
    "/document-blocks?per_page=100&page=13": page_of(BLOCK),
    "/bank-accounts?per_page=100&page=3": page_of(BANK_ACCOUNT),
    "/document-blocks?type=invoice": page_of(BLOCK),
    "/document-blocks?page=2&per_page=1": page_of(BLOCK),
    "/bank-accounts?per_page=100": page_of(BANK_ACCOUNT),
    "/organization": ORGANIZATION,
    "/partners": page_of(PARTNER),
    "/documents": page_of(DOCUMENT),
    "/currencies?from=EUR&to=HUF": RATE,
    "/utils/time": TIME,
    "/utils/check-tax-number/13421739-2-41": TAX_NUMBER,
    "/utils/check-tax-number/12345678-2-42": TAX_NUMBER,
}
CUSTOMER = {"name": "Alma Kft.", "address": {"post_code": "1051", "city": "Budapest", "address": "Fő utca 1."}}
READING_KEYS = [
    key for key in KEYS["Billingo"] if key not in {"sandbox-invalid", "sandbox-no-api", "sandbox-down", "sandbox-odd"}
]


class DescribedReply(NamedTuple):
    status: int
    headers: dict[str, str]
    json: Any


@pytest.fixture
def ask(sandbox: Sandbox) -> AskDescribed:
    def send(method: str, path: str, key: str = "sandbox-ready", body: object = None) -> DescribedReply:
        connection = HTTPConnection("127.0.0.1", sandbox.port, timeout=10)
        try:
            connection.request(method, f"/v3{path}", json.dumps(body).encode(), {"X-API-KEY": key})
            answer = connection.getresponse()
            content = answer.read()
        finally:
            connection.close()
        return DescribedReply(answer.status, dict(answer.headers), json.loads(content) if content else None)

    return send


def ask_twice(ask: AskDescribed, path: str, key: str) -> DescribedReply:
    """Ask again where the key is turned away the first time."""
    first = ask("GET", path, key)
    return ask("GET", path, key) if first.status == 429 else first


def invoice(partner: int, **changes: object) -> dict[str, object]:
    item = {"name": "Fúró", "unit_price": 1000, "unit_price_type": "net", "quantity": 1, "unit": "db", "vat": "27%"}
    items = [item, {**item, "vat": "0%", "entitlement": "AAM"}, {**item, "vat": "5,5%", "comment": "szia"}]
    fields = draft(partner, items=items)
    del fields["bank_account_id"]  # which is optional
    return {**fields, **changes}


def deviations(value: object, shape: object, place: str = "") -> list[str]:
    """Say where a value is not what the description has there."""
    match shape:
        case Nullable():
            return [] if value is None else deviations(value, shape.shape, place)
        case dict() if isinstance(value, dict):
            unknown = [f"{place}.{name} is not described" for name in value if name not in shape]
            inner = (deviations(value[name], shape[name], f"{place}.{name}") for name in value if name in shape)
            return unknown + [fault for faults in inner for fault in faults]
        case [row] if isinstance(value, list):
            return [fault for inner in value for fault in deviations(inner, row, f"{place}[]")]
        case _:
            return [] if is_plain(value, shape) else [f"{place} is {value!r}"]


def is_plain(value: object, shape: object) -> bool:
    """Tell whether a value that holds no others fits; a boolean is no number, and null is nothing but null."""
    if shape is DAY:
        return (
            isinstance(value, str) and bool(re.fullmatch(r"\d{4}-\d\d-\d\d", value)) and bool(date.fromisoformat(value))
        )
    if isinstance(shape, frozenset):
        return value in shape
    if shape is float:
        return isinstance(value, int | float) and not isinstance(value, bool)
    return type(value) is shape


@pytest.mark.parametrize("path", READS)
@pytest.mark.parametrize("key", READING_KEYS)
def test_every_read_is_as_described(ask: AskDescribed, key: str, path: str) -> None:
    reply = ask_twice(ask, path, key)
    assert reply.status == 200
    assert deviations(reply.json, READS[path]) == []


@pytest.mark.parametrize("changes", [{}, {"type": "invoice"}, {"currency": "EUR", "conversion_rate": 391.5}])
def test_everything_that_is_made_is_as_described(ask: AskDescribed, changes: dict[str, object]) -> None:
    guessed = ask("POST", "/partners/guess", body={**CUSTOMER, "name": "Körte Bt."})
    partner = ask("POST", "/partners", body={**CUSTOMER, "emails": ["a@b.hu"], "tax_type": "HAS_TAX_NUMBER"})
    assert deviations(guessed.json, PARTNER) == deviations(partner.json, PARTNER) == []
    made = ask("POST", "/documents", body=invoice(partner.json["id"], vendor_id="v", **changes))
    assert made.status == 201
    path = f"/documents/{made.json['id']}"
    for method, where in (("GET", path), ("GET", "/documents/vendor/v"), ("POST", f"{path}/copy")):
        reply = ask(method, where)
        assert reply.status == 200
        assert deviations(reply.json, DOCUMENT) == []
    assert deviations(ask("POST", f"{path}/send", body={}).json, SENT) == []
    for where in ("/documents", "/partners"):
        assert ask("GET", where).json["data"]
        assert deviations(ask("GET", where).json, READS[where]) == []


@pytest.mark.parametrize(
    ("method", "path", "key", "status"),
    [
        ("POST", "/documents", "sandbox-ready", 400),
        ("GET", "/organization", "sandbox-invalid", 401),
        ("GET", "/organization", "sandbox-no-api", 402),
        ("POST", "/partners", "sandbox-read-only", 403),
        ("GET", "/documents/1", "sandbox-ready", 404),
        ("GET", "/organization", "sandbox-busy", 429),
    ],
)
def test_every_error_but_two_holds_a_message(ask: AskDescribed, method: str, path: str, key: str, status: int) -> None:
    reply = ask(method, path, key)
    assert reply.status == status
    assert deviations(reply.json, ERROR) == []
    assert reply.json["error"]["message"]


def test_an_error_of_the_server_has_a_trace_and_a_validation_a_list(ask: AskDescribed) -> None:
    down = ask("GET", "/organization", "sandbox-down")
    assert (down.status, deviations(down.json, SERVER_ERROR)) == (500, [])
    assert re.fullmatch("[0-9a-f]{32}", down.json["error"]["trace_id"])
    for path in ("/partners", "/documents"):
        unfitting = ask("POST", path, body={})
        assert (unfitting.status, deviations(unfitting.json, INVALID)) == (422, [])
        assert unfitting.json["errors"]


@pytest.mark.parametrize(
    "value",
    [None, 1, "", {"data": [{"id": True}]}, {"data": [{"prefix": None}]}, {"more": 1}, {"data": [{"type": "letter"}]}],
)
def test_the_comparison_finds_what_does_not_fit(value: object) -> None:
    assert deviations(value, page_of(BLOCK)) != []


def test_the_odd_key_answers_what_is_not_described(ask: AskDescribed) -> None:
    found = {path: deviations(ask("GET", path, "sandbox-odd").json, shape) for path, shape in READS.items()}
    assert "[].custom_field1 is None" in "".join(found["/document-blocks?per_page=100"])
    assert ".data[].prefix is None" in found["/document-blocks?per_page=100"]
    assert ".data[].type is 'not_yet_invented'" in found["/document-blocks?per_page=100"]
    assert ".data[].account_number_iban is None" in found["/bank-accounts?per_page=100"]
    assert ".data[].currency is 'GEL'" in found["/bank-accounts?per_page=100"]
    assert ".subscription.features[] is 'billingo_business'" in found["/organization"]
    assert ".subscription.features[] is 'not_yet_invented'" in found["/organization"]
    assert ".next_page_url is None" in found["/partners"]


def test_the_odd_key_reads_and_writes_like_any_other(ask: AskDescribed, sandbox: Sandbox) -> None:
    assert [row["id"] for row in ask("GET", "/document-blocks?type=invoice", "sandbox-odd").json["data"]] == [
        40105,
        40104,
        40103,
        40101,
    ]
    partner = ask("POST", "/partners", "sandbox-odd", CUSTOMER).json
    assert (partner["name"], partner["taxcode"]) == ("Alma Kft.", None)
    made = ask("POST", "/documents", "sandbox-odd", invoice(partner["id"], vendor_id="v")).json
    assert (made["type"], made["invoice_number"], made["block_id"]) == ("draft", None, 40101)
    assert ask("GET", "/documents/vendor/v", "sandbox-odd").json == made
    assert ask("DELETE", f"/documents/{made['id']}", "sandbox-odd").status == 204
    assert ask("DELETE", f"/partners/{partner['id']}", "sandbox-odd").status == 204
    assert ask("POST", "/partners", "sandbox-odd", {}).status == 422
    account = sandbox.account("sandbox-odd")
    assert (account.partners, account.documents) == ({}, {})


@pytest.mark.parametrize("path", [*READS, "/documents/1"])
def test_only_the_odd_key_has_no_rate_limit_headers(ask: AskDescribed, path: str) -> None:
    odd = ask("GET", path, "sandbox-odd").headers
    assert not [name for name in odd if name.lower().startswith("x-ratelimit")]
    ready = ask("GET", path).headers
    for name in ("X-RateLimit-Limit", "X-RateLimit-Remaining", "X-RateLimit-Reset"):
        assert ready[name].isdecimal()
