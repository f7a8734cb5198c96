"""What each unit test gets: the command line inside the test's own process, and no process besides."""

import os
import re
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from bokko_cli.cli.app import app
from tests.fakes import Person, PlainPerson, World
from tests.unit.state_world import StateWorld


@dataclass(frozen=True, slots=True)
class Ran:
    """How a command ended, and what it printed where."""

    code: int
    out: str
    err: str


@dataclass
class CommandLine:
    """Runs `bokko` with nobody at the terminal; `environ` is all that it finds of its own variables."""

    folder: Path
    environ: dict[str, str] = field(default_factory=dict)
    encoding: str = "utf-8"

    def __call__(self, *arguments: str, given: str = "", **environ: str) -> Ran:
        runner = CliRunner(charset=self.encoding)
        result = runner.invoke(app, arguments, input=given, env={**self.environ, **environ})
        raised = result.exception
        if raised is not None and not isinstance(raised, SystemExit):
            raise raised
        return Ran(result.exit_code, result.stdout, result.stderr)

    @property
    def settings(self) -> Path:
        return self.folder / "default.toml"


STARTS = {"subprocess.Popen", "os.exec", "os.fork", "os.forkpty", "os.posix_spawn", "os.system"}
forbidding: list[bool] = []
"""Not empty while a unit test runs."""


def refuse_processes(event: str, of: tuple[object, ...]) -> None:
    """Raise before a unit test starts a process: what needs one belongs to `tests/process`."""
    if forbidding and event in STARTS and "uname" not in of:  # Python itself asks for the processor's name with it
        raise AssertionError(f"a unit test starts a process: {event}{of[:2]}")


sys.addaudithook(refuse_processes)


@pytest.fixture(autouse=True)
def alone() -> Iterator[None]:
    """Let this test start no process."""
    forbidding.append(True)
    yield
    forbidding.pop()


@pytest.fixture
def bokko(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[CommandLine]:
    """Run the command line in UTC, with its settings below `tmp_path` and none of the caller's variables."""
    for name in [*os.environ]:
        if name.startswith("BOKKO_") or name in {"NO_COLOR", "FORCE_COLOR", "COLUMNS"}:
            monkeypatch.delenv(name)
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)  # the command puts in its own
    _set_zone(monkeypatch)
    folder = tmp_path / "bokko"
    yield CommandLine(folder, {"BOKKO_CONFIG_DIR": str(folder)})
    monkeypatch.undo()
    apply_zone()


@pytest.fixture
def world(tmp_path: Path) -> World:
    """Give a machine where nothing is connected yet, with a provider and stores in memory."""
    return World(tmp_path / "settings")


@pytest.fixture
def unconnected(tmp_path: Path) -> StateWorld:
    """Return a profile's stores that nothing was kept in."""
    return StateWorld(tmp_path / "bokko")


@pytest.fixture
def connected(tmp_path: Path) -> StateWorld:
    """Return a profile's stores with one provider connected."""
    return StateWorld(tmp_path / "bokko").connected()


@pytest.fixture
def own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the home folder be one below `tmp_path`, which need not be there."""
    monkeypatch.setenv("HOME", str(tmp_path / "home"))


def _set_zone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", "UTC")
    apply_zone()


def apply_zone() -> None:
    apply: Any = getattr(time, "tzset", None)  # there is none on Windows
    if apply:
        apply()


def without_path(panel: str) -> str:
    """Return a panel without the row that names a file of this run."""
    return re.sub(r"│ Settings file .*\n(│ {3}.*\n)*", "", panel)


@pytest.fixture(params=[Person, PlainPerson], ids=["drawn", "plain"])
def each_way_of_asking(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Run the test once for each way in which a person may be asked."""
    monkeypatch.setattr(World, "new_person", request.param)
