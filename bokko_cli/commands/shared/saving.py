"""What the commands that verify and save have in common."""

from collections.abc import Callable, Sequence

from bokko_cli.commands.shared.ask import ask
from bokko_cli.commands.shared.statuses import offline, surveyed
from bokko_cli.context import Scope
from bokko_cli.errors import Missing
from bokko_cli.model.apikey import ApiKey
from bokko_cli.model.readiness.live_problems import live_problems
from bokko_cli.model.readiness.stored_problems import offline_problems
from bokko_cli.model.values import Account, Connection, Problem, Status
from bokko_cli.model.wording import N_, Sentence
from bokko_cli.store.slots import Stores
from bokko_cli.wizard.conversation import Conversation
from bokko_cli.wizard.key import Verify, complete

NOTHING_WILL_BE_SAVED = N_("Is this right? Nothing will be saved.")
"""What the review asks on a dry run."""
_SHORTEST_WAIT = 4.0
"""Seconds that another process gets to end its change, however long the network took."""


def verify_at(scope: Scope, endpoint: str, key: ApiKey) -> Account:
    """Ask the provider about a key; raises Refused, Unreachable, or EndpointRefused before anything is sent."""
    return ask(scope, endpoint, key, lambda provider: complete(provider.survey()))


def show_saved(
    scope: Scope, connection: Connection, active: str | None, account: Account, *, is_dry_run: bool
) -> Status:
    """Show the panel of what was just verified and saved, with all that the provider's answers say about it."""
    is_not_kept = connection.key.slot is None and connection.key.storage != "env"
    key = None if is_dry_run and is_not_kept else connection.key.storage
    status = surveyed(scope, offline(scope, active, connection, key), connection, account.as_survey())
    scope.output.show(status._replace(is_dry_run=is_dry_run))
    return status


def warn_of_other(scope: Scope, active: str | None, warning: Callable[[str, str], Sentence]) -> str | None:
    """Warn before the first question; return the other active provider, `None` if there is none.

    `warning` makes a sentence of the other's title and this one's.
    """
    if active in (None, scope.spec.provider):
        return None
    scope.output.warn(warning(scope.title_of(str(active)), scope.spec.title))
    return active


def foresee_switch(scope: Scope, other: str | None, *, may_switch: bool) -> None:
    """Have a missing `--yes` refused with everything else that is missing, where nobody can be asked."""
    if other and not may_switch:
        why = N_("  --yes: {other} is active and would be deactivated.", other=scope.title_of(other))
        scope.prompter.foresee(Missing("--yes", note=why))


def foreseen(scope: Scope, connection: Connection, account: Account) -> Sequence[Problem]:
    """Return what would be wrong with a connection once it is saved."""
    offline = offline_problems(scope.spec, connection, None, scope.clock().date())
    return (*offline, *live_problems(scope.spec, connection, account.as_survey()))


def say_that_nothing_is_saved(scope: Scope, *, is_dry_run: bool) -> None:
    """Say before the first question what a dry run is."""
    if is_dry_run:
        scope.output.say(N_("This is a dry run: nothing will be saved."))


def talk(scope: Scope, verify: Verify) -> Conversation:
    """Return what the conversation needs of the world."""
    return Conversation(scope.spec, scope.prompter, scope.output.say, scope.output.warn, scope.output.report, verify)


def stores(scope: Scope) -> Stores:
    """Return the two stores of this provider and profile."""
    lock_timeout = max(_SHORTEST_WAIT, scope.deadline.left())
    return Stores(
        scope.folder,
        scope.profile_name,
        scope.spec,
        scope.storages,
        scope.open_secrets,
        scope.output.warn,
        scope.output.say,
        lock_timeout,
    )
