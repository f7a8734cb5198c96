"""Which keyring is taken: the one the user named, else the platform's own, never one that only pretends."""

import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.faults.keyring_modes import keyring_environment, stored

if TYPE_CHECKING:
    from tests.secret_service import SecretService

PROGRAM = """
import sys
from bokko_cli.model.apikey import ApiKey
from bokko_cli.errors import BokkoError
from bokko_cli.store.backend import chosen
from bokko_cli.store.keyring import KeyringStore
store = KeyringStore("s", "p", None, 20.0, print, "SOME_VARIABLE")
try:
    store.write("a", ApiKey("geheim"))
except BokkoError as error:
    print(error.code, error.message, error.fix, sep=" | ")
else:
    print(type(chosen("SOME_VARIABLE")).__module__, "keyring.backends.kwallet" in sys.modules)
"""
CHAINER = "keyring.backends.chainer.ChainerBackend"
SECRET_SERVICE = "keyring.backends.SecretService.Keyring"
PLAIN_TEXT = """
from keyring.backend import KeyringBackend
class PlainKeyring(KeyringBackend):
    priority = {priority}
    kept = {{}}
    def get_password(self, service, username): return self.kept.get(username)
    def set_password(self, service, username, password): self.kept[username] = password
    def delete_password(self, service, username): del self.kept[username]
"""


def written(environment: Mapping[str, str]) -> str:
    """Write a secret in a process of its own, and return which backend took it or what was said."""
    argv = [sys.executable, "-c", PROGRAM]
    ran = subprocess.run(argv, env=environment, capture_output=True, encoding="utf-8", check=False)
    assert ran.stderr == ""
    assert "geheim" not in ran.stdout
    return ran.stdout.strip()


def plain_text_backend(folder: Path) -> dict[str, str]:
    """Install a `keyrings.alt` that would be chosen before any other."""
    module = folder / "keyrings" / "alt"
    module.mkdir(parents=True)
    (module / "__init__.py").touch()
    (module / "file.py").write_text(PLAIN_TEXT.format(priority=50), "utf-8")
    information = folder / "keyrings.alt-5.0.dist-info"
    information.mkdir()
    (information / "METADATA").write_text("Metadata-Version: 2.1\nName: keyrings.alt\nVersion: 5.0\n", "utf-8")
    (information / "entry_points.txt").write_text("[keyring.backends]\nfile = keyrings.alt.file\n", "utf-8")
    return {"PYTHONPATH": str(folder)}


def configured(home: Mapping[str, str], backend: str) -> None:
    """Name a backend in keyring's own settings file."""
    file = Path(home["XDG_CONFIG_HOME"], "python_keyring", "keyringrc.cfg")
    file.parent.mkdir(parents=True)
    file.write_text(f"[backend]\ndefault-keyring={backend}\n", "utf-8")


def rc(home: Mapping[str, str]) -> str:
    """Return the path of keyring's own settings file."""
    return str(Path(home["XDG_CONFIG_HOME"], "python_keyring", "keyringrc.cfg"))


def named(how: str, home: Mapping[str, str], backend: str) -> dict[str, str]:
    """Name a backend in one of the two settings."""
    if how == "environment":
        return {"PYTHON_KEYRING_BACKEND": backend}
    configured(home, backend)
    return {}


def test_named_in_the_environment(home: dict[str, str], tmp_path: Path) -> None:
    assert written({**home, **keyring_environment(tmp_path)}).startswith("file_keyring")
    assert stored(tmp_path) == {("s", "p:a"): "geheim"}


def test_named_in_keyrings_settings(home: dict[str, str], tmp_path: Path) -> None:
    configured(home, "file_keyring.FileKeyring")
    environment = {**home, **keyring_environment(tmp_path)}
    del environment["PYTHON_KEYRING_BACKEND"]
    assert written(environment).startswith("file_keyring")


def test_plain_text_that_is_merely_installed_is_never_taken(home: dict[str, str], tmp_path: Path) -> None:
    said = written({**home, **plain_text_backend(tmp_path)})
    assert said.startswith("keyring_unavailable | This machine has no usable keyring. |")
    assert "--key-storage file" in said


def test_plain_text_in_keyrings_settings_is_refused(home: dict[str, str], tmp_path: Path) -> None:
    configured(home, "keyrings.alt.file.PlainKeyring")
    said = written({**home, **plain_text_backend(tmp_path)})
    assert said.startswith(f"keyring_unavailable | {rc(home)} names a keyring that keeps secrets as plain text. |")
    assert "PYTHON_KEYRING_BACKEND" in said


@pytest.mark.parametrize("how", ["environment", "settings"])
def test_chain_whose_first_link_is_plain_text_is_refused(how: str, home: dict[str, str], tmp_path: Path) -> None:
    said = written({**home, **plain_text_backend(tmp_path), **named(how, home, CHAINER)})
    assert said.startswith("keyring_unavailable | ")
    assert "names a keyring that keeps secrets as plain text." in said


def test_plain_text_named_in_the_environment_is_what_the_user_wants(home: dict[str, str], tmp_path: Path) -> None:
    chosen = named("environment", home, "keyrings.alt.file.PlainKeyring")
    assert written({**home, **plain_text_backend(tmp_path), **chosen}).startswith("keyrings.alt.file")


