"""What `connect` asks for when it asks for the key: where keys come from, and what a blank line keeps."""

from collections.abc import Sequence
from contextlib import suppress

from bokko_cli.commands.shared import keys
from bokko_cli.context import Scope
from bokko_cli.errors import Missing, SettingsUnreadable, StorageFailed
from bokko_cli.model.apikey import ApiKey, clean_key
from bokko_cli.model.endpoint import may_go_to
from bokko_cli.model.values import Connection, KeyPlace, Storage
from bokko_cli.model.wording import N_, Sentence, lines
from bokko_cli.wizard.key import KeyWanted

SANDBOX_KEY = "sandbox-ready"


def key_wanted(scope: Scope, endpoint: str, missing: Missing) -> KeyWanted:
    """Return the question for the key: a blank line takes the stored one, or the sandbox's."""
    wanted = KeyWanted(
        name=scope.spec.key_question,
        note=_where_keys_come_from(scope),
        missing=missing,
        how_to_write=N_(
            "Create a key that can read and write: {page} ({advice}).",
            page=scope.spec.key_page,
            advice=scope.spec.key_advice,
        ),
    )
    stored = _stored_key(scope, endpoint)
    if isinstance(stored, ApiKey):
        note = N_("This is the sandbox: `bokko sandbox` lists its keys.") if scope.is_sandbox else wanted.note
        return wanted._replace(offered=stored, blank=N_("Enter: keep the stored key"), note=note)
    if stored:
        return wanted._replace(note=lines(stored, wanted.note))
    if scope.is_sandbox:
        return wanted._replace(offered=clean_key(SANDBOX_KEY), blank=N_("Enter: {key}", key=SANDBOX_KEY))
    return wanted


def _stored_key(scope: Scope, endpoint: str) -> ApiKey | Sentence | None:
    """Return the stored key, `None` without a connection, or the sentence that says why a blank line cannot keep it."""
    connection = _repairable(scope)
    if connection is None:
        return None
    stored = keys.stored_key(scope, connection)
    if isinstance(stored, StorageFailed):
        return N_("The stored key cannot be used. {reason}", reason=stored.message)
    if not may_go_to(stored.key, stored.connection.endpoint, endpoint):
        return N_(
            "The stored key cannot be used: it belongs to {stored}, and this is {endpoint}.",
            stored=stored.connection.endpoint,
            endpoint=endpoint,
        )
    return stored.key


def _repairable(scope: Scope) -> Connection | None:
    with suppress(SettingsUnreadable):  # then connect replaces the table
        return scope.load().repairable(scope.spec)
    return None


def key_change(old: KeyPlace | None, key: ApiKey, storage: Storage) -> Sequence[tuple[str, str]]:
    """Return the stored key and this one in words, where they differ or are kept in different places."""
    if old is None or (old.hint, old.storage) == (key.hint, storage):
        return ()
    return ((_key_words(old.hint, old.storage), _key_words(key.hint, storage)),)


def _key_words(hint: str | None, storage: Storage) -> str:
    return N_("…{hint} ({storage})", hint=hint, storage=storage) if hint else storage


def _where_keys_come_from(scope: Scope) -> Sentence:
    if scope.is_sandbox:
        return N_(
            "This is the sandbox: press Enter for the key {key}; `bokko sandbox` lists the others.", key=SANDBOX_KEY
        )
    return N_("Create a key at {page}\n({advice}).", page=scope.spec.key_page, advice=scope.spec.key_advice)
