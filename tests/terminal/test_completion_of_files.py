"""A shell offers files where a file is meant, and nowhere else."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

pytest.importorskip("pexpect", reason="a pseudo-terminal is POSIX only")
from bokko_cli.cli.completion import PATH_FLAGS
from bokko_cli.cli.flags import KEY_FILE
from tests.terminal.screen import WatchedTerminal

SHELLS = {
    "bash": (["bash", "--norc", "--noprofile", "-i"], 'PS1="ready> "; eval "$(bokko --show-completion bash)"'),
    "zsh": (["zsh", "-fi"], 'PS1="ready> "; autoload -U compinit; compinit -u; eval "$(bokko --show-completion zsh)"'),
    "fish": (
        ["fish", "--no-config"], 'function fish_prompt; echo "ready> "; end; bokko --show-completion fish | source'
    ),
}  # fmt: skip


@pytest.fixture(params=SHELLS)
def shell(
    request: pytest.FixtureRequest, home: dict[str, str], command: list[str], tmp_path: Path
) -> Iterator[WatchedTerminal]:
    argv, preparation = SHELLS[request.param]
    if not shutil.which(argv[0]):
        pytest.skip(f"{argv[0]} is not installed")
    folder = tmp_path / "work"
    folder.mkdir()
    (folder / "secret-file.txt").touch()
    environ = {**home, "PATH": f"{Path(command[0]).parent}{os.pathsep}{home['PATH']}"}
    with WatchedTerminal(argv, environ, cwd=folder) as terminal:
        terminal.type(f"{preparation}; cd .; clear; echo prepared\r")
        terminal.wait_for("prepared")
        yield terminal


@pytest.mark.parametrize("flag", ["--block", "--bank-account", "--tax-number"])
def test_no_file_is_offered_for_another_value(shell: WatchedTerminal, flag: str) -> None:
    shell.type(f"bokko billingo connect {flag} ")
    shell.wait_for(f"connect {flag}")
    shell.type("\t")
    shell.wait_for(f"connect {flag}")  # quiet: the shell is asking bokko
    shell.type("x")
    shell.wait_for(f"connect {flag} x")
    assert b"secret-file.txt" not in shell.raw()


@pytest.mark.parametrize("line", ["bokko billingo connect --api-key-file sec", "bokko billingo exec -- cat sec"])
def test_file_is_offered_where_one_is_meant(shell: WatchedTerminal, line: str) -> None:
    shell.type(f"{line}\t")
    shell.wait_for("secret-file.txt")


def test_flags_that_take_a_file_are_those_of_the_command_line() -> None:
    assert KEY_FILE.spellings == PATH_FLAGS
