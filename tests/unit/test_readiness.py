"""What is wrong with a connection by what is stored of it: each problem, and what it takes not to be raised."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta

import pytest

from bokko_cli.model.readiness.state import worst
from bokko_cli.model.readiness.stored_problems import offline_problems
from bokko_cli.model.values import BankAccount, Block, Connection, KeyPlace, Organization, Problem, Rehearsal, Value
from bokko_cli.providers.billingo.fields import SPEC

NOW = datetime(2026, 11, 22, 21, 57, 40, tzinfo=UTC)
TODAY = NOW.date()
SETTINGS: Mapping[str, Value] = {
    "document_block": Block(40101, "Webshop", "WEB"),
    "bank_account": BankAccount(7001, "OTP HUF", "11773016-11111018-00000000", "HUF"),
    "default_vat_rate": "27%",
    "default_payment_method": "bank_transfer",
    "tax_number": "13421739-2-41",
    "invoice_capable": True,
    "accepts_business_clients": True,
}
WELL = Connection(
    NOW, NOW, SPEC.endpoint, "13421739-2-41", "draft_review", SETTINGS,
    KeyPlace("keyring", "a", "0002", can_write=True),
    date(2027, 12, 31), subscription_has_plan=True,
)  # fmt: skip


def found(connection: Connection, today: date = TODAY) -> list[tuple[str, str]]:
    return [(problem.code, problem.level) for problem in offline_problems(SPEC, connection, None, today)]


def having(**settings: Value) -> Connection:
    return WELL._replace(settings={**SETTINGS, **settings})


def test_nothing_is_wrong_with_a_whole_setup() -> None:
    assert found(WELL) == []


@pytest.mark.parametrize(("can_write", "codes"), [(False, [("read_only_key", "error")]), (None, []), (True, [])])
def test_only_a_key_known_to_read_only_is_a_problem(can_write: bool | None, codes: list[tuple[str, str]]) -> None:
    assert found(WELL._replace(key=WELL.key._replace(can_write=can_write))) == codes


@pytest.mark.parametrize(
    ("own", "differs"),
    [
        ("13421739-2-41", False),
        ("13421739241", False),
        ("HU13421739", False),
        ("13421739", False),
        ("10773381-2-44", True),
        ("HU10773381", True),
        ("13421739-2-43", True),
        (None, False),
        ("", False),
    ],
)
def test_tax_number_of_another_firm_is_pointed_out(own: str | None, differs: bool) -> None:
    assert found(WELL._replace(account_tax_code=own)) == ([("tax_number_differs", "warning")] if differs else [])


def test_no_tax_number_differs_from_none() -> None:
    assert found(having(tax_number=None, default_vat_rate="0%")) == []


@pytest.mark.parametrize(
    ("digit", "rate", "is_doubtful"),
    [
        ("1", "27%", True),
        ("1", "0%", False),
        ("2", "27%", False),
        ("2", "0%", True),
        ("3", "27%", True),
        ("3", "0%", True),
        ("4", "27%", False),
        ("4", "0%", True),
        ("5", "27%", False),
        ("5", "0%", True),
    ],
)
def test_vat_digit_that_contradicts_the_rate_is_doubted(digit: str, rate: str, is_doubtful: bool) -> None:
    number = f"13421739-{digit}-41"
    setup = having(tax_number=number, default_vat_rate=rate)._replace(account_tax_code=number)
    assert found(setup) == ([("vat_rate_doubtful", "warning")] if is_doubtful else [])


@pytest.mark.parametrize(("currency", "is_foreign"), [("HUF", False), ("EUR", True), ("", False), (None, False)])
def test_account_in_another_currency_is_pointed_out(currency: str | None, is_foreign: bool) -> None:
    setup = having(bank_account=BankAccount(7002, "Erste", "11600006", currency))
    assert found(setup) == ([("foreign_currency_account", "warning")] if is_foreign else [])


@pytest.mark.parametrize(
    ("days", "words"), [(31, ""), (30, "ends on 2026-12-22"), (0, "ends on 2026-11-22"), (-1, "ended on 2026-11-21")]
)
def test_subscription_that_ends_soon_is_told_by_the_stored_date(days: int, words: str) -> None:
    setup = WELL._replace(subscription_until=TODAY + timedelta(days=days))
    problems = offline_problems(SPEC, setup, None, TODAY)
    assert [problem.code for problem in problems] == (["subscription_expiring"] if words else [])
    assert all(words in problem.message for problem in problems)


@pytest.mark.parametrize(
    ("rehearsal", "has_plan", "codes"),
    [
        (None, False, ["drafts_may_be_missing"]),
        (None, None, []),
        (None, True, []),
        (Rehearsal(NOW, "passed"), False, []),
        (Rehearsal(NOW, "failed", "drafts_not_in_plan"), False, ["drafts_not_in_plan"]),
        (Rehearsal(NOW, "failed", "settings_refused"), True, ["rehearsal_failed"]),
        (Rehearsal(NOW, "failed", "read_only_key"), True, ["rehearsal_failed"]),
    ],
)
def test_rehearsal_is_remembered_and_silences_the_forecast(
    rehearsal: Rehearsal | None, has_plan: bool | None, codes: list[str]
) -> None:
    setup = WELL._replace(rehearsal=rehearsal, subscription_has_plan=has_plan)
    assert [code for code, _ in found(setup)] == codes


@pytest.mark.parametrize(
    ("code", "command"),
    [
        ("key_rejected", "connect"),
        ("read_only_key", "connect"),
        ("settings_refused", "configure"),
        ("draft_differs", "rehearse"),
        ("write_refused", "rehearse"),
        ("clean_up_failed", "rehearse"),
        (None, "rehearse"),
    ],
)
def test_failed_rehearsal_leads_to_what_it_failed_of(code: str | None, command: str) -> None:
    setup = WELL._replace(rehearsal=Rehearsal(NOW, "failed", code))
    (problem,) = offline_problems(SPEC, setup, None, TODAY)
    assert problem.fix == f"bokko billingo {command}"


def test_what_has_to_be_done_at_the_provider_ends_with_the_command_that_clears_the_problem() -> None:
    setup = WELL._replace(rehearsal=Rehearsal(NOW, "failed", "drafts_not_in_plan"))
    (no_drafts,) = offline_problems(SPEC, setup, None, TODAY)
    assert no_drafts.fix.endswith("Then rehearse again: bokko billingo rehearse")
    (read_only,) = offline_problems(SPEC, WELL._replace(key=WELL.key._replace(can_write=False)), None, TODAY)
    assert read_only.fix.endswith("Then connect with it: bokko billingo connect")


def test_key_that_may_only_read_is_told_once() -> None:
    key = WELL.key._replace(can_write=False)
    setup = WELL._replace(rehearsal=Rehearsal(NOW, "failed", "read_only_key"), key=key)
    assert [code for code, _ in found(setup)] == ["read_only_key"]


def test_news_of_the_subscription_take_the_place_of_what_was_known() -> None:
    renewed = WELL.with_news(Organization(subscription_until=date(2030, 1, 1), has_plan=False))
    assert (renewed.subscription_until, renewed.subscription_has_plan) == (date(2030, 1, 1), False)
    assert WELL.with_news(Organization()) == WELL


def test_worst_problem_is_a_refusal_then_an_error_then_a_warning() -> None:
    warning, error, refusal = (
        Problem("block_renamed", "warning", "", ""), Problem("block_missing", "error", "", ""),
        Problem("key_rejected", "error", "", ""),
    )  # fmt: skip
    assert worst([warning, error, refusal]) == refusal
    assert worst([warning, error]) == error
    assert worst([warning]) == warning
    assert worst([]) is None
