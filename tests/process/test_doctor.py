"""`doctor` where the machine itself is in trouble: a keyring that hangs, no threads, no home."""

import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from tests.fake_billingo import FakeBillingo
from tests.faults.keyring_modes import Mode, keyring_environment, stored
from tests.process.test_too_few_threads import LIMITED
from tests.servers import Server

CONNECT = (
    "billingo", "connect", "--api-key-stdin", "--block", "40101", "--bank-account", "7001", "--no-input",
    "--no-tax-number",
)  # fmt: skip
FoundInJson = dict[tuple[str, str], Any]


def bokko(env: dict[str, str], *words: str, given: str = "") -> subprocess.CompletedProcess[str]:
    argv = [sys.executable, "-m", "bokko_cli", *words]
    return subprocess.run(argv, env=env, input=given, capture_output=True, text=True, timeout=60, check=False)


def examined(env: dict[str, str], *, offline: bool = True) -> tuple[int, FoundInJson]:
    ran = bokko(env, "doctor", *(["--offline"] if offline else []), "--json")
    assert ran.stderr.count("Waiting for the keyring") == len(ran.stderr.splitlines()) <= 1
    items = json.loads(ran.stdout)["items"]
    return ran.returncode, {(item["section"], item["item"]): item for item in items}


def connect(env: dict[str, str], *words: str) -> None:
    fake = FakeBillingo()
    with Server(fake.answer) as server:
        ran = bokko({**env, "BOKKO_BILLINGO_URL": f"{server.url}/v3"}, *words, *CONNECT, given=f"{fake.key}\n")
    assert ran.returncode == 0, ran.stderr


@pytest.mark.parametrize(
    ("mode", "level"), [("ok", "ok"), ("locked", "problem"), ("fails-on-get", "problem"), ("hanging", "problem")]
)
def test_keyring_is_asked_once_and_told_by_its_own_name(
    home: dict[str, str], tmp_path: Path, mode: Mode, level: str
) -> None:
    for profile in ("default", "shop", "bolt"):
        connect({**home, **keyring_environment(tmp_path)}, "--profile", profile)
    before = stored(tmp_path)
    started = time.monotonic()
    code, found = examined({**home, **keyring_environment(tmp_path, mode)})
    assert time.monotonic() - started < 20  # one wait of 3 s, not one for each profile
    item = found["keyring", "answer"]
    assert (item["level"], code) == (level, 0 if level == "ok" else 5)
    assert "file keyring FileKeyring" in item["message"]
    state = "ready" if mode == "ok" else "keyring_unavailable"
    assert all(state in found["connections", f"{name}.billingo"]["message"] for name in ("default", "shop", "bolt"))
    assert stored(tmp_path) == before


def test_keyring_that_keeps_nothing_is_known_by_its_name(home: dict[str, str], tmp_path: Path) -> None:
    nothing = {**home, "PYTHON_KEYRING_BACKEND": "keyring.backends.null.Keyring"}
    for level, ending in (("ok", 0), ("problem", 5)):
        code, found = examined(nothing)
        item = found["keyring", "answer"]
        assert (code, item["level"]) == (ending, level)
        assert "null Keyring" in item["message"]
        connect({**home, **keyring_environment(tmp_path)})
    assert "PYTHON_KEYRING_BACKEND" in item["fix"]


def test_keyring_is_searched_for_secrets_that_no_settings_name(home: dict[str, str], tmp_path: Path) -> None:
    env = {**home, **keyring_environment(tmp_path)}
    connect(env)
    assert not [key for key in examined(env)[1] if key[0] == "leftovers" and key[1] != "none"]
    (Path(home["BOKKO_CONFIG_DIR"]) / "default.toml").unlink()
    item = examined(env)[1]["leftovers", "default.billingo.keyring.a"]
    assert (item["level"], item["fix"]) == ("warning", "Remove it: bokko billingo disconnect")


def test_nothing_is_written(home: dict[str, str], tmp_path: Path) -> None:
    env = {**home, **keyring_environment(tmp_path)}
    before = sorted(str(path) for path in Path(home["HOME"]).rglob("*"))
    examined(env)
    assert sorted(str(path) for path in Path(home["HOME"]).rglob("*")) == before


def test_too_few_threads_are_told_and_the_rest_is_looked_at(home: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "sitecustomize.py").write_text(LIMITED, "utf-8")
    env = {**home, "PYTHONPATH": os.fspath(tmp_path), "THREADS_LEFT": "0"}
    code, found = examined(env, offline=False)
    assert code == 5
    assert found["program", "threads"]["level"] == "problem"
    assert found["settings", "folder"]["level"] == "ok"
    assert found["leftovers", "none"]["level"] == "ok"
    for section in ("keyring", "network"):
        told = [item["message"] for (where, _), item in found.items() if where == section and item["level"] != "ok"]
        assert told
        assert all("thread" in message for message in told)


@pytest.mark.skipif(os.name == "nt", reason="a home is found another way there")
def test_user_without_a_home_is_told(home: dict[str, str]) -> None:
    env = {name: value for name, value in home.items() if not name.startswith(("XDG", "BOKKO", "HOME", "USERPROFILE"))}
    ran = subprocess.run(
        [sys.executable, "-c", HOMELESS, "doctor", "--offline", "--json"],
        env=env, capture_output=True, text=True, timeout=60, check=False, cwd="/",
    )  # fmt: skip
    assert ran.returncode == 5, ran.stderr
    found = {(item["section"], item["item"]): item for item in json.loads(ran.stdout)["items"]}
    assert found["environment", "home"]["level"] == "problem"
    assert "BOKKO_CONFIG_DIR" in found["environment", "home"]["fix"]


HOMELESS = """
import pwd, sys
def nobody(_): raise KeyError("nobody")
pwd.getpwuid = pwd.getpwnam = nobody
from bokko_cli.__main__ import main
main()
"""
