"""`activate`: make a connected provider the active one again; its key is verified first."""

from dataclasses import dataclass

from bokko_cli.commands.check import checked
from bokko_cli.commands.configure import connected
from bokko_cli.commands.shared.keys import StoredKey
from bokko_cli.commands.shared.saving import stores, warn_of_other
from bokko_cli.commands.status import offline
from bokko_cli.context import Context
from bokko_cli.errors import ExitCode, NotReady
from bokko_cli.model.readiness import exit_code_of
from bokko_cli.model.values import Status
from bokko_cli.store import commit


@dataclass(frozen=True, slots=True)
class Options:
    """Flags of `activate`."""

    yes: bool = False


def run(ctx: Context, options: Options) -> ExitCode:
    """Verify everything that `status --check` does, then change who is active and nothing else."""
    active = ctx.load().active_provider
    seen = connected(ctx)
    warned_of = warn_of_other(ctx, active, verb="Activating", may_switch=options.yes)
    ctx.prompter.settle()
    status = checked(ctx, ctx.spec.provider, seen)
    _refuse_on_error(ctx, status)
    if warned_of and not options.yes:
        ctx.prompter.confirm(f"Deactivate {ctx.title_of(warned_of)}?", "--yes", default=True)
    verified = (status.connection or seen)._replace(verified_at=ctx.clock())
    now = commit.activate(stores(ctx), verified, warned_of, may_switch=options.yes)
    key = StoredKey(None, now.key.storage, None)
    ctx.output.show(offline(ctx, ctx.spec.provider, now, key))
    return ExitCode.DONE


def _refuse_on_error(ctx: Context, status: Status) -> None:
    code = exit_code_of(status._replace(state="ready"))
    if code is ExitCode.DONE:
        return
    errors = [problem for problem in status.problems if problem.level == "error"]
    messages = "\n".join(problem.message for problem in errors)
    raise NotReady(f"{ctx.spec.title} was not activated: {messages}", code, errors[0].code, fix=errors[0].fix)
