"""The note of what a rehearsal may leave at the provider: there before anything is sent, gone when all is deleted."""

import json
import os
import re
import secrets
import stat
import time
from collections.abc import Mapping
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from types import NoneType
from typing import NamedTuple

from bokko_cli.errors import StorageFailed
from bokko_cli.model.apikey import ApiKey
from bokko_cli.model.endpoint import may_go_to
from bokko_cli.model.rehearsing import BEGIN_OF_NAME, Made
from bokko_cli.model.system_errors import reason_of
from bokko_cli.model.values import Block, Connection
from bokko_cli.model.wording import N_
from bokko_cli.store.folders import make_private, sync_folder

_SCHEMA = 1
_FRESH_SECONDS = 60.0
_LONGEST = 65536
_READING = os.O_RDONLY | getattr(os, "O_BINARY", 0) | getattr(os, "O_NONBLOCK", 0)
"""How a file is opened that may be a pipe, for which nobody waits; each system has the flags that it needs."""
_MARK_LENGTH = 8
_NAME = re.compile(rf"{BEGIN_OF_NAME} [0-9a-f]{{16}}")
_VENDOR_ID = re.compile(r"bokko-rehearsal-[0-9a-f]{16}")


def new_names() -> tuple[str, str]:
    """Return a partner's name and a `vendor_id` that nothing else bears."""
    tail = secrets.token_hex(8)
    return f"{BEGIN_OF_NAME} {tail}", f"bokko-rehearsal-{tail}"


class Note(NamedTuple):
    """Whose account was written to, the names that everything is found by, and what may have been made so far.

    `key_hint` is that of the key in use, which need not be the connection's own: a variable may have changed.
    `key_mark` tells that key from others with the same end, salted with the `vendor_id`; older notes have none.
    `document_block` is one of that account, `None` where that is not known.
    `strays` are the ids of partners without a name that came of a request which should have made none.
    """

    endpoint: str
    account_tax_code: str | None
    key_hint: str | None
    partner_name: str
    vendor_id: str
    sent: tuple[Made, ...] = ()
    document_block: int | None = None
    strays: tuple[int, ...] = ()
    key_mark: str | None = None

    def is_of(self, connection: Connection, key: ApiKey) -> bool:
        """Whether the connection may open the account that was written to: in another one nothing would be found."""
        if not may_go_to(key, self.endpoint, connection.endpoint):
            return False
        if self.account_tax_code and connection.account_tax_code:
            return self.account_tax_code == connection.account_tax_code
        return self.key_hint == key.hint

    def is_surely_of(self, connection: Connection, key: ApiKey) -> bool:
        """Whether the key in use opens the account that was written to, so that what it does not find is not there.

        One tax number may have several accounts, a document block belongs to one; but only the key that a connection
        was made with is known to have that block.
        """
        if self._is_made_with(key):
            return True
        return self.document_block is not None and self.document_block == block_of(connection, key)

    def _is_made_with(self, key: ApiKey) -> bool:
        return key.hint == self.key_hint and self.key_mark in (None, mark_of(key, self.vendor_id))


def mark_of(key: ApiKey, salt: str) -> str:
    """Return what tells a key from another, and too little of it to find the key by trying.

    Its hint does not: keys that were made on one machine may have the same end.
    """
    return sha256(f"{salt}:{key.reveal()}".encode()).hexdigest()[:_MARK_LENGTH]


def block_of(connection: Connection, key: ApiKey) -> int | None:
    """Return the id of the document block that a connection has picked, `None` unless the key surely has it."""
    if connection.key.storage == "env" or connection.key.hint != key.hint:
        return None
    return next((value.id for value in connection.settings.values() if isinstance(value, Block)), None)


def note_path(folder: Path, profile: str, provider: str) -> Path:
    """Return where a profile's note stands."""
    return folder / f"{profile}.{provider}.rehearsal.json"


