"""The fault harness strikes where it says, and its keyring fails as told."""

import errno
import subprocess
import sys
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.faults.keyring_modes import Mode, keyring_environment, stored
from tests.faults.killing import fail_at, interrupt_at, kill_before, writes

SAVE = """
import os, pathlib, sys, threading, keyring
folder = pathlib.Path(os.environ["BOKKO_CONFIG_DIR"])
folder.mkdir(mode=0o700, exist_ok=True)
storing = threading.Thread(target=keyring.set_password, args=("s", "u", "secret"), daemon=True)
storing.start()
storing.join()
new = folder / "new.toml"
try:
    with new.open("w") as file:
        file.write("x = 1")
        file.flush()
        os.fsync(file.fileno())
    new.chmod(0o600)
    os.replace(new, folder / "default.toml")
except OSError as error:
    sys.exit(f"failed: {error.errno}")
except KeyboardInterrupt:
    sys.exit("interrupted")
(folder.parent / "elsewhere").write_text("not counted")
keyring.delete_password("s", "u")
print((folder / "default.toml").read_text())
"""
STEPS = [
    "mkdir .",
    "keyring set s u",
    "open new.toml",
    "fsync new.toml",
    "chmod new.toml",
    "rename new.toml default.toml",
    "keyring delete s u",
]
ARGV = [sys.executable, "-c", SAVE]


def environment(home: Mapping[str, str], tmp_path: Path, mode: Mode = "ok") -> dict[str, str]:
    return {**home, **keyring_environment(tmp_path, mode)}


def test_each_write_is_named_in_order(home: dict[str, str], tmp_path: Path) -> None:
    assert writes(ARGV, environment(home, tmp_path)) == STEPS
    assert stored(tmp_path) == {}


@pytest.mark.parametrize("n", range(1, len(STEPS) + 1))
def test_killed_before_a_write_has_done_the_ones_before(n: int, home: dict[str, str], tmp_path: Path) -> None:
    assert kill_before(ARGV, environment(home, tmp_path), n).writes == STEPS[:n]
    folder = Path(home["BOKKO_CONFIG_DIR"])
    assert folder.exists() == (n > 1)
    assert stored(tmp_path) == ({("s", "u"): "secret"} if n > 2 else {})
    assert (folder / "new.toml").exists() == (3 < n <= 6)
    assert (folder / "default.toml").exists() == (n > 6)


def test_write_fails_or_is_interrupted_once(home: dict[str, str], tmp_path: Path) -> None:
    env = environment(home, tmp_path)
    for n in (3, 4, 6):
        full = fail_at(ARGV, env, n, errno.ENOSPC)
        assert (full.returncode, full.stderr) == (1, f"failed: {errno.ENOSPC}\n")
    assert interrupt_at(ARGV, env, 4).stderr == "interrupted\n"


def test_write_that_never_comes_is_told(home: dict[str, str], tmp_path: Path) -> None:
    with pytest.raises(AssertionError, match="write 99 never came"):
        kill_before(ARGV, environment(home, tmp_path), 99)


def keyring_run(program: str, env: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
    argv = [sys.executable, "-c", f"import keyring; {program}"]
    return subprocess.run(argv, env=env, capture_output=True, text=True, check=False)


@pytest.mark.parametrize(
    ("mode", "program", "shown"),
    [
        ("ok", "keyring.delete_password('s', 'u')", "PasswordDeleteError"),
        ("locked", "keyring.get_password('s', 'u')", "KeyringLocked"),
        (
            "fails-on-set",
            "keyring.set_password('s', 'u', 'geheim')",
            "ForeignError: backend failed on set with 'geheim'",
        ),
        ("fails-on-get", "keyring.get_password('s', 'u')", "ForeignError: backend failed on get with 'stored'"),
        (
            "fails-on-delete",
            "keyring.delete_password('s', 'u')",
            "ForeignError: backend failed on delete with 'stored'",
        ),
    ],
)
def test_keyring_fails_as_told(mode: Mode, program: str, shown: str, home: dict[str, str], tmp_path: Path) -> None:
    if shown.endswith("'stored'"):
        keyring_run("keyring.set_password('s', 'u', 'stored')", environment(home, tmp_path)).check_returncode()
    assert shown in keyring_run(program, environment(home, tmp_path, mode)).stderr


def test_lying_keyring_stores_nothing(home: dict[str, str], tmp_path: Path) -> None:
    keyring_run("keyring.set_password('s', 'u', 'x')", environment(home, tmp_path, "lying")).check_returncode()
    assert stored(tmp_path) == {}


def test_hanging_keyring_does_not_answer(home: dict[str, str], tmp_path: Path) -> None:
    env = environment(home, tmp_path, "hanging")
    program = (
        "import faulthandler, keyring; faulthandler.dump_traceback_later(1, exit=True); keyring.get_password('s', 'u')"
    )
    ended = subprocess.run([sys.executable, "-c", program], env=env, capture_output=True, text=True, check=False)
    assert "in _opened" in ended.stderr


def test_processes_at_once_lose_nothing(home: dict[str, str], tmp_path: Path) -> None:
    env = environment(home, tmp_path)
    with ThreadPoolExecutor(6) as runs:
        ended = list(runs.map(lambda n: keyring_run(f"keyring.set_password('s', 'u{n}', '{n}')", env), range(6)))
    assert [run.returncode for run in ended] == [0] * 6
    assert stored(tmp_path) == {("s", f"u{n}"): str(n) for n in range(6)}
