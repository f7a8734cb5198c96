"""Which keyring there is, whether it answers and how quickly; nothing is written to it."""

import time
from collections.abc import Callable
from contextlib import suppress
from typing import NamedTuple

from bokko_cli.errors import BokkoError, KeyMissing, KeyringLocked, KeyringUnavailable
from bokko_cli.model.diagnosis import Harmless, doubtful, identifier, well, wrong
from bokko_cli.model.values import Item
from bokko_cli.model.wording import N_
from bokko_cli.store.keyring import ALONE_SECONDS, NO_BACKEND, backend_name


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


def item(answering: Answering, *, is_needed: bool, is_named: bool = False) -> Item:
    """Judge how the keyring answered.

    `is_needed` where a connection keeps its key there, `is_named` where PYTHON_KEYRING_BACKEND says which one it is.
    """
    backend = answering.backend
    match answering.failure:
        case None:
            seconds = round(answering.seconds, 2)
            return well("keyring", "answer", N_("{backend} answers in {seconds} s.", backend=backend, seconds=seconds))
        case KeyringLocked():
            return wrong(
                "keyring",
                "answer",
                N_(
                    "The keyring ({backend}) is locked, or does not answer within {seconds} seconds.",
                    backend=backend,
                    seconds=int(ALONE_SECONDS),
                ),
                N_(
                    "Unlock it (log in on the screen, or open its password manager), "
                    "or connect with --key-storage file."
                ),
            )
        case KeyringUnavailable(code=KeyringUnavailable.code):
            level = wrong if is_needed else doubtful
            return level(
                "keyring",
                "answer",
                N_("This machine has no keyring that keeps a key ({backend}).", backend=backend),
                N_(
                    "Start one, such as gnome-keyring or KWallet, and check PYTHON_KEYRING_BACKEND; "
                    "or connect with --key-storage file."
                ),
            )
    if is_named and backend == NO_BACKEND:
        return wrong(
            "keyring",
            "answer",
            N_("PYTHON_KEYRING_BACKEND names a keyring that cannot be loaded."),
            N_("Correct PYTHON_KEYRING_BACKEND, or unset it to use this system's own keyring."),
        )
    return wrong(
        "keyring",
        "answer",
        N_("The keyring ({backend}) fails when it is asked.", backend=backend),
        N_("Check PYTHON_KEYRING_BACKEND and restart the keyring, or connect with --key-storage file."),
    )
