"""Many profiles in one table: what stands in a row, and that nothing in it is broken in two."""

import re
from pathlib import Path

import pytest

from bokko_cli.errors import BokkoError, KeyRejected, SettingsUnreadable, StorageFailed
from bokko_cli.model.values import BankAccount, Block, Connection, Problem, Status, Unread
from bokko_cli.output.console import DrawnScreen
from bokko_cli.output.hungarian import in_hungarian
from bokko_cli.output.language import Language, in_english
from bokko_cli.output.overview import connection_rows
from bokko_cli.output.people import People
from bokko_cli.providers.billingo.fields import SPEC
from bokko_cli.providers.tables import SPECS
from tests.unit.screens import FakeScreen
from tests.unit.test_readiness import WELL, having

RENAMED = Problem("block_renamed", "warning", "It has another name.", "Look.")
INCAPABLE = Problem("not_invoice_capable", "error", "It may not invoice.", "Change it.")
REJECTED = Problem("key_rejected", "error", "The key was refused.", "Connect again.")
LONG = having(
    document_block=Block(1, "Webshop and everything that is sold in the street", "WEB"),
    bank_account=BankAccount(2, "OTP Bank, the account in forints", "11773016-11111018", "HUF"),
)
MOMENT = {"en": "2026-11-22 21:57", "hu": "2026. 11. 22. 21:57"}


def status(connection: Connection = WELL, *problems: Problem, profile: str = "shop") -> Status:
    return Status("billingo", profile, "billingo", connection, "attention" if problems else "ready", None, problems)


@pytest.mark.parametrize(
    ("problems", "first"),
    [
        ((), ""),
        ((RENAMED,), "the document block was renamed"),
        ((RENAMED, INCAPABLE), "not invoice capable"),
        ((RENAMED, INCAPABLE, REJECTED), "the key was refused"),
    ],
)
def test_row_names_the_problem_that_the_panel_would(problems: tuple[Problem, ...], first: str) -> None:
    (row,) = connection_rows([status(WELL, *problems)], SPEC)
    assert row["Worst problem"] == first


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (SettingsUnreadable("Line 3 is wrong."), "the settings cannot be read"),
        (KeyRejected("It was refused."), "the key was refused"),
        (StorageFailed("It failed."), "storage_failed"),
    ],
)
def test_row_of_a_profile_that_nothing_is_known_of_says_why_in_few_words(error: BokkoError, words: str) -> None:
    (row,) = connection_rows([Unread("zoo", error, Path("zoo.toml"))], SPEC)
    assert (row["State"], row["Worst problem"]) == ("not known", words)


@pytest.mark.usefixtures("bokko")  # for its zone
@pytest.mark.parametrize("language", ["en", "hu"])
@pytest.mark.parametrize("columns", [60, 80, 100])
@pytest.mark.parametrize("connection", [WELL, LONG], ids=["short names", "long names"])
def test_date_and_time_stand_on_one_line(
    monkeypatch: pytest.MonkeyPatch, language: Language, columns: int, connection: Connection
) -> None:
    monkeypatch.setenv("COLUMNS", str(columns))
    monkeypatch.setenv("NO_COLOR", "1")
    out, err = FakeScreen(), FakeScreen()
    seen: list[Status | Unread] = [
        status(connection, profile="a-profile-of-thirty-two-letters-"),
        status(connection, INCAPABLE, RENAMED),
        Unread("zoo", SettingsUnreadable("It cannot be read."), Path("zoo.toml")),
    ]
    People(out, err, SPECS, DrawnScreen, {"en": in_english, "hu": in_hungarian}[language]).show_connections(seen, SPEC)
    drawn = out.getvalue()
    assert drawn.count(MOMENT[language]) == 2
    assert len(re.findall(r"\b2026\b", drawn)) == 2
    assert max(map(len, drawn.splitlines())) <= columns
