"""Where a new key will be kept: known, and found out to work, before anybody types one."""

from collections.abc import Sequence

from bokko_cli.commands.shared import keys
from bokko_cli.context import Scope
from bokko_cli.errors import BokkoError, InvalidValue, KeyringUnavailable, cancelled
from bokko_cli.model.values import STORAGES, KeyPlace, Storage
from bokko_cli.model.wording import N_, Sentence
from bokko_cli.prompter.question import Nothing, Option, Pick, Question


def settle_storage(scope: Scope, wanted: str | None, now: KeyPlace | None, *, is_dry_run: bool) -> Storage:
    """Return where the key goes: where the flag says, else where it is now, else the usual place.

    Where that cannot be used a person is asked for another place. Raises InvalidValue, StorageFailed and its kin.
    """
    storage = _first_choice(scope, wanted, now)
    failed: list[Storage] = []
    while True:
        try:
            _probe(scope, storage, failed)
        except (KeyringUnavailable, InvalidValue) as failure:
            failed.append(storage)
            storage = _elsewhere(scope, failed, failure)
        else:
            break
    if storage == "file" and not scope.is_sandbox and not is_dry_run:
        scope.output.warn(N_("--key-storage file keeps the key as plain text, readable by you alone (0600)."))
    return storage


def refuse_unknown_storage(scope: Scope, wanted: str | None) -> None:
    """Raise InvalidValue for a place that there is not, or that the sandbox may not touch."""
    if wanted is not None and wanted not in STORAGES:
        known = ", ".join(STORAGES)
        raise InvalidValue(
            N_("--key-storage is {value}; it must be one of: {known}.", value=repr(wanted[:40]), known=known)
        )
    if wanted is not None and wanted not in scope.storages:
        raise InvalidValue(N_("The sandbox never touches the keyring."), fix=N_("Leave out --key-storage."))


def _first_choice(scope: Scope, wanted: str | None, now: KeyPlace | None) -> Storage:
    stored = now.storage if now else None
    return next((storage for storage in scope.storages if storage == (wanted or stored)), scope.storages[0])


def _probe(scope: Scope, storage: Storage, failed: Sequence[Storage]) -> None:
    if storage != "env":
        scope.open_secrets(storage).probe()
    elif keys.variable_key(scope) is None:
        name = scope.spec.key_variable
        raise InvalidValue(
            N_("--key-storage env needs {variable} to be set.", variable=name),
            fix=N_(
                "Set {variable} to the key and try again, or keep the key elsewhere: --key-storage {storage}",
                variable=name,
                storage=next(other for other in scope.storages if other not in (storage, *failed)),
            ),
        )


def _elsewhere(scope: Scope, failed: Sequence[Storage], failure: BokkoError) -> Storage:
    """Ask where else to keep the key; the failure is raised by who leaves, and where nobody can be asked."""
    others = [
        Option[Storage | None](storage, _place(scope, storage))
        for storage in scope.storages
        if storage != failed[-1] and not (storage == "keyring" and storage in failed)
    ]
    again = [Option[Storage | None]("keyring", N_("Try the keyring again"))] if "keyring" in failed else []
    leave = Option[Storage | None](None, N_("Leave without changing anything"))
    form = Pick([*others, *again, leave])
    answer = scope.prompter.ask(Question(N_("Where to keep the key"), form, None, trouble=failure))
    if isinstance(answer, Nothing):
        raise cancelled()
    if answer is None:
        raise failure
    return answer


def _place(scope: Scope, storage: Storage) -> Sentence:
    if storage == "env":
        return N_("In {variable} only", variable=scope.spec.key_variable)
    return N_("In the keyring") if storage == "keyring" else N_("In a file, as plain text")
