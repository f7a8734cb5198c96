"""Writes a TOML file as one change: comments and unknown keys stay, a crash leaves the old file or the new one."""

import os
import tomllib
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import cast

import tomlkit
from tomlkit.exceptions import TOMLKitError
from tomlkit.items import Table
from tomlkit.toml_document import TOMLDocument

from bokko_cli.errors import SettingsUnreadable, StorageFailed

Content = Mapping[str, object]


def rewrite(path: Path, change: Callable[[Content], Content]) -> None:
    """Replace the file by what `change` makes of its content; a value of `None` takes a key out.

    What a person wrote besides stays. Follows a symlink. Raises SettingsUnreadable for a file that is not TOML and
    StorageFailed when the disk refuses; either way the old file stands.
    """
    target = path.resolve()
    text = _read(target)
    wanted = change(_loads(path, text))
    document = _parse(path, text)
    _merge(document, wanted)
    written = tomlkit.dumps(document)
    if _loads(path, written) != _without_none(wanted):
        raise StorageFailed(
            f"The settings file {path} is laid out in a way that cannot be changed safely.",
            fix="Move its tables together, or move the file away.",
        )
    replace(target, written)


def replace(target: Path, text: str) -> None:
    """Put a new file, 0600, in the place of another in one step."""
    beside = _beside(target)
    try:
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        beside.unlink(missing_ok=True)
        descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(text.encode("utf-8"))
            file.flush()
            os.fsync(file.fileno())
        beside.replace(target)
        _sync_folder(target.parent)
    except OSError as error:
        _try_to_remove(beside)
        raise StorageFailed(f"Cannot write {target}: {error.strerror}.") from error


def sweep(path: Path) -> None:
    """Remove what a killed run may have left beside a file."""
    _try_to_remove(_beside(path.resolve()))


def _beside(target: Path) -> Path:
    return target.with_name(f".{target.name}.new")


def _try_to_remove(path: Path) -> None:
    with suppress(OSError):
        path.unlink(missing_ok=True)


def _sync_folder(folder: Path) -> None:
    if os.name == "nt":  # Windows cannot open a folder, and its rename is durable by itself
        return
    try:
        descriptor = os.open(folder, os.O_RDONLY)
    except OSError:  # readable or not, the new file is in its place by now
        return
    try:
        with suppress(OSError):
            os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _read(target: Path) -> str:
    try:
        return target.read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        return ""
    except UnicodeDecodeError as error:
        raise SettingsUnreadable(f"The file {target} is not UTF-8 text.") from error
    except OSError as error:
        raise StorageFailed(f"Cannot read {target}: {error.strerror}.") from error


def _loads(path: Path, text: str) -> Content:
    try:
        return tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise SettingsUnreadable(f"The file {path} is not valid TOML: {error}.") from error


def _parse(path: Path, text: str) -> TOMLDocument:
    try:
        return tomlkit.parse(text)
    except (TOMLKitError, RecursionError) as error:
        raise SettingsUnreadable(f"The file {path} cannot be edited: {error}.") from error


def _merge(table: TOMLDocument | Table, wanted: Content) -> None:
    for key, value in wanted.items():
        current = table.get(key)
        if value is None:
            table.pop(key, None)
        elif isinstance(value, Mapping) and isinstance(current, Mapping):
            _merge(cast("Table", current), value)  # inline and out-of-order tables are written alike
        elif isinstance(value, Mapping):
            table[key] = _new_table(value)
        elif current != value or type(current) is bool:
            table[key] = value


def _new_table(content: Content) -> Table:
    table = tomlkit.table()
    _merge(table, content)
    return table


def _without_none(content: Content) -> Content:
    return {
        key: _without_none(value) if isinstance(value, Mapping) else value
        for key, value in content.items()
        if value is not None
    }
