"""`export`: what the settings decide of a draft, in the provider's own words; no secret, no network."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from bokko_cli.commands.shared.connected import connected
from bokko_cli.commands.shared.statuses import stored
from bokko_cli.context import Scope
from bokko_cli.errors import ExitCode
from bokko_cli.model.readiness.state import exit_code_of
from bokko_cli.model.values import Settings


@dataclass(frozen=True, slots=True)
class Options:
    """What makes the document of the settings; `export` has no flags of its own."""

    draft: Callable[[Settings], Mapping[str, object]]


def run(scope: Scope, options: Options) -> ExitCode:
    """Print it whenever there is a connection, and end as `status` would."""
    connection = connected(scope)
    document = options.draft(connection.settings)
    scope.output.give(document, json.dumps(document, indent=2))
    return exit_code_of(stored(scope, scope.load().active_provider, connection))
