"""A second run: what is there is named, a blank line keeps the key, the review tells old from new."""

from datetime import date, timedelta
from pathlib import Path

import pytest

from bokko_cli.commands.connect import Options
from bokko_cli.errors import (
    Cancelled,
    ExitCode,
    InvalidValue,
    KeyringLocked,
    KeyringUnavailable,
    MissingInput,
    Unreachable,
)
from bokko_cli.model.values import Organization
from tests.fakes import ALL_MARKED, BACK, BOLT, ENTER, ERSTE, KEY, NOW, OTP, WEBSHOP, World

pytestmark = pytest.mark.usefixtures("each_way_of_asking")
YES = ("Save this?", True)
NO = ("Save this?", False)
BLANK = ("API key", "")
OTHER_KEY = "63faa428-9044-11ea-8ed0-0242ac129999"


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path / "settings").connected()


def _answers(world: World) -> list[object]:
    return list(world.stored_connection().settings.values())


def test_connection_that_is_there_is_named_before_the_first_question(world: World) -> None:
    with pytest.raises(Cancelled):
        world.connect(("API key", BACK))
    assert world.output.told[:2] == [
        f"Billingo has been connected since {NOW} and is the active provider.",
        "Its API key ends in 0002.",
    ]


def test_connection_that_is_not_active_is_named_so(world: World) -> None:
    text = world.settings.read_text("utf-8").replace('active_provider = "billingo"', 'active_provider = "szamlazz"')
    world.settings.write_text(text, "utf-8")
    with pytest.raises(Cancelled):
        world.connect(("API key", BACK))
    assert "is the active provider" in world.output.told[0]
    assert world.output.told[1] == f"Billingo has been connected since {NOW} but is not the active provider."


def test_configure_names_the_connection_too(world: World) -> None:
    with pytest.raises(Cancelled):
        world.configure(("Document block", BACK))
    assert world.output.told[0].startswith("Billingo has been connected since")


def test_first_connect_names_none(tmp_path: Path) -> None:
    fresh = World(tmp_path / "fresh")
    with pytest.raises(Cancelled):
        fresh.connect(("API key", BACK))
    assert "has been connected" not in fresh.said()


def test_blank_line_keeps_the_stored_key_which_is_verified(world: World) -> None:
    assert world.connect(BLANK, *ALL_MARKED, YES) == ExitCode.DONE
    assert world.provider.opened == [("https://api.billingo.hu/v3", KEY)]
    assert world.secrets["keyring"].kept == {"b": KEY}
    assert "Nothing has changed from what is stored." in world.output.told


def test_stored_key_that_was_revoked_is_refused_and_another_one_asked_for(world: World) -> None:
    world.provider.key = OTHER_KEY
    assert world.connect(BLANK, ("API key", OTHER_KEY), *ALL_MARKED, YES) == ExitCode.DONE
    assert world.secrets["keyring"].kept == {"b": OTHER_KEY}


def test_stored_key_that_cannot_be_read_is_wanted_anew_and_the_question_says_why(world: World) -> None:
    world.secrets["keyring"].kept.clear()
    script = (BLANK, ("API key", KEY), *ALL_MARKED, YES)
    assert world.connect(*script) == ExitCode.DONE
    assert "The stored key cannot be used. The stored API key is gone from the keyring." in world.said()
    assert "Error: The key is empty" in world.said()


def test_stored_key_is_not_offered_to_another_address(world: World) -> None:
    world.environ["BOKKO_BILLINGO_URL"] = "https://elsewhere.example/v3"
    assert world.connect(BLANK, ("API key", KEY), *ALL_MARKED, YES) == ExitCode.DONE
    assert "it belongs to https://api.billingo.hu/v3, and this is https://elsewhere.example/v3." in world.said()
    assert world.provider.opened == [("https://elsewhere.example/v3", KEY)]


def test_stored_key_is_not_used_where_nobody_is_asked(world: World) -> None:
    with pytest.raises(MissingInput) as caught:
        world.connect()
    assert [missing.flag for missing in caught.value.missing] == ["--api-key-stdin"]


