"""A Secret Service on a private D-Bus, in a temporary home: the real one, or one that never answers.

Debian: `gnome-keyring dbus libsecret-tools`. Skipped where they are missing, unless `BOKKO_REQUIRE_SECRET_SERVICE=1`.
"""

import contextlib
import os
import shutil
import subprocess
import tempfile
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import secretstorage
from jeepney import DBusAddress, MatchRule, Message, MessageType, message_bus, new_error, new_method_call  # type: ignore[import-untyped]
from jeepney.io.blocking import DBusConnection, Proxy, open_dbus_connection  # type: ignore[import-untyped]

NAME = "org.freedesktop.secrets"
COMMANDS = ("dbus-daemon", "gnome-keyring-daemon", "secret-tool")
PASSWORD = b"not empty, or nothing is encrypted"
PATIENCE = 20

BUS = """<busconfig>
  <type>session</type>
  <listen>unix:dir={folder}</listen>
  <auth>EXTERNAL</auth>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>
"""
"""No folder of services: nothing of the system's is started by itself, a prompter or a second keyring."""


@dataclass(frozen=True, slots=True)
class StoredSecret:
    """A stored secret, with what it is found by."""

    attributes: dict[str, str]
    is_locked: bool


@dataclass(frozen=True, slots=True)
class SecretService:
    """A running service; `environment` is what a child needs to find it, and no other."""

    environment: dict[str, str]

    def lookup(self, service: str, username: str) -> str | None:
        """Return what another program, `secret-tool`, finds in an unlocked keyring."""
        argv = ["secret-tool", "lookup", "service", service, "username", username]
        found = subprocess.run(argv, env=self.environment, capture_output=True, timeout=PATIENCE, check=False)
        return found.stdout.decode() if found.returncode == 0 else None

    def everything(self) -> list[StoredSecret]:
        """Return each stored item of every collection, to find what was left behind."""
        with self._connected() as connection:
            collections = list(secretstorage.get_all_collections(connection))
            items = [item for collection in collections for item in collection.get_all_items()]
            return [StoredSecret(item.get_attributes(), item.is_locked()) for item in items]

    def lock(self) -> None:
        """Lock every collection; there is no screen, so nobody can unlock them."""
        with self._connected() as connection:
            for collection in list(secretstorage.get_all_collections(connection)):
                collection.lock()

    @contextlib.contextmanager
    def _connected(self) -> Iterator[DBusConnection]:
        with open_dbus_connection(self.environment["DBUS_SESSION_BUS_ADDRESS"]) as connection:
            yield connection


def skip_if_missing() -> None:
    """Skip the test where the system has no Secret Service; fail it where one is required."""
    missing = [command for command in COMMANDS if not shutil.which(command)]
    if missing and os.environ.get("BOKKO_REQUIRE_SECRET_SERVICE") == "1":
        pytest.fail(f"not installed: {', '.join(missing)}")
    if missing:
        pytest.skip(f"not installed: {', '.join(missing)}")


@contextlib.contextmanager
def running_service(*, locked: bool = False) -> Iterator[SecretService]:
    """Start a keyring of its own, with an unlocked or a locked default collection, and stop it at the end."""
    with _private_bus() as environment, _keyring_daemon(environment):
        service = SecretService(environment)
        if locked:
            service.lock()
        yield service


@contextlib.contextmanager
def hanging_service(answers_after: float | None = None) -> Iterator[SecretService]:
    """Start a service that takes every call and never answers, or answers an error so many seconds later."""
    with contextlib.ExitStack() as stack:
        environment = stack.enter_context(_private_bus())
        connection = stack.enter_context(open_dbus_connection(environment["DBUS_SESSION_BUS_ADDRESS"]))
        Proxy(message_bus, connection).RequestName(NAME)
        stopping = threading.Event()
        silence = threading.Thread(target=_answer_late, args=(connection, answers_after, stopping))
        silence.start()
        stack.callback(silence.join)
        stack.callback(_wake, environment, connection.unique_name)
        stack.callback(stopping.set)
        yield SecretService(environment)


def _answer_late(connection: DBusConnection, seconds: float | None, stopping: threading.Event) -> None:
    while True:
        call = connection.receive()
        if stopping.is_set():
            return
        is_call = call.header.message_type is MessageType.method_call
        if is_call and seconds is not None and not stopping.wait(seconds):
            connection.send(_refusal(call))


def _refusal(call: Message) -> Message:
    return new_error(call, "org.freedesktop.Secret.Error.IsLocked", "s", ("too late",))


def _wake(environment: Mapping[str, str], name: str) -> None:
    """Send a message to whoever waits for one."""
    with open_dbus_connection(environment["DBUS_SESSION_BUS_ADDRESS"]) as connection:
        connection.send(new_method_call(DBusAddress("/", bus_name=name, interface="test.Wake"), "Wake"))


@contextlib.contextmanager
def _private_bus() -> Iterator[dict[str, str]]:
    """Give the environment of a new session: folders of its own, a bus, no screen."""
    with tempfile.TemporaryDirectory(prefix="bus-") as folder:  # short: a socket's path has 108 bytes at most
        Path(folder, "run").mkdir(mode=0o700)
        config = Path(folder, "bus.conf")
        config.write_text(BUS.format(folder=folder), "utf-8")
        environment = {
            "PATH": os.environ["PATH"],
            "LANG": "C.UTF-8",
            "HOME": folder,
            "XDG_RUNTIME_DIR": f"{folder}/run",
            "XDG_CONFIG_HOME": f"{folder}/config",
            "XDG_DATA_HOME": f"{folder}/data",
            "XDG_STATE_HOME": f"{folder}/state",
            "XDG_CACHE_HOME": f"{folder}/cache",
        }
        argv = ["dbus-daemon", f"--config-file={config}", "--nofork", "--nopidfile", "--print-address"]
        with _running(argv, environment) as bus:
            assert bus.stdout is not None
            address = bus.stdout.readline().decode().strip()
            yield environment | {"DBUS_SESSION_BUS_ADDRESS": address}


@contextlib.contextmanager
def _keyring_daemon(environment: dict[str, str]) -> Iterator[None]:
    argv = ["gnome-keyring-daemon", "--unlock", "--foreground", "--components=secrets"]
    with (
        open_dbus_connection(environment["DBUS_SESSION_BUS_ADDRESS"]) as connection,
        _running(argv, environment) as daemon,
    ):
        assert daemon.stdin is not None
        daemon.stdin.write(PASSWORD)
        daemon.stdin.close()
        _wait_for_owner(connection)
        yield


def _wait_for_owner(connection: DBusConnection) -> None:
    """Return once somebody on the bus owns the name of the Secret Service."""
    bus = Proxy(message_bus, connection)
    changed = MatchRule(type="signal", interface="org.freedesktop.DBus", member="NameOwnerChanged")
    changed.add_arg_condition(0, NAME)
    with connection.filter(changed) as signals:
        bus.AddMatch(changed)
        owned: tuple[Any] = bus.NameHasOwner(NAME)
        if not owned[0]:
            connection.recv_until_filtered(signals, timeout=PATIENCE)


@contextlib.contextmanager
def _running(argv: list[str], environment: Mapping[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    """Run a daemon that writes little, for as long as the block lasts."""
    pipe = subprocess.PIPE
    with subprocess.Popen(argv, env=environment, stdin=pipe, stdout=pipe, stderr=subprocess.DEVNULL) as daemon:
        try:
            yield daemon
        finally:
            daemon.kill()
