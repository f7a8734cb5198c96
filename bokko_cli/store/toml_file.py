"""Writes a TOML file as one change: comments and unknown keys stay, a crash leaves the old file or the new one."""

import os
import tomllib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from functools import partial
from itertools import takewhile
from pathlib import Path
from typing import cast

import tomlkit
from tomlkit.exceptions import TOMLKitError
from tomlkit.items import Comment, InlineTable, Item, Table, Whitespace
from tomlkit.toml_document import TOMLDocument

from bokko_cli.errors import SettingsUnreadable, StorageFailed
from bokko_cli.model.system_errors import reason_of
from bokko_cli.model.values import Content
from bokko_cli.model.wording import N_
from bokko_cli.store.access import beside, resolved
from bokko_cli.store.fault import advice
from bokko_cli.store.folders import make_private, sync_folder
from bokko_cli.store.layout import gathered


def rewrite(path: Path, change: Callable[[Content], Content]) -> None:
    """Replace the file by what `change` makes of its content; a value of `None` takes a key out.

    What a person wrote besides stays. Follows a symlink. Raises SettingsUnreadable for a file that is not TOML and
    StorageFailed when the disk refuses; either way the old file stands.
    """
    with prepared(path, change) as put_in_place:
        put_in_place()


@contextmanager
def prepared(path: Path, change: Callable[[Content], Content]) -> Iterator[Callable[[], None]]:
    """Do all of `rewrite` that can fail for want of space, and hand out the step that is left.

    What must happen between the two stores' changes is done inside: nothing of the file changes before that step.
    """
    target = resolved(path)
    text = rewritten(path, change)
    new = beside(target)
    try:
        _write_new(new, target, text)
        yield partial(_put_in_place, new, target)
    finally:
        _try_to_remove(new)


def rewritten(path: Path, change: Callable[[Content], Content]) -> str:
    """Return the text that `rewrite` would put in the file's place, or raise what it would; writes nothing."""
    text = _read(resolved(path))
    before = _loads(path, text)
    wanted = change(before)
    try:
        document = tomlkit.parse(gathered(text))
        _merge(document, before, wanted)
        written = _with_breaks_of(text, tomlkit.dumps(document))
        is_as_wanted = tomllib.loads(written) == _without_none(wanted)
    except (TOMLKitError, ValueError, RecursionError, LookupError, AttributeError, TypeError):
        is_as_wanted = False  # tomlkit loses its way in some layouts, with errors of any kind
    if not is_as_wanted:
        raise StorageFailed(
            N_("The settings file {path} is laid out in a way that cannot be changed safely.", path=path),
            fix=N_("Move the tables of one provider together, or move the file away."),
        )
    return written


def _with_breaks_of(before: str, written: str) -> str:
    """Return a text with the line breaks that most lines had before; to TOML both are one."""
    windows = before.count("\r\n")
    if windows * 2 <= before.count("\n"):
        return written
    return written.replace("\r\n", "\n").replace("\n", "\r\n")


def sweep_beside(path: Path) -> None:
    """Remove what a killed run may have left beside a file."""
    with suppress(StorageFailed):  # reading or writing the file reports it
        _try_to_remove(beside(resolved(path)))


def _write_new(new: Path, target: Path, text: str) -> None:
    try:
        make_private(target.parent)
        descriptor = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            new.chmod(0o600)  # whatever the umask took away
            file.write(text.encode("utf-8"))
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        raise StorageFailed(N_("Cannot write {path}: {reason}.", path=target, reason=reason_of(error))) from None


def _put_in_place(new: Path, target: Path) -> None:
    try:
        new.replace(target)
    except OSError as error:
        raise StorageFailed(N_("Cannot write {path}: {reason}.", path=target, reason=reason_of(error))) from None
    sync_folder(target.parent)


def _try_to_remove(path: Path) -> None:
    with suppress(OSError):
        path.unlink(missing_ok=True)


def _read(target: Path) -> str:
    try:
        return target.read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        return ""
    except UnicodeDecodeError:
        raise SettingsUnreadable(N_("The file {path} is not UTF-8 text.", path=target)) from None
    except OSError as error:
        message = N_("Cannot read {path}: {reason}.", path=target, reason=reason_of(error))
        raise StorageFailed(message, fix=advice(target, error)) from None


def _loads(path: Path, text: str) -> Content:
    try:
        return tomllib.loads(text)
    except (ValueError, RecursionError):  # not chained and not quoted: the text may hold a secret
        raise SettingsUnreadable(N_("The file {path} is not valid TOML.", path=path)) from None


def _merge(table: TOMLDocument | Table | InlineTable, before: Content, wanted: Content) -> None:
    """Change only what differs, so that the rest keeps its looks."""
    for key, value in wanted.items():
        old = before.get(key)
        if value is None:
            _take_out(table, key)
        elif isinstance(value, Mapping) and isinstance(old, Mapping):
            _merge(cast("Table", table[key]), old, value)  # inline and out-of-order tables are written alike
        elif isinstance(value, Mapping):
            new = tomlkit.inline_table() if isinstance(table, InlineTable) else tomlkit.table()
            _merge(new, {}, value)
            table[key] = new
        elif old != value or type(old) is not type(value):  # in Python `True` is 1
            table[key] = value


def _take_out(table: TOMLDocument | Table | InlineTable, key: str) -> None:
    """Remove a key; a comment that stands behind a table belongs to what follows, and stays."""
    if key not in table:
        return
    comments = "".join(item.as_string() for item in _end_of(table[key]))
    body = table.body if isinstance(table, TOMLDocument) else table.value.body if isinstance(table, Table) else []
    places = [index for index, (found, _) in enumerate(body) if found and found.key == key]
    del table[key]  # `remove` is what a table in pieces does not have
    if places and "#" in comments:
        body[places[-1]] = (None, Whitespace(comments, fixed=True))


def _end_of(item: object) -> list[Item]:
    """Return the comments and blank lines at the very end of a table, or of its last table."""
    if not isinstance(item, Table) or not item.value.body:
        return []
    end = list(takewhile(lambda entry: isinstance(entry[1], Comment | Whitespace), reversed(item.value.body)))
    if not end:
        return _end_of(item.value.body[-1][1])
    return [entry[1] for entry in reversed(end)]


def _without_none(content: Content) -> Content:
    return {
        key: _without_none(value) if isinstance(value, Mapping) else value
        for key, value in content.items()
        if value is not None
    }
