"""A machine for each test."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.machine import Machine, running_machine


@pytest.fixture
def machine(tmp_path: Path, home: dict[str, str], command: list[str]) -> Iterator[Machine]:
    """Give a machine on which nothing is connected."""
    with running_machine(tmp_path / "machine", home, command) as machine:
        yield machine
