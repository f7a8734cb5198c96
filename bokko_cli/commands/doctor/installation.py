"""What the probes look at, and how they call it in public."""

from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from bokko_cli.model import public_findings
from bokko_cli.model.invocation import Invocation
from bokko_cli.model.public_findings import Harmless
from bokko_cli.model.spec import Spec

_FOLDERS = ("BOKKO_CONFIG_DIR", "XDG_CONFIG_HOME", "XDG_STATE_HOME", "APPDATA", "LOCALAPPDATA")
"""Variables whose value may be the start of a path; their name stands for it."""


class Installation(NamedTuple):
    """One machine and the settings of one person; `homes` are the home folder by each of its paths."""

    environ: Mapping[str, str]
    folder: Path
    specs: Mapping[str, Spec]
    homes: tuple[Path, ...] = ()
    is_sandbox: bool = False

    def place(self, path: Path) -> Harmless:
        """Name a path without saying whose home it is in, or what a variable holds."""
        variables = {f"${name}": self.environ.get(name, "") for name in _FOLDERS}
        for home in self.homes:
            if path.is_relative_to(home):
                return public_findings.place(path, {"~": str(home)})
        return public_findings.place(path, variables)

    def command(self, profile: str, *words: str) -> Harmless:
        """Return a command about a profile, whole."""
        named = None if profile == "default" else profile
        return public_findings.command(Invocation(named, self.is_sandbox).command(*words))


def homes_of() -> tuple[Path, ...]:
    """Return the paths of the home folder, as it is named and as it really is; none where there is no home."""
    try:
        home = Path.home()
        return (home, home.resolve())
    except (RuntimeError, OSError):
        return ()
