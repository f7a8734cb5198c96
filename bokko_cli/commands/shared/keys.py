"""Which key a command uses, where it came from, and which address it may go to."""

from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from bokko_cli.context import Context
from bokko_cli.errors import EndpointRefused, InvalidValue, KeyMalformed, KeyMissing, StorageFailed
from bokko_cli.model.apikey import SANDBOX_PREFIX, ApiKey, clean_key
from bokko_cli.model.endpoint import checked_endpoint, is_same_endpoint
from bokko_cli.model.spec import Spec
from bokko_cli.model.values import Connection, Storage

LONGEST_LINE = 65536
_UTF16 = (b"\xff\xfe", b"\xfe\xff")


class GivenKey(NamedTuple):
    """A key that nobody types, and where it came from, in words."""

    key: ApiKey
    source: str


class StoredKey(NamedTuple):
    """What the settings say about a key, and the key if it can be read now; else why not."""

    key: ApiKey | None
    source: Storage | None
    failure: StorageFailed | None


def given_key(ctx: Context, *, from_stdin: bool, file: str | None) -> GivenKey | None:
    """Return the key that flags or the environment give, the first of them that does.

    Raises InvalidValue for both flags at once, KeyMalformed for what cannot be a key.
    """
    if from_stdin and file is not None:
        raise InvalidValue("--api-key-stdin and --api-key-file cannot be given together.", fix="Leave one of them out.")
    if from_stdin:
        return GivenKey(_clean(ctx.read_first_line(), "standard input"), "standard input")
    if file is not None:
        return GivenKey(_clean(_first_line(Path(file)), f"the file {file}"), f"the file {file}")
    return variable_key(ctx)


def variable_key(ctx: Context) -> GivenKey | None:
    """Return the key in the environment; the sandbox takes none but its own there."""
    name = ctx.spec.key_variable
    text = ctx.environ.get(name, "")
    if not text.strip() or (ctx.is_sandbox and not text.strip().startswith(SANDBOX_PREFIX)):
        return None
    return GivenKey(_clean(text, name), name)


def stored_key(ctx: Context, connection: Connection) -> StoredKey:
    """Return the key of a connection, from where its settings say it is.

    A connect in another process may have moved it between the two reads, so a slot found empty is looked up anew.
    """
    for _ in range(2):
        try:
            key = _read(ctx, connection)
        except StorageFailed as failure:
            return StoredKey(None, None, failure)
        except KeyMalformed as error:
            return StoredKey(None, None, KeyMissing(error.message, fix=error.fix))
        if key:
            return StoredKey(key, connection.key.storage, None)
        connection = ctx.load().connection(ctx.spec) or connection
    return StoredKey(None, None, _missing(ctx, connection))


def endpoint_for_connect(ctx: Context) -> str:
    """Return the address that a new connection will be pinned to."""
    return _sandbox_or_variable(ctx) or ctx.spec.endpoint


def endpoint_of(ctx: Context, connection: Connection) -> str:
    """Return the address that a stored key may go to; raises EndpointRefused when the environment names another."""
    wanted = _sandbox_or_variable(ctx)
    if wanted is None:
        return checked_endpoint(connection.endpoint, "The stored endpoint")
    if not is_same_endpoint(wanted, connection.endpoint):
        raise EndpointRefused(
            f"{ctx.spec.url_variable} is {wanted}, but the stored key belongs to {connection.endpoint}.",
            fix=f"Unset {ctx.spec.url_variable}, or connect anew: bokko {ctx.spec.provider} connect",
        )
    return wanted


def endpoint_for_given(ctx: Context, connection: Connection | None) -> str:
    """Return the address for a key that was given: the environment's, else the stored one, else the provider's."""
    wanted = _sandbox_or_variable(ctx)
    if wanted or connection is None:
        return wanted or ctx.spec.endpoint
    return checked_endpoint(connection.endpoint, "The stored endpoint")


def mention_unused_variable(ctx: Context, storage: Storage) -> None:
    """Say so when a key in the environment is not the one in use."""
    if storage != "env" and variable_key_is_set(ctx.environ, ctx.spec):
        ctx.output.warn(f"{ctx.spec.key_variable} is set but not used here: the stored key is.")


def variable_key_is_set(environ: Mapping[str, str], spec: Spec) -> bool:
    """Whether the environment holds a key."""
    return bool(environ.get(spec.key_variable, "").strip())


def ways_to_give_a_key(spec: Spec) -> str:
    """Return the three ways, for whoever tried another one."""
    return (
        f"Give the key on standard input (--api-key-stdin), in a file (--api-key-file PATH) "
        f"or in the environment ({spec.key_variable})."
    )


def _read(ctx: Context, connection: Connection) -> ApiKey | None:
    place = connection.key
    if place.storage == "env" or place.slot is None:
        given = variable_key(ctx)
        return given.key if given else None
    return ctx.open_secrets(place.storage).read(place.slot)


def _missing(ctx: Context, connection: Connection) -> KeyMissing:
    if connection.key.storage == "env":
        return KeyMissing(
            f"The key is kept in {ctx.spec.key_variable}, which is not set.", fix=f"Set {ctx.spec.key_variable}."
        )
    return KeyMissing(
        f"The stored {ctx.spec.key_question} is gone from the {connection.key.storage}.",
        fix=f"bokko {ctx.spec.provider} connect",
    )


def _sandbox_or_variable(ctx: Context) -> str | None:
    if ctx.sandbox_url:
        return ctx.sandbox_url()
    url = ctx.environ.get(ctx.spec.url_variable, "")
    return checked_endpoint(url, ctx.spec.url_variable) if url.strip() else None


def _clean(text: str, source: str) -> ApiKey:
    try:
        return clean_key(text)
    except KeyMalformed as error:
        raise KeyMalformed(f"From {source}: {error.message}", fix=error.fix) from None


def _first_line(path: Path) -> str:
    try:
        with path.expanduser().open("rb") as file:
            return decoded_line(file.readline(LONGEST_LINE))
    except (OSError, ValueError) as error:
        why = error.strerror if isinstance(error, OSError) else "not a path"
        raise KeyMalformed(
            f"The key file {path} cannot be read: {why}.", fix="Check the path and its rights."
        ) from None


def decoded_line(line: bytes) -> str:
    """Return a line as text: UTF-8, or what PowerShell's `>` writes; bytes that are neither show as U+FFFD."""
    if not line.startswith(_UTF16):
        return line.decode("utf-8-sig", "replace")
    # A line in UTF-16 was cut in the middle of a character, at the byte of its newline.
    return line.decode("utf-16", "replace").split("\n")[0].rstrip("\ufffd\r")
