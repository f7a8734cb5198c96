"""`status --check` says of each thing that it asked how that went, and how long it took; scripts read the document."""

from pathlib import Path

import pytest

from bokko_cli.commands.shared.survey_steps import checked_parts
from bokko_cli.errors import BokkoError, KeyRejected, NoPermission, UnexpectedAnswer, Unreachable
from bokko_cli.model.values import ORGANIZATION, Organization, Survey
from bokko_cli.output.base import StepResult
from bokko_cli.providers.billingo.fields import SPEC as BILLINGO
from bokko_cli.providers.szamlazz.fields import SPEC as SZAMLAZZ
from tests.fakes import BOLT, OTP, WEBSHOP, World
from tests.fakes import ORGANIZATION as ACCOUNT


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path / "settings").connected()


def _told(world: World) -> list[str]:
    world.check()
    return world.output.told


def test_each_thing_asked_has_its_line(world: World) -> None:
    assert _told(world) == ["Account: passed", "Document block: passed", "Bank account: passed"]


@pytest.mark.parametrize(("gone", "question"), [("document_block", "Document block"), ("bank_account", "Bank account")])
def test_choice_that_is_gone_fails_its_line_alone(world: World, gone: str, question: str) -> None:
    world.provider.choices[gone] = ()
    assert [line for line in _told(world) if line.endswith("failed")] == [f"{question}: failed"]


@pytest.mark.parametrize(
    ("failure", "outcome"),
    [
        (KeyRejected("No."), "failed"),
        (NoPermission("No."), "failed"),
        (Unreachable("Silence."), "unknown"),
        (UnexpectedAnswer("Noise."), "unknown"),
    ],
)
@pytest.mark.parametrize(("part", "place"), [("organization", 0), ("document_block", 1), ("bank_account", 2)])
def test_refusal_fails_and_silence_proves_nothing(
    world: World, failure: BokkoError, outcome: str, part: str, place: int
) -> None:
    world.provider.failing[part] = failure
    lines = _told(world)
    assert lines[place].endswith(f": {outcome}")
    assert sum(line.endswith("passed") for line in lines) == 2


def test_nothing_is_told_of_what_was_not_asked(world: World) -> None:
    world.secrets["keyring"].kept.clear()
    assert _told(world) == []
    world.look()
    assert world.output.told == []


def test_times_and_messages_stand_in_the_lines(world: World) -> None:
    connection = world.stored_connection()
    survey = Survey(
        ACCOUNT._replace(has_nav_connection=False),
        {"document_block": (BOLT, WEBSHOP), "bank_account": Unreachable("No answer came in time.")},
        {ORGANIZATION: 0.2, "document_block": 0.4},
    )
    assert list(checked_parts(BILLINGO, connection, survey)) == [
        StepResult("Account", "passed", 0.2, "The Billingo account is not linked with NAV's Online Számla."),
        StepResult("Document block", "passed", 0.4),
        StepResult("Bank account", "unknown", None, "No answer came in time."),
    ]


def test_renamed_choice_passes_and_says_so(world: World) -> None:
    survey = Survey(ACCOUNT, {"document_block": (WEBSHOP._replace(name="Other"),), "bank_account": (OTP,)})
    block = list(checked_parts(BILLINGO, world.stored_connection(), survey))[1]
    assert (block.outcome, "is now Other" in block.message) == ("passed", True)


def test_where_nothing_is_listed_the_key_is_what_was_asked(world: World) -> None:
    survey = Survey(Organization(), {}, {ORGANIZATION: 1.5})
    assert list(checked_parts(SZAMLAZZ, world.stored_connection(), survey)) == [StepResult("Agent key", "passed", 1.5)]