@pytest.mark.parametrize("storage", ["file", "env"])
def test_key_stays_where_it_is_unless_the_flag_says_otherwise(world: World, storage: str) -> None:
    world.environ["BOKKO_BILLINGO_API_KEY"] = KEY
    world.connect(options=Options({}, key_storage=storage))
    assert world.connect(options=Options({})) == ExitCode.DONE
    assert world.stored_connection().key.storage == storage
    assert world.connect(options=Options({}, key_storage="keyring")) == ExitCode.DONE
    assert world.stored_connection().key.storage == "keyring"


def test_variable_that_held_the_key_and_is_gone_leads_to_the_question_where_to_keep_it(world: World) -> None:
    world.environ["BOKKO_BILLINGO_API_KEY"] = KEY
    world.connect(options=Options({}, key_storage="env"))
    world.environ.clear()
    with pytest.raises(InvalidValue, match="needs BOKKO_BILLINGO_API_KEY to be set") as caught:
        world.connect()
    assert "--key-storage keyring" in caught.value.fix
    script = (("Where to keep the key", "In the keyring"), BLANK, ("API key", KEY), *ALL_MARKED, YES)
    assert world.connect(*script) == ExitCode.DONE
    assert world.stored_connection().key.storage == "keyring"


def test_review_shows_old_and_new_of_what_changes_and_of_nothing_else(world: World) -> None:
    script = [("Document block", "Bolt"), *ALL_MARKED[1:5], ("Invoice capable", False), ALL_MARKED[6], NO]
    with pytest.raises(Cancelled):
        world.configure(*script)
    review = world.output.told[-1].splitlines()
    assert [line for line in review if "→" in line] == [
        "  Document block            Webshop · WEB · id 40101 → Bolt · B · id 40102",
        "  Invoice capable           yes → no",
    ]
    assert review[-1] == "  Problem                   Invoice capable is set to no for this connection."
    assert "Nothing has changed" not in world.said()


def test_review_shows_another_key_and_another_place(world: World) -> None:
    world.provider.key = OTHER_KEY
    with pytest.raises(Cancelled):
        world.connect(("API key", OTHER_KEY), *ALL_MARKED, NO, options=Options({}, key_storage="file"))
    assert "  API key                   …0002 (keyring) → …9999 (file)" in world.output.told[-1].splitlines()


def test_review_of_another_organisation_shows_what_was_chosen_there(world: World) -> None:
    world.configure(tax_number="13421739-2-41")
    world.provider.organization = Organization("10773381-2-44")
    with pytest.raises(Cancelled):
        world.connect(BLANK, ("Document block", "Bolt"), *ALL_MARKED[1:], NO)
    assert "  Tax number                13421739-2-41 → 10773381-2-44" in world.output.told[-1].splitlines()


def test_review_warns_of_what_the_setup_would_have(world: World) -> None:
    world.provider.organization = Organization("13421739-2-41", date(2026, 12, 1), has_nav_connection=False)
    script = [
        ALL_MARKED[0], ("Bank account", "Erste EUR"), ("Default VAT rate", "0%"), ALL_MARKED[3],
        ("Tax number", "10773381-2-44"), *ALL_MARKED[5:], NO,
    ]  # fmt: skip
    with pytest.raises(Cancelled):
        world.configure(*script)
    shown = " ".join(world.output.told[-1].split())
    for part in ("10773381-2-44", "EUR", "0%", "NAV", "2026-12-01"):
        assert part in shown.partition("Warning")[2], part


def test_any_answer_is_changed_by_choosing_its_row(world: World) -> None:
    script = (
        *ALL_MARKED,
        ("Save this?", "Change: Default VAT rate"),
        ("Default VAT rate", "0%"),
        ("Save this?", "Change: Document block"),
        ("Document block", BACK),
        ("Save this?", "Change: Bank account"),
        ("Bank account", "Erste EUR"),
        YES,
    )
    assert world.configure(*script) == ExitCode.DONE
    assert _answers(world)[:3] == [WEBSHOP, ERSTE, "0%"]


