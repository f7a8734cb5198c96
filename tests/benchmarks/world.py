"""Where it is measured: a home of its own, a Billingo on loopback, and accounts already connected."""

import contextlib
import os
import shutil
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path

from tests.benchmarks.clock import Work, seconds_of
from tests.fake_billingo import FakeBillingo, block, page
from tests.faults.keyring_modes import keyring_environment
from tests.servers import ScriptedAnswer, Seen, Server

FAKE = FakeBillingo()
CHOICES = ("--block", "40101", "--bank-account", "7001", "--no-tax-number", "--no-input")


@dataclass(frozen=True, slots=True)
class BenchmarkWorld:
    """An empty home in a temporary folder; `runs` is how often each thing is measured."""

    folder: Path
    runs: int

    def environment(self, config: str = "bokko", server: Server | None = None) -> dict[str, str]:
        """Return a child's whole environment: nothing of the caller's but `PATH`."""
        home = {
            "HOME": str(self.folder),
            "XDG_CONFIG_HOME": str(self.folder / "config"),
            "XDG_STATE_HOME": str(self.folder / "state"),
            "XDG_CACHE_HOME": str(self.folder / "cache"),
            "BOKKO_CONFIG_DIR": str(self.folder / config),
            "PATH": os.environ["PATH"],
            "LANG": "C.UTF-8",
            "TERM": "xterm-256color",
        }
        endpoint = {"BOKKO_BILLINGO_URL": f"{server.url}/v3"} if server else {}
        return home | endpoint

    def bokko(self, *arguments: str, environment: Mapping[str, str] | None = None) -> Work:
        """Return a run of the installed command."""
        return Work((_bokko(), *arguments), environment or self.environment())

    def connect(self, server: Server, config: str = "fresh") -> Work:
        """Return a connect with flags into a folder that is empty each time."""
        argv = (_bokko(), "billingo", "connect", "--api-key-stdin", "--key-storage", "file", *CHOICES)
        forget = partial(shutil.rmtree, self.folder / config, ignore_errors=True)
        return Work(argv, self.environment(config, server), f"{FAKE.key}\n", forget)

    def connected(self) -> dict[str, str]:
        """Connect once with file storage; return the environment that the commands after it need."""
        with Server(FakeBillingo().answer) as server:
            seconds_of(self.connect(server, "connected"))
        return self.environment("connected")

    def profiles(self, config: str, count: int, server: Server) -> dict[str, str]:
        """Connect once with file storage and copy that; return the environment in which there are so many profiles."""
        seconds_of(self.connect(server, config))
        folder = self.folder / config
        for number in range(1, count):
            for file in ("toml", "secrets.toml"):
                shutil.copy(folder / f"default.{file}", folder / f"profile-{number}.{file}")
        return self.environment(config)

    @contextlib.contextmanager
    def keyring(self) -> Iterator[tuple[str, dict[str, str]]]:
        """Connect once with keyring storage; give the keyring's name and the environment while it runs."""
        with _keyring(self.folder) as (name, keyring):
            environment = self.environment("in-keyring") | keyring
            argv = (_bokko(), "billingo", "connect", "--api-key-stdin", "--key-storage", "keyring", *CHOICES)
            with Server(FakeBillingo().answer) as server:
                endpoint = {"BOKKO_BILLINGO_URL": f"{server.url}/v3"}
                seconds_of(Work(argv, environment | endpoint, f"{FAKE.key}\n"))
            yield name, environment


def many_blocks(count: int, latency: float = 0.0) -> FakeBillingo:
    """Return a Billingo with so many blocks, which makes each page once: its own work should not be measured."""
    blocks = [block(50_000 + number, f"Block {number:05}", f"B{number}") for number in range(count)]

    @cache
    def listing(number: str, size: str) -> ScriptedAnswer:
        return page(blocks, {"page": number, "per_page": size})

    def asked(seen: Seen) -> ScriptedAnswer:
        return listing(seen.query.get("page", "1"), seen.query.get("per_page", "25"))

    return FakeBillingo(override={"/document-blocks": asked}, latency=latency)


def _bokko() -> str:
    return str(Path(sys.executable).with_name("bokko"))


@contextlib.contextmanager
def _keyring(folder: Path) -> Iterator[tuple[str, dict[str, str]]]:
    """Run a real Secret Service where the system has one, else a keyring in a file."""
    try:
        from tests import secret_service  # noqa: PLC0415 -- its D-Bus is on Linux only
    except ImportError:
        is_there = False
    else:
        is_there = all(map(shutil.which, secret_service.COMMANDS))
    if is_there:
        with secret_service.running_service() as service:
            yield "Secret Service", service.environment
    else:
        yield "keyring in a file", keyring_environment(folder)
