"""Switching as scripts see it: exit codes, documents, and the page of all providers."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.servers import Server, in_turn, raw_answer
from tests.unit.conftest import CommandLine, Ran

NUMBER = "11773016-11111018"
PROVIDERS = {"billingo": ("--block", "40101", "--bank-account", "7001"), "szamlazz": ("--prefix", "BK")}


def run(bokko: CommandLine, *arguments: str, given: str = "") -> Ran:
    return bokko("--sandbox", *arguments, given=given)


def connect(bokko: CommandLine, provider: str, *flags: str, key: str = "sandbox-ready") -> Ran:
    return run(bokko, provider, "connect", "--api-key-stdin", *PROVIDERS[provider], *flags, given=f"{key}\n")


def page(bokko: CommandLine) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = json.loads(run(bokko, "integrations", "--json").out)
    return rows


def states(bokko: CommandLine) -> dict[str, str]:
    rows = page(bokko)
    active = [row["provider"] for row in rows if row["active"]]
    assert active == [row["provider"] for row in rows if row["state"] in ("ready", "attention")]
    assert len(active) <= 1
    return {row["provider"]: row["state"] for row in rows}


def error(ran: Ran) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(ran.out)
    assert document["schema"] == 1
    details: dict[str, Any] = document["error"]
    return details


def settings(bokko: CommandLine) -> Path:
    return bokko.folder / "sandbox" / "default.toml"


def swap_key(bokko: CommandLine, provider: str, key: str) -> None:
    """Put another key where the provider's is kept."""
    path = bokko.folder / "sandbox" / "default.secrets.toml"
    head, table, rest = path.read_text("utf-8").partition(f"[{provider}]")
    path.write_text(head + table + rest.replace("sandbox-ready", key, 1), "utf-8")


@pytest.fixture
def both(bokko: CommandLine) -> CommandLine:
    """Connect Billingo, then Számlázz.hu, which is the active one then."""
    assert connect(bokko, "billingo").code == 0
    assert connect(bokko, "szamlazz", "--yes").code == 0
    assert states(bokko) == {"billingo": "inactive", "szamlazz": "ready"}
    return bokko


def test_page_of_all_has_a_row_for_each_provider(bokko: CommandLine) -> None:
    nothing = {"connected": False, "active": False, "state": "not_connected", "connected_at": None}
    assert page(bokko) == [{"provider": "billingo", **nothing}, {"provider": "szamlazz", **nothing}]
    assert not settings(bokko).exists()
    connect(bokko, "szamlazz")
    rows = page(bokko)
    assert rows[0] == {"provider": "billingo", **nothing}
    assert rows[1].pop("connected_at").endswith("Z")
    assert rows[1] == {"provider": "szamlazz", "connected": True, "active": True, "state": "ready"}


def test_page_of_all_says_what_to_do_next(both: CommandLine) -> None:
    ran = both("--sandbox", "integrations", COLUMNS="80")
    assert (ran.code, ran.err) == (0, "")
    billingo, szamlazz = ran.out.rsplit("Számlázz.hu", 1)
    assert "Inactive: Számlázz.hu is the active provider" in billingo
    assert "bokko --sandbox billingo activate" in billingo
    assert "Ready, last verified" in szamlazz
    assert "bokko --sandbox szamlazz status" in szamlazz


@pytest.mark.parametrize("columns", [30, 40, 60, 80])
def test_page_of_all_fits_any_width(both: CommandLine, columns: int) -> None:
    lines = both("--sandbox", "integrations", COLUMNS=str(columns)).out.splitlines()
    wide = {line.strip() for line in lines if len(line) > columns}
    assert wide <= {"bokko --sandbox billingo activate", "bokko --sandbox szamlazz status"}  # whole, to be copied
    assert columns < 40 or {len(line) for line in lines} == {columns}


