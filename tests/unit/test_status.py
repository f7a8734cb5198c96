"""`status` and `status --check`: each problem of the contract, what it takes to raise it, and its exit code."""

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest

from bokko_cli.errors import (
    BokkoError,
    EndpointRefused,
    ExitCode,
    KeyringFailed,
    KeyringLocked,
    KeyringUnavailable,
    NoApiAccess,
    NoPermission,
    SettingsUnreadable,
    UnexpectedAnswer,
    Unreachable,
)
from bokko_cli.model.readiness.state import exit_code_of
from bokko_cli.model.values import Problem, Status
from tests.fakes import BOLT, ERSTE, KEY, NOW, ORGANIZATION, OTP, WEBSHOP, World

TODAY = NOW.date()


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path / "settings").connected()


def _codes(world: World) -> list[str]:
    return [problem.code for problem in world.status.problems]


def test_connected_and_well_is_ready(world: World) -> None:
    assert world.look() == ExitCode.DONE
    assert (world.status.state, world.status.key_source, world.status.checked_at) == ("ready", "keyring", None)


def test_status_asks_the_provider_nothing(world: World) -> None:
    world.look()
    assert world.provider.opened == []


def test_check_of_what_is_well_finds_nothing(world: World) -> None:
    assert world.check() == ExitCode.DONE
    assert world.status.problems == ()
    assert (world.status.state, world.status.checked_at) == ("ready", NOW)


def test_check_changes_nothing(world: World) -> None:
    before = world.settings.read_bytes(), world.settings.stat().st_mtime_ns
    world.now = NOW + timedelta(days=9)
    world.check()
    assert (world.settings.read_bytes(), world.settings.stat().st_mtime_ns) == before
    assert [path.name for path in world.folder.iterdir() if path.suffix != ".lock"] == ["default.toml"]


def test_nothing_connected_is_a_state_and_no_error(tmp_path: Path) -> None:
    world = World(tmp_path / "settings")
    for command in (world.look, world.check):
        assert command() == ExitCode.NOT_CONNECTED
        assert world.status.state == "not_connected"
    assert not world.folder.exists()


def test_key_that_is_gone_is_missing(world: World) -> None:
    world.secrets["keyring"].kept.clear()
    assert world.look() == ExitCode.NOT_READY
    assert _codes(world) == ["key_missing"]
    assert world.status.key_source is None


@pytest.mark.parametrize("failure", [KeyringUnavailable("none"), KeyringLocked("locked"), KeyringFailed("broken")])
def test_keyring_that_does_not_answer_is_unavailable(world: World, failure: BokkoError) -> None:
    world.secrets["keyring"].failure = failure
    assert world.look() == ExitCode.NOT_READY
    assert _codes(world) == ["keyring_unavailable"]
    assert world.check() == ExitCode.NOT_READY
    assert _codes(world) == ["keyring_unavailable"]
    assert world.provider.opened == []


def test_connection_that_may_not_invoice_says_so(world: World) -> None:
    world.configure(invoice_capable=False)
    assert world.look() == ExitCode.NOT_READY
    assert _codes(world) == ["not_invoice_capable"]
    assert world.status.problems[0].fix == "bokko billingo configure --invoice-capable"


@pytest.mark.parametrize(
    ("cause", "code"),
    [
        (lambda world: setattr(world.provider, "key", "replaced"), "key_rejected"),
        (lambda world: world.provider.outages.append(NoApiAccess("no")), "no_api_access"),
        (lambda world: world.provider.failing.update(bank_account=NoPermission("no")), "no_permission"),
    ],
)
def test_refusals_end_with_4(world: World, cause: Callable[[World], None], code: str) -> None:
    cause(world)
    assert world.check() == ExitCode.REFUSED
    assert _codes(world) == [code]
    assert world.status.state == "attention"


@pytest.mark.parametrize("part", ["organization", "document_block", "bank_account"])
@pytest.mark.parametrize("failure", [Unreachable("down"), UnexpectedAnswer("incomplete")])
def test_part_that_could_not_be_asked_is_unreachable_and_never_missing(
    world: World, part: str, failure: BokkoError
) -> None:
    world.provider.failing = {part: failure}
    world.provider.choices = {"document_block": (WEBSHOP,), "bank_account": (OTP,)}
    assert world.check() == ExitCode.UNREACHABLE
    assert _codes(world) == ["unreachable"]


def test_what_is_known_is_told_beside_what_is_not(world: World) -> None:
    world.provider.failing = {"bank_account": Unreachable("down")}
    world.provider.choices["document_block"] = (BOLT,)
    assert world.check() == ExitCode.NOT_READY
    assert _codes(world) == ["unreachable", "block_missing"]


