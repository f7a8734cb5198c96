"""What a command must not import: each of these costs as much as all that the command itself does."""

import json
import subprocess
import sys
from collections.abc import Iterable, Mapping, Sequence
from importlib.util import find_spec
from pathlib import Path

import pytest

from tests.fake_billingo import FakeBillingo
from tests.faults.keyring_modes import keyring_environment
from tests.servers import Server

OF_THE_KEYRING = ("ssl", "hashlib", "importlib.metadata")
"""What the keyring library itself brings along; nothing else offline needs them."""

OF_LIVE_COMMANDS = (
    "httpx",
    "httpcore",
    "questionary",
    "prompt_toolkit",
    "tomlkit",
    "stdnum",
    "asyncio",
    "pydantic",
    "http.server",
    "defusedxml",
    "bokko_cli.network.client",
    "bokko_cli.sandbox",
)
OFFLINE = (*OF_LIVE_COMMANDS, *OF_THE_KEYRING, "keyring", "filelock")

BEYOND_VERSION = ("typer", "rich")
"""The version is one line: no tree of commands is needed to print it."""

BEYOND_STATUS = ("rich.progress", "rich.markdown", "rich.syntax", "rich.traceback", "rich.logging", "pygments")
"""The panel is a frame round a table; what else rich can draw is not needed."""

BEYOND_LISTING = ("rich", "stdnum", "questionary", "prompt_toolkit", "tomlkit")
"""A list in a pipe is lines of words; nothing is verified and nothing written for it."""

BEYOND_ASKING = ("click", "rich", "questionary", "prompt_toolkit")
"""httpx loads a command line of its own where click is installed; a script is shown no spinner."""

WRAPPER = """
import atexit, sys
atexit.register(lambda: sys.stderr.write("\\nloaded: " + " ".join(sys.modules)))
from bokko_cli.__main__ import main
main()
"""

INTERRUPTED = """
import os, signal, sys
sys.addaudithook(lambda event, of: event == "import" and of[0] == "typer" and os.kill(os.getpid(), signal.SIGINT))
from bokko_cli.__main__ import main
main()
"""

WARM_UP = """
import sys, threading
from bokko_cli.cli.assembly import context_of, output_of
from bokko_cli.cli.run import Globals, Run
run = Run(Globals())
context_of(run, output_of(run)).at(sys.argv[1]).warm_up("http://127.0.0.1:9/v3")
(warming,) = set(threading.enumerate()) - {threading.main_thread()}
warming.join()
print(*sys.modules)
"""

WARM_UP_OF_RUINS = f"import sys, types; sys.modules['httpcore'] = types.ModuleType('httpcore')\n{WARM_UP}"
"""As a Ctrl-C leaves it that comes while both threads load the same module."""

CONNECT = (
    "billingo", "connect", "--api-key-stdin", "--block", "40101", "--bank-account", "7001",
    "--tax-number", "13421739-2-41", "--no-input",
)  # fmt: skip


def run(arguments: Sequence[str], env: Mapping[str, str], stdin: str = "") -> tuple[str, set[str]]:
    """Run the command in a child; return its standard output and every module that it had loaded at its end."""
    argv = [sys.executable, "-c", WRAPPER, *arguments]
    ran = subprocess.run(argv, env=env, input=stdin, capture_output=True, text=True, timeout=60, check=False)
    said, mark, modules = ran.stderr.rpartition("\nloaded: ")
    assert ran.returncode == 0, said
    assert mark
    return ran.stdout, set(modules.split())


def connect(home: Mapping[str, str], storage: str, *more: str) -> set[str]:
    """Connect, so that there is something to show; return the modules that it took."""
    fake = FakeBillingo()
    with Server(fake.answer) as server:
        env = {**home, "BOKKO_BILLINGO_URL": f"{server.url}/v3"}
        _, loaded = run([*CONNECT, "--key-storage", storage, *more], env, f"{fake.key}\n")
    return loaded


def among(loaded: set[str], *forbidden: Iterable[str]) -> list[str]:
    return sorted(loaded.intersection(name for names in forbidden for name in names))


def test_version_loads_nothing_but_itself(home: dict[str, str]) -> None:
    shown, loaded = run(["--version"], home)
    assert shown.startswith("bokko ")
    assert among(loaded, OFFLINE, BEYOND_VERSION) == []


@pytest.mark.parametrize("of", [[], ["billingo"], ["billingo", "connect"]], ids=" ".join)
def test_help_loads_only_the_tree_of_commands(home: dict[str, str], of: list[str]) -> None:
    shown, loaded = run([*of, "--help"], home)
    assert "Usage: bokko" in shown
    assert among(loaded, OFFLINE, ["rich"]) == []
    rooms = {name.split(".")[1] for name in loaded if name.startswith("bokko_cli.")}
    assert rooms == {"__main__", "cli", "errors", "model", "output", "providers"}


