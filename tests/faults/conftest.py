"""A machine for each test, and a command that is loaded once."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults import preloaded
from tests.faults.machine import Machine, running_machine


@pytest.fixture(scope="session", autouse=True)
def loaded() -> Iterator[None]:
    """Let the runs of a command share what is loaded once."""
    with preloaded.started():
        yield


@pytest.fixture
def machine(tmp_path: Path, home: dict[str, str], command: list[str]) -> Iterator[Machine]:
    """Give a machine on which nothing is connected."""
    with running_machine(tmp_path / "machine", home, command) as machine:
        yield machine
