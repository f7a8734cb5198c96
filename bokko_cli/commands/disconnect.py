"""`disconnect`: remove the settings and the secret; invoices are not touched."""

from dataclasses import dataclass

from bokko_cli.commands.shared.saving import stores
from bokko_cli.commands.status import not_connected
from bokko_cli.context import Context
from bokko_cli.errors import ExitCode, SettingsUnreadable
from bokko_cli.store import commit


@dataclass(frozen=True, slots=True)
class Options:
    """Flags of `disconnect`."""

    yes: bool = False
    leave_secret: bool = False


def run(ctx: Context, options: Options) -> ExitCode:
    """Confirm, then remove both; what is not connected is swept all the same."""
    if not options.yes and _has_something_to_lose(ctx):
        _confirm(ctx)
    was_active = _is_active(ctx)
    was_connected = commit.disconnect(stores(ctx), leave_secret=options.leave_secret)
    _say_what_happened(ctx, options, was_connected=was_connected)
    if was_connected and was_active:
        _say_who_is_left(ctx)
    ctx.output.show(not_connected(ctx, ctx.load().active_provider))
    return ExitCode.DONE


def _is_active(ctx: Context) -> bool:
    try:
        return ctx.load().active_provider == ctx.spec.provider
    except SettingsUnreadable:
        return False


def _say_who_is_left(ctx: Context) -> None:
    profile = ctx.load()
    for other, spec in ctx.specs.items():
        if profile.is_connected(other):
            ctx.output.say(f"No provider is active now. {spec.title} is still connected; make it the active one:")
            ctx.output.say(f"  {ctx.addressed(f'bokko {other} activate')}")


def _has_something_to_lose(ctx: Context) -> bool:
    try:
        return ctx.load().is_connected(ctx.spec.provider)
    except SettingsUnreadable:
        return True


def _confirm(ctx: Context) -> None:
    if ctx.prompter.can_ask:
        ctx.output.say("The stored settings and key are removed from this machine; invoices stay.")
    ctx.prompter.confirm(f"Disconnect {ctx.spec.title} (profile {ctx.profile_name})?", "--yes", default=False)
    ctx.prompter.settle()


def _say_what_happened(ctx: Context, options: Options, *, was_connected: bool) -> None:
    title = ctx.spec.title
    if not was_connected:
        ctx.output.say(f"{title} was not connected.")
        return
    gone = "settings are" if options.leave_secret else "settings and key are"
    ctx.output.say(f"{title} is disconnected: {gone} gone from this machine, invoices are untouched.")
    if not ctx.is_sandbox:
        ctx.output.say(f"The key still works at {title}; revoke it there: {ctx.spec.key_page}")
