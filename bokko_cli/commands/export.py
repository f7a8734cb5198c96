"""`export`: what the settings decide of a draft, in the provider's own words; no secret, no network."""

import json
from dataclasses import dataclass

from bokko_cli.commands.shared.connected import connected
from bokko_cli.commands.shared.statuses import stored
from bokko_cli.context import Scope
from bokko_cli.errors import ExitCode
from bokko_cli.model.readiness.state import exit_code_of


@dataclass(frozen=True, slots=True)
class Options:
    """Flags of `export`: none."""


def run(scope: Scope, _: Options) -> ExitCode:
    """Print it whenever there is a connection, and end as `status` would."""
    connection = connected(scope)
    assert scope.spec.draft is not None  # noqa: S101 - else there is no such command
    document = scope.spec.draft(connection.settings)
    scope.output.give(document, json.dumps(document, indent=2))
    return exit_code_of(stored(scope, scope.load().active_provider, connection))
