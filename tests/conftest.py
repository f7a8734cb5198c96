"""What every test gets: no network beyond loopback, and a home of its own for each command."""

import ipaddress
import os
import shutil
import signal
import socket
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.secret_service import SecretService

INTERNET = (socket.AF_INET, socket.AF_INET6)


class BeyondLoopbackError(AssertionError):
    """A test reached for the network; no `OSError`, so that nothing takes it for a provider that is down."""


def is_loopback(host: object) -> bool:
    """Whether a host, as sockets take it, can only be this machine."""
    name = host.decode() if isinstance(host, bytes) else host
    if name in {None, "localhost"}:
        return True
    try:
        return ipaddress.ip_address(str(name)).is_loopback
    except ValueError:
        return False


def refuse_network(event: str, arguments: tuple[object, ...]) -> None:
    """Raise before a socket of this process looks up or connects to anything but loopback."""
    if event in {"socket.connect", "socket.sendto"}:
        asked, address = arguments
        if not isinstance(asked, socket.socket) or asked.family not in INTERNET:
            return
        host: object = address[0] if isinstance(address, tuple) and address else address
    elif event in {"socket.getaddrinfo", "socket.gethostbyname"}:
        host = arguments[0]
    else:
        return
    if not is_loopback(host):
        raise BeyondLoopbackError(f"{event} beyond loopback: {host!r}")


sys.addaudithook(refuse_network)


def pytest_xdist_auto_num_workers() -> int:
    """Return two workers more than there are cores: at any time some only wait, for a terminal or a retry."""
    return (os.cpu_count() or 1) + 2


def _inherited() -> dict[str, str]:
    """Return what a child can't start without, on each system."""
    return {name: os.environ[name] for name in ("PATH", "SYSTEMROOT") if name in os.environ}


@pytest.fixture(autouse=True)
def ctrl_c() -> Iterator[None]:
    """Give Ctrl-C and its kin back to the tests: behind a save the program ignores them for good."""
    names = {"SIGINT", "SIGTERM", "SIGHUP"}
    before = {number: signal.getsignal(number) for number in signal.Signals if number.name in names}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


@pytest.fixture
def home(tmp_path: Path) -> dict[str, str]:
    """Return the environment for a child: folders below `tmp_path`, nothing of the caller's but `PATH`."""
    house = tmp_path / "home"
    runtime = house / "run"
    house.mkdir()
    runtime.mkdir(mode=0o700)
    return _inherited() | {
        "HOME": str(house),
        "USERPROFILE": str(house),
        "XDG_CONFIG_HOME": str(house / "config"),
        "XDG_DATA_HOME": str(house / "data"),
        "XDG_STATE_HOME": str(house / "state"),
        "XDG_CACHE_HOME": str(house / "cache"),
        "XDG_RUNTIME_DIR": str(runtime),
        "BOKKO_CONFIG_DIR": str(house / "bokko"),
        "LANG": "C.UTF-8",
        "TERM": "xterm-256color",
    }


@pytest.fixture(scope="session")
def command() -> list[str]:
    """Return the installed command that belongs to the Python of this run."""
    found = shutil.which("bokko", path=str(Path(sys.executable).parent))
    assert found, "bokko is not installed beside this Python: pip install -e '.[test]'"
    return [found]


@pytest.fixture
def secret_service() -> Iterator["SecretService"]:
    """Give an unlocked Secret Service on a bus of its own; skip where the system has none."""
    pytest.importorskip("secretstorage", reason="the Secret Service is on Linux only")
    from tests.secret_service import running_service, skip_if_missing  # noqa: PLC0415 -- its D-Bus is on Linux only

    skip_if_missing()
    with running_service() as service:
        yield service