def test_what_a_flag_gave_is_changed_from_the_review_and_stays_so(world: World) -> None:
    script = (
        *ALL_MARKED[:2],
        *ALL_MARKED[3:],
        ("Save this?", "Change: Default VAT rate"),
        ("Default VAT rate", "27%"),
        ("Save this?", BACK),
        ("Accepts business clients", ENTER),
        YES,
    )
    assert world.connect(BLANK, *script, options=Options({"default_vat_rate": "0"})) == ExitCode.DONE
    assert _answers(world)[2] == "27%"


def test_only_row_has_a_row_in_the_review_too(world: World) -> None:
    world.provider.choices["document_block"] = (WEBSHOP,)
    script = (*ALL_MARKED[1:], ("Save this?", "Change: Document block"), ("Document block", ENTER), YES)
    assert world.configure(*script) == ExitCode.DONE


def test_key_is_changed_from_the_review_and_every_answer_is_kept(world: World) -> None:
    script = (
        BLANK,
        ("Document block", "Bolt"),
        *ALL_MARKED[1:],
        ("Save this?", "Change: API key"),
        ("API key", BACK),
        ("Save this?", "Change: API key"),
        ("API key", ""),
        ("Save this?", "Change: API key"),
        ("API key", KEY),
        *ALL_MARKED,
        YES,
    )
    assert world.connect(*script) == ExitCode.DONE
    assert _answers(world)[:2] == [BOLT, OTP]
    assert len(world.provider.opened) == 2


def test_configure_with_a_flag_asks_nothing_but_the_confirmation(world: World) -> None:
    assert world.configure(YES, default_vat_rate="0") == ExitCode.DONE
    assert _answers(world)[2] == "0%"
    assert world.configure(YES, document_block="B") == ExitCode.DONE
    assert _answers(world)[:3] == [BOLT, OTP, "0%"]


def test_configure_with_a_flag_asks_what_is_no_longer_there(world: World) -> None:
    world.provider.choices["bank_account"] = (ERSTE, ERSTE._replace(id=7003, name="Third"))
    assert world.configure(("Bank account", "Third"), YES, default_vat_rate="0") == ExitCode.DONE
    assert world.stored_connection().settings["default_vat_rate"] == "0%"


def test_configure_with_a_flag_asks_what_meant_another_organisation(world: World) -> None:
    world.configure(tax_number="13421739-2-41")
    world.provider.organization = Organization("10773381-2-44")
    script = (("Document block", "Bolt"), ("Bank account", "OTP HUF"), ("Tax number", ENTER), YES)
    assert world.configure(*script, default_vat_rate="0") == ExitCode.DONE
    assert _answers(world)[4] == "10773381-2-44"


def test_configure_with_the_stored_value_says_that_nothing_differs(world: World) -> None:
    world.now = NOW + timedelta(days=1)
    assert world.configure(default_vat_rate="27") == ExitCode.DONE
    assert "Nothing has changed from what is stored." in world.output.told


@pytest.mark.parametrize("failure", [KeyringUnavailable("no usable keyring"), KeyringLocked("locked")])
def test_without_a_usable_keyring_a_person_is_asked_where_else(tmp_path: Path, failure: KeyringUnavailable) -> None:
    world = World(tmp_path / "none")
    world.secrets["keyring"].failure = failure
    where = ("Where to keep the key", "In a file, as plain text")
    assert world.connect(where, ("API key", KEY), *ALL_MARKED, YES) == ExitCode.DONE
    assert world.secrets["file"].kept == {"a": KEY}


def test_keyring_is_tried_again_and_the_variable_needs_to_be_set(tmp_path: Path) -> None:
    world = World(tmp_path / "none")
    failure = KeyringUnavailable("no usable keyring")
    world.secrets["keyring"].failure = failure
    name = "Where to keep the key"
    variable = (name, "In BOKKO_BILLINGO_API_KEY only")
    script = ((name, "Try the keyring again"), variable, (name, "Leave without changing anything"))
    with pytest.raises(InvalidValue, match="needs BOKKO_BILLINGO_API_KEY to be set") as unset:
        world.connect(*script)
    assert "--key-storage file" in unset.value.fix, "the keyring has just failed"
    with pytest.raises(KeyringUnavailable) as caught:
        world.connect((name, "Leave without changing anything"))
    assert world.output.asked_about[-1] is caught.value
    with pytest.raises(Cancelled):
        world.connect((name, BACK))


