"""What every place for a secret promises."""

from typing import Protocol

from bokko_cli.model.apikey import ApiKey
from bokko_cli.model.values import Slot


class SecretStore(Protocol):
    """Two slots for one provider of one profile; each method may raise StorageFailed."""

    def read(self, slot: Slot) -> ApiKey | None:
        """Return the key in a slot."""

    def write(self, slot: Slot, key: ApiKey) -> None:
        """Put a key into a slot and read it back."""

    def delete(self, slot: Slot) -> None:
        """Empty a slot; an empty one is fine."""

    def entry(self, slot: Slot) -> str:
        """Say where a slot is, for a person who must look for it."""
