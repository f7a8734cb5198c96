"""`status --check`: the same, with each thing asked of the provider anew; changes nothing."""

from bokko_cli.apikey import ApiKey
from bokko_cli.commands.keys import checked_destination, endpoint_of, mention_unused_variable, stored_key
from bokko_cli.commands.status import not_connected, offline
from bokko_cli.context import Context
from bokko_cli.errors import ExitCode
from bokko_cli.model import Connection, Status, Survey
from bokko_cli.readiness import exit_code_of, live_problems, state_of


def run(ctx: Context) -> ExitCode:
    """Show the readiness panel, re-verified."""
    profile = ctx.load()
    connection = profile.connection(ctx.table)
    if connection is None:
        status = not_connected(ctx, profile.active_provider)
    else:
        status = checked(ctx, profile.active_provider, connection)
    ctx.voice.show(status)
    return exit_code_of(status)


def checked(ctx: Context, active: str | None, connection: Connection) -> Status:
    """Return the status with what the provider says now; without a readable key the offline one."""
    endpoint = endpoint_of(ctx, connection)
    mention_unused_variable(ctx, connection.key.storage)
    key = stored_key(ctx, connection)
    status = offline(ctx, active, connection, key)
    if key.key is None:
        return status._replace(checked_at=ctx.clock())
    checked_destination(key.key, endpoint)
    survey = _survey(ctx, endpoint, key.key)
    problems = (*status.problems, *live_problems(ctx.table, connection, survey, ctx.clock().date()))
    state = state_of(is_active=active == ctx.table.provider, problems=problems)
    return status._replace(problems=problems, state=state, checked_at=ctx.clock())


def _survey(ctx: Context, endpoint: str, key: ApiKey) -> Survey:
    ctx.deadline.restart()
    with ctx.voice.busy(f"Asking {ctx.table.title}…") as tell:
        provider = ctx.open_provider(endpoint, key, tell)
        try:
            return provider.survey()
        finally:
            provider.close()
