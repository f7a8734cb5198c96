"""A connection's status: the one place where a Status is built, without a network and with one."""

from collections.abc import Callable

from bokko_cli.commands.shared import endpoints
from bokko_cli.commands.shared.ask import ask
from bokko_cli.commands.shared.keys import StoredKey, mention_unused_variable, stored_key
from bokko_cli.commands.shared.survey_steps import checked_parts
from bokko_cli.context import Scope
from bokko_cli.errors import StorageFailed
from bokko_cli.model.readiness.live_problems import live_problems
from bokko_cli.model.readiness.state import state_of, worst
from bokko_cli.model.readiness.stored_problems import offline_problems
from bokko_cli.model.values import Connection, Organization, Problem, Status, Storage, Survey
from bokko_cli.output.base import StepResult
from bokko_cli.store.profile import settings_path

_NEXT_STEPS = {"not_connected": "connect", "inactive": "activate", "ready": "status", "attention": "status"}
"""The command that goes on from a state."""


def _tell_nobody(_: StepResult) -> None:
    pass


def not_connected(scope: Scope, active: str | None) -> Status:
    """Return the status of a provider without a connection; `active` is the active provider."""
    next_step = scope.command(_NEXT_STEPS["not_connected"])
    return Status(scope.spec.provider, scope.profile_name, active, None, "not_connected", next_step=next_step)


def stored(scope: Scope, active: str | None, connection: Connection) -> Status:
    """Return the status of a connection with its key as it is stored."""
    return with_key(scope, active, connection, stored_key(scope, connection))


def with_key(scope: Scope, active: str | None, connection: Connection, key: StoredKey | StorageFailed) -> Status:
    """Return the status of a connection whose key was looked for: of the one that names the key, where it was found."""
    if isinstance(key, StorageFailed):
        return offline(scope, active, connection, key)
    return offline(scope, active, key.connection, key.storage)


def keyless(scope: Scope, active: str | None, connection: Connection) -> Status:
    """Return the status of a connection by its settings alone; where the key is kept is not looked at."""
    return offline(scope, active, connection, None)


def offline(scope: Scope, active: str | None, connection: Connection, key: Storage | StorageFailed | None) -> Status:
    """Return the status as far as it shows without a network.

    `key` is where the key is, `None` where it is kept nowhere, or the error that says why it cannot be read.
    """
    failure = key if isinstance(key, StorageFailed) else None
    status = Status(
        provider=scope.spec.provider,
        profile=scope.profile_name,
        active_provider=active,
        connection=connection,
        state="ready",
        key_source=None if isinstance(key, StorageFailed) else key,
        settings_file=settings_path(scope.folder, scope.profile_name),
    )
    today = scope.clock().date()
    return _judged(scope, status, offline_problems(scope.spec, connection, failure, today))


def checked(
    scope: Scope, active: str | None, connection: Connection, tell: Callable[[StepResult], None] = _tell_nobody
) -> Status:
    """Return the status with what the provider says now; without a readable key the offline one.

    `tell` is told how each thing went that was asked.
    """
    mention_unused_variable(scope, connection.key.storage)
    key = stored_key(scope, connection)
    if isinstance(key, StorageFailed):
        return offline(scope, active, connection, key)._replace(checked_at=scope.clock())
    connection = key.connection
    endpoint = endpoints.for_stored_key(scope, key)
    survey = ask(scope, endpoint, key.key, lambda provider: provider.survey())
    for step in checked_parts(scope.spec, connection, survey):
        tell(step)
    if isinstance(survey.organization, Organization):
        connection = connection.with_news(survey.organization)
    status = surveyed(scope, offline(scope, active, connection, key.storage), connection, survey)
    return status._replace(checked_at=scope.clock())


def surveyed(scope: Scope, status: Status, connection: Connection, survey: Survey) -> Status:
    """Return a status with the problems that a survey shows besides."""
    return _judged(scope, status, (*status.problems, *live_problems(scope.spec, connection, survey)))


def _judged(scope: Scope, status: Status, problems: tuple[Problem, ...]) -> Status:
    state = state_of(is_active=status.active_provider == status.provider, problems=problems)
    hindrance = worst([problem for problem in problems if problem.level == "error"])
    # What could not be activated as it is comes first.
    step = hindrance.fix if state == "inactive" and hindrance else scope.command(_NEXT_STEPS[state])
    return status._replace(problems=problems, state=state, next_step=step)
