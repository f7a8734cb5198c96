"""A machine for `doctor` to look at, and what it found there."""

from pathlib import Path

from bokko_cli.commands.doctor import Options, examined
from bokko_cli.model.values import Item, Level
from bokko_cli.prompter.base import NoPrompter
from tests.fakes import World

Found = dict[tuple[str, str], Item]


def machine(tmp_path: Path, **environ: str) -> World:
    return World(tmp_path / "home" / "bokko", environ=environ)


def examine(of: World, *, offline: bool = True) -> Found:
    items = examined(of.context(NoPrompter()), Options(offline=offline))
    return {(item.section, item.item): item for item in items}


def levels(found: Found, section: str) -> dict[str, Level]:
    return {item: one.level for (where, item), one in found.items() if where == section}


def wrong_in(found: Found) -> set[tuple[str, str]]:
    return {key for key, item in found.items() if item.level != "ok"}
