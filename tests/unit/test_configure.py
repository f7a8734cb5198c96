"""`configure`: other settings, the same key."""

import tomllib
from datetime import timedelta
from pathlib import Path

import pytest

from bokko_cli.errors import (
    Cancelled,
    EndpointRefused,
    ExitCode,
    KeyMissing,
    KeyRejected,
    MissingInput,
    NotConnected,
    Unreachable,
)
from bokko_cli.model.values import Organization
from bokko_cli.prompter.base import Retry
from tests.fakes import BACK, BOLT, ENTER, KEY, NOW, OTP, WEBSHOP, World

NAMES = (
    "Document block",
    "Bank account",
    "Default VAT rate",
    "Default payment method",
    "Tax number",
    "Invoice capable",
    "Accepts business clients",
)
ALL_MARKED = [(name, ENTER) for name in NAMES]
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


def test_flag_changes_its_setting_and_nobody_is_asked(world: World) -> None:
    assert world.configure(document_block="prefix:B") == ExitCode.DONE
    assert _stored(world)["document_block"] == {"id": 40102, "name": "Bolt", "prefix": "B"}


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
    with pytest.raises(MissingInput, match="The stored one, OTP HUF, is no longer in this account") as caught:
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
    assert world.configure(("retry", Retry.AGAIN), *ALL_MARKED, YES) == ExitCode.DONE


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
