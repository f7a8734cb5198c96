"""What the shells themselves offer: each evaluates the script that it was given, where it is installed."""

import os
import shutil
import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from tests.process.test_startup import OFFLINE, among
from tests.process.test_startup import run as run_and_look

AskShell = Callable[[str], list[str]]
"""Takes a line whose last word is half typed; gives what the shell would offer, help included where it shows it."""

BASH = """
eval "$(bokko --show-completion bash)"
IFS=' ' read -r -a COMP_WORDS <<< "$LINE"
[[ $LINE == *' ' ]] && COMP_WORDS+=('')
COMP_CWORD=$(( ${#COMP_WORDS[@]} - 1 ))
_bokko_completion bokko
printf '%s\\n' "${COMPREPLY[@]}"
"""
ZSH = """
_files() { }
_arguments() { local inner=${1#'*: :(('}; eval "offers=( ${inner%'))'} )"; print -rl -- $offers }
eval "$(env _TYPER_COMPLETE_ARGS="$LINE" _BOKKO_COMPLETE=complete_zsh bokko)"
"""
FISH = """
bokko --show-completion fish | source
complete -C "$LINE"
"""
SCRIPTS = {"bash": BASH, "zsh": ZSH, "fish": FISH}
FLAGS = {"bash": ["--norc", "-c"], "zsh": ["-fc"], "fish": ["--no-config", "-c"]}
WITH_HELP = ("zsh", "fish")


@pytest.fixture
def profiles(home: dict[str, str]) -> Path:
    """Make three profiles, and one in the sandbox."""
    folder = Path(home["BOKKO_CONFIG_DIR"])
    (folder / "sandbox").mkdir(parents=True)
    for name in ("default", "shop", "shelf", "sandbox/playground"):
        (folder / f"{name}.toml").touch()
    (folder / "shop.secrets.toml").touch()
    return folder


def asking(shell: str, home: Mapping[str, str], command: list[str]) -> AskShell:
    if not shutil.which(shell):
        pytest.skip(f"{shell} is not installed")

    def ask(line: str) -> list[str]:
        env = {**home, "PATH": f"{Path(command[0]).parent}{os.pathsep}{home['PATH']}", "LINE": line}
        nowhere = home["XDG_RUNTIME_DIR"]  # empty: where nothing is offered, a shell offers files
        argv = [shell, *FLAGS[shell], SCRIPTS[shell]]
        ran = subprocess.run(argv, env=env, cwd=nowhere, capture_output=True, text=True, timeout=60, check=False)
        assert ran.stderr == ""
        return [offer for offer in ran.stdout.splitlines() if offer]

    return ask


def words(offers: list[str]) -> set[str]:
    return {offer.replace(":", "\t").split("\t")[0] for offer in offers}


@pytest.mark.parametrize("shell", SCRIPTS)
@pytest.mark.parametrize(
    ("line", "offered"),
    [
        ("bokko --profile s", {"shop", "shelf"}),
        ("bokko --profile ", {"default", "shop", "shelf"}),
        ("bokko billingo status --profile sho", {"shop"}),
        ("bokko --sandbox --profile ", {"playground"}),
        ("bokko billingo --sandbox status --profile ", {"playground"}),
        ("bokko billingo connect --vat ", {"27", "0"}),
        ("bokko szamlazz configure --payment-method c", {"card", "cash"}),
        ("bokko billingo connect --key-storage ", {"keyring", "file", "env"}),
        ("bokko help e", {"environment", "exit-codes"}),
        ("bokko billingo connect --block ", set()),
    ],
)
@pytest.mark.usefixtures("profiles")
def test_profiles_and_fixed_values_are_offered(
    home: dict[str, str], command: list[str], shell: str, line: str, offered: set[str]
) -> None:
    assert words(asking(shell, home, command)(line)) == offered


@pytest.mark.parametrize("shell", WITH_HELP)
def test_help_arrives_with_its_apostrophes_and_colons(home: dict[str, str], command: list[str], shell: str) -> None:
    ask = asking(shell, home, command)
    (told,) = ask("bokko billingo blo")
    assert told.replace("\t", ":") == "blocks:List the account's invoice document blocks."
    (told,) = ask("bokko billingo connect --blo")
    assert told.replace("\\", "").replace("\t", ":").startswith("--block:Document block: its id")


