"""`connect`: verify a key, choose the settings, keep both."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from shlex import quote

from bokko_cli.commands.shared import endpoints, keys
from bokko_cli.commands.shared.ask import ask
from bokko_cli.commands.shared.connected import say_what_is_there, warn_of_what_counts_as_not_set
from bokko_cli.commands.shared.key_question import key_change, key_wanted
from bokko_cli.commands.shared.key_storage import refuse_unknown_storage, settle_storage
from bokko_cli.commands.shared.saving import (
    NOTHING_WILL_BE_SAVED,
    foresee_switch,
    foreseen,
    say_that_nothing_is_saved,
    show_saved,
    stores,
    talk,
    warn_of_other,
)
from bokko_cli.context import Scope
from bokko_cli.errors import ExitCode, InvalidValue, Missing, SettingsUnreadable
from bokko_cli.model.apikey import ApiKey
from bokko_cli.model.readiness.stored_problems import ONLY_READS
from bokko_cli.model.spec import ways_to_give_a_key
from bokko_cli.model.values import (
    DRAFT_REVIEW,
    Account,
    Connection,
    KeyPlace,
    Settings,
    Status,
    Storage,
    WriteAccess,
)
from bokko_cli.model.wording import N_, Sentence
from bokko_cli.prompter.base import settle
from bokko_cli.store import commit
from bokko_cli.store.profile import Profile
from bokko_cli.wizard.conversation import Plan
from bokko_cli.wizard.flags import Given, read_flags
from bokko_cli.wizard.key import Verified, Verify, complete, verify_key
from bokko_cli.wizard.setup import set_up, set_up_from_key


@dataclass(frozen=True, slots=True)
class Options:
    """Flags as they were typed; `settings` by field name."""

    settings: Mapping[str, str | bool | None]
    api_key: str | None = None
    api_key_stdin: bool = False
    api_key_file: str | None = None
    key_storage: str | None = None
    yes: bool = False
    dry_run: bool = False


def run(scope: Scope, options: Options) -> ExitCode:
    """Verify a key, choose the settings, keep both."""
    _refuse_typed_key(scope, options)
    given = _flags(scope, options)
    profile = scope.load()
    scope = _with_key_in_listings(scope, options, profile)
    endpoint = endpoints.for_new_key(scope)
    key = keys.given_key(scope, from_stdin=options.api_key_stdin, file=options.api_key_file)
    warned_of = _said_before_asking(scope, options, profile)
    previous = profile.remnants(scope.spec)
    storage = settle_storage(scope, options.key_storage, previous.key, is_dry_run=options.dry_run)
    verify = partial(_doubt_and_verify, scope, endpoint, storage, {})
    plan = Plan(
        given,
        previous,
        accepts=options.yes,
        saving=_saving(scope, options, warned_of),
        foreseen=lambda account, settings: foreseen(
            scope, _would_be(scope, account, settings, endpoint, storage), account
        ),
        key_change=lambda key: key_change(previous.key, key, storage),
    )
    if key is None:
        verified, settings = _from_key_question(scope, verify, plan, endpoint, warned_of)
    else:
        verified, settings = _from_given_key(scope, verify, plan, key, warned_of)
    return _save(scope, options, _decided(scope, verified, settings, endpoint, storage), verified, warned_of)


def _refuse_typed_key(scope: Scope, options: Options) -> None:
    if options.api_key is not None:
        raise InvalidValue(
            N_("--api-key does not exist: arguments are visible to other users and stay in the shell's history."),
            fix=ways_to_give_a_key(scope.spec),
        )


def _said_before_asking(scope: Scope, options: Options, profile: Profile) -> str | None:
    """Say what is there and what this run will do with it; return the other active provider, which was warned of."""
    say_that_nothing_is_saved(scope, is_dry_run=options.dry_run)
    warned_of = warn_of_other(scope, profile.active_provider, _switching)
    say_what_is_there(scope, profile)
    warn_of_what_counts_as_not_set(scope, profile)
    return warned_of


def _save(
    scope: Scope, options: Options, connection: Connection, verified: Verified, warned_of: str | None
) -> ExitCode:
    """Keep both, or find out that both could be kept, and show what is there now."""
    if options.dry_run:
        commit.dry_run(stores(scope), connection)
    else:
        connection = commit.connect(stores(scope), connection, verified.key, warned_of, may_switch=options.yes)
    status = show_saved(scope, connection, scope.spec.provider, verified.account, is_dry_run=options.dry_run)
    if not options.dry_run:
        scope.output.say(_what_next(scope, status))
    return ExitCode.DONE


def _what_next(scope: Scope, status: Status) -> Sentence:
    if status.state != "ready":
        command = scope.command("status", "--check")
        return N_("Next: do what the panel says, then check again: {command}", command=command)
    if scope.spec.rehearsal_module:
        return N_("Next: prove with a draft that invoicing will work: {command}", command=scope.command("rehearse"))
    return N_(
        "Next: check at any time whether it is still ready: {command}", command=scope.command("status", "--check")
    )


def _flags(scope: Scope, options: Options) -> Given:
    try:
        refuse_unknown_storage(scope, options.key_storage)
    except InvalidValue as error:
        read_flags(scope.spec, options.settings, besides=error)
        raise
    return read_flags(scope.spec, options.settings)


def _with_key_in_listings(scope: Scope, options: Options, profile: Profile) -> Scope:
    """Return the scope whose commands that list the account's rows work as soon as they are named.

    With a key of a flag that is the same flag; with none, and none stored or in the environment, standard input.
    """
    if options.api_key_file is not None:
        return scope._replace(spec=scope.spec.with_listings("--api-key-file", quote(options.api_key_file)))
    has_another = keys.variable_key_is_set(scope.environ, scope.spec) or _is_whole(scope, profile)
    if options.api_key_stdin or not has_another:
        return scope._replace(spec=scope.spec.with_listings("--api-key-stdin"))
    return scope


def _is_whole(scope: Scope, profile: Profile) -> bool:
    try:
        return profile.connection(scope.spec) is not None
    except SettingsUnreadable:
        return False


def _saving(scope: Scope, options: Options, warned_of: str | None) -> Sentence:
    if options.dry_run:
        return NOTHING_WILL_BE_SAVED
    if warned_of:
        return N_("Save, and deactivate {provider}?", provider=scope.title_of(warned_of))
    return N_("Save this?")


def _from_given_key(
    scope: Scope, verify: Verify, plan: Plan, key: keys.GivenKey, warned_of: str | None
) -> tuple[Verified, Settings]:
    foresee_switch(scope, warned_of, may_switch=plan.accepts)
    keys.mention_source(scope, key)
    verified = verify_key(key.key, verify, scope.prompter)
    if verified.account.can_write is False:
        scope.output.warn(ONLY_READS)
    return set_up(talk(scope, verify), plan, verified)


def _from_key_question(
    scope: Scope, verify: Verify, plan: Plan, endpoint: str, warned_of: str | None
) -> tuple[Verified, Settings]:
    missing = Missing("--api-key-stdin", note=ways_to_give_a_key(scope.spec))
    scope.prompter.foresee(missing)
    foresee_switch(scope, warned_of, may_switch=plan.accepts)
    known = {**plan.given.values, **plan.given.to_match, **plan.previous.settings}
    for field in scope.spec.fields:
        if field.is_picked and field.name not in known:
            scope.prompter.foresee(Missing(field.flag))
    settle(scope.prompter)
    scope.warm_up(endpoint)
    return set_up_from_key(talk(scope, verify), plan, key_wanted(scope, endpoint, missing))


def _decided(scope: Scope, verified: Verified, settings: Settings, endpoint: str, storage: Storage) -> Connection:
    place = KeyPlace(storage, None, verified.key.hint, verified.account.can_write)
    return _would_be(scope, verified.account, settings, endpoint, storage)._replace(key=place)


def _would_be(scope: Scope, account: Account, settings: Settings, endpoint: str, storage: Storage) -> Connection:
    now = scope.clock()
    organization = account.organization
    return Connection(
        connected_at=now,
        verified_at=now,
        endpoint=endpoint,
        account_tax_code=organization.tax_code,
        invoice_mode=DRAFT_REVIEW,
        settings=settings,
        key=KeyPlace(storage, None, None, account.can_write),
        subscription_until=organization.subscription_until,
        subscription_has_plan=organization.has_plan,
    )


def _refuse_another_variable(scope: Scope, key: ApiKey) -> None:
    variable = keys.variable_key(scope)
    if variable is None or variable.key != key:
        name = scope.spec.key_variable
        raise InvalidValue(
            N_(
                "With --key-storage env nothing is stored, so {variable} must hold the key that was verified.",
                variable=name,
            ),
            fix=N_("Set {variable} to that key and run the command again.", variable=name),
        )


def _doubt_and_verify(
    scope: Scope, endpoint: str, storage: Storage, written: dict[ApiKey, WriteAccess], key: ApiKey
) -> Account:
    """Verify a key, and find out once whether it may write; `written` is what was found out before.

    Raises InvalidValue for one that the variable does not hold where it alone is to keep it.
    """
    is_usual = key.has_shape(scope.spec.key_shape) or key.is_for_sandbox
    if not is_usual and key not in written:
        title = scope.spec.title
        scope.output.warn(N_("This does not look like a {provider} key; trying it anyway.", provider=title))
    survey = ask(scope, endpoint, key, lambda provider: provider.survey(tries_to_write=key not in written))
    access = written.setdefault(key, survey.write_access)
    if survey.write_access.news:
        scope.output.warn(survey.write_access.news)
    account = complete(survey._replace(write_access=access))
    if storage == "env":
        _refuse_another_variable(scope, key)
    return account


def _switching(other: str, this: str) -> Sentence:
    return N_(
        "{other} is the active provider. Connecting {this} will deactivate it; its settings stay.",
        other=other,
        this=this,
    )
