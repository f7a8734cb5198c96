"""`integrations`: every provider on one page."""

from dataclasses import dataclass

from bokko_cli.commands.shared.statuses import not_connected, stored
from bokko_cli.context import Context, Scope
from bokko_cli.errors import ExitCode
from bokko_cli.model.values import Status
from bokko_cli.store.profile import Profile


@dataclass(frozen=True, slots=True)
class Options:
    """`integrations` has no flags of its own."""


def run(ctx: Context, _options: Options) -> ExitCode:
    """Show all providers as they are stored; no network.

    The settings are read once: between two readings another process could change who is active.
    """
    scopes = [ctx.at(provider) for provider in ctx.specs]
    profile = scopes[0].load()
    ctx.output.show_all([_status(scope, profile) for scope in scopes])
    return ExitCode.DONE


def _status(scope: Scope, profile: Profile) -> Status:
    connection = profile.connection(scope.spec)
    if connection is None:
        return not_connected(scope, profile.active_provider)
    return stored(scope, profile.active_provider, connection)
