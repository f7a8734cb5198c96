"""The commands: signatures and help. Imports what a command needs inside its function."""

import sys
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Annotated, NamedTuple, NoReturn

import typer

from bokko_cli import __version__
from bokko_cli.cli.assembly import context_of
from bokko_cli.cli.ending import end
from bokko_cli.cli.flags import (
    BankAccount,
    BankAccountNumber,
    BankName,
    Block,
    Business,
    Capable,
    Check,
    Debug,
    DryRun,
    Json,
    KeyFile,
    KeyStdin,
    KeyStorage,
    LeaveSecret,
    NoBankAccount,
    NoBusiness,
    NoInput,
    NoPrefix,
    NoSuchKey,
    NoTaxNumber,
    NotCapable,
    PaymentMethod,
    Port,
    Prefix,
    Profile,
    Sandbox,
    TaxNumber,
    Vat,
    Yes,
)
from bokko_cli.cli.run import Globals, Run
from bokko_cli.errors import ExitCode

if TYPE_CHECKING:
    from bokko_cli.context import Scope

app = typer.Typer(
    help="Connect a business to its Hungarian invoicing provider.",
    rich_markup_mode=None,  # halves what --help costs, and reads better in a pipe
    pretty_exceptions_enable=False,  # a traceback could show a key
    no_args_is_help=True,
    context_settings={"help_option_names": ["-h", "--help"]},
)
billingo = typer.Typer(rich_markup_mode=None, no_args_is_help=True)
szamlazz = typer.Typer(rich_markup_mode=None, no_args_is_help=True)
app.add_typer(billingo, name="billingo", help="Billingo: connect, configure, look, disconnect.")
app.add_typer(szamlazz, name="szamlazz", help="Számlázz.hu: connect, configure, look, disconnect.")


def _print_version(asked: bool) -> None:
    if asked:
        typer.echo(f"bokko {__version__}")
        raise typer.Exit


@app.callback()
def root(
    ctx: typer.Context,
    profile: Profile = None,
    sandbox: Sandbox = False,
    debug: Debug = False,
    version: Annotated[  # noqa: ARG001 - its callback answers
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Show the version and leave.")
    ] = False,
) -> None:
    """Connect a business to its Hungarian invoicing provider."""
    ctx.obj = Globals(profile, sandbox, debug)


@billingo.callback()
@szamlazz.callback()
def of_provider(ctx: typer.Context, profile: Profile = None, sandbox: Sandbox = False, debug: Debug = False) -> None:
    """Connect, configure, look, disconnect."""
    ctx.obj = ctx.obj.merged(profile, sandbox=sandbox, debug=debug)


@billingo.command("connect")
def connect_billingo(
    ctx: typer.Context,
    api_key_stdin: KeyStdin = False,
    api_key_file: KeyFile = None,
    api_key: NoSuchKey = None,
    block: Block = None,
    bank_account: BankAccount = None,
    vat: Vat = None,
    payment_method: PaymentMethod = None,
    tax_number: TaxNumber = None,
    no_tax_number: NoTaxNumber = False,
    invoice_capable: Capable = False,
    no_invoice_capable: NotCapable = False,
    business_clients: Business = False,
    no_business_clients: NoBusiness = False,
    key_storage: KeyStorage = None,
    yes: Yes = False,
    no_input: NoInput = False,
    dry_run: DryRun = False,
    as_json: Json = False,
    profile: Profile = None,
    sandbox: Sandbox = False,
    debug: Debug = False,
) -> None:
    """Verify the API key, choose settings, save. Shows the readiness panel."""
    flags: Flags = {
        "document_block": block, "bank_account": bank_account, "default_vat_rate": vat,
        "default_payment_method": payment_method, "tax_number": (tax_number, no_tax_number),
        "invoice_capable": (invoice_capable, no_invoice_capable),
        "accepts_business_clients": (business_clients, no_business_clients),
    }  # fmt: skip
    key = KeyFlags(api_key_stdin, api_key_file, api_key, key_storage)
    run = _run(ctx, profile, sandbox=sandbox, debug=debug, as_json=as_json, may_ask=not no_input)
    _connect(ctx, run, key, flags, yes=yes, dry_run=dry_run)


