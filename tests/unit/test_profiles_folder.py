"""Which files of a folder are ours, by their names."""

import os
from pathlib import Path

import pytest

from bokko_cli.errors import SettingsUnreadable
from bokko_cli.store.profiles import own_files, profile_names

PROVIDERS = ("billingo", "szamlazz")


@pytest.mark.parametrize(
    ("name", "owner"),
    [
        ("default.toml", ("default", "settings", "")),
        ("web-shop_2.toml", ("web-shop_2", "settings", "")),
        ("shop.secrets.toml", ("shop", "secrets", "")),
        ("shop.lock", ("shop", "lock", "")),
        (".shop.billingo.unswept", ("shop", "mark", "billingo")),
        ("shop.szamlazz.rehearsal.json", ("shop", "rehearsal", "szamlazz")),
        (".shop.toml.new", ("shop", "temporary", "")),
        (".shop.secrets.toml.new", ("shop", "temporary", "")),
        (".shop.billingo.rehearsal.json.new", ("shop", "temporary", "")),
    ],
)
def test_file_of_ours_is_known_by_its_name(tmp_path: Path, name: str, owner: tuple[str, str, str]) -> None:
    (tmp_path / name).touch()
    (file,) = own_files(tmp_path, PROVIDERS)
    assert (file.profile, file.purpose, file.provider) == owner


@pytest.mark.parametrize(
    "name",
    [
        "Shop.toml",
        "notes.txt",
        "shop.toml.bak",
        ".shop.paypal.unswept",
        "63faa428-9044-11ea-8ed0-0242ac120002.toml",
        "-x.toml",
        ".toml",
        "shop.paypal.rehearsal.json",
    ],
)
def test_other_files_are_nobody_s_business(tmp_path: Path, name: str) -> None:
    (tmp_path / name).touch()
    assert own_files(tmp_path, PROVIDERS) == ()


def test_profiles_are_sorted_and_the_default_comes_first(tmp_path: Path) -> None:
    for name in ("zoo.toml", "bolt.toml", "default.toml", "bolt.secrets.toml", "gone.lock"):
        (tmp_path / name).touch()
    assert profile_names(tmp_path) == ("default", "bolt", "zoo")


def test_folder_that_is_not_there_has_no_profiles(tmp_path: Path) -> None:
    assert profile_names(tmp_path / "nowhere") == ()


def test_what_is_no_folder_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(SettingsUnreadable, match="cannot be listed"):
        profile_names(tmp_path / "file")


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="root may enter every folder")
def test_folder_that_cannot_be_entered_is_told(tmp_path: Path) -> None:
    locked = tmp_path / "locked"
    locked.mkdir(mode=0)
    try:
        with pytest.raises(SettingsUnreadable, match="cannot be listed"):
            profile_names(locked)
    finally:
        locked.chmod(0o700)
