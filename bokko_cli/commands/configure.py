"""`configure`: other settings for a connected account; the key stays."""

from collections.abc import Mapping
from dataclasses import dataclass

from bokko_cli.commands.shared import endpoints, keys
from bokko_cli.commands.shared.connected import connected, say_what_is_there
from bokko_cli.commands.shared.saving import (
    NOTHING_WILL_BE_SAVED,
    foreseen,
    say_that_nothing_is_saved,
    show_saved,
    stores,
    talk,
    verify_at,
)
from bokko_cli.context import Scope
from bokko_cli.errors import ExitCode, Missing
from bokko_cli.model.values import Account, Connection, Rehearsal, Settings
from bokko_cli.model.wording import N_, Sentence
from bokko_cli.store import commit
from bokko_cli.store.profile import Profile
from bokko_cli.wizard.conversation import Plan
from bokko_cli.wizard.flags import Given, read_flags
from bokko_cli.wizard.key import Verify, verify_key
from bokko_cli.wizard.setup import set_up


@dataclass(frozen=True, slots=True)
class Options:
    """Flags as they were typed; `settings` by field name."""

    settings: Mapping[str, str | bool | None]
    yes: bool = False
    dry_run: bool = False


def run(scope: Scope, options: Options) -> ExitCode:
    """Verify the stored key, ask what no flag says, write what differs."""
    given = read_flags(scope.spec, options.settings)
    profile = scope.load()
    seen = _configurable(scope, profile, given)
    say_that_nothing_is_saved(scope, is_dry_run=options.dry_run)
    say_what_is_there(scope, profile)
    keys.mention_unused_variable(scope, seen.key.storage)
    stored = keys.needed_key(scope, seen)
    verify = _verify(scope, stored)
    verified = verify_key(stored.key, verify, scope.prompter)
    saving = NOTHING_WILL_BE_SAVED if options.dry_run else N_("Save this?")
    plan = Plan(
        given,
        profile.remnants(scope.spec),
        accepts=options.yes,
        saving=saving,
        foreseen=lambda account, settings: foreseen(scope, _changed(seen, account, settings), account),
        key_change=lambda _key: (),
        keeps_stored=bool(given.values or given.to_match),
    )
    verified, settings = set_up(talk(scope, verify), plan, verified)
    decided = _changed(seen, verified.account, settings)._replace(verified_at=scope.clock())
    now = _saved(scope, options, seen, decided)
    show_saved(scope, now, profile.active_provider, verified.account, is_dry_run=options.dry_run)
    if seen.rehearsal and not now.rehearsal and not options.dry_run:
        scope.output.say(_not_rehearsed(scope, seen.rehearsal))
    return ExitCode.DONE


def _saved(scope: Scope, options: Options, seen: Connection, decided: Connection) -> Connection:
    """Write what differs, or find out that it could be written; return the connection as it stands then."""
    if options.dry_run:
        commit.dry_run(stores(scope), decided)
        return decided
    return commit.configure(stores(scope), seen, decided)


def _not_rehearsed(scope: Scope, last: Rehearsal) -> Sentence:
    command = scope.command("rehearse")
    return N_(
        "The rehearsal of {when} was for other settings. Next: rehearse with these: {command}",
        when=last.at,
        command=command,
    )


def _changed(seen: Connection, account: Account, settings: Settings) -> Connection:
    """Return the connection with other settings, and what its account says now."""
    organization = account.organization
    tax_code = organization.tax_code or seen.account_tax_code
    return seen.with_news(organization)._replace(
        settings=settings,
        account_tax_code=tax_code,
        rehearsal=seen.rehearsal if settings == seen.settings else None,
    )


def _configurable(scope: Scope, profile: Profile, given: Given) -> Connection:
    """Return the connection, without settings that cannot be understood if a flag or a person gives new ones."""
    connection = profile.repairable(scope.spec)
    if connection is None:
        return connected(scope)
    answered = {*connection.settings, *given.values, *given.to_match}
    for field in scope.spec.fields:
        names = {field.name, *(part.name for part in field.parts)}
        if not names & answered:
            scope.prompter.foresee(Missing(field.flag))
    return connected(scope) if scope.prompter.missing else connection


def _verify(scope: Scope, stored: keys.StoredKey) -> Verify:
    return lambda key: verify_at(scope, endpoints.for_stored_key(scope, stored._replace(key=key)), key)
