"""`status`: what is stored and whether it is ready; no network."""

from collections.abc import Callable

from bokko_cli.commands.shared.keys import StoredKey, stored_key
from bokko_cli.context import Context
from bokko_cli.errors import ExitCode
from bokko_cli.model.readiness import KeyState, exit_code_of, offline_problems, state_of
from bokko_cli.model.values import Connection, Status
from bokko_cli.store.profile import settings_path

Look = Callable[[Context, str | None, Connection], Status]
"""How a connection is looked at; takes the active provider too."""


def run(ctx: Context) -> ExitCode:
    """Show the readiness panel from what is stored."""
    return show(ctx, stored)


def show(ctx: Context, look: Look) -> ExitCode:
    """Show the readiness panel of whatever there is, and return what it means for a script."""
    profile = ctx.load()
    connection = profile.connection(ctx.spec)
    active = profile.active_provider
    status = look(ctx, active, connection) if connection else not_connected(ctx, active)
    ctx.output.show(status)
    return exit_code_of(status)


def stored(ctx: Context, active: str | None, connection: Connection) -> Status:
    """Return the status of a connection with its key as it is stored."""
    return offline(ctx, active, connection, stored_key(ctx, connection))


def not_connected(ctx: Context, active: str | None) -> Status:
    """Return the status of a provider without a connection."""
    return Status(ctx.spec.provider, ctx.profile_name, active, connection=None, state="not_connected")


def offline(ctx: Context, active: str | None, connection: Connection, key: StoredKey) -> Status:
    """Return the status as far as it shows without a network."""
    problems = offline_problems(ctx.spec, connection, KeyState(key.failure), ctx.clock().date())
    return Status(
        provider=ctx.spec.provider,
        profile=ctx.profile_name,
        active_provider=active,
        connection=connection,
        state=state_of(is_active=active == ctx.spec.provider, problems=problems),
        key_source=key.source,
        problems=problems,
        settings_file=settings_path(ctx.folder, ctx.profile_name),
    )
