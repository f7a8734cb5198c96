"""Why the system refused something, in words that can be translated: its own come in English, or in its language."""

import errno
from collections.abc import Mapping

from bokko_cli.model.wording import N_, Sentence

_REASONS: Mapping[int, Sentence] = {
    errno.EACCES: N_("Permission denied"),
    errno.EPERM: N_("Operation not permitted"),
    errno.ENOSPC: N_("No space left on device"),
    errno.EDQUOT: N_("Disk quota exceeded"),
    errno.EFBIG: N_("File too large"),
    errno.EROFS: N_("Read-only file system"),
    errno.EIO: N_("Input/output error"),
    errno.ENOENT: N_("No such file or directory"),
    errno.EEXIST: N_("File exists"),
    errno.EISDIR: N_("Is a directory"),
    errno.ENOTDIR: N_("Not a directory"),
    errno.ELOOP: N_("Too many levels of symbolic links"),
    errno.ENAMETOOLONG: N_("File name too long"),
    errno.EMFILE: N_("Too many open files"),
    errno.EBUSY: N_("Device or resource busy"),
    errno.ENOEXEC: N_("Exec format error"),
    errno.EBADF: N_("the stream is closed"),
    errno.EADDRINUSE: N_("Address already in use"),
}


def reason_of(error: OSError) -> str:
    """Return the reason that an error of the system gives; the name of its kind where it gives none."""
    known = _REASONS.get(error.errno or 0)
    # On Windows one number stands for several reasons, which only its own words tell apart.
    is_usual = known and error.strerror in (known, None)
    return known if known and is_usual else error.strerror or type(error).__name__
