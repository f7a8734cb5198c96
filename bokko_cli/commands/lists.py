"""`blocks` and `accounts`: what can be picked in the connected account."""

from dataclasses import dataclass

from bokko_cli.commands.shared import endpoints, keys
from bokko_cli.commands.shared.ask import ask
from bokko_cli.commands.shared.connected import no_connection, unknown_profile
from bokko_cli.context import Scope
from bokko_cli.errors import ExitCode, NotConnected, SettingsUnreadable
from bokko_cli.model.apikey import ApiKey
from bokko_cli.model.settings import as_choice
from bokko_cli.model.spec import ways_to_give_a_key
from bokko_cli.model.values import Connection
from bokko_cli.model.wording import N_, lines


@dataclass(frozen=True, slots=True)
class Options:
    """Which setting's rows are listed, and the flags that give a key."""

    setting: str
    api_key_stdin: bool = False
    api_key_file: str | None = None


def run(scope: Scope, options: Options) -> ExitCode:
    """List the rows of one setting, with the key of a flag, the environment or the stored one."""
    endpoint, key = _key(scope, options)
    rows = ask(scope, endpoint, key, lambda provider: provider.listed(options.setting))
    scope.output.show_rows(tuple(as_choice(row) for row in rows))
    if not rows:
        scope.output.say(scope.spec.field(options.setting).where_to_make)
    return ExitCode.DONE


def _key(scope: Scope, options: Options) -> tuple[str, ApiKey]:
    """Return the key to ask with and its address; where a key was given, nothing needs to be connected."""
    given = keys.given_key(scope, from_stdin=options.api_key_stdin, file=options.api_key_file)
    if given:
        keys.mention_source(scope, given)
        return endpoints.for_given_key(scope, _connection_if_any(scope)), given.key
    connection = scope.load().connection(scope.spec)
    if connection is None and unknown_profile(scope):
        raise no_connection(scope)
    if connection is None:
        raise NotConnected(
            N_("{provider} is not connected, and no key was given.", provider=scope.spec.title),
            fix=lines(scope.command("connect"), ways_to_give_a_key(scope.spec)),
        )
    stored = keys.needed_key(scope, connection)
    return endpoints.for_stored_key(scope, stored), stored.key


def _connection_if_any(scope: Scope) -> Connection | None:
    try:
        return scope.load().connection(scope.spec)
    except SettingsUnreadable:
        return None
