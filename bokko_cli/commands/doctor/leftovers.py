"""What past runs may have left: keys that no settings use, marks, notes and temporary files."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import product
from typing import NamedTuple

from bokko_cli.commands.doctor.installation import Installation
from bokko_cli.errors import BokkoError
from bokko_cli.model.public_findings import doubtful, identifier, profile, title, well
from bokko_cli.model.values import SLOTS, Item, KeyPlace, Slot, Storage
from bokko_cli.model.wording import N_, Sentence
from bokko_cli.store.profiles import OwnFile, Purpose

Holds = Callable[[str, str, Storage, Slot], bool]
"""Takes provider, profile, storage and slot; tells whether a secret is there. Raises BokkoError if nobody can say."""


class Search(NamedTuple):
    """Where to look: our own files, and each slot of these storages."""

    files: Sequence[OwnFile]
    named: Mapping[tuple[str, str], KeyPlace]
    """Where the settings say that a key is, by provider and profile."""
    unread: frozenset[str]
    """The profiles whose settings cannot be read: they may name anything."""
    storages: Sequence[Storage]
    holds: Holds


def items(around: Installation, search: Search) -> Iterator[Item]:
    """Look for what nobody needs any more."""
    found = [*(item for file in search.files for item in _file(around, file)), *_secrets(around, search)]
    yield from found
    if not found:
        yield well("leftovers", "none", N_("Nothing is left behind."))


def _file(around: Installation, file: OwnFile) -> Iterator[Item]:
    shown = around.place(file.path)
    purpose: Purpose = file.purpose
    match purpose:
        case "mark":
            yield doubtful(
                "leftovers",
                file.path.name.lstrip("."),
                N_("{file} marks that the keyring may hold a key that no settings use.", file=shown),
                N_(
                    "Any command that saves or removes this connection clears it, for example: {command}",
                    command=around.command(file.profile, file.provider, "connect"),
                ),
            )
        case "rehearsal":
            yield doubtful(
                "leftovers",
                file.path.name,
                N_("{file}: a rehearsal was interrupted; its draft or partner may still exist.", file=shown),
                N_("Run: {command}", command=around.command(file.profile, file.provider, "rehearse", "--clean")),
            )
        case "temporary":
            yield doubtful(
                "leftovers",
                file.path.name.lstrip("."),
                N_("{file} is left over from a command that was killed while saving.", file=shown),
                N_("Remove it: rm {file}", file=shown),
            )


def _secrets(around: Installation, search: Search) -> Iterator[Item]:
    profiles = sorted({"default", *(file.profile for file in search.files)} - search.unread)
    with_file = {file.profile for file in search.files if file.purpose == "secrets"}
    for name, provider, storage in product(profiles, around.specs, search.storages):
        if storage == "keyring" or name in with_file:
            yield from _unnamed(around, search, provider, name, storage)


def _unnamed(around: Installation, search: Search, provider: str, name: str, storage: Storage) -> Iterator[Item]:
    place = search.named.get((provider, name))
    for slot in SLOTS:
        if place and (place.storage, place.slot) == (storage, slot):
            continue
        try:
            is_there = search.holds(provider, name, storage, slot)
        except BokkoError:
            return  # the keyring's item, or the file's, says why
        if is_there:
            verb = "connect" if place else "disconnect"
            yield doubtful(
                "leftovers",
                f"{name}.{provider}.{storage}.{slot}",
                _secret_in(storage, name, around.specs[provider].title, slot),
                N_("Remove it: {command}", command=around.command(name, provider, verb)),
            )


def _secret_in(storage: Storage, name: str, provider: str, slot: Slot) -> Sentence:
    fields = {"profile": profile(name), "provider": title(provider), "slot": identifier(slot)}
    if storage == "keyring":
        return N_("{profile}, {provider}: slot {slot} of the keyring holds a key that no settings use.", **fields)
    return N_("{profile}, {provider}: slot {slot} of the secrets file holds a key that no settings use.", **fields)
