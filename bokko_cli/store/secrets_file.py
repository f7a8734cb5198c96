"""The secret in a file of its own, for a machine without a keyring."""

import os
import shlex
import stat
import tomllib
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from bokko_cli.errors import SettingsUnreadable, StorageFailed
from bokko_cli.model.apikey import ApiKey
from bokko_cli.model.system_errors import reason_of
from bokko_cli.model.values import Content, Slot
from bokko_cli.model.wording import N_, Whole
from bokko_cli.store.access import require_replaceable
from bokko_cli.store.base import key_in
from bokko_cli.store.fault import advice

Rewrite = Callable[[Path, Callable[[Content], Content]], None]


@dataclass(frozen=True, slots=True)
class SecretsFile:
    """`<profile>.secrets.toml`, 0600: a table for each provider, a key for each slot.

    `rewrite` replaces the file as one change; it is handed in because reading is far cheaper than writing. `warn` gets
    a line where others may read a key that is read here.
    """

    path: Path
    provider: str
    rewrite: Rewrite
    warn: Callable[[str], None]

    def read(self, slot: Slot) -> ApiKey | None:
        """Return the key in a slot; SettingsUnreadable for a file that is not ours."""
        key = key_in(self._secret(slot), self.entry(slot))
        if key:
            self._warn_of_readers()
        return key

    def write(self, slot: Slot, key: ApiKey) -> None:
        """Put a key into a slot and read it back."""
        self._change(slot, key.reveal())
        if self._secret(slot) != key.reveal():
            raise StorageFailed(N_("The secrets file {path} did not keep the key.", path=self.path))

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
            raise StorageFailed(
                N_("Cannot remove {path}: {reason}.", path=self.path, reason=reason_of(error))
            ) from None

    def probe(self) -> None:
        """Find out, without writing, whether a key could be kept in the file."""
        self._slots(self._content())
        require_replaceable(self.path)

    def entry(self, slot: Slot) -> str:
        """Say where a slot is."""
        return N_("[{provider}] {slot} in {path}", provider=self.provider, slot=slot, path=self.path)

    def _change(self, slot: Slot, secret: str | None) -> None:
        self.rewrite(
            self.path,
            lambda content: {**content, self.provider: {**self._slots(content), slot: secret}},
        )

    def _secret(self, slot: Slot) -> str | None:
        """Return what is in a slot as it is."""
        value = self._slots(self._content()).get(slot)
        if value is not None and not isinstance(value, str):
            raise SettingsUnreadable(
                N_("The secrets file {path} holds a value that is not text: {slot}.", path=self.path, slot=slot),
                fix=self._correcting(),
            )
        return value

    def _warn_of_readers(self) -> None:
        """Warn where others may read the file; Windows keeps rights otherwise."""
        if os.name == "nt":
            return
        with suppress(OSError):
            if self.path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
                self.warn(
                    N_(
                        "Other users on this machine can read the secrets file {path}. Make it private: {command}",
                        path=self.path,
                        command=Whole(f"chmod 600 {shlex.quote(str(self.path))}"),
                    )
                )

    def _slots(self, content: Content) -> Content:
        table = content.get(self.provider, {})
        if not isinstance(table, dict):
            raise SettingsUnreadable(
                N_(
                    "The secrets file {path} holds a value that is not a table: {key}.",
                    path=self.path,
                    key=self.provider,
                ),
                fix=self._correcting(),
            )
        return table

    def _correcting(self) -> str:
        return N_("Correct the secrets file {path}, or remove it and connect again.", path=self.path)

    def _content(self) -> Content:
        try:
            return tomllib.loads(self.path.read_bytes().decode("utf-8-sig"))
        except FileNotFoundError:
            return {}
        except OSError as error:
            raise StorageFailed(
                N_("Cannot read {path}: {reason}.", path=self.path, reason=reason_of(error)),
                fix=advice(self.path, error),
            ) from None
        except (ValueError, RecursionError):  # not chained: the text holds the secret
            raise SettingsUnreadable(
                N_("The secrets file {path} is not valid TOML.", path=self.path),
                fix=self._correcting(),
            ) from None


def _count(content: Content) -> int:
    return sum(len(value) if isinstance(value, dict) else 1 for value in content.values())
