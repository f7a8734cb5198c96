"""Both stores of a profile on a real folder, with secrets in memory that fail on demand."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bokko_cli.errors import ExitCode, KeyringFailed, SettingsUnreadable
from bokko_cli.model.apikey import ApiKey
from bokko_cli.model.spec import Spec
from bokko_cli.model.values import BankAccount, Block, Connection, KeyPlace, Settings, Slot, Storage
from bokko_cli.providers.billingo.fields import SPEC as BILLINGO
from bokko_cli.providers.szamlazz.fields import SPEC as SZAMLAZZ
from bokko_cli.store import commit
from bokko_cli.store.profile import Profile, load
from bokko_cli.store.slots import Stores

SPECS = {spec.provider: spec for spec in (BILLINGO, SZAMLAZZ)}
KEY = ApiKey("a-key-of-some-length")
NOW = datetime(2026, 11, 22, 21, 57, 40, tzinfo=UTC)
COMMON: Settings = {
    "default_vat_rate": "27%",
    "default_payment_method": "bank_transfer",
    "tax_number": None,
    "invoice_capable": True,
    "accepts_business_clients": True,
}
SETTINGS: dict[str, Settings] = {
    "billingo": {
        "document_block": Block(1, "Webshop", "WEB"),
        "bank_account": BankAccount(2, "OTP", "11773016-11111018-00000000", "HUF"),
        **COMMON,
    },
    "szamlazz": {"invoice_prefix": None, "bank_account": None, **COMMON},
}


class Killed(BaseException):
    """What a kill looks like to a test: nothing in the program catches it."""


@dataclass
class Trouble:
    """Strikes at one call of a secret store, counted from now; before it has done anything, or after."""

    at: int = 0
    error: Callable[[], BaseException] = lambda: KeyringFailed("The keyring failed.")
    is_after: bool = False
    calls: list[str] = field(default_factory=list)

    def around(self, name: str, act: Callable[[], None]) -> None:
        self.calls.append(name)
        strikes = len(self.calls) == self.at
        if strikes and not self.is_after:
            raise self.error()
        act()
        if strikes:
            raise self.error()


@dataclass(frozen=True, slots=True)
class FailingSecrets:
    """The slots of one provider in one storage."""

    provider: str
    storage: Storage
    kept: dict[tuple[str, Storage, Slot], str]
    trouble: Trouble

    def read(self, slot: Slot) -> ApiKey | None:
        secret = self.kept.get((self.provider, self.storage, slot))
        return ApiKey(secret) if secret else None

    def write(self, slot: Slot, key: ApiKey) -> None:
        self.trouble.around("write", lambda: self.kept.update({(self.provider, self.storage, slot): key.reveal()}))

    def delete(self, slot: Slot) -> None:
        self.trouble.around("delete", lambda: self._forget(slot))

    def probe(self) -> None:
        """Have room for a key."""

    def entry(self, slot: Slot) -> str:
        return f"{self.storage} {self.provider} {slot}"

    def _forget(self, slot: Slot) -> None:
        self.kept.pop((self.provider, self.storage, slot), None)


@dataclass
class StateWorld:
    """One profile; `kept` are all secrets by provider, storage and slot."""

    folder: Path
    kept: dict[tuple[str, Storage, Slot], str] = field(default_factory=dict)
    trouble: Trouble = field(default_factory=Trouble)
    warnings: list[str] = field(default_factory=list)
    told: list[str] = field(default_factory=list)

    def stores(self, provider: str = "billingo") -> Stores:
        return Stores(
            self.folder,
            "default",
            SPECS[provider],
            ("keyring", "file", "env"),
            self._opener(provider),
            self.warnings.append,
            self.told.append,
        )

    def _opener(self, provider: str) -> Callable[[Storage], FailingSecrets]:
        return lambda storage: FailingSecrets(provider, storage, self.kept, self.trouble)

    def load(self) -> Profile:
        return load(self.folder, "default")

    def connection(self, provider: str = "billingo") -> Connection | None:
        return self.load().connection(SPECS[provider])

    def secret_of(self, provider: str = "billingo") -> str | None:
        """Return the secret in the place that the settings name."""
        connection = self.connection(provider)
        if connection is None or connection.key.slot is None:
            return None
        return self.kept.get((provider, connection.key.storage, connection.key.slot))

    def secrets_of(self, provider: str = "billingo") -> list[str]:
        """Return every secret of a provider, wherever it is."""
        return [secret for (owner, _, _), secret in self.kept.items() if owner == provider]

    @property
    def path(self) -> Path:
        return self.folder / "default.toml"

    def connected(self) -> "StateWorld":
        """Connect Billingo with KEY; return the same world."""
        commit.connect(self.stores(), decided(), KEY, None, may_switch=False)
        return self


def decided(spec: Spec = BILLINGO, storage: Storage = "keyring", hint: str | None = None) -> Connection:
    """Return a connection as `connect` decides on it, without a slot."""
    return Connection(
        NOW,
        NOW,
        spec.endpoint,
        "13421739-2-41",
        "draft_review",
        SETTINGS[spec.provider],
        KeyPlace(storage, None, hint),
    )


def refused(world: StateWorld) -> SettingsUnreadable:
    """Return the error that a world's settings are refused with: it names their file."""
    with pytest.raises(SettingsUnreadable) as caught:
        world.connection()
    assert caught.value.exit_code == ExitCode.STORAGE
    assert str(world.path) in caught.value.message
    return caught.value
