"""One writer at a time."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from bokko_cli.errors import StorageFailed
from bokko_cli.store.folders import make_private


@contextmanager
def locked(path: Path, seconds: float) -> Iterator[None]:
    """Hold a lock file, 0600 in a private folder; StorageFailed when another holds it for too long."""
    try:
        make_private(path.parent)
        lock = FileLock(path, mode=0o600)
        lock.acquire(timeout=seconds)
    except Timeout as error:
        raise StorageFailed(
            f"Another bokko has been holding {path} for {seconds:.0f} seconds.", fix="Wait for it to end, then retry."
        ) from error
    except OSError as error:
        raise StorageFailed(f"Cannot write to {path.parent}: {error.strerror}.") from error
    try:
        yield
    finally:
        lock.release()
