"""What the commands that verify and save have in common."""

from bokko_cli.commands.shared.ask import ask
from bokko_cli.commands.shared.keys import StoredKey
from bokko_cli.commands.shared.statuses import offline, surveyed
from bokko_cli.context import Scope
from bokko_cli.model.apikey import ApiKey
from bokko_cli.model.values import Account, Connection
from bokko_cli.store.slots import Stores
from bokko_cli.wizard.key import complete
from bokko_cli.wizard.setup import Talk

_SHORTEST_WAIT = 4.0
"""Seconds that another process gets to end its change, however long the network took."""


def verify_at(scope: Scope, endpoint: str, key: ApiKey) -> Account:
    """Ask the provider about a key; raises Refused, Unreachable, or EndpointRefused before anything is sent."""
    return ask(scope, endpoint, key, lambda provider: complete(provider.survey()))


def show_saved(scope: Scope, connection: Connection, active: str | None, account: Account, *, is_dry_run: bool) -> None:
    """Show the panel of what was just verified and saved, with all that the provider's answers say about it."""
    is_not_kept = connection.key.slot is None and connection.key.storage != "env"
    key = StoredKey(None, None if is_dry_run and is_not_kept else connection.key.storage, None)
    status = surveyed(scope, offline(scope, active, connection, key), connection, account.as_survey())
    scope.output.show(status._replace(is_dry_run=is_dry_run))


def warn_of_other(scope: Scope, active: str | None, *, verb: str, may_switch: bool) -> str | None:
    """Warn before the first question; return the other active provider, `None` if there is none.

    Where nobody can be asked, a missing `--yes` is remembered.
    """
    if active in (None, scope.spec.provider):
        return None
    other = scope.title_of(str(active))
    scope.output.warn(
        f"{other} is the active provider. {verb} {scope.spec.title} will deactivate it; its settings stay."
    )
    if not scope.prompter.can_ask and not may_switch:
        scope.prompter.confirm(f"{other} is active and would be deactivated.", "--yes", default=False)
    return active


def talk(scope: Scope) -> Talk:
    """Return what the conversation needs of the world."""
    return Talk(scope.spec, scope.prompter, scope.output.say, scope.output.warn, scope.output.complain)


def stores(scope: Scope) -> Stores:
    """Return the two stores of this provider and profile."""
    patience = max(_SHORTEST_WAIT, scope.deadline.left())
    return Stores(
        scope.folder, scope.profile_name, scope.spec, scope.storages, scope.open_secrets, scope.output.warn, patience
    )
