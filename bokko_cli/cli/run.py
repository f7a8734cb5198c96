"""How one command is run, as its options say; plain values."""

import os
import re
from typing import NamedTuple

from bokko_cli.errors import InvalidValue

_PROFILE = re.compile(r"[a-z0-9][a-z0-9_-]{0,31}")
_COMMAND = re.compile(r"\bbokko (?=(?:billingo|szamlazz|integrations|doctor)\b)")


class Globals(NamedTuple):
    """Options that stand before a command or after it."""

    profile: str | None = None
    sandbox: bool = False
    debug: bool = False

    def merged(self, profile: str | None, *, sandbox: bool, debug: bool) -> "Globals":
        """Return these with what was given nearer to the command."""
        return Globals(self.profile if profile is None else profile, self.sandbox or sandbox, self.debug or debug)


class Run(NamedTuple):
    """How one command runs: for whom, whether it may ask, and whether it may write."""

    options: Globals
    provider: str = "billingo"
    as_json: bool = False
    may_ask: bool = False
    is_dry_run: bool = False
    must_answer: bool = False
    """Whether the command is for its answer alone, and fails if that cannot be written."""

    @property
    def profile(self) -> str:
        """The profile's name; raises InvalidValue for one that could be a path."""
        given = self.options.profile
        name = (os.environ.get("BOKKO_PROFILE") or "default") if given is None else given
        if not _PROFILE.fullmatch(name):
            raise InvalidValue(
                "A profile's name has up to 32 lower-case letters, digits, - and _, and begins with a letter or digit.",
                fix="Give another --profile or BOKKO_PROFILE.",
            )
        return name

    def addressed(self, text: str) -> str:
        """Return a text whose commands repeat the options that this run needs."""
        repeated = "--sandbox " if self.options.sandbox else ""
        repeated += f"--profile {self.options.profile} " if self.options.profile else ""
        return _COMMAND.sub(f"bokko {repeated}", text)