def test_page_of_all_shows_a_lost_key(both: CommandLine) -> None:
    (both.folder / "sandbox" / "default.secrets.toml").unlink()
    assert states(both) == {"billingo": "inactive", "szamlazz": "attention"}
    assert run(both, "integrations").code == 0


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("active_provider = 'szamlazz'\n[szamlazz]\n", "connected_at"),
        ("szamlazz = 5\n", "szamlazz"),
        ("[szamlazz\n", "line 1"),
        ("schema = 2\n", "schema 2"),
        ("active_provider = 5\n", "active_provider"),
        ("active_provider = '63faa428-9044-11ea-8ed0-0242ac120005'\n", "a value of 36 characters"),
        (f"active_provider = '{'k3y' * 14}'\n", "a value of 42 characters"),
    ],
)
def test_settings_that_cannot_be_read_stop_the_page_of_all(bokko: CommandLine, text: str, named: str) -> None:
    settings(bokko).parent.mkdir(parents=True)
    settings(bokko).write_text(text, "utf-8")
    ran = run(bokko, "integrations", "--json")
    assert ran.code == 7
    assert error(ran)["code"] == "settings_unreadable"
    assert named in error(ran)["message"]
    assert settings(bokko).read_text("utf-8") == text


def test_page_of_all_asks_no_provider(both: CommandLine) -> None:
    swap_key(both, "szamlazz", "sandbox-invalid")
    assert states(both)["szamlazz"] == "ready"


def test_every_place_tells_the_same_problems(bokko: CommandLine) -> None:
    def told(ran: Ran) -> list[dict[str, str]]:
        problems: list[dict[str, str]] = json.loads(ran.out)["problems"]
        return problems

    doubtful = ("--tax-number", "12345676-1-41", "--bank-account", "7002", "--no-invoice-capable", "--json")
    problems = told(connect(bokko, "billingo", *doubtful))
    assert [problem["code"] for problem in problems] == [
        "not_invoice_capable", "tax_number_differs", "vat_rate_doubtful", "foreign_currency_account",
    ]  # fmt: skip
    assert told(run(bokko, "billingo", "status", "--json")) == problems
    assert told(run(bokko, "billingo", "status", "--check", "--json")) == problems
    assert page(bokko)[0]["state"] == "attention"
    panel = " ".join(run(bokko, "billingo", "status").out.replace("│", " ").split())
    overview = " ".join(run(bokko, "integrations").out.replace("│", " ").split())
    for problem in problems:
        assert problem["message"] in panel
        assert problem["message"] in overview


def test_status_of_the_inactive_one(both: CommandLine) -> None:
    ran = run(both, "billingo", "status", "--json")
    document = json.loads(ran.out)
    assert ran.code == 5
    assert (document["state"], document["active"], document["active_provider"]) == ("inactive", False, "szamlazz")
    assert document["document_block"]["id"] == 40101
    text = run(both, "billingo", "status").out
    assert "Inactive: Számlázz.hu is the active provider" in text
    assert "bokko --sandbox billingo activate" in text


def test_status_of_what_is_not_connected_names_the_active_one(bokko: CommandLine) -> None:
    connect(bokko, "szamlazz")
    ran = run(bokko, "billingo", "status", "--json")
    document = json.loads(ran.out)
    assert ran.code == 3
    assert document.pop("problems") == []
    assert {name: value for name, value in document.items() if value is not None} == {
        "schema": 1, "provider": "billingo", "profile": "default", "state": "not_connected",
        "active": False, "active_provider": "szamlazz",
    }  # fmt: skip


def test_activate_prints_the_document_of_the_new_active_one(both: CommandLine) -> None:
    ran = run(both, "billingo", "activate", "--yes", "--json")
    document = json.loads(ran.out)
    assert ran.code == 0
    assert (document["state"], document["active_provider"]) == ("ready", "billingo")
    assert document == json.loads(run(both, "billingo", "status", "--json").out)
    assert states(both) == {"billingo": "ready", "szamlazz": "inactive"}


def test_activate_without_a_yes_names_the_flag(both: CommandLine) -> None:
    before = settings(both).read_bytes()
    ran = run(both, "billingo", "activate", "--json")
    assert ran.code == 2
    assert error(ran)["code"] == "missing_input"
    assert error(ran)["missing"] == [{"flag": "--yes"}]
    assert settings(both).read_bytes() == before


def test_connect_without_a_yes_names_all_that_is_missing(bokko: CommandLine) -> None:
    connect(bokko, "szamlazz")
    before = settings(bokko).read_bytes()
    ran = run(bokko, "billingo", "connect", "--api-key-stdin", "--json", given="sandbox-ready\n")
    assert ran.code == 2
    missing = error(ran)["missing"]
    assert [row["flag"] for row in missing] == ["--yes", "--block", "--bank-account"]
    assert "choices" not in missing[0]
    assert {row["id"] for row in missing[1]["choices"]} == {40101, 40103, 40104}
    assert settings(bokko).read_bytes() == before


