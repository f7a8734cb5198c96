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
from bokko_cli.store.keyring import KeyringStore, _backend
store = KeyringStore("s", "p", None, 20.0, print)
try:
    store.write("a", ApiKey("geheim"))
except BokkoError as error:
    print(error.code, error.message, error.fix, sep=" | ")
else:
    print(type(_backend()).__module__, "keyring.backends.kwallet" in sys.modules)
"""
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
    assert said.startswith("keyring_unavailable | This machine has no keyring that can be used. |")
    assert "--key-storage file" in said


def test_plain_text_in_keyrings_settings_is_refused(home: dict[str, str], tmp_path: Path) -> None:
    configured(home, "keyrings.alt.file.PlainKeyring")
    said = written({**home, **plain_text_backend(tmp_path)})
    assert said.startswith("keyring_unavailable | The keyring that is set up keeps secrets as plain text. |")
    assert "PYTHON_KEYRING_BACKEND" in said


def test_plain_text_named_in_the_environment_is_what_the_user_wants(home: dict[str, str], tmp_path: Path) -> None:
    named = {"PYTHON_KEYRING_BACKEND": "keyrings.alt.file.PlainKeyring"}
    assert written({**home, **plain_text_backend(tmp_path), **named}).startswith("keyrings.alt.file")


@pytest.mark.parametrize("how", ["environment", "settings"])
def test_null_keyring_is_refused(how: str, home: dict[str, str]) -> None:
    named = {}
    if how == "environment":
        named["PYTHON_KEYRING_BACKEND"] = "keyring.backends.null.Keyring"
    else:
        configured(home, "keyring.backends.null.Keyring")
    assert written({**home, **named}).startswith("keyring_unavailable | The keyring that is set up keeps nothing. |")


def test_keyring_that_always_fails_counts_as_none(home: dict[str, str]) -> None:
    named = {"PYTHON_KEYRING_BACKEND": "keyring.backends.fail.Keyring"}
    assert written({**home, **named}).startswith("keyring_unavailable | This machine has no keyring")


@pytest.mark.parametrize("name", ["no_such_module.Keyring", "keyring.backends.null.NoSuchClass", "nonsense"])
def test_backend_that_cannot_be_loaded_is_named_as_the_cause(name: str, home: dict[str, str]) -> None:
    said = written({**home, "PYTHON_KEYRING_BACKEND": name})
    assert said.startswith("keyring_failed | PYTHON_KEYRING_BACKEND names a backend that cannot be loaded. |")
    assert "unset" in said


def test_no_bus_is_no_keyring(home: dict[str, str]) -> None:
    assert written(home).startswith("keyring_unavailable | This machine has no keyring")


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
from bokko_cli.store.keyring import ALONE_SECONDS, PRESENT_SECONDS, _PLATFORM_BACKENDS
for platform, (module, name) in _PLATFORM_BACKENDS.items():
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
