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
from bokko_cli.store.profile import settings_path
from bokko_cli.store.slots import Stores
from bokko_cli.store.toml_file import rewrite

Keep = Callable[[Rehearsal | None, bool | None], None]
"""Takes the outcome and whether the key may write; what is `None` is not known, and leaves what is stored."""

log = logging.getLogger("bokko.rehearsal")


@contextmanager
def rehearsing(stores: Stores, seen: Connection) -> Iterator[Keep]:
    """Hold the profile's lock while a connection is rehearsed as it was seen; hand out what keeps the outcome.

    Raises StorageFailed where another process holds the lock for too long, or has changed the connection meanwhile.
    """
    with locked(stores.folder / f"{stores.profile}.lock", stores.patience, stores.tell):
        if not _is_same(stores.load().connection(stores.spec), seen):
            raise StorageFailed(
                N_(
                    "The connection with {provider} was changed in the meantime; nothing was sent.",
                    provider=stores.spec.title,
                ),
                fix=N_("Run the command again."),
            )
        yield partial(_keep, stores, seen)


def _keep(stores: Stores, seen: Connection, outcome: Rehearsal | None, can_write: bool | None) -> None:
    """Write into the settings as they stand, unless somebody edited by hand what was rehearsed."""
    now = stores.load().connection(stores.spec)
    if now is None or not _is_same(now, seen):
        return
    key = now.key if can_write is None else now.key._replace(can_write=can_write)
    connection = now._replace(rehearsal=outcome or now.rehearsal, key=key)
    rewrite(settings_path(stores.folder, stores.profile), lambda content: with_table(content, stores.spec, connection))
    log.debug("outcome written: %s", outcome and outcome.outcome)


def _is_same(now: Connection | None, seen: Connection) -> bool:
    return now is not None and (now.connected_at, now.endpoint, now.settings, now.key.place) == (
        seen.connected_at,
        seen.endpoint,
        seen.settings,
        seen.key.place,
    )
