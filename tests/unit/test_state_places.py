"""Places that cannot be determined, written to or trusted: what is said, and what works all the same."""

import os
import stat
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bokko_cli.errors import StorageFailed
from bokko_cli.model.apikey import ApiKey
from bokko_cli.store import commit
from bokko_cli.store.folders import config_folder, keyring_lock, make_private, sandbox_folder
from bokko_cli.store.keyring_service import keyring_service
from bokko_cli.store.lock import locked, locked_to_read
from bokko_cli.store.secrets_file import SecretsFile
from bokko_cli.store.toml_file import rewrite
from tests.unit.state_world import StateWorld, decided

pytestmark = pytest.mark.skipif(os.name == "nt", reason="homes, links and rights are otherwise on Windows")

KEY = ApiKey("a-key-of-some-length")
HOMELESS = {"HOME": "", "XDG_CONFIG_HOME": "", "XDG_STATE_HOME": ""}


@pytest.fixture
def homeless(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in HOMELESS.items():
        monkeypatch.setenv(name, value)


@pytest.fixture(params=[0o000, 0o022, 0o177, 0o277, 0o777])
def umask(request: pytest.FixtureRequest) -> Iterator[int]:
    before = os.umask(request.param)
    yield request.param
    os.umask(before)


@pytest.mark.usefixtures("homeless")
@pytest.mark.parametrize("named", [None, "", "~", "~/mine", "~nosuchuser/x"])
def test_folder_without_a_home_names_what_to_set(named: str | None) -> None:
    with pytest.raises(StorageFailed) as caught:
        config_folder({} if named is None else {"BOKKO_CONFIG_DIR": named})
    assert "BOKKO_CONFIG_DIR" in caught.value.fix
    assert ("HOME" in caught.value.fix) == (not (named or "").startswith("~n"))


@pytest.mark.usefixtures("homeless")
def test_nothing_else_needs_a_home_where_the_folder_is_named(tmp_path: Path) -> None:
    folder = config_folder({"BOKKO_CONFIG_DIR": str(tmp_path)})
    assert folder == tmp_path
    assert keyring_lock(folder) == tmp_path / "keyring.lock"
    assert keyring_service("billingo", folder).startswith("bokko:billingo:")


@pytest.mark.usefixtures("homeless")
def test_platforms_folder_that_is_named_needs_no_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    if sys.platform == "linux":
        assert config_folder({}) == tmp_path / "bokko"


@pytest.mark.usefixtures("homeless")
def test_sandbox_works_without_a_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    folder = sandbox_folder({})
    assert folder == sandbox_folder({})
    assert (folder.parent, stat.S_IMODE(folder.stat().st_mode)) == (tmp_path, 0o700)
    folder.chmod(0o777)
    assert sandbox_folder({}) not in (folder, sandbox_folder({}))
    folder.rmdir()
    folder.symlink_to(tmp_path)
    assert sandbox_folder({}) != folder


def test_relative_folder_in_a_folder_that_is_gone_names_the_variable(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    gone = tmp_path / "gone"
    gone.mkdir()
    monkeypatch.chdir(gone)
    gone.rmdir()
    with pytest.raises(StorageFailed, match="BOKKO_CONFIG_DIR names"):
        config_folder({"BOKKO_CONFIG_DIR": "mine"})


@pytest.mark.usefixtures("umask")
def test_rights_are_as_promised_under_every_umask(unconnected: StateWorld) -> None:
    make_private(unconnected.folder / "one" / "two")
    commit.connect(unconnected.stores(), decided(), KEY, None, may_switch=False)
    unconnected.stores().mark.unlink(missing_ok=True)
    store = SecretsFile(unconnected.folder / "default.secrets.toml", "billingo", rewrite, pytest.fail)
    store.write("a", KEY)
    folders = (unconnected.folder, unconnected.folder / "one", unconnected.folder / "one" / "two")
    assert {stat.S_IMODE(path.stat().st_mode) for path in folders} == {0o700}
    files = (unconnected.path, store.path, unconnected.folder / "default.lock")
    assert {stat.S_IMODE(path.stat().st_mode) for path in files} == {0o600}


def a_folder_as_lock(unconnected: StateWorld) -> None:
    (unconnected.folder / "default.lock").mkdir(parents=True)


def a_link_as_lock(unconnected: StateWorld) -> None:
    unconnected.folder.mkdir()
    (unconnected.folder.parent / "file").touch()
    (unconnected.folder / "default.lock").symlink_to(unconnected.folder.parent / "file")


def a_dangling_link_as_lock(unconnected: StateWorld) -> None:
    unconnected.folder.mkdir()
    (unconnected.folder / "default.lock").symlink_to(unconnected.folder.parent / "nowhere")


def a_lock_linked_to_itself(unconnected: StateWorld) -> None:
    unconnected.folder.mkdir()
    (unconnected.folder / "default.lock").symlink_to(unconnected.folder / "default.lock")


def a_folder_as_new_settings(unconnected: StateWorld) -> None:
    (unconnected.folder / ".default.toml.new").mkdir(parents=True)


def a_dangling_link_as_folder(unconnected: StateWorld) -> None:
    unconnected.folder.symlink_to(unconnected.folder.with_name("nowhere"))


def a_file_as_folder(unconnected: StateWorld) -> None:
    unconnected.folder.touch()


def settings_linked_below_a_file(unconnected: StateWorld) -> None:
    unconnected.folder.mkdir()
    (unconnected.folder.parent / "file").touch()
    unconnected.path.symlink_to(unconnected.folder.parent / "file" / "default.toml")


def settings_linked_to_themselves(unconnected: StateWorld) -> None:
    unconnected.folder.mkdir()
    unconnected.path.symlink_to(unconnected.path)


def secrets_that_are_no_toml(unconnected: StateWorld) -> None:
    unconnected.folder.mkdir()
    (unconnected.folder / "default.secrets.toml").write_text("no TOML", "utf-8")


def secrets_linked_below_a_file(unconnected: StateWorld) -> None:
    unconnected.folder.mkdir()
    (unconnected.folder.parent / "file").touch()
    (unconnected.folder / "default.secrets.toml").symlink_to(unconnected.folder.parent / "file" / "secrets.toml")


FAULTS = [
    a_folder_as_lock,
    a_link_as_lock,
    a_dangling_link_as_lock,
    a_lock_linked_to_itself,
    a_folder_as_new_settings,
    a_dangling_link_as_folder,
    a_file_as_folder,
    settings_linked_below_a_file,
    settings_linked_to_themselves,
    secrets_that_are_no_toml,
    secrets_linked_below_a_file,
]


@pytest.mark.parametrize("fault", FAULTS)
def test_dry_run_fails_wherever_the_real_run_does(fault: Callable[[StateWorld], None], unconnected: StateWorld) -> None:
    fault(unconnected)
    store = SecretsFile(unconnected.folder / "default.secrets.toml", "billingo", rewrite, pytest.fail)

    def dry() -> None:
        store.probe()
        commit.dry_run(unconnected.stores(), decided(storage="file"))

    def real() -> None:
        commit.connect(unconnected.stores(), decided(storage="file"), KEY, None, may_switch=False)
        store.write("a", KEY)

    before = sorted(unconnected.folder.parent.rglob("*"))
    with pytest.raises(StorageFailed):
        dry()
    assert sorted(unconnected.folder.parent.rglob("*")) == before
    with pytest.raises(StorageFailed):
        real()


def test_folder_in_the_place_of_a_lock_hinders_no_reading(tmp_path: Path) -> None:
    (tmp_path / "a.lock").mkdir()
    with locked_to_read(tmp_path / "a.lock", 1.0, pytest.fail):
        pass
    with pytest.raises(StorageFailed, match=r"a\.lock: Is a directory"), locked(tmp_path / "a.lock", 1.0, pytest.fail):
        pass


def test_long_wait_for_another_is_told_and_a_short_one_is_not(tmp_path: Path) -> None:
    told: list[str] = []
    path = tmp_path / "a.lock"
    for after, lines in ((0.05, 1), (5.0, 0)):
        told.clear()
        with locked(path, 1.0, pytest.fail), pytest.raises(StorageFailed), locked(path, 0.2, told.append, after):
            pass
        assert told == [f"Waiting for another bokko command, which holds the lock {path}…"] * lines


@pytest.mark.parametrize(("mode", "is_told"), [(0o600, False), (0o644, True), (0o640, True), (0o602, True)])
def test_secrets_file_that_others_can_read_is_told(tmp_path: Path, mode: int, is_told: bool) -> None:
    told: list[str] = []
    store = SecretsFile(tmp_path / "default.secrets.toml", "billingo", rewrite, told.append)
    store.write("a", KEY)
    assert told == []
    store.path.chmod(mode)
    assert store.read("a") == KEY
    assert [f"chmod 600 {store.path}" in line for line in told] == [True] * is_told


@pytest.mark.parametrize(
    ("before", "breaks"),
    [
        ("schema = 1\r\n# mine\r\n[notes]\r\nmine = 1\r\n", "\r\n"),
        ("schema = 1\r\n[notes]\nmine = 1\r\n", "\r\n"),
        ("schema = 1\n[notes]\nmine = 1\r\n", "\n"),
        ("schema = 1\n", "\n"),
    ],
)
def test_settings_keep_the_line_breaks_of_most_lines(unconnected: StateWorld, before: str, breaks: str) -> None:
    unconnected.folder.mkdir()
    unconnected.path.write_bytes(before.encode())
    commit.connect(unconnected.stores(), decided(), KEY, None, may_switch=False)
    commit.connect(unconnected.stores(), decided(), KEY, None, may_switch=False)
    written = unconnected.path.read_bytes().decode()
    assert (written.count("\r\n") == written.count("\n")) == (breaks == "\r\n")
    assert unconnected.secret_of() == KEY.reveal()
