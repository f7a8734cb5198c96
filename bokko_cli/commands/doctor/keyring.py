"""Which keyring there is, whether it answers and how quickly; nothing is written to it."""

import time
from collections.abc import Callable
from contextlib import suppress
from typing import Literal, NamedTuple

from bokko_cli.errors import BokkoError, KeyMissing, KeyringLocked, KeyringUnavailable
from bokko_cli.model.public_findings import Harmless, doubtful, identifier, well, wrong
from bokko_cli.model.values import Item
from bokko_cli.model.wording import N_, Sentence
from bokko_cli.store.keyring import ALONE_SECONDS, NO_BACKEND, backend_name

Need = Literal["needed", "elsewhere", "open"]
"""Whether a connection keeps its key there, or may; all keep theirs elsewhere; or nothing is connected yet."""


class Answering(NamedTuple):
    """How the keyring answered: what it calls itself, the seconds, and the error where it did not."""

    backend: Harmless
    seconds: float = 0.0
    failure: BokkoError | None = None


def asked(read: Callable[[], object]) -> Answering:
    """Ask the keyring for one entry, whether it is there or not."""
    backend = identifier(backend_name())
    started = time.monotonic()
    try:
        with suppress(KeyMissing):  # what is there is no key, but the keyring has answered
            read()
    except BokkoError as failure:
        return Answering(backend, time.monotonic() - started, failure)
    return Answering(backend, time.monotonic() - started)


def item(answering: Answering, need: Need, *, is_named: bool = False) -> Item:
    """Judge how the keyring answered; `is_named` where PYTHON_KEYRING_BACKEND says which one it is."""
    if answering.failure is None:
        seconds = round(answering.seconds, 2)
        message = N_("{backend} answers in {seconds} s.", backend=answering.backend, seconds=seconds)
        return well("keyring", "answer", message)
    trouble, fix = _trouble(answering.backend, answering.failure, is_named=is_named)
    if need == "needed":
        return wrong("keyring", "answer", trouble, fix)
    if need == "elsewhere":
        elsewhere = N_("{trouble} No connection needs one: each key is kept elsewhere.", trouble=trouble)
        return well("keyring", "answer", elsewhere)
    if _is_missing(answering.failure):
        return well(
            "keyring",
            "answer",
            N_(
                "{trouble} Nothing needs one yet. When you connect, you are asked where to keep the key; "
                "in a script, give --key-storage file or env.",
                trouble=trouble,
            ),
        )
    return doubtful("keyring", "answer", trouble, fix)


def _is_missing(failure: BokkoError) -> bool:
    return failure.code == KeyringUnavailable.code


def _trouble(backend: Harmless, failure: BokkoError, *, is_named: bool) -> tuple[Sentence, Sentence]:
    """Return what is the matter, and what to do about it."""
    if isinstance(failure, KeyringLocked):
        return (
            N_(
                "The keyring ({backend}) is locked, or does not answer within {seconds} seconds.",
                backend=backend,
                seconds=int(ALONE_SECONDS),
            ),
            N_("Unlock it (log in on the screen, or open its password manager), or connect with --key-storage file."),
        )
    if _is_missing(failure):
        return (
            N_("This machine has no keyring that keeps a key ({backend}).", backend=backend),
            N_(
                "Start one, such as gnome-keyring or KWallet, and check PYTHON_KEYRING_BACKEND; "
                "or connect with --key-storage file."
            ),
        )
    if is_named and backend == NO_BACKEND:
        return (
            N_("PYTHON_KEYRING_BACKEND names a keyring that cannot be loaded."),
            N_("Correct PYTHON_KEYRING_BACKEND, or unset it to use this system's own keyring."),
        )
    return (
        N_("The keyring ({backend}) does not work.", backend=backend),
        N_("Check PYTHON_KEYRING_BACKEND and restart the keyring, or connect with --key-storage file."),
    )
