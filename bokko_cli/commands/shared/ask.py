"""One conversation with a provider, as every command has it."""

from collections.abc import Callable
from typing import TypeVar

from bokko_cli.context import Scope
from bokko_cli.model.apikey import ApiKey
from bokko_cli.model.endpoint import refuse_to_leave
from bokko_cli.model.wording import N_
from bokko_cli.providers.base import Provider

T = TypeVar("T")


def ask(scope: Scope, endpoint: str, key: ApiKey, question: Callable[[Provider], T]) -> T:
    """Return what the provider answers, saying that it is asked; its connections are closed whatever happens.

    Raises EndpointRefused before anything is sent, and what the question raises.
    """
    refuse_to_leave(key, endpoint)
    scope.deadline.restart()
    with scope.output.busy(N_("Asking {provider}…", provider=scope.spec.title)) as tell:
        provider = scope.open_provider(endpoint, key, tell)
        try:
            return question(provider)
        finally:
            provider.close()
