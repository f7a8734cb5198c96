"""How one command is run, according to its options; plain values."""

import os
from typing import NamedTuple

from bokko_cli.errors import InvalidValue
from bokko_cli.model.invocation import Invocation
from bokko_cli.model.values import PROFILE_NAME
from bokko_cli.model.wording import N_


class Globals(NamedTuple):
    """Options that stand before a command or after it."""

    profile: str | None = None
    sandbox: bool = False
    debug: bool = False

    def merged(self, profile: str | None, *, sandbox: bool, debug: bool) -> "Globals":
        """Return these with what was given nearer to the command."""
        return Globals(self.profile if profile is None else profile, self.sandbox or sandbox, self.debug or debug)

    @property
    def invocation(self) -> Invocation:
        """What a fix's commands repeat; a profile of the environment goes without saying."""
        return Invocation(self.profile, self.sandbox)


class Run(NamedTuple):
    """How one command runs: whether it may ask, and whether it may write."""

    options: Globals
    as_json: bool = False
    may_ask: bool = False
    is_dry_run: bool = False
    must_answer: bool = False
    """Whether the command is for its answer alone, and fails if that cannot be written."""

    looking_again: str = ""
    """The command that shows what this one has saved, where it has an answer about that."""

    is_diagnostic: bool = False
    """Whether what the environment says of profile and folder may be unusable."""

    @property
    def profile(self) -> str:
        """The profile's name; raises InvalidValue for one that could be a path."""
        given = self.options.profile
        name = (os.environ.get("BOKKO_PROFILE") or "default") if given is None else given
        if not PROFILE_NAME.fullmatch(name):
            if self.is_diagnostic and given is None:
                return "default"
            raise InvalidValue(
                N_(
                    "A profile's name has up to 32 lower-case letters, digits, - and _, "
                    "and begins with a letter or digit."
                ),
                fix=N_("Choose another name with --profile or BOKKO_PROFILE."),
            )
        return name
