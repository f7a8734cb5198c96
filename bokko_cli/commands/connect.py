"""`connect`: verify a key, choose the settings, keep both."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

from bokko_cli.commands.shared import endpoints, keys
from bokko_cli.commands.shared.saving import show_saved, stores, talk, verify_at, warn_of_other
from bokko_cli.context import Scope
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


def run(scope: Scope, options: Options) -> ExitCode:
    """Verify a key, choose the settings, keep both."""
    if options.api_key is not None:
        raise InvalidValue(
            "--api-key does not exist: arguments are visible to other users and stay in the shell's history.",
            fix=keys.ways_to_give_a_key(scope.spec),
        )
    given = read_flags(scope.spec, options.settings)
    storage = _storage(scope, options.key_storage)
    profile = scope.load()
    previous = profile.remnants(scope.spec)
    endpoint = endpoints.for_new_key(scope)
    key = keys.given_key(scope, from_stdin=options.api_key_stdin, file=options.api_key_file)
    warned_of = warn_of_other(scope, profile.active_provider, verb="Connecting", may_switch=options.yes)
    _probe(scope, storage, is_dry_run=options.dry_run)
    setup = Setup(talk(scope), given, previous)
    settings = _converse(scope, setup, key, endpoint, options, warned_of)
    assert setup.verified is not None  # noqa: S101 - no settings without a verified key
    connection = _decided(scope, setup.verified, settings, endpoint, storage)
    if options.dry_run:
        commit.rehearse(stores(scope), connection)
    else:
        connection = commit.connect(stores(scope), connection, setup.verified.key, warned_of, may_switch=options.yes)
    show_saved(scope, connection, scope.spec.provider, setup.verified.account, is_dry_run=options.dry_run)
    return ExitCode.DONE


def _converse(
    scope: Scope,
    setup: Setup,
    key: keys.GivenKey | None,
    endpoint: str,
    options: Options,
    warned_of: str | None,
) -> Settings:
    verify = partial(_doubt_and_verify, scope, endpoint)
    saving = f"Save, and deactivate {scope.title_of(warned_of)}?" if warned_of else "Save this?"
    if options.dry_run:
        saving = "Is this right? Nothing will be saved."
    accepts = options.yes
    if key is None and isinstance(scope.prompter, NoPrompter):
        _refuse_without_key(scope, scope.prompter, setup)
    if key is None:
        scope.warm_up(endpoint)
        scope.output.say(_where_keys_come_from(scope))
        offered = clean_key(SANDBOX_KEY) if scope.is_sandbox else None
        return setup.run((partial(setup.ask_key, verify, offered),), accepts=accepts, saving=saving)
    scope.output.say(f"Using the key from {key.source}.")
    setup.verified = verify_key(key.key, verify, scope.prompter)
    assert setup.verified is not None  # noqa: S101 - another key is not offered here
    setup.introduce(setup.verified.account)
    return setup.run((), accepts=accepts, saving=saving)


def _where_keys_come_from(scope: Scope) -> str:
    if scope.is_sandbox:
        return f"This is the sandbox: Enter takes the key {SANDBOX_KEY}, `bokko sandbox` lists the others."
    return f"Make a key at {scope.spec.key_page}\n({scope.spec.key_advice})."


def _refuse_without_key(scope: Scope, prompter: NoPrompter, setup: Setup) -> None:
    known = {**setup.given.values, **setup.given.to_match, **setup.previous.settings}
    flags = [field.flag for field in scope.spec.fields if field.is_picked and field.name not in known]
    prompter.miss_key(keys.ways_to_give_a_key(scope.spec), flags)
    prompter.settle()


def _storage(scope: Scope, wanted: str | None) -> Storage:
    if wanted is None:
        return scope.storages[0]
    if wanted not in STORAGES:
        raise InvalidValue(f"--key-storage is {wanted[:40]!r}; it must be one of: {', '.join(STORAGES)}.")
    if wanted == "env" and keys.variable_key(scope) is None:
        name = scope.spec.key_variable
        raise InvalidValue(f"--key-storage env needs {name} to be set.", fix=f"Set {name} to the key and try again.")
    if wanted not in scope.storages:
        raise InvalidValue("The sandbox never touches the keyring.", fix="Leave --key-storage out.")
    return wanted


def _probe(scope: Scope, storage: Storage, *, is_dry_run: bool) -> None:
    """Find out whether the secret can be kept before anybody types it."""
    if storage == "keyring":
        scope.open_secrets(storage).read("a")
    if storage == "file" and not scope.is_sandbox and not is_dry_run:
        scope.output.warn("--key-storage file keeps the key as plain text, readable by you alone (0600).")


def _decided(scope: Scope, verified: Verified, settings: Settings, endpoint: str, storage: Storage) -> Connection:
    if storage == "env":
        _refuse_another_variable(scope, verified.key)
    now = scope.clock()
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


def _refuse_another_variable(scope: Scope, key: ApiKey) -> None:
    variable = keys.variable_key(scope)
    if variable is None or variable.key != key:
        name = scope.spec.key_variable
        raise InvalidValue(
            f"With --key-storage env nothing is stored, so {name} must hold the key that was verified.",
            fix=f"Set {name} to that key and run the command again.",
        )


def _doubt_and_verify(scope: Scope, endpoint: str, key: ApiKey) -> Account:
    if not (key.has_shape(scope.spec.key_shape) or key.is_for_sandbox):
        scope.output.warn(f"This does not look like a key of {scope.spec.title}; trying it anyway.")
    return verify_at(scope, endpoint, key)
