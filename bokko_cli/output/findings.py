"""What doctor found, in lines that can be pasted into a ticket; pure."""

from collections.abc import Mapping, Sequence

from bokko_cli.model.values import Item, Level, Section
from bokko_cli.model.wording import N_, lines, plural

HEADINGS: Mapping[Section, str] = {
    "program": N_("Program:"),
    "environment": N_("Environment:"),
    "settings": N_("Settings:"),
    "keyring": N_("Keyring:"),
    "network": N_("Network:"),
    "connections": N_("Connections:"),
    "leftovers": N_("Left over:"),
}
FINDING_STYLES: Mapping[Level, str] = {"ok": "", "warning": "bold yellow", "problem": "bold red"}


def finding(item: Item) -> str:
    """Return one item, and below it what to do."""
    if item.fix is None:
        return N_("  ✓ {message}", message=item.message)
    fix = N_("    → {fix}", fix=item.fix)
    if item.level == "warning":
        return lines(N_("  ! Warning: {message}", message=item.message), fix)
    return lines(N_("  ✗ Problem: {message}", message=item.message), fix)


def summary(items: Sequence[Item]) -> str:
    """Return how many things are wrong."""
    problems = sum(item.level == "problem" for item in items)
    warnings = sum(item.level == "warning" for item in items)
    if not problems and not warnings:
        return N_("Result: all is well.")
    return N_(
        "Result: {problems}, {warnings}.",
        problems=plural("1 problem", "{count} problems", problems),
        warnings=plural("1 warning", "{count} warnings", warnings),
    )
