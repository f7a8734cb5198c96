"""The command line as scripts see it: documents, exit codes, flags, profiles, and the rules of the house."""

import json
import re
from pathlib import Path

import pytest
import typer.main

from bokko_cli import __version__
from bokko_cli.cli.app import app
from bokko_cli.cli.run import Globals, Run
from bokko_cli.errors import InvalidValue
from bokko_cli.model.spec import Spec
from bokko_cli.providers.billingo.fields import SPEC as BILLINGO
from bokko_cli.providers.szamlazz.fields import SPEC as SZAMLAZZ
from tests.fake_billingo import FakeBillingo, block
from tests.servers import Server, nobody_listening
from tests.unit.conftest import CommandLine

ROOT = Path(__file__).parents[2]
KEY = FakeBillingo().key
CONNECT = ("billingo", "connect", "--api-key-stdin", "--key-storage", "file", "--json")
CHOSEN = ("--block", "WEB", "--bank-account", "7001")
MOMENT = re.compile(r"20\d\d-\d\d-\d\dT\d\d:\d\d:\d\dZ")
NOTHING = {
    "schema": 1, "provider": "billingo", "profile": "default", "state": "not_connected", "active": False,
    "active_provider": None, "connected_at": None, "verified_at": None, "account_tax_code": None, "endpoint": None,
    "invoice_mode": None, "document_block": None, "invoice_prefix": None, "bank_account": None,
    "default_vat_rate": None, "default_payment_method": None, "tax_number": None, "invoice_capable": None,
    "accepts_business_clients": None, "api_key": None, "subscription_until": None,
    "rehearsal": None, "settings_file": None, "checked_at": None, "problems": [],
}  # fmt: skip


def _ready(bokko: CommandLine, url: str) -> dict[str, object]:
    return NOTHING | {
        "state": "ready", "active": True, "active_provider": "billingo", "connected_at": "TIME", "verified_at": "TIME",
        "account_tax_code": "13421739-2-41", "endpoint": url, "invoice_mode": "draft_review",
        "document_block": {"id": 40101, "name": "Webshop", "prefix": "WEB"},
        "bank_account": {"id": 7001, "name": "OTP HUF", "number": "11773016-11111018-00000000", "currency": "HUF"},
        "default_vat_rate": "27%", "default_payment_method": "bank_transfer", "tax_number": None,
        "invoice_capable": True, "accepts_business_clients": True,
        "api_key": {"storage": "file", "source": "file", "hint": "0005", "can_write": None},
        "subscription_until": "2099-12-31", "settings_file": str(bokko.folder / "default.toml"),
    }  # fmt: skip


def _document(text: str) -> object:
    return json.loads(MOMENT.sub("TIME", text))


@pytest.fixture
def fake(bokko: CommandLine) -> "FakeBillingo":
    del bokko
    return FakeBillingo()


def test_documents_of_a_whole_life_are_those_of_the_contract(bokko: CommandLine, fake: FakeBillingo) -> None:
    with Server(fake.answer) as server:
        url = f"{server.url}/v3"
        bokko.environ["BOKKO_BILLINGO_URL"] = url
        assert bokko("billingo", "status", "--json").code == 3
        assert _document(bokko("billingo", "status", "--json").out) == NOTHING

        unkept = {"storage": "file", "source": None, "hint": KEY[-4:], "can_write": None}
        rehearsed = bokko(*CONNECT, *CHOSEN, "--dry-run", given=KEY)
        assert (rehearsed.code, _document(rehearsed.out)) == (
            0, _ready(bokko, url) | {"dry_run": True, "connected_at": None, "api_key": unkept},
        )  # fmt: skip
        assert not bokko.folder.exists()

        ran = bokko(*CONNECT, *CHOSEN, given=KEY)
        assert (ran.code, _document(ran.out)) == (0, _ready(bokko, url))
        assert [*json.loads(ran.out)] == [*NOTHING]
        ran = bokko("billingo", "configure", "--payment-method", "card", "--tax-number", "13421739241", "--json")
        changed = _ready(bokko, url) | {"default_payment_method": "card", "tax_number": "13421739-2-41"}
        assert (ran.code, _document(ran.out)) == (0, changed)
        assert _document(bokko("billingo", "status", "--json").out) == changed
        assert _document(bokko("billingo", "status", "--check", "--json").out) == changed | {"checked_at": "TIME"}

        assert json.loads(bokko("billingo", "blocks", "--json").out) == [
            {"id": 40101, "name": "Webshop", "prefix": "WEB"}, {"id": 40102, "name": "Bolt", "prefix": "B"},
        ]  # fmt: skip
        assert json.loads(bokko("billingo", "accounts", "--json").out)[1] == {
            "id": 7002, "name": "Erste EUR", "number": "11600006-00000000-12345676", "currency": "EUR",
        }  # fmt: skip

        ran = bokko("billingo", "disconnect", "--yes", "--json")
        assert (ran.code, _document(ran.out)) == (0, NOTHING)
        ran = bokko("billingo", "disconnect", "--json")
        assert (ran.code, _document(ran.out)) == (0, NOTHING)


