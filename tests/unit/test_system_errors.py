"""Why the system refused something, in words that a catalog can translate."""

import errno
import os
import socket
import sys

import pytest

from bokko_cli.model.system_errors import reason_of
from bokko_cli.model.wording import Sentence
from bokko_cli.output.hungarian import in_hungarian

USUAL = (
    "EACCES", "ENOSPC", "EROFS", "EISDIR", "ENOTDIR", "ENOENT", "ELOOP", "EADDRINUSE", "ENFILE", "ENOTEMPTY", "ETXTBSY",
    "E2BIG", "ENOMEM", "ESTALE", "ENOLCK", "EOPNOTSUPP", "ENOTCONN", "EADDRNOTAVAIL", "EINVAL", "EXDEV",
)  # fmt: skip


@pytest.mark.parametrize("name", USUAL)
@pytest.mark.skipif(os.name == "nt", reason="Windows has words of its own")
def test_usual_reason_is_told_in_the_readers_language_and_in_english_as_the_system_does(name: str) -> None:
    number = getattr(errno, name)
    reason = reason_of(OSError(number, os.strerror(number)))
    assert isinstance(reason, Sentence)
    assert reason == os.strerror(number) or sys.platform != "linux"
    assert in_hungarian(reason) not in (reason, "")


@pytest.mark.skipif(sys.platform != "linux", reason="other systems have other words for some")
def test_every_reason_that_is_known_has_the_words_that_the_system_has() -> None:
    own = {os.strerror(number) for number in errno.errorcode}
    reasons = {str(reason_of(OSError(number, os.strerror(number)))) for number in errno.errorcode}
    others = {reason for reason in reasons - own if not reason.startswith("system error ")}
    assert others == {"the stream is closed"}


@pytest.mark.parametrize(
    ("number", "words", "hungarian"),
    [
        (errno.EDOM, f"system error {errno.EDOM} (EDOM)", f"{errno.EDOM}. számú rendszerhiba (EDOM)"),
        (9999, "system error 9999 (OSError)", "9999. számú rendszerhiba (OSError)"),
    ],
)
@pytest.mark.parametrize("has_words", [True, False])
def test_reason_that_there_are_no_words_for_is_told_by_its_number(
    number: int, words: str, hungarian: str, *, has_words: bool
) -> None:
    reason = reason_of(OSError(number, os.strerror(number) if has_words else None))
    assert (reason, in_hungarian(reason)) == (words, hungarian)


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (OSError(errno.EACCES, "The file is in use by another program"), "The file is in use by another program"),
        (OSError(errno.ENOTBLK, "A library's own words"), "A library's own words"),
        (socket.gaierror(socket.EAI_NONAME, "Name or service not known"), "Name or service not known"),
        (PermissionError(errno.EACCES, None), "Permission denied"),
        (OSError("nothing but words"), "OSError"),
        (FileNotFoundError(), "FileNotFoundError"),
    ],
)
def test_reason_that_is_not_the_systems_stays_as_it_is(error: OSError, words: str) -> None:
    assert reason_of(error) == words
