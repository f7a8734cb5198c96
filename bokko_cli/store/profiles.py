"""Which profiles there are, and which files beside them are ours; nothing is read but names."""

import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Literal, NamedTuple

from bokko_cli.errors import SettingsUnreadable
from bokko_cli.model.system_errors import reason_of
from bokko_cli.model.values import PROFILE_NAME
from bokko_cli.model.wording import N_, Sentence

Purpose = Literal["settings", "secrets", "lock", "mark", "rehearsal", "temporary"]
_NAME = f"(?P<profile>{PROFILE_NAME.pattern})"


FILES: Mapping[Purpose, tuple[str, Sentence]] = {
    "settings": (
        "PROFILE.toml",
        N_("The settings of a profile, and which provider is active. Yours to read and edit; holds no secret."),
    ),
    "secrets": (
        "PROFILE.secrets.toml",
        N_("The keys of a profile, where --key-storage is file. Readable by you alone."),
    ),
    "lock": ("PROFILE.lock", N_("Held while a profile is changed, so that two commands do not change it at once.")),
    "mark": (".PROFILE.PROVIDER.unswept", N_("Marks that the keyring may hold a key that no settings use.")),
    "rehearsal": ("PROFILE.PROVIDER.rehearsal.json", N_("What a rehearsal has created and not deleted yet.")),
    "temporary": (
        ".PROFILE.toml.new",
        N_("The settings while they are being saved; if it stays, a command was killed while saving."),
    ),
}
"""How each file in the folder of the settings is called, and what it is."""


class OwnFile(NamedTuple):
    """One file of ours: whose it is and what for; `provider` is empty where it belongs to all."""

    path: Path
    profile: str
    purpose: Purpose
    provider: str = ""


def profile_names(folder: Path) -> tuple[str, ...]:
    """Return the profiles that have a settings file, `default` first; raises SettingsUnreadable for the folder."""
    names = {file.profile for file in own_files(folder, ()) if file.purpose == "settings"}
    return tuple(sorted(names, key=lambda name: (name != "default", name)))


def own_files(folder: Path, providers: Iterable[str]) -> tuple[OwnFile, ...]:
    """Return every file of ours in the folder, sorted; a folder that is not there has none.

    Raises SettingsUnreadable where the folder cannot be listed.
    """
    patterns = _patterns(providers)
    try:
        names = sorted(path.name for path in folder.iterdir())
    except FileNotFoundError:
        return ()
    except OSError as error:
        raise SettingsUnreadable(
            N_("The settings folder {folder} cannot be listed: {why}.", folder=str(folder), why=reason_of(error)),
            fix=N_("Give yourself access to the folder: chmod u+rwx {folder}", folder=str(folder)),
        ) from None
    return tuple(file for name in names for file in _known(folder / name, patterns))


def _patterns(providers: Iterable[str]) -> list[tuple[Purpose, re.Pattern[str]]]:
    provider = f"(?P<provider>{'|'.join(map(re.escape, providers)) or '(?!)'})"
    return [
        ("settings", re.compile(rf"{_NAME}\.toml")),
        ("secrets", re.compile(rf"{_NAME}\.secrets\.toml")),
        ("lock", re.compile(rf"{_NAME}\.lock")),
        ("mark", re.compile(rf"\.{_NAME}\.{provider}\.unswept")),
        ("rehearsal", re.compile(rf"{_NAME}\.{provider}\.rehearsal\.json")),
        ("temporary", re.compile(rf"\.{_NAME}(\.[a-z.]+)?\.(toml|json)\.new")),
    ]


def _known(path: Path, patterns: Iterable[tuple[Purpose, re.Pattern[str]]]) -> list[OwnFile]:
    for purpose, pattern in patterns:
        found = pattern.fullmatch(path.name)
        if found:
            return [OwnFile(path, found["profile"], purpose, found.groupdict().get("provider") or "")]
    return []
