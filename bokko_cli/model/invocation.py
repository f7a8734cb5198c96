"""The command line as a person must type it again: whole, with the options that this run was given."""

from typing import NamedTuple

from bokko_cli.model.wording import Whole


class Invocation(NamedTuple):
    """The options that every command named in a fix repeats; `profile` is `None` where none was typed."""

    profile: str | None = None
    sandbox: bool = False

    def command(self, *words: str) -> Whole:
        """Return a whole command: `bokko --sandbox --profile shop PROVIDER connect`."""
        sandbox = ("--sandbox",) if self.sandbox else ()
        profile = ("--profile", self.profile) if self.profile else ()
        return Whole(" ".join(("bokko", *sandbox, *profile, *words)))


BARE = Invocation()
"""For a run whose options are all the usual ones."""
