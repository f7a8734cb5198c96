"""What a settings file becomes: pure changes of its content, in which `None` takes a key out."""

from collections.abc import Mapping
from datetime import datetime

from bokko_cli.model.settings import plain
from bokko_cli.model.spec import Spec
from bokko_cli.model.values import SLOTS, Connection, Content, Rehearsal
from bokko_cli.store.profile import SCHEMA


def activated(content: Content, spec: Spec, connection: Connection) -> Content:
    """Return the content with the connection in its spec, and its provider as the active one."""
    return {**with_table(content, spec, connection), "active_provider": spec.provider}


def with_table(content: Content, spec: Spec, connection: Connection) -> Content:
    """Return the content with the connection in its table; keys that are not ours stay."""
    old = content.get(spec.provider)
    merged = _merged(old if isinstance(old, Mapping) else {}, _as_content(spec, connection))
    return {"schema": SCHEMA, **content, **_repaired_schema(content), spec.provider: merged}


def without_table(content: Content, provider: str) -> Content:
    """Return the content without the provider, which is no longer the active one either."""
    rest = {**content, provider: None}
    active = content.get("active_provider")
    return rest if isinstance(active, str) and active != provider else {**rest, "active_provider": None}


def with_slots(content: Content, provider: str) -> Content:
    """Return a secrets file's content as a secret changes its layout, whichever slot it goes to."""
    old = content.get(provider)
    return {**content, provider: {**(old if isinstance(old, Mapping) else {}), **dict.fromkeys(SLOTS, "")}}


def _repaired_schema(content: Content) -> Content:
    """Return the schema where the content has one that cannot be understood."""
    schema = content.get("schema")
    return {} if type(schema) is int and schema >= SCHEMA else {"schema": SCHEMA}


def _as_content(spec: Spec, connection: Connection) -> Content:
    key = connection.key
    return {
        "connected_at": _whole_seconds(connection.connected_at),
        "verified_at": _whole_seconds(connection.verified_at),
        "endpoint": connection.endpoint,
        "account_tax_code": connection.account_tax_code,
        "subscription_until": connection.subscription_until,
        "subscription_has_plan": connection.subscription_has_plan,
        "invoice_mode": connection.invoice_mode,
        **{field.name: plain(connection.settings[field.name]) for field in spec.fields},
        "api_key": {"storage": key.storage, "slot": key.slot, "hint": key.hint, "can_write": key.can_write},
        "rehearsal": _rehearsal(connection.rehearsal),
    }


def _rehearsal(rehearsal: Rehearsal | None) -> Content | None:
    if rehearsal is None:
        return None
    return {"at": _whole_seconds(rehearsal.at), "outcome": rehearsal.outcome, "code": rehearsal.code}


def _merged(old: Content, new: Content) -> Content:
    result: dict[str, object] = dict(old)
    for key, value in new.items():
        before = old.get(key)
        result[key] = _merged(before, value) if isinstance(value, Mapping) and isinstance(before, Mapping) else value
    return result


def _whole_seconds(moment: datetime) -> datetime:
    return moment.replace(microsecond=0)
