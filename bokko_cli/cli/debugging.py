"""What `--debug` shows: versions and paths, requests, files and keyring, and where an unforeseen error came from.

Never the text of a foreign exception: libraries quote headers, bodies and keys in theirs.
"""

import logging
import os
import platform
import sys
from collections.abc import Iterator
from contextlib import suppress
from functools import partial
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from traceback import extract_tb
from typing import TextIO

from bokko_cli import __version__
from bokko_cli.errors import BokkoError
from bokko_cli.model.text import shown_lines
from bokko_cli.store.folders import config_folder, keyring_lock

_LIBRARIES = ("httpx", "httpx-retries", "keyring", "platformdirs", "prompt-toolkit", "questionary", "rich", "typer")
_TOUCHED = {"open": "opened", "os.remove": "removed", "os.mkdir": "made", "os.chmod": "chmod"}
"""What Python tells of files, https://docs.python.org/3/library/audit_events.html, and how it is called here."""

log = logging.getLogger("bokko.run")


class DebugJournal:
    """Writes the log."""

    def begin(self) -> None:
        """Log versions, paths and which variables are set, and from here on files, requests and keyring."""
        _log_to_standard_error()
        with suppress(BokkoError, OSError, RuntimeError):  # whatever needs the folder reports it
            folder = config_folder(os.environ)
            _log_surroundings({"settings": folder, "locks": keyring_lock(folder).parent})

    def ends_with(self, error: BokkoError) -> None:
        """Log its kind."""
        log.debug("ends with %s (%s), exit code %d", type(error).__name__, error.code, error.exit_code)

    def breaks_on(self, error: BaseException) -> None:
        """Print places and kinds, and no text but that of our own errors."""
        sys.stderr.write(shown_lines("".join(f"{line}\n" for line in frames(error))))
        sys.stderr.flush()


def _log_to_standard_error() -> None:
    """Show the program's own log lines, harmlessly, and none of the libraries'."""
    handler = _Silent(sys.stderr)
    handler.setFormatter(_Harmless("%(relativeCreated)6d ms  %(name)s: %(message)s"))
    logger = logging.getLogger("bokko")
    logger.addHandler(handler)
    logger.setLevel(logging.DEBUG)
    logger.propagate = False


class _Silent(logging.StreamHandler[TextIO]):
    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - the library's name
        """Lose a line that cannot be written: Python's own report would quote the foreign exception."""


class _Harmless(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        return shown_lines(super().format(record))


def _log_surroundings(folders: dict[str, Path]) -> None:
    """Log versions, paths and which variables are set, never what they hold; from here on the files below as well."""
    log.debug("bokko %s, Python %s, %s", __version__, platform.python_version(), platform.platform())
    log.debug("with %s", ", ".join(_versions()))
    log.debug("run by %s, installed in %s", sys.executable, Path(__file__).parents[1])
    for name, folder in folders.items():
        log.debug("%s: %s", name, folder)
    log.debug("set in the environment: %s", ", ".join(_set_variables()) or "nothing that matters")
    sys.addaudithook(partial(_log_file, tuple(map(str, folders.values()))))


def _versions() -> Iterator[str]:
    for library in _LIBRARIES:
        try:
            yield f"{library} {version(library)}"
        except PackageNotFoundError:
            yield f"{library} of unknown version"


def _set_variables() -> list[str]:
    others = {"HOME", "TERM", "COLUMNS", "LANG", "NO_COLOR", "FORCE_COLOR", "SSL_CERT_FILE", "SSL_CERT_DIR"}
    others |= {"SSLKEYLOGFILE", "PYTHON_KEYRING_BACKEND", "DBUS_SESSION_BUS_ADDRESS", "XDG_CONFIG_HOME"}
    ours = ("BOKKO_", "LC_")
    return sorted(
        name
        for name, value in os.environ.items()
        if value and (name in others or name.startswith(ours) or name.lower().endswith("_proxy"))
    )


def _log_file(folders: tuple[str, ...], event: str, details: tuple[object, ...]) -> None:
    if event not in _TOUCHED and event != "os.rename":
        return
    paths = [os.fsdecode(part) for part in details if isinstance(part, str | bytes | os.PathLike)]
    if not any(path.startswith(folders) for path in paths):
        return
    if event == "os.rename":
        log.debug("file %s replaced by %s", paths[-1], Path(paths[0]).name)
    elif event == "open":
        log.debug("file %s %s", paths[0], "opened to write" if _writes(details) else "read")
    else:
        log.debug("file %s %s", paths[0], _TOUCHED[event])


def _writes(details: tuple[object, ...]) -> bool:
    flags = details[2] if len(details) > 2 and isinstance(details[2], int) else 0  # noqa: PLR2004 - path, mode, flags
    return bool(flags & (os.O_WRONLY | os.O_RDWR))


def frames(error: BaseException) -> Iterator[str]:
    """Yield the lines of a traceback without source lines and without the words of foreign exceptions."""
    for position, link in enumerate(_chain(error)):
        if position:
            yield "which led to:"
        yield "Traceback (most recent call last):"
        for frame in extract_tb(link.__traceback__):
            yield f'  File "{frame.filename}", line {frame.lineno}, in {frame.name}'
        kind = type(link)
        name = kind.__qualname__ if kind.__module__ == "builtins" else f"{kind.__module__}.{kind.__qualname__}"
        yield f"{name}: {link.message}" if isinstance(link, BokkoError) else name


def _chain(error: BaseException) -> list[BaseException]:
    """Return the exceptions that led to one, the first of them first; a circle ends where it began."""
    chain: list[BaseException] = []
    link: BaseException | None = error
    while link is not None and link not in chain:
        chain.append(link)
        link = link.__cause__ or (None if link.__suppress_context__ else link.__context__)
    return chain[::-1]
