"""Everything a command may touch, handed in; the costly things as functions that open them."""

from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from bokko_cli.deadline import Deadline
from bokko_cli.model.invocation import Invocation
from bokko_cli.model.spec import Spec
from bokko_cli.model.values import Storage
from bokko_cli.output.base import Output
from bokko_cli.prompter.base import Prompter
from bokko_cli.providers.base import OpenProvider
from bokko_cli.providers.rehearsing import OpenRehearsal
from bokko_cli.store.base import SecretStore
from bokko_cli.store.profile import Profile, load

OpenSecrets = Callable[[Spec, str, Storage], SecretStore]
"""Takes the profile's name too."""


class Context(NamedTuple):
    """One run of one command; `at` gives the part that belongs to one connection."""

    environ: Mapping[str, str]
    folder: Path
    profile_name: str
    """The profile that this run is about, where a command does not go through all of them."""
    invocation: Invocation
    """Builds the commands that a fix names."""
    specs: Mapping[str, Spec]
    output: Output
    prompter: Prompter
    clock: Callable[[], datetime]
    deadline: Deadline
    sandbox_url: Callable[[Spec], str] | None
    """Starts the embedded sandbox and gives a provider's address there; `None` when the command is for real."""
    opener: Callable[[Spec, Deadline], OpenProvider]
    """Gives what opens a provider; nothing of the provider is loaded before it is opened."""
    rehearsal_opener: Callable[[Spec, Deadline], OpenRehearsal]
    """The same for a rehearsal, of a provider that has one."""
    warm_up: Callable[[Spec, str], None]
    """Takes the endpoint; loads, while a person types, what asking the provider will need."""
    open_secrets: OpenSecrets
    read_first_line: Callable[[], str]
    """Reads the first line of standard input."""

    @property
    def is_sandbox(self) -> bool:
        """Whether nothing real may be touched."""
        return self.sandbox_url is not None

    def at(self, provider: str, profile: str | None = None) -> "Scope":
        """Return the part that belongs to one connection.

        Without a profile it is this run's, and shares its deadline; one of several profiles has a deadline of its own.
        """
        name = self.profile_name if profile is None else profile
        named = self.invocation if name == self.profile_name else self.invocation._replace(profile=name)
        deadline = self.deadline if profile is None else Deadline()
        spec = self.specs[provider]
        opener = self.opener(spec, deadline)
        return Scope(self, spec.within(named), name, deadline, opener, self.output, self.open_secrets)


class Scope(NamedTuple):
    """One connection, of one provider in one profile, whether it is there yet or not; `run` is all round it."""

    run: Context
    spec: Spec
    profile_name: str
    deadline: Deadline
    open_provider: OpenProvider
    output: Output
    """What is said and shown: the run's, or one that says less where many connections are looked at."""
    open_storage: OpenSecrets
    """The same of what opens a place for secrets."""

    @property
    def prompter(self) -> Prompter:
        """Who answers."""
        return self.run.prompter

    @property
    def environ(self) -> Mapping[str, str]:
        """The environment's variables."""
        return self.run.environ

    @property
    def clock(self) -> Callable[[], datetime]:
        """Gives the time, in UTC."""
        return self.run.clock

    @property
    def folder(self) -> Path:
        """Where the settings are."""
        return self.run.folder

    @property
    def is_sandbox(self) -> bool:
        """Whether nothing real may be touched."""
        return self.run.is_sandbox

    @property
    def sandbox_url(self) -> str | None:
        """The embedded sandbox's address for this provider, which starts it; `None` when the command is for real."""
        return self.run.sandbox_url(self.spec) if self.run.sandbox_url else None

    @property
    def storages(self) -> tuple[Storage, ...]:
        """Where a secret may be kept, the usual place first; the sandbox never touches the keyring."""
        return ("file", "env") if self.is_sandbox else ("keyring", "file", "env")

    @property
    def open_rehearsal(self) -> OpenRehearsal:
        """Open the provider for a rehearsal."""
        return self.run.rehearsal_opener(self.spec, self.deadline)

    def load(self) -> Profile:
        """Read the settings; raises SettingsUnreadable."""
        return load(self.folder, self.profile_name)

    def open_secrets(self, storage: Storage) -> SecretStore:
        """Return the two slots of this connection in a storage."""
        return self.open_storage(self.spec, self.profile_name, storage)

    def warm_up(self, endpoint: str) -> None:
        """Load, while a person types, what asking the provider will need."""
        self.run.warm_up(self.spec, endpoint)

    def command(self, *words: str) -> str:
        """Return a whole command about this provider: `command("connect")` is `bokko PROVIDER connect`."""
        return self.spec.command(*words)

    def title_of(self, provider: str) -> str:
        """Return a provider's name for people."""
        specs = self.run.specs
        return specs[provider].title if provider in specs else provider
