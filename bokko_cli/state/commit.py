"""Both stores as one change: the settings file decides which secret counts."""

import logging
import os
import signal
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from bokko_cli.apikey import ApiKey
from bokko_cli.errors import (
    BokkoError,
    KeyringUnavailable,
    Missing,
    MissingInput,
    NotConnected,
    SettingsUnreadable,
    StorageFailed,
)
from bokko_cli.model import SLOTS, Connection, KeyPlace, Settings, Slot, Storage
from bokko_cli.state.lock import locked
from bokko_cli.state.profile import SCHEMA, Profile, load
from bokko_cli.state.secret_store import SecretStore
from bokko_cli.state.writer import Content, rewrite, sweep
from bokko_cli.table import Table, plain

_LOCK_SECONDS = 40.0
_SECRET_STORAGES: tuple[Storage, ...] = ("keyring", "file")
log = logging.getLogger("bokko.commit")


@dataclass(frozen=True, slots=True)
class Stores:
    """The two stores of one provider in one profile.

    `open_secrets` opens a place for secrets; `storages` are those that this profile may use. `warn` gets a line for
    what went wrong after the change was made.
    """

    folder: Path
    profile: str
    table: Table
    storages: tuple[Storage, ...]
    open_secrets: Callable[[Storage], SecretStore]
    warn: Callable[[str], None]

    def load(self) -> Profile:
        """Read the settings as they stand now."""
        return load(self.folder, self.profile)

    def may_hold_secrets(self) -> tuple[Storage, ...]:
        """The storages with slots that this profile may use."""
        return tuple(storage for storage in _SECRET_STORAGES if storage in self.storages)


def connect(stores: Stores, decided: Connection, key: ApiKey, warned_of: str | None, *, may_switch: bool) -> Connection:
    """Keep key and settings and make the provider the active one; return the connection with its slot.

    `warned_of` is the other provider that the person agreed to deactivate: another one found active under the lock is
    refused unless `may_switch`. Raises StorageFailed and its kin; the old connection then stands.
    """
    with _changing(stores):
        profile = stores.load()
        _refuse_to_switch(stores, profile, warned_of, may_switch=may_switch)
        old = profile.remnants(stores.table).key
        place = KeyPlace(decided.key.storage, _free_slot(old, decided.key.storage), decided.key.hint)
        connection = replace(decided, key=place)
        _write_secret(stores, place, key)
        try:
            rewrite(profile.path, lambda content: _connected(content, stores.table, connection))
        except StorageFailed:
            _sweep(stores, {place.storage}, spare=old)
            raise
        log.debug("settings written: %s", profile.path)
        for problem in _sweep(stores, _storages_of(place, old), spare=place):
            stores.warn(f"An old secret could not be removed: {problem.message}")
        return connection


def configure(stores: Stores, seen: Connection, now: Connection) -> Connection:
    """Write what differs between `seen` and `now` into the settings as they stand; return the whole.

    Raises NotConnected when the connection went away meanwhile, StorageFailed when it was made anew.
    """
    with _changing(stores):
        profile = stores.load()
        current = profile.connection(stores.table)
        if current is None:
            raise NotConnected(f"{stores.table.title} was disconnected meanwhile; nothing was changed.")
        if (current.connected_at, current.key) != (seen.connected_at, seen.key):
            raise StorageFailed(
                f"{stores.table.title} was connected anew meanwhile; nothing was changed.", fix="Run the command again."
            )
        settings = {**current.settings, **_differences(seen.settings, now.settings)}
        connection = replace(
            current, settings=settings, verified_at=now.verified_at, account_tax_code=now.account_tax_code
        )
        rewrite(profile.path, lambda content: _with_table(content, stores.table, connection))
        log.debug("settings written: %s", profile.path)
        return connection


def activate(stores: Stores, verified: Connection, warned_of: str | None, *, may_switch: bool) -> Connection:
    """Make a connected provider the active one, in one step; return its connection as it stands.

    Raises NotConnected when it went away meanwhile, and as `connect` for another active provider.
    """
    with _changing(stores):
        profile = stores.load()
        current = profile.connection(stores.table)
        if current is None:
            raise NotConnected(f"{stores.table.title} was disconnected meanwhile; nothing was changed.")
        _refuse_to_switch(stores, profile, warned_of, may_switch=may_switch)
        connection = replace(current, verified_at=verified.verified_at)
        rewrite(profile.path, lambda content: _connected(content, stores.table, connection))
        log.debug("active provider: %s", stores.table.provider)
        return connection


def disconnect(stores: Stores, *, leave_secret: bool) -> bool:
    """Remove the secrets, then the settings; return whether there were any settings.

    Raises StorageFailed and its kin: settings are never removed over a secret that could not be.
    """
    with _changing(stores):
        try:
            profile = stores.load()
            old = profile.remnants(stores.table).key if profile.is_connected(stores.table.provider) else None
        except SettingsUnreadable:
            _delete_secrets(stores, None, leave_secret=leave_secret)
            raise
        was_connected = profile.is_connected(stores.table.provider)
        _delete_secrets(stores, old, leave_secret=leave_secret)
        if was_connected:
            rewrite(profile.path, lambda content: _without_table(content, stores.table.provider))
            log.debug("settings removed: %s", profile.path)
        return was_connected


