"""`connect`, conversation and effect, against a provider and stores in memory."""

import tomllib
from datetime import date
from pathlib import Path
from typing import TypeVar

import pytest

from bokko_cli.commands.connect import Options, run
from bokko_cli.errors import (
    BokkoError,
    Cancelled,
    EndpointRefused,
    ExitCode,
    InvalidValue,
    KeyMalformed,
    KeyRejected,
    KeyringLocked,
    MissingInput,
    NoApiAccess,
    Unreachable,
)
from bokko_cli.model.values import Organization
from bokko_cli.prompter.question import Back, Pick
from tests.fakes import BACK, BOLT, CHOSEN, ENTER, ERSTE, KEY, NOW, OTP, WEBSHOP, Person, World

T = TypeVar("T")
QUESTIONS = (
    ("Document block", "Webshop"),
    ("Bank account", "OTP HUF"),
    ("Default VAT rate", ENTER),
    ("Default payment method", ENTER),
    ("Tax number", "13421739-2-41"),
    ("Invoice capable", ENTER),
    ("Accepts business clients", ENTER),
)

pytestmark = pytest.mark.usefixtures("each_way_of_asking")
YES = ("Save this?", True)
BY_STDIN = Options(CHOSEN, api_key_stdin=True)
ANOTHER = Organization("10773381-2-44")


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path / "settings")


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


def test_back_returns_one_question_with_the_answer_kept(world: World) -> None:
    script = (
        ("API key", KEY),
        ("Document block", "Bolt"),
        ("Bank account", BACK),
        ("Document block", ENTER),
        ("Bank account", "Erste EUR"),
        ("Default VAT rate", "0%"),
        ("Default payment method", BACK),
        ("Default VAT rate", ENTER),
        ("Default payment method", ENTER),
        ("Tax number", ""),
        ("Invoice capable", False),
        ("Accepts business clients", BACK),
        ("Invoice capable", ENTER),
        ("Accepts business clients", ENTER),
        ("Save this?", BACK),
        ("Accepts business clients", False),
        YES,
    )
    assert world.connect(*script) == ExitCode.DONE
    connection = world.status.connection
    assert connection
    assert list(connection.settings.values()) == [BOLT, ERSTE, "0%", "bank_transfer", None, False, False]


def test_back_at_the_first_list_returns_to_the_key_and_blank_keeps_it(world: World) -> None:
    script = (("API key", KEY), ("Document block", BACK), ("API key", ""), *QUESTIONS, YES)
    assert world.connect(*script) == ExitCode.DONE
    assert len(world.provider.opened) == 1


def test_answers_are_kept_while_another_key_is_typed(world: World) -> None:
    script = (
        ("API key", KEY),
        ("Document block", "Bolt"),
        ("Bank account", BACK),
        ("Document block", BACK),
        ("API key", f" {KEY}\n"),
        ("Document block", ENTER),
        *QUESTIONS[1:],
        YES,
    )
    assert world.connect(*script) == ExitCode.DONE
    assert world.status.connection
    assert world.status.connection.settings["document_block"] == BOLT
    assert world.said().count("accepted the key") == 2


def test_back_at_the_review_returns_to_the_key_where_everything_else_was_given(world: World) -> None:
    settings = {
        **CHOSEN, "default_vat_rate": "0", "default_payment_method": "cash", "tax_number": False,
        "invoice_capable": True, "accepts_business_clients": True,
    }  # fmt: skip
    script = (("API key", KEY), ("Save this?", BACK), ("API key", ""), YES)
    assert world.connect(*script, options=Options(settings)) == ExitCode.DONE


def test_refusals_before_and_after_going_back_are_counted_apart(world: World) -> None:
    wrong = (("API key", "wrong-1"), ("API key", "wrong-2"))
    script = (*wrong, ("API key", KEY), ("Document block", BACK), *wrong, ("API key", KEY), *QUESTIONS, YES)
    assert world.connect(*script) == ExitCode.DONE


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
    assert world.said().count("Document block: this account has none to choose.") == 2
    assert [key for _, key in world.provider.opened] == [KEY] * 3


def test_leaving_an_account_without_a_bank_account_is_what_is_missing(world: World) -> None:
    world.provider.choices["bank_account"] = ()
    with pytest.raises(MissingInput, match="Bank account: this account has none to choose"):
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


