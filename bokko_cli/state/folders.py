"""Where things are kept on this system."""

import hashlib
import os
from collections.abc import Mapping
from pathlib import Path

from platformdirs import user_config_path, user_state_path

_APP = "bokko"


def config_folder(environ: Mapping[str, str]) -> Path:
    """Return the folder of the settings: BOKKO_CONFIG_DIR, else the platform's own."""
    named = environ.get("BOKKO_CONFIG_DIR")
    return Path(named).expanduser().absolute() if named else _platform_folder()


def keyring_lock() -> Path:
    """Return the lock that is held round each keyring call, one for all config folders."""
    return user_state_path(_APP, appauthor=False) / "keyring.lock"


def keyring_service(provider: str, folder: Path) -> str:
    """Return the name the keyring knows a provider's secrets by; another folder than the platform's has its own."""
    real = os.path.realpath(folder)
    if real == os.path.realpath(_platform_folder()):
        return f"bokko:{provider}"
    return f"bokko:{provider}:{hashlib.sha256(os.fsencode(real)).hexdigest()[:8]}"


def _platform_folder() -> Path:
    return user_config_path(_APP, appauthor=False)
