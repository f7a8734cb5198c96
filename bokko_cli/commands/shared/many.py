"""What changes when a command goes through many connections: nothing spins, nothing is said or asked twice."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Lock

from bokko_cli.context import Context, OpenSecrets, Scope
from bokko_cli.errors import KeyringUnavailable
from bokko_cli.model.apikey import ApiKey
from bokko_cli.model.spec import Spec
from bokko_cli.model.values import Slot, Storage
from bokko_cli.output.base import Output
from bokko_cli.store.base import SecretStore

At = Callable[[str, str], Scope]
"""Takes provider and profile."""


def one_of_many(ctx: Context) -> At:
    """Return what gives the connections of a run that may be looked at side by side."""
    output, open_storage = QuietOutput(ctx.output), _Keyring(ctx.open_secrets).open
    return lambda provider, profile: ctx.at(provider, profile)._replace(output=output, open_storage=open_storage)


class QuietOutput:
    """An output for many at once: each warning is said once, and what one of them waits for is not said at all."""

    def __init__(self, inner: Output) -> None:
        self._inner = inner
        self._warned: set[str] = set()
        self._one_at_a_time = Lock()
        self.report, self.end_with, self.answer = inner.report, inner.end_with, inner.answer
        self.report_before_asking = inner.report_before_asking
        self.show, self.show_all, self.show_rows = inner.show, inner.show_all, inner.show_rows
        self.found, self.show_diagnosis = inner.found, inner.show_diagnosis
        self.show_profiles, self.show_connections = inner.show_profiles, inner.show_connections
        self.step, self.counted, self.explain = inner.step, inner.counted, inner.explain
        self.give = inner.give

    def say(self, text: str = "") -> None:
        """Say nothing."""

    def warn(self, text: str) -> None:
        """Say a warning, the first time."""
        with self._one_at_a_time:
            if text not in self._warned:
                self._warned.add(text)
                self._inner.warn(text)

    @contextmanager
    def busy(self, text: str) -> Iterator[Callable[[str], None]]:  # noqa: ARG002 - nothing spins
        """Show nothing."""
        yield self.say


@dataclass
class _Keyring:
    """The keyring that all connections share: where it failed for one, it is not asked again for the next."""

    inner: OpenSecrets
    failures: list[KeyringUnavailable] = field(default_factory=list)

    def open(self, spec: Spec, profile: str, storage: Storage) -> SecretStore:
        store = self.inner(spec, profile, storage)
        return _Slots(store, self.failures) if storage == "keyring" else store


class _Slots:
    """The two slots of one connection in that keyring."""

    def __init__(self, inner: SecretStore, failures: list[KeyringUnavailable]) -> None:
        self._inner = inner
        self._failures = failures
        self.probe, self.write, self.delete, self.entry = inner.probe, inner.write, inner.delete, inner.entry

    def read(self, slot: Slot) -> ApiKey | None:
        if self._failures:
            raise self._failures[0]
        try:
            return self._inner.read(slot)
        except KeyringUnavailable as failure:
            self._failures.append(failure)
            raise
