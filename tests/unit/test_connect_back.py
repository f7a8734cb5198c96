"""`connect` going back: one question at a time, to the key, and out, with what was answered kept."""

import pytest

from bokko_cli.commands.connect import Options
from bokko_cli.errors import (
    Cancelled,
    ExitCode,
    Unreachable,
)
from tests.fakes import BACK, BOLT, CHOSEN, ENTER, ERSTE, KEY, World
from tests.unit.connecting import QUESTIONS, YES

pytestmark = pytest.mark.usefixtures("each_way_of_asking")


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


def test_back_at_an_outage_is_another_key_and_leaves_where_there_is_none(world: World) -> None:
    world.provider.outages = [Unreachable("down")]
    script = (("API key", "other"), ("What do you want to do?", BACK), ("API key", KEY), *QUESTIONS, YES)
    assert world.connect(*script) == ExitCode.DONE
    world.provider.outages = [Unreachable("down")]
    world.environ["BOKKO_BILLINGO_API_KEY"] = KEY
    with pytest.raises(Cancelled):
        world.connect(("What do you want to do?", BACK))


def test_back_at_the_key_leaves_with_nothing_changed(world: World) -> None:
    with pytest.raises(Cancelled, match=r"Nothing was changed\."):
        world.connect(("API key", BACK))
    assert not world.settings.exists()


def test_no_at_the_review_leaves_with_nothing_changed(world: World) -> None:
    with pytest.raises(Cancelled, match=r"Nothing was changed\."):
        world.connect(("API key", KEY), *QUESTIONS, ("Save this?", False))
    assert not world.settings.exists()
    assert world.secrets["keyring"].kept == {}