def test_silence_is_told_once(world: World) -> None:
    world.provider.failing = dict.fromkeys(("organization", "document_block", "bank_account"), Unreachable("down"))
    assert world.check() == ExitCode.UNREACHABLE
    assert _codes(world) == ["unreachable"]


@pytest.mark.parametrize("rows", [(), (BOLT,), (WEBSHOP._replace(id=1),)])
def test_block_that_is_gone_is_missing(world: World, rows: tuple[object, ...]) -> None:
    world.provider.choices["document_block"] = rows  # type: ignore[assignment]  # blocks, whatever their number
    assert world.check() == ExitCode.NOT_READY
    assert _codes(world) == ["block_missing"]
    assert world.status.problems[0].message == "Document block Webshop is no longer in this account."


def test_account_that_is_gone_is_missing(world: World) -> None:
    world.provider.choices["bank_account"] = (ERSTE,)
    assert world.check() == ExitCode.NOT_READY
    assert _codes(world) == ["account_missing"]


@pytest.mark.parametrize("change", [{"name": "Web Shop"}, {"prefix": "W"}])
def test_renamed_block_is_a_warning_and_still_ready(world: World, change: dict[str, str]) -> None:
    world.provider.choices["document_block"] = (WEBSHOP._replace(**change), BOLT)  # type: ignore[arg-type]  # text
    assert world.check() == ExitCode.DONE
    assert [(problem.code, problem.level) for problem in world.status.problems] == [("block_renamed", "warning")]
    assert world.status.state == "ready"


def test_renamed_account_is_a_warning_and_still_ready(world: World) -> None:
    world.provider.choices["bank_account"] = (OTP._replace(name="OTP"), ERSTE)
    assert world.check() == ExitCode.DONE
    assert [(problem.code, problem.level) for problem in world.status.problems] == [("account_renamed", "warning")]


def test_name_with_control_characters_does_not_look_renamed(tmp_path: Path) -> None:
    world = World(tmp_path / "settings")
    world.provider.choices["document_block"] = (WEBSHOP._replace(name=" \x1b[31mWeb\u202eshop\n "), BOLT)
    world.connected()
    assert world.check() == ExitCode.DONE
    assert world.status.problems == ()


def test_another_organisation_is_different(world: World) -> None:
    world.provider.organization = ORGANIZATION._replace(tax_code="10773381-2-44")
    assert world.check() == ExitCode.NOT_READY
    assert _codes(world) == ["different_account"]
    assert world.status.problems[0].message == (
        "The key belongs to the account with tax number 10773381-2-44, but 13421739-2-41 was connected."
    )


def test_unknown_tax_codes_are_no_difference(world: World) -> None:
    world.provider.organization = ORGANIZATION._replace(tax_code=None)
    assert world.check() == ExitCode.DONE
    text = world.settings.read_text("utf-8").replace('account_tax_code = "13421739-2-41"\n', "")
    world.settings.write_text(text, "utf-8")
    world.provider.organization = ORGANIZATION
    assert world.check() == ExitCode.DONE
    assert _codes(world) == []


@pytest.mark.parametrize(("days", "verb"), [(-1, "ended"), (0, "ends"), (30, "ends")])
def test_subscription_that_ends_within_30_days_is_a_warning(world: World, days: int, verb: str) -> None:
    until = TODAY + timedelta(days)
    world.provider.organization = ORGANIZATION._replace(subscription_until=until)
    assert world.check() == ExitCode.DONE
    (problem,) = world.status.problems
    assert (problem.code, problem.level) == ("subscription_expiring", "warning")
    assert problem.message == f"The Billingo subscription {verb} on {until}."
    assert world.status.state == "ready"


@pytest.mark.parametrize("until", [None, TODAY + timedelta(31), date(2099, 1, 1)])
def test_subscription_without_an_end_in_sight_is_no_warning(world: World, until: date | None) -> None:
    world.provider.organization = ORGANIZATION._replace(subscription_until=until)
    assert world.check() == ExitCode.DONE
    assert _codes(world) == []


@pytest.mark.parametrize(("linked", "found"), [(False, [("no_nav_connection", "warning")]), (True, []), (None, [])])
def test_missing_link_to_nav_is_a_warning(world: World, linked: bool | None, found: list[tuple[str, str]]) -> None:
    world.provider.organization = ORGANIZATION._replace(has_nav_connection=linked)
    assert world.check() == ExitCode.DONE
    assert [(problem.code, problem.level) for problem in world.status.problems] == found


