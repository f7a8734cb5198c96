"""`connect` finds out whether a key may write, says so at once, and asks no other command's provider for it."""

from pathlib import Path

import pytest

from bokko_cli.commands.connect import Options
from bokko_cli.errors import ExitCode, Unreachable
from bokko_cli.store.profile import load
from tests.fakes import BACK, CHOSEN, ENTER, KEY, World

GIVEN = Options(CHOSEN, api_key_stdin=True)
ENTERS = [
    (name, ENTER)
    for name in (
        "Default VAT rate",
        "Default payment method",
        "Tax number",
        "Invoice capable",
        "Accepts business clients",
    )
]
YES = ("Save this?", True)


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path / "settings", standard_input=KEY)


def stored(world: World) -> bool | None:
    connection = load(world.folder, "default").connection(world.spec)
    assert connection
    return connection.key.can_write


@pytest.mark.parametrize("can_write", [True, False, None])
def test_what_was_found_out_is_stored_and_shown(world: World, can_write: bool | None) -> None:
    world.provider.can_write = can_write
    assert world.connect(options=GIVEN) == ExitCode.DONE
    assert stored(world) is can_write
    codes = [problem.code for problem in world.status.problems]
    assert ("read_only_key" in codes) is (can_write is False)
    assert world.look() == (ExitCode.NOT_READY if can_write is False else ExitCode.DONE)


def test_dry_run_finds_it_out_too_and_no_other_command_does(world: World) -> None:
    world.provider.can_write = False
    assert world.connect(options=Options(CHOSEN, api_key_stdin=True, dry_run=True)) == ExitCode.DONE
    assert world.provider.tried_to_write == 1
    assert [problem.code for problem in world.status.problems] == ["read_only_key"]
    world.connected()
    before = world.provider.tried_to_write
    world.check()
    world.configure(default_vat_rate="0")
    world.list("document_block")
    assert world.provider.tried_to_write == before
    assert stored(world) is False


def test_key_that_may_only_read_is_said_at_once_and_may_be_kept(world: World) -> None:
    world.provider.can_write = False
    script = [("API key", KEY), ("What do you want to do?", "Continue with this key"), *ENTERS, YES]
    assert world.connect(*script, options=Options(CHOSEN)) == ExitCode.DONE
    assert stored(world) is False


@pytest.mark.parametrize("answer", ["Type another key", BACK])
def test_another_key_may_be_typed_instead(world: World, answer: object) -> None:
    world.provider.can_write = False
    script = [
        ("API key", KEY),
        ("What do you want to do?", answer),
        ("API key", KEY),
        ("What do you want to do?", "Continue with this key"),
    ]
    assert world.connect(*script, *ENTERS, YES, options=Options(CHOSEN)) == ExitCode.DONE
    assert world.provider.tried_to_write == 1, "the same key is not tried twice"
    said = [line for line in world.output.told if line.startswith("Create a key at ")]
    assert len(said) == 2, "where keys come from is said again"


def test_write_is_not_tried_again_with_the_reads(world: World) -> None:
    world.provider.outages = [Unreachable("No answer.")]
    script = [("API key", KEY), ("What do you want to do?", "Try again"), *ENTERS, YES]
    assert world.connect(*script, options=Options(CHOSEN)) == ExitCode.DONE
    assert world.provider.tried_to_write == 1
