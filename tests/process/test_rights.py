"""What is said to whoever lacks the rights to the settings."""

import os
from pathlib import Path

import pytest

from bokko_cli.errors import SettingsUnreadable
from bokko_cli.model.apikey import ApiKey
from bokko_cli.store import commit
from bokko_cli.store.profile import load
from tests.rights import as_nobody
from tests.unit.state_world import StateWorld, decided

KEY = ApiKey("a-key-of-some-length")


def refused_in(folder: Path) -> str:
    try:
        load(folder, "default")
    except SettingsUnreadable as error:
        return f"{error.message.split(': ')[-1].strip('.')} {error.fix.startswith('Check')} {error.fix}"
    return "read"


@pytest.mark.skipif(os.name == "nt", reason="Windows keeps rights otherwise")
@pytest.mark.parametrize("forbidden", ["file", "folder"])
def test_advice_for_a_file_without_rights_is_about_rights(forbidden: str, tmp_path: Path) -> None:
    world = StateWorld(tmp_path / "bokko")
    commit.connect(world.stores(), decided(), KEY, None, may_switch=False)
    without = world.path if forbidden == "file" else world.folder
    without.chmod(0)
    said = as_nobody(lambda: refused_in(world.folder))
    without.chmod(0o700)
    assert said.startswith("Permission denied True")
    assert "who owns" in said
