"""The connection that a command needs."""

from bokko_cli.context import Scope
from bokko_cli.errors import NotConnected, SettingsUnreadable
from bokko_cli.model.values import Connection
from bokko_cli.model.wording import N_, Sentence, lines
from bokko_cli.store.profile import Profile, settings_path
from bokko_cli.store.profiles import profile_names


def connected(scope: Scope) -> Connection:
    """Return the connection; raises NotConnected, SettingsUnreadable."""
    connection = scope.load().connection(scope.spec)
    if connection is None:
        raise no_connection(scope)
    return connection


def say_what_is_there(scope: Scope, profile: Profile) -> None:
    """Say, before the first question, since when there is a connection, whether it is active, and with which key."""
    there = profile.remnants(scope.spec)
    if there.connected_at is None:
        return
    is_active = profile.active_provider == scope.spec.provider
    fields: dict[str, object] = {"provider": scope.spec.title, "since": there.connected_at}
    scope.output.say(
        N_("{provider} has been connected since {since} and is the active provider.", **fields)
        if is_active
        else N_("{provider} has been connected since {since} but is not the active provider.", **fields)
    )
    if there.key and there.key.hint:
        scope.output.say(N_("Its {key} ends in {hint}.", key=scope.spec.key_question, hint=there.key.hint))


def warn_of_what_counts_as_not_set(scope: Scope, profile: Profile) -> None:
    """Warn of what stands in the settings and cannot be understood, where the command goes on without it."""
    try:
        profile.connection(scope.spec)
    except SettingsUnreadable as error:
        scope.output.warn(lines(error.message, N_("Values that cannot be understood count as not set.")))


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
    return N_(
        "There is no profile {profile}. The profiles are: {names}.", profile=scope.profile_name, names=", ".join(names)
    )
