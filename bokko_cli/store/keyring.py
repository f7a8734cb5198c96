"""The secret in the system's keyring."""

import logging
import threading
import time
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from keyring.backend import KeyringBackend
from keyring.errors import InitError, NoKeyringError
from keyring.errors import KeyringLocked as LockedByBackend

from bokko_cli.deadline import NO_THREAD, NO_THREAD_FIX, NoThread, TimedOut, run_within
from bokko_cli.errors import BokkoError, KeyringFailed, KeyringLocked, KeyringUnavailable
from bokko_cli.model.apikey import ApiKey
from bokko_cli.model.values import Slot
from bokko_cli.model.wording import N_
from bokko_cli.store.access import require_lockable
from bokko_cli.store.backend import chosen, in_force
from bokko_cli.store.base import key_in
from bokko_cli.store.lock import locked, locked_to_read

ALONE_SECONDS = 3.0
PRESENT_SECONDS = 60.0
NO_BACKEND = "none"
"""What stands for the name of a keyring where there is none."""
_NOTIFY_AFTER = 1.5
_LOCK_SECONDS = 30.0
T = TypeVar("T")
Hold = Callable[[Path, float, Callable[[str], None]], AbstractContextManager[None]]
log = logging.getLogger("bokko.keyring")


@dataclass(frozen=True, slots=True)
class KeyringStore:
    """The entries `<profile>:<slot>` of one keyring service.

    `lock` is held round each call, since backends lose writes of processes that come at once; `None` takes none, and
    neither does a dry run. `seconds` bounds a call: a locked keyring may wait for ever for a person. `notify` gets a
    line when it takes long. `variable` may hold the key instead, which a fix says.
    """

    service: str
    profile: str
    lock: Path | None
    seconds: float
    notify: Callable[[str], None]
    variable: str
    is_dry_run: bool = False

    def read(self, slot: Slot) -> ApiKey | None:
        """Return the key in a slot; KeyringUnavailable or KeyringLocked when it cannot be known."""
        return key_in(self._secret(slot), self.entry(slot))

    def write(self, slot: Slot, key: ApiKey) -> None:
        """Put a key into a slot and read it back: some backends accept everything and keep nothing."""
        user = self._user(slot)
        self._call(f"set {user} of", lambda backend: backend.set_password(self.service, user, key.reveal()))
        if self._secret(slot) != key.reveal():
            raise KeyringFailed(N_("The keyring did not keep the key."), fix=self._other_places())

    def delete(self, slot: Slot) -> None:
        """Empty a slot; an empty one is fine."""
        user = self._user(slot)
        if not self._secret(slot):
            return
        self._call(f"delete {user} of", lambda backend: backend.delete_password(self.service, user))
        if self._secret(slot):
            raise KeyringFailed(N_("The keyring did not delete this entry: {entry}", entry=self.entry(slot)))

    def probe(self) -> None:
        """Find out, without writing, whether the keyring is there and open, and its lock can be held."""
        self._secret("a")
        if self.lock:
            require_lockable(self.lock)

    def entry(self, slot: Slot) -> str:
        """Say where a slot is."""
        return N_("keyring service {service}, user name {user}", service=self.service, user=self._user(slot))

    def _user(self, slot: Slot) -> str:
        return f"{self.profile}:{slot}"

    def _secret(self, slot: Slot) -> str | None:
        """Return what is in a slot as it is: what another program put there may be no key."""
        user = self._user(slot)
        return self._call(
            f"read {user} of", lambda backend: backend.get_password(self.service, user), hold=locked_to_read
        )

    def _call(self, verb: str, call: Callable[[KeyringBackend], T], hold: Hold = locked) -> T:
        began = time.monotonic()
        line = N_("Waiting for the keyring; a dialog may be open that asks to unlock it…")
        notice = threading.Timer(_NOTIFY_AFTER, self.notify, [line])
        notice.daemon = True
        with self._holding(hold):
            with suppress(RuntimeError):  # no thread is left for it: then nothing is said
                notice.start()
            try:
                result = self._translated(lambda: run_within(self.seconds, lambda: call(chosen(self.variable))))
            except BokkoError as error:
                log.debug("%s %s: %s after %.2f s", verb, self.service, error.code, time.monotonic() - began)
                raise
            else:
                log.debug("%s %s: done in %.2f s", verb, self.service, time.monotonic() - began)
                return result
            finally:
                notice.cancel()

    def _holding(self, hold: Hold) -> AbstractContextManager[None]:
        if self.lock is None or self.is_dry_run:
            return nullcontext()
        return hold(self.lock, _LOCK_SECONDS, self.notify)

    def _other_places(self) -> str:
        return N_(
            "Start a keyring such as gnome-keyring or KWallet, or connect with --key-storage file, "
            "or with --key-storage env and {variable} set.",
            variable=self.variable,
        )

    def _translated(self, call: Callable[[], T]) -> T:
        # Never the text of a foreign exception, and never chained: it may quote the secret.
        try:
            return call()
        except BokkoError:
            raise
        except NoThread:
            raise KeyringFailed(NO_THREAD, fix=NO_THREAD_FIX) from None
        except TimedOut:
            raise KeyringLocked(N_("The keyring does not answer; it is probably locked.")) from None
        except LockedByBackend:
            raise KeyringLocked(N_("The keyring is locked.")) from None
        except (NoKeyringError, InitError):
            raise KeyringUnavailable(N_("This machine has no usable keyring."), fix=self._other_places()) from None
        except Exception as error:  # noqa: BLE001 - backends let through whatever their platform raises
            name = type(error).__name__
            if "Locked" in name or "Dismissed" in name:
                raise KeyringLocked(N_("The keyring is locked.")) from None
            raise KeyringFailed(N_("The keyring failed ({name}).", name=name)) from None


def backend_name() -> str:
    """Return what the keyring in force calls itself, one that would be refused too; `none` where there is none."""
    try:
        return run_within(ALONE_SECONDS, lambda: str(in_force().name))
    except Exception:  # noqa: BLE001 - backends let through whatever their platform raises
        return NO_BACKEND
