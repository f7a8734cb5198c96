"""Why the system refused something, in words that can be translated: its own come in English, or in its language."""

import errno
import os
from collections.abc import Mapping

from bokko_cli.model.wording import N_, Sentence

_REASONS: Mapping[str, Sentence] = {
    # What files and folders give.
    "EACCES": N_("Permission denied"),
    "EPERM": N_("Operation not permitted"),
    "ENOSPC": N_("No space left on device"),
    "EDQUOT": N_("Disk quota exceeded"),
    "EFBIG": N_("File too large"),
    "EROFS": N_("Read-only file system"),
    "EIO": N_("Input/output error"),
    "ENOENT": N_("No such file or directory"),
    "EEXIST": N_("File exists"),
    "EISDIR": N_("Is a directory"),
    "ENOTDIR": N_("Not a directory"),
    "ENOTEMPTY": N_("Directory not empty"),
    "ELOOP": N_("Too many levels of symbolic links"),
    "EMLINK": N_("Too many links"),
    "EXDEV": N_("Invalid cross-device link"),
    "ENAMETOOLONG": N_("File name too long"),
    "EILSEQ": N_("Invalid or incomplete multibyte or wide character"),
    "EINVAL": N_("Invalid argument"),
    "EMFILE": N_("Too many open files"),
    "ENFILE": N_("Too many open files in system"),
    "ENOMEM": N_("Cannot allocate memory"),
    "EAGAIN": N_("Resource temporarily unavailable"),
    "EBADF": N_("the stream is closed"),
    "EPIPE": N_("Broken pipe"),
    # What devices, mounts and network drives give.
    "EBUSY": N_("Device or resource busy"),
    "ENODEV": N_("No such device"),
    "ENXIO": N_("No such device or address"),
    "ENOMEDIUM": N_("No medium found"),
    "EUCLEAN": N_("Structure needs cleaning"),
    "EBADMSG": N_("Bad message"),
    "ENOKEY": N_("Required key not available"),
    "ESTALE": N_("Stale file handle"),
    "EREMOTEIO": N_("Remote I/O error"),
    "ENOTCONN": N_("Transport endpoint is not connected"),
    "ESHUTDOWN": N_("Cannot send after transport endpoint shutdown"),
    "EHOSTDOWN": N_("Host is down"),
    "ETIMEDOUT": N_("Connection timed out"),
    "ENOLCK": N_("No locks available"),
    "EDEADLK": N_("Resource deadlock avoided"),
    "ENOSYS": N_("Function not implemented"),
    "ENOTSUP": N_("Operation not supported"),
    "EOPNOTSUPP": N_("Operation not supported"),
    # What programs and addresses give.
    "ENOEXEC": N_("Exec format error"),
    "ETXTBSY": N_("Text file busy"),
    "E2BIG": N_("Argument list too long"),
    "EADDRINUSE": N_("Address already in use"),
    "EADDRNOTAVAIL": N_("Cannot assign requested address"),
    "EAFNOSUPPORT": N_("Address family not supported by protocol"),
    "ENETDOWN": N_("Network is down"),
    "ENOBUFS": N_("No buffer space available"),
}
"""By the names that Python knows on some system or another."""


def reason_of(error: OSError) -> str:
    """Return the reason that an error of the system gives; the name of its kind where it gives none.

    One that there are no words for is given by its number and name, and not in a language of the system's choice.
    """
    number = error.errno or 0
    name = errno.errorcode.get(number, "")
    known = _REASONS.get(name)
    # On Windows one number stands for several reasons, which only its own words tell apart, as a library's do.
    if not number or error.strerror not in (None, known, os.strerror(number)):
        return error.strerror or type(error).__name__
    return known or N_("system error {number} ({name})", number=number, name=name or type(error).__name__)
