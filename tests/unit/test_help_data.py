"""The lists that help shows are whole: what the code knows stands in them, and nothing else."""

import ast
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

import pytest
import typer.main

import bokko_cli
from bokko_cli.cli.app import app, of_all, of_provider
from bokko_cli.cli.examples import EXAMPLES
from bokko_cli.commands.help import TOPICS as TEXTS
from bokko_cli.commands.help import error_codes
from bokko_cli.errors import EXIT_CODES, BokkoError, ExitCode
from bokko_cli.model.environment import VARIABLES
from bokko_cli.model.readiness.meanings import PROBLEMS
from bokko_cli.model.rehearsing import Report, document
from bokko_cli.model.topics import TOPICS
from bokko_cli.model.values import Item, Overview, Status, Unread
from bokko_cli.model.wording import N_
from bokko_cli.output import fields
from bokko_cli.output.scripts import (
    diagnosis_document,
    error_document,
    integrations_document,
    profile_document,
    status_document,
)
from bokko_cli.providers.tables import SPECS
from bokko_cli.store.profiles import FILES, Purpose
from tests.unit.conftest import CommandLine

SOURCES = [ast.parse(path.read_text("utf-8")) for path in Path(bokko_cli.__file__).parent.rglob("*.py")]
HEEDED_BY_LIBRARIES = {"SSL_CERT_DIR", "SSL_CERT_FILE", "SSLKEYLOGFILE", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY"}
ONLY_LOOKED_AT = {"DISPLAY", "WAYLAND_DISPLAY", "WT_SESSION", "SHELL", "HOME", "PATH", "_TYPER_COMPLETE_FISH_ACTION"}
"""What the system sets, or the script of a shell, and nobody sets for bokko."""


def read_variables() -> Iterator[str]:
    """Yield each variable that the code reads by a literal name."""
    for tree in SOURCES:
        for node in ast.walk(tree):
            match node:
                case ast.Call(func=ast.Attribute(value=place, attr="get"), args=[ast.Constant(value=str(name)), *_]):
                    if "environ" in ast.unparse(place):
                        yield name
                case ast.Call(func=ast.Attribute(attr="getenv"), args=[ast.Constant(value=str(name)), *_]):
                    yield name
                case ast.Subscript(value=place, slice=ast.Constant(value=str(name))):
                    if ast.unparse(place).endswith("environ"):
                        yield name


def told_problems() -> Iterator[tuple[str, str]]:
    """Yield code and level of each problem that the code makes with literals."""
    for tree in SOURCES:
        for node in ast.walk(tree):
            match node:
                case ast.Call(
                    func=ast.Name(id="Problem"),
                    args=[ast.Constant(value=str(code)), ast.Constant(value=str(level)), *_],
                ):
                    yield code, level


def test_every_variable_that_is_read_is_listed() -> None:
    listed = {variable.name for variable in VARIABLES}
    assert set(read_variables()) - listed - ONLY_LOOKED_AT == set()


def test_every_problem_that_is_told_is_listed_with_its_level() -> None:
    told = dict(told_problems())
    assert len(told) > 5
    assert {code: PROBLEMS[code].level for code in told} == told


def test_every_problem_code_of_the_contract_is_listed() -> None:
    assert set(PROBLEMS) == {
        "key_missing", "keyring_unavailable", "not_invoice_capable", "read_only_key", "rehearsal_failed",
        "drafts_not_in_plan", "key_rejected", "no_api_access", "no_permission", "unreachable", "block_missing",
        "account_missing", "different_account", "block_renamed", "account_renamed", "tax_number_differs",
        "vat_rate_doubtful", "foreign_currency_account", "subscription_expiring", "no_nav_connection",
        "drafts_may_be_missing",
    }  # fmt: skip


def test_every_exit_code_is_explained() -> None:
    assert [*EXIT_CODES] == [*ExitCode]


def test_every_field_of_a_document_is_explained() -> None:
    status = Status("billingo", "default", None, None, "not_connected")
    documented = {name for spec in SPECS.values() for name in status_document(status, spec)}
    dry = {name for spec in SPECS.values() for name in status_document(status._replace(is_dry_run=True), spec)}
    assert documented | dry == set(fields.STATUS)
    assert [*integrations_document([status])[0]] == [*fields.INTEGRATIONS]
    overviews = Overview("x", None, {}, Path("x.toml")), Unread("x", BokkoError("So."), Path("x.toml"))
    assert {name for each in overviews for name in profile_document(each)} == set(fields.PROFILES)
    assert [*diagnosis_document([Item("program", "x", "ok", N_("So."))])] == [*fields.DOCTOR]
    assert [*error_document(BokkoError("So."))] == [*fields.FAILURE]
    assert [*document(Report("billingo", "default", "passed", None, ()))] == [*fields.REHEARSAL]


def test_every_file_of_ours_is_explained() -> None:
    assert set(FILES) == set(get_args(Purpose))


def test_every_kind_of_failure_is_explained() -> None:
    def below(kind: type[BokkoError]) -> Iterator[type[BokkoError]]:
        yield kind
        for each in kind.__subclasses__():
            if each.__module__.startswith("bokko_cli."):
                yield from below(each)

    assert {kind.code for kind in below(BokkoError)} <= set(error_codes())


def test_every_topic_that_is_named_has_a_text() -> None:
    assert [*TOPICS] == [*TEXTS]


@pytest.mark.parametrize(
    ("topic", "told"),
    [
        ("environment", [variable.name for variable in VARIABLES]),
        ("environment", [name for spec in SPECS.values() for name in (spec.key_variable, spec.url_variable)]),
        ("exit-codes", [str(code.value) for code in ExitCode]),
        ("files", [name for name, _ in FILES.values()]),
        ("json", [*fields.STATUS, *fields.PROFILES, *fields.DOCTOR, *PROBLEMS, "missing_input", "key_rejected"]),
        ("scripts", ["--no-input", "--api-key-stdin", "--all-profiles"]),
    ],
)
def test_topic_tells_all_of_it(bokko: CommandLine, topic: str, told: list[str]) -> None:
    ran = bokko("help", topic)
    assert (ran.code, ran.err) == (0, "")
    words = ran.out.split()
    assert [name for name in told if name not in words] == []
    assert all(line == line.rstrip() for line in ran.out.splitlines())


def test_variables_that_a_program_is_given_are_told(bokko: CommandLine) -> None:
    told = bokko("help", "environment").out
    for name in ("BOKKO_BILLINGO_BLOCK_ID", "BOKKO_BILLINGO_INVOICE_MODE", "BOKKO_SZAMLAZZ_BANK_NAME"):
        assert f"\n  {name}\n" in told


@pytest.mark.parametrize("options", [["--profile", "shop"], ["--sandbox"], ["--debug"], ["--profile=x", "--sandbox"]])
@pytest.mark.parametrize("words", [["help"], ["help", "files"], ["help", "billingo", "connect"]])
def test_help_takes_what_holds_everywhere_on_either_side(
    bokko: CommandLine, words: list[str], options: list[str]
) -> None:
    before, after = bokko(*options, *words), bokko(*words, *options)
    assert (before.code, after.code, after.out) == (0, 0, before.out)


def test_help_of_the_whole_is_that_of_the_option_and_names_the_topics(bokko: CommandLine) -> None:
    ran = bokko("help")
    assert (ran.code, ran.out) == (0, bokko("--help").out)
    assert all(f"bokko help {topic}" in ran.out for topic in TOPICS)


def test_help_about_a_command_is_that_of_the_command(bokko: CommandLine) -> None:
    assert bokko("help", "billingo", "status").out == bokko("billingo", "status", "--help").out


@pytest.mark.parametrize("words", [("nix",), ("billingo", "nix"), ("environment", "json")])
def test_help_about_what_there_is_not_names_the_topics(bokko: CommandLine, words: tuple[str, ...]) -> None:
    ran = bokko("help", *words)
    assert (ran.code, ran.out) == (2, "")
    assert all(topic in ran.err for topic in TOPICS)


def commands() -> dict[str, list[str]]:
    """Return each command and the flags that it takes."""
    found: dict[str, list[str]] = {}
    for name, command in typer.main.get_command(app).commands.items():  # type: ignore[attr-defined]  # a group
        below = {f"{name} {child}": it for child, it in getattr(command, "commands", {}).items()}
        found |= {path: [flag for known in it.params for flag in known.opts] for path, it in below.items()}
        found |= {} if below else {name: [flag for known in command.params for flag in known.opts]}
    return found


@pytest.mark.parametrize("path", commands())
def test_help_of_every_command_ends_with_examples_that_its_flags_allow(bokko: CommandLine, path: str) -> None:
    told = bokko(*path.split(), "--help").out
    _, _, shown = told.partition("\n  Examples:\n")
    assert shown
    lines = [line.strip() for line in shown.splitlines() if line.startswith("      ")]
    assert lines
    for line in lines:
        ours = line[line.index("bokko") :]
        words = shlex.split(ours.partition(" -- ")[0].partition(" | ")[0].partition(" > ")[0])
        known = commands()[path]
        assert [word for word in words if word.startswith("--") and word not in known] == [], line
        assert set(path.split()) <= set(words), line


def test_no_example_is_of_a_command_that_there_is_not() -> None:
    known = {
        command.module for command in (*of_all(), *(each for spec in SPECS.values() for each in of_provider(spec)))
    }
    assert set(EXAMPLES) == {*known, "help"}
