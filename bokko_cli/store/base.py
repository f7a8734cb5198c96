"""What every place for a secret promises."""

from typing import Protocol

from bokko_cli.errors import KeyMalformed, KeyMissing
from bokko_cli.model.apikey import ApiKey, clean_key
from bokko_cli.model.values import Slot
from bokko_cli.model.wording import N_


class SecretStore(Protocol):
    """Two slots for one provider of one profile; each method may raise StorageFailed."""

    def read(self, slot: Slot) -> ApiKey | None:
        """Return the key in a slot, cleaned; KeyMissing for what cannot be a key."""

    def write(self, slot: Slot, key: ApiKey) -> None:
        """Put a key into a slot and read it back."""

    def delete(self, slot: Slot) -> None:
        """Empty a slot; an empty one is fine."""

    def probe(self) -> None:
        """Find out, without writing, whether a key could be kept here; raises what writing would."""

    def entry(self, slot: Slot) -> str:
        """Say where a slot is, for a person who must look for it."""


def key_in(text: str | None, entry: str) -> ApiKey | None:
    """Return the key in what a store holds, cleaned as what is typed: other programs write there too.

    Raises KeyMissing, naming the entry and never its text, for what cannot be a key.
    """
    if text is None or not text.strip():
        return None
    try:
        return clean_key(text)
    except KeyMalformed as error:
        raise KeyMissing(
            N_("What is stored there is not a key: {entry}. {reason}", entry=entry, reason=error.message)
        ) from None
