"""Disks that refuse: read-only ones, and those that know no locks."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.skipif(os.name == "nt", reason="mounts and locks are otherwise on Windows")

READ_ONLY = """
mount --bind "$1" "$1" && mount -o remount,ro,bind "$1" && shift && exec "$@"
"""
READING = """
import sys
from pathlib import Path
from bokko_cli.errors import StorageFailed
from bokko_cli.store.access import require_openable, require_replaceable
from bokko_cli.store.lock import locked, locked_to_read
path = Path(sys.argv[1])
with locked_to_read(path, 1.0, print):
    print("read")
for act in (lambda: locked(path, 1.0, print).__enter__(), lambda: require_openable(path),
            lambda: require_replaceable(path)):
    try:
        act()
    except StorageFailed as error:
        print(error.message)
"""


@pytest.mark.parametrize("lock", ["keyring.lock", "deep/keyring.lock"])
def test_reading_needs_no_place_to_write_and_writing_says_which(tmp_path: Path, lock: str) -> None:
    argv = ["unshare", "-m", "sh", "-c", READ_ONLY, "sh", str(tmp_path), sys.executable, "-c", READING]
    try:
        ran = subprocess.run([*argv, str(tmp_path / lock)], capture_output=True, encoding="utf-8", check=False)
    except FileNotFoundError:
        pytest.skip("this system has no unshare")
    if "read" not in ran.stdout:
        pytest.skip("no mounting here")
    said = ran.stdout.splitlines()
    assert said[0] == "read"
    assert len(said) == 4
    assert all(line.startswith(f"Cannot write to {tmp_path}") for line in said[1:])


WITHOUT_FLOCK = """
import errno, fcntl, sys
from pathlib import Path
def flock(descriptor, how):
    raise OSError(errno.ENOSYS, "Function not implemented")
fcntl.flock = flock
from bokko_cli.store.lock import locked
for _ in range(2):
    with locked(Path(sys.argv[1]), 1.0, print):
        print("held")
"""


def test_file_system_without_locks_brings_no_warning(tmp_path: Path) -> None:
    argv = [sys.executable, "-W", "default", "-c", WITHOUT_FLOCK, str(tmp_path / "a.lock")]
    ran = subprocess.run(argv, capture_output=True, encoding="utf-8", check=False)
    assert (ran.stdout.split(), ran.stderr) == (["held", "held"], "")
