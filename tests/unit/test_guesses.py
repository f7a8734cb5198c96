"""A command that is none: the hint names one that works, and completion is for the shell that was named."""

import pytest

from bokko_cli.cli.guesses import meant
from tests.unit.conftest import CommandLine

BOTH = ["bokko billingo {}", "bokko szamlazz {}"]
SHELLS = {"bash": ".bash_completions/bokko.sh", "zsh": ".zfunc/_bokko", "fish": ".config/fish/completions/bokko.fish"}


def _hints(bokko: CommandLine, *words: str) -> list[str]:
    ran = bokko(*words)
    assert (ran.code, ran.out) == (2, "")
    assert "No such command: " in ran.err
    return [line.strip() for line in ran.err.splitlines() if line.startswith("  bokko ")]


@pytest.mark.parametrize("command", ["connect", "configure", "status", "disconnect", "activate"])
def test_command_of_a_provider_alone_names_it_for_each(bokko: CommandLine, command: str) -> None:
    assert _hints(bokko, command) == [hint.format(command) for hint in BOTH]


@pytest.mark.parametrize(
    ("words", "hints"),
    [
        ("blocks", ["bokko billingo blocks"]),
        ("login", [hint.format("connect") for hint in BOTH]),
        ("logout", [hint.format("disconnect") for hint in BOTH]),
        ("conect", [hint.format("connect") for hint in BOTH]),
        ("disconect", [hint.format("disconnect") for hint in BOTH]),
        ("connect billingo", ["bokko billingo connect"]),
        ("connect --api-key-stdin szamlazz", ["bokko szamlazz connect"]),
        ("biling", ["bokko billingo"]),
        ("biling status", ["bokko billingo status"]),
        ("integration", ["bokko integrations"]),
        ("sandbocks", ["bokko sandbox"]),
        ("version", ["bokko --version"]),
        ("billingo version", ["bokko --version"]),
        ("billingo help", ["bokko billingo --help"]),
        ("billingo login", ["bokko billingo connect"]),
        ("billingo conect", ["bokko billingo connect"]),
        ("billingo statsu", ["bokko billingo status"]),
        ("--profile shop --sandbox billingo conect", ["bokko --sandbox --profile shop billingo connect"]),
        ("billingo --profile shop conect", ["bokko --profile shop billingo connect"]),
        ("--profile shop blocks", ["bokko --profile shop billingo blocks"]),
    ],
)
def test_hint_names_what_was_meant_and_nothing_else(bokko: CommandLine, words: str, hints: list[str]) -> None:
    found = _hints(bokko, *words.split())
    assert found == hints
    for hint in found:
        assert bokko(*hint.split()[1:], "--help").code == 0


@pytest.mark.parametrize(
    ("words", "hints"),
    [
        ("connect", [f"bokko help {provider} connect" for provider in ("billingo", "szamlazz")]),
        ("activate", [f"bokko help {provider} activate" for provider in ("billingo", "szamlazz")]),
        ("blocks", ["bokko help billingo blocks"]),
        ("login", [f"bokko help {provider} connect" for provider in ("billingo", "szamlazz")]),
        ("connect szamlazz", ["bokko help szamlazz connect"]),
        ("billingo conect", ["bokko help billingo connect"]),
        ("bilingo", ["bokko help billingo"]),
        ("docter", ["bokko help doctor"]),
    ],
)
def test_help_about_no_command_names_the_help_that_there_is(bokko: CommandLine, words: str, hints: list[str]) -> None:
    ran = bokko("help", *words.split())
    assert (ran.code, ran.out) == (2, "")
    assert [line.strip() for line in ran.err.splitlines() if line.startswith("  bokko ")] == hints
    for hint in hints:
        assert bokko(*hint.split()[1:]).code == 0


def test_help_about_nothing_that_there_is_names_the_topics(bokko: CommandLine) -> None:
    for word in ("frobnicate", "version", "--vat"):
        assert (
            "  bokko help environment\n  bokko help exit-codes\n  bokko help files\n" in bokko("help", "--", word).err
        )


@pytest.mark.parametrize("word", ["frobnicate", "x", "é", "\x1b[31m"])
def test_what_is_like_nothing_is_shown_the_help(bokko: CommandLine, word: str) -> None:
    ran = bokko("--sandbox", word)
    assert ran.code == 2
    assert "\x1b" not in ran.err
    assert ran.err.endswith(":\n  bokko --sandbox --help\n")


def test_command_of_the_group_itself_wins_over_one_below() -> None:
    assert meant(["status"], {"status": (), "demo": ("status",)}) == [("status",)]


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_is_shown_for_the_shell_that_is_named(bokko: CommandLine, shell: str) -> None:
    ran = bokko("--show-completion", shell)
    assert ran.code == 0
    assert f"complete_{shell}" in ran.out


@pytest.mark.parametrize("option", ["--install-completion", "--show-completion"])
def test_another_shell_is_refused_with_those_there_are(bokko: CommandLine, option: str) -> None:
    ran = bokko(option, "tcsh")
    assert (ran.code, ran.out) == (2, "")
    assert f"{option} does not support the shell tcsh. It supports: bash, zsh, fish, powershell, pwsh" in ran.err
