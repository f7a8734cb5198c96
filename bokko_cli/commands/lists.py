"""`blocks` and `accounts`: what can be picked in the connected account."""

from dataclasses import dataclass

from bokko_cli.commands.shared import endpoints, keys
from bokko_cli.commands.shared.ask import ask
from bokko_cli.context import Scope
from bokko_cli.errors import ExitCode, NotConnected
from bokko_cli.model.apikey import ApiKey
from bokko_cli.model.spec import as_choice


@dataclass(frozen=True, slots=True)
class Options:
    """Which setting's rows are listed."""

    setting: str


def run(scope: Scope, options: Options) -> ExitCode:
    """List the rows of one setting, with the key of the environment or the stored one."""
    endpoint, key, source = _key(scope)
    scope.output.say(f"Using the key from {source}.")
    rows = ask(scope, endpoint, key, lambda provider: provider.listed(options.setting))
    scope.output.show_rows(tuple(as_choice(row) for row in rows))
    if not rows:
        scope.output.say(scope.spec.field(options.setting).where_to_make)
    return ExitCode.DONE


def _key(scope: Scope) -> tuple[str, ApiKey, str]:
    connection = scope.load().connection(scope.spec)
    given = keys.variable_key(scope)
    if given:
        return endpoints.for_given_key(scope, connection), given.key, given.source
    if connection is None:
        raise NotConnected(
            f"{scope.spec.title} is not connected, and {scope.spec.key_variable} is not set.",
            fix=scope.command("connect"),
        )
    stored = keys.stored_key(scope, connection)
    if stored.key is None:
        assert stored.failure is not None  # noqa: S101 - no key, so there is a reason
        raise stored.failure
    return endpoints.for_stored_key(scope, connection), stored.key, f"the {connection.key.storage}"
