"""The private Secret Service keeps, locks and hangs as told."""

import subprocess
import sys
import time
from collections.abc import Mapping
from typing import TYPE_CHECKING

import pytest

pytest.importorskip("secretstorage", reason="the Secret Service is on Linux only")
from tests.secret_service import hanging_service, running_service, skip_if_missing

if TYPE_CHECKING:
    from tests.secret_service import SecretService

pytestmark = pytest.mark.secret_service

SET = "keyring.set_password('s', 'u', 'é secret')"
GET = "print(keyring.get_password('s', 'u'))"


@pytest.fixture(autouse=True)
def _installed() -> None:
    skip_if_missing()


def keyring(program: str, env: Mapping[str, str]) -> subprocess.Popen[str]:
    argv = [sys.executable, "-c", f"import keyring\n{program}"]
    return subprocess.Popen(argv, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def test_secret_is_seen_by_another_program(secret_service: "SecretService") -> None:
    assert secret_service.everything() == []
    with keyring(SET, secret_service.environment) as child:
        assert child.communicate()[1] == ""
    assert secret_service.lookup("s", "u") == "é secret"
    assert secret_service.lookup("s", "nobody") is None
    (item,) = secret_service.everything()
    assert (item.attributes["service"], item.attributes["username"], item.is_locked) == ("s", "u", False)


def test_locked_collection_refuses() -> None:
    with running_service(locked=True) as service, keyring(SET, service.environment) as child:
        assert "keyring.errors.KeyringLocked" in child.communicate()[1]


def test_hanging_service_leaves_the_caller_waiting() -> None:
    program = f"import faulthandler; faulthandler.dump_traceback_later(1, exit=True)\n{GET}"
    with hanging_service() as service, keyring(program, service.environment) as child:
        assert "in get_preferred_collection" in child.communicate()[1]


def test_late_service_answers_an_error() -> None:
    started = time.monotonic()
    with hanging_service(answers_after=0.3) as service, keyring(GET, service.environment) as child:
        assert "too late" in child.communicate()[1]
    assert time.monotonic() - started >= 0.3
