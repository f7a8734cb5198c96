"""How a rehearsal ended, written down while nobody else may change what was rehearsed."""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial

from bokko_cli.errors import StorageFailed
from bokko_cli.model.values import Connection, Rehearsal
from bokko_cli.model.wording import N_
from bokko_cli.store.content import with_table
from bokko_cli.store.lock import locked
from bokko_cli.store.profile import lock_path, settings_path
from bokko_cli.store.slots import Stores
from bokko_cli.store.toml_file import rewrite

Keep = Callable[[Rehearsal | None, bool | None], None]
"""Takes the outcome and whether the key may write; what is `None` is not known, and leaves what is stored."""

log = logging.getLogger("bokko.rehearsal")


@contextmanager
def rehearsing(stores: Stores, expected: Connection) -> Iterator[Keep]:
    """Hold the profile's lock while a connection is rehearsed as it was read; hand out what keeps the outcome.

    Raises StorageFailed where another process holds the lock for too long, or has changed the connection meanwhile.
    """
    with locked(lock_path(stores.folder, stores.profile), stores.lock_timeout, stores.notify):
        if not _is_same(stores.load().connection(stores.spec), expected):
            raise StorageFailed(
                N_(
                    "The connection to {provider} was changed in the meantime; nothing was sent.",
                    provider=stores.spec.title,
                ),
                fix=N_("Run the command again."),
            )
        yield partial(_keep, stores, expected)


def _keep(stores: Stores, expected: Connection, outcome: Rehearsal | None, can_write: bool | None) -> None:
    """Write into the settings as they stand, unless somebody edited by hand what was rehearsed."""
    now = stores.load().connection(stores.spec)
    if now is None or not _is_same(now, expected):
        return
    key = now.key if can_write is None else now.key._replace(can_write=can_write)
    connection = now._replace(rehearsal=outcome or now.rehearsal, key=key)
    rewrite(settings_path(stores.folder, stores.profile), lambda content: with_table(content, stores.spec, connection))
    log.debug("outcome written: %s", outcome and outcome.outcome)


def _is_same(now: Connection | None, expected: Connection) -> bool:
    return now is not None and (now.connected_at, now.endpoint, now.settings, now.key.place) == (
        expected.connected_at,
        expected.endpoint,
        expected.settings,
        expected.key.place,
    )
