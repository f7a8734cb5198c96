"""Both stores as one change: the settings file decides which secret counts."""

import logging
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from bokko_cli.errors import Missing, MissingInput, NotConnected, SettingsUnreadable, StorageFailed
from bokko_cli.model.apikey import ApiKey
from bokko_cli.model.values import Connection, KeyPlace, Settings
from bokko_cli.model.wording import N_
from bokko_cli.store import slots
from bokko_cli.store.access import require_lockable, require_openable, require_replaceable
from bokko_cli.store.content import activated, with_slots, with_table, without_table
from bokko_cli.store.lock import locked
from bokko_cli.store.profile import Profile, lock_path, secrets_path, settings_path
from bokko_cli.store.slots import Stores
from bokko_cli.store.toml_file import prepared, rewrite, rewritten, sweep_beside

_WAITING = [number for number in signal.Signals if number.name in {"SIGINT", "SIGTERM", "SIGHUP"}]
log = logging.getLogger("bokko.commit")


def connect(stores: Stores, decided: Connection, key: ApiKey, warned_of: str | None, *, may_switch: bool) -> Connection:
    """Keep key and settings and make the provider the active one; return the connection with its slot.

    `warned_of` is the other provider that the person agreed to deactivate: another one found active under the lock is
    refused unless `may_switch`. Raises StorageFailed or one of its subclasses; the old connection then stands.
    """
    with _changing(stores):
        profile = stores.load()
        _refuse_to_switch(stores, profile, warned_of, may_switch=may_switch)
        old = _old_place(stores, profile)
        place = slots.free_place(decided.key, old)
        connection = decided._replace(key=place)
        with (
            prepared(profile.path, lambda content: activated(content, stores.spec, connection)) as put_in_place,
            slots.new_secret(stores, place, key, old),
        ):
            put_in_place()
        log.debug("settings written: %s", profile.path)
        slots.sweep(stores, place, old)
        return connection


def configure(stores: Stores, expected: Connection, now: Connection) -> Connection:
    """Write what differs between `expected` and `now` into the settings as they stand; return the whole.

    Raises NotConnected when the connection went away meanwhile, StorageFailed when it was made again.
    """
    with _changing(stores):
        profile = stores.load()
        current = _still_connected(stores, profile.repairable(stores.spec), expected)
        differences = _differences(expected.settings, now.settings)
        settings = {**current.settings, **differences}
        if not all(field.name in settings for field in stores.spec.fields):
            profile.connection(stores.spec)  # raises: the file was broken since it was read
        connection = current._replace(
            settings=settings,
            verified_at=now.verified_at,
            account_tax_code=now.account_tax_code,
            subscription_until=now.subscription_until,
            subscription_has_plan=now.subscription_has_plan,
            rehearsal=None if differences else current.rehearsal,
        )
        rewrite(profile.path, lambda content: with_table(content, stores.spec, connection))
        log.debug("settings written: %s", profile.path)
        slots.sweep(stores, connection.key)
        return connection


def activate(stores: Stores, verified: Connection, warned_of: str | None, *, may_switch: bool) -> Connection:
    """Make a connected provider the active one, in one step; return its connection as it stands.

    Raises as `configure` when the connection changed meanwhile, and as `connect` for another active provider.
    """
    with _changing(stores):
        profile = stores.load()
        current = _still_connected(stores, profile.connection(stores.spec), verified)
        _refuse_to_switch(stores, profile, warned_of, may_switch=may_switch)
        connection = current._replace(
            verified_at=verified.verified_at,
            subscription_until=verified.subscription_until,
            subscription_has_plan=verified.subscription_has_plan,
        )
        rewrite(profile.path, lambda content: activated(content, stores.spec, connection))
        log.debug("active provider: %s", stores.spec.provider)
        slots.sweep(stores, connection.key)
        return connection


