"""A machine of its own for the command: folders, a keyring in a file, a Billingo that takes every key."""

import dataclasses
import json
import shutil
import subprocess
import tomllib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bokko_cli.providers.billingo.fields import SPEC
from bokko_cli.store.profile import load
from tests import preloaded
from tests.fake_billingo import FakeBillingo
from tests.faults.keyring_modes import Mode, keyring_environment, stored
from tests.servers import ScriptedAnswer, Seen, Server

OLD_KEY = "00000000-0000-0000-0000-00000000aaaa"
NEW_KEY = "00000000-0000-0000-0000-00000000bbbb"
OUR_FILES = {"default.toml", "default.lock", "default.secrets.toml"}


@dataclass(frozen=True, slots=True)
class Machine:
    """Everything below one folder, so that it can be copied; `home` is the environment that the copy begins with."""

    root: Path
    home: Mapping[str, str]
    url: str
    command: tuple[str, ...]

    def environment(self, mode: Mode = "ok") -> dict[str, str]:
        """Return what a child gets; the config folder is the platform's, so that no path stands in the keyring."""
        below = {
            "HOME": self.root,
            "XDG_CONFIG_HOME": self.root / "config",
            "XDG_STATE_HOME": self.root / "state",
            "BOKKO_CONFIG_DIR": self.folder,
        }
        paths = {name: str(path) for name, path in below.items()}
        return {**self.home, **keyring_environment(self.root, mode), **paths, "BOKKO_BILLINGO_URL": self.url}

    @property
    def folder(self) -> Path:
        """The config folder."""
        return self.root / "config" / "bokko"

    def argv(self, *arguments: str) -> list[str]:
        """Return a command for Billingo as it is typed."""
        return [*self.command, "billingo", *arguments]

    def run(self, *arguments: str, stdin: str = "", mode: Mode = "ok") -> subprocess.CompletedProcess[str]:
        """Run a command to its end."""
        return preloaded.run(self.argv(*arguments), self.environment(mode), stdin)

    def connect(self, key: str = OLD_KEY, storage: str = "keyring") -> None:
        """Connect, which must succeed."""
        ran = self.run(*connecting(storage), stdin=key)
        assert ran.returncode == 0, ran.stderr

    def secrets(self) -> set[str]:
        """Return every secret that is anywhere."""
        return {*self._secrets_in("keyring").values(), *self._secrets_in("file").values()}

    def status(self) -> "View":
        """Return what `status` says."""
        ran = self.run("status", "--json")
        document = json.loads(ran.stdout)
        assert "error" not in document, ran.stdout
        key = document["api_key"] or {"hint": None, "storage": None}
        return View(document["state"], key["hint"], key["storage"], document["default_vat_rate"])

    def view(self) -> "View":
        """Return what `status` would say, without a process, which takes a tenth of the time."""
        connection = load(self.folder, "default").connection(SPEC)
        if connection is None:
            return NOTHING
        place = connection.key
        assert place.slot
        secret = self._secrets_in(place.storage).get(place.slot, "")
        state = "ready" if secret and secret[-4:] == place.hint else "attention"
        return View(state, place.hint, place.storage, str(connection.settings["default_vat_rate"]))

    def _secrets_in(self, storage: str) -> dict[str, str]:
        """Return the secrets in one storage by their slots."""
        if storage == "keyring":
            return {user.removeprefix("default:"): secret for (_, user), secret in stored(self.root).items()}
        file = self.folder / "default.secrets.toml"
        return dict(tomllib.loads(file.read_text("utf-8"))["billingo"]) if file.exists() else {}

    def files(self) -> set[str]:
        """Return the names of what is in the config folder."""
        return {path.name for path in self.folder.iterdir()} if self.folder.exists() else set()

    def copied(self, name: str) -> "Machine":
        """Return a machine in the same state that shares nothing with this one."""
        root = self.root.with_name(name)
        shutil.copytree(self.root, root)
        return dataclasses.replace(self, root=root)


@dataclass(frozen=True, slots=True)
class View:
    """A connection as far as a person can tell; `state` is `ready` only where the key can be read."""

    state: str
    hint: str | None = None
    storage: str | None = None
    vat: str | None = None

    @property
    def secrets(self) -> set[str]:
        """The secrets that must be there, and no others."""
        return {key for key in (OLD_KEY, NEW_KEY) if key[-4:] == self.hint}


NOTHING = View("not_connected")


def connecting(storage: str = "keyring") -> tuple[str, ...]:
    """Return the arguments of a connect without questions."""
    chosen = ("--block", "40101", "--bank-account", "7001", "--key-storage", storage)
    return ("connect", "--api-key-stdin", "--no-input", "--yes", *chosen)


CONFIGURING = ("configure", "--vat", "0", "--no-input", "--yes")
DISCONNECTING = ("disconnect", "--yes", "--no-input")


@dataclass(frozen=True, slots=True)
class Scene:
    """A command, the key it is given, and the storages of the keys that were connected before it."""

    arguments: tuple[str, ...]
    before: tuple[tuple[str, str], ...] = ()
    key: str = ""


SCENES = {
    "first connect, keyring": Scene(connecting(), (), NEW_KEY),
    "first connect, file": Scene(connecting("file"), (), NEW_KEY),
    "another key, keyring": Scene(connecting(), ((OLD_KEY, "keyring"),), NEW_KEY),
    "another key, file": Scene(connecting("file"), ((OLD_KEY, "file"),), NEW_KEY),
    "from keyring to file": Scene(connecting("file"), ((OLD_KEY, "keyring"),), NEW_KEY),
    "from file to keyring": Scene(connecting(), ((OLD_KEY, "file"),), NEW_KEY),
    "configure": Scene(CONFIGURING, ((OLD_KEY, "keyring"),)),
    "disconnect, keyring": Scene(DISCONNECTING, ((OLD_KEY, "keyring"),)),
    "disconnect, file": Scene(DISCONNECTING, ((OLD_KEY, "file"),)),
}


@contextmanager
def running_machine(root: Path, home: Mapping[str, str], command: list[str]) -> Iterator[Machine]:
    """Give an empty machine for as long as its Billingo serves."""
    (root / "config").mkdir(parents=True)
    with Server(_answer) as server:
        yield Machine(root, home, f"{server.url}/v3", tuple(command))


def _answer(seen: Seen) -> ScriptedAnswer:
    return FakeBillingo(key=seen.headers.get("x-api-key", "")).answer(seen)
