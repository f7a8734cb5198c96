"""The tree of commands: what there is, in one place; a flag is declared in `flags`, a setting's in its provider's spec.

To add a command, write `commands/<module>.py` with a dataclass `Options` and `run(scope, options)` (about one provider)
or `run(ctx, options)` (about all), and yield a `Command` here: from `of_provider` or from `of_all`. Each field of its
Options takes the flag of the same name; a flag that no command has yet is one line in `flags`. What only some providers
can do is yielded under a condition on the spec, never on a provider's name.
"""

import os
from collections.abc import Callable, Iterator
from functools import cache
from inspect import Parameter
from typing import NamedTuple

import typer
from typer.core import TyperCommand, TyperGroup

from bokko_cli import __version__
from bokko_cli.cli.command import Command, callback, gathering
from bokko_cli.cli.completion import replace_completions
from bokko_cli.cli.examples import beginning, examples, topics
from bokko_cli.cli.flags import (
    ALL_PROFILES,
    CHECK,
    CLEAN,
    DRY_RUN,
    JSON,
    KEY_FILE,
    KEY_STDIN,
    KEY_STORAGE,
    LEAVE_SECRET,
    NO_INPUT,
    NO_SUCH_KEY,
    OFFLINE,
    PORT,
    PROGRAM,
    YES,
    settings_flags,
)
from bokko_cli.cli.guesses import Guessing
from bokko_cli.cli.reader import fitted, is_parsers_own, worded
from bokko_cli.cli.topics import PURPOSE, helping
from bokko_cli.model.spec import Spec
from bokko_cli.model.wording import N_, lines
from bokko_cli.providers.tables import SPECS

COMPLETING = "_BOKKO_COMPLETE"
"""Set by the shell's own script when it wants to know how a word goes on."""
_PURPOSE = N_("Connect a business to its Hungarian invoicing provider.")
_LEFT_OUT_OF_CONNECT = N_(
    "You are asked for each setting whose flag you leave out. Without a terminal or with --no-input, the first "
    "connect uses VAT 27%, bank transfer, invoice capable and business clients, and leaves the rest empty; "
    "later ones keep what is stored."
)
_LEFT_OUT_OF_CONNECT_WITH_LISTS = N_(
    "You are asked for each setting whose flag you leave out. Without a terminal or with --no-input, the first "
    "connect uses VAT 27%, bank transfer, invoice capable, business clients, no tax number, and a document "
    "block or bank account only if there is just one; later ones keep what is stored."
)
_LEFT_OUT_OF_CONFIGURE = N_(
    "A setting whose flag you leave out stays as it is. Without any of these flags, you are asked for each setting."
)


def of_provider(spec: Spec) -> Iterator[Command]:
    """Return the commands of one provider, by what its spec can do."""
    settings = settings_flags(spec)
    lists = [field for field in spec.questions if field.is_picked]
    yield Command(
        "connect",
        lines(
            N_("Verify the {key}, choose the settings, save them. Shows the readiness panel.", key=spec.key_question),
            "",
            _LEFT_OUT_OF_CONNECT_WITH_LISTS if lists else _LEFT_OUT_OF_CONNECT,
        ),
        "connect",
        (KEY_STDIN, KEY_FILE, NO_SUCH_KEY, *settings, KEY_STORAGE, YES, NO_INPUT, DRY_RUN, JSON),
    )
    yield Command(
        "configure",
        lines(
            N_("Change the settings of a connected account. The key stays, and choices are checked live.")
            if lists
            else N_("Change the settings of a connected account. The key stays."),
            "",
            _LEFT_OUT_OF_CONFIGURE,
        ),
        "configure",
        (*settings, YES, NO_INPUT, DRY_RUN, JSON),
    )
    yield Command(
        "status",
        N_("Show the readiness panel, without using the network. With --check everything is verified live."),
        "status",
        (CHECK, ALL_PROFILES, JSON),
        instead={"all_profiles": "all_profiles"},
        must_answer=True,
    )
    yield Command(
        "disconnect",
        N_("Remove the settings and key from this machine. Asks first; invoices are not touched."),
        "disconnect",
        (YES, NO_INPUT, LEAVE_SECRET, JSON),
        is_answered_by_yes=True,
    )
    yield Command(
        "activate",
        N_("Make a connected provider the active one again. Its key is verified first."),
        "activate",
        (YES, NO_INPUT, JSON),
        is_answered_by_yes=True,
    )
    if spec.rehearsal_module:
        yield Command(
            "rehearse",
            N_("Prove that invoicing will work. Creates a draft, reads it back, compares it and deletes it."),
            "rehearse",
            (YES, NO_INPUT, CLEAN, JSON),
            is_answered_by_yes=True,
        )
    if spec.draft:
        yield Command(
            "export",
            N_("Print the part of a draft that the settings decide. In the provider's own JSON, without secrets."),
            "export",
            (JSON,),
            {"draft": spec.draft},
            must_answer=True,
        )
    yield Command(
        "exec",
        N_("Run a program with the key and settings in its environment. Starts it only if everything is ready."),
        "exec",
        (PROGRAM,),
    )
    for field in lists:
        yield Command(
            field.listing,
            field.listing_help,
            "lists",
            (KEY_STDIN, KEY_FILE, JSON),
            {"setting": field.name},
            must_answer=True,
        )


