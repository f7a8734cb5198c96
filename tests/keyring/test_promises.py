"""Every place for a secret keeps the same promises: in memory, in a file, in a keyring, in the real Secret Service."""

import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from bokko_cli.model.apikey import ApiKey
from bokko_cli.store.base import SecretStore
from bokko_cli.store.secrets_file import SecretsFile
from bokko_cli.store.toml_file import rewrite
from tests.fakes import DictSecrets
from tests.faults.keyring_modes import keyring_environment

if TYPE_CHECKING:
    from tests.secret_service import SecretService

KEY, OTHER = ApiKey("first-key-of-36"), ApiKey("another~key!")


def keep_promises(open_store: Callable[[str, str], SecretStore]) -> None:
    """Assert everything that a store promises; `open_store` takes a provider and a profile."""
    store = open_store("billingo", "default")
    assert store.read("a") is None
    store.delete("a")
    store.write("a", KEY)
    assert (store.read("a"), store.read("b")) == (KEY, None)
    store.write("b", OTHER)
    store.write("b", KEY)
    store.write("b", OTHER)
    assert (store.read("a"), store.read("b")) == (KEY, OTHER)
    assert open_store("billingo", "default").read("b") == OTHER
    for others in (open_store("billingo", "work"), open_store("szamlazz", "default")):
        assert others.read("a") is None
        others.delete("a")
    store.delete("a")
    store.delete("a")
    assert (store.read("a"), store.read("b")) == (None, OTHER)
    store.delete("b")
    assert store.read("b") is None
    assert store.entry("a") != store.entry("b")
    assert "key" not in store.entry("a").replace("keyring", "")


def keep_promises_in_a_keyring(folder: Path) -> None:
    """Do so with the keyring of this process's environment."""
    from bokko_cli.store.keyring import KeyringStore  # noqa: PLC0415 - chooses a backend once a process

    def open_store(provider: str, profile: str) -> SecretStore:
        return KeyringStore(f"bokko:{provider}", profile, folder / "ours.lock", 20.0, print, "SOME_VARIABLE")

    keep_promises(open_store)
    print("all kept")  # noqa: T201 - to the test that started this process


def in_child(environment: Mapping[str, str], folder: Path) -> None:
    """Keep the promises in a process of its own, since one keyring is chosen for all of a process."""
    root = Path(__file__).parent.parent.parent
    program = f"""
import sys
from pathlib import Path
sys.path.insert(0, {str(root)!r})
from tests.keyring.test_promises import keep_promises_in_a_keyring
keep_promises_in_a_keyring(Path({str(folder)!r}))
"""
    ran = subprocess.run(
        [sys.executable, "-c", program], env=environment, capture_output=True, encoding="utf-8", check=False
    )
    assert (ran.stdout, ran.stderr) == ("all kept\n", "")


def test_in_memory() -> None:
    stores: dict[tuple[str, str], DictSecrets] = {}
    keep_promises(lambda provider, profile: stores.setdefault((provider, profile), DictSecrets()))


def test_in_a_file(tmp_path: Path) -> None:
    keep_promises(
        lambda provider, profile: SecretsFile(tmp_path / f"{profile}.secrets.toml", provider, rewrite, pytest.fail)
    )
    assert list(tmp_path.iterdir()) == []


def test_in_a_keyring_of_the_user(home: dict[str, str], tmp_path: Path) -> None:
    in_child({**home, **keyring_environment(tmp_path)}, tmp_path)


@pytest.mark.secret_service
def test_in_the_secret_service(home: dict[str, str], tmp_path: Path, secret_service: "SecretService") -> None:
    in_child({**home, **secret_service.environment}, tmp_path)
    assert secret_service.everything() == []
