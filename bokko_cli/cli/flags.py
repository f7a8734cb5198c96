"""A flag as a value, and the flags of the commands; those of a provider's settings stand in its spec."""

from collections.abc import Callable
from inspect import Parameter
from typing import NamedTuple

import typer

from bokko_cli.cli.completion import fixed, offered_profiles
from bokko_cli.cli.reader import worded
from bokko_cli.errors import given_together
from bokko_cli.model.spec import Field, Spec
from bokko_cli.model.wording import N_

FlagValue = str | bool | None
NO = "no_"
"""Goes before a setting's name for the flag that says none or no."""


class Flag(NamedTuple):
    """One flag of a command: its name in the command's Options, how it is spelled, and what --help says of it."""

    name: str
    spellings: tuple[str, ...]
    help: str = ""
    metavar: str = ""
    """What stands for its value in --help; empty for a switch."""
    default: FlagValue = None
    is_hidden: bool = False
    complete: Callable[..., list[str]] | None = None
    """Offers values to a shell; not needed where `metavar` names them all."""
    takes_rest: bool = False
    """Whether it is no flag at all but everything that stands behind the flags: a program and its arguments."""

    def parameter(self) -> Parameter:
        """Return the flag as typer reads it in a command's signature."""
        if self.takes_rest:
            rest = typer.Argument(..., metavar=self.metavar, help=worded(self.help), show_default=False)
            return Parameter(self.name, Parameter.KEYWORD_ONLY, default=rest, annotation=list[str])
        option = typer.Option(
            self.default if self.metavar else False,
            *self.spellings,
            metavar=self.metavar or None,
            help=worded(self.help),
            hidden=self.is_hidden,
            show_default=False,
            autocompletion=self.complete or (fixed(self.metavar.split("|")) if "|" in self.metavar else None),
        )
        kind = str | None if self.metavar else bool
        return Parameter(self.name, Parameter.KEYWORD_ONLY, default=option, annotation=kind)


PROFILE = Flag("profile", ("--profile",), N_("Profile to use [default: default]."), "NAME", complete=offered_profiles)
SANDBOX = Flag("sandbox", ("--sandbox",), N_("Try it on the embedded sandbox; nothing real is touched."))
DEBUG = Flag("debug", ("--debug",), N_("Log requests and storage to standard error, without secrets."))
EVERYWHERE = (PROFILE, SANDBOX, DEBUG)
"""Before a command or after it."""

JSON = Flag("as_json", ("--json",), N_("Print the result as JSON."))
NO_INPUT = Flag("no_input", ("--no-input",), N_("Never ask; list everything that is missing instead."))
YES = Flag("yes", ("--yes", "-y"), N_("Accept every confirmation."))
DRY_RUN = Flag("dry_run", ("--dry-run",), N_("Verify everything, but save nothing."))
KEY_STDIN = Flag("api_key_stdin", ("--api-key-stdin",), N_("Read the key from the first line of standard input."))
KEY_FILE = Flag("api_key_file", ("--api-key-file",), N_("Read the key from the first line of a file."), "PATH")
NO_SUCH_KEY = Flag("api_key", ("--api-key",), metavar="KEY", is_hidden=True)
KEY_STORAGE = Flag(
    "key_storage",
    ("--key-storage",),
    N_("Where to keep the key [default: where it is now, otherwise keyring]."),
    "keyring|file|env",
)
CHECK = Flag("check", ("--check",), N_("Check everything with the provider too; changes nothing."))
ALL_PROFILES = Flag("all_profiles", ("--all-profiles",), N_("One row for each profile that has this provider."))
OFFLINE = Flag("offline", ("--offline",), N_("Send nothing; check this machine only."))
LEAVE_SECRET = Flag(
    "leave_secret",
    ("--leave-secret",),
    N_("Continue even if the keyring does not answer; says which entry is left in it."),
)
CLEAN = Flag("clean", ("--clean",), N_("Only delete what an earlier rehearsal left behind."))
PROGRAM = Flag("program", (), N_("The program and its arguments."), "COMMAND ARG…", takes_rest=True)
PORT = Flag("port", ("--port",), N_("Port to listen on [default: a free one]."), "N", default="0")


def settings_flags(spec: Spec) -> tuple[Flag, ...]:
    """Return the flags of a provider's settings, each followed by the one that says none or no."""
    return tuple(flag for field in spec.questions for flag in _flags_of(field))


def _flags_of(field: Field) -> tuple[Flag, ...]:
    flag = Flag(field.name, (field.flag,), field.help, field.metavar)
    return (flag, Flag(NO + field.name, (field.no_flag,), field.no_help)) if field.no_flag else (flag,)


def as_one(flag: FlagValue, no_flag: bool, field: Field) -> FlagValue:
    """Return what a flag and its `--no-` form say together, `None` for neither; both raise InvalidValue."""
    if flag and no_flag:
        raise given_together(field.flag, field.no_flag)
    if no_flag:
        return False
    return flag if isinstance(flag, str) else flag or None
