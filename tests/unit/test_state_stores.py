"""The parts under a save: which secrets go, the secrets file, the lock and the folders."""

import re
import stat
from collections.abc import Callable, Mapping
from pathlib import Path
from threading import Thread

import pytest

from bokko_cli.errors import BokkoError, KeyringLocked, KeyringUnavailable, SettingsUnreadable, StorageFailed
from bokko_cli.model.apikey import ApiKey
from bokko_cli.model.values import Connection
from bokko_cli.store import commit
from bokko_cli.store.folders import config_folder, keyring_lock, make_private, platform_folder
from bokko_cli.store.keyring_service import keyring_service
from bokko_cli.store.lock import locked
from bokko_cli.store.secrets_file import SecretsFile
from bokko_cli.store.toml_file import rewrite
from tests.unit.state_world import Killed, StateWorld, Trouble, decided

KEY = ApiKey("key-1")
SECRET = ".bokko-secret"


def connect(unconnected: StateWorld, storage: str) -> None:
    commit.connect(unconnected.stores(), decided(storage=storage), KEY, None, may_switch=False)  # type: ignore[arg-type]


def fail_once(unconnected: StateWorld, error: BokkoError) -> None:
    unconnected.trouble = Trouble(at=1, error=lambda: error)


def configured(unconnected: StateWorld, seen: Connection) -> None:
    commit.configure(unconnected.stores(), seen, seen)


def activated(unconnected: StateWorld, seen: Connection) -> None:
    commit.activate(unconnected.stores(), seen, None, may_switch=False)


@pytest.mark.parametrize("change", [configured, activated])
@pytest.mark.parametrize("storage", ["keyring", "file"])
def test_secrets_that_no_settings_name_go_with_the_next_change(
    unconnected: StateWorld, storage: str, change: Callable[[StateWorld, Connection], None]
) -> None:
    connect(unconnected, storage)
    unconnected.stores().mark.touch()
    unconnected.kept["billingo", "keyring", "b"] = unconnected.kept["billingo", "file", "b"] = "orphan"
    seen = unconnected.connection()
    assert seen is not None
    change(unconnected, seen)
    assert unconnected.secrets_of() == [KEY.reveal()]


def test_next_change_takes_away_what_a_killed_one_left_beside_both_files(unconnected: StateWorld) -> None:
    connect(unconnected, "file")
    left = [unconnected.folder / f".default{name}.new" for name in (".toml", ".secrets.toml")]
    for path in left:
        path.write_text("half")
    connect(unconnected, "file")
    assert not [path for path in left if path.exists()]


def test_keys_of_others_in_the_table_stay_when_it_is_connected_anew(unconnected: StateWorld) -> None:
    connect(unconnected, "file")
    text = unconnected.path.read_text("utf-8").replace("[billingo]", "[billingo]\nmine = 1")
    unconnected.path.write_text(text.replace("[billingo.api_key]", "[billingo.api_key]\nmine = 2"), "utf-8")
    connect(unconnected, "file")
    assert "[billingo]\nmine = 1\n" in unconnected.path.read_text("utf-8")
    assert "[billingo.api_key]\nmine = 2\n" in unconnected.path.read_text("utf-8")


def test_change_may_be_made_beside_the_main_thread(unconnected: StateWorld) -> None:
    changing = Thread(target=connect, args=(unconnected, "file"))
    changing.start()
    changing.join()
    assert unconnected.secret_of() == KEY.reveal()


def test_mark_of_an_unswept_keyring_is_private(unconnected: StateWorld) -> None:
    connect(unconnected, "file")
    unconnected.trouble = Trouble(at=1, error=Killed)
    with pytest.raises(Killed):
        connect(unconnected, "keyring")
    assert stat.S_IMODE(unconnected.stores().mark.stat().st_mode) == 0o600


def test_mark_that_cannot_be_made_stops_the_change(unconnected: StateWorld) -> None:
    connect(unconnected, "file")
    unconnected.stores().mark.symlink_to(unconnected.stores().mark)
    with pytest.raises(StorageFailed, match="Cannot write"):
        connect(unconnected, "keyring")
    assert unconnected.secrets_of() == [KEY.reveal()]


def test_locked_keyring_without_the_current_secret_is_told_and_stops_no_disconnect(unconnected: StateWorld) -> None:
    connect(unconnected, "file")
    fail_once(unconnected, KeyringLocked("The keyring is locked."))
    assert commit.disconnect(unconnected.stores(), leave_secret=False)
    assert unconnected.warnings == [
        "Could not check whether an old key is left in a place no longer in use: The keyring is locked."
    ]
    assert unconnected.secrets_of() == []


def test_place_that_is_no_folder_is_told_before_the_key_is_asked_for(unconnected: StateWorld) -> None:
    unconnected.folder.write_text("")
    unconnected.folder.chmod(0o755)
    with pytest.raises(StorageFailed, match="not a writable folder"):
        commit.dry_run(unconnected.stores(), decided())


def test_keyring_that_is_gone_stops_a_disconnect_where_it_may_hold_an_old_secret(unconnected: StateWorld) -> None:
    connect(unconnected, "file")
    unconnected.stores().mark.touch()
    fail_once(unconnected, KeyringUnavailable("There is no keyring.", fix="Start one."))
    with pytest.raises(KeyringUnavailable) as caught:
        commit.disconnect(unconnected.stores(), leave_secret=False)
    assert caught.value.fix == "Start one. Or: bokko billingo disconnect --leave-secret"
    assert unconnected.connection() is not None