def test_back_at_an_outage_is_another_key_and_leaves_where_there_is_none(world: World) -> None:
    world.provider.outages = [Unreachable("down")]
    script = (("API key", "other"), ("What do you want to do?", BACK), ("API key", KEY), *QUESTIONS, YES)
    assert world.connect(*script) == ExitCode.DONE
    world.provider.outages = [Unreachable("down")]
    world.environ["BOKKO_BILLINGO_API_KEY"] = KEY
    with pytest.raises(Cancelled):
        world.connect(("What do you want to do?", BACK))


def test_leaving_an_outage_raises_it(world: World) -> None:
    world.provider.outages = [Unreachable("down")]
    with pytest.raises(Unreachable):
        world.connect(("API key", KEY), ("What do you want to do?", "Leave without changing anything"))


def test_back_at_the_key_leaves_with_nothing_changed(world: World) -> None:
    with pytest.raises(Cancelled, match=r"Nothing was changed\."):
        world.connect(("API key", BACK))
    assert not world.settings.exists()


def test_no_at_the_review_leaves_with_nothing_changed(world: World) -> None:
    with pytest.raises(Cancelled, match=r"Nothing was changed\."):
        world.connect(("API key", KEY), *QUESTIONS, ("Save this?", False))
    assert not world.settings.exists()
    assert world.secrets["keyring"].kept == {}


def test_rejected_key_is_not_stored_and_a_right_one_after_it_is(world: World) -> None:
    assert world.connect(("API key", "wrong-key"), ("API key", KEY), *QUESTIONS, YES) == ExitCode.DONE
    assert world.secrets["keyring"].kept == {"a": KEY}
    assert "Error: Billingo refused this key." in world.said()
    assert world.said().count("Create a key at") == 1


def test_third_refusal_ends_the_command(world: World) -> None:
    with pytest.raises(KeyRejected):
        world.connect(("API key", "wrong-1"), ("API key", "wrong-2"), ("API key", "wrong-3"))
    assert not world.settings.exists()


def test_malformed_keys_are_asked_again_and_cost_no_try(world: World) -> None:
    malformed = [("API key", text) for text in ("", "two words", "é" * 36, "x" * 600, "a\x07b")]
    script = (*malformed, ("API key", "wrong-1"), ("API key", "wrong-2"), ("API key", KEY), *QUESTIONS, YES)
    assert world.connect(*script) == ExitCode.DONE
    assert [key for _, key in world.provider.opened] == ["wrong-1", "wrong-2", KEY]


def test_outage_is_tried_again_without_typing_the_key_anew(world: World) -> None:
    world.provider.outages = [Unreachable("down"), Unreachable("down")]
    again = ("What do you want to do?", "Try again")
    assert world.connect(("API key", KEY), again, again, *QUESTIONS, YES) == ExitCode.DONE
    assert [key for _, key in world.provider.opened] == [KEY] * 3


def test_another_key_may_be_typed_in_an_outage(world: World) -> None:
    world.provider.outages = [Unreachable("down")]
    script = (("API key", "other"), ("What do you want to do?", "Type another key"), ("API key", KEY), *QUESTIONS, YES)
    assert world.connect(*script) == ExitCode.DONE


def test_given_key_may_be_tried_again_but_not_replaced(world: World) -> None:
    world.provider.outages = [Unreachable("down")]
    world.environ["BOKKO_BILLINGO_API_KEY"] = KEY
    assert world.connect(("What do you want to do?", "Try again"), *QUESTIONS, YES) == ExitCode.DONE


def test_outage_without_a_person_is_unreachable_at_once(world: World) -> None:
    world.provider.outages = [Unreachable("down")]
    world.standard_input = KEY
    with pytest.raises(Unreachable):
        world.connect(options=BY_STDIN)
    assert not world.settings.exists()


def test_refusal_weighs_more_than_silence(world: World) -> None:
    world.standard_input = KEY
    world.provider.failing = {"organization": Unreachable("down"), "bank_account": NoApiAccess("no access")}
    with pytest.raises(NoApiAccess):
        world.connect(options=BY_STDIN)


