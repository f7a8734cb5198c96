"""Every command that a fix names is run in the state that brought it up: it helps, or at least says something else."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple, TypeVar

import pytest

from bokko_cli.commands import activate, configure, connect, disconnect, lists, rehearse, status
from bokko_cli.commands import exec as exec_command
from bokko_cli.errors import BokkoError, KeyringUnavailable
from bokko_cli.model.readiness.meanings import PROBLEMS
from bokko_cli.model.values import Rehearsal, Row
from bokko_cli.prompter.base import NoPrompter
from bokko_cli.prompter.question import Pick, Typed
from bokko_cli.store import toml_file
from bokko_cli.store.content import with_table
from tests.fakes import BOLT, CHOSEN, ERSTE, KEY, OTP, WEBSHOP, Person, Spoil, World
from tests.ledger import Books
from tests.rehearsal_world import RehearsalWorld
from tests.servers import Server

T = TypeVar("T")
NAMED = re.compile(r"bokko billingo (\w+)((?: --[\w-]+(?: (?!or\b)[\w./:-]+)?)*)")
OTHER = "12345676-2-41"
GivenFlags = Mapping[str, str]


class Obliging(Person):
    """Types the key and accepts whatever is marked."""

    def pick(self, name: str, form: Pick[T], *, can_go_back: bool) -> int:  # noqa: ARG002 - never goes back
        assert name != "What do you want to do?", "key or network is no better than before"
        return form.marked

    def type(self, name: str, form: Typed[T], *, can_go_back: bool) -> str:  # noqa: ARG002 - the same
        assert name
        return KEY if form.is_secret else form.begins_with

    def yes_or_no(self, name: str, *, marked: bool, can_go_back: bool) -> bool:  # noqa: ARG002 - the same
        assert name
        return marked


class Leaving(Obliging):
    """Says yes, while somebody else disconnects."""

    def __init__(self, world: World) -> None:
        super().__init__()
        self._world = world

    def pick(self, name: str, form: Pick[T], *, can_go_back: bool) -> int:
        self._world.disconnect(yes=True)
        return super().pick(name, form, can_go_back=can_go_back)


def _run(world: World, command: str, flags: GivenFlags) -> None:
    """Run a command as a person who types what the fix says, with the key at hand."""
    world.standard_input = KEY
    scope = world.scope(Obliging().prompter(world.output))
    named = {field.name: flags[field.flag] or True for field in world.spec.questions if field.flag in flags}
    match command:
        case "connect":
            connect.run(scope, connect.Options(named, key_storage=flags.get("--key-storage")))
        case "configure":
            configure.run(scope, configure.Options(named))
        case "disconnect":
            disconnect.run(scope, disconnect.Options(leave_secret="--leave-secret" in flags))
        case "activate":
            activate.run(scope, activate.Options())
        case "status":
            status.run(scope, status.Options(check="--check" in flags))
        case "blocks" | "accounts":
            setting = {"blocks": "document_block", "accounts": "bank_account"}[command]
            lists.run(scope, lists.Options(setting, "--api-key-stdin" in flags, flags.get("--api-key-file")))
        case "rehearse":
            books = Books()
            with Server(books.answer) as server:
                rehearse.run(RehearsalWorld(world, books, server).scope(), rehearse.Options(yes=True))
        case _:
            pytest.fail(f"a fix names {command}, which is no command that this test knows")


def _commands(text: str) -> list[tuple[str, GivenFlags]]:
    """Return the commands that a fix names, each with its flags and their values."""
    return [
        (name, dict(re.findall(r"(--[\w-]+)(?: (?!--)([\w./:-]+))?", flags)))
        for name, flags in NAMED.findall(text)
    ]  # fmt: skip


def _store(world: World, **news: object) -> World:
    """Write other values into the stored connection, as another command or time would."""
    connection = world.connected().stored_connection()._replace(**news)  # type: ignore[arg-type]  # named by the states
    toml_file.rewrite(world.settings, lambda content: with_table(content, world.spec, connection))
    return world


def _inactive(world: World) -> World:
    text = world.connected().settings.read_text("utf-8")
    world.settings.write_text(text.replace('active_provider = "billingo"', ""), "utf-8")
    return world


def _with_line(world: World, begin: str, line: str) -> World:
    """Put another line into the settings file, or none, where there was one that begins so."""
    lines = world.connected().settings.read_text("utf-8").splitlines()
    world.settings.write_text("\n".join(line if old.startswith(begin) else old for old in lines), "utf-8")
    return world


def _without_key(world: World) -> World:
    world.connected().secrets["keyring"].kept.clear()
    return world


def _without_keyring(world: World, failure: BokkoError) -> World:
    world.connected().secrets["keyring"].failure = failure
    return world


def _elsewhere(world: World) -> World:
    world.connected().environ[world.spec.url_variable] = "https://other.example/v3"
    return world


def _other_rows(world: World, setting: str, row: Row) -> World:
    world.connected().provider.choices[setting] = (row,)
    return world


def _of_another(world: World) -> World:
    organization = world.connected().provider.organization
    world.provider.organization = organization._replace(tax_code=OTHER)
    return world


def _connect(world: World, **settings: str | bool) -> object:
    world.standard_input = KEY
    return world.connect(options=connect.Options({**CHOSEN, **settings}, api_key_stdin=True))


def _long_list(world: World) -> object:
    world.provider.choices["document_block"] = tuple(WEBSHOP._replace(id=number) for number in range(1, 31))
    world.standard_input = KEY
    return world.connect(options=connect.Options({"bank_account": "7001"}, api_key_stdin=True))


def _disconnected_meanwhile(world: World) -> object:
    scope = world.connected().scope(Leaving(world).prompter(world.output))
    return configure.run(scope, configure.Options({"default_vat_rate": "0"}))


def _exec(world: World) -> object:
    return exec_command.run(world.scope(NoPrompter()), exec_command.Options(["nothing"]))


STATES: Mapping[str, tuple[str, Spoil]] = {
    "nothing connected, looked at": ("", World.look),
    "nothing to configure": ("not_connected", World.configure),
    "nothing to list": ("not_connected", lambda world: world.list("bank_account")),
    "nothing to hand over": ("not_connected", _exec),
    "disconnected meanwhile": ("not_connected", _disconnected_meanwhile),
    "no such profile": ("not_connected", lambda world: _elsewhere_profile(world).configure()),
    "no such block": ("invalid_value", lambda world: _connect(world, document_block="none")),
    "no such block, connected": ("invalid_value", lambda world: _connect(world.connected(), document_block="none")),
    "no such account to configure": ("invalid_value", lambda world: world.connected().configure(bank_account="none")),
    "no block chosen from many": ("missing_input", _long_list),
    "another endpoint": ("endpoint_refused", lambda world: _elsewhere(world).check()),
    "a value that is none": (
        "settings_unreadable", lambda world: _with_line(world, "default_vat_rate", 'default_vat_rate = "18%"').look(),
    ),
    "a field gone": ("settings_unreadable", lambda world: _with_line(world, "endpoint", "").look()),
    "no key to configure with": ("key_missing", lambda world: _without_key(world).configure()),
    "no key to list with": ("key_missing", lambda world: _without_key(world).list("bank_account")),
    "no key": ("key_missing", lambda world: _without_key(world).look()),
    "no key to hand over": ("", lambda world: _exec(_without_key(world))),
    "no keyring to disconnect with": (
        "keyring_unavailable",
        lambda world: _without_keyring(world, KeyringUnavailable("There is none.")).disconnect(yes=True),
    ),
    "not capable": ("not_invoice_capable", lambda world: world.connected(invoice_capable=False).look()),
    "rehearsal failed": (
        "rehearsal_failed",
        lambda world: _store(world, rehearsal=Rehearsal(world.now, "failed", "settings_refused")).look(),
    ),
    "no plan": ("drafts_may_be_missing", lambda world: _store(world, subscription_has_plan=False).look()),
    "another tax number": ("tax_number_differs", lambda world: world.connected(tax_number=OTHER).look()),
    "a doubtful rate": (
        "vat_rate_doubtful", lambda world: world.connected(default_vat_rate="0", tax_number="13421739-2-41").look(),
    ),
    "euros": ("foreign_currency_account", lambda world: world.connected(bank_account="7002").look()),
    "another account": ("different_account", lambda world: _of_another(world).check()),
    "another block": ("block_missing", lambda world: _other_rows(world, "document_block", BOLT).check()),
    "another bank account": ("account_missing", lambda world: _other_rows(world, "bank_account", ERSTE).check()),
    "a block renamed": (
        "block_renamed", lambda world: _other_rows(world, "document_block", WEBSHOP._replace(name="Other")).check(),
    ),
    "a bank account renamed": (
        "account_renamed", lambda world: _other_rows(world, "bank_account", OTP._replace(name="Other")).check(),
    ),
    "inactive": ("", lambda world: _inactive(world).look()),
    "inactive, handed over": ("inactive", lambda world: _exec(_inactive(world))),
    "connected": ("", _connect),
    "connected, not capable": ("", lambda world: _connect(world, invoice_capable=False)),
    "disconnected": ("", lambda world: world.connected().disconnect(yes=True)),
}  # fmt: skip
"""What brings up an error or a problem whose fix names a command, and its code; no code for a next step."""

NAME_NO_COMMAND = {
    "unforeseen", "key_malformed", "refused", "key_rejected", "no_api_access", "no_permission", "write_refused",
    "not_ready", "unreachable", "unexpected_answer", "asked_too_often", "storage_failed", "keyring_locked",
    "keyring_failed", "answer_lost", "cancelled", "read_only_key", "drafts_not_in_plan", "subscription_expiring",
    "no_nav_connection",
}  # fmt: skip
"""Codes whose fixes are acts at the provider or on this machine."""


def _elsewhere_profile(world: World) -> World:
    world.connected()
    world.profile_name = "shp"
    return world


class Said(NamedTuple):
    """What came of something: the codes that it brought up, each with its message, and the fixes."""

    codes: Mapping[str, str]
    fixes: list[str]


def _said(world: World, trouble: Spoil) -> Said:
    codes, fixes = {}, []
    world.output.statuses.clear()
    before = len(world.output.told)
    try:
        trouble(world)
    except BokkoError as error:
        codes[error.code] = error.message
        fixes += [error.message, error.fix]
    for shown in world.output.statuses:
        codes |= {problem.code: problem.message for problem in shown.problems}
        fixes += [shown.next_step, *(problem.fix for problem in shown.problems)]
    return Said(codes, fixes + world.output.told[before:])


@pytest.mark.parametrize("state", STATES)
def test_each_command_that_is_named_helps_where_it_is_named(tmp_path: Path, state: str) -> None:
    code, trouble = STATES[state]
    first = World(tmp_path / "first")
    said = _said(first, trouble)
    named = _commands("\n".join(said.fixes))
    assert named
    for position, (command, flags) in enumerate(named):
        world = World(tmp_path / str(position))
        _said(world, trouble)
        again = _errors_of(world, command, flags)
        assert "not_connected" not in again
        assert not set(said.codes.items()) & set(again.items())
    assert code in {*said.codes, "", "inactive"}


def _errors_of(world: World, command: str, flags: GivenFlags) -> Mapping[str, str]:
    try:
        _run(world, command, flags)
    except BokkoError as error:
        return {error.code: error.message}
    return {}


def test_every_error_and_problem_has_such_a_state_or_names_no_command() -> None:
    def codes(of: type[BokkoError]) -> set[str]:
        return {of.code, *(code for child in of.__subclasses__() for code in codes(child))}

    covered = {code for code, _ in STATES.values() if code} - {"inactive"}
    assert covered | NAME_NO_COMMAND == codes(BokkoError) | set(PROBLEMS)
    assert covered & NAME_NO_COMMAND == set()