def write_note(path: Path, note: Note) -> None:
    """Put the note on the disk, 0600, whole or not at all; raises StorageFailed, and then the old one stands."""
    beside = _beside(path)
    try:
        make_private(path.parent)
        beside.unlink(missing_ok=True)
        descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            beside.chmod(0o600)  # whatever the umask took away
            file.write(_as_bytes(note))
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
    except OSError as error:
        with suppress(OSError):
            beside.unlink()
        raise StorageFailed(
            N_("Cannot write the rehearsal note {path}: {reason}.", path=str(path), reason=reason_of(error)),
            fix=N_("Free some space or check the folder's permissions, then try again."),
        ) from error
    sync_folder(path.parent)


def read_note(path: Path) -> Note | None:
    """Return the note, `None` if there is none; raises StorageFailed for one that cannot be read or understood."""
    try:
        text = _content(path).decode()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise StorageFailed(
            N_("Cannot read the rehearsal note {path}: {reason}.", path=str(path), reason=reason_of(error))
        ) from error
    except UnicodeDecodeError:
        raise _not_understood(path) from None
    return _parsed(path, text)


def _content(path: Path) -> bytes:
    """Return what a file holds; raises StorageFailed for what is none, which might never end, and for a long one."""
    with os.fdopen(os.open(path, _READING), "rb") as file:
        if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
            raise _not_understood(path)
        content = file.read(_LONGEST + 1)
    if len(content) > _LONGEST:
        raise _not_understood(path)
    return content


def is_fresh(path: Path) -> bool:
    """Whether the note was written so shortly ago that what it tells of may still be on its way."""
    with suppress(OSError):
        return time.time() - path.stat().st_mtime < _FRESH_SECONDS
    return True


def clear_note(path: Path) -> None:
    """Remove the note; raises StorageFailed where it stays."""
    try:
        _beside(path).unlink(missing_ok=True)
        path.unlink(missing_ok=True)
    except OSError as error:
        raise StorageFailed(
            N_("Cannot remove the rehearsal note {path}: {reason}.", path=str(path), reason=reason_of(error))
        ) from error
    sync_folder(path.parent)


def _beside(path: Path) -> Path:
    return path.with_name(f".{path.name}.new")


def _as_bytes(note: Note) -> bytes:
    return (json.dumps({"schema": _SCHEMA, **note._asdict()}, indent=2) + "\n").encode()


def _parsed(path: Path, text: str) -> Note:
    try:
        raw = json.loads(text)
    except (ValueError, RecursionError):
        raise _not_understood(path) from None
    if not isinstance(raw, dict) or raw.get("schema") != _SCHEMA or not _has_names(raw):
        raise _not_understood(path)
    sent: tuple[Made, ...] = tuple(kind for kind in ("partner", "draft") if kind in raw["sent"])
    if len(sent) != len(raw["sent"]):
        raise _not_understood(path)
    return Note(
        endpoint=raw["endpoint"],
        account_tax_code=raw.get("account_tax_code"),
        key_hint=raw.get("key_hint"),
        partner_name=raw["partner_name"],
        vendor_id=raw["vendor_id"],
        sent=sent,
        document_block=raw.get("document_block"),
        strays=tuple(raw.get("strays", [])),
        key_mark=raw.get("key_mark"),
    )


def _has_names(raw: Mapping[str, object]) -> bool:
    """Whether everything has its type, and both names are such as we make: what they name will be deleted."""
    texts = [raw.get(name) for name in ("endpoint", "partner_name", "vendor_id")]
    maybe = [raw.get(name) for name in ("account_tax_code", "key_hint", "key_mark")]
    return (
        all(isinstance(text, str) and text for text in texts)
        and all(text is None or isinstance(text, str) for text in maybe)
        and isinstance(raw.get("sent"), list)
        and type(raw.get("document_block")) in (int, NoneType)
        and _are_ids(raw.get("strays", []))
        and _NAME.fullmatch(str(raw["partner_name"])) is not None
        and _VENDOR_ID.fullmatch(str(raw["vendor_id"])) is not None
    )


def _are_ids(found: object) -> bool:
    return isinstance(found, list) and all(type(number) is int and number > 0 for number in found)


def _not_understood(path: Path) -> StorageFailed:
    return StorageFailed(
        N_("The rehearsal note {path} cannot be understood.", path=str(path)),
        fix=N_(
            "Delete drafts and partners whose name begins with {name} at the provider, then remove the file.",
            name=BEGIN_OF_NAME,
        ),
    )
