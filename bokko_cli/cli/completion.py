"""What the shell offers for a word that is half typed: profiles, fixed values, and help that arrives whole."""

import os
from collections.abc import Callable, Sequence

import typer

from bokko_cli.errors import BokkoError

Complete = Callable[[str], list[str]]


def fixed(values: Sequence[str]) -> Complete:
    """Return what offers a few fixed values."""

    def complete(incomplete: str) -> list[str]:
        return [value for value in values if value.startswith(incomplete)]

    return complete


def profiles(ctx: typer.Context, incomplete: str) -> list[str]:
    """Offer the profiles that there are; nothing where they cannot be listed, since a shell shows no errors."""
    from bokko_cli.store.folders import config_folder
    from bokko_cli.store.profiles import profile_names

    try:
        folder = config_folder(os.environ)
        found = profile_names(folder / "sandbox" if _is_sandbox(ctx) else folder)
    except (BokkoError, OSError, RuntimeError):
        return []
    return [name for name in found if name.startswith(incomplete)]


def _is_sandbox(ctx: typer.Context | None) -> bool:
    while ctx is not None:
        if ctx.params.get("sandbox"):
            return True
        ctx = ctx.parent  # type: ignore[assignment]  # typer's own class of it
    return False


def replace_completions() -> None:
    """Put our own words for a completion in the place of typer's, for the shells that show help beside a word.

    typer loads rich for each of them, which takes longer than a key press should, and doubles the apostrophes for zsh,
    which then shows none.
    """
    from typer._click.shell_completion import CompletionItem, add_completion_class
    from typer._completion_classes import FishComplete, PowerShellComplete, ZshComplete

    class Zsh(ZshComplete):
        """What zsh evaluates twice: in single quotes, then in double quotes."""

        def format_completion(self, item: CompletionItem) -> str:
            words = [item.value, *([item.help] if item.help else [])]
            return ":".join(f'"{for_zsh(word)}"' for word in words)

    class Fish(FishComplete):
        """A word, a tab, and what it means."""

        def format_completion(self, item: CompletionItem) -> str:
            return f"{item.value}\t{' '.join(item.help.split())}" if item.help else item.value

    class PowerShell(PowerShellComplete):
        """A word, three colons, and what it means, which may not be empty."""

        def format_completion(self, item: CompletionItem) -> str:
            return f"{item.value}:::{' '.join((item.help or '').split()) or ' '}"

    for kind, names in ((Zsh, ("zsh",)), (Fish, ("fish",)), (PowerShell, ("powershell", "pwsh"))):
        for name in names:
            add_completion_class(kind, name)


def for_zsh(text: str) -> str:
    """Return text as it stands between double quotes within single quotes, with no colon that would part it."""
    for sign in ("\\", '"', "$", "`"):
        text = text.replace(sign, f"\\{sign}")
    return text.replace(":", r"\\:").replace("'", "'\\''")
