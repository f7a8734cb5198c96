"""Where things are kept on this system."""

from collections.abc import Mapping
from pathlib import Path

from platformdirs import user_config_path, user_state_path

_APP = "bokko"


def config_folder(environ: Mapping[str, str]) -> Path:
    """Return the folder of the settings: BOKKO_CONFIG_DIR, else the platform's own."""
    named = environ.get("BOKKO_CONFIG_DIR")
    return Path(named).expanduser().absolute() if named else platform_folder()


def keyring_lock() -> Path:
    """Return the lock that is held round each keyring call, one for all config folders."""
    return user_state_path(_APP, appauthor=False) / "keyring.lock"


def make_private(folder: Path) -> None:
    """Make a folder and what is missing above it, 0700 each; one that exists is left as it is. Raises OSError."""
    missing = [part for part in (folder, *folder.parents) if not part.exists()]
    for part in reversed(missing):
        part.mkdir(mode=0o700, exist_ok=True)


def platform_folder() -> Path:
    """Return the platform's own folder for settings."""
    return user_config_path(_APP, appauthor=False)
