"""Where secrets are: the secrets file, the keyring's service, the slots that a change sweeps."""

import hashlib
import stat
from pathlib import Path

import pytest

from bokko_cli.errors import SettingsUnreadable, StorageFailed
from bokko_cli.model.apikey import ApiKey
from bokko_cli.store import commit
from bokko_cli.store.folders import make_private
from bokko_cli.store.keyring_service import keyring_service
from bokko_cli.store.secrets_file import SecretsFile
from bokko_cli.store.toml_file import rewrite
from tests.unit.state_world import KEY, StateWorld, Trouble, decided


def test_keyring_service_is_plain_for_the_platforms_folder_only(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("HOME", str(tmp_path))
    other = tmp_path / "elsewhere"
    other.mkdir()
    (tmp_path / "link").symlink_to(other)
    named = f"bokko:billingo:{hashlib.sha256(str(other.resolve()).encode()).hexdigest()[:8]}"
    assert keyring_service("billingo", other) == keyring_service("billingo", tmp_path / "link") == named
    assert keyring_service("billingo", other / ".." / "elsewhere") == named


def test_every_folder_that_is_made_is_private_and_one_that_exists_is_left(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    make_private(tmp_path / "one" / "two")
    modes = [stat.S_IMODE(path.stat().st_mode) for path in (tmp_path, tmp_path / "one", tmp_path / "one" / "two")]
    assert modes == [0o755, 0o700, 0o700]


def secrets_file(tmp_path: Path, provider: str = "billingo") -> SecretsFile:
    return SecretsFile(tmp_path / "default.secrets.toml", provider, rewrite, pytest.fail)


def test_secrets_file_is_private_and_goes_with_its_last_secret(tmp_path: Path) -> None:
    ours, theirs = secrets_file(tmp_path), secrets_file(tmp_path, "szamlazz")
    ours.write("a", KEY)
    theirs.write("b", KEY)
    assert stat.S_IMODE(ours.path.stat().st_mode) == 0o600
    ours.delete("a")
    assert (ours.read("a"), theirs.read("b")) == (None, KEY)
    theirs.delete("b")
    assert list(tmp_path.iterdir()) == []


def test_secrets_file_behind_a_link_is_emptied_where_the_link_points(tmp_path: Path) -> None:
    target = tmp_path / "target.toml"
    store = secrets_file(tmp_path)
    store.path.symlink_to(target)
    store.write("a", KEY)
    assert KEY.reveal() in target.read_text("utf-8")
    store.delete("a")
    assert not target.exists()
    assert store.read("a") is None


def test_secrets_file_with_what_a_person_added_stays(tmp_path: Path) -> None:
    store = secrets_file(tmp_path)
    store.path.write_bytes(b"\xef\xbb\xbfmine = 1\r\n[billingo]\r\na = 'x'\r\n")
    store.path.chmod(0o600)
    assert store.read("a") == ApiKey("x")
    store.delete("a")
    assert store.read("a") is None
    assert "mine = 1" in store.path.read_text("utf-8")


@pytest.mark.parametrize("content", [b"billingo = 5", b"[billingo]\na = 5", b"geheim", b"\xff", b"a = " + b"[" * 5000])
def test_secrets_file_that_is_not_ours_is_refused_not_shown_and_not_overwritten(content: bytes, tmp_path: Path) -> None:
    store = secrets_file(tmp_path)
    store.path.write_bytes(content)
    with pytest.raises(SettingsUnreadable) as caught:
        store.read("a")
    assert "geheim" not in caught.value.message
    if content != b"[billingo]\na = 5":
        with pytest.raises(SettingsUnreadable):
            store.write("a", KEY)
        assert store.path.read_bytes() == content


@pytest.mark.parametrize("is_after", [False, True])
def test_secret_that_was_written_but_not_confirmed_is_taken_out_again(is_after: bool, connected: StateWorld) -> None:
    before = connected.path.read_bytes()
    connected.trouble = Trouble(at=1, is_after=is_after)
    with pytest.raises(StorageFailed):
        commit.connect(connected.stores(), decided(), ApiKey("another"), None, may_switch=False)
    assert (connected.secrets_of(), connected.path.read_bytes()) == ([KEY.reveal()], before)
    assert not connected.stores().mark.exists()


def test_next_change_sweeps_what_a_killed_connect_left(connected: StateWorld) -> None:
    connected.kept["billingo", "keyring", "b"] = "orphan"
    seen = connected.connection()
    assert seen
    commit.configure(connected.stores(), seen, seen)
    assert connected.secrets_of() == [KEY.reveal()]