def rehearse(stores: Stores) -> None:
    """Raise StorageFailed where a change would fail for want of a folder to write to; touches nothing."""
    folder = next(folder for folder in (stores.folder, *stores.folder.parents) if folder.exists())
    if not folder.is_dir() or not os.access(folder, os.W_OK | os.X_OK):
        raise StorageFailed(f"Cannot write to {folder}: not a folder that can be written to.")


@contextmanager
def _changing(stores: Stores) -> Iterator[None]:
    """Hold the profile's lock, with Ctrl-C waiting, and clear away what a killed run left."""
    with locked(stores.folder / f"{stores.profile}.lock", _LOCK_SECONDS), _uninterrupted():
        sweep(stores.folder / f"{stores.profile}.toml")
        sweep(stores.folder / f"{stores.profile}.secrets.toml")
        yield


@contextmanager
def _uninterrupted() -> Iterator[None]:
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, lambda *_: None)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def _refuse_to_switch(stores: Stores, profile: Profile, warned_of: str | None, *, may_switch: bool) -> None:
    active = profile.active_provider
    if may_switch or active in (None, stores.table.provider, warned_of):
        return
    raise MissingInput(
        f"{active} has become the active provider meanwhile; nothing was changed.",
        [Missing("--yes")],
        fix=f"Run the command again; connecting {stores.table.title} will deactivate it.",
    )


def _free_slot(old: KeyPlace | None, storage: Storage) -> Slot | None:
    if storage == "env":
        return None
    return "b" if old and old.storage == storage and old.slot == "a" else "a"


def _write_secret(stores: Stores, place: KeyPlace, key: ApiKey) -> None:
    if place.slot is None:
        return
    try:
        stores.open_secrets(place.storage).write(place.slot, key)
    except BokkoError:
        _sweep(stores, {place.storage}, spare=stores.load().remnants(stores.table).key)
        raise
    log.debug("secret written: %s", stores.open_secrets(place.storage).entry(place.slot))


def _storages_of(*places: KeyPlace | None) -> set[Storage]:
    """The keyring only where it was or is in use: touching it may open a dialog."""
    return {"file", *(place.storage for place in places if place)}


def _sweep(stores: Stores, storages: set[Storage], spare: KeyPlace | None) -> list[BokkoError]:
    """Empty every slot but the one that counts; return what failed."""
    failures: list[BokkoError] = []
    for storage in stores.may_hold_secrets():
        if storage not in storages:
            continue
        for slot in SLOTS:
            if spare and (storage, slot) == (spare.storage, spare.slot):
                continue
            try:
                stores.open_secrets(storage).delete(slot)
            except BokkoError as error:
                failures.append(error)
                break
    return failures


def _delete_secrets(stores: Stores, old: KeyPlace | None, *, leave_secret: bool) -> None:
    for storage in stores.may_hold_secrets():
        failures = _sweep(stores, {storage}, spare=None)
        if not failures:
            continue
        failure = failures[0]
        if leave_secret:
            entries = " and ".join(stores.open_secrets(storage).entry(slot) for slot in SLOTS)
            stores.warn(f"The secret is left behind: {entries}")
        elif old is not None and old.storage != storage:
            # Only a run that was killed could have left a secret there.
            if failure.code != KeyringUnavailable.code:
                stores.warn(f"A place without the current secret could not be searched: {failure.message}")
        elif old is not None or failure.code != KeyringUnavailable.code:
            failure.fix += f" Or: bokko {stores.table.provider} disconnect --leave-secret"
            raise failure


def _connected(content: Content, table: Table, connection: Connection) -> Content:
    return {**_with_table(content, table, connection), "active_provider": table.provider}


def _with_table(content: Content, table: Table, connection: Connection) -> Content:
    old = content.get(table.provider)
    merged = _merged(old if isinstance(old, Mapping) else {}, _as_content(table, connection))
    return {"schema": SCHEMA, **content, table.provider: merged}


def _without_table(content: Content, provider: str) -> Content:
    rest = {**content, provider: None}
    return {**rest, "active_provider": None} if content.get("active_provider") == provider else rest


def _as_content(table: Table, connection: Connection) -> Content:
    key = connection.key
    return {
        "connected_at": _whole_seconds(connection.connected_at),
        "verified_at": _whole_seconds(connection.verified_at),
        "endpoint": connection.endpoint,
        "account_tax_code": connection.account_tax_code,
        "invoice_mode": connection.invoice_mode,
        **{field.name: plain(connection.settings[field.name]) for field in table.fields},
        "api_key": {"storage": key.storage, "slot": key.slot, "hint": key.hint},
    }


def _merged(old: Content, new: Content) -> Content:
    result: dict[str, object] = dict(old)
    for key, value in new.items():
        before = old.get(key)
        result[key] = _merged(before, value) if isinstance(value, Mapping) and isinstance(before, Mapping) else value
    return result


def _differences(before: Settings, after: Settings) -> Settings:
    return {name: value for name, value in after.items() if name not in before or before[name] != value}


def _whole_seconds(moment: datetime) -> datetime:
    return moment.replace(microsecond=0)
