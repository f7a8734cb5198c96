"""What a setting means is said where it is asked first, and what is not set says what holds instead."""

import pytest

from bokko_cli.commands.connect import Options
from bokko_cli.errors import ExitCode
from bokko_cli.model.settings import put_together, words
from bokko_cli.providers.billingo.fields import SPEC as BILLINGO
from bokko_cli.providers.szamlazz.fields import SPEC as SZAMLAZZ
from tests.fakes import BACK, CHOSEN, ENTER, KEY, World

ASKED = [
    ("Document block", ENTER), ("Bank account", ENTER), ("Default VAT rate", ENTER), ("Default payment method", ENTER),
    ("Tax number", ENTER), ("Invoice capable", ENTER), ("Accepts business clients", ENTER), ("Save this?", True),
]  # fmt: skip
EXPLAINED = ["A document block is a number series", "Invoice capable means", "Invoice mode is draft review"]


def test_first_time_explains_each_thing_once(world: World) -> None:
    back = [("Document block", ENTER), ("Bank account", BACK)]
    assert world.connect(("API key", KEY), *back, *ASKED) == ExitCode.DONE
    assert [world.said().count(text) for text in EXPLAINED] == [1, 1, 1]


def test_second_time_explains_nothing(world: World) -> None:
    assert world.connected().connect(("API key", KEY), *ASKED) == ExitCode.DONE
    assert [text for text in EXPLAINED if text in world.said()] == []


def test_what_is_the_accounts_own_is_not_called_none() -> None:
    for name in ("invoice_prefix", "bank_account", "bank_name", "bank_account_number"):
        assert words(SZAMLAZZ.field(name), None) == "the account's own"
    assert words(SZAMLAZZ.field("tax_number"), None) == words(BILLINGO.field("tax_number"), None) == "none"


def test_account_without_a_number_is_the_accounts_own() -> None:
    answers = {field.name: field.default for field in SZAMLAZZ.questions}
    settings = put_together(SZAMLAZZ, answers)
    assert words(SZAMLAZZ.field("bank_account"), settings["bank_account"]) == "the account's own"


@pytest.mark.parametrize(
    ("settings", "code"),
    [
        ({"tax_number": "13421739-1-41"}, "vat_rate_doubtful"),
        ({"tax_number": "13421739-3-41", "default_vat_rate": "0"}, "vat_rate_doubtful"),
        ({"tax_number": "12345676-2-41"}, "tax_number_differs"),
        ({"bank_account": "7002"}, "foreign_currency_account"),
        ({"invoice_capable": False}, "not_invoice_capable"),
    ],
)
def test_review_says_what_the_panel_will_say(world: World, settings: dict[str, str | bool | None], code: str) -> None:
    world.standard_input = KEY
    given = {
        "default_vat_rate": "27", "default_payment_method": "card", "tax_number": False, "invoice_capable": True,
        "accepts_business_clients": True, **CHOSEN, **settings,
    }  # fmt: skip
    assert world.connect(("Save this?", True), options=Options(given, api_key_stdin=True)) == ExitCode.DONE
    problems = [problem for problem in world.status.problems if problem.code == code]
    assert problems
    shown = " ".join(world.said().split())
    for problem in world.status.problems:
        label = "Problem" if problem.level == "error" else "Warning"
        assert f"{label} {problem.message}" in shown


def _last_words(world: World, options: Options) -> str:
    world.standard_input = KEY
    assert world.connect(options=options) == ExitCode.DONE
    return world.output.told[-1]


def test_after_connect_the_next_thing_is_to_rehearse(world: World) -> None:
    last = _last_words(world, Options(CHOSEN, api_key_stdin=True))
    assert last == "Next: prove with a draft that invoicing will work: bokko billingo rehearse"


def test_after_connect_what_is_wrong_comes_first(world: World) -> None:
    last = _last_words(world, Options({**CHOSEN, "invoice_capable": False}, api_key_stdin=True))
    assert last == "Next: do what the panel says, then check again: bokko billingo status --check"


def test_where_nothing_can_be_rehearsed_the_next_thing_is_to_look(world: World) -> None:
    world.spec = BILLINGO._replace(rehearsal_module="")
    last = _last_words(world, Options(CHOSEN, api_key_stdin=True))
    assert last.endswith("bokko billingo status --check")


def test_nothing_comes_next_where_nothing_was_saved(world: World) -> None:
    assert "Next" not in _last_words(world, Options(CHOSEN, api_key_stdin=True, dry_run=True))
