"""Plain values that every part speaks of.

Tuples with names and not dataclasses, here and where `status` passes: to define one costs an eighth, which adds up to
more than the interpreter's own start.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Literal, NamedTuple

from bokko_cli.errors import BokkoError
from bokko_cli.model.text import bare_number
from bokko_cli.model.wording import Sentence

Storage = Literal["keyring", "file", "env"]
Slot = Literal["a", "b"]
STORAGES: tuple[Storage, ...] = ("keyring", "file", "env")
SLOTS: tuple[Slot, ...] = ("a", "b")
DRAFT_REVIEW = "draft_review"
ORGANIZATION = "organization"
"""What the first part of a survey is called."""
PROFILE_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,31}")
"""What a profile may be called: nothing that could be a path."""


class Block(NamedTuple):
    """A document block: the series that an invoice is numbered in. Names are the provider's own, uncleaned."""

    id: int
    name: str
    prefix: str


class BankAccount(NamedTuple):
    """A bank account; `number` may be an IBAN, `id` and `currency` are `None` where a person typed it."""

    id: int | None
    name: str
    number: str
    currency: str | None
    iban: str = ""
    """What else it is found by, as the provider lists it; never stored."""


Row = Block | BankAccount
Value = Row | str | bool | None
Settings = Mapping[str, Value]
"""What a person chose, by the names of the provider's spec."""
Content = Mapping[str, object]
"""What stands in a TOML file of ours; in a change of it, `None` takes a key out."""


class Organization(NamedTuple):
    """Whose account a key belongs to; `None` where the provider does not say."""

    tax_code: str | None = None
    subscription_until: date | None = None
    has_nav_connection: bool | None = None
    has_plan: bool | None = None
    """Whether the subscription names a plan beside its add-ons; an add-on alone may leave drafts out."""


class WriteAccess(NamedTuple):
    """Whether a key may write, `None` where that was not found out, and what happened besides that must be told."""

    can_write: bool | None = None
    news: str = ""


class Account(NamedTuple):
    """What a verified key gives access to: its organisation, and for each listed setting the rows to pick from."""

    organization: Organization
    choices: Mapping[str, tuple[Row, ...]]
    can_write: bool | None = None
    """Whether the key may write; `None` where it could not be found out, or was not asked."""

    def as_survey(self) -> "Survey":
        """Return it as what is left of a survey without failures."""
        return Survey(self.organization, self.choices)


class Survey(NamedTuple):
    """The same, each part by itself: what the provider said, or why it could not be known."""

    organization: Organization | BokkoError
    choices: Mapping[str, tuple[Row, ...] | BokkoError]
    seconds: Mapping[str, float] = {}
    """How long each part took, by the names of the choices and `ORGANIZATION`; what never came back is not in it."""
    write_access: WriteAccess = WriteAccess()
    """What was found out about writing, where that was asked for."""

    def failures(self) -> list[BokkoError]:
        """Every part that could not be known, the organisation's first."""
        return [part for part in (self.organization, *self.choices.values()) if isinstance(part, BokkoError)]


class KeyPlace(NamedTuple):
    """Where a secret is kept, and what is known of it; `slot` is `None` when nothing is kept (`env`)."""

    storage: Storage
    slot: Slot | None
    hint: str | None
    can_write: bool | None = None
    """Whether the key may write; `None` where it could not be found out."""

    @property
    def place(self) -> tuple[Storage, Slot | None]:
        """The place alone: two connections with the same one have the same key."""
        return self.storage, self.slot


Proven = Literal["passed", "failed"]
"""What is kept of a rehearsal: one that told nothing leaves what was known."""


class Rehearsal(NamedTuple):
    """How the last rehearsal with this key and these settings ended; `code` says why it failed."""

    at: datetime
    outcome: Proven
    code: str | None = None


class Connection(NamedTuple):
    """One connected provider as the settings file tells it; times are UTC."""

    connected_at: datetime
    verified_at: datetime
    endpoint: str
    account_tax_code: str | None
    invoice_mode: str
    settings: Settings
    key: KeyPlace
    subscription_until: date | None = None
    subscription_has_plan: bool | None = None
    rehearsal: Rehearsal | None = None
    """`None` if there was none since key or settings changed."""

    def with_news(self, organization: Organization) -> "Connection":
        """Return the connection with what the organisation says of its subscription; what it does not say stays."""
        return self._replace(
            subscription_until=organization.subscription_until or self.subscription_until,
            subscription_has_plan=self.subscription_has_plan
            if organization.has_plan is None
            else organization.has_plan,
        )


class Remnants(NamedTuple):
    """What can be read of a connection, complete or not: where the next connect begins."""

    settings: Settings
    account_tax_code: str | None = None
    endpoint: str | None = None
    key: KeyPlace | None = None
    connected_at: datetime | None = None

    def is_of_another(self, organization: Organization) -> bool:
        """Whether both tax codes are known and differ."""
        known = self.account_tax_code and organization.tax_code
        return bool(known) and bare_number(self.account_tax_code or "") != bare_number(organization.tax_code or "")


class Problem(NamedTuple):
    """One thing that is wrong: a code of the contract, `error` or `warning`, a sentence and what to do."""

    code: str
    level: Literal["error", "warning"]
    message: str
    fix: str


class Status(NamedTuple):
    """Everything that the panel and the JSON document show of one provider."""

    provider: str
    profile: str
    active_provider: str | None
    connection: Connection | None
    state: Literal["ready", "attention", "inactive", "not_connected"]
    key_source: Storage | None = None
    problems: tuple[Problem, ...] = ()
    checked_at: datetime | None = None
    is_dry_run: bool = False
    settings_file: Path | None = None
    """Where the connection is written down; `None` without one."""
    next_step: str = ""
    """The command that goes on from here, whole."""


class Overview(NamedTuple):
    """One profile by its settings alone: who is active, and the state of each provider by name."""

    profile: str
    active_provider: str | None
    states: Mapping[str, str]
    settings_file: Path


class Unread(NamedTuple):
    """One profile that nothing is known of, and why."""

    profile: str
    error: BokkoError
    settings_file: Path


def same_row(rows: Sequence[Row], wanted: Value) -> Row | None:
    """Return the row that this one is now, whatever it is called; `None` where it is gone, or none was wanted."""
    if not isinstance(wanted, Block | BankAccount):
        return None
    return next((row for row in rows if row.id == wanted.id), None)


Level = Literal["ok", "warning", "problem"]
Section = Literal["program", "environment", "settings", "keyring", "network", "connections", "leftovers"]


class Item(NamedTuple):
    """One thing that was looked at; `fix` is what to do, `None` where all is well."""

    section: Section
    item: str
    level: Level
    message: Sentence
    fix: Sentence | None = None