def test_problem_in_the_document_has_code_level_message_and_fix(bokko: CommandLine, fake: FakeBillingo) -> None:
    with Server(fake.answer) as server:
        bokko.environ["BOKKO_BILLINGO_URL"] = f"{server.url}/v3"
        bokko(*CONNECT, *CHOSEN, given=KEY)
        fake.blocks = [block(40102, "Bolt", "B")]
        ran = bokko("billingo", "status", "--check", "--json")
        assert ran.code == 5
        assert json.loads(ran.out)["state"] == "attention"
        assert json.loads(ran.out)["problems"] == [
            {
                "code": "block_missing",
                "level": "error",
                "message": "Document block Webshop is no longer in this account.",
                "fix": "bokko billingo configure",
            }
        ]


def test_missing_input_lists_flags_with_choices_and_errors_leave_standard_error_to_warnings(
    bokko: CommandLine, fake: FakeBillingo
) -> None:
    with Server(fake.answer) as server:
        ran = bokko(*CONNECT, given=KEY, BOKKO_BILLINGO_URL=f"{server.url}/v3")
    error = json.loads(ran.out)["error"]
    assert ran.code == 2
    assert error["code"] == "missing_input"
    assert [row["flag"] for row in error["missing"]] == ["--block", "--bank-account"]
    assert error["missing"][0]["choices"] == [
        {"id": 40101, "name": "Webshop", "prefix": "WEB"}, {"id": 40102, "name": "Bolt", "prefix": "B"},
    ]  # fmt: skip
    assert "Error" not in ran.err


def test_missing_key_and_missing_yes_join_the_list(bokko: CommandLine) -> None:
    bokko.folder.mkdir()
    bokko.settings.write_text('schema = 1\nactive_provider = "szamlazz"\n[szamlazz]\n')
    ran = bokko(*CONNECT[:2], "--key-storage", "file", "--json", "--no-input")
    assert ran.code == 2
    assert json.loads(ran.out)["error"]["missing"] == [
        {"flag": "--api-key-stdin"}, {"flag": "--yes"}, {"flag": "--block"}, {"flag": "--bank-account"},
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("arguments", "given", "code", "name"),
    [
        (("billingo", "configure"), "", 3, "not_connected"),
        (("billingo", "blocks"), "", 3, "not_connected"),
        ((*CONNECT[:-1], *CHOSEN), "wrong", 4, "key_rejected"),
        ((*CONNECT[:-1], *CHOSEN), "", 2, "key_malformed"),
        ((*CONNECT[:-1], *CHOSEN, "--vat", "5"), KEY, 2, "invalid_value"),
        ((*CONNECT[:-1], "--block", "X", "--bank-account", "7001"), KEY, 2, "invalid_value"),
        ((*CONNECT[:-1], "--tax-number", "12345678-2-41"), KEY, 2, "invalid_value"),
        ((*CONNECT[:-1], "--tax-number", "x", "--no-tax-number"), KEY, 2, "invalid_value"),
        ((*CONNECT[:-1], "--invoice-capable", "--no-invoice-capable"), KEY, 2, "invalid_value"),
        (("billingo", "configure", "--business-clients", "--no-business-clients"), "", 2, "invalid_value"),
        (("billingo", "connect", "--api-key", KEY), "", 2, "invalid_value"),
        (("billingo", "connect", "--key-storage", "cloud"), "", 2, "invalid_value"),
        (("billingo", "connect", "--api-key-file", "/nonexistent"), "", 2, "key_malformed"),
        (("--profile", "../x", "billingo", "status"), "", 2, "invalid_value"),
    ],
)
def test_failures_are_documents_with_the_same_exit_code_as_for_people(
    bokko: CommandLine, fake: FakeBillingo, arguments: tuple[str, ...], given: str, code: int, name: str
) -> None:
    with Server(fake.answer) as server:
        bokko.environ["BOKKO_BILLINGO_URL"] = f"{server.url}/v3"
        as_json = bokko(*arguments, "--json", given=given)
        as_text = bokko(*arguments, given=given)
    assert (as_json.code, as_text.code) == (code, code)
    document = json.loads(as_json.out)
    assert document["schema"] == 1
    assert document["error"]["code"] == name
    assert document["error"]["fix"]
    assert as_text.out == ""
    assert as_text.err.splitlines()[-1].startswith("→ ") or "\n→ " in as_text.err
    assert "Traceback" not in as_text.err
    assert KEY not in as_json.out + as_json.err + as_text.err