def test_connect_without_a_key_and_without_a_yes_is_one_error(bokko: CommandLine) -> None:
    connect(bokko, "billingo")
    ran = run(bokko, "szamlazz", "connect", "--json")
    assert ran.code == 2
    assert [row["flag"] for row in error(ran)["missing"]] == ["--api-key-stdin", "--yes"]


@pytest.mark.parametrize(
    ("provider", "key", "code", "name"),
    [
        ("szamlazz", "sandbox-invalid", 4, "key_rejected"),
        ("szamlazz", "sandbox-unpaid", 4, "no_api_access"),
        ("szamlazz", "sandbox-down", 6, "unreachable"),
        ("billingo", "sandbox-invalid", 4, "key_rejected"),
        ("billingo", "sandbox-no-api", 4, "no_api_access"),
        ("billingo", "sandbox-empty", 5, "block_missing"),
    ],
)
def test_activate_fails_as_a_check_does(both: CommandLine, provider: str, key: str, code: int, name: str) -> None:
    if provider == "szamlazz":
        assert run(both, "billingo", "activate", "--yes").code == 0
    swap_key(both, provider, key)
    before = settings(both).read_bytes()
    checked = json.loads(run(both, provider, "status", "--check", "--json").out)
    ran = run(both, provider, "activate", "--yes", "--json")
    assert ran.code == code
    assert error(ran)["code"] == name
    assert error(ran)["code"] in {problem["code"] for problem in checked["problems"]}
    assert settings(both).read_bytes() == before


@pytest.mark.parametrize("provider", list(PROVIDERS))
def test_activate_of_what_is_not_connected(bokko: CommandLine, provider: str) -> None:
    ran = run(bokko, provider, "activate", "--yes", "--json")
    assert ran.code == 3
    assert error(ran)["code"] == "not_connected"
    assert error(ran)["fix"] == f"bokko --sandbox {provider} connect"


def test_disconnect_of_the_active_one_says_how_to_activate_the_other(both: CommandLine) -> None:
    ran = run(both, "szamlazz", "disconnect", "--yes")
    assert ran.code == 0
    assert "bokko --sandbox billingo activate" in ran.err
    assert states(both) == {"billingo": "inactive", "szamlazz": "not_connected"}
    assert run(both, "billingo", "activate").code == 0
    assert states(both) == {"billingo": "ready", "szamlazz": "not_connected"}


def test_dry_run_switches_nothing(both: CommandLine) -> None:
    before = settings(both).read_bytes()
    ran = connect(both, "billingo", "--yes", "--dry-run", "--json")
    document = json.loads(ran.out)
    assert ran.code == 0
    assert (document["dry_run"], document["connected_at"], document["active_provider"]) == (True, None, "billingo")
    assert settings(both).read_bytes() == before


def test_profiles_are_active_each_for_itself(both: CommandLine) -> None:
    assert run(both, "--profile", "shop", "integrations").code == 0
    ran = bokko_connect_in(both, "shop")
    assert ran.code == 0
    assert "Warning" not in ran.err
    assert states(both) == {"billingo": "inactive", "szamlazz": "ready"}


def bokko_connect_in(bokko: CommandLine, profile: str) -> Ran:
    flags = ("--api-key-stdin", *PROVIDERS["billingo"])
    return run(bokko, "--profile", profile, "billingo", "connect", *flags, given="sandbox-ready\n")


def test_secrets_of_the_other_stay(both: CommandLine) -> None:
    path = both.folder / "sandbox" / "default.secrets.toml"
    assert path.read_text("utf-8").count("sandbox-ready") == 2
    run(both, "szamlazz", "disconnect", "--yes")
    assert path.read_text("utf-8").count("sandbox-ready") == 1


def test_each_command_may_ask_anew(bokko: CommandLine) -> None:
    with Server(in_turn(raw_answer(503, b""))) as server:
        bokko.environ["BOKKO_SZAMLAZZ_URL"] = server.url
        codes = {
            bokko("szamlazz", "connect", "--api-key-stdin", "--key-storage", "file", given="k" * 42).code
            for _ in range(6)
        }
        assert codes == {6}
        assert len(server.seen) == 6