def of_all() -> Iterator[Command]:
    """Return the commands about no provider in particular."""
    yield Command(
        "integrations",
        N_("Show every provider on one page. Says whether each is connected and active, and since when."),
        "integrations",
        (JSON,),
        must_answer=True,
    )
    yield Command(
        "profiles",
        N_("List every profile. Shows what is connected, what is active and where the settings are."),
        "profiles",
        (JSON,),
        must_answer=True,
    )
    yield Command(
        "doctor",
        N_("Find out what is wrong. The output shows no secrets, so it can be pasted anywhere."),
        "doctor",
        (OFFLINE, JSON),
        must_answer=True,
        is_diagnostic=True,
    )
    yield Command(
        "sandbox",
        N_("Serve the sandbox for other programs. Prints its addresses and keys; Ctrl-C stops it."),
        "sandbox",
        (PORT,),
        must_answer=True,
        is_diagnostic=True,  # it needs no settings
    )


def _tree() -> typer.Typer:
    tree = _group()
    tree.callback(help=worded(_PURPOSE), epilog=fitted(lines(beginning(tuple(SPECS)), "", topics())))(
        gathering(_version())
    )
    for command in of_all():
        _register(tree, command)
    _add(tree, "help", PURPOSE, examples("help", "help"), helping())
    for spec in SPECS.values():
        group = _group()
        group.callback()(gathering())
        for command in of_provider(spec):
            _register(group, command, spec)
        purpose = N_("{provider}: connect, configure, check, disconnect.", provider=spec.title)
        tree.add_typer(group, name=spec.provider, help=worded(purpose))
    return tree


def _register(group: typer.Typer, command: Command, spec: Spec | None = None) -> None:
    # Behind a program all options are the program's.
    takes_rest = any(flag.takes_rest for flag in command.flags)
    shown = examples(command.module, command.name, spec)
    _add(group, command.name, command.help, shown, callback(command, spec), takes_rest=takes_rest)


def _add(
    group: typer.Typer,
    name: str,
    purpose: str,
    ending: str,
    call: Callable[..., None],
    *,
    takes_rest: bool = False,
) -> None:
    register = group.command(
        name,
        help=worded(purpose),
        epilog=fitted(ending),
        context_settings={"allow_interspersed_args": not takes_rest},
        cls=_parser().command,
        options_metavar=_parser().options,
    )
    register(call)


class _Parser(NamedTuple):
    """What parses a command and a group of them, and the words for what may follow; the library's own if they do."""

    command: type[TyperCommand] = TyperCommand
    group: type[TyperGroup] = Guessing
    options: str = "[OPTIONS]"
    commands: str = "COMMAND [ARGS]..."


@cache
def _parser() -> _Parser:
    if is_parsers_own():
        return _Parser()
    from bokko_cli.cli.parser_words import COMMANDS, OPTIONS, SpeakingCommand, SpeakingGroup

    return _Parser(SpeakingCommand, SpeakingGroup, worded(OPTIONS), worded(COMMANDS))


def _group() -> typer.Typer:
    return typer.Typer(
        cls=_parser().group,
        options_metavar=_parser().options,
        subcommand_metavar=_parser().commands,
        rich_markup_mode=None,  # halves what --help costs, and reads better in a pipe
        pretty_exceptions_enable=False,  # a traceback could show a key
        no_args_is_help=True,
        context_settings={"help_option_names": ["-h", "--help"]},
    )


def _version() -> Parameter:
    option = typer.Option(
        False, "--version", callback=_print_version, is_eager=True, help=worded(N_("Show the version and exit."))
    )
    return Parameter("version", Parameter.KEYWORD_ONLY, default=option, annotation=bool)


def _print_version(asked: bool) -> None:
    if asked:
        typer.echo(f"bokko {__version__}")
        raise typer.Exit


app = _tree()


def main() -> None:
    """Run the command line; what nobody foresaw ends as one line and exit code 1."""
    # Not `app()`: that puts in a hook of its own for tracebacks.
    command = typer.main.get_command(app)
    if os.environ.get(COMPLETING):
        replace_completions()
    # On Windows the parser would read patterns and %NAMES% in arguments, those of `exec`'s program among them.
    command(prog_name="bokko", windows_expand_args=False)