@pytest.mark.parametrize("shell", SCRIPTS)
def test_profiles_that_cannot_be_listed_are_not_offered(home: dict[str, str], command: list[str], shell: str) -> None:
    Path(home["BOKKO_CONFIG_DIR"]).touch()
    assert asking(shell, home, command)("bokko --profile ") == []


SHELLS = {
    "bash": {"COMP_WORDS": "bokko bil", "COMP_CWORD": "1"},
    "zsh": {"_TYPER_COMPLETE_ARGS": "bokko bil"},
    "fish": {"_TYPER_COMPLETE_ARGS": "bokko bil", "_TYPER_COMPLETE_FISH_ACTION": "get-args"},
    "powershell": {"_TYPER_COMPLETE_ARGS": "bokko bil", "_TYPER_COMPLETE_WORD_TO_COMPLETE": "bil"},
    "pwsh": {"_TYPER_COMPLETE_ARGS": "bokko bil", "_TYPER_COMPLETE_WORD_TO_COMPLETE": "bil"},
}


@pytest.mark.parametrize("shell", SHELLS)
def test_completion_loads_only_the_tree_of_commands(home: dict[str, str], shell: str) -> None:
    shown, loaded = run_and_look([], {**home, **SHELLS[shell], "_BOKKO_COMPLETE": f"complete_{shell}"})
    assert "billingo" in shown
    assert among(loaded, OFFLINE, ["rich"]) == []


@pytest.mark.parametrize("shell", ["powershell", "pwsh"])
def test_powershell_is_told_words_and_help(home: dict[str, str], shell: str) -> None:
    asked = {"_TYPER_COMPLETE_ARGS": "bokko billingo blo", "_TYPER_COMPLETE_WORD_TO_COMPLETE": "blo"}
    shown, _ = run_and_look([], {**home, **asked, "_BOKKO_COMPLETE": f"complete_{shell}"})
    assert shown == "blocks:::List the account's invoice document blocks.\n"
    asked = {"_TYPER_COMPLETE_ARGS": "bokko billingo connect --vat ", "_TYPER_COMPLETE_WORD_TO_COMPLETE": ""}
    shown, _ = run_and_look([], {**home, **asked, "_BOKKO_COMPLETE": f"complete_{shell}"})
    assert shown.splitlines() == ["27::: ", "0::: "]


POWERSHELL_EMPTY_WORD = """    bokko | ForEach-Object {
        if ($_ -eq ":::") { return "" }
        $commandArray = $_ -Split ":::"
"""


@pytest.mark.parametrize("shell", ["powershell", "pwsh"])
def test_script_of_powershell_makes_an_empty_word_of_nothing_which_keeps_it_from_files(
    home: dict[str, str], shell: str
) -> None:
    script, _ = run_and_look(["--show-completion", shell], home)
    assert POWERSHELL_EMPTY_WORD in script
    assert script.count("Register-ArgumentCompleter -Native -CommandName bokko") == 1


@pytest.mark.parametrize(
    ("line", "offered"),
    [
        ("bokko billingo connect --block ", ":::\n"),
        ("bokko billingo connect --block W", ":::\n"),
        ("bokko billingo nonsense", ":::\n"),
        ("bokko sandbox --port ", ":::\n"),
        ("bokko --profile ", ":::\n"),
        ("bokko billingo connect --api-key-file ", ""),
        ("bokko billingo connect --api-key-file k", ""),
        ("bokko billingo exec -- python ", ""),
    ],
)
def test_powershell_is_told_nothing_where_nothing_is_known_and_no_line_where_a_file_is_meant(
    home: dict[str, str], line: str, offered: str
) -> None:
    asked = {"_TYPER_COMPLETE_ARGS": line, "_TYPER_COMPLETE_WORD_TO_COMPLETE": line.rpartition(" ")[2]}
    shown, _ = run_and_look([], {**home, **asked, "_BOKKO_COMPLETE": "complete_powershell"})
    assert shown == offered
