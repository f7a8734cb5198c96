"""What the settings of every profile say, read once for the subjects that need it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from bokko_cli.commands.doctor.keyring import Need
from bokko_cli.commands.shared.many import At
from bokko_cli.commands.shared.statuses import stored
from bokko_cli.context import Context, Scope
from bokko_cli.errors import SettingsUnreadable
from bokko_cli.model.values import Connection, KeyPlace, Status
from bokko_cli.store.profiles import OwnFile, own_files


class Connected(NamedTuple):
    """One connection that can be read, and who is active in its profile."""

    scope: Scope
    active: str | None
    connection: Connection


class Stored(NamedTuple):
    """All that is stored: our files, the connections, and the profiles that cannot be read."""

    files: Sequence[OwnFile] = ()
    connections: Sequence[Connected] = ()
    unread: frozenset[str] = frozenset()

    @property
    def need_of_keyring(self) -> Need:
        """Whether a key is in the keyring, or may be: of settings that cannot be read, or of a run that was killed."""
        is_marked = any(file.purpose == "mark" for file in self.files)
        if self.unread or is_marked or any(one.connection.key.storage == "keyring" for one in self.connections):
            return "needed"
        return "elsewhere" if self.connections else "open"

    def endpoints(self, provider: str) -> list[str]:
        """Return the addresses that a provider's stored keys belong to, each once."""
        found = (one.connection.endpoint for one in self.connections if one.scope.spec.provider == provider)
        return list(dict.fromkeys(found))

    @property
    def places(self) -> Mapping[tuple[str, str], KeyPlace]:
        """Where the settings say that a key is, by provider and profile."""
        return {(one.scope.spec.provider, one.scope.profile_name): one.connection.key for one in self.connections}


def all_stored(ctx: Context, at: At) -> Stored:
    """Read every profile; what cannot be read has items in the settings' section."""
    try:
        files = own_files(ctx.folder, ctx.specs)
    except SettingsUnreadable:
        return Stored()
    found: list[Connected] = []
    unread = set()
    for file in files:
        if file.purpose == "settings":
            try:
                found += _of_profile(ctx.specs, at, file.profile)
            except SettingsUnreadable:
                unread.add(file.profile)
    return Stored(files, found, frozenset(unread))


def statuses(every: Stored) -> Iterator[Status]:
    """Return each connection's status, its key as it is stored."""
    for scope, active, connection in every.connections:
        yield stored(scope, active, connection)


def _of_profile(providers: Iterable[str], at: At, name: str) -> Iterator[Connected]:
    for provider in providers:
        scope = at(provider, name)
        profile = scope.load()
        connection = profile.connection(scope.spec)
        if connection:
            yield Connected(scope, profile.active_provider, connection)
