"""The secret in a file of its own, for whoever has no keyring."""

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from bokko_cli.errors import SettingsUnreadable, StorageFailed
from bokko_cli.model.apikey import ApiKey
from bokko_cli.model.values import Slot

Content = Mapping[str, object]
Rewrite = Callable[[Path, Callable[[Content], Content]], None]


@dataclass(frozen=True, slots=True)
class SecretsFile:
    """`<profile>.secrets.toml`, 0600: a table for each provider, a key for each slot.

    `rewrite` replaces the file as one change; it is handed in because reading is far cheaper than writing.
    """

    path: Path
    provider: str
    rewrite: Rewrite

    def read(self, slot: Slot) -> ApiKey | None:
        """Return the key in a slot; SettingsUnreadable for a file that is not ours."""
        value = self._slots(self._content()).get(slot)
        if value is not None and not isinstance(value, str):
            raise SettingsUnreadable(f"The secrets file {self.path} holds a value that is no text: {slot}.")
        return ApiKey(value) if value and value.strip() else None

    def write(self, slot: Slot, key: ApiKey) -> None:
        """Put a key into a slot and read it back."""
        self._change(slot, key.reveal())
        if self.read(slot) != key:
            raise StorageFailed(f"The secrets file {self.path} did not keep the key.")

    def delete(self, slot: Slot) -> None:
        """Empty a slot; the file goes with its last secret."""
        content = self._content()
        if slot not in self._slots(content):
            return
        if _count(content) > 1:
            self._change(slot, None)
            return
        try:
            self.path.resolve().unlink()  # a link would leave the secret where it points
        except OSError as error:
            raise StorageFailed(f"Cannot remove {self.path}: {error.strerror}.") from error

    def entry(self, slot: Slot) -> str:
        """Say where a slot is."""
        return f"[{self.provider}] {slot} in {self.path}"

    def _change(self, slot: Slot, secret: str | None) -> None:
        self.rewrite(
            self.path,
            lambda content: {**content, self.provider: {**self._slots(content), slot: secret}},
        )

    def _slots(self, content: Content) -> Content:
        table = content.get(self.provider, {})
        if not isinstance(table, dict):
            raise SettingsUnreadable(f"The secrets file {self.path} holds a value that is no table: {self.provider}.")
        return table

    def _content(self) -> Content:
        try:
            return tomllib.loads(self.path.read_bytes().decode("utf-8-sig"))
        except FileNotFoundError:
            return {}
        except OSError as error:
            raise StorageFailed(f"Cannot read {self.path}: {error.strerror}.") from error
        except (ValueError, RecursionError):  # not chained: the text holds the secret
            raise SettingsUnreadable(f"The secrets file {self.path} is not valid TOML.") from None


def _count(content: Content) -> int:
    return sum(len(value) if isinstance(value, dict) else 1 for value in content.values())
