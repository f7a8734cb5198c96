"""Every command that is named anywhere repeats --profile and --sandbox, whichever provider it is about."""

import re
from contextlib import suppress
from pathlib import Path

import pytest

from bokko_cli.commands import connect
from bokko_cli.errors import BokkoError, KeyringUnavailable
from bokko_cli.model.invocation import BARE, Invocation
from bokko_cli.model.values import Block
from bokko_cli.prompter.base import NoPrompter
from bokko_cli.providers.billingo.fields import SPEC
from tests.fakes import BOLT, CHOSEN, OTP, WEBSHOP, Spoil, World

SHOP = Invocation("shop", sandbox=True)
NAMED = re.compile(r"\bbokko (?!sandbox\b)[^`\n]*")


@pytest.mark.parametrize(
    ("invocation", "shown"),
    [
        (BARE, "bokko billingo connect"),
        (Invocation("shop"), "bokko --profile shop billingo connect"),
        (Invocation(sandbox=True), "bokko --sandbox billingo connect"),
        (SHOP, "bokko --sandbox --profile shop billingo connect"),
    ],
)
def test_command_is_built_whole(invocation: Invocation, shown: str) -> None:
    assert invocation.command("billingo", "connect") == shown


@pytest.fixture(params=["billingo", "demo", "a-third"])
def world(request: pytest.FixtureRequest, tmp_path: Path) -> World:
    spec = SPEC._replace(provider=str(request.param), title="Whoever")
    return World(tmp_path / "settings", is_sandbox=True, invocation=SHOP, spec=spec, profile_name="shop")


def _run(world: World, trouble: Spoil) -> list[str]:
    """Return every command that was named: said, shown, or in what was raised."""
    texts = []
    try:
        trouble(world)
    except BokkoError as error:
        texts += [error.message, error.fix]
    statuses = world.output.statuses
    texts += [*world.output.told, *(status.next_step for status in statuses)]
    texts += [problem.fix for status in statuses for problem in status.problems]
    return [found for text in texts for found in NAMED.findall(text)]


def _gone_key(world: World) -> object:
    world.connected().secrets["file"].kept.clear()
    return world.look()


def _gone_rows(world: World) -> object:
    world.connected().provider.choices = {"document_block": (BOLT,), "bank_account": ()}
    return world.check()


def _renamed_rows(world: World) -> object:
    renamed = (WEBSHOP._replace(name="Other"),)
    world.connected().provider.choices = {"document_block": renamed, "bank_account": (OTP._replace(name="Other"),)}
    return world.check()


def _another_account(world: World) -> object:
    organization = world.connected().provider.organization
    world.provider.organization = organization._replace(tax_code="14214514-2-41")
    return world.check()


def _field_gone(world: World) -> object:
    path = world.connected().settings
    lines = path.read_text("utf-8").splitlines(keepends=True)
    path.write_text("".join(line for line in lines if not line.startswith("endpoint")), "utf-8")
    return world.look()


def _inactive(world: World) -> object:
    path = world.connected().settings
    path.write_text(path.read_text("utf-8").replace(f'active_provider = "{world.spec.provider}"', ""), "utf-8")
    return world.look()


def _moved_endpoint(world: World) -> object:
    world.connected().is_sandbox = False
    world.environ[world.spec.url_variable] = "https://other.example/v3"
    return world.check()


def _no_such_block(world: World) -> object:
    world.provider.choices["document_block"] = tuple(Block(number, "Many", "M") for number in range(30))
    world.standard_input = world.provider.key
    return world.connect(options=connect.Options({**CHOSEN, "document_block": "none"}, api_key_stdin=True))


def _nothing_chosen(world: World) -> object:
    world.provider.choices["document_block"] = tuple(Block(number, "Many", "M") for number in range(30))
    world.standard_input = world.provider.key
    return world.connect(options=connect.Options({}, api_key_stdin=True))


def _keyring_gone(world: World) -> object:
    world.is_sandbox = False
    world.connected().secrets["keyring"].failure = KeyringUnavailable("There is no keyring.")
    return world.disconnect(yes=True)


STATES: dict[str, tuple[Spoil, list[str]]] = {
    "nothing connected": (World.look, ["connect"]),
    "nothing to configure": (World.configure, ["connect"]),
    "no list without a connection": (lambda world: world.list("document_block"), ["connect"]),
    "not capable": (lambda world: world.connected(invoice_capable=False).look(), ["configure --invoice-capable"]),
    "key gone": (_gone_key, ["connect"]),
    "rows gone": (_gone_rows, ["configure", "configure"]),
    "rows renamed": (_renamed_rows, ["configure", "configure"]),
    "another account": (_another_account, ["connect"]),
    "a field of the settings gone": (_field_gone, ["connect"]),
    "inactive": (_inactive, ["activate"]),
    "another endpoint": (_moved_endpoint, ["connect"]),
    "no such block": (_no_such_block, ["blocks --api-key-stdin", "blocks --api-key-stdin"]),
    "no block chosen": (_nothing_chosen, ["blocks --api-key-stdin"]),
    "keyring gone": (_keyring_gone, ["disconnect --leave-secret"]),
    "disconnected": (lambda world: world.connected().disconnect(yes=True), ["connect"]),
}


@pytest.mark.parametrize("state", STATES)
def test_every_command_named_repeats_profile_and_sandbox(world: World, state: str) -> None:
    trouble, words = STATES[state]
    named = [command for command in _run(world, trouble) if not command.endswith(" status")]
    whole = f"bokko --sandbox --profile shop {world.spec.provider}"
    assert sorted(named) == sorted(f"{whole} {word}" for word in words)


def test_usual_fixes_name_no_command_of_a_provider() -> None:
    def kinds(of: type[BokkoError]) -> list[type[BokkoError]]:
        return [of, *(kind for child in of.__subclasses__() for kind in kinds(child))]

    assert [kind.usual_fix for kind in kinds(BokkoError) if "bokko " in kind.usual_fix] == []


def test_an_error_is_the_same_when_it_was_reported(world: World) -> None:
    world.is_sandbox = False
    failure = KeyringUnavailable("There is no keyring.", fix="Start one.")
    world.connected().secrets["keyring"].failure = failure
    with suppress(BokkoError):
        world.disconnect(yes=True)
    assert (failure.message, failure.fix) == ("There is no keyring.", "Start one.")


def test_another_profile_of_the_same_run_is_named_and_has_a_deadline_of_its_own(world: World) -> None:
    ctx = world.context(NoPrompter())
    assert ctx.at(world.spec.provider).deadline is ctx.deadline
    other = ctx.at(world.spec.provider, "other")
    assert other.deadline is not ctx.deadline
    assert other.command("connect") == f"bokko --sandbox --profile other {world.spec.provider} connect"
    assert other.load().path.name == "other.toml"
