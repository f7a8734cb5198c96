"""Whether something could be written, found out without writing."""

import os
from pathlib import Path

from bokko_cli.errors import StorageFailed
from bokko_cli.model.wording import N_


def require_openable(path: Path) -> None:
    """Raise StorageFailed where a file could not be opened for writing, or made."""
    target = resolved(path)
    if target.is_dir():
        raise StorageFailed(
            N_("Cannot write to {path}: it is a folder.", path=path), fix=N_("Move {path} away.", path=path)
        )
    if target.exists() and not _may(target, os.W_OK):
        raise _not_permitted(path)
    if not target.exists():
        _require_folder(path.parent)
        _require_folder(target.parent)


def require_lockable(path: Path) -> None:
    """Raise StorageFailed where no lock could be put on a file: behind a link none is taken, wherever it leads."""
    if path.is_symlink():
        raise StorageFailed(
            N_("Cannot write to {path}: it is a link.", path=path), fix=N_("Remove the link {path}.", path=path)
        )
    require_openable(path)


def require_replaceable(path: Path) -> None:
    """Raise StorageFailed where a file could not be replaced by a new one that is written beside it."""
    target = resolved(path)
    _require_folder(path.parent)
    _require_folder(target.parent)
    for place in (target, beside(target)):
        if place.is_dir() and not place.is_symlink():
            raise StorageFailed(
                N_("Cannot write {path}: {place} is a folder.", path=path, place=place),
                fix=N_("Move {path} away.", path=place),
            )


def resolved(path: Path) -> Path:
    """Return where a file really is; StorageFailed for a loop of links."""
    try:
        return path.resolve()
    except (OSError, RuntimeError):  # RuntimeError: how Python below 3.13 calls a loop of symlinks
        raise StorageFailed(
            N_("Cannot write {path}: it is a broken link.", path=path),
            fix=N_("Remove the link {path}, or point it to a file.", path=path),
        ) from None


def beside(target: Path) -> Path:
    """Return the temporary file that a new version of a file is written to."""
    return target.with_name(f".{target.name}.new")


def _require_folder(folder: Path) -> None:
    """Raise StorageFailed unless the folder can be written to, or made where it is not there yet."""
    nearest = next(part for part in (folder, *folder.parents) if os.path.lexists(part))
    if not nearest.is_dir():
        raise StorageFailed(
            N_("Cannot write to {path}: it is not a writable folder.", path=nearest),
            fix=N_("Move {path} away, or replace it with a folder.", path=nearest),
        )
    if not _may(nearest, os.W_OK | os.X_OK):
        raise _not_permitted(nearest)


def _not_permitted(path: Path) -> StorageFailed:
    return StorageFailed(
        N_("Cannot write to {path}: no permission, or read-only.", path=path),
        fix=N_("Check who owns {path} and who may write to it.", path=path),
    )


def _may(path: Path, mode: int) -> bool:
    return os.access(path, mode, effective_ids=os.access in os.supports_effective_ids)
