"""`blocks` and `accounts`: what can be picked in the connected account."""

from bokko_cli.commands.shared import keys
from bokko_cli.commands.shared.ask import ask
from bokko_cli.context import Context
from bokko_cli.errors import ExitCode, NotConnected
from bokko_cli.model.apikey import ApiKey
from bokko_cli.model.spec import as_choice


def run(ctx: Context, name: str) -> ExitCode:
    """List the rows of one setting, with the key of the environment or the stored one."""
    endpoint, key, source = _key(ctx)
    ctx.output.say(f"Using the key from {source}.")
    rows = ask(ctx, endpoint, key, lambda provider: provider.listed(name))
    ctx.output.show_rows(tuple(as_choice(row) for row in rows))
    if not rows:
        ctx.output.say(ctx.spec.field(name).where_to_make)
    return ExitCode.DONE


def _key(ctx: Context) -> tuple[str, ApiKey, str]:
    connection = ctx.load().connection(ctx.spec)
    given = keys.variable_key(ctx)
    if given:
        return keys.endpoint_for_given(ctx, connection), given.key, given.source
    if connection is None:
        raise NotConnected(
            f"{ctx.spec.title} is not connected, and {ctx.spec.key_variable} is not set.",
            fix=f"bokko {ctx.spec.provider} connect",
        )
    stored = keys.stored_key(ctx, connection)
    if stored.key is None:
        assert stored.failure is not None  # noqa: S101 - no key, so there is a reason
        raise stored.failure
    return keys.endpoint_of(ctx, connection), stored.key, f"the {connection.key.storage}"
