"""One writer at a time."""

import errno
import logging
import os
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import BaseFileLock, FileLock, SoftFileLock, Timeout

from bokko_cli.errors import StorageFailed
from bokko_cli.model.system_errors import reason_of
from bokko_cli.model.wording import N_
from bokko_cli.store.folders import make_private

NOTIFY_AFTER = 2.0
"""Seconds of silence; whoever waits longer is told what for."""

_KNOWS_NO_LOCKS = frozenset({errno.ENOSYS, errno.ENOLCK, errno.ENOTSUP, errno.EOPNOTSUPP})
"""How file systems answer that keep no locks, or whose lock service is down."""

log = logging.getLogger("bokko.lock")
# Where flock is missing, the library takes a marker instead and says so on every command. Filtered once and for all:
# filters that are changed for a while are changed for all threads.
warnings.filterwarnings("ignore", message="flock not supported")


@contextmanager
def locked(path: Path, seconds: float, notify: Callable[[str], None], after: float = NOTIFY_AFTER) -> Iterator[None]:
    """Hold a lock file, 0600 in a private folder; StorageFailed when another holds it for too long.

    `notify` gets a line once the wait has taken longer than `after`.
    """
    try:
        lock = _held(path, seconds, notify, after)
    except OSError as error:
        raise _cannot_be_held(path, error) from None
    try:
        yield
    finally:
        lock.release()


@contextmanager
def locked_to_read(path: Path, seconds: float, notify: Callable[[str], None]) -> Iterator[None]:
    """Hold the same lock where that is possible, and read without it where nothing can be written."""
    try:
        lock = _held(path, seconds, notify, NOTIFY_AFTER)
    except OSError as error:
        log.debug("reading without %s: %s", path, error.strerror)
        yield
        return
    try:
        yield
    finally:
        lock.release()


def _held(path: Path, seconds: float, notify: Callable[[str], None], after: float) -> BaseFileLock:
    """Return the lock, held; raises StorageFailed where another holds it, OSError where none can be had."""
    make_private(path.parent)
    lock: BaseFileLock = FileLock(path, mode=0o600)
    waiting = N_("Waiting for another bokko command, which holds the lock {path}…", path=path)
    try:
        try:
            _acquire(lock, seconds, lambda: notify(waiting), after)
        except (NotImplementedError, OSError) as error:  # the former is what older versions of the library raise
            if isinstance(error, OSError) and error.errno not in _KNOWS_NO_LOCKS:
                raise
            lock = SoftFileLock(_marker(path), mode=0o600)
            log.debug("no locks where %s is: a marker beside it", path)
            _acquire(lock, seconds, lambda: notify(waiting), after)
    except Timeout:
        raise StorageFailed(
            N_(
                "Another bokko command has been holding the lock {path} for {seconds} seconds.",
                path=path,
                seconds=round(seconds),
            ),
            fix=N_("Wait for it to end, then run the command again."),
        ) from None
    return lock


def _marker(path: Path) -> Path:
    """Return the file that is there while the lock is held, where no lock can be put on the lock file itself."""
    return path.with_name(f"{path.name}.held")


def _acquire(lock: BaseFileLock, seconds: float, notify: Callable[[], None], after: float) -> None:
    if seconds > after:
        try:
            lock.acquire(timeout=after)
        except Timeout:
            notify()
        else:
            return
        seconds -= after
    lock.acquire(timeout=seconds)


def _cannot_be_held(path: Path, error: OSError) -> StorageFailed:
    if os.path.lexists(path):
        fix = N_("Remove {path}: a command run as another user, such as root, may have left it.", path=path)
        is_about_rights = error.errno in (errno.EACCES, errno.EPERM)
        return StorageFailed(
            N_("Cannot write to {path}: {reason}.", path=path, reason=reason_of(error)),
            fix=fix if is_about_rights else N_("Remove {path}, or move it away.", path=path),
        )
    return StorageFailed(
        N_(
            "Cannot write to {path}: {reason}.",
            path=error.filename if _is_above(error, path) else path.parent,
            reason=reason_of(error),
        )
    )


def _is_above(error: OSError, path: Path) -> bool:
    """Whether the error is about a folder above the file, which could not be made."""
    return isinstance(error.filename, str | os.PathLike) and Path(error.filename) in path.parents
