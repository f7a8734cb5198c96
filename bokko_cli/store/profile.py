"""The settings file, read: what is connected, how, and who is active. Nothing here writes."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import NamedTuple, TypeVar

from bokko_cli.errors import SettingsUnreadable
from bokko_cli.model.spec import Spec, WrongShape, parsed, taken_apart
from bokko_cli.model.values import SLOTS, STORAGES, Connection, KeyPlace, Rehearsal, Remnants, Value

SCHEMA = 1
T = TypeVar("T")


class Profile(NamedTuple):
    """One settings file as it stood when it was read; a file that is not there is an empty profile."""

    path: Path
    content: Mapping[str, object]
    active_provider: str | None

    def is_connected(self, provider: str) -> bool:
        """Whether the file has a spec for the provider, whole or not."""
        return provider in self.content

    def connection(self, spec: Spec) -> Connection | None:
        """Return the provider's connection, `None` without one; SettingsUnreadable names a field that is missing."""
        if not self.is_connected(spec.provider):
            return None
        part = _Part(self.path, spec, _mapping(self.path, self.content, spec.provider))
        return Connection(
            connected_at=part.needed("connected_at", part.moment("connected_at")),
            verified_at=part.needed("verified_at", part.moment("verified_at")),
            endpoint=part.needed("endpoint", part.text("endpoint")),
            account_tax_code=part.text("account_tax_code"),
            invoice_mode=part.needed("invoice_mode", part.text("invoice_mode")),
            settings=part.settings(is_whole=True),
            key=part.needed("api_key", part.key()),
            subscription_until=part.day("subscription_until"),
            subscription_has_plan=part.truth("subscription_has_plan"),
            rehearsal=part.rehearsal(),
        )

    def remnants(self, spec: Spec) -> Remnants:
        """Return what is there, for a connect to begin with; a wrong type is SettingsUnreadable all the same."""
        if not self.is_connected(spec.provider):
            return Remnants(settings={})
        part = _Part(self.path, spec, _mapping(self.path, self.content, spec.provider))
        part.moment("connected_at")
        part.moment("verified_at")
        return Remnants(
            settings=taken_apart(spec, part.settings(is_whole=False)),
            account_tax_code=part.text("account_tax_code"),
            endpoint=part.text("endpoint"),
            key=part.key(),
        )


def settings_path(folder: Path, name: str) -> Path:
    """Return the settings file of a profile."""
    return folder / f"{name}.toml"


def load(folder: Path, name: str) -> Profile:
    """Read a profile; raises SettingsUnreadable, naming path and line."""
    path = settings_path(folder, name)
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        return Profile(path, {}, None)
    except (OSError, UnicodeDecodeError) as error:
        why = error.strerror if isinstance(error, OSError) else "it is not UTF-8 text"
        raise SettingsUnreadable(f"The settings file {path} cannot be read: {why}.") from error
    return parse(path, text)


def parse(path: Path, text: str) -> Profile:
    """Return the profile that a text holds; `path` is for messages."""
    try:
        content = tomllib.loads(text)
    except (ValueError, RecursionError) as error:  # ValueError: TOML's own, or a number of thousands of digits
        raise SettingsUnreadable(f"The settings file {path} is not valid TOML: {error}.") from error
    schema = content.get("schema", SCHEMA)
    if type(schema) is not int or schema < SCHEMA:
        raise _wrong(path, "schema")
    if schema > SCHEMA:
        raise SettingsUnreadable(
            f"The settings file {path} was written by a newer version (schema {schema}).", fix="Update bokko."
        )
    active = content.get("active_provider")
    if active is not None and not isinstance(active, str):
        raise _wrong(path, "active_provider")
    return Profile(path, content, active or None)


@dataclass(frozen=True, slots=True)
class _Part:
    """One provider's spec, read field by field; `None` is a field that is not there."""

    path: Path
    spec: Spec
    raw: Mapping[str, object]

    def text(self, key: str) -> str | None:
        value = self.raw.get(key)
        if value is not None and not isinstance(value, str):
            raise _wrong(self.path, f"{self.spec.provider}.{key}")
        return value

    def moment(self, key: str) -> datetime | None:
        value = self.raw.get(key)
        if value is None:
            return None
        if not isinstance(value, datetime) or value.tzinfo is None:
            raise _wrong(self.path, f"{self.spec.provider}.{key}")
        try:
            return value.astimezone(UTC)
        except OverflowError:  # the first or the last day that there is, in another zone
            raise _wrong(self.path, f"{self.spec.provider}.{key}") from None

    def day(self, key: str) -> date | None:
        value = self.raw.get(key)
        if value is not None and (isinstance(value, datetime) or not isinstance(value, date)):
            raise _wrong(self.path, f"{self.spec.provider}.{key}")
        return value

    def truth(self, key: str) -> bool | None:
        value = self.raw.get(key)
        if value is not None and not isinstance(value, bool):
            raise _wrong(self.path, f"{self.spec.provider}.{key}")
        return value

    def rehearsal(self) -> Rehearsal | None:
        if "rehearsal" not in self.raw:
            return None
        inner = _Part(self.path, self.spec, _mapping(self.path, self.raw, "rehearsal"))
        outcome = inner.raw.get("outcome")
        if outcome not in ("passed", "failed"):
            raise _wrong(self.path, f"{self.spec.provider}.rehearsal.outcome")
        return Rehearsal(inner.needed("at", inner.moment("at")), outcome, inner.text("code"))

    def settings(self, *, is_whole: bool) -> dict[str, Value]:
        found: dict[str, Value] = {}
        for field in self.spec.fields:
            if field.name in self.raw:
                try:
                    found[field.name] = parsed(field, self.raw[field.name])
                except WrongShape:
                    raise _wrong(self.path, f"{self.spec.provider}.{field.name}") from None
            elif field.may_be_none:
                found[field.name] = None
            elif is_whole:
                raise self._missing(field.name)
        return found

    def key(self) -> KeyPlace | None:
        if "api_key" not in self.raw:
            return None
        raw = _mapping(self.path, self.raw, "api_key")
        storage, slot, hint = raw.get("storage"), raw.get("slot"), raw.get("hint")
        where = f"{self.spec.provider}.api_key"
        if storage not in STORAGES:
            raise _wrong(self.path, f"{where}.storage")
        if slot not in SLOTS and not (slot is None and storage == "env"):
            raise _wrong(self.path, f"{where}.slot")
        if hint is not None and not isinstance(hint, str):
            raise _wrong(self.path, f"{where}.hint")
        can_write = raw.get("can_write")
        if can_write is not None and not isinstance(can_write, bool):
            raise _wrong(self.path, f"{where}.can_write")
        return KeyPlace(storage, slot, hint, can_write)

    def needed(self, key: str, value: T | None) -> T:
        if value is None:
            raise self._missing(key)
        return value

    def _missing(self, key: str) -> SettingsUnreadable:
        return SettingsUnreadable(
            f"The settings file {self.path} has no {key} in [{self.spec.provider}].",
            fix=self.spec.command("connect"),
        )


def _mapping(path: Path, raw: Mapping[str, object], key: str) -> Mapping[str, object]:
    value = raw.get(key)
    if not isinstance(value, dict):
        raise _wrong(path, key)
    return value


def _wrong(path: Path, key: str) -> SettingsUnreadable:
    return SettingsUnreadable(f"The settings file {path} holds a value that cannot be understood: {key}.")
