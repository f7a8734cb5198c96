"""`connect` where the provider does not answer, or says no to a part of what it is asked."""

import pytest

from bokko_cli.errors import (
    BokkoError,
    ExitCode,
    KeyRejected,
    NoApiAccess,
    Unreachable,
)
from tests.fakes import KEY, World
from tests.unit.connecting import BY_STDIN, QUESTIONS, YES

pytestmark = pytest.mark.usefixtures("each_way_of_asking")


def test_leaving_an_outage_raises_it(world: World) -> None:
    world.provider.outages = [Unreachable("down")]
    with pytest.raises(Unreachable):
        world.connect(("API key", KEY), ("What do you want to do?", "Leave without changing anything"))


def test_outage_is_tried_again_without_typing_the_key_anew(world: World) -> None:
    world.provider.outages = [Unreachable("down"), Unreachable("down")]
    again = ("What do you want to do?", "Try again")
    assert world.connect(("API key", KEY), again, again, *QUESTIONS, YES) == ExitCode.DONE
    assert [key for _, key in world.provider.opened] == [KEY] * 3


def test_form_of_a_key_is_doubted_once_however_often_it_is_tried(world: World) -> None:
    world.provider.key = "of-no-known-form"
    world.provider.outages = [Unreachable("down"), Unreachable("down")]
    again = ("What do you want to do?", "Try again")
    assert world.connect(("API key", world.provider.key), again, again, *QUESTIONS, YES) == ExitCode.DONE
    assert world.output.told.count("Warning: This does not look like a Billingo key; trying it anyway.") == 1


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
