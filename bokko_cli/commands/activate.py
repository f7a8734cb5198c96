"""`activate`: make a connected provider the active one again; its key is verified first."""

from dataclasses import dataclass

from bokko_cli.commands.shared.connected import connected
from bokko_cli.commands.shared.keys import StoredKey
from bokko_cli.commands.shared.saving import stores, warn_of_other
from bokko_cli.commands.shared.statuses import checked, offline
from bokko_cli.context import Scope
from bokko_cli.errors import ExitCode, NotReady
from bokko_cli.model.readiness import exit_code_of
from bokko_cli.model.values import Status
from bokko_cli.store import commit


@dataclass(frozen=True, slots=True)
class Options:
    """Flags of `activate`."""

    yes: bool = False


def run(scope: Scope, options: Options) -> ExitCode:
    """Verify everything that `status --check` does, then change who is active and nothing else."""
    active = scope.load().active_provider
    seen = connected(scope)
    warned_of = warn_of_other(scope, active, verb="Activating", may_switch=options.yes)
    scope.prompter.settle()
    status = checked(scope, scope.spec.provider, seen)
    _refuse_on_error(scope, status)
    if warned_of and not options.yes:
        scope.prompter.confirm(f"Deactivate {scope.title_of(warned_of)}?", "--yes", default=True)
    verified = (status.connection or seen)._replace(verified_at=scope.clock())
    now = commit.activate(stores(scope), verified, warned_of, may_switch=options.yes)
    key = StoredKey(None, now.key.storage, None)
    scope.output.show(offline(scope, scope.spec.provider, now, key))
    return ExitCode.DONE


def _refuse_on_error(scope: Scope, status: Status) -> None:
    code = exit_code_of(status._replace(state="ready"))
    if code is ExitCode.DONE:
        return
    errors = [problem for problem in status.problems if problem.level == "error"]
    messages = "\n".join(problem.message for problem in errors)
    raise NotReady(f"{scope.spec.title} was not activated: {messages}", code, errors[0].code, fix=errors[0].fix)