def test_without_a_keyring_and_a_person_it_is_the_error(tmp_path: Path) -> None:
    world = World(tmp_path / "none")
    world.secrets["keyring"].failure = KeyringUnavailable("no usable keyring")
    world.standard_input = KEY
    with pytest.raises(KeyringUnavailable) as caught:
        world.connect(options=Options({}, api_key_stdin=True))
    assert caught.value.exit_code == ExitCode.STORAGE
    assert world.output.asked_about == []


def test_key_that_may_only_read_is_said_at_once_and_may_be_replaced(tmp_path: Path) -> None:
    world = World(tmp_path / "read-only")
    world.provider.can_write = False
    script = (
        ("API key", KEY),
        ("What do you want to do?", "Type another key"),
        ("API key", KEY),
        ("What do you want to do?", "Continue with this key"),
    )
    assert world.connect(*script, *ALL_MARKED, YES) == ExitCode.DONE
    assert world.said().count("This key can only read") >= 2
    assert world.stored_connection().key.can_write is False
    assert [problem.code for problem in world.status.problems] == ["read_only_key"]


def test_given_key_that_may_only_read_is_warned_of_before_the_first_question(tmp_path: Path) -> None:
    world = World(tmp_path / "read-only", environ={"BOKKO_BILLINGO_API_KEY": KEY})
    world.provider.can_write = False
    with pytest.raises(Cancelled):
        world.connect(("Document block", BACK))
    assert "Warning: This key can only read, so it cannot create invoices." in world.output.told


def test_error_that_is_left_was_told(world: World) -> None:
    world.provider.outages = [Unreachable("down")]
    with pytest.raises(Unreachable) as caught:
        world.configure(("What do you want to do?", "Leave without changing anything"))
    assert world.output.asked_about == [caught.value]
    world.provider.outages = [Unreachable("down")]
    with pytest.raises(Unreachable) as caught:
        world.configure()
    assert caught.value not in world.output.asked_about


def test_dry_run_says_before_the_first_question_that_nothing_is_saved(world: World) -> None:
    with pytest.raises(Cancelled):
        world.connect(("API key", BACK), options=Options({}, dry_run=True))
    assert world.output.told[0] == "This is a dry run: nothing will be saved."


def test_second_run_in_the_sandbox_does_not_say_that_enter_takes_another_key(tmp_path: Path) -> None:
    world = World(tmp_path / "sandbox", is_sandbox=True)
    world.provider.key = "sandbox-ready"
    assert world.connect(BLANK, *ALL_MARKED, YES) == ExitCode.DONE
    world.output.told.clear()
    assert world.connect(BLANK, *ALL_MARKED, YES) == ExitCode.DONE
    assert "Enter:" not in world.said()


@pytest.mark.parametrize("is_asked", [True, False])
def test_connect_tells_which_stored_settings_it_goes_on_without(world: World, is_asked: bool) -> None:
    text = world.settings.read_text("utf-8").replace('"27%"', '"18%"').replace("capable = true", 'capable = "ja"')
    world.settings.write_text(text, "utf-8")
    world.standard_input = KEY
    if is_asked:
        world.connect(BLANK, *ALL_MARKED, YES)
    else:
        world.connect(options=Options({"document_block": "40101", "bank_account": "7001"}, api_key_stdin=True))
    (warning,) = [told for told in world.output.told if told.startswith("Warning: ")]
    assert 'default_vat_rate is "18%"' in warning
    assert 'invoice_capable is "ja"' in warning
    assert warning.endswith("Values that cannot be understood count as not set.")
    assert world.stored_connection().settings["default_vat_rate"] == "27%"


def test_connect_warns_of_nothing_where_all_is_understood(world: World) -> None:
    world.connect(BLANK, *ALL_MARKED, YES)
    assert "Warning" not in world.said()
