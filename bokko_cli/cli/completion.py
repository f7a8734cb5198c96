"""What the shell offers for a word that is half typed: profiles, fixed values, and help that arrives whole."""

import os
from collections.abc import Callable, Sequence

import typer
from typer import _completion_shared as shared
from typer._click.shell_completion import CompletionItem, add_completion_class
from typer._completion_classes import FishComplete, PowerShellComplete, ZshComplete

from bokko_cli.cli.assembly import names_of_profiles

Complete = Callable[[str], list[str]]

PATH_FLAGS = ("--api-key-file",)
"""Whose values are files; those of others are not, though a shell offers files where nothing is offered."""
_RUNS_PROGRAMS = "exec"
_BASH_WITHOUT_FILES = r"""
    if [[ ${#COMPREPLY[@]} -eq 0 && $'\n'"${COMP_WORDS[*]}" != *$'\n'PROGRAMS$'\n'* ]]; then
        case "${COMP_WORDS[COMP_CWORD-1]}" in
            FLAGS) ;;
            *) compopt +o default 2>/dev/null ;;
        esac
    fi
    return 0
"""
_POWERSHELL_WITHOUT_FILES = """ForEach-Object {
        if ($_ -eq "NOTHING") { return "" }
"""
"""What comes of an empty word is that nothing is offered; of no word at all, that files are."""
_NOTHING = ":::"


def fixed(values: Sequence[str]) -> Complete:
    """Return what offers a few fixed values."""

    def complete(incomplete: str) -> list[str]:
        return [value for value in values if value.startswith(incomplete)]

    return complete


def offered_profiles(ctx: typer.Context, incomplete: str) -> list[str]:
    """Offer the profiles that there are; nothing where they cannot be listed, since a shell shows no errors."""
    found = names_of_profiles(os.environ, is_sandbox=_is_sandbox(ctx))
    return [name for name in found if name.startswith(incomplete)]


def _is_sandbox(ctx: typer.Context | None) -> bool:
    while ctx is not None:
        if ctx.params.get("sandbox"):
            return True
        ctx = ctx.parent  # type: ignore[assignment]  # typer's own class of it
    return False


class _Zsh(ZshComplete):
    """What zsh evaluates twice: in single quotes, then in double quotes."""

    def complete(self) -> str:
        offered = super().complete()
        return ":" if offered == "_files" and not takes_files(self.get_completion_args()[0]) else offered

    def format_completion(self, item: CompletionItem) -> str:
        words = [item.value, *([item.help] if item.help else [])]
        return ":".join(f'"{for_zsh(word)}"' for word in words)


class _Fish(FishComplete):
    """A word, a tab, and what it means."""

    def complete(self) -> str:
        asks = os.environ.get("_TYPER_COMPLETE_FISH_ACTION") == "is-args"
        if asks and not takes_files(self.get_completion_args()[0]):
            raise SystemExit(0)  # means: no files
        return super().complete()

    def format_completion(self, item: CompletionItem) -> str:
        return f"{item.value}\t{' '.join(item.help.split())}" if item.help else item.value


class _PowerShell(PowerShellComplete):
    """A word, three colons, and what it means, which may not be empty; three colons alone mean: no files either."""

    def complete(self) -> str:
        offered = super().complete()
        if not offered and takes_files(self.get_completion_args()[0]):
            raise SystemExit(0)  # an empty line would be a word
        return offered or _NOTHING

    def format_completion(self, item: CompletionItem) -> str:
        return f"{item.value}:::{' '.join((item.help or '').split()) or ' '}"


def replace_completions() -> None:
    """Put our own words for a completion in the place of typer's, for the shells that show help beside a word.

    typer loads rich for each of them, which takes longer than a key press should, and doubles the apostrophes for zsh,
    which then shows none.
    """
    for kind, names in ((_Zsh, ("zsh",)), (_Fish, ("fish",)), (_PowerShell, ("powershell", "pwsh"))):
        for name in names:
            add_completion_class(kind, name)


def takes_files(words: Sequence[str]) -> bool:
    """Whether the word behind these may be a file: the value of such a flag, or a program and what it is given."""
    return _RUNS_PROGRAMS in words or bool(words and words[-1] in PATH_FLAGS)


def keep_files_out_of_scripts() -> None:
    """Make the scripts that bash and PowerShell get offer no files where another value is wanted."""
    ending = _BASH_WITHOUT_FILES.replace("PROGRAMS", _RUNS_PROGRAMS).replace("FLAGS", "|".join(PATH_FLAGS))
    for_bash = shared.COMPLETION_SCRIPT_BASH.replace("    return 0\n", ending.lstrip("\n"))
    without_files = _POWERSHELL_WITHOUT_FILES.replace("NOTHING", _NOTHING)
    for_powershell = shared.COMPLETION_SCRIPT_POWER_SHELL.replace("ForEach-Object {\n", without_files)
    scripts = {"bash": for_bash, "powershell": for_powershell, "pwsh": for_powershell}
    shared._completion_scripts.update(scripts)  # noqa: SLF001 - there is no other place to put them


def for_zsh(text: str) -> str:
    """Return text as it stands between double quotes within single quotes, with no colon that would part it."""
    for sign in ("\\", '"', "$", "`"):
        text = text.replace(sign, f"\\{sign}")
    return text.replace(":", r"\\:").replace("'", "'\\''")
