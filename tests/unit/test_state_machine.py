"""Any order of connect, configure, activate and disconnect, with failures and kills at any step."""

import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from bokko_cli.errors import BokkoError, KeyringFailed, NotConnected, StorageFailed
from bokko_cli.model.apikey import ApiKey
from bokko_cli.model.values import Connection, Storage
from bokko_cli.store import commit
from tests.unit.state_world import SPECS, Killed, StateWorld, Trouble, decided

PROVIDERS = st.sampled_from(sorted(SPECS))
STORAGES = st.sampled_from(["keyring", "file", "env"])
OBSTACLES = st.sampled_from([None, None, ".default.toml.new"])


def failing() -> BaseException:
    return KeyringFailed("The keyring failed.")


TROUBLES = st.builds(
    Trouble, at=st.integers(0, 6), error=st.sampled_from([failing, failing, Killed]), is_after=st.booleans()
)
SeenState = tuple[str | None, dict[str, tuple[Connection | None, str | None]]]


class Life(RuleBasedStateMachine):
    """What one profile goes through; `keyless` are providers whose disconnect was struck behind their secret."""

    def __init__(self) -> None:
        super().__init__()
        self.root = Path(tempfile.mkdtemp())
        self.world = StateWorld(self.root / "bokko")
        self.keyless: set[str] = set()
        self.keys = 0

    def teardown(self) -> None:
        shutil.rmtree(self.root)

    def seen(self) -> SeenState:
        connections = {name: (self.world.connection(name), self.world.secret_of(name)) for name in SPECS}
        return self.world.load().active_provider, connections

    def attempt(self, trouble: Trouble, obstacle: str | None, change: Callable[[], object], name: str) -> bool:
        """Make a change; check that one that failed left everything as it was, and say whether it was made."""
        before = self.seen()
        self.world.trouble = trouble
        self.world.warnings.clear()
        with self.blocked(obstacle):
            try:
                change()
            except StorageFailed:
                if name not in self.keyless:
                    assert self.seen() == before
                return False
            except Killed:
                return self.seen() != before
        self.check_clean(name)
        return True

    def blocked(self, obstacle: str | None) -> "Blocked":
        return Blocked(self.world.folder / obstacle if obstacle else None)

    def check_clean(self, name: str) -> None:
        """Check that what was not warned of left no secret but the one that counts."""
        secret = self.world.secret_of(name)
        if not self.world.warnings:
            assert self.world.secrets_of(name) == ([secret] if secret else [])
            assert not self.world.stores(name).mark.exists()

    @rule(name=PROVIDERS, storage=STORAGES, trouble=TROUBLES, obstacle=OBSTACLES)
    def connect(self, name: str, storage: Storage, trouble: Trouble, obstacle: str | None) -> None:
        self.keys += 1
        key = ApiKey(f"key-{self.keys}")
        wanted = decided(SPECS[name], storage, hint=key.reveal())
        stores = self.world.stores(name)
        if self.attempt(trouble, obstacle, lambda: commit.connect(stores, wanted, key, None, may_switch=True), name):
            self.keyless.discard(name)
            assert self.world.load().active_provider == name
            now = self.world.connection(name)
            assert now
            assert (now.key.storage, now.key.hint) == (storage, key.reveal())

    @rule(name=PROVIDERS, trouble=TROUBLES, obstacle=OBSTACLES, is_capable=st.booleans())
    def configure(self, name: str, trouble: Trouble, obstacle: str | None, is_capable: bool) -> None:
        seen = self.world.connection(name)
        if seen is None:
            return
        now = seen._replace(settings={**seen.settings, "invoice_capable": is_capable})
        stores = self.world.stores(name)
        if self.attempt(trouble, obstacle, lambda: commit.configure(stores, seen, now), name):
            assert self.world.connection(name) == now

    @rule(name=PROVIDERS, trouble=TROUBLES, obstacle=OBSTACLES)
    def activate(self, name: str, trouble: Trouble, obstacle: str | None) -> None:
        seen = self.world.connection(name)
        if seen is None:
            return
        stores = self.world.stores(name)
        if self.attempt(trouble, obstacle, lambda: commit.activate(stores, seen, None, may_switch=True), name):
            assert self.world.load().active_provider == name

    @rule(name=PROVIDERS, trouble=TROUBLES, obstacle=OBSTACLES)
    def disconnect(self, name: str, trouble: Trouble, obstacle: str | None) -> None:
        stores = self.world.stores(name)
        if self.world.secret_of(name):
            self.keyless.add(name)  # unless it gets through, or not even as far as the secret
        self.attempt(trouble, obstacle, lambda: commit.disconnect(stores, leave_secret=False), name)
        if self.world.secret_of(name) or self.world.connection(name) is None:
            self.keyless.discard(name)

    @rule(name=PROVIDERS)
    def undisturbed_disconnect_always_works(self, name: str) -> None:
        was_connected = self.world.connection(name) is not None
        self.world.trouble = Trouble()
        assert commit.disconnect(self.world.stores(name), leave_secret=False) == was_connected
        self.keyless.discard(name)
        assert self.world.secrets_of(name) == []

    @rule(name=PROVIDERS)
    def stale_configure_is_refused(self, name: str) -> None:
        before = self.seen()
        stale = decided(SPECS[name], "keyring", hint="never stored")
        try:
            commit.configure(self.world.stores(name), stale, stale)
        except BokkoError as error:
            assert isinstance(error, NotConnected | StorageFailed)  # noqa: PT017 - the machine has no `raises`
        assert self.seen() == before

    @invariant()
    def active_provider_is_connected(self) -> None:
        active, connections = self.seen()
        assert active is None or connections[active][0] is not None

    @invariant()
    def slot_that_the_settings_name_holds_its_key(self) -> None:
        for name, (connection, secret) in self.seen()[1].items():
            if connection and connection.key.storage != "env" and name not in self.keyless:
                assert secret == connection.key.hint

    @invariant()
    def secret_without_settings_is_remembered(self) -> None:
        for name, storage, slot in self.world.kept:
            connection = self.world.connection(name)
            is_named = connection and (connection.key.storage, connection.key.slot) == (storage, slot)
            is_near = storage == "file" or (connection and connection.key.storage == storage)
            assert is_named or is_near or self.world.stores(name).mark.exists()


class Blocked:
    """A folder in the place of a file that is about to be written, for as long as the block lasts."""

    def __init__(self, path: Path | None) -> None:
        self._path = path if path and not path.exists() else None

    def __enter__(self) -> None:
        if self._path:
            self._path.mkdir(parents=True)

    def __exit__(self, *_: object) -> None:
        if self._path and self._path.is_dir():
            self._path.rmdir()


TestLife = Life.TestCase
TestLife.settings = settings(
    max_examples=60,
    stateful_step_count=15,
    deadline=None,
    derandomize=True,
    phases=[Phase.generate],  # to shrink a failing life takes minutes
    suppress_health_check=list(HealthCheck),
)