@pytest.mark.parametrize(
    ("storage", "is_marked", "left"),
    [
        ("keyring", False, "keyring billingo a"),
        ("keyring", True, "keyring billingo a or keyring billingo b"),
        ("file", False, "keyring billingo a or keyring billingo b"),
    ],
)
def test_secret_that_is_left_behind_is_named_with_every_place_it_may_be_in(
    unconnected: StateWorld, storage: str, is_marked: bool, left: str
) -> None:
    connect(unconnected, storage)
    if is_marked:
        unconnected.stores().mark.touch()
    fail_once(unconnected, KeyringLocked("The keyring is locked."))
    assert commit.disconnect(unconnected.stores(), leave_secret=True)
    assert unconnected.warnings == [f"The key may still be here: {left}"]


def secrets(path: Path, change: Callable[..., None] = rewrite) -> SecretsFile:
    return SecretsFile(path, "billingo", change, pytest.fail)


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"billingo = '.bokko-secret'", "a value that is not a table: billingo"),
        (b"billingo = {a = ['.bokko-secret']}", "a value that is not text: a"),
        (b".bokko-secret", "is not valid TOML"),
        (b"'.bokko-secret\xff'", "is not valid TOML"),
        (b"a = '.bokko-secret'\na = " + b"[" * 100_000, "is not valid TOML"),
    ],
    ids=["no table", "no text", "no TOML", "no UTF-8", "deep"],
)
def test_secrets_file_that_is_not_ours_is_told_without_its_secret(tmp_path: Path, content: bytes, why: str) -> None:
    path = tmp_path / "default.secrets.toml"
    path.write_bytes(content)
    with pytest.raises(SettingsUnreadable, match=why) as caught:
        secrets(path).read("a")
    assert SECRET not in caught.value.message
    assert caught.value.__cause__ is None
    assert path.read_bytes() == content


def test_secrets_file_that_cannot_be_opened_is_told(tmp_path: Path) -> None:
    with pytest.raises(StorageFailed, match="Cannot read"):
        secrets(tmp_path).read("a")


def test_secret_that_was_not_kept_is_told(tmp_path: Path) -> None:
    def forget(_: Path, change: Callable[[Mapping[str, object]], object]) -> None:
        change({})

    with pytest.raises(StorageFailed, match="did not keep the key"):
        secrets(tmp_path / "default.secrets.toml", forget).write("a", KEY)


class Immovable(type(Path())):  # type: ignore[misc]  # of the system's own kind
    """A file that the system will not remove, whoever asks."""

    def unlink(self, missing_ok: bool = False) -> None:
        del missing_ok
        raise PermissionError(1, "Operation not permitted")


def test_secret_that_cannot_be_removed_is_told(tmp_path: Path) -> None:
    path = Immovable(tmp_path / "default.secrets.toml")
    secrets(path).write("a", KEY)
    with pytest.raises(StorageFailed, match="Operation not permitted"):
        secrets(path).delete("a")
    assert secrets(path).read("a") == KEY


def test_lock_and_its_folder_are_private(tmp_path: Path) -> None:
    with locked(tmp_path / "new" / "a.lock", 1, print):
        assert stat.S_IMODE((tmp_path / "new").stat().st_mode) == 0o700
        assert stat.S_IMODE((tmp_path / "new" / "a.lock").stat().st_mode) == 0o600


def test_lock_that_another_holds_is_not_waited_for_without_end(tmp_path: Path) -> None:
    path = tmp_path / "a.lock"
    with (
        locked(path, 1, print),
        pytest.raises(StorageFailed, match="Another bokko command has been holding"),
        locked(path, 0.05, print),
    ):
        pass
    with locked(path, 0.05, print):
        pass


def test_lock_where_nothing_can_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(StorageFailed, match="Cannot write to"), locked(tmp_path / "file" / "a.lock", 1, print):
        pass


def test_folder_of_the_settings_is_the_named_one_or_the_systems_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    assert config_folder({"BOKKO_CONFIG_DIR": "~/mine"}) == tmp_path / "mine"
    assert config_folder({"BOKKO_CONFIG_DIR": "mine"}) == tmp_path / "mine"
    assert config_folder({"BOKKO_CONFIG_DIR": ""}) == config_folder({}) == platform_folder()
    assert "bokko" in platform_folder().parts
    assert "bokko" in keyring_lock(tmp_path).parts
    assert keyring_lock(tmp_path).name == "keyring.lock"


def test_keyring_knows_the_systems_own_folder_by_the_plain_name(tmp_path: Path) -> None:
    assert keyring_service("billingo", platform_folder()) == "bokko:billingo"
    names = {keyring_service("billingo", folder) for folder in (tmp_path, tmp_path / "other", tmp_path / "x" / "..")}
    assert len(names) == 2
    assert all(re.fullmatch("bokko:billingo:[0-9a-f]{8}", name) for name in names)


class Late(type(Path())):  # type: ignore[misc]  # of the system's own kind
    """A folder that another process makes right after one has looked."""

    def exists(self) -> bool:
        return False


def test_folder_that_comes_into_being_meanwhile_is_no_failure(tmp_path: Path) -> None:
    make_private(Late(tmp_path))
