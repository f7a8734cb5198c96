"""The two places of a secret: the settings name one, the other is empty or about to be."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from bokko_cli.errors import BokkoError, KeyringUnavailable, StorageFailed
from bokko_cli.model.apikey import ApiKey
from bokko_cli.model.spec import Spec
from bokko_cli.model.system_errors import reason_of
from bokko_cli.model.values import SLOTS, KeyPlace, Slot, Storage
from bokko_cli.model.wording import N_
from bokko_cli.store.base import SecretStore
from bokko_cli.store.profile import Profile, load

_SECRET_STORAGES: tuple[Storage, ...] = ("keyring", "file")


@dataclass(frozen=True, slots=True)
class Stores:
    """The two stores of one provider in one profile.

    `open_secrets` opens a place for secrets; `storages` are those that this profile may use. `warn` gets a line for
    what went wrong after the change was made, `notify` one that says what is waited for. `lock_timeout` bounds, in
    seconds, the wait for another process.
    """

    folder: Path
    profile: str
    spec: Spec
    storages: tuple[Storage, ...]
    open_secrets: Callable[[Storage], SecretStore]
    warn: Callable[[str], None]
    notify: Callable[[str], None]
    lock_timeout: float = 40.0

    def load(self) -> Profile:
        """Read the settings as they stand now."""
        return load(self.folder, self.profile)

    @property
    def with_slots(self) -> tuple[Storage, ...]:
        """The storages with slots that this profile may use."""
        return tuple(storage for storage in _SECRET_STORAGES if storage in self.storages)

    @property
    def mark(self) -> Path:
        """A file that stands as long as the keyring may hold a secret which no settings name.

        Without it, a move to another storage after a kill would have to search a keyring that may be locked.
        """
        return self.folder / f".{self.profile}.{self.spec.provider}.unswept"


def free_place(wanted: KeyPlace, old: KeyPlace | None) -> KeyPlace:
    """Return where a new secret goes: the slot of the wanted storage that the settings do not name."""
    if wanted.storage == "env":
        return wanted._replace(slot=None)
    is_taken = old is not None and (old.storage, old.slot) == (wanted.storage, "a")
    return wanted._replace(slot="b" if is_taken else "a")


@contextmanager
def new_secret(stores: Stores, place: KeyPlace, key: ApiKey, old: KeyPlace | None) -> Iterator[None]:
    """Put a key into its place, for the settings to be changed inside; where that fails, take it out again."""
    try:
        if "keyring" in {place.storage, old.storage if old else None}:
            _set_mark(stores)
        if place.slot:
            stores.open_secrets(place.storage).write(place.slot, key)
        yield
    except BokkoError:
        _emptied(stores, [place.storage], spare=old)  # what stays is swept by the next command
        raise


def sweep(stores: Stores, current: KeyPlace, old: KeyPlace | None = None) -> None:
    """Empty every slot but the one that counts; what stays is a warning, and the next command's work.

    The keyring is searched only where it was or is in use: touching it may open a dialog.
    """
    used = {"file", current.storage, old.storage if old else None, "keyring" if stores.mark.exists() else None}
    for failure in _emptied(stores, [storage for storage in stores.with_slots if storage in used], spare=current):
        stores.warn(N_("An old key could not be removed: {reason}", reason=failure.message))


def delete_all(stores: Stores, old: KeyPlace | None, *, leave_secret: bool) -> None:
    """Empty every slot; raises StorageFailed or one of its subclasses where a secret may be left."""
    for storage in stores.with_slots:
        for failure in _emptied(stores, [storage], spare=None):
            _judge(stores, storage, failure, old, leave_secret=leave_secret)


def _judge(stores: Stores, storage: Storage, failure: BokkoError, old: KeyPlace | None, *, leave_secret: bool) -> None:
    is_named = old is not None and old.storage == storage
    is_marked = storage == "keyring" and stores.mark.exists()
    is_suspect = is_named or is_marked
    if failure.code == KeyringUnavailable.code and not is_suspect:
        return  # no keyring at all, and nothing says that there was one
    if leave_secret:
        slots: Sequence[Slot] = [old.slot] if old and old.slot and is_named and not is_marked else SLOTS
        stores.warn(_left_behind([stores.open_secrets(storage).entry(slot) for slot in slots]))
    elif is_suspect or old is None:
        command = stores.spec.command("disconnect", "--leave-secret")
        fix = N_("{fix} Or: {command}", fix=failure.fix, command=command)
        raise type(failure)(failure.message, fix=fix) from failure
    else:
        stores.warn(
            N_(
                "Could not check whether an old key is left in a place no longer in use: {reason}",
                reason=failure.message,
            )
        )


def _left_behind(entries: Sequence[str]) -> str:
    """Say where a secret may still be: in one place, or in one of the two."""
    match entries:
        case [first, second]:
            return N_("The key may still be here: {first} or {second}", first=first, second=second)
    return N_("The key may still be here: {entry}", entry=entries[0])


def _emptied(stores: Stores, storages: Sequence[Storage], spare: KeyPlace | None) -> list[BokkoError]:
    """Empty the slots of these storages but one; return what failed, one failure for each storage at most."""
    failures: list[BokkoError] = []
    for storage in storages:
        kept = spare.slot if spare and spare.storage == storage else None
        slots = SLOTS if storage in stores.with_slots else ()
        try:
            for slot in (slot for slot in slots if slot != kept):
                stores.open_secrets(storage).delete(slot)
        except BokkoError as failure:
            failures.append(failure)
        else:
            _clear_mark(stores, storage)
    return failures


def _set_mark(stores: Stores) -> None:
    try:
        stores.mark.touch()
        stores.mark.chmod(0o600)  # whatever the umask took away
    except OSError as error:
        message = N_("Cannot write {path}: {reason}.", path=stores.mark, reason=reason_of(error))
        raise StorageFailed(message) from None


def _clear_mark(stores: Stores, storage: Storage) -> None:
    if storage == "keyring":
        with suppress(OSError):
            stores.mark.unlink(missing_ok=True)
