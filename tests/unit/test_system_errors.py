"""Why the system refused something, in words that a catalog can translate."""

import errno
import os

import pytest

from bokko_cli.model.system_errors import reason_of
from bokko_cli.model.wording import Sentence


@pytest.mark.parametrize(
    "number",
    [errno.EACCES, errno.ENOSPC, errno.EROFS, errno.EISDIR, errno.ENOTDIR, errno.ENOENT, errno.ELOOP, errno.EADDRINUSE],
)
@pytest.mark.skipif(os.name == "nt", reason="Windows has words of its own")
def test_usual_reason_can_be_translated_and_is_the_systems_own_in_english(number: int) -> None:
    reason = reason_of(OSError(number, os.strerror(number)))
    assert isinstance(reason, Sentence)
    assert reason == os.strerror(number)


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (OSError(errno.EACCES, "The file is in use by another program"), "The file is in use by another program"),
        (OSError(errno.ENOTBLK, "Block device required"), "Block device required"),
        (PermissionError(errno.EACCES, None), "Permission denied"),
        (OSError("nothing but words"), "OSError"),
        (FileNotFoundError(), "FileNotFoundError"),
    ],
)
def test_other_reason_stays_as_the_system_says_it(error: OSError, words: str) -> None:
    assert reason_of(error) == words
