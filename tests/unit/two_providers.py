"""Both providers in one profile, in memory but for the settings file: what switching between them needs."""

import tomllib
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from bokko_cli.commands import activate, connect, integrations
from bokko_cli.context import Context, Scope
from bokko_cli.errors import BokkoError, ExitCode
from bokko_cli.model.values import Organization, Status
from bokko_cli.prompter.base import NoPrompter, Prompter
from bokko_cli.providers.billingo.fields import SPEC as BILLINGO
from bokko_cli.providers.szamlazz.fields import SPEC as SZAMLAZZ
from tests.fakes import CHOSEN, KEY, MemoryProvider, RecordingOutput, Script, World

AGENT_KEY = "4gent" * 8 + "42"
Flags = Mapping[str, str | bool | None]
SPECS = {spec.provider: spec for spec in (BILLINGO, SZAMLAZZ)}
ACCOUNT = "11773016-11111018"
COMMON: Flags = {
    "default_vat_rate": "27", "default_payment_method": "card", "tax_number": "13421739-2-41",
    "invoice_capable": True, "accepts_business_clients": False,
}  # fmt: skip
TYPED: Flags = {
    "invoice_prefix": "BK", "bank_name": "OTP", "bank_account_number": ACCOUNT,
}  # fmt: skip


@dataclass
class Side(World):
    """One provider of the two; `meanwhile` happens once, after the warning and before the save."""

    meanwhile: Callable[[], object] | None = None

    def context(self, prompter: Prompter) -> Context:
        return super().context(prompter)._replace(specs=SPECS, clock=self._clock)

    def _clock(self) -> datetime:
        happens, self.meanwhile = self.meanwhile, None
        if happens:
            happens()
        return self.now

    @property
    def flags(self) -> Flags:
        """Flags for every question."""
        return {**COMMON, **(CHOSEN if self.spec is BILLINGO else TYPED)}

    def run(self, command: Callable[[Scope], ExitCode], *script: Script) -> ExitCode:
        """Run a command with a person if there is a script; return its exit code, kept in `error` what it raised."""
        person = self.person = self.new_person(*script)
        self.error: BokkoError | None = None
        try:
            return command(self.scope(person.prompter(self.output) if script else NoPrompter()))
        except BokkoError as error:
            self.error = error
            return error.exit_code
        finally:
            assert self.provider.open_now == 0
            assert not person.left, f"never asked: {person.left}"

    def try_to_connect(self, *script: Script, yes: bool = False) -> ExitCode:
        return self.connect_with(self.flags, *script, yes=yes)

    def connect_with(self, settings: Flags, *script: Script, yes: bool = False) -> ExitCode:
        """Connect with these flags alone, and the key on standard input."""
        self.standard_input = self.standard_input or self.provider.key
        options = connect.Options(settings, api_key_stdin=True, yes=yes)
        return self.run(lambda scope: connect.run(scope, options), *script)

    def try_to_activate(self, *script: Script, yes: bool = False) -> ExitCode:
        return self.run(lambda scope: activate.run(scope, activate.Options(yes=yes)), *script)

    def kept(self) -> object:
        """Return everything stored of this provider: its settings and its secrets."""
        secrets = {storage: dict(place.kept) for storage, place in self.secrets.items()}
        return written(self.settings).get(self.spec.provider), secrets


@dataclass
class Office:
    """A profile with both providers, and a way to refuse to write its settings."""

    folder: Path
    sides: dict[str, Side] = field(default_factory=dict)

    def __post_init__(self) -> None:
        agent = MemoryProvider(key=AGENT_KEY, organization=Organization(), choices={})
        billingo = MemoryProvider(key=KEY)
        self.sides = {
            "billingo": Side(self.folder, provider=billingo, spec=BILLINGO),
            "szamlazz": Side(self.folder, provider=agent, spec=SZAMLAZZ),
        }

    def other(self, side: Side) -> Side:
        return next(other for other in self.sides.values() if other is not side)

    def active(self) -> str | None:
        """Return who is active, by what is written and by what each side shows."""
        active = written(self.folder / "default.toml").get("active_provider")
        pages = self.page()
        assert [page.provider for page in pages if page.state == "ready"] == ([active] if active else [])
        return str(active) if active else None

    def page(self) -> list[Status]:
        """Return what `integrations` shows."""
        output = RecordingOutput()
        one = self.sides["billingo"].context(NoPrompter())
        places = {provider: side.secrets for provider, side in self.sides.items()}
        context = one._replace(output=output, open_secrets=lambda spec, _, storage: places[spec.provider][storage])
        integrations.run(context, integrations.Options())
        return output.statuses

    def deactivate_by_hand(self) -> None:
        path = self.folder / "default.toml"
        lines = path.read_text("utf-8").splitlines(keepends=True)
        path.write_text("".join(line for line in lines if not line.startswith("active_provider")), "utf-8")

    def refuse_writes(self) -> None:
        """Make every change of the settings file fail, for root too: the new text finds a folder in its way."""
        (self.folder / ".default.toml.new").mkdir(parents=True)

    def allow_writes(self) -> None:
        with suppress(FileNotFoundError):
            (self.folder / ".default.toml.new").rmdir()


def written(path: Path) -> dict[str, Any]:
    return tomllib.loads(path.read_text("utf-8")) if path.exists() else {}
