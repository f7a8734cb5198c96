"""The sandbox's Billingo: partners."""

from tests.contract.sandbox_client import ADDRESS, PARTNER, AskSandbox, assert_error, fields_at_fault


def test_a_partner_is_created_read_listed_changed_and_deleted(ask: AskSandbox) -> None:
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


def test_partners_are_found_by_a_part_of_their_name(ask: AskSandbox) -> None:
    for name in ("Alma Kft.", "KÖRTE Bt."):
        ask("POST", "/partners", {**PARTNER, "name": name})
    assert [row["name"] for row in ask("GET", "/partners?query=k%C3%B6rte").json["data"]] == ["KÖRTE Bt."]


def test_an_empty_partner_is_422_and_creates_nothing(ask: AskSandbox) -> None:
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


def test_a_partner_without_a_country_is_in_hungary(ask: AskSandbox) -> None:
    address = {name: part for name, part in ADDRESS.items() if name != "country_code"}
    assert ask("POST", "/partners", {"name": "Alma Kft.", "address": address}).json["address"] == ADDRESS
    unfitting: tuple[object, ...] = ("XX", "hu", "", None, 1, [])
    for country in unfitting:
        reply = ask("POST", "/partners", {"name": "Alma Kft.", "address": {**address, "country_code": country}})
        assert fields_at_fault(reply) == {"address.country_code"}


def test_a_guess_finds_a_partner_or_creates_one(ask: AskSandbox) -> None:
    created = ask("POST", "/partners/guess", {**PARTNER, "taxcode": "13421739-2-41"})
    assert created.status == 201
    assert ask("POST", "/partners/guess", PARTNER).json == created.json
    assert ask("POST", "/partners/guess", {"taxcode": "13421739-2-41"}).json == created.json
    assert ask("POST", "/partners/guess", {**PARTNER, "taxcode": "12345676-2-42"}).status == 201
    assert ask("POST", "/partners/guess", {}).status == 422
    assert ask("GET", "/partners").json["total"] == 2
