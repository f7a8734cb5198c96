"""`connect` where nobody can be asked: what is taken, and what is missing, in one error."""

import tomllib

import pytest

from bokko_cli.commands.connect import Options
from bokko_cli.errors import (
    Cancelled,
    ExitCode,
    InvalidValue,
    MissingInput,
)
from tests.fakes import BACK, CHOSEN, KEY, OTP, WEBSHOP, World
from tests.unit.connecting import BY_STDIN, make_szamlazz_active

pytestmark = pytest.mark.usefixtures("each_way_of_asking")


def test_leaving_an_account_without_a_bank_account_is_what_is_missing(world: World) -> None:
    world.provider.choices["bank_account"] = ()
    with pytest.raises(MissingInput, match="Bank account: this account has none"):
        world.connect(("API key", KEY), ("What do you want to do?", "Leave without changing anything"))
    with pytest.raises(Cancelled):
        world.connect(("API key", KEY), ("What do you want to do?", BACK))
    assert not world.settings.exists()


def test_flag_for_a_list_that_is_empty_is_told_that_there_is_none(world: World) -> None:
    world.provider.choices["document_block"] = ()
    world.standard_input = KEY
    with pytest.raises(MissingInput) as caught:
        world.connect(options=BY_STDIN)
    assert [(missing.flag, missing.choices) for missing in caught.value.missing] == [("--block", [])]


def test_defaults_hold_without_a_person(world: World) -> None:
    world.standard_input = KEY
    assert world.connect(options=BY_STDIN) == ExitCode.DONE
    assert world.status.connection
    assert list(world.status.connection.settings.values()) == [
        WEBSHOP, OTP, "27%", "bank_transfer", None, True, True,
    ]  # fmt: skip


def test_everything_missing_is_one_error_with_flags_and_choices(world: World) -> None:
    world.standard_input = KEY
    with pytest.raises(MissingInput) as caught:
        world.connect(options=Options({}, api_key_stdin=True))
    block, account = caught.value.missing
    assert (block.flag, account.flag) == ("--block", "--bank-account")
    assert block.choices == [
        {"id": 40101, "name": "Webshop", "prefix": "WEB"},
        {"id": 40102, "name": "Bolt", "prefix": "B"},
    ]
    assert account.choices == [
        {"id": 7001, "name": "OTP HUF", "number": "11773016-11111018-00000000", "currency": "HUF"},
        {"id": 7002, "name": "Erste EUR", "number": "11600006-00000000-12345676", "currency": "EUR"},
    ]
    assert caught.value.message == (
        "Missing: --block, --bank-account\n"
        "  --block (Document block), one of:\n"
        "    Webshop · WEB · id 40101\n"
        "    Bolt · B · id 40102\n"
        "  --bank-account (Bank account), one of:\n"
        "    OTP HUF · 11773016-11111018-00000000 · HUF · id 7001\n"
        "    Erste EUR · 11600006-00000000-12345676 · EUR · id 7002"
    )


def test_long_list_is_cut_for_people_and_whole_for_scripts(world: World) -> None:
    world.standard_input = KEY
    world.provider.choices["document_block"] = tuple(WEBSHOP._replace(id=number) for number in range(1, 1201))
    with pytest.raises(MissingInput) as caught:
        world.connect(options=Options({"bank_account": "7001"}, api_key_stdin=True))
    assert "… and 1,180 more: `bokko billingo blocks --api-key-stdin`" in caught.value.message
    assert caught.value.message.count("id ") == 20
    assert len(caught.value.missing[0].choices or ()) == 1200


def test_account_with_nothing_to_pick_misses_both_lists_with_no_choices(world: World) -> None:
    world.standard_input = KEY
    world.provider.choices = {"document_block": (), "bank_account": ()}
    with pytest.raises(MissingInput) as caught:
        world.connect(options=Options({}, api_key_stdin=True))
    assert [missing.choices for missing in caught.value.missing] == [[], []]
    assert caught.value.fix == (
        "Create a document block for invoices in Billingo (Bizonylattömbök → Új bizonylattömb, "
        "https://app.billingo.hu/n/document-block/list), then try again.\n"
        "Add a bank account in Billingo (Bankszámlaszámok → Bankszámlaszám hozzáadás, "
        "https://app.billingo.hu/n/bank-account/list), then try again."
    )


def test_missing_key_comes_with_every_other_missing_flag(world: World) -> None:
    with pytest.raises(MissingInput) as caught:
        world.connect()
    assert [(missing.flag, missing.choices) for missing in caught.value.missing] == [
        ("--api-key-stdin", None), ("--block", None), ("--bank-account", None),
    ]  # fmt: skip
    for way in ("--api-key-stdin", "--api-key-file", "BOKKO_BILLINGO_API_KEY"):
        assert way in caught.value.message
    assert world.provider.opened == []


def test_active_other_provider_needs_yes_where_nobody_can_be_asked(world: World) -> None:
    make_szamlazz_active(world)
    world.standard_input = KEY
    with pytest.raises(MissingInput) as caught:
        world.connect(options=BY_STDIN)
    assert [missing.flag for missing in caught.value.missing] == ["--yes"]
    assert tomllib.loads(world.settings.read_text())["active_provider"] == "szamlazz"
    assert world.connect(options=Options(CHOSEN, api_key_stdin=True, yes=True)) == ExitCode.DONE
    assert tomllib.loads(world.settings.read_text())["active_provider"] == "billingo"


@pytest.mark.parametrize("flag", ["document_block", "bank_account"])
def test_flag_that_fits_nothing_saves_nothing(world: World, flag: str) -> None:
    world.standard_input = KEY
    with pytest.raises(InvalidValue, match="is not in this account"):
        world.connect(options=Options(CHOSEN | {flag: "99999"}, api_key_stdin=True))
    assert not world.settings.exists()
