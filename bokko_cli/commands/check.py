"""`status --check`: the same, with each thing asked of the provider anew; changes nothing."""

from bokko_cli.commands.shared.ask import ask
from bokko_cli.commands.shared.keys import endpoint_of, mention_unused_variable, stored_key
from bokko_cli.commands.status import offline, show
from bokko_cli.context import Context
from bokko_cli.errors import ExitCode
from bokko_cli.model.readiness import live_problems, state_of
from bokko_cli.model.values import Connection, Organization, Status


def run(ctx: Context) -> ExitCode:
    """Show the readiness panel, re-verified."""
    return show(ctx, checked)


def checked(ctx: Context, active: str | None, connection: Connection) -> Status:
    """Return the status with what the provider says now; without a readable key the offline one."""
    endpoint = endpoint_of(ctx, connection)
    mention_unused_variable(ctx, connection.key.storage)
    key = stored_key(ctx, connection)
    status = offline(ctx, active, connection, key)
    if key.key is None:
        return status._replace(checked_at=ctx.clock())
    survey = ask(ctx, endpoint, key.key, lambda provider: provider.survey())
    if isinstance(survey.organization, Organization):
        connection = connection.with_news(survey.organization)
        status = offline(ctx, active, connection, key)
    problems = (*status.problems, *live_problems(ctx.spec, connection, survey))
    state = state_of(is_active=active == ctx.spec.provider, problems=problems)
    return status._replace(problems=problems, state=state, checked_at=ctx.clock())
