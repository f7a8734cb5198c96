"""The tree of commands: which there are, which flags each has, and that its Options are filled by them."""

from collections.abc import Mapping
from dataclasses import fields
from importlib import import_module
from pathlib import Path

import pytest
import typer.main

import bokko_cli
from bokko_cli.cli.app import app, of_all, of_provider
from bokko_cli.cli.command import Command
from bokko_cli.providers.tables import SPECS

PACKAGE = Path(str(bokko_cli.__file__)).parent
EVERYWHERE = "--profile --sandbox --debug"
COMMON_SETTINGS = (
    "--vat --payment-method --tax-number --no-tax-number --invoice-capable --no-invoice-capable "
    "--business-clients --no-business-clients"
)
OF_BILLINGO = f"--block --bank-account {COMMON_SETTINGS}"
OF_SZAMLAZZ = f"--prefix --no-prefix --bank-name --bank-account-number --no-bank-account {COMMON_SETTINGS}"
KEY = "--api-key-stdin --api-key-file --api-key"
FLAGS = {
    "integrations": "--json",
    "profiles": "--json",
    "doctor": "--offline --json",
    "sandbox": "--port",
    "billingo connect": f"{KEY} {OF_BILLINGO} --key-storage --yes -y --no-input --dry-run --json",
    "billingo configure": f"{OF_BILLINGO} --yes -y --no-input --dry-run --json",
    "billingo status": "--check --all-profiles --json",
    "billingo disconnect": "--yes -y --no-input --leave-secret --json",
    "billingo activate": "--yes -y --no-input --json",
    "billingo rehearse": "--yes -y --no-input --clean --json",
    "billingo export": "--json",
    "billingo exec": "program",
    "billingo blocks": "--api-key-stdin --api-key-file --json",
    "billingo accounts": "--api-key-stdin --api-key-file --json",
    "szamlazz connect": f"{KEY} {OF_SZAMLAZZ} --key-storage --yes -y --no-input --dry-run --json",
    "szamlazz configure": f"{OF_SZAMLAZZ} --yes -y --no-input --dry-run --json",
    "szamlazz status": "--check --all-profiles --json",
    "szamlazz disconnect": "--yes -y --no-input --leave-secret --json",
    "szamlazz activate": "--yes -y --no-input --json",
    "szamlazz exec": "program",
}
"""In words, so that no table is compared with itself; in the order of --help."""


def _commands() -> Mapping[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name, command in typer.main.get_command(app).commands.items():  # type: ignore[attr-defined]  # a group
        children = {f"{name} {child}": it for child, it in getattr(command, "commands", {}).items()} or {name: command}
        found |= {path: [flag for known in it.params for flag in known.opts] for path, it in children.items()}
    return found


def test_commands_are_these_and_have_these_flags_in_this_order() -> None:
    expected = {name: [*flags.split(), *EVERYWHERE.split()] for name, flags in FLAGS.items()}
    assert _commands() == {**expected, "help": [*EVERYWHERE.split(), "topic"]}


def _declared() -> list[tuple[str, Command]]:
    named = [("", command) for command in of_all()]
    return named + [(spec.provider, command) for spec in SPECS.values() for command in of_provider(spec)]


@pytest.mark.parametrize(("provider", "command"), _declared(), ids=lambda part: str(getattr(part, "name", part)))
def test_every_field_of_the_options_is_filled(provider: str, command: Command) -> None:
    modules = [import_module(f"bokko_cli.commands.{name}") for name in (command.module, *command.instead.values())]
    filled = {flag.name for flag in command.flags} | {*command.given}
    questions = {question.name for question in SPECS[provider].questions} if provider else {""}
    settings = {"settings"} if questions <= filled else set()
    for module in modules:
        assert {field.name for field in fields(module.Options)} <= filled | settings
        assert callable(module.run)
    assert set(command.instead) <= filled
