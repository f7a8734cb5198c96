"""`profiles`: every profile, by what its settings alone say."""

from dataclasses import dataclass

from bokko_cli.commands.shared.statuses import keyless, not_connected
from bokko_cli.context import Context
from bokko_cli.errors import ExitCode, SettingsUnreadable
from bokko_cli.model.values import Overview, Unread
from bokko_cli.store.profile import settings_path
from bokko_cli.store.profiles import profile_names


@dataclass(frozen=True, slots=True)
class Options:
    """`profiles` has no flags of its own."""


def run(ctx: Context, _options: Options) -> ExitCode:
    """Show all profiles, the unreadable ones too; no keyring and no network is asked."""
    ctx.output.show_profiles([_seen(ctx, name) for name in profile_names(ctx.folder)])
    return ExitCode.DONE


def _seen(ctx: Context, name: str) -> Overview | Unread:
    path = settings_path(ctx.folder, name)
    try:
        profile = ctx.at(next(iter(ctx.specs)), name).load()
        active = profile.active_provider
        states = {}
        for provider in ctx.specs:
            scope = ctx.at(provider, name)
            connection = profile.connection(scope.spec)
            status = keyless(scope, active, connection) if connection else not_connected(scope, active)
            states[provider] = status.state
    except SettingsUnreadable as error:
        return Unread(name, error, path)
    return Overview(name, active, states, path)
