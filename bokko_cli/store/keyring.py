"""The secret in the system's keyring."""

import logging
import os
import sys
import threading
import time
from collections.abc import Callable
from contextlib import nullcontext, suppress
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import TypeVar

import keyring.backend
import keyring.core
from keyring.backend import KeyringBackend
from keyring.errors import InitError, NoKeyringError
from keyring.errors import KeyringLocked as LockedByBackend

from bokko_cli.deadline import NO_THREAD, NO_THREAD_FIX, NoThread, TimedOut, run_within
from bokko_cli.errors import BokkoError, KeyringFailed, KeyringLocked, KeyringUnavailable
from bokko_cli.model.apikey import ApiKey
from bokko_cli.model.values import Slot
from bokko_cli.store.lock import locked

ALONE_SECONDS = 3.0
PRESENT_SECONDS = 60.0
_TELL_AFTER = 1.5
_LOCK_SECONDS = 30.0
_PLATFORM_BACKENDS = {
    "linux": ("keyring.backends.SecretService", "Keyring"),
    "darwin": ("keyring.backends.macOS", "Keyring"),
    "win32": ("keyring.backends.Windows", "WinVaultKeyring"),
}
_NEVER = ("keyrings.alt", "keyring.backends.fail", "keyring.backends.null", "keyring.backends.chainer")
_FILE_FIX = "Start a keyring such as gnome-keyring or KWallet, or connect with --key-storage file."

T = TypeVar("T")
log = logging.getLogger("bokko.keyring")


@dataclass(frozen=True, slots=True)
class KeyringStore:
    """The entries `<profile>:<slot>` of one keyring service.

    `lock` is held round each call, since backends lose writes of processes that come at once; `None` takes none.
    `seconds` bounds a call: a locked keyring may wait for ever for a person. `tell` gets a line when it takes long.
    """

    service: str
    profile: str
    lock: Path | None
    seconds: float
    tell: Callable[[str], None]

    def read(self, slot: Slot) -> ApiKey | None:
        """Return the key in a slot; KeyringUnavailable or KeyringLocked when it cannot be known."""
        user = self._user(slot)
        secret = self._call(f"read {user} of", lambda: _backend().get_password(self.service, user))
        return ApiKey(secret) if secret and secret.strip() else None

    def write(self, slot: Slot, key: ApiKey) -> None:
        """Put a key into a slot and read it back: some backends accept everything and keep nothing."""
        user = self._user(slot)
        self._call(f"set {user} of", lambda: _backend().set_password(self.service, user, key.reveal()))
        if self.read(slot) != key:
            raise KeyringFailed("The keyring did not keep the key.", fix=_FILE_FIX)

    def delete(self, slot: Slot) -> None:
        """Empty a slot; an empty one is fine."""
        user = self._user(slot)
        if self.read(slot) is None:
            return
        self._call(f"delete {user} of", lambda: _backend().delete_password(self.service, user))
        if self.read(slot) is not None:
            raise KeyringFailed(f"The keyring did not delete {self.entry(slot)}.")

    def entry(self, slot: Slot) -> str:
        """Say where a slot is."""
        return f"keyring service {self.service}, user name {self._user(slot)}"

    def _user(self, slot: Slot) -> str:
        return f"{self.profile}:{slot}"

    def _call(self, verb: str, call: Callable[[], T]) -> T:
        began = time.monotonic()
        holding = locked(self.lock, _LOCK_SECONDS) if self.lock else nullcontext()
        notice = threading.Timer(
            _TELL_AFTER, self.tell, ["Waiting for the keyring; a dialog may be open that asks to unlock it…"]
        )
        notice.daemon = True
        with holding:
            with suppress(RuntimeError):  # no thread is left for it: then nothing is told
                notice.start()
            try:
                result = _translated(lambda: run_within(self.seconds, call))
            except BokkoError as error:
                log.debug("%s %s: %s after %.2f s", verb, self.service, error.code, time.monotonic() - began)
                raise
            else:
                log.debug("%s %s: done in %.2f s", verb, self.service, time.monotonic() - began)
                return result
            finally:
                notice.cancel()


def _translated(call: Callable[[], T]) -> T:
    # Never the text of a foreign exception, and never chained: it may quote the secret.
    try:
        return call()
    except BokkoError:
        raise
    except NoThread:
        raise KeyringFailed(NO_THREAD, fix=NO_THREAD_FIX) from None
    except TimedOut:
        raise KeyringLocked("The keyring does not answer; it is probably locked.") from None
    except LockedByBackend:
        raise KeyringLocked("The keyring is locked.") from None
    except (NoKeyringError, InitError):
        raise KeyringUnavailable("This machine has no keyring that can be used.", fix=_FILE_FIX) from None
    except Exception as error:  # noqa: BLE001 - backends let through whatever their platform raises
        name = type(error).__name__
        if "Locked" in name or "Dismissed" in name:
            raise KeyringLocked("The keyring is locked.") from None
        raise KeyringFailed(f"The keyring failed ({name}).") from None


def backend_name() -> str:
    """Return what the keyring in force calls itself, one that would be refused too; `none` where there is none."""
    try:
        return run_within(ALONE_SECONDS, lambda: str(_in_force().name))
    except Exception:  # noqa: BLE001 - as above: backends let through whatever their platform raises
        return "none"


def _in_force() -> KeyringBackend:
    if os.environ.get("PYTHON_KEYRING_BACKEND"):
        return keyring.core.load_env() or _discovered_backend()
    return keyring.core.load_config() or _platform_backend() or _discovered_backend()


@cache
def _backend() -> KeyringBackend:
    """Return the backend that the user named, else the platform's own, else the best that is installed.

    Naming the platform's class saves the discovery, half of what the keyring costs.
    """
    if os.environ.get("PYTHON_KEYRING_BACKEND"):
        return _named_in_environment()
    configured = keyring.core.load_config()
    if configured is not None:
        return _acceptable(configured)
    return _platform_backend() or _discovered_backend()


def _named_in_environment() -> KeyringBackend:
    try:
        named = keyring.core.load_env()
    except (ImportError, AttributeError, ValueError):
        raise KeyringFailed(
            "PYTHON_KEYRING_BACKEND names a backend that cannot be loaded.", fix="Correct it, or unset it."
        ) from None
    return _acceptable(named, may_be_plain=True) if named else _discovered_backend()


def _acceptable(backend: KeyringBackend, *, may_be_plain: bool = False) -> KeyringBackend:
    if type(backend).__module__ == "keyring.backends.null":
        raise KeyringUnavailable("The keyring that is set up keeps nothing.", fix=_FILE_FIX)
    if not may_be_plain and type(backend).__module__.startswith("keyrings.alt"):
        raise KeyringUnavailable(
            "The keyring that is set up keeps secrets as plain text.",
            fix="Name it in PYTHON_KEYRING_BACKEND if that is meant, or connect with --key-storage file.",
        )
    return backend


def _platform_backend() -> KeyringBackend | None:
    module, name = _PLATFORM_BACKENDS.get(sys.platform, ("", ""))
    if not module:
        return None
    backend: type[KeyringBackend] = getattr(import_module(module), name)
    try:
        backend.priority  # noqa: B018 - reading it raises where the backend cannot work
    except RuntimeError:
        return None
    return backend()


def _discovered_backend() -> KeyringBackend:
    usable = [found for found in keyring.backend.get_all_keyring() if not type(found).__module__.startswith(_NEVER)]
    best = max(usable, key=lambda backend: float(backend.priority), default=None)
    if best is None or best.priority < 1:
        raise NoKeyringError
    return best