@billingo.command("configure")
def configure_billingo(
    ctx: typer.Context,
    block: Block = None,
    bank_account: BankAccount = None,
    vat: Vat = None,
    payment_method: PaymentMethod = None,
    tax_number: TaxNumber = None,
    no_tax_number: NoTaxNumber = False,
    invoice_capable: Capable = False,
    no_invoice_capable: NotCapable = False,
    business_clients: Business = False,
    no_business_clients: NoBusiness = False,
    yes: Yes = False,
    no_input: NoInput = False,
    dry_run: DryRun = False,
    as_json: Json = False,
    profile: Profile = None,
    sandbox: Sandbox = False,
    debug: Debug = False,
) -> None:
    """Change settings of a connected account. The key is untouched, choices are checked live."""
    flags: Flags = {
        "document_block": block, "bank_account": bank_account, "default_vat_rate": vat,
        "default_payment_method": payment_method, "tax_number": (tax_number, no_tax_number),
        "invoice_capable": (invoice_capable, no_invoice_capable),
        "accepts_business_clients": (business_clients, no_business_clients),
    }  # fmt: skip
    run = _run(ctx, profile, sandbox=sandbox, debug=debug, as_json=as_json, may_ask=not no_input)
    _configure(ctx, run, flags, yes=yes, dry_run=dry_run)


@szamlazz.command("connect")
def connect_szamlazz(
    ctx: typer.Context,
    api_key_stdin: KeyStdin = False,
    api_key_file: KeyFile = None,
    api_key: NoSuchKey = None,
    prefix: Prefix = None,
    no_prefix: NoPrefix = False,
    bank_name: BankName = None,
    bank_account_number: BankAccountNumber = None,
    no_bank_account: NoBankAccount = False,
    vat: Vat = None,
    payment_method: PaymentMethod = None,
    tax_number: TaxNumber = None,
    no_tax_number: NoTaxNumber = False,
    invoice_capable: Capable = False,
    no_invoice_capable: NotCapable = False,
    business_clients: Business = False,
    no_business_clients: NoBusiness = False,
    key_storage: KeyStorage = None,
    yes: Yes = False,
    no_input: NoInput = False,
    dry_run: DryRun = False,
    as_json: Json = False,
    profile: Profile = None,
    sandbox: Sandbox = False,
    debug: Debug = False,
) -> None:
    """Verify the Agent key, choose settings, save. Shows the readiness panel."""
    flags: Flags = {
        "invoice_prefix": (prefix, no_prefix), "bank_name": bank_name,
        "bank_account_number": (bank_account_number, no_bank_account),
        "default_vat_rate": vat, "default_payment_method": payment_method, "tax_number": (tax_number, no_tax_number),
        "invoice_capable": (invoice_capable, no_invoice_capable),
        "accepts_business_clients": (business_clients, no_business_clients),
    }  # fmt: skip
    key = KeyFlags(api_key_stdin, api_key_file, api_key, key_storage)
    run = _run(ctx, profile, sandbox=sandbox, debug=debug, as_json=as_json, may_ask=not no_input)
    _connect(ctx, run, key, flags, yes=yes, dry_run=dry_run)


