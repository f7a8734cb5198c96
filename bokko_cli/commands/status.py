"""`status`: what is stored and whether it is ready; with `--check` the provider is asked about each thing."""

from dataclasses import dataclass
from functools import partial

from bokko_cli.commands.shared.connected import unknown_profile
from bokko_cli.commands.shared.statuses import checked, not_connected, stored
from bokko_cli.context import Scope
from bokko_cli.errors import ExitCode
from bokko_cli.model.readiness.state import exit_code_of


@dataclass(frozen=True, slots=True)
class Options:
    """Flags of `status`."""

    check: bool = False


def run(scope: Scope, options: Options) -> ExitCode:
    """Show the readiness panel of whatever there is, and return what it means for a script; changes nothing."""
    profile = scope.load()
    connection = profile.connection(scope.spec)
    look = partial(checked, tell=scope.output.step) if options.check else stored
    active = profile.active_provider
    status = look(scope, active, connection) if connection else not_connected(scope, active)
    unknown = None if connection else unknown_profile(scope)
    if unknown:
        scope.output.warn(unknown)
    scope.output.show(status)
    return exit_code_of(status)
