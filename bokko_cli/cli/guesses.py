"""Hints for commands that do not exist, and the shell that is named after --install-completion."""

from collections.abc import Collection, Mapping
from difflib import get_close_matches

import typer
from typer.completion import install_callback, show_callback
from typer.core import TyperCommand, TyperGroup

from bokko_cli.cli.completion import keep_files_out_of_scripts
from bokko_cli.cli.run import Globals
from bokko_cli.cli.typed_key import refuse_keys
from bokko_cli.model.wording import N_, Whole, lines

SAME_THING = {"login": "connect", "logout": "disconnect", "setup": "connect", "check": "status"}
"""Commands of other programs, and what they are called here."""

OPTIONS = {"version": "--version", "help": "--help"}
"""Commands of other programs that are options here."""

LIKE_ENOUGH = 0.7
SHELLS = ("bash", "zsh", "fish", "powershell", "pwsh")
COMPLETION = ("--install-completion", "--show-completion")


class Guessing(TyperGroup):
    """A group of commands that answers a wrong one with the right one, and lists what others begin with first."""

    def list_commands(self, ctx: typer.Context) -> list[str]:  # type: ignore[override]  # typer hands in its own Context
        """Return the names in the order of --help: the providers before the commands about all of them."""
        return sorted(super().list_commands(ctx), key=lambda name: not isinstance(self.commands[name], TyperGroup))

    def resolve_command(  # type: ignore[override]  # typer hands in its own Context
        self, ctx: typer.Context, args: list[str]
    ) -> tuple[str | None, TyperCommand | None, list[str]]:
        """Return the command and what is left for it; a usage error with a hint for what is none."""
        typed = args[0]
        if not ctx.resilient_parsing and not typed.startswith("-") and typed not in self.commands:
            ctx.fail(self._hint(ctx, args))
        return super().resolve_command(ctx, args)  # type: ignore[return-value]  # of its own class

    def parse_args(self, ctx: typer.Context, args: list[str]) -> list[str]:  # type: ignore[override]  # the same
        """Take a shell that is named after --install-completion for what it is, which typer does not."""
        if ctx.parent is None and not ctx.resilient_parsing:
            refuse_keys(args)
        before = args[: next((at for at, word in enumerate(args) if word in self.commands), len(args))]
        for at, word in enumerate(before):
            option, _, shell = word.partition("=")
            named = shell or next(iter(before[at + 1 :]), "")
            if option in COMPLETION:
                keep_files_out_of_scripts()
            if option in COMPLETION and named and not named.startswith("-"):
                _complete(ctx, option, named)
        return super().parse_args(ctx, args)

    def _hint(self, ctx: typer.Context, words: list[str]) -> str:
        typed = words[0]
        nested = {name: getattr(group, "commands", {}) for name, group in self.commands.items()}
        here = () if ctx.parent is None else (str(ctx.info_name),)
        invocation = _globals(ctx).invocation
        commands = [invocation.command(*here, *found) for found in meant(words, nested)]
        if OPTIONS.get(typed) == "--version":
            commands = [Whole("bokko --version")]
        if not commands:
            command = invocation.command(*here, "--help")
            return lines(N_("No such command: {name}. To see the commands:", name=repr(typed)), f"  {command}")
        if len(commands) == 1:
            return lines(N_("No such command: {name}. Use:", name=repr(typed)), *(f"  {each}" for each in commands))
        return lines(
            N_("No such command: {name}. Name the provider first:", name=repr(typed)),
            *(f"  {each}" for each in commands),
        )


def meant(words: list[str], nested: Mapping[str, Collection[str]]) -> list[tuple[str, ...]]:
    """Return what was probably meant: one command, or the same of several groups, whose commands `nested` has."""
    typed, *rest = words
    if typed in OPTIONS:
        return [(OPTIONS[typed],)]
    typed = SAME_THING.get(typed, typed)
    below = {name for names in nested.values() for name in names}
    found = get_close_matches(typed, [*nested, *below], n=1, cutoff=LIKE_ENOUGH)
    if not found:
        return []
    (name,) = found
    if name in nested:
        return [(name, *(word for word in rest[:1] if word in nested[name]))]
    groups = [group for group, names in nested.items() if name in names]
    named = [group for group in groups if group in rest]
    return [(group, name) for group in named or groups]


def _globals(ctx: typer.Context) -> Globals:
    before: Globals = ctx.obj or Globals()
    given = ctx.params
    return before.merged(given.get("profile"), sandbox=bool(given.get("sandbox")), debug=False)


def _complete(ctx: typer.Context, option: str, shell: str) -> None:
    """Install or show completion for a shell, and leave; a usage error for one that is not known."""
    if shell not in SHELLS:
        known = ", ".join(SHELLS)
        ctx.fail(
            N_(
                "{option} does not support the shell {shell}. It supports: {known}",
                option=option,
                known=known,
                shell=shell,
            )
        )
    callback = install_callback if option == COMPLETION[0] else show_callback
    try:
        callback(ctx, None, shell)  # type: ignore[arg-type]  # it asks nothing of the parameter
    except FileNotFoundError:  # PowerShell itself is asked where its profile is
        ctx.fail(N_("Completion cannot be installed for {shell}: it is not on this machine.", shell=shell))
