"""Whatever a keyring raises becomes an error of ours, without its words: they may quote the secret."""

import os
import subprocess
import sys
from pathlib import Path

BACKEND = """
import threading
import time
from keyring.backend import KeyringBackend
from keyring.errors import InitError, KeyringLocked, NoKeyringError

class ItemLockedException(Exception): pass
class PromptDismissedException(Exception): pass
class Hanging:
    def __init__(self, _): time.sleep(60)

noticed = threading.Event()
class Slow(Exception):
    def __init__(self, _): noticed.wait(10)

class Stubborn(KeyringBackend):
    priority = 1
    kept = "geheim"
    raised = None
    def get_password(self, service, username):
        if self.raised: raise self.raised("it was geheim")
        return self.kept
    def set_password(self, service, username, password): pass
    def delete_password(self, service, username): pass
"""
PROGRAM = """
import threading
import time
import stubborn_keyring as foreign
from bokko_cli.model.apikey import ApiKey
from bokko_cli.errors import BokkoError
from bokko_cli.store.keyring import KeyringStore

store = KeyringStore("s", "p", None, 0.3, print, "SOME_VARIABLE")

def tell(call):
    try:
        print(call())
    except BokkoError as error:
        print(error.code, error.message, bool(error.__cause__), sep="|")

for raised in (
    foreign.KeyringLocked, foreign.ItemLockedException, foreign.PromptDismissedException, foreign.NoKeyringError,
    foreign.InitError, RuntimeError, foreign.Hanging,
):
    foreign.Stubborn.raised = raised
    tell(lambda: store.read("a"))
def notice(line):
    print(line)
    foreign.noticed.set()

foreign.Stubborn.raised = foreign.Slow
tell(lambda: KeyringStore("s", "p", None, 20.0, notice, "SOME_VARIABLE").read("a"))
foreign.Stubborn.raised = None
tell(lambda: store.delete("a"))
tell(lambda: store.write("a", ApiKey("another")))

def notices():
    return [thread for thread in threading.enumerate() if isinstance(thread, threading.Timer)]

ends = time.monotonic() + 1
while notices() and time.monotonic() < ends:
    time.sleep(0.01)
print(len(notices()), "notices are left")
"""


def test_each_failure_is_told_as_ours(home: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "stubborn_keyring.py").write_text(BACKEND, "utf-8")
    named = {"PYTHON_KEYRING_BACKEND": "stubborn_keyring.Stubborn", "PYTHONPATH": os.fspath(tmp_path)}
    ran = subprocess.run(
        [sys.executable, "-c", PROGRAM], env={**home, **named}, capture_output=True, encoding="utf-8", check=False
    )
    assert ran.stderr == ""
    assert ran.stdout.splitlines() == [
        "keyring_locked|The keyring is locked.|False",
        "keyring_locked|The keyring is locked.|False",
        "keyring_locked|The keyring is locked.|False",
        "keyring_unavailable|This machine has no usable keyring.|False",
        "keyring_unavailable|This machine has no usable keyring.|False",
        "keyring_failed|The keyring failed (RuntimeError).|False",
        "keyring_locked|The keyring does not answer; it is probably locked.|False",
        "Waiting for the keyring; a dialog may be open that asks to unlock it…",
        "keyring_failed|The keyring failed (Slow).|False",
        "keyring_failed|The keyring did not delete this entry: keyring service s, user name p:a|False",
        "keyring_failed|The keyring did not keep the key.|False",
        "0 notices are left",
    ]
