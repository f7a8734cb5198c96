"""`help TOPIC`: what scripts and support need to know, made from the data that the program itself uses."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from bokko_cli.context import Context
from bokko_cli.errors import EXIT_CODES, BokkoError, ExitCode
from bokko_cli.model.environment import PROFILE, VARIABLES
from bokko_cli.model.readiness.meanings import PROBLEMS
from bokko_cli.model.spec import Spec
from bokko_cli.model.wording import N_, Whole, lines
from bokko_cli.output import fields
from bokko_cli.store.profiles import FILES

Told = Iterable[str]


@dataclass(frozen=True, slots=True)
class Options:
    """What `help` is asked about."""

    topic: str


def run(ctx: Context, options: Options) -> ExitCode:
    """Explain one topic."""
    ctx.output.explain(lines(*TOPICS[options.topic](ctx)))
    return ExitCode.DONE


def error_codes(kind: type[BokkoError] = BokkoError) -> Mapping[str, type[BokkoError]]:
    """Return every kind of failure by its code, the general ones first."""
    found = {kind.code: kind}
    for below in kind.__subclasses__():
        found = {**error_codes(below), **found}
    return found


def _environment(ctx: Context) -> Told:
    yield N_("Environment variables. A flag takes precedence over a variable.")
    yield ""
    for variable in VARIABLES:
        yield from _term(variable.name, variable.meaning)
    for spec in ctx.specs.values():
        yield from _term(spec.key_variable, N_("The {key} of {provider}.", key=spec.key_question, provider=spec.title))
        yield from _term(
            spec.url_variable,
            N_("Another address for {provider}: https, or http on this machine.", provider=spec.title),
        )
    for spec in ctx.specs.values():
        yield from ("", N_("What {command} sets for its program:", command=spec.command("exec")))
        yield from (f"  {name}" for name in handed_over(spec))


def handed_over(spec: Spec) -> Iterable[str]:
    """Return the variables that `exec` sets for a provider's program."""
    defaults = {field.name: field.default for field in spec.fields}  # of the variables only the names are shown
    begin = spec.url_variable.removesuffix("URL")
    ends = [*spec.variables(defaults), "INVOICE_MODE"]
    return (PROFILE, spec.key_variable, spec.url_variable, *(f"{begin}{end}" for end in ends))


def _exit_codes(_ctx: Context) -> Told:
    yield N_("Exit codes: what a script reads from $?.")
    yield ""
    for code, meaning in EXIT_CODES.items():
        yield N_("  {code}  {meaning}", code=f"{code.value:>3}", meaning=meaning)
    yield ""
    yield N_(
        "exec ends with the exit code of its program, or with 126 or 127, as a shell does, if it cannot be started."
    )
    yield N_("rehearse ends with 5 if the draft came back different, and with 7 if its note could not be kept.")
    yield N_("status --all-profiles ends with the worst of 7, 4, 5, 6 and 0, in this order.")


def _files(ctx: Context) -> Told:
    yield N_("Files in the settings folder, {folder}:", folder=str(ctx.folder))
    yield ""
    for name, meaning in FILES.values():
        yield from _term(name, meaning)
    yield ""
    yield N_("Only you can read the folder (0700) and its files (0600).")
    yield N_("In the keyring, the key of a provider is the entry bokko:PROVIDER, user name PROFILE:a or PROFILE:b.")


def _json(ctx: Context) -> Told:
    listings = [field.listing for spec in ctx.specs.values() for field in spec.questions if field.is_picked]
    documents = (
        (N_("status, connect, configure, activate, disconnect:"), fields.STATUS),
        (N_("profiles, a list:"), fields.PROFILES),
        (N_("integrations, a list:"), fields.INTEGRATIONS),
        (N_("{commands}, a list:", commands=", ".join(dict.fromkeys(listings))), fields.ROWS),
        (N_("rehearse:"), fields.REHEARSAL),
        (N_("doctor:"), fields.DOCTOR),
        (N_("An error; the exit code is the same as without --json:"), fields.FAILURE),
    )
    yield N_("JSON: what --json prints. It is always in English; unknown values are null.")
    for title, document in documents:
        yield from ("", title)
        for name, meaning in document.items():
            yield from _term(name, meaning)
    yield from ("", N_("Problem codes:"))
    for code, problem in PROBLEMS.items():
        yield from _term(code, problem.meaning)
    yield from ("", N_("Error codes, and what to do:"))
    for code, kind in sorted(error_codes().items()):
        yield from _term(code, kind.usual_fix)


def _scripts(ctx: Context) -> Told:
    name = next(iter(ctx.specs))
    yield N_("In scripts:")
    yield ""
    yield N_("Nothing is asked if standard input or standard error is not a terminal, or with --no-input.")
    yield N_("Everything missing is then listed in one error, with the flag for each.")
    yield ""
    yield N_("Never put a key on the command line, where others can see it. From a password manager:")
    yield Whole(f"  pass show {name} | bokko {name} connect --api-key-stdin --no-input")
    yield N_("From a file, or from an environment variable, as in CI:")
    yield Whole(f"  bokko {name} connect --api-key-file key.txt --no-input")
    yield Whole(f"  bokko {name} connect --key-storage env --no-input")
    yield N_("With your invoicing program:")
    yield Whole(f"  bokko {name} exec -- ./make-invoices")
    yield ""
    yield N_("Check before you invoice, and stop if it is not ready:")
    yield Whole(f"  bokko {name} status --json || exit")
    yield N_("Of all businesses, those that are not ready:")
    yield Whole(f"  bokko {name} status --all-profiles --json | jq '.[] | select(.state != \"ready\") | .profile'")
    yield ""
    yield N_("Try it without an account: --sandbox, with the key sandbox-ready.")
    yield N_("The exit codes: bokko help exit-codes. The documents: bokko help json.")


def _term(name: str, meaning: str) -> Told:
    return (f"  {name}", N_("      {meaning}", meaning=meaning))


TOPICS: Mapping[str, Callable[[Context], Told]] = {
    "environment": _environment,
    "exit-codes": _exit_codes,
    "files": _files,
    "json": _json,
    "scripts": _scripts,
}
