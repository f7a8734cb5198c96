"""`connect`, conversation and effect, against a provider and stores in memory."""

import tomllib
from datetime import date
from typing import TypeVar

import pytest

from bokko_cli.commands.connect import Options, run
from bokko_cli.errors import (
    Cancelled,
    ExitCode,
)
from bokko_cli.model.values import Organization
from bokko_cli.prompter.question import Back, Pick
from tests.fakes import BACK, CHOSEN, ENTER, KEY, NOW, OTP, WEBSHOP, Person, World
from tests.unit.connecting import BY_STDIN, QUESTIONS, YES, make_szamlazz_active

T = TypeVar("T")
pytestmark = pytest.mark.usefixtures("each_way_of_asking")


def test_every_question_in_order_leads_to_the_settings_of_the_contract(world: World) -> None:
    assert world.connect(("API key", KEY), *QUESTIONS, YES) == ExitCode.DONE
    assert tomllib.loads(world.settings.read_text("utf-8")) == {
        "schema": 1,
        "active_provider": "billingo",
        "billingo": {
            "connected_at": NOW,
            "verified_at": NOW,
            "endpoint": "https://api.billingo.hu/v3",
            "account_tax_code": "13421739-2-41",
            "invoice_mode": "draft_review",
            "default_vat_rate": "27%",
            "default_payment_method": "bank_transfer",
            "tax_number": "13421739-2-41",
            "invoice_capable": True,
            "accepts_business_clients": True,
            "document_block": {"id": 40101, "name": "Webshop", "prefix": "WEB"},
            "bank_account": {
                "id": 7001,
                "name": "OTP HUF",
                "number": "11773016-11111018-00000000",
                "currency": "HUF",
            },
            "subscription_until": date(2099, 12, 31),
            "api_key": {"storage": "keyring", "slot": "a", "hint": "0002"},
        },
    }
    assert world.secrets["keyring"].kept == {"a": KEY}
    assert world.status.state == "ready"


def test_one_survey_is_one_opening_of_the_provider(world: World) -> None:
    world.connect(("API key", KEY), *QUESTIONS, YES)
    assert world.provider.opened == [("https://api.billingo.hu/v3", KEY)]


def test_questions_of_given_flags_are_not_asked(world: World) -> None:
    settings = {**CHOSEN, "default_vat_rate": "0", "invoice_capable": False, "tax_number": False}
    script = (("API key", KEY), ("Default payment method", "cash"), ("Accepts business clients", False), YES)
    assert world.connect(*script, options=Options(settings)) == ExitCode.DONE
    connection = world.status.connection
    assert connection
    assert connection.settings == {
        "document_block": WEBSHOP, "bank_account": OTP, "default_vat_rate": "0%", "default_payment_method": "cash",
        "tax_number": None, "invoice_capable": False, "accepts_business_clients": False,
    }  # fmt: skip


def test_account_without_a_block_is_checked_again_and_nothing_is_typed_twice(world: World) -> None:
    later = world.provider.choices["document_block"]
    world.provider.choices["document_block"] = ()

    class Maker(Person):
        """Makes a block at the provider before answering."""

        def pick(self, name: str, form: Pick[T], *, can_go_back: bool) -> int | Back:
            if name == "What do you want to do?" and len(self.left) == len(QUESTIONS) + 2:
                world.provider.choices["document_block"] = later
            return super().pick(name, form, can_go_back=can_go_back)

    again = ("What do you want to do?", "Check again")
    maker = Maker(("API key", KEY), again, again, *QUESTIONS, YES)
    assert run(world.scope(maker.prompter(world.output)), Options({})) == ExitCode.DONE
    assert maker.left == []
    assert world.said().count("Document block: this account has none.") == 2
    assert [key for _, key in world.provider.opened] == [KEY] * 3


def test_only_row_is_announced_and_stands_in_the_review(world: World) -> None:
    world.provider.choices["document_block"] = (WEBSHOP,)
    assert world.connect(("API key", KEY), *QUESTIONS[1:], YES) == ExitCode.DONE
    assert "Document block: Webshop · WEB · id 40101 (the only one)" in world.output.told


def test_tax_number_of_the_organisation_is_offered_to_a_person_only(world: World) -> None:
    world.connect(("API key", KEY), *QUESTIONS[:4], ("Tax number", ENTER), *QUESTIONS[5:], YES)
    assert world.status.connection
    assert world.status.connection.settings["tax_number"] == "13421739-2-41"
    world.standard_input = KEY
    world.disconnect(yes=True)
    world.connect(options=BY_STDIN)
    assert world.status.connection.settings["tax_number"] is None


def test_invalid_tax_number_of_the_organisation_is_not_offered(world: World) -> None:
    world.provider.organization = Organization("HU12345678")
    world.connect(("API key", KEY), *QUESTIONS[:4], ("Tax number", ENTER), *QUESTIONS[5:], YES)
    assert world.status.connection
    assert world.status.connection.settings["tax_number"] is None


def test_active_other_provider_is_named_before_the_first_question_and_at_the_last(world: World) -> None:
    make_szamlazz_active(world)
    with pytest.raises(Cancelled):
        world.connect(("API key", BACK))
    assert world.output.told[0].startswith("Warning: ")
    assert "is the active provider. Connecting Billingo will deactivate it" in world.output.told[0]


def test_yes_skips_the_review(world: World) -> None:
    assert world.connect(("API key", KEY), *QUESTIONS, options=Options({}, yes=True)) == ExitCode.DONE


def test_dry_run_writes_nothing_at_all(world: World) -> None:
    world.standard_input = KEY
    assert world.connect(options=Options(CHOSEN, api_key_stdin=True, dry_run=True)) == ExitCode.DONE
    assert world.status.is_dry_run
    assert not world.folder.exists()
    assert world.secrets["keyring"].kept == {}


def test_dry_run_with_a_person_does_not_offer_to_save(world: World) -> None:
    script = (("API key", KEY), *QUESTIONS, ("Is this right? Nothing will be saved.", True))
    assert world.connect(*script, options=Options({}, dry_run=True)) == ExitCode.DONE
    assert not world.folder.exists()
