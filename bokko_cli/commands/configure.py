"""`configure`: other settings for a connected account; the key stays."""

from collections.abc import Mapping
from dataclasses import dataclass

from bokko_cli.commands.shared import keys
from bokko_cli.commands.shared.saving import show_saved, stores, talk, verify_at
from bokko_cli.context import Context
from bokko_cli.errors import ExitCode, NotConnected
from bokko_cli.model.values import Connection
from bokko_cli.store import commit
from bokko_cli.wizard.flags import read_flags
from bokko_cli.wizard.key import Verified, verify_key
from bokko_cli.wizard.setup import Setup


@dataclass(frozen=True, slots=True)
class Options:
    """Flags as they were typed; `settings` by field name."""

    settings: Mapping[str, str | bool | None]
    yes: bool = False
    dry_run: bool = False


def run(ctx: Context, options: Options) -> ExitCode:
    """Verify the stored key, ask what no flag says, write what differs."""
    given = read_flags(ctx.spec, options.settings)
    profile = ctx.load()
    seen = connected(ctx)
    setup = Setup(talk(ctx), given, profile.remnants(ctx.spec))
    setup.verified = _verified(ctx, seen)
    setup.introduce(setup.verified.account)
    saving = "Is this right? Nothing will be saved." if options.dry_run else "Save this?"
    settings = setup.run((), accepts=options.yes, saving=saving)
    tax_code = setup.verified.account.organization.tax_code or seen.account_tax_code
    now = seen.with_news(setup.verified.account.organization)._replace(
        settings=settings, account_tax_code=tax_code, verified_at=ctx.clock()
    )
    if options.dry_run:
        commit.rehearse(stores(ctx), now)
    else:
        now = commit.configure(stores(ctx), seen, now)
    active = profile.active_provider
    show_saved(ctx, now, active, setup.verified.account, is_dry_run=options.dry_run)
    return ExitCode.DONE


def connected(ctx: Context) -> Connection:
    """Return the connection; raises NotConnected, SettingsUnreadable."""
    connection = ctx.load().connection(ctx.spec)
    if connection is None:
        raise NotConnected(f"{ctx.spec.title} is not connected.", fix=f"bokko {ctx.spec.provider} connect")
    return connection


def _verified(ctx: Context, connection: Connection) -> Verified:
    endpoint = keys.endpoint_of(ctx, connection)
    keys.mention_unused_variable(ctx, connection.key.storage)
    stored = keys.stored_key(ctx, connection)
    if stored.key is None:
        assert stored.failure is not None  # noqa: S101 - no key, so there is a reason
        raise stored.failure
    verified = verify_key(stored.key, lambda key: verify_at(ctx, endpoint, key), ctx.prompter)
    assert verified is not None  # noqa: S101 - another key is not offered here
    return verified
