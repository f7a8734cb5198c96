"""What the commands that verify and save have in common."""

from bokko_cli.commands.shared.ask import ask
from bokko_cli.context import Context
from bokko_cli.model.apikey import ApiKey
from bokko_cli.model.readiness import KeyState, live_problems, offline_problems, state_of
from bokko_cli.model.values import Account, Connection, Status
from bokko_cli.store.profile import settings_path
from bokko_cli.store.slots import Stores
from bokko_cli.wizard.key import complete
from bokko_cli.wizard.setup import Talk

_SHORTEST_WAIT = 4.0
"""Seconds that another process gets to end its change, however long the network took."""


def verify_at(ctx: Context, endpoint: str, key: ApiKey) -> Account:
    """Ask the provider about a key; raises Refused, Unreachable, or EndpointRefused before anything is sent."""
    return ask(ctx, endpoint, key, lambda provider: complete(provider.survey()))


def show_saved(ctx: Context, connection: Connection, active: str | None, account: Account, *, is_dry_run: bool) -> None:
    """Show the panel of what was just verified and saved, with all that the provider's answers say about it."""
    problems = (
        *offline_problems(ctx.spec, connection, KeyState(), ctx.clock().date()),
        *live_problems(ctx.spec, connection, account.as_survey()),
    )
    is_active = active == ctx.spec.provider
    is_not_kept = connection.key.slot is None and connection.key.storage != "env"
    ctx.output.show(
        Status(
            provider=ctx.spec.provider,
            profile=ctx.profile_name,
            active_provider=active,
            connection=connection,
            state=state_of(is_active=is_active, problems=problems),
            key_source=None if is_dry_run and is_not_kept else connection.key.storage,
            problems=problems,
            is_dry_run=is_dry_run,
            settings_file=settings_path(ctx.folder, ctx.profile_name),
        )
    )


def warn_of_other(ctx: Context, active: str | None, *, verb: str, may_switch: bool) -> str | None:
    """Warn before the first question; return the other active provider, `None` if there is none.

    Where nobody can be asked, a missing `--yes` is remembered.
    """
    if active in (None, ctx.spec.provider):
        return None
    other = ctx.title_of(str(active))
    ctx.output.warn(f"{other} is the active provider. {verb} {ctx.spec.title} will deactivate it; its settings stay.")
    if not ctx.prompter.can_ask and not may_switch:
        ctx.prompter.confirm(f"{other} is active and would be deactivated.", "--yes", default=False)
    return active


def talk(ctx: Context) -> Talk:
    """Return what the conversation needs of the world."""
    return Talk(ctx.spec, ctx.prompter, ctx.output.say, ctx.output.warn, ctx.output.complain)


def stores(ctx: Context) -> Stores:
    """Return the two stores of this provider and profile."""
    patience = max(_SHORTEST_WAIT, ctx.deadline.left())
    return Stores(ctx.folder, ctx.profile_name, ctx.spec, ctx.storages, ctx.open_secrets, ctx.output.warn, patience)
