"""The name that the keyring knows a provider's secrets by; apart from the folders, since a hash costs at start-up."""

import hashlib
import os
from contextlib import suppress
from pathlib import Path

from bokko_cli.errors import StorageFailed
from bokko_cli.store.folders import platform_folder


def keyring_service(provider: str, folder: Path) -> str:
    """Return `bokko:PROVIDER`, and for another folder than the platform's own the start of its SHA-256 behind it."""
    real = os.path.realpath(folder)
    with suppress(StorageFailed):  # without a home no folder is the platform's own
        if real == os.path.realpath(platform_folder()):
            return f"bokko:{provider}"
    return f"bokko:{provider}:{hashlib.sha256(os.fsencode(real)).hexdigest()[:8]}"
