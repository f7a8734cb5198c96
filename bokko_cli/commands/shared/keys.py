"""Which key a command uses, and where it came from."""

from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from bokko_cli.context import Scope
from bokko_cli.errors import InvalidValue, KeyMalformed, KeyMissing, StorageFailed, given_together
from bokko_cli.model.apikey import SANDBOX_PREFIX, ApiKey, clean_key
from bokko_cli.model.spec import Spec
from bokko_cli.model.system_errors import reason_of
from bokko_cli.model.text import shown
from bokko_cli.model.values import Connection, Storage
from bokko_cli.model.wording import N_

LONGEST_LINE = 65536
_UTF16 = (b"\xff\xfe", b"\xfe\xff")


class GivenKey(NamedTuple):
    """A key that nobody types, and where it came from, in words."""

    key: ApiKey
    source: str


class StoredKey(NamedTuple):
    """A key that was kept, and where it is now."""

    key: ApiKey
    connection: Connection
    """The connection whose settings name it: what the key belongs to, and to whose address alone it may go."""

    @property
    def storage(self) -> Storage:
        """Where it is."""
        return self.connection.key.storage


def given_key(scope: Scope, *, from_stdin: bool, file: str | None) -> GivenKey | None:
    """Return the key that flags or the environment give, the first of them that does.

    Raises InvalidValue for both flags at once, KeyMalformed for what cannot be a key.
    """
    if from_stdin and file is not None:
        raise given_together("--api-key-stdin", "--api-key-file")
    if from_stdin or file == "-":
        return _given(scope.run.read_first_line(), N_("standard input"))
    if file == "":
        raise InvalidValue(N_("--api-key-file is empty."), fix=N_("Give the path of a file, or - for standard input."))
    if file is not None:
        return _given(_first_line(Path(file)), N_("the file {path}", path=file))
    return variable_key(scope)


def variable_key(scope: Scope) -> GivenKey | None:
    """Return the key in the environment; the sandbox takes none but its own there."""
    name = scope.spec.key_variable
    text = scope.environ.get(name, "")
    if not text.strip() or (scope.is_sandbox and not text.strip().startswith(SANDBOX_PREFIX)):
        return None
    return _given(text, name)


def stored_key(scope: Scope, connection: Connection) -> StoredKey | StorageFailed:
    """Return the key of a connection, from where its settings say it is, or the error that says why it has none.

    A connect in another process may have moved it between the two reads, so a slot found empty is looked up again.
    """
    for _ in range(2):
        try:
            key = _read(scope, connection)
        except KeyMissing as failure:
            return KeyMissing(failure.message, fix=scope.command("connect"))
        except StorageFailed as failure:
            return failure
        except KeyMalformed as error:
            return KeyMissing(error.message, fix=_fix_of_variable(scope))
        if key:
            return StoredKey(key, connection)
        connection = scope.load().connection(scope.spec) or connection
    return _missing(scope, connection)


def needed_key(scope: Scope, connection: Connection) -> StoredKey:
    """Return the stored key; KeyMissing, KeyringUnavailable or a subclass where it cannot be read."""
    stored = stored_key(scope, connection)
    if isinstance(stored, StorageFailed):
        raise stored
    return stored


def mention_unused_variable(scope: Scope, storage: Storage) -> None:
    """Say so when a key in the environment is not the one in use."""
    if storage != "env" and variable_key_is_set(scope.environ, scope.spec):
        scope.output.warn(
            N_("{variable} is set but not used here: the stored key is.", variable=scope.spec.key_variable)
        )


def mention_source(scope: Scope, given: GivenKey) -> None:
    """Say where a key came from, where somebody may wonder: there is one in the environment."""
    if variable_key_is_set(scope.environ, scope.spec):
        scope.output.say(N_("Using the key from {source}.", source=given.source))


def variable_key_is_set(environ: Mapping[str, str], spec: Spec) -> bool:
    """Whether the environment holds a key."""
    return bool(environ.get(spec.key_variable, "").strip())


def _read(scope: Scope, connection: Connection) -> ApiKey | None:
    place = connection.key
    if place.storage == "env" or place.slot is None:
        given = variable_key(scope)
        return given.key if given else None
    return scope.open_secrets(place.storage).read(place.slot)


def _missing(scope: Scope, connection: Connection) -> KeyMissing:
    if connection.key.storage == "env":
        variable = scope.spec.key_variable
        return KeyMissing(
            N_("The key is kept in {variable}, which is not set.", variable=variable),
            fix=N_("Set {variable}.", variable=variable),
        )
    key = scope.spec.key_question
    gone = (
        N_("The stored {key} is gone from the keyring.", key=key)
        if connection.key.storage == "keyring"
        else N_("The stored {key} is gone from the file.", key=key)
    )
    return KeyMissing(gone, fix=_connect_there(scope, connection))


def _connect_there(scope: Scope, connection: Connection) -> str:
    """Return the command that connects again where the connection was; another address has to be named once more."""
    command = scope.command("connect")
    if scope.is_sandbox or connection.endpoint == scope.spec.endpoint:
        return command
    variable = scope.spec.url_variable
    if scope.environ.get(variable, "").strip():
        return command
    return N_(
        "Set {variable} to {endpoint}, then run: {command}",
        variable=variable,
        endpoint=shown(connection.endpoint),
        command=command,
    )


def _given(text: str, source: str) -> GivenKey:
    try:
        return GivenKey(clean_key(text), source)
    except KeyMalformed as error:
        message = N_("From {source}: {message}", source=source, message=error.message)
        raise KeyMalformed(message, fix=error.fix) from None


def _first_line(path: Path) -> str:
    try:
        with path.expanduser().open("rb") as file:
            return decoded_line(file.readline(LONGEST_LINE))
    except (OSError, ValueError) as error:
        why = reason_of(error) if isinstance(error, OSError) else N_("not a path")
        raise KeyMalformed(
            N_("The key file {path} cannot be read: {reason}.", path=str(path), reason=why),
            fix=N_("Check the path and its permissions."),
        ) from None
    except RuntimeError:  # how pathlib calls a user whom nobody knows, or a home that is not known
        raise KeyMalformed(
            N_("The key file {path} is in a home folder that cannot be determined.", path=str(path)),
            fix=N_("Give the full path of the file, or set HOME."),
        ) from None


def _fix_of_variable(scope: Scope) -> str:
    return N_(
        "Set {variable} to the whole key, or unset it and connect again: {command}",
        variable=scope.spec.key_variable,
        command=scope.command("connect"),
    )


def decoded_line(line: bytes) -> str:
    """Return a line as text: UTF-8, or what PowerShell's `>` writes; bytes that are neither show as U+FFFD."""
    if not line.startswith(_UTF16):
        return line.decode("utf-8-sig", "replace")
    # A line in UTF-16 was cut in the middle of a character, at the byte of its newline.
    return line.decode("utf-16", "replace").split("\n")[0].rstrip("\ufffd\r")
