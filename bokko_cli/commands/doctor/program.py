"""Which program this is, on what it runs, and whether the system gives it what it needs."""

import json
import platform
import sys
import threading
from collections.abc import Iterator
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

from bokko_cli import __version__
from bokko_cli.model.public_findings import version, well, wrong
from bokko_cli.model.values import Item
from bokko_cli.model.wording import N_, Sentence


def items() -> Iterator[Item]:
    """Look at the program, the interpreter, the system, and whether threads can be started."""
    yield well("program", "version", N_("bokko {version}", version=version(__version__)))
    yield well("program", "python", N_("Python {version}", version=version(platform.python_version())))
    yield well(
        "program",
        "system",
        N_(
            "{system} {release}, {machine}",
            system=version(platform.system()),
            release=version(platform.release()),
            machine=version(platform.machine()),
        ),
    )
    yield well("program", "installed", how_installed(_distribution(), Path(sys.prefix)))
    yield threads()


def how_installed(found: Distribution | None, prefix: Path) -> Sentence:
    """Say which tool put the program there; nothing of where."""
    if found is None:
        return N_("Run from its source, not installed.")
    if _is_editable(found):
        return N_("Installed from a working copy (editable).")
    if "pipx" in prefix.parts:
        return N_("Installed by pipx.")
    if prefix.parent.parts[-2:] == ("uv", "tools"):
        return N_("Installed by uv, as a tool.")
    installer = (found.read_text("INSTALLER") or "").strip()
    if installer in {"pip", "uv"}:
        return N_("Installed by {installer}.", installer=version(installer))
    return N_("Installed by another tool, perhaps the system's own.")


def threads() -> Item:
    """Look whether one more thread can be started: requests and the keyring need some."""
    try:
        thread = threading.Thread(target=bool, daemon=True)
        thread.start()
    except RuntimeError:
        return wrong(
            "program",
            "threads",
            N_("The system does not let bokko start a thread; requests and the keyring need threads."),
            N_("Raise the limit on processes (ulimit -u, or pids.max of the container)."),
        )
    thread.join()
    return well("program", "threads", N_("Threads can be started."))


def _distribution() -> Distribution | None:
    try:
        return distribution("bokko")
    except PackageNotFoundError:
        return None


def _is_editable(found: Distribution) -> bool:
    """Whether it runs from where it is written: https://packaging.python.org/en/latest/specifications/direct-url/."""
    try:
        origin = json.loads(found.read_text("direct_url.json") or "{}")
    except ValueError:
        return False
    return isinstance(origin, dict) and bool((origin.get("dir_info") or {}).get("editable"))