def disconnect(stores: Stores, *, leave_secret: bool) -> bool:
    """Remove the secrets, then the settings; return whether there were any settings.

    Raises StorageFailed or one of its subclasses: settings are never removed over a secret that could not be.
    """
    with _changing(stores):
        try:
            profile = stores.load()
            old = profile.remnants(stores.spec).key
        except SettingsUnreadable:
            slots.delete_all(stores, None, leave_secret=leave_secret)
            raise
        if not profile.is_connected(stores.spec.provider):
            slots.delete_all(stores, None, leave_secret=leave_secret)
            return False
        with prepared(profile.path, lambda content: without_table(content, stores.spec.provider)) as put_in_place:
            slots.delete_all(stores, old, leave_secret=leave_secret)
            put_in_place()
        log.debug("settings removed: %s", profile.path)
        return True


def dry_run(stores: Stores, decided: Connection) -> None:
    """Raise what keeping this connection would, as far as it shows without writing; touches nothing."""
    require_lockable(lock_path(stores.folder, stores.profile))
    path = settings_path(stores.folder, stores.profile)
    require_replaceable(path)
    rewritten(path, lambda content: activated(content, stores.spec, decided))
    if decided.key.slot:
        return  # the secret stays where it is
    old = stores.load().remnants(stores.spec).key
    if "keyring" in {decided.key.storage, old.storage if old else None}:
        require_openable(stores.mark)
    if decided.key.storage == "file":
        rewritten(
            secrets_path(stores.folder, stores.profile), lambda content: with_slots(content, stores.spec.provider)
        )


@contextmanager
def _changing(stores: Stores) -> Iterator[None]:
    """Hold the profile's lock, with Ctrl-C waiting, and clear away what a killed run left."""
    with locked(lock_path(stores.folder, stores.profile), stores.lock_timeout, stores.notify), _uninterrupted():
        sweep_beside(settings_path(stores.folder, stores.profile))
        sweep_beside(secrets_path(stores.folder, stores.profile))
        yield


@contextmanager
def _uninterrupted() -> Iterator[None]:
    """Let Ctrl-C and other signals wait; after a change was made, for the rest of the command, which only shows it."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = {number: signal.signal(number, lambda *_: None) for number in _WAITING}
    try:
        yield
    except BaseException:
        for number, handler in before.items():
            signal.signal(number, handler)
        raise
    for number in _WAITING:  # and no longer by a function: the interpreter forgets those when it shuts down
        signal.signal(number, signal.SIG_IGN)


def _old_place(stores: Stores, profile: Profile) -> KeyPlace | None:
    """Return where the old secret is; one whose place cannot be understood may be in the keyring."""
    place = profile.remnants(stores.spec).key
    if place is None and profile.is_connected(stores.spec.provider) and "keyring" in stores.storages:
        return KeyPlace("keyring", None, None)
    return place


def _refuse_to_switch(stores: Stores, profile: Profile, warned_of: str | None, *, may_switch: bool) -> None:
    active = profile.active_provider
    if may_switch or active in (None, stores.spec.provider, warned_of):
        return
    raise MissingInput(
        N_("{active} has become the active provider in the meantime; nothing was changed.", active=active),
        [Missing("--yes")],
        fix=N_("Run the command again. {active} will be deactivated.", active=active),
    )


def _still_connected(stores: Stores, current: Connection | None, expected: Connection) -> Connection:
    """Return the connection as it stands now, unless it is no longer the one that was read and verified."""
    if current is None:
        raise NotConnected(
            N_("{provider} was disconnected in the meantime; nothing was changed.", provider=stores.spec.title),
            fix=stores.spec.command("connect"),
        )
    if (current.connected_at, current.key.place) != (expected.connected_at, expected.key.place):
        raise StorageFailed(
            N_("{provider} was connected again in the meantime; nothing was changed.", provider=stores.spec.title),
            fix=N_("Run the command again."),
        )
    return current


def _differences(before: Settings, after: Settings) -> Settings:
    return {name: value for name, value in after.items() if name not in before or before[name] != value}