@szamlazz.command("configure")
def configure_szamlazz(
    ctx: typer.Context,
    prefix: Prefix = None,
    no_prefix: NoPrefix = False,
    bank_name: BankName = None,
    bank_account_number: BankAccountNumber = None,
    no_bank_account: NoBankAccount = False,
    vat: Vat = None,
    payment_method: PaymentMethod = None,
    tax_number: TaxNumber = None,
    no_tax_number: NoTaxNumber = False,
    invoice_capable: Capable = False,
    no_invoice_capable: NotCapable = False,
    business_clients: Business = False,
    no_business_clients: NoBusiness = False,
    yes: Yes = False,
    no_input: NoInput = False,
    dry_run: DryRun = False,
    as_json: Json = False,
    profile: Profile = None,
    sandbox: Sandbox = False,
    debug: Debug = False,
) -> None:
    """Change settings of a connected account. The key is untouched."""
    flags: Flags = {
        "invoice_prefix": (prefix, no_prefix), "bank_name": bank_name,
        "bank_account_number": (bank_account_number, no_bank_account),
        "default_vat_rate": vat, "default_payment_method": payment_method, "tax_number": (tax_number, no_tax_number),
        "invoice_capable": (invoice_capable, no_invoice_capable),
        "accepts_business_clients": (business_clients, no_business_clients),
    }  # fmt: skip
    run = _run(ctx, profile, sandbox=sandbox, debug=debug, as_json=as_json, may_ask=not no_input)
    _configure(ctx, run, flags, yes=yes, dry_run=dry_run)


@billingo.command("status")
@szamlazz.command("status")
def status(
    ctx: typer.Context,
    check: Check = False,
    as_json: Json = False,
    profile: Profile = None,
    sandbox: Sandbox = False,
    debug: Debug = False,
) -> None:
    """Show the readiness panel, without a network. With --check each thing is verified live."""

    def command(scope: "Scope") -> ExitCode:
        from bokko_cli.commands import status as module

        return module.run(scope, module.Options(check=check))

    run = _run(ctx, profile, sandbox=sandbox, debug=debug, as_json=as_json)
    _execute(ctx, run._replace(must_answer=True), command)


@billingo.command("disconnect")
@szamlazz.command("disconnect")
def disconnect(
    ctx: typer.Context,
    yes: Yes = False,
    no_input: NoInput = False,
    leave_secret: LeaveSecret = False,
    as_json: Json = False,
    profile: Profile = None,
    sandbox: Sandbox = False,
    debug: Debug = False,
) -> None:
    """Remove settings and key from this machine. Asks first; invoices are not touched."""

    def command(scope: "Scope") -> ExitCode:
        from bokko_cli.commands import disconnect as module

        return module.run(scope, module.Options(yes=yes, leave_secret=leave_secret))

    may_ask = not (no_input or yes)
    _execute(ctx, _run(ctx, profile, sandbox=sandbox, debug=debug, as_json=as_json, may_ask=may_ask), command)


@billingo.command("activate")
@szamlazz.command("activate")
def activate(
    ctx: typer.Context,
    yes: Yes = False,
    no_input: NoInput = False,
    as_json: Json = False,
    profile: Profile = None,
    sandbox: Sandbox = False,
    debug: Debug = False,
) -> None:
    """Make a connected provider active again. Its key is verified first."""

    def command(scope: "Scope") -> ExitCode:
        from bokko_cli.commands import activate as module

        return module.run(scope, module.Options(yes=yes))

    may_ask = not (no_input or yes)
    _execute(ctx, _run(ctx, profile, sandbox=sandbox, debug=debug, as_json=as_json, may_ask=may_ask), command)


@billingo.command("blocks")
def blocks(
    ctx: typer.Context, as_json: Json = False, profile: Profile = None, sandbox: Sandbox = False, debug: Debug = False
) -> None:
    """List the account's invoice document blocks."""
    _list(ctx, _run(ctx, profile, sandbox=sandbox, debug=debug, as_json=as_json), "document_block")


@billingo.command("accounts")
def accounts(
    ctx: typer.Context, as_json: Json = False, profile: Profile = None, sandbox: Sandbox = False, debug: Debug = False
) -> None:
    """List the account's bank accounts."""
    _list(ctx, _run(ctx, profile, sandbox=sandbox, debug=debug, as_json=as_json), "bank_account")


