"""The settings file, read: what is connected, how, and who is active. Nothing here writes."""

import os
import shlex
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from bokko_cli.errors import SettingsUnreadable
from bokko_cli.model.settings import taken_apart
from bokko_cli.model.spec import Spec
from bokko_cli.model.system_errors import reason_of
from bokko_cli.model.values import Connection, Remnants
from bokko_cli.model.wording import N_, Whole
from bokko_cli.store.fault import A_PROVIDER, A_TEXT, Fault, advice, as_found, is_like_a_key, unreadable
from bokko_cli.store.table import TableValues, found_in
from bokko_cli.store.toml_position import Position, position_of

SCHEMA = 1
_MOVE = "move" if os.name == "nt" else "mv"


class Profile(NamedTuple):
    """One settings file as it stood when it was read; a file that is not there is an empty profile."""

    path: Path
    content: Mapping[str, object]
    active_provider: str | None
    text: str = ""
    faults: tuple[Fault, ...] = ()
    """What cannot be understood outside of the providers' tables."""

    def is_connected(self, provider: str) -> bool:
        """Whether the file has a table for the provider, whole or not."""
        return provider in self.content

    def connection(self, spec: Spec) -> Connection | None:
        """Return the provider's connection, `None` without one; SettingsUnreadable names all that is wrong in it."""
        found = self._found(spec)
        if self.faults or found.faults:
            raise self._unreadable(spec, found)
        return found.connection()

    def repairable(self, spec: Spec) -> Connection | None:
        """Return the same, but leave out settings that cannot be understood: a flag or a question gives new ones."""
        found = self._found(spec)
        connection = found.connection()
        if self.faults or (found.faults and (connection is None or not _can_be_set(spec, found))):
            raise self._unreadable(spec, found)
        return connection

    def remnants(self, spec: Spec) -> Remnants:
        """Return what can be understood, for a connect to begin with; the rest counts as not stored."""
        found = self._found(spec)
        return Remnants(
            settings=taken_apart(spec, found.settings),
            account_tax_code=found.account_tax_code,
            endpoint=found.endpoint,
            key=found.key,
            connected_at=found.connected_at,
        )

    def _found(self, spec: Spec) -> TableValues:
        return found_in(spec, self.content.get(spec.provider))

    def _unreadable(self, spec: Spec, found: TableValues) -> SettingsUnreadable:
        connect = spec.command("connect")
        fix = N_("Correct the file, or connect again: {command}", command=connect)
        if found.faults and not self.faults and _can_be_set(spec, found):
            fix = N_(
                "Correct the file, run {configure} with {flags}, or connect again: {command}",
                configure=spec.command("configure"),
                flags=", ".join(dict.fromkeys(spec.field(fault.path[1]).flag for fault in found.faults)),
                command=connect,
            )
        return unreadable(self.path, self.text, (*self.faults, *found.faults), fix)


def _can_be_set(spec: Spec, found: TableValues) -> bool:
    """Whether all that cannot be understood are settings."""
    names = {field.name for field in spec.fields}
    return all(len(fault.path) > 1 and fault.path[1] in names for fault in found.faults)


def settings_path(folder: Path, name: str) -> Path:
    """Return the settings file of a profile."""
    return folder / f"{name}.toml"


def secrets_path(folder: Path, name: str) -> Path:
    """Return the file that holds a profile's keys, where they are kept in a file."""
    return folder / f"{name}.secrets.toml"


def lock_path(folder: Path, name: str) -> Path:
    """Return the file that is locked while a profile is changed or rehearsed."""
    return folder / f"{name}.lock"


def load(folder: Path, name: str) -> Profile:
    """Read a profile; raises SettingsUnreadable, naming path, line and column."""
    path = settings_path(folder, name)
    try:
        raw = path.read_bytes()
    except FileNotFoundError:
        return Profile(path, {}, None)
    except OSError as error:
        raise SettingsUnreadable(
            N_("The settings file {path} cannot be read: {reason}.", path=path, reason=reason_of(error)),
            fix=advice(path, error),
        ) from None
    try:
        return parse(path, raw.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        before = raw[: error.start].split(b"\n")
        raise _not_toml(path, Position(len(before), len(before[-1]) + 1, N_("it is not UTF-8 text"))) from None


def parse(path: Path, text: str) -> Profile:
    """Return the profile that a text holds; `path` is for messages."""
    try:
        content = tomllib.loads(text)
    except (ValueError, RecursionError) as error:  # ValueError: TOML's own, or a number of thousands of digits
        raise _not_toml(path, position_of(text, error)) from None
    faults = []
    schema = content.get("schema", SCHEMA)
    if type(schema) is not int or schema < SCHEMA:
        faults.append(Fault(("schema",), schema, str(SCHEMA)))
    elif schema > SCHEMA:
        raise SettingsUnreadable(
            N_(
                "The settings file {path} was written by a newer version (schema {schema}).",
                path=path,
                schema=as_found(schema),
            ),
            fix=N_("Update bokko."),
        )
    active = content.get("active_provider")
    if active is not None and (not isinstance(active, str) or is_like_a_key(active)):
        faults.append(Fault(("active_provider",), active, A_PROVIDER if isinstance(active, str) else A_TEXT))
        active = None
    return Profile(path, content, active or None, text, tuple(faults))


def _not_toml(path: Path, at: Position) -> SettingsUnreadable:
    aside = Whole(f"{_MOVE} {_quoted(path)} {_quoted(path.with_name(f'{path.name}.aside'))}")
    return SettingsUnreadable(
        N_(
            "The settings file {path} is not valid TOML: line {line}, column {column}: {reason}.",
            path=path,
            line=at.line,
            column=at.column,
            reason=at.reason,
        ),
        fix=N_("Correct that line, or set the file aside and connect again: {command}", command=aside),
    )


def _quoted(path: Path) -> str:
    return f'"{path}"' if os.name == "nt" else shlex.quote(str(path))