@pytest.mark.parametrize("part", ["organization", "document_block", "bank_account"])
def test_one_failing_part_saves_nothing(world: World, part: str) -> None:
    world.standard_input = KEY
    world.provider.failing = {part: Unreachable("down")}
    with pytest.raises(Unreachable):
        world.connect(options=BY_STDIN)
    assert not world.settings.exists()


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
        "https://app.billingo.hu/n/document-block/list), then run the command again.\n"
        "Add a bank account in Billingo (Bankszámlaszámok → Bankszámlaszám hozzáadás, "
        "https://app.billingo.hu/n/bank-account/list), then run the command again."
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
    _write(world, 'schema = 1\nactive_provider = "szamlazz"\n[szamlazz]\n')
    world.standard_input = KEY
    with pytest.raises(MissingInput) as caught:
        world.connect(options=BY_STDIN)
    assert [missing.flag for missing in caught.value.missing] == ["--yes"]
    assert tomllib.loads(world.settings.read_text())["active_provider"] == "szamlazz"
    assert world.connect(options=Options(CHOSEN, api_key_stdin=True, yes=True)) == ExitCode.DONE
    assert tomllib.loads(world.settings.read_text())["active_provider"] == "billingo"


def test_active_other_provider_is_named_before_the_first_question_and_at_the_last(world: World) -> None:
    _write(world, 'schema = 1\nactive_provider = "szamlazz"\n[szamlazz]\n')
    with pytest.raises(Cancelled):
        world.connect(("API key", BACK))
    assert world.output.told[0].startswith("Warning: ")
    assert "is the active provider. Connecting Billingo will deactivate it" in world.output.told[0]


def test_yes_skips_the_review(world: World) -> None:
    assert world.connect(("API key", KEY), *QUESTIONS, options=Options({}, yes=True)) == ExitCode.DONE


@pytest.mark.parametrize("flag", ["document_block", "bank_account"])
def test_flag_that_fits_nothing_saves_nothing(world: World, flag: str) -> None:
    world.standard_input = KEY
    with pytest.raises(InvalidValue, match="is not in this account"):
        world.connect(options=Options(CHOSEN | {flag: "99999"}, api_key_stdin=True))
    assert not world.settings.exists()


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


def test_key_storage_file_keeps_the_key_there_and_warns(world: World) -> None:
    world.standard_input = KEY
    assert world.connect(options=Options(CHOSEN, api_key_stdin=True, key_storage="file")) == ExitCode.DONE
    assert world.secrets["file"].kept == {"a": KEY}
    assert world.secrets["keyring"].kept == {}
    assert any("plain text" in line for line in world.output.told)


def test_key_storage_env_keeps_nothing_and_needs_the_variable(world: World) -> None:
    options = Options(CHOSEN, api_key_stdin=True, key_storage="env")
    world.standard_input = KEY
    with pytest.raises(InvalidValue, match="needs BOKKO_BILLINGO_API_KEY to be set"):
        world.connect(options=options)
    world.environ["BOKKO_BILLINGO_API_KEY"] = "another-key"
    with pytest.raises(InvalidValue, match="must hold the key that was verified"):
        world.connect(options=options)
    assert not world.settings.exists()
    world.environ["BOKKO_BILLINGO_API_KEY"] = KEY
    assert world.connect(options=options) == ExitCode.DONE
    assert world.secrets["keyring"].kept == world.secrets["file"].kept == {}
    assert tomllib.loads(world.settings.read_text("utf-8"))["billingo"]["api_key"] == {"storage": "env", "hint": "0002"}


def test_unknown_key_storage_is_refused(world: World) -> None:
    with pytest.raises(InvalidValue, match="must be one of: keyring, file, env"):
        world.connect(options=Options({}, key_storage="cloud"))


def test_locked_keyring_is_found_out_before_the_key_is_asked_for(world: World) -> None:
    world.secrets["keyring"].failure = KeyringLocked("locked")
    with pytest.raises(KeyringLocked):  # and not MissingInput
        world.connect()
    assert world.provider.opened == []


def test_flags_come_before_the_variable_which_comes_before_the_prompt(world: World, tmp_path: Path) -> None:
    world.environ["BOKKO_BILLINGO_API_KEY"] = KEY
    world.standard_input = "from-standard-input"
    file = tmp_path / "key"
    file.write_text("from-the-file\nsecond line\n")
    for options in (Options(CHOSEN, api_key_stdin=True), Options(CHOSEN, api_key_file=str(file))):
        with pytest.raises(KeyRejected):
            world.connect(options=options)
    assert world.connect(options=Options(CHOSEN)) == ExitCode.DONE
    assert [key for _, key in world.provider.opened] == ["from-standard-input", "from-the-file", KEY]
    assert [line for line in world.output.told if line.startswith("Using")] == [
        "Using the key from standard input.",
        f"Using the key from the file {file}.",
        "Using the key from BOKKO_BILLINGO_API_KEY.",
    ]


