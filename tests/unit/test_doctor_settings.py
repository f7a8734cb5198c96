"""What `doctor` says of folder and files of the settings, and of what past runs left there."""

import os
import re
from pathlib import Path

import pytest

from bokko_cli.model.values import Level
from tests.fakes import KEY
from tests.unit.doctoring import examine, levels, machine

pytestmark = pytest.mark.usefixtures("own_home")


def test_folder_that_is_none_is_told(tmp_path: Path) -> None:
    (tmp_path / "home").mkdir()
    (tmp_path / "home" / "bokko").touch()
    item = examine(machine(tmp_path))["settings", "folder"]
    assert (item.level, item.message) == ("problem", "The folder ~/bokko cannot be entered.")


def test_file_that_is_not_toml_is_named_with_line_and_column_and_not_shown(tmp_path: Path) -> None:
    here = machine(tmp_path).connected()
    here.settings.write_text(here.settings.read_text("utf-8") + f"\nkey {KEY}\n", "utf-8")
    found = examine(here)
    item = found["settings", "default.toml"]
    line = here.settings.read_text("utf-8").count("\n")
    assert item.level == "problem"
    assert item.message == f"~/bokko/default.toml is not valid TOML: line {line}, column 5."
    assert found["connections", "default"].level == "warning"


def test_file_that_is_not_text_is_told(tmp_path: Path) -> None:
    here = machine(tmp_path)
    here.folder.mkdir(parents=True)
    here.settings.write_bytes(b"\xff\xfe\x00")
    assert "UTF-8" in examine(here)["settings", "default.toml"].message


def test_file_of_a_newer_version_is_told(tmp_path: Path) -> None:
    here = machine(tmp_path).connected()
    here.settings.write_text(here.settings.read_text("utf-8").replace("schema = 1", "schema = 9"), "utf-8")
    assert examine(here)["settings", "default.toml"].fix == "Update bokko."


@pytest.mark.parametrize(
    ("old", "new", "field"),
    [
        ('default_vat_rate = "27%"', f'default_vat_rate = "{KEY}"', "billingo.default_vat_rate"),
        ("id = 40101", f'id = "{KEY}"', "billingo.document_block"),
        ('slot = "a"', f'slot = "{KEY}"', "billingo.api_key.slot"),
        ('active_provider = "billingo"', "active_provider = 7", "active_provider"),
    ],
)
def test_value_that_is_not_understood_is_named_by_line_and_field_and_never_shown(
    tmp_path: Path, old: str, new: str, field: str
) -> None:
    here = machine(tmp_path).connected()
    before = here.settings.read_text("utf-8")
    assert old in before
    here.settings.write_text(before.replace(old, new), "utf-8")
    item = examine(here)["settings", "default.toml"]
    assert item.level == "problem"
    assert field in item.message
    assert f"line {before[: before.index(old)].count(chr(10)) + 1}" in item.message or "document_block" in field
    assert KEY not in f"{item.message}{item.fix}"


@pytest.mark.skipif(os.name == "nt", reason="files have no such modes there")
@pytest.mark.parametrize(("file", "level"), [("default.toml", "warning"), ("default.secrets.toml", "problem")])
def test_file_that_others_may_read_is_told(tmp_path: Path, file: str, level: Level) -> None:
    here = machine(tmp_path).connected()
    path = here.folder / file
    path.touch()
    path.chmod(0o644)
    item = examine(here)["settings", file]
    assert (item.level, item.fix) == (level, f"Run: chmod 600 ~/bokko/{file}")
    path.chmod(0o600)
    assert examine(here)["settings", file].level == "ok"


def test_setting_that_is_not_understood_can_be_given_anew_by_its_flag(tmp_path: Path) -> None:
    here = machine(tmp_path).connected()
    text = here.settings.read_text("utf-8")
    here.settings.write_text(text.replace('default_vat_rate = "27%"', 'default_vat_rate = "18%"'), "utf-8")
    fix = str(examine(here)["settings", "default.toml"].fix)
    assert fix.endswith("bokko billingo configure --vat VALUE")


@pytest.mark.parametrize(
    ("setting", "flag"), [("invoice_capable", "invoice-capable"), ("accepts_business_clients", "business-clients")]
)
def test_setting_that_is_yes_or_no_is_given_anew_by_a_flag_without_a_value(
    tmp_path: Path, setting: str, flag: str
) -> None:
    here = machine(tmp_path).connected()
    text = here.settings.read_text("utf-8")
    here.settings.write_text(re.sub(f"{setting} = \\w+", f'{setting} = "maybe"', text), "utf-8")
    fix = str(examine(here)["settings", "default.toml"].fix)
    command = "bokko billingo configure"
    assert fix.endswith(f"set it anew: {command} --{flag} or {command} --no-{flag}")


@pytest.mark.parametrize(
    ("file", "item"),
    [
        (".default.billingo.unswept", "default.billingo.unswept"),
        ("default.billingo.rehearsal.json", "default.billingo.rehearsal.json"),
        (".default.toml.new", "default.toml.new"),
    ],
)
def test_file_that_a_past_run_left_is_told(tmp_path: Path, file: str, item: str) -> None:
    here = machine(tmp_path).connected()
    (here.folder / file).touch()
    found = examine(here)
    assert levels(found, "leftovers") == {item: "warning"}
    assert file in found["leftovers", item].message


@pytest.mark.parametrize(("storage", "words"), [("keyring", "the keyring"), ("file", "the secrets file")])
def test_secret_in_the_slot_that_no_settings_name_is_told(tmp_path: Path, storage: str, words: str) -> None:
    here = machine(tmp_path).connected()
    assert storage in {"keyring", "file"}
    here.secrets["keyring" if storage == "keyring" else "file"].kept["b"] = KEY
    (here.folder / "default.secrets.toml").touch(0o600)
    found = examine(here)
    assert levels(found, "leftovers") == {f"default.billingo.{storage}.b": "warning"}
    said = found["leftovers", f"default.billingo.{storage}.b"].message
    assert said == f"default, Billingo: slot b of {words} holds a key that no settings use."


def test_secret_without_any_settings_is_told_with_the_command_that_removes_it(tmp_path: Path) -> None:
    here = machine(tmp_path).connected()
    here.settings.unlink()
    item = examine(here)["leftovers", "default.billingo.keyring.a"]
    assert item.fix == "Remove it: bokko billingo disconnect"


def test_secrets_are_not_called_left_over_where_the_settings_cannot_be_read(tmp_path: Path) -> None:
    here = machine(tmp_path).connected()
    here.settings.write_text("broken", "utf-8")
    assert levels(examine(here), "leftovers") == {"none": "ok"}