def test_unreachable_ends_with_6_and_changes_nothing(bokko: CommandLine) -> None:
    with nobody_listening() as url:
        ran = bokko(*CONNECT, *CHOSEN, given=KEY, BOKKO_BILLINGO_URL=f"{url}/v3")
    assert ran.code == 6
    assert json.loads(ran.out)["error"]["code"] == "unreachable"
    assert not bokko.settings.exists()


def test_broken_settings_end_with_7(bokko: CommandLine) -> None:
    bokko.folder.mkdir()
    bokko.settings.write_text("x = [")
    ran = bokko("billingo", "status", "--json")
    assert (ran.code, json.loads(ran.out)["error"]["code"]) == (7, "settings_unreadable")
    assert str(bokko.settings) in json.loads(ran.out)["error"]["message"]


@pytest.mark.parametrize("where", ["before", "after"])
def test_fix_repeats_sandbox_and_profile(bokko: CommandLine, where: str) -> None:
    options = ("--sandbox", "--profile", "shop")
    arguments = (*options, "billingo", "configure") if where == "before" else ("billingo", "configure", *options)
    ran = bokko(*arguments)
    assert ran.code == 3
    assert "→ bokko --sandbox --profile shop billingo connect\n" in ran.err
    ran = bokko(*arguments, "--json")
    assert json.loads(ran.out)["error"]["fix"] == "bokko --sandbox --profile shop billingo connect"


def test_fix_of_a_problem_repeats_sandbox_and_profile(bokko: CommandLine) -> None:
    options = ("--sandbox", "--profile", "shop")
    chosen = ("--block", "WEB", "--bank-account", "7001", "--no-invoice-capable", "--json")
    ran = bokko(*options, "billingo", "connect", "--api-key-stdin", *chosen, given="sandbox-ready")
    assert ran.code == 0
    fix = json.loads(ran.out)["problems"][0]["fix"]
    assert fix == "bokko --sandbox --profile shop billingo configure --invoice-capable"
    assert f"→ {fix}" in bokko(*options, "billingo", "status", COLUMNS="120").out


def test_profile_of_the_environment_is_not_repeated(bokko: CommandLine) -> None:
    assert "→ bokko billingo connect\n" in bokko("billingo", "configure", BOKKO_PROFILE="shop").err


def test_option_near_the_command_wins_over_one_before_it_and_both_over_the_environment(bokko: CommandLine) -> None:
    def profile(*arguments: str) -> object:
        return json.loads(bokko(*arguments, "--json", BOKKO_PROFILE="c").out)["profile"]

    assert profile("--profile", "a", "billingo", "status", "--profile", "b") == "b"
    assert profile("--profile", "a", "billingo", "status") == "a"
    assert profile("billingo", "--profile", "d", "status") == "d"
    assert profile("billingo", "status") == "c"


@pytest.mark.parametrize("name", ["a", "0", "default", "my-shop_2", "a" * 32])
def test_profile_names_of_the_contract_are_taken(bokko: CommandLine, name: str) -> None:
    assert json.loads(bokko("billingo", "status", "--json", "--profile", name).out)["profile"] == name


@pytest.mark.parametrize(
    "name", ["../x", "A", "-a", "_a", "a" * 33, "a.b", "a/b", "a\\b", "é", "a b", "a\n", "..", "~", "\udcff"]
)
def test_other_profile_names_are_refused_wherever_they_come_from(bokko: CommandLine, name: str) -> None:
    for ran in (bokko("billingo", "status", BOKKO_PROFILE=name), bokko(f"--profile={name}", "billingo", "status")):
        assert ran.code == 2
        assert "A profile's name has up to 32" in ran.err
    assert not bokko.folder.exists()


