"""The sandbox's Billingo: what does not fit is refused by the field that is at fault."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.contract.sandbox_client import ITEM, PARTNER, AskSandbox, assert_error, draft, fields_at_fault, new_partner


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
def test_an_unfitting_field_of_a_document_is_422(ask: AskSandbox, field: str, value: object) -> None:
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
def test_an_unfitting_item_is_422(ask: AskSandbox, changes: dict[str, object], field: str) -> None:
    reply = ask("POST", "/documents", draft(new_partner(ask), items=[ITEM, {**ITEM, **changes}]))
    assert fields_at_fault(reply) == {f"items.1.{field}"}


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
def test_a_malformed_body_is_400(ask: AskSandbox, body: bytes) -> None:
    partner = new_partner(ask)
    document = ask("POST", "/documents", draft(partner)).json["id"]
    for method, path in (("POST", "/partners"), ("POST", "/documents"), ("PUT", f"/partners/{partner}")):
        assert_error(ask(method, path, body), 400)
    assert_error(ask("PUT", f"/documents/{document}", body), 400)


def test_a_lone_surrogate_comes_back_as_it_was_sent(ask: AskSandbox) -> None:
    assert ask("POST", "/partners", {**PARTNER, "name": "a\ud800"}).json["name"] == "a\ud800"


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(field=st.sampled_from([*draft(1), "comment", "electronic"]), item_field=st.sampled_from([*ITEM]), value=JSON)
def test_any_value_in_any_field_is_answered(
    ask: AskSandbox, capfd: pytest.CaptureFixture[str], field: str, item_field: str, value: object
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
