"""`integrations`: every provider on one page."""

from collections.abc import Sequence

from bokko_cli.commands.status import not_connected, stored
from bokko_cli.context import Context
from bokko_cli.errors import ExitCode
from bokko_cli.model.values import Status
from bokko_cli.store.profile import Profile


def run(contexts: Sequence[Context]) -> ExitCode:
    """Show all providers as they are stored; no network.

    The settings are read once: between two readings another process could change who is active.
    """
    profile = contexts[0].load()
    contexts[0].output.show_all([_status(ctx, profile) for ctx in contexts])
    return ExitCode.DONE


def _status(ctx: Context, profile: Profile) -> Status:
    connection = profile.connection(ctx.spec)
    if connection is None:
        return not_connected(ctx, profile.active_provider)
    return stored(ctx, profile.active_provider, connection)