def test_no_two_profiles_share_anything(bokko: CommandLine) -> None:
    chosen = ("--block", "WEB", "--bank-account", "7001", "--json")
    for name in ("one", "two"):
        arguments = ("--sandbox", "--profile", name, "billingo", "connect", "--api-key-stdin", *chosen)
        assert bokko(*arguments, given="sandbox-ready").code == 0
    bokko("--sandbox", "--profile", "one", "billingo", "disconnect", "--yes")
    assert bokko("--sandbox", "--profile", "one", "billingo", "status").code == 3
    assert bokko("--sandbox", "--profile", "two", "billingo", "status").code == 0


def test_version_and_help_are_everywhere(bokko: CommandLine) -> None:
    assert bokko("--version").out == f"bokko {__version__}\n"
    for command in ((), *_commands()):
        for flag in ("--help", "-h"):
            ran = bokko(*command, flag)
            assert ran.code == 0
            assert "Usage: " in ran.out


def test_help_of_the_whole_begins_with_the_providers_and_says_where_to_begin(bokko: CommandLine) -> None:
    commands, _, rest = bokko("--help").out.partition("Commands:")[2].partition("Examples:")
    assert [line.split()[0] for line in commands.split("\n") if line.strip()][:2] == ["billingo", "szamlazz"]
    begin = [line.strip() for line in rest.partition("Topics:")[0].split("\n") if line.strip().startswith("bokko")]
    assert begin == ["bokko billingo connect", "bokko szamlazz connect", "bokko --sandbox billingo connect"]


def test_no_line_of_help_about_a_command_is_cut(bokko: CommandLine) -> None:
    for group in ((), ("billingo",), ("szamlazz",)):
        assert "..." not in bokko(*group, "--help").out.partition("Commands:")[2]


def _commands() -> list[tuple[str, ...]]:
    root = typer.main.get_command(app)
    found: list[tuple[str, ...]] = []
    for name, command in root.commands.items():  # type: ignore[attr-defined]  # a group
        found.append((name,))
        found += [(name, child) for child in getattr(command, "commands", {})]
    return found


def _flags(provider: str, command: str) -> set[str]:
    group = typer.main.get_command(app).commands[provider]  # type: ignore[attr-defined]  # a group
    return {flag for parameter in group.commands[command].params for flag in parameter.opts}


@pytest.mark.parametrize("spec", [BILLINGO, SZAMLAZZ])
@pytest.mark.parametrize("command", ["connect", "configure"])
def test_every_setting_of_the_table_has_its_flags(spec: Spec, command: str) -> None:
    settings = {flag for field in spec.questions for flag in (field.flag, field.no_flag) if flag}
    common = {"--yes", "-y", "--no-input", "--dry-run", "--json", "--profile", "--sandbox", "--debug"}
    key = {"--api-key-stdin", "--api-key-file", "--api-key", "--key-storage"} if command == "connect" else set()
    assert _flags(spec.provider, command) - {"--help", "-h"} == settings | common | key


def test_no_help_offers_a_key_as_an_argument(bokko: CommandLine) -> None:
    for provider in ("billingo", "szamlazz"):
        text = bokko(provider, "connect", "--help").out
        assert not re.search(r"--api-key(?!-)", text)


def test_empty_profile_is_no_profile() -> None:
    with pytest.raises(InvalidValue, match="A profile's name"):
        _ = Run(Globals(profile="")).profile


@pytest.mark.parametrize("provider", ["billingo", "szamlazz"])
def test_help_promises_no_default_that_a_second_run_does_not_have(bokko: CommandLine, provider: str) -> None:
    for command in ("connect", "configure"):
        told = " ".join(bokko(provider, command, "--help").out.split())
        assert re.findall(r"\[default[^]]*\]", told.replace("[default: default]", "")) == (
            ["[default: where it is now, otherwise keyring]"] if command == "connect" else []
        )
    assert "the first connect uses VAT 27%" in " ".join(bokko(provider, "connect", "--help").out.split())
    assert "later ones keep what is stored" in " ".join(bokko(provider, "connect", "--help").out.split())
    assert "leave out stays as it is" in " ".join(bokko(provider, "configure", "--help").out.split())


@pytest.mark.parametrize(
    "lacking",
    [
        {"HOME": "", "BOKKO_CONFIG_DIR": ""},
        {"BOKKO_CONFIG_DIR": "~nosuchuser/settings"},
        {"BOKKO_PROFILE": "No Such Profile"},
    ],
)
@pytest.mark.parametrize("port", ["x", "-1", "65536"])
def test_served_sandbox_needs_neither_home_nor_profile(bokko: CommandLine, lacking: dict[str, str], port: str) -> None:
    ran = bokko("sandbox", "--port", port, **lacking)
    assert (ran.code, ran.out) == (2, "")
    assert "--port" in ran.err
