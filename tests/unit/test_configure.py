"""`configure`: other settings, the same key."""

import tomllib
from datetime import timedelta
from pathlib import Path
from typing import Literal

import pytest

from bokko_cli.errors import (
    Cancelled,
    EndpointRefused,
    ExitCode,
    KeyMissing,
    KeyRejected,
    MissingInput,
    NotConnected,
    SettingsUnreadable,
    Unreachable,
)
from bokko_cli.model.values import Organization, Rehearsal
from bokko_cli.store import toml_file
from bokko_cli.store.content import with_table
from tests.fakes import ALL_MARKED, BACK, BOLT, ENTER, KEY, NOW, OTP, QUESTIONS, WEBSHOP, World

pytestmark = pytest.mark.usefixtures("each_way_of_asking")
YES = ("Save this?", True)


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path / "settings").connected()


def _stored(world: World) -> dict[str, object]:
    stored = tomllib.loads(world.settings.read_text("utf-8"))["billingo"]
    assert isinstance(stored, dict)
    return stored


def test_enter_at_every_question_changes_the_time_of_verification_only(world: World) -> None:
    before = _stored(world)
    world.now = NOW + timedelta(days=1)
    assert world.configure(*ALL_MARKED, YES) == ExitCode.DONE
    assert _stored(world) == before | {"verified_at": world.now}
    assert world.secrets["keyring"].kept == {"a": KEY}


@pytest.mark.parametrize("outcome", ["passed", "failed"])
def test_rehearsal_of_other_settings_no_longer_counts_and_that_is_said(
    world: World, outcome: Literal["passed", "failed"]
) -> None:
    _remember(world, Rehearsal(world.now, outcome))
    assert world.configure(default_payment_method="cash") == ExitCode.DONE
    assert world.stored_connection().rehearsal is None
    assert world.output.told[-1].startswith("The rehearsal of 20")
    assert world.output.told[-1].endswith("was for other settings. Next: rehearse with these: bokko billingo rehearse")


def test_rehearsal_of_the_same_settings_counts_on(world: World) -> None:
    rehearsal = Rehearsal(world.now, "passed")
    _remember(world, rehearsal)
    assert world.configure(*ALL_MARKED, YES) == ExitCode.DONE
    assert world.stored_connection().rehearsal == rehearsal
    assert "rehearsal of" not in world.said()


def test_dry_run_leaves_the_rehearsal(world: World) -> None:
    rehearsal = Rehearsal(world.now, "passed")
    _remember(world, rehearsal)
    assert world.configure(dry_run=True, default_payment_method="cash") == ExitCode.DONE
    assert world.stored_connection().rehearsal == rehearsal
    assert "rehearsal of" not in world.said()


def _remember(world: World, rehearsal: Rehearsal) -> None:
    connection = world.stored_connection()._replace(rehearsal=rehearsal)
    toml_file.rewrite(world.settings, lambda content: with_table(content, world.spec, connection))


def test_flag_changes_its_setting_and_nobody_is_asked(world: World) -> None:
    assert world.configure(document_block="prefix:B") == ExitCode.DONE
    assert _stored(world)["document_block"] == {"id": 40102, "name": "Bolt", "prefix": "B"}


def _break(world: World, *changes: tuple[str, str]) -> None:
    text = world.settings.read_text("utf-8")
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    world.settings.write_text(text, "utf-8")


VAT = ('default_vat_rate = "27%"', 'default_vat_rate = "18%"')
CAPABLE = ("invoice_capable = true", 'invoice_capable = "yes"')
BLOCK = ("id = 40101", 'id = "40101"')


@pytest.mark.parametrize(
    ("broken", "flags"),
    [
        ((VAT,), {"default_vat_rate": "0"}),
        ((VAT, CAPABLE), {"default_vat_rate": "0", "invoice_capable": True}),
        ((BLOCK,), {"document_block": "B"}),
        ((BLOCK, VAT), {"document_block": "id:40102", "default_vat_rate": "27"}),
    ],
)
def test_setting_that_cannot_be_understood_is_replaced_by_its_flag(
    world: World, broken: tuple[tuple[str, str], ...], flags: dict[str, str | bool]
) -> None:
    _break(world, *broken)
    assert world.configure(**flags) == ExitCode.DONE
    assert world.look() == ExitCode.DONE


def test_setting_that_cannot_be_understood_is_not_guessed_where_nobody_is_asked(world: World) -> None:
    _break(world, VAT, CAPABLE)
    with pytest.raises(SettingsUnreadable, match="18%") as caught:
        world.configure(default_vat_rate="0")
    assert "invoice_capable" in caught.value.message
    assert "--vat, --invoice-capable" in caught.value.fix


def test_setting_that_cannot_be_understood_is_asked_for_anew(world: World) -> None:
    _break(world, VAT, BLOCK)
    script = [(name, ENTER) for name in QUESTIONS[2:]]
    assert world.configure(("Document block", "Bolt"), (QUESTIONS[1], ENTER), *script, YES) == ExitCode.DONE
    assert _stored(world)["default_vat_rate"] == "27%"
    assert _stored(world)["document_block"] == {"id": 40102, "name": "Bolt", "prefix": "B"}