def test_status_with_the_key_in_a_file_loads_nothing_of_a_live_command(home: dict[str, str]) -> None:
    connect(home, "file")
    shown, loaded = run(["billingo", "status"], home)
    assert "Webshop" in shown
    assert among(loaded, OFFLINE, BEYOND_STATUS) == []


def test_integrations_with_the_key_in_a_file_loads_nothing_of_a_live_command(home: dict[str, str]) -> None:
    connect(home, "file")
    shown, loaded = run(["integrations"], home)
    assert "Billingo" in shown
    assert among(loaded, OFFLINE, BEYOND_STATUS) == []


@pytest.mark.parametrize("command", [["billingo", "status"], ["integrations"]], ids=" ".join)
def test_json_is_written_without_what_draws(home: dict[str, str], command: list[str]) -> None:
    connect(home, "file")
    shown, loaded = run([*command, "--json"], home)
    assert json.loads(shown)
    assert among(loaded, OFFLINE, ["rich"]) == []


def test_status_with_the_key_in_a_keyring_loads_the_keyring_and_no_more(home: dict[str, str], tmp_path: Path) -> None:
    home |= keyring_environment(tmp_path)
    connect(home, "keyring")
    shown, loaded = run(["billingo", "status"], home)
    assert "Webshop" in shown
    assert among(loaded, OF_LIVE_COMMANDS, BEYOND_STATUS) == []
    assert "keyring" in loaded


@pytest.mark.parametrize("command", [["blocks"], ["disconnect"], ["connect", "--no-input"]], ids=" ".join)
def test_error_in_a_pipe_is_told_without_what_draws(home: dict[str, str], command: list[str]) -> None:
    argv = [sys.executable, "-c", WRAPPER, "billingo", *command]
    connect(home, "file") if command == ["disconnect"] else None
    ran = subprocess.run(argv, env=home, capture_output=True, text=True, timeout=60, check=False)
    said, _, modules = ran.stderr.rpartition("\nloaded: ")
    assert said.startswith("Error: ")
    assert among(set(modules.split()), ["rich"]) == []


@pytest.mark.skipif(sys.platform == "win32", reason="a process there cannot send itself Ctrl-C")
def test_ctrl_c_while_the_command_is_loaded_leaves_without_a_traceback(home: dict[str, str]) -> None:
    argv = [sys.executable, "-c", INTERRUPTED, "--help"]
    ran = subprocess.run(argv, env=home, capture_output=True, text=True, timeout=60, check=False)
    assert (ran.returncode, ran.stdout, ran.stderr) == (130, "", "")


def test_asking_loads_nothing_that_draws_and_no_other_command_line(home: dict[str, str]) -> None:
    assert find_spec("click"), "without click installed this proves nothing"
    assert among(connect(home, "file", "--json"), BEYOND_ASKING) == []


@pytest.mark.parametrize("provider", ["billingo", "szamlazz"])
def test_what_asking_needs_and_what_shows_the_wait_are_loaded_while_the_key_is_typed(
    home: dict[str, str], provider: str
) -> None:
    argv = [sys.executable, "-c", WARM_UP, provider]
    loaded = subprocess.check_output(argv, env=home, text=True, timeout=60).split()
    assert {f"bokko_cli.providers.{provider}.provider", "httpx", "httpcore", "rich.status"} - set(loaded) == set()


def test_list_in_a_pipe_loads_nothing_that_draws(home: dict[str, str]) -> None:
    fake = FakeBillingo()
    with Server(fake.answer) as server:
        env = {**home, "BOKKO_BILLINGO_URL": f"{server.url}/v3", "BOKKO_BILLINGO_API_KEY": fake.key}
        shown, loaded = run(["billingo", "blocks"], env)
    assert shown.startswith("40101\tWebshop\tWEB\n")
    assert among(loaded, BEYOND_LISTING) == []


def test_what_goes_wrong_while_the_key_is_typed_is_not_shown(home: dict[str, str]) -> None:
    argv = [sys.executable, "-c", WARM_UP_OF_RUINS, "billingo"]
    ran = subprocess.run(argv, env=home, capture_output=True, text=True, timeout=60, check=False)
    assert "httpx" in ran.stdout
    assert (ran.returncode, ran.stderr) == (0, "")


def test_what_is_forbidden_elsewhere_is_what_a_connect_does_load(home: dict[str, str]) -> None:
    needed = {
        "httpx",
        "httpcore",
        "tomlkit",
        "filelock",
        "stdnum",
        "ssl",
        "hashlib",
        "rich",
        "bokko_cli.network.client",
    }
    assert needed - connect(home, "file") == set()
