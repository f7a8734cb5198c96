"""One provider's table of the settings file, read value by value: what is understood, and what is not."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, date, datetime
from typing import NamedTuple, TypeVar

from bokko_cli.model.settings import WrongShape, parsed
from bokko_cli.model.spec import Field, Spec
from bokko_cli.model.values import (
    DRAFT_REVIEW,
    SLOTS,
    STORAGES,
    Connection,
    KeyPlace,
    Proven,
    Rehearsal,
    Settings,
    Slot,
    Storage,
    Value,
)
from bokko_cli.model.wording import N_
from bokko_cli.store.fault import A_DAY, A_HINT, A_TABLE, A_TEXT, A_TIME, AN_ADDRESS, Fault, is_like_a_key

_OUTCOMES: tuple[Proven, ...] = ("passed", "failed")
T = TypeVar("T")


class TableValues(NamedTuple):
    """What a table holds; `None` is a value that is not there, or not understood and then among the faults."""

    connected_at: datetime | None = None
    verified_at: datetime | None = None
    endpoint: str | None = None
    account_tax_code: str | None = None
    invoice_mode: str | None = None
    settings: Settings = {}  # noqa: RUF012 - a Mapping, which nobody changes
    key: KeyPlace | None = None
    subscription_until: date | None = None
    subscription_has_plan: bool | None = None
    rehearsal: Rehearsal | None = None
    faults: Sequence[Fault] = ()

    def connection(self) -> Connection | None:
        """Return the connection with the settings that are understood; `None` where anything else is missing."""
        if self.connected_at is None or self.verified_at is None or self.endpoint is None:
            return None
        if self.invoice_mode is None or self.key is None:
            return None
        return Connection(
            connected_at=self.connected_at,
            verified_at=self.verified_at,
            endpoint=self.endpoint,
            account_tax_code=self.account_tax_code,
            invoice_mode=self.invoice_mode,
            settings=self.settings,
            key=self.key,
            subscription_until=self.subscription_until,
            subscription_has_plan=self.subscription_has_plan,
            rehearsal=self.rehearsal,
        )


def found_in(spec: Spec, raw: object) -> TableValues:
    """Return what a provider's table holds; `None` is no table at all."""
    if raw is None:
        return TableValues()
    if not isinstance(raw, dict):
        return TableValues(faults=[Fault((spec.provider,), raw, A_TABLE)])
    table = _Table((spec.provider,), raw, [])
    return TableValues(
        connected_at=table.needed("connected_at", table.moment("connected_at")),
        verified_at=table.needed("verified_at", table.moment("verified_at")),
        endpoint=table.needed("endpoint", table.address("endpoint")),
        account_tax_code=table.text("account_tax_code"),
        invoice_mode=table.needed("invoice_mode", table.one_of("invoice_mode", (DRAFT_REVIEW,))),
        settings=dict(_settings(spec, table)),
        key=_key(table),
        subscription_until=table.day("subscription_until"),
        subscription_has_plan=table.boolean("subscription_has_plan"),
        rehearsal=_rehearsal(table),
        faults=table.faults,
    )


class _Table(NamedTuple):
    """A table that is read key by key; `faults` grows with each value that cannot be understood."""

    path: tuple[str, ...]
    raw: Mapping[str, object]
    faults: list[Fault]

    def text(self, key: str) -> str | None:
        value = self.raw.get(key)
        if value is None or isinstance(value, str):
            return value
        self.wrong(key, A_TEXT)
        return None

    def address(self, key: str) -> str | None:
        value = self.text(key)
        if value is None or "://" in value:
            return value
        self.wrong(key, AN_ADDRESS)
        return None

    def word(self, key: str, allowed: str) -> str | None:
        """Return a text that is no address and no name, and so none that looks like a key."""
        value = self.text(key)
        if value is None or not is_like_a_key(value):
            return value
        self.wrong(key, allowed)
        return None

    def moment(self, key: str) -> datetime | None:
        value = self.raw.get(key)
        if value is None:
            return None
        if isinstance(value, datetime) and value.tzinfo is not None:
            with suppress(OverflowError):  # the first or the last day that there is, in another zone
                return value.astimezone(UTC)
        self.wrong(key, A_TIME)
        return None

    def day(self, key: str) -> date | None:
        value = self.raw.get(key)
        if value is None or (isinstance(value, date) and not isinstance(value, datetime)):
            return value
        self.wrong(key, A_DAY)
        return None

    def boolean(self, key: str) -> bool | None:
        value = self.raw.get(key)
        if value is None or isinstance(value, bool):
            return value
        self.wrong(key, "true, false")
        return None

    def one_of(self, key: str, choices: Sequence[T]) -> T | None:
        value = self.raw.get(key)
        if value is None:
            return None
        for choice in choices:
            if choice == value:
                return choice
        self.wrong(key, ", ".join(f'"{choice}"' for choice in choices))
        return None

    def table(self, key: str, keys: str) -> "_Table | None":
        value = self.raw.get(key)
        if isinstance(value, dict):
            return _Table((*self.path, key), value, self.faults)
        if value is not None:
            self.wrong(key, N_("a table with {keys}", keys=keys))
        return None

    def needed(self, key: str, value: T | None) -> T | None:
        if key not in self.raw:
            self.wrong(key, "")
        return value

    def wrong(self, key: str, allowed: str, *below: str) -> None:
        found: object = self.raw.get(key)
        for part in below:
            found = found.get(part) if isinstance(found, dict) else None
        self.faults.append(Fault((*self.path, key, *below), found, allowed))


def _settings(spec: Spec, table: _Table) -> Iterator[tuple[str, Value]]:
    for field in spec.fields:
        if field.name in table.raw:
            yield from _setting(field, table)
        elif field.may_be_none:
            yield field.name, None
        else:
            table.needed(field.name, None)


def _setting(field: Field, table: _Table) -> Iterator[tuple[str, Value]]:
    """Yield the setting, nothing where the table's faults have it now."""
    try:
        yield field.name, parsed(field, table.raw[field.name])
    except WrongShape as error:
        for misfit in error.misfits:
            table.wrong(field.name, misfit.allowed, *misfit.below)


def _key(above: _Table) -> KeyPlace | None:
    table = above.table("api_key", "storage, slot")
    above.needed("api_key", table)
    if table is None:
        return None
    storage: Storage | None = table.needed("storage", table.one_of("storage", STORAGES))
    slot: Slot | None = table.one_of("slot", SLOTS)
    if storage != "env":
        table.needed("slot", slot)
    hint, can_write = table.word("hint", A_HINT), table.boolean("can_write")
    if storage is None or (slot is None and (storage != "env" or "slot" in table.raw)):
        return None
    return KeyPlace(storage, slot, hint, can_write)


def _rehearsal(above: _Table) -> Rehearsal | None:
    table = above.table("rehearsal", "at, outcome")
    if table is None:
        return None
    at = table.needed("at", table.moment("at"))
    outcome: Proven | None = table.needed("outcome", table.one_of("outcome", _OUTCOMES))
    code = table.text("code")
    return Rehearsal(at, outcome, code) if at and outcome else None
