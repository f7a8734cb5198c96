"""Where things are kept on this system."""

import os
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from platformdirs import user_config_path, user_state_path

from bokko_cli.errors import StorageFailed
from bokko_cli.model.wording import N_

_APP = "bokko"


def config_folder(environ: Mapping[str, str]) -> Path:
    """Return the folder of the settings: BOKKO_CONFIG_DIR, else the platform's own; StorageFailed if there is none."""
    named = environ.get("BOKKO_CONFIG_DIR")
    if not named:
        return platform_folder()
    if named.startswith("~") and (named == "~" or named[1] in "/\\") and _is_homeless():
        raise _homeless()
    try:
        return Path(named).expanduser().absolute()
    except (OSError, RuntimeError):  # RuntimeError: an unknown user
        raise StorageFailed(
            N_("The folder that BOKKO_CONFIG_DIR names cannot be determined: {folder}.", folder=named),
            fix=N_("Set BOKKO_CONFIG_DIR to the full path of a folder."),
        ) from None


def sandbox_folder(environ: Mapping[str, str]) -> Path:
    """Return the folder of the sandbox's settings; without a home, one of this user's own for temporary files."""
    try:
        return config_folder(environ) / "sandbox"
    except StorageFailed:
        if environ.get("BOKKO_CONFIG_DIR"):
            raise
        return _temporary_folder()


def keyring_lock(folder: Path) -> Path:
    """Return the lock that is held round each keyring call, one for all config folders.

    `folder` is that of the settings, for a user without a home.
    """
    try:
        return _of_home(user_state_path(_APP, appauthor=False), "XDG_STATE_HOME") / "keyring.lock"
    except StorageFailed:
        return folder / "keyring.lock"


def make_private(folder: Path) -> None:
    """Make a folder and what is missing above it, 0700 each; one that exists is left as it is. Raises OSError."""
    missing = [part for part in (folder, *folder.parents) if not part.exists()]
    for part in reversed(missing):
        try:
            part.mkdir(mode=0o700)
        except FileExistsError:  # another process was quicker, or it is no folder
            if not part.is_dir():
                raise
        else:
            part.chmod(0o700)  # whatever the umask took away


def sync_folder(folder: Path) -> None:
    """Make it durable that a file in it was renamed or removed, where that is possible; it is done by now, in any case.

    Windows opens no folder: what it renames is durable by itself.
    """
    with suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def platform_folder() -> Path:
    """Return the platform's own folder for settings; StorageFailed for a user without a home."""
    return _of_home(user_config_path(_APP, appauthor=False), "XDG_CONFIG_HOME")


def _of_home(folder: Path, variable: str) -> Path:
    """Return a folder of the platform's unless it lies in a home that is not known."""
    is_named = os.environ.get(variable, "").startswith("/")
    if not folder.is_absolute() or (_is_homeless() and not is_named):
        raise _homeless()
    return folder


def _is_homeless() -> bool:
    """Whether the home is unknown, or empty, which would make the root folder of it."""
    if os.name == "nt":
        return False
    return os.environ.get("HOME") == "" or not os.path.expanduser("~").startswith("/")  # noqa: PTH111 - raises nothing


def _homeless() -> StorageFailed:
    return StorageFailed(
        N_("The settings folder cannot be determined: this user has no home folder."),
        fix=N_("Set HOME, or set BOKKO_CONFIG_DIR to the folder for the settings."),
    )


def _temporary_folder() -> Path:
    """Return a folder that nobody else can write to, so that no link of others' making is followed."""
    user = os.getuid() if hasattr(os, "getuid") else 0
    folder = Path(tempfile.gettempdir()) / f"{_APP}-sandbox-{user}"
    with suppress(OSError):
        make_private(folder)
        found = folder.lstat()
        if not folder.is_symlink() and found.st_uid == user and not found.st_mode & 0o022:
            return folder
    return Path(tempfile.mkdtemp(prefix=f"{_APP}-sandbox-"))
