"""The environment that gives a child the keyring in a file, and a look at what is stored in it."""

import json
import os
from pathlib import Path
from typing import Literal

Mode = Literal["ok", "locked", "hanging", "lying", "slow", "fails-on-set", "fails-on-get", "fails-on-delete"]


def keyring_environment(tmp_path: Path, mode: Mode = "ok", seconds: float | None = None) -> dict[str, str]:
    """Return the variables to add to a child's; `slow` takes a second a call, `hanging` an hour, or as told."""
    takes = seconds if seconds is not None else {"slow": 1.0}.get(mode, 3600.0)
    return {
        "PYTHON_KEYRING_BACKEND": "file_keyring.FileKeyring",
        "PYTHONPATH": os.fspath(Path(__file__).parent),
        "FILE_KEYRING_PATH": os.fspath(_file(tmp_path)),
        "FILE_KEYRING_MODE": mode,
        "FILE_KEYRING_SECONDS": str(takes),
    }


def stored(tmp_path: Path) -> dict[tuple[str, str], str]:
    """Return each secret in the keyring, by service and user name."""
    if not _file(tmp_path).exists():
        return {}
    services: dict[str, dict[str, str]] = json.loads(_file(tmp_path).read_text("utf-8"))
    return {(service, user): secret for service, users in services.items() for user, secret in users.items()}


def _file(tmp_path: Path) -> Path:
    return tmp_path / "keyring.json"