def test_both_key_flags_at_once_are_refused(world: World) -> None:
    with pytest.raises(InvalidValue, match="cannot be used together"):
        world.connect(options=Options({}, api_key_stdin=True, api_key_file="x"))


def test_key_as_an_argument_is_answered_with_the_three_ways(world: World) -> None:
    with pytest.raises(InvalidValue, match="--api-key does not exist") as caught:
        world.connect(options=Options({}, api_key=KEY))
    assert KEY not in str(caught.value)
    for way in ("--api-key-stdin", "--api-key-file PATH", "BOKKO_BILLINGO_API_KEY"):
        assert way in caught.value.fix


@pytest.mark.parametrize("text", ["", "\n", "  ", "\ufeff", "''", "\u200b"])
def test_empty_standard_input_is_a_wrong_value(world: World, text: str) -> None:
    world.standard_input = text
    with pytest.raises(KeyMalformed, match="From standard input: The key is empty") as caught:
        world.connect(options=BY_STDIN)
    assert caught.value.exit_code == ExitCode.USAGE


@pytest.mark.parametrize("name", ["missing", "folder", "nul\0"])
def test_unreadable_key_file_is_a_wrong_value(world: World, tmp_path: Path, name: str) -> None:
    (tmp_path / "folder").mkdir()
    with pytest.raises(InvalidValue, match="cannot be read") as caught:
        world.connect(options=Options({}, api_key_file=str(tmp_path / name) if name != "" else ""))
    assert caught.value.exit_code == ExitCode.USAGE


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_key_file_may_come_from_any_editor(world: World, tmp_path: Path, encoding: str) -> None:
    file = tmp_path / "key"
    file.write_bytes(f"{KEY}\r\nsecond".encode(encoding))
    assert world.connect(options=Options(CHOSEN, api_key_file=str(file))) == ExitCode.DONE
    assert world.secrets["keyring"].kept == {"a": KEY}


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
    with pytest.raises(MissingInput, match="The stored one, Bolt, is no longer in this account") as caught:
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


def test_sandbox_key_is_never_sent_beyond_this_machine(world: World) -> None:
    world.standard_input = "sandbox-ready"
    with pytest.raises(EndpointRefused) as caught:
        world.connect(options=BY_STDIN)
    assert "--sandbox" in caught.value.fix
    assert world.provider.opened == []


def test_sandbox_offers_its_key_and_keeps_it_in_the_file(world: World) -> None:
    world.is_sandbox = True
    world.provider.key = "sandbox-ready"
    world.environ = {"BOKKO_BILLINGO_API_KEY": KEY, "BOKKO_BILLINGO_URL": "https://elsewhere.example"}
    assert world.connect(("API key", ""), *QUESTIONS, YES) == ExitCode.DONE
    assert world.provider.opened == [("http://127.0.0.1:1/v3", "sandbox-ready")]
    assert world.secrets["file"].kept == {"a": "sandbox-ready"}
    assert world.secrets["keyring"].kept == {}
    assert "plain text" not in world.said()
    assert "https://app.billingo.hu" not in world.said()
    assert "press Enter for the key sandbox-ready" in world.said()


def test_sandbox_has_no_keyring_to_offer(world: World) -> None:
    world.is_sandbox = True
    with pytest.raises(InvalidValue, match="never touches the keyring"):
        world.connect(options=Options({}, key_storage="keyring"))


@pytest.mark.parametrize("error", [KeyRejected("no"), Unreachable("down")])
def test_failed_reconnect_leaves_the_old_connection(world: World, error: BokkoError) -> None:
    world.connected()
    before = world.settings.read_bytes()
    world.provider.outages = [error]
    world.standard_input = KEY
    with pytest.raises(BokkoError):
        world.connect(options=BY_STDIN)
    assert world.settings.read_bytes() == before
    assert world.secrets["keyring"].kept == {"a": KEY}


def _write(world: World, text: str) -> None:
    world.folder.mkdir()
    world.settings.write_text(text, "utf-8")
