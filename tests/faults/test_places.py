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
import errno, fcntl, os, sys
from pathlib import Path
number = getattr(errno, sys.argv[2])
def flock(descriptor, how):
    raise OSError(number, os.strerror(number))
fcntl.flock = flock
from bokko_cli.errors import StorageFailed
from bokko_cli.store.lock import locked, locked_to_read
path = Path(sys.argv[1])
for hold in (locked, locked_to_read, locked):
    with hold(path, 1.0, print):
        print("held")
        try:
            with locked(path, 0.1, print):
                print("held twice")
        except StorageFailed:
            pass
with locked(path, 1.0, print):
    os._exit(0)
"""
ANSWERS = ("ENOSYS", "ENOLCK", "ENOTSUP", "EOPNOTSUPP")


@pytest.mark.parametrize("answer", ANSWERS)
def test_file_system_without_locks_keeps_writers_apart_and_brings_no_warning(tmp_path: Path, answer: str) -> None:
    argv = [sys.executable, "-W", "default", "-c", WITHOUT_FLOCK, str(tmp_path / "a.lock"), answer]
    for _ in range(2):  # the first one dies with the lock held
        ran = subprocess.run(argv, capture_output=True, encoding="utf-8", check=False)
        assert (ran.stdout.split(), ran.stderr) == (["held", "held", "held"], "")


IN_THREADS = """
import fcntl, sys, threading, warnings
from pathlib import Path
from bokko_cli.store.lock import locked_to_read
before = list(warnings.filters)
inside = {name: threading.Event() for name in ("first", "second")}
first_is_over = threading.Event()
flock = fcntl.flock
def slow(descriptor, how):
    # The first goes in, then the second; the first comes out, then the second.
    name = threading.current_thread().name
    if how != fcntl.LOCK_UN:
        inside[name].set()
        (inside["second"] if name == "first" else first_is_over).wait(20)
    return flock(descriptor, how)
fcntl.flock = slow
def read():
    name = threading.current_thread().name
    if name == "second":
        inside["first"].wait(20)
    with locked_to_read(Path(sys.argv[1], name), 9.0, print):
        pass
    if name == "first":
        first_is_over.set()
threads = [threading.Thread(target=read, name=name) for name in inside]
for thread in threads: thread.start()
for thread in threads: thread.join()
print(warnings.filters == before)
"""


def test_locks_of_several_threads_leave_the_filters_of_warnings_alone(tmp_path: Path) -> None:
    argv = [sys.executable, "-c", IN_THREADS, str(tmp_path)]
    ran = subprocess.run(argv, capture_output=True, encoding="utf-8", check=False)
    assert (ran.stdout.split(), ran.stderr) == (["True"], "")
