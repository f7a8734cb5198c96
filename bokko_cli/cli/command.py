"""A command as a value, and how what was typed becomes its run."""

from collections.abc import Callable, Mapping, Sequence
from inspect import Parameter, Signature
from typing import NamedTuple

import typer

from bokko_cli.cli.assembly import command_module, context_of
from bokko_cli.cli.ending import end
from bokko_cli.cli.flags import EVERYWHERE, NO, NO_INPUT, Flag, FlagValue, as_one
from bokko_cli.cli.run import Globals, Run
from bokko_cli.errors import ExitCode
from bokko_cli.model.spec import Spec
from bokko_cli.output.base import Output

Values = Mapping[str, FlagValue]
FixedOptions = Mapping[str, object]


class Command(NamedTuple):
    """One command: its name, what --help says of it, its flags in order, and the module that has its Options and run.

    Options are filled by name: a field takes the flag of that name, `settings` the flags of the provider's settings,
    and what is in neither stands in `given`.
    """

    name: str
    help: str
    module: str
    """Below `bokko_cli.commands`; loaded when the command runs."""
    flags: tuple[Flag, ...] = ()
    given: FixedOptions = {}  # noqa: RUF012 - read only
    is_answered_by_yes: bool = False
    """Whether --yes answers all that it asks, so that nobody needs to be there."""
    must_answer: bool = False
    """Whether it is for its answer alone, and fails if that cannot be written."""
    instead: Mapping[str, str] = {}
    """The modules that run instead, by the flag that asks for it."""
    is_diagnostic: bool = False
    """Whether it runs, writing nothing, where no profile, folder or lock is usable: it reports them or needs none."""


def callback(command: Command, spec: Spec | None = None) -> Callable[..., None]:
    """Return the function that typer calls for a command about one provider, or about all without a spec."""

    def call(ctx: typer.Context, **values: FlagValue) -> None:
        run = _run(command, spec, globals_of(ctx, values), values)
        end(run, lambda output: _execute(command, spec, run, values, output))

    call.__signature__ = signature_of(*command.flags, *EVERYWHERE)  # type: ignore[attr-defined]  # what typer reads
    return call


def gathering(*extra: Parameter) -> Callable[..., None]:
    """Return the function that typer calls before a command: it keeps the options that stand there."""

    def gather(ctx: typer.Context, **values: FlagValue) -> None:
        ctx.obj = globals_of(ctx, values)

    gather.__signature__ = signature_of(*EVERYWHERE, extra=extra)  # type: ignore[attr-defined]  # what typer reads
    return gather


def signature_of(*flags: Flag, extra: Sequence[Parameter] = ()) -> Signature:
    """Return what typer reads of a function that takes these flags."""
    ctx = Parameter("ctx", Parameter.POSITIONAL_OR_KEYWORD, annotation=typer.Context)
    return Signature([ctx, *(flag.parameter() for flag in flags), *extra])


def globals_of(ctx: typer.Context, values: Values) -> Globals:
    """Return the options that hold everywhere: those behind a command count more than those before it."""
    before: Globals = ctx.obj or Globals()
    profile = values["profile"]
    return before.merged(
        None if profile is None else str(profile), sandbox=bool(values["sandbox"]), debug=bool(values["debug"])
    )


def _run(command: Command, spec: Spec | None, options: Globals, values: Values) -> Run:
    is_unattended = values.get("no_input") or (command.is_answered_by_yes and values.get("yes"))
    saves_nothing = bool(values.get("dry_run"))
    return Run(
        options,
        as_json=bool(values.get("as_json")),
        may_ask=NO_INPUT in command.flags and not is_unattended,
        is_dry_run=saves_nothing or command.is_diagnostic,
        must_answer=command.must_answer or saves_nothing,
        looking_again=options.invocation.command(spec.provider, "status") if spec else "",
        is_diagnostic=command.is_diagnostic,
    )


def _execute(command: Command, spec: Spec | None, run: Run, values: Values, output: Output) -> ExitCode:
    name = next((module for flag, module in command.instead.items() if values[flag]), command.module)
    module = command_module(name)
    options = module.Options(**_options(module.Options.__match_args__, command, spec, values))
    ctx = context_of(run, output)
    code: ExitCode = module.run(ctx.at(spec.provider) if spec else ctx, options)
    return code


def _options(names: Sequence[str], command: Command, spec: Spec | None, values: Values) -> FixedOptions:
    options = {**command.given, **{name: values[name] for name in names if name in values}}
    return {**options, "settings": _settings(spec, values)} if spec and "settings" in names else options


def _settings(spec: Spec, values: Values) -> Values:
    """Return the settings' flags by the settings' names, each pair with a `--no-` form as one value."""
    return {
        field.name: as_one(values[field.name], bool(values[NO + field.name]), field)
        if field.no_flag
        else values[field.name]
        for field in spec.questions
    }
