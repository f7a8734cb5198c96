"""A keyring backend for children: a JSON file, and every way in which a keyring can fail.

Told by `FILE_KEYRING_PATH`, `FILE_KEYRING_MODE` and `FILE_KEYRING_SECONDS`; see `keyring_modes`, which sets them.
It is never chosen unless `PYTHON_KEYRING_BACKEND` names it.
"""

import contextlib
import fcntl
import json
import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import ClassVar

from keyring.backend import KeyringBackend
from keyring.errors import KeyringLocked, PasswordDeleteError


class ForeignError(Exception):
    """Nothing that `keyring` knows, as its backends raise them; the text quotes the secret."""


class FileKeyring(KeyringBackend):
    """Stores `{service: {username: secret}}`, one process at a time, replaced as a whole."""

    priority: ClassVar[float] = 1

    def get_password(self, service: str, username: str) -> str | None:
        with self._opened("get") as secrets:
            secret = secrets.get(service, {}).get(username)
        self._fail_if_told("get", secret)
        return secret

    def set_password(self, service: str, username: str, password: str) -> None:
        self._fail_if_told("set", password)
        with self._opened("set") as secrets:
            if self._mode != "lying":
                secrets.setdefault(service, {})[username] = password
                self._save(secrets)

    def delete_password(self, service: str, username: str) -> None:
        with self._opened("delete") as secrets:
            secret = secrets.get(service, {}).pop(username, None)
            self._fail_if_told("delete", secret)
            if secret is None:
                raise PasswordDeleteError("Password not found")
            self._save({name: users for name, users in secrets.items() if users})

    @property
    def _mode(self) -> str:
        return os.environ.get("FILE_KEYRING_MODE", "ok")

    @property
    def _path(self) -> Path:
        return Path(os.environ["FILE_KEYRING_PATH"])

    def _fail_if_told(self, call: str, secret: str | None) -> None:
        if self._mode == f"fails-on-{call}":
            raise ForeignError(f"backend failed on {call} with {secret!r}")

    @contextlib.contextmanager
    def _opened(self, call: str) -> Iterator[dict[str, dict[str, str]]]:
        """Give what is stored, with every other process kept out meanwhile."""
        if self._mode == "locked":
            raise KeyringLocked(f"Failed to unlock the collection on {call}!")
        if self._mode in {"hanging", "slow"}:
            time.sleep(float(os.environ.get("FILE_KEYRING_SECONDS", "3600")))
        with self._path.with_suffix(".lock").open("a") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield json.loads(self._path.read_text("utf-8")) if self._path.exists() else {}

    def _save(self, secrets: dict[str, dict[str, str]]) -> None:
        new = self._path.with_suffix(".new")
        new.write_text(json.dumps(secrets), "utf-8")
        new.replace(self._path)
