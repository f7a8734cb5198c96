"""The connection that a command needs."""

from bokko_cli.context import Scope
from bokko_cli.errors import NotConnected, SettingsUnreadable
from bokko_cli.model.values import Connection
from bokko_cli.model.wording import N_, Sentence
from bokko_cli.store.profile import settings_path
from bokko_cli.store.profiles import profile_names


def connected(scope: Scope) -> Connection:
    """Return the connection; raises NotConnected, SettingsUnreadable."""
    connection = scope.load().connection(scope.spec)
    if connection is None:
        raise no_connection(scope)
    return connection


def no_connection(scope: Scope) -> NotConnected:
    """Return the error for a provider that is not connected; a profile that does not exist is called so."""
    unknown = unknown_profile(scope)
    if unknown:
        return NotConnected(
            unknown,
            fix=N_("Correct --profile or BOKKO_PROFILE, or connect it: {command}", command=scope.command("connect")),
        )
    return NotConnected(N_("{provider} is not connected.", provider=scope.spec.title), fix=scope.command("connect"))


def unknown_profile(scope: Scope) -> Sentence | None:
    """Say that a profile does not exist, and which do; `None` where it does, or where there is none at all."""
    if settings_path(scope.folder, scope.profile_name).exists():
        return None
    try:
        names = profile_names(scope.folder)
    except SettingsUnreadable:
        return None
    if not names:
        return None
    return N_("There is no profile {profile}. There are: {names}.", profile=scope.profile_name, names=", ".join(names))
