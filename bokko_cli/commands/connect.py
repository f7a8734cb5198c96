"""`connect`: verify a key, choose the settings, keep both."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

from bokko_cli.commands.shared import keys
from bokko_cli.commands.shared.saving import show_saved, stores, talk, verify_at, warn_of_other
from bokko_cli.context import Context
from bokko_cli.errors import ExitCode, InvalidValue
from bokko_cli.model.apikey import ApiKey, clean_key
from bokko_cli.model.values import DRAFT_REVIEW, STORAGES, Account, Connection, KeyPlace, Settings, Storage
from bokko_cli.prompter.base import NoPrompter
from bokko_cli.store import commit
from bokko_cli.wizard.flags import read_flags
from bokko_cli.wizard.key import Verified, verify_key
from bokko_cli.wizard.setup import Setup

SANDBOX_KEY = "sandbox-ready"


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


def run(ctx: Context, options: Options) -> ExitCode:
    """Verify a key, choose the settings, keep both."""
    if options.api_key is not None:
        raise InvalidValue(
            "--api-key does not exist: arguments are visible to other users and stay in the shell's history.",
            fix=keys.ways_to_give_a_key(ctx.spec),
        )
    given = read_flags(ctx.spec, options.settings)
    storage = _storage(ctx, options.key_storage)
    profile = ctx.load()
    previous = profile.remnants(ctx.spec)
    endpoint = keys.endpoint_for_connect(ctx)
    key = keys.given_key(ctx, from_stdin=options.api_key_stdin, file=options.api_key_file)
    warned_of = warn_of_other(ctx, profile.active_provider, verb="Connecting", may_switch=options.yes)
    _probe(ctx, storage, is_dry_run=options.dry_run)
    setup = Setup(talk(ctx), given, previous)
    settings = _converse(ctx, setup, key, endpoint, options, warned_of)
    assert setup.verified is not None  # noqa: S101 - no settings without a verified key
    connection = _decided(ctx, setup.verified, settings, endpoint, storage)
    if options.dry_run:
        commit.rehearse(stores(ctx), connection)
    else:
        connection = commit.connect(stores(ctx), connection, setup.verified.key, warned_of, may_switch=options.yes)
    show_saved(ctx, connection, ctx.spec.provider, setup.verified.account, is_dry_run=options.dry_run)
    return ExitCode.DONE


def _converse(
    ctx: Context,
    setup: Setup,
    key: keys.GivenKey | None,
    endpoint: str,
    options: Options,
    warned_of: str | None,
) -> Settings:
    verify = partial(_doubt_and_verify, ctx, endpoint)
    saving = f"Save, and deactivate {ctx.title_of(warned_of)}?" if warned_of else "Save this?"
    if options.dry_run:
        saving = "Is this right? Nothing will be saved."
    accepts = options.yes
    if key is None and isinstance(ctx.prompter, NoPrompter):
        _refuse_without_key(ctx, ctx.prompter, setup)
    if key is None:
        ctx.warm_up(endpoint)
        ctx.output.say(_where_keys_come_from(ctx))
        offered = clean_key(SANDBOX_KEY) if ctx.is_sandbox else None
        return setup.run((partial(setup.ask_key, verify, offered),), accepts=accepts, saving=saving)
    ctx.output.say(f"Using the key from {key.source}.")
    setup.verified = verify_key(key.key, verify, ctx.prompter)
    assert setup.verified is not None  # noqa: S101 - another key is not offered here
    setup.introduce(setup.verified.account)
    return setup.run((), accepts=accepts, saving=saving)


def _where_keys_come_from(ctx: Context) -> str:
    if ctx.is_sandbox:
        return f"This is the sandbox: Enter takes the key {SANDBOX_KEY}, `bokko sandbox` lists the others."
    return f"Make a key at {ctx.spec.key_page}\n({ctx.spec.key_advice})."


def _refuse_without_key(ctx: Context, prompter: NoPrompter, setup: Setup) -> None:
    known = {**setup.given.values, **setup.given.to_match, **setup.previous.settings}
    flags = [field.flag for field in ctx.spec.fields if field.is_picked and field.name not in known]
    prompter.miss_key(keys.ways_to_give_a_key(ctx.spec), flags)
    prompter.settle()


def _storage(ctx: Context, wanted: str | None) -> Storage:
    if wanted is None:
        return ctx.storages[0]
    if wanted not in STORAGES:
        raise InvalidValue(f"--key-storage is {wanted[:40]!r}; it must be one of: {', '.join(STORAGES)}.")
    if wanted == "env" and keys.variable_key(ctx) is None:
        name = ctx.spec.key_variable
        raise InvalidValue(f"--key-storage env needs {name} to be set.", fix=f"Set {name} to the key and try again.")
    if wanted not in ctx.storages:
        raise InvalidValue("The sandbox never touches the keyring.", fix="Leave --key-storage out.")
    return wanted


def _probe(ctx: Context, storage: Storage, *, is_dry_run: bool) -> None:
    """Find out whether the secret can be kept before anybody types it."""
    if storage == "keyring":
        ctx.open_secrets(storage).read("a")
    if storage == "file" and not ctx.is_sandbox and not is_dry_run:
        ctx.output.warn("--key-storage file keeps the key as plain text, readable by you alone (0600).")


def _decided(ctx: Context, verified: Verified, settings: Settings, endpoint: str, storage: Storage) -> Connection:
    if storage == "env":
        _refuse_another_variable(ctx, verified.key)
    now = ctx.clock()
    organization = verified.account.organization
    return Connection(
        connected_at=now,
        verified_at=now,
        endpoint=endpoint,
        account_tax_code=organization.tax_code,
        invoice_mode=DRAFT_REVIEW,
        settings=settings,
        key=KeyPlace(storage, None, verified.key.hint),
        subscription_until=organization.subscription_until,
        subscription_has_plan=organization.has_plan,
    )


def _refuse_another_variable(ctx: Context, key: ApiKey) -> None:
    variable = keys.variable_key(ctx)
    if variable is None or variable.key != key:
        name = ctx.spec.key_variable
        raise InvalidValue(
            f"With --key-storage env nothing is stored, so {name} must hold the key that was verified.",
            fix=f"Set {name} to that key and run the command again.",
        )


def _doubt_and_verify(ctx: Context, endpoint: str, key: ApiKey) -> Account:
    if not (key.has_shape(ctx.spec.key_shape) or key.is_for_sandbox):
        ctx.output.warn(f"This does not look like a key of {ctx.spec.title}; trying it anyway.")
    return verify_at(ctx, endpoint, key)
