"""Everything a command may touch, handed in; the costly things as functions that open them."""

from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from bokko_cli.deadline import Deadline
from bokko_cli.model.apikey import ApiKey
from bokko_cli.model.spec import Spec
from bokko_cli.model.values import Storage
from bokko_cli.output.base import Output
from bokko_cli.prompter.base import Prompter
from bokko_cli.providers.base import Provider
from bokko_cli.store.profile import Profile, load
from bokko_cli.store.secrets import SecretStore


class Context(NamedTuple):
    """One run of one command; `specs` are all providers', `spec` the one it is about."""

    environ: Mapping[str, str]
    folder: Path
    profile_name: str
    spec: Spec
    specs: Mapping[str, Spec]
    sandbox_url: Callable[[], str] | None
    """Starts the embedded sandbox and gives its address; `None` when the command is for real."""
    output: Output
    clock: Callable[[], datetime]
    deadline: Deadline
    prompter: Prompter
    open_provider: Callable[[str, ApiKey, Callable[[str], None]], Provider]
    """Takes the endpoint, the key and a function that is told of waiting."""
    warm_up: Callable[[str], None]
    """Takes the endpoint; loads, while a person types, what asking the provider will need."""
    open_secrets: Callable[[Storage], SecretStore]
    read_first_line: Callable[[], str]
    """Reads the first line of standard input."""
    addressed: Callable[[str], str] = str
    """Adds to a command in a text the options that it must repeat."""

    @property
    def is_sandbox(self) -> bool:
        """Whether nothing real may be touched."""
        return self.sandbox_url is not None

    @property
    def storages(self) -> tuple[Storage, ...]:
        """Where a secret may be kept, the usual place first; the sandbox never touches the keyring."""
        return ("file", "env") if self.is_sandbox else ("keyring", "file", "env")

    def load(self) -> Profile:
        """Read the settings; raises SettingsUnreadable."""
        return load(self.folder, self.profile_name)

    def title_of(self, provider: str) -> str:
        """Return a provider's name for people."""
        return self.specs[provider].title if provider in self.specs else provider