@app.command("integrations")
def integrations(
    ctx: typer.Context, as_json: Json = False, profile: Profile = None, sandbox: Sandbox = False, debug: Debug = False
) -> None:
    """Show every provider on one page. Whether it is connected and active, and since when."""
    run = Run(ctx.obj.merged(profile, sandbox=sandbox, debug=debug), as_json=as_json, must_answer=True)

    def command() -> ExitCode:
        from bokko_cli.commands import integrations as module

        return module.run(context_of(run), module.Options())

    end(run, command)


@app.command("sandbox")
def serve_sandbox(
    ctx: typer.Context, port: Port = "0", profile: Profile = None, sandbox: Sandbox = False, debug: Debug = False
) -> None:
    """Serve the sandbox for other programs. Prints its address and keys, stops on Ctrl-C."""

    def command() -> ExitCode:
        from bokko_cli.commands import sandbox as module

        return module.run(port, sys.stdout)

    end(Run(ctx.obj.merged(profile, sandbox=sandbox, debug=debug)), command)


Flag = str | bool | None | tuple[str | None, bool] | tuple[bool, bool]
Flags = Mapping[str, Flag]


class KeyFlags(NamedTuple):
    """The flags that say where the key comes from and where it goes."""

    from_stdin: bool
    file: str | None
    itself: str | None
    storage: str | None


def _run(
    ctx: typer.Context,
    profile: str | None,
    *,
    sandbox: bool,
    debug: bool,
    as_json: bool,
    may_ask: bool = False,
) -> Run:
    """Return how a provider's command runs; its group's name is the provider's."""
    options = ctx.obj.merged(profile, sandbox=sandbox, debug=debug)
    return Run(options, as_json=as_json, may_ask=may_ask)


def _execute(ctx: typer.Context, run: Run, command: Callable[["Scope"], ExitCode]) -> NoReturn:
    group = ctx.parent
    assert group is not None and group.info_name is not None  # noqa: S101, PT018 - a provider's command is in its group
    end(run, lambda: command(context_of(run).at(str(group.info_name))))


def _connect(ctx: typer.Context, run: Run, key: KeyFlags, flags: Flags, *, yes: bool, dry_run: bool) -> NoReturn:
    def command(scope: "Scope") -> ExitCode:
        from bokko_cli.commands import connect as module

        options = module.Options(
            settings=_settings(scope, flags),
            api_key=key.itself,
            api_key_stdin=key.from_stdin,
            api_key_file=key.file,
            key_storage=key.storage,
            yes=yes,
            dry_run=dry_run,
        )
        return module.run(scope, options)

    _execute(ctx, run._replace(is_dry_run=dry_run), command)


def _configure(ctx: typer.Context, run: Run, flags: Flags, *, yes: bool, dry_run: bool) -> NoReturn:
    def command(scope: "Scope") -> ExitCode:
        from bokko_cli.commands import configure as module

        return module.run(scope, module.Options(_settings(scope, flags), yes=yes, dry_run=dry_run))

    _execute(ctx, run._replace(is_dry_run=dry_run), command)


def _list(ctx: typer.Context, run: Run, name: str) -> NoReturn:
    def command(scope: "Scope") -> ExitCode:
        from bokko_cli.commands import lists as module

        return module.run(scope, name)

    _execute(ctx, run._replace(must_answer=True), command)


def _settings(scope: "Scope", flags: Flags) -> dict[str, str | bool | None]:
    """Return the settings' flags, each pair with a `--no-` form as one value."""
    from bokko_cli.wizard.flags import as_one

    return {
        name: as_one(flag[0], flag[1], scope.spec.field(name)) if isinstance(flag, tuple) else flag
        for name, flag in flags.items()
    }


def main() -> None:
    """Run the command line; what nobody foresaw ends as one line and exit code 1."""
    # Not `app()`: that puts in a hook of its own for tracebacks.
    typer.main.get_command(app)(prog_name="bokko")
