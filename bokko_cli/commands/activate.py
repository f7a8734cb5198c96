"""`activate`: make a connected provider the active one again; its key is verified first."""

from dataclasses import dataclass

from bokko_cli.commands.shared.connected import connected
from bokko_cli.commands.shared.saving import foresee_switch, stores, warn_of_other
from bokko_cli.commands.shared.statuses import checked, offline
from bokko_cli.context import Scope
from bokko_cli.errors import ExitCode, Missing, NotReady
from bokko_cli.model.readiness.state import exit_code_of
from bokko_cli.model.values import Status
from bokko_cli.model.wording import N_, Sentence, lines
from bokko_cli.prompter.base import agree, settle
from bokko_cli.prompter.question import yes_or_no
from bokko_cli.store import commit


@dataclass(frozen=True, slots=True)
class Options:
    """Flags of `activate`."""

    yes: bool = False


def run(scope: Scope, options: Options) -> ExitCode:
    """Verify everything that `status --check` does, then change who is active and nothing else."""
    active = scope.load().active_provider
    seen = connected(scope)
    warned_of = warn_of_other(scope, active, _switching)
    foresee_switch(scope, warned_of, may_switch=options.yes)
    settle(scope.prompter)
    status = checked(scope, scope.spec.provider, seen)
    _refuse_on_error(scope, status)
    if warned_of and not options.yes:
        question = N_("Deactivate {provider}?", provider=scope.title_of(warned_of))
        agree(scope.prompter, yes_or_no(question, Missing("--yes"), marked=True))
    verified = (status.connection or seen)._replace(verified_at=scope.clock())
    now = commit.activate(stores(scope), verified, warned_of, may_switch=options.yes)
    scope.output.show(offline(scope, scope.spec.provider, now, now.key.storage))
    return ExitCode.DONE


def _refuse_on_error(scope: Scope, status: Status) -> None:
    code = exit_code_of(status._replace(state="ready"))
    if code is ExitCode.DONE:
        return
    errors = [problem for problem in status.problems if problem.level == "error"]
    message = N_(
        "{provider} was not activated: {problems}",
        provider=scope.spec.title,
        problems=lines(*(problem.message for problem in errors)),
    )
    raise NotReady(message, code, errors[0].code, fix=errors[0].fix)


def _switching(other: str, this: str) -> Sentence:
    return N_(
        "{other} is the active provider. Activating {this} will deactivate it; its settings stay.",
        other=other,
        this=this,
    )