def test_what_no_flag_can_give_needs_connect(world: World) -> None:
    _break(world, VAT, ('hint = "0002"', "hint = 2"))
    with pytest.raises(SettingsUnreadable, match="18%") as caught:
        world.configure(default_vat_rate="0")
    assert "hint is 2" in caught.value.message
    assert caught.value.fix == "Correct the file, or connect again: bokko billingo connect"
    world.connected()
    assert world.look() == ExitCode.DONE


@pytest.mark.parametrize("broken", [(VAT, CAPABLE, BLOCK), (("[billingo.api_key]", "[billingo.key]"),)])
def test_commands_that_only_read_name_all_that_cannot_be_understood(
    world: World, broken: tuple[tuple[str, str], ...]
) -> None:
    _break(world, *broken)
    for command in (world.look, world.check, lambda: world.list("document_block")):
        with pytest.raises(SettingsUnreadable) as caught:
            command()
        assert caught.value.exit_code == ExitCode.STORAGE
        assert len(caught.value.message.splitlines()) == 1 + len(broken)
    assert world.disconnect(yes=True) == ExitCode.DONE
    assert "billingo" not in world.settings.read_text("utf-8")
    assert world.secrets["keyring"].kept == {}


def test_tax_number_goes_with_its_no_flag(world: World) -> None:
    world.configure(tax_number="13421739-2-41")
    assert _stored(world)["tax_number"] == "13421739-2-41"
    world.configure(tax_number=False)
    assert "tax_number" not in _stored(world)


def test_renamed_block_is_taken_over(world: World) -> None:
    world.provider.choices["document_block"] = (WEBSHOP._replace(name="Web Shop"), BOLT)
    assert world.configure() == ExitCode.DONE
    assert _stored(world)["document_block"] == {"id": 40101, "name": "Web Shop", "prefix": "WEB"}


def test_stored_account_that_is_gone_is_missing(world: World) -> None:
    world.provider.choices["bank_account"] = (OTP._replace(id=7009),)
    with pytest.raises(MissingInput, match="Bank account: the stored OTP HUF is no longer in this account") as caught:
        world.configure()
    assert [missing.flag for missing in caught.value.missing] == ["--bank-account"]


def test_key_that_opens_another_organisation_loses_its_choices(world: World) -> None:
    world.provider.organization = Organization("10773381-2-44")
    with pytest.raises(MissingInput) as caught:
        world.configure()
    assert [missing.flag for missing in caught.value.missing] == ["--block", "--bank-account"]


def test_back_at_the_first_question_leaves(world: World) -> None:
    before = world.settings.read_bytes()
    with pytest.raises(Cancelled):
        world.configure(("Document block", BACK))
    assert world.settings.read_bytes() == before


def test_outage_can_be_tried_again(world: World) -> None:
    world.provider.outages = [Unreachable("down")]
    assert world.configure(("What do you want to do?", "Try again"), *ALL_MARKED, YES) == ExitCode.DONE


def test_revoked_key_is_a_refusal_and_changes_nothing(world: World) -> None:
    before = world.settings.read_bytes()
    world.provider.key = "replaced"
    with pytest.raises(KeyRejected):
        world.configure(default_vat_rate="0")
    assert world.settings.read_bytes() == before


def test_without_a_connection_there_is_nothing_to_configure(world: World) -> None:
    world.disconnect(yes=True)
    with pytest.raises(NotConnected) as caught:
        world.configure()
    assert caught.value.exit_code == ExitCode.NOT_CONNECTED
    assert caught.value.fix == "bokko billingo connect"


def test_key_that_is_gone_is_a_storage_failure(world: World) -> None:
    world.secrets["keyring"].kept.clear()
    with pytest.raises(KeyMissing) as caught:
        world.configure()
    assert caught.value.exit_code == ExitCode.STORAGE


def test_variable_is_named_and_not_used(world: World) -> None:
    world.environ["BOKKO_BILLINGO_API_KEY"] = "another"
    assert world.configure() == ExitCode.DONE
    assert "Warning: BOKKO_BILLINGO_API_KEY is set but not used here: the stored key is." in world.output.told
    assert world.provider.opened == [("https://api.billingo.hu/v3", KEY)]


def test_stored_key_never_goes_to_another_endpoint(world: World) -> None:
    world.environ["BOKKO_BILLINGO_URL"] = "https://elsewhere.example/v3"
    with pytest.raises(EndpointRefused):
        world.configure()
    assert world.provider.opened == []


def test_active_provider_stays_as_it_was(world: World) -> None:
    text = world.settings.read_text("utf-8").replace('active_provider = "billingo"', 'active_provider = "szamlazz"')
    world.settings.write_text(text, "utf-8")
    assert world.configure(default_vat_rate="0") == ExitCode.DONE
    assert world.status.state == "inactive"
    assert tomllib.loads(world.settings.read_text("utf-8"))["active_provider"] == "szamlazz"