@pytest.mark.parametrize("active", ['active_provider = "szamlazz"', ""])
def test_inactive_wins_over_attention_and_errors_are_still_listed(world: World, active: str) -> None:
    text = world.settings.read_text("utf-8").replace('active_provider = "billingo"', active)
    world.settings.write_text(text, "utf-8")
    world.secrets["keyring"].kept.clear()
    assert world.look() == ExitCode.NOT_READY
    assert world.status.state == "inactive"
    assert _codes(world) == ["key_missing"]


def test_inactive_provider_that_cannot_be_reached_is_inactive_first(world: World) -> None:
    text = world.settings.read_text("utf-8").replace('active_provider = "billingo"', "")
    world.settings.write_text(text, "utf-8")
    world.provider.outages = [Unreachable("down")]
    assert world.check() == ExitCode.NOT_READY
    assert world.status.state == "inactive"


def _problem(code: str, level: str = "error") -> Problem:
    return Problem(code, level, "", "")  # type: ignore[arg-type]  # one of two words


@pytest.mark.parametrize(
    ("state", "problems", "code"),
    [
        ("ready", [], ExitCode.DONE),
        ("ready", [_problem("block_renamed", "warning")], ExitCode.DONE),
        ("attention", [_problem("block_missing")], ExitCode.NOT_READY),
        ("attention", [_problem("unreachable")], ExitCode.UNREACHABLE),
        ("attention", [_problem("unreachable"), _problem("block_renamed", "warning")], ExitCode.UNREACHABLE),
        ("attention", [_problem("unreachable"), _problem("not_invoice_capable")], ExitCode.NOT_READY),
        ("attention", [_problem("block_missing"), _problem("key_rejected")], ExitCode.REFUSED),
        ("attention", [_problem("unreachable"), _problem("no_api_access")], ExitCode.REFUSED),
        ("inactive", [], ExitCode.NOT_READY),
        ("inactive", [_problem("unreachable")], ExitCode.NOT_READY),
        ("inactive", [_problem("no_permission")], ExitCode.REFUSED),
        ("not_connected", [], ExitCode.NOT_CONNECTED),
    ],
)
def test_exit_code_follows_from_state_and_problems(state: str, problems: list[Problem], code: ExitCode) -> None:
    status = Status("billingo", "default", None, None, state, None, tuple(problems))  # type: ignore[arg-type]
    assert exit_code_of(status) == code


def test_settings_that_cannot_be_read_are_no_status(world: World) -> None:
    world.settings.write_text("not toml", "utf-8")
    for command in (world.look, world.check):
        with pytest.raises(SettingsUnreadable) as caught:
            command()
        assert caught.value.exit_code == ExitCode.STORAGE
        assert str(world.settings) in caught.value.message
        assert "line 1" in caught.value.message


def test_another_endpoint_is_refused_by_check_and_not_by_status(world: World) -> None:
    world.environ["BOKKO_BILLINGO_URL"] = "https://elsewhere.example/v3"
    assert world.look() == ExitCode.DONE
    with pytest.raises(EndpointRefused):
        world.check()
    assert world.provider.opened == []


def test_check_names_a_variable_that_it_does_not_use(world: World) -> None:
    world.environ["BOKKO_BILLINGO_API_KEY"] = KEY
    world.check()
    assert world.output.told[:1] == ["Warning: BOKKO_BILLINGO_API_KEY is set but not used here: the stored key is."]


def test_key_kept_in_the_variable_is_used_and_missed(tmp_path: Path) -> None:
    world = World(tmp_path / "settings", environ={"BOKKO_BILLINGO_API_KEY": KEY})
    world.connected()
    text = world.settings.read_text("utf-8").replace('storage = "keyring"\nslot = "a"', 'storage = "env"')
    world.settings.write_text(text, "utf-8")
    assert world.check() == ExitCode.DONE
    assert (world.status.key_source, "Warning" in world.said()) == ("env", False)
    del world.environ["BOKKO_BILLINGO_API_KEY"]
    assert world.look() == ExitCode.NOT_READY
    assert _codes(world) == ["key_missing"]
    assert world.status.problems[0].fix == "Set BOKKO_BILLINGO_API_KEY."


def test_variable_that_holds_no_key_is_a_key_missing(tmp_path: Path) -> None:
    world = World(tmp_path / "settings", environ={"BOKKO_BILLINGO_API_KEY": KEY})
    world.connected()
    text = world.settings.read_text("utf-8").replace('storage = "keyring"\nslot = "a"', 'storage = "env"')
    world.settings.write_text(text, "utf-8")
    world.environ["BOKKO_BILLINGO_API_KEY"] = "bad key"
    for look in (world.look, world.check):
        assert look() == ExitCode.NOT_READY
        assert (_codes(world), world.status.key_source) == (["key_missing"], None)
