"""The key is nowhere but where it is kept: not on screens, in logs, files, errors or the list of processes."""

import subprocess
import uuid
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

pytest.importorskip("pexpect", reason="a pseudo-terminal is POSIX only")
from tests.fake_billingo import FakeBillingo, error_answer
from tests.servers import ScriptedAnswer, Seen, Server, json_answer
from tests.terminal.conftest import QUESTIONS, Start, accept, give_key

KEY = str(uuid.uuid4())
"""Each worker has its own, or one would find what another gives as an argument on purpose."""
CHOSEN = ("--block", "WEB", "--bank-account", "7001")
PARTS = (KEY, KEY[:18], KEY[-18:])


def _told(text: str | bytes) -> list[str]:
    """Return which parts of the key a text holds."""
    found = text if isinstance(text, bytes) else text.encode("utf-8", "surrogateescape")
    return [part for part in PARTS if part.encode() in found]


def _command_lines() -> Iterator[bytes]:
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            yield path.read_bytes()
        except OSError:  # gone meanwhile
            continue


class Watching:
    """A Billingo that looks at every process of the machine whenever it is asked something."""

    def __init__(self) -> None:
        self.fake = FakeBillingo(key=KEY)
        self.seen: list[str] = []
        self.looked = 0

    def answer(self, seen: Seen) -> ScriptedAnswer:
        self.looked += 1
        self.seen += [part for line in _command_lines() for part in _told(line)]
        return self.fake.answer(seen)


def _places(folder: Path) -> list[str]:
    """Return the files below a folder that hold a part of the key."""
    return sorted(path.name for path in folder.rglob("*") if path.is_file() and _told(path.read_bytes()))


def _run(command: list[str], environ: Mapping[str, str], *arguments: str, given: str = "") -> str:
    ran = subprocess.run(
        [*command, *arguments], env=environ, input=given.encode("utf-8", "surrogateescape"),
        capture_output=True, check=False, timeout=60,
    )  # fmt: skip
    return (ran.stdout + ran.stderr).decode("utf-8", "replace")


def test_whole_life_with_debug_leaves_the_key_in_its_file_only(home: dict[str, str], command: list[str]) -> None:
    watching, folder = Watching(), Path(home["HOME"])
    connect = ("--debug", "billingo", "connect", "--key-storage", "file", *CHOSEN)
    with Server(watching.answer) as server:
        environ = {**home, "BOKKO_BILLINGO_URL": f"{server.url}/v3"}
        said = _run(command, environ, *connect, "--api-key-stdin", given=f"{KEY}\n")
        assert _places(folder) == ["default.secrets.toml"]
        said += _run(command, {**environ, "BOKKO_BILLINGO_API_KEY": KEY}, *connect)
        for arguments in (("configure", "--vat", "0"), ("status", "--json"), ("status", "--check"), ("blocks",)):
            said += _run(command, environ, "--debug", "billingo", *arguments)
        assert _places(folder) == ["default.secrets.toml"]
        said += _run(command, environ, "--debug", "billingo", "disconnect", "--yes")
    assert "/organization" in said, "the log is on"
    assert said.count("Ready") >= 3
    assert watching.looked >= 9
    assert (_told(said), watching.seen, _places(folder)) == ([], [], [])


@pytest.mark.parametrize(
    ("given", "answer"),
    [
        (KEY, error_answer(401, f"The key {KEY[:4]} is wrong")),
        (KEY, json_answer(200, [])),
        (f"{KEY} {KEY}", error_answer(401, "no")),
        (f"{KEY}é", error_answer(401, "no")),
        (f"{KEY}\udcff", error_answer(401, "no")),
        (f"{KEY}\x00", error_answer(401, "no")),
        (KEY * 30, error_answer(401, "no")),
    ],
    ids=["refused", "muddled", "two words", "accent", "half a letter", "null", "too long"],
)
def test_failure_does_not_tell_the_key(
    home: dict[str, str], command: list[str], given: str, answer: ScriptedAnswer
) -> None:
    fake = FakeBillingo(key=KEY, override={"/organization": answer})
    arguments = ("--debug", "billingo", "connect", "--api-key-stdin", "--key-storage", "file", *CHOSEN)
    with Server(fake.answer) as server:
        environ = {**home, "BOKKO_BILLINGO_URL": f"{server.url}/v3"}
        said = _run(command, environ, *arguments, given=given)
    assert "Error: " in said
    assert _told(said) == []
    assert _places(Path(home["HOME"])) == []


def test_typed_key_is_never_written_to_the_terminal(start: Start, home: dict[str, str]) -> None:
    watching = Watching()
    with Server(watching.answer) as server:
        terminal = start(
            "--debug", "billingo", "connect", "--key-storage", "file",
            environ={"BOKKO_BILLINGO_URL": f"{server.url}/v3"}, rows=60,
        )  # fmt: skip
        give_key(terminal, KEY)
        accept(terminal, *QUESTIONS)
        assert terminal.wait_exit() == 0
    assert "/organization" in terminal.history(), "the log is on"
    assert (_told(terminal.raw()), _told(terminal.history()), watching.seen) == ([], [], [])
    assert _places(Path(home["HOME"])) == ["default.secrets.toml"]


def test_key_given_as_an_argument_is_refused_without_being_repeated(home: dict[str, str], command: list[str]) -> None:
    said = _run(command, home, "--debug", "billingo", "connect", f"--api-key={KEY}")
    assert "arguments are visible to other users" in said
    assert _told(said) == []


FAILING = """
import prompt_toolkit.buffer
def fail(self, *arguments, **options):
    raise ValueError(f"cannot insert {arguments[0]!r} behind {KEY}")
KEY = %r
prompt_toolkit.buffer.Buffer.insert_text = fail
"""


@pytest.mark.parametrize("debug", [(), ("--debug",)])
def test_key_press_that_fails_within_a_library_shows_no_words_of_it(
    start: Start, tmp_path: Path, debug: tuple[str, ...]
) -> None:
    key = "63faa428-9044-11ea-8ed0-0242ac120005"
    (tmp_path / "sitecustomize.py").write_text(FAILING % key, "utf-8")
    terminal = start("--sandbox", *debug, "billingo", "connect", environ={"PYTHONPATH": str(tmp_path)})
    before = terminal.modes_when_new()
    terminal.wait_for("? API key")
    terminal.type("x")
    assert terminal.wait_exit(timeout=10) == 1
    assert "Unexpected error: ValueError." in terminal.history()
    assert key.encode() not in terminal.raw()
    assert (b"Traceback" in terminal.raw()) == bool(debug)
    assert terminal.modes() == before
