"""Which address a key may be sent to."""

from bokko_cli.commands.shared.keys import StoredKey
from bokko_cli.context import Scope
from bokko_cli.errors import EndpointRefused
from bokko_cli.model.endpoint import checked_endpoint, checked_stored_endpoint, may_go_to
from bokko_cli.model.values import Connection
from bokko_cli.model.wording import N_


def for_new_key(scope: Scope) -> str:
    """Return the address that a new connection will be pinned to."""
    return _sandbox_or_variable(scope) or scope.spec.endpoint


def for_stored_key(scope: Scope, stored: StoredKey) -> str:
    """Return the address that a stored key may go to; raises EndpointRefused when the environment names another."""
    wanted = _sandbox_or_variable(scope)
    endpoint = stored.connection.endpoint
    if wanted is None:
        return checked_stored_endpoint(endpoint)
    if not may_go_to(stored.key, endpoint, wanted):
        raise EndpointRefused(
            N_(
                "{variable} is {wanted}, but the stored key belongs to {endpoint}.",
                variable=scope.spec.url_variable,
                wanted=wanted,
                endpoint=endpoint,
            ),
            fix=N_(
                "Unset {variable}, or connect again: {command}",
                variable=scope.spec.url_variable,
                command=scope.command("connect"),
            ),
        )
    return wanted


def for_given_key(scope: Scope, connection: Connection | None) -> str:
    """Return the address for a key that was given: the environment's, else the stored one, else the provider's."""
    wanted = _sandbox_or_variable(scope)
    if wanted or connection is None:
        return wanted or scope.spec.endpoint
    return checked_stored_endpoint(connection.endpoint)


def _sandbox_or_variable(scope: Scope) -> str | None:
    if scope.is_sandbox:
        return scope.sandbox_url
    url = scope.environ.get(scope.spec.url_variable, "")
    return checked_endpoint(url, scope.spec.url_variable) if url.strip() else None