@pytest.mark.parametrize("how", ["environment", "settings"])
@pytest.mark.parametrize(
    ("backend", "said"),
    [
        ("keyring.backends.null.Keyring", "keyring_unavailable | {} names a keyring that keeps nothing. |"),
        ("keyring.backends.fail.Keyring", "keyring_unavailable | {} names a keyring that keeps nothing. |"),
        (CHAINER, "keyring_unavailable | {} names a chain of keyrings, none of which this machine has. |"),
        (SECRET_SERVICE, "keyring_unavailable | {} names a keyring that does not work on this machine. |"),
        ("no_such_module.Keyring", "keyring_failed | {} names a backend that cannot be loaded. |"),
        ("keyring.backends.null.NoSuchClass", "keyring_failed | {} names a backend that cannot be loaded. |"),
        ("nonsense", "keyring_failed | {} names a backend that cannot be loaded. |"),
    ],
)
def test_setting_in_force_is_named_as_the_cause(how: str, backend: str, said: str, home: dict[str, str]) -> None:
    told = written({**home, **named(how, home, backend)})
    cause = "PYTHON_KEYRING_BACKEND" if how == "environment" else rc(home)
    assert told.startswith(said.format(cause))
    fix = told.rpartition(" | ")[2]
    assert fix.startswith(
        f"Correct or unset {cause}, " if how == "environment" else f"Correct {cause} or move it away, "
    )
    assert "--key-storage file, or with --key-storage env and SOME_VARIABLE set." in fix


@pytest.mark.parametrize(
    "content", [b"nonsense\n", b"[backend\n", b"\xff\xfe\x00", b"[backend]\ndefault-keyring=a\ndefault-keyring=b\n"]
)
def test_broken_settings_of_keyrings_own_are_named(content: bytes, home: dict[str, str]) -> None:
    configured(home, "")
    Path(rc(home)).write_bytes(content)
    told = written(home)
    assert told.startswith(f"keyring_failed | {rc(home)} cannot be understood. | Correct {rc(home)} or move it away")


def test_settings_of_keyrings_own_that_name_none_are_passed_over_silently(home: dict[str, str]) -> None:
    configured(home, "")
    Path(rc(home)).write_text("[backend]\n", "utf-8")
    assert written(home).startswith("keyring_unavailable | This machine has no usable keyring")


@pytest.mark.parametrize(
    "address", ["unix:path={}/gone", "unix:path={}/file", "tcp:host=127.0.0.1,port=1", "nonsense", "unix:path="]
)
@pytest.mark.parametrize("backend", ["", SECRET_SERVICE])
def test_dead_bus_is_no_keyring(backend: str, address: str, home: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    environment = {**home, "DBUS_SESSION_BUS_ADDRESS": address.format(tmp_path)}
    if backend:
        environment["PYTHON_KEYRING_BACKEND"] = backend
    told = written(environment)
    cause = (
        "PYTHON_KEYRING_BACKEND names a keyring that does not work on"
        if backend
        else "This machine has no usable keyring"
    )
    assert told.startswith(f"keyring_unavailable | {cause}")
    assert "--key-storage env and SOME_VARIABLE set." in told


def test_no_bus_is_no_keyring(home: dict[str, str]) -> None:
    assert written(home).startswith("keyring_unavailable | This machine has no usable keyring")


@pytest.mark.secret_service
def test_platforms_own_is_taken_without_looking_for_others(
    home: dict[str, str], secret_service: "SecretService"
) -> None:
    assert written({**home, **secret_service.environment}) == "keyring.backends.SecretService False"
    assert secret_service.lookup("s", "p:a") == "geheim"


@pytest.mark.parametrize(("priority", "said"), [(1, "vault "), (0.5, "keyring_unavailable ")])
def test_another_that_is_installed_is_taken_if_it_recommends_itself(
    home: dict[str, str], tmp_path: Path, priority: float, said: str
) -> None:
    (tmp_path / "vault.py").write_text(PLAIN_TEXT.format(priority=priority), "utf-8")
    information = tmp_path / "vault-1.0.dist-info"
    information.mkdir()
    (information / "METADATA").write_text("Metadata-Version: 2.1\nName: vault\nVersion: 1.0\n", "utf-8")
    (information / "entry_points.txt").write_text("[keyring.backends]\nvault = vault\n", "utf-8")
    assert written({**home, "PYTHONPATH": str(tmp_path)}).startswith(said)


def test_each_systems_own_keyring_is_known_and_waited_for_as_promised(home: dict[str, str]) -> None:
    program = """
from importlib import import_module
from bokko_cli.store.backend import PLATFORM_BACKENDS
from bokko_cli.store.keyring import ALONE_SECONDS, PRESENT_SECONDS
for platform, (module, name) in PLATFORM_BACKENDS.items():
    print(platform, getattr(import_module(module), name).__module__)
print(ALONE_SECONDS, PRESENT_SECONDS)
"""
    said = subprocess.run([sys.executable, "-c", program], env=home, capture_output=True, encoding="utf-8", check=True)
    assert said.stdout.splitlines() == [
        "linux keyring.backends.SecretService",
        "darwin keyring.backends.macOS",
        "win32 keyring.backends.Windows",
        "3.0 60.0",
    ]
