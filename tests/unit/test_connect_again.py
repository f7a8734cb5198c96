"""`connect` over a connection that is there: what is kept, what is gone, and another organisation's key."""

import pytest

from bokko_cli.commands.connect import Options
from bokko_cli.errors import (
    ExitCode,
    MissingInput,
)
from bokko_cli.model.values import Organization
from tests.fakes import BOLT, ENTER, ERSTE, KEY, OTP, WEBSHOP, World
from tests.unit.connecting import QUESTIONS, YES

pytestmark = pytest.mark.usefixtures("each_way_of_asking")
ANOTHER = Organization("10773381-2-44")


def test_reconnect_offers_what_was_chosen_and_puts_the_key_into_the_other_slot(world: World) -> None:
    world.connected(document_block="40102", default_vat_rate="0")
    marked = [(name, ENTER) for name, _ in QUESTIONS]
    assert world.connect(("API key", KEY), *marked, YES) == ExitCode.DONE
    assert world.status.connection
    assert world.status.connection.settings["document_block"] == BOLT
    assert world.status.connection.settings["default_vat_rate"] == "0%"
    assert world.secrets["keyring"].kept == {"b": KEY}


def test_reconnect_without_a_person_keeps_what_was_chosen(world: World) -> None:
    world.connected(document_block="40102", tax_number="13421739-2-41", accepts_business_clients=False)
    world.standard_input = KEY
    assert world.connect(options=Options({}, api_key_stdin=True)) == ExitCode.DONE
    assert world.status.connection
    assert list(world.status.connection.settings.values()) == [
        BOLT, OTP, "27%", "bank_transfer", "13421739-2-41", True, False,
    ]  # fmt: skip


def test_stored_block_that_is_gone_is_missing_and_never_replaced(world: World) -> None:
    world.connected(document_block="40102")
    world.provider.choices["document_block"] = (WEBSHOP,)
    world.standard_input = KEY
    with pytest.raises(MissingInput, match="Document block: the stored Bolt is no longer in this account") as caught:
        world.connect(options=Options({}, api_key_stdin=True))
    assert [missing.flag for missing in caught.value.missing] == ["--block"]


def test_stored_block_that_is_gone_is_asked_anew_even_if_one_is_left(world: World) -> None:
    world.connected(document_block="40102")
    world.provider.choices["document_block"] = (WEBSHOP,)
    assert world.connect(("API key", KEY), *QUESTIONS, YES) == ExitCode.DONE


def test_key_of_another_organisation_loses_block_account_and_tax_number(world: World) -> None:
    world.connected(tax_number="13421739-2-41")
    world.provider.organization = ANOTHER
    world.standard_input = KEY
    with pytest.raises(MissingInput) as caught:
        world.connect(options=Options({}, api_key_stdin=True))
    assert [missing.flag for missing in caught.value.missing] == ["--block", "--bank-account", "--tax-number"]
    assert "belongs to a different account from the stored one (13421739-2-41)" in world.said()


def test_another_organisations_only_rows_are_taken_and_no_tax_number_is_not_missing(world: World) -> None:
    world.connected()
    world.provider.organization = ANOTHER
    world.provider.choices = {"document_block": (BOLT,), "bank_account": (ERSTE,)}
    world.standard_input = KEY
    assert world.connect(options=Options({}, api_key_stdin=True)) == ExitCode.DONE
    assert world.status.connection
    assert world.status.connection.settings["document_block"] == BOLT


def test_person_with_another_organisations_key_is_told_why_and_asked_anew(world: World) -> None:
    world.connected(tax_number="13421739-2-41")
    world.provider.organization = ANOTHER
    script = (("API key", KEY), *QUESTIONS[:4], ("Tax number", ENTER), *QUESTIONS[5:], YES)
    assert world.connect(*script) == ExitCode.DONE
    assert world.status.connection
    assert world.status.connection.settings["tax_number"] == "10773381-2-44"


def test_unknown_tax_code_is_not_another_organisation(world: World) -> None:
    world.connected()
    world.provider.organization = Organization(None)
    world.standard_input = KEY
    assert world.connect(options=Options({}, api_key_stdin=True)) == ExitCode.DONE
    assert "a different account" not in world.said()


def test_doubtful_tax_number_and_vat_rate_stay_with_the_connection(world: World) -> None:
    world.connected(tax_number="13421739-1-41")
    world.standard_input = KEY
    world.connect(options=Options({}, api_key_stdin=True))
    assert "vat_rate_doubtful" in [problem.code for problem in world.status.problems]
