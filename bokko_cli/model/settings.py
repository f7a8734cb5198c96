"""Settings by their spec: read from a file, taken apart for the questions, put together, and in words; pure."""

from collections.abc import Mapping
from typing import NamedTuple

from bokko_cli.model.spec import Field, Kind, Spec
from bokko_cli.model.text import shown
from bokko_cli.model.values import BankAccount, Block, Row, Settings, Value
from bokko_cli.model.wording import N_, Sentence


class Misfit(NamedTuple):
    """A stored value that its setting cannot have: where in the setting, and what is allowed there."""

    below: tuple[str, ...]
    allowed: str


class WrongShape(Exception):
    """A stored setting cannot be what it is; `misfits` are all its values that are to blame."""

    def __init__(self, *misfits: Misfit) -> None:
        super().__init__(*misfits)
        self.misfits = misfits


def plain(value: Value) -> object:
    """Return a setting as TOML and JSON hold it: text, boolean, `None`, or a mapping for a row of the account."""
    return as_choice(value) if isinstance(value, Block | BankAccount) else value


def as_choice(row: Row) -> Mapping[str, object]:
    """Return a row of the account as JSON lists it."""
    if isinstance(row, Block):
        return {"id": row.id, "name": row.name, "prefix": row.prefix}
    return {"id": row.id, "name": row.name, "number": row.number, "currency": row.currency}


def parsed(field: Field, raw: object) -> Value:
    """Return the setting that a file holds; raises WrongShape."""
    match field.kind:
        case Kind.BLOCK:
            members = _members(raw, {"id": int, "name": str, "prefix": str})
            return Block(int(str(members["id"])), str(members["name"]), str(members["prefix"]))
        case Kind.BANK_ACCOUNT:
            members = _members(raw, {"id": int, "name": str, "number": str, "currency": str})
            number, currency = str(members["number"]), str(members["currency"])
            return BankAccount(int(str(members["id"])), str(members["name"]), number, currency)
        case Kind.YES_NO if isinstance(raw, bool):
            return raw
        case Kind.CHOICE if raw in [choice.value for choice in field.choices]:
            return str(raw)
        case Kind.TYPED_ACCOUNT:
            members = _members(raw, {"name": str, "number": str})
            return BankAccount(None, str(members["name"]), str(members["number"]), None)
        case Kind.TAX_NUMBER | Kind.TEXT | Kind.ACCOUNT_NUMBER if isinstance(raw, str):
            return raw
    raise WrongShape(Misfit((), _allowed(field)))


def _allowed(field: Field) -> str:
    if field.kind is Kind.YES_NO:
        return "true, false"
    return ", ".join(f'"{choice.value}"' for choice in field.choices) or _WORDS[str]


_WORDS: Mapping[type, str] = {int: N_("a whole number"), str: N_("a text in quotes")}


def _members(raw: object, kinds: Mapping[str, type]) -> Mapping[str, object]:
    """Return a table that has all members, each of its kind; a boolean is no number."""
    if not isinstance(raw, dict):
        raise WrongShape(Misfit((), N_("a table with {keys}", keys=", ".join(kinds))))
    misfits = [Misfit((name,), _WORDS[kind]) for name, kind in kinds.items() if type(raw.get(name)) is not kind]
    if misfits:
        raise WrongShape(*misfits)
    return raw


def taken_apart(spec: Spec, settings: Settings) -> Settings:
    """Return settings with their parts as values of their own: a typed bank account as name and number."""
    parts: dict[str, Value] = {}
    for field in spec.fields:
        account = settings.get(field.name)
        if field.parts and field.name in settings:
            name, number = (account.name, account.number) if isinstance(account, BankAccount) else ("", "")
            parts |= {field.parts[0].name: name or None, field.parts[1].name: number or None}
    return {**settings, **parts}


def put_together(spec: Spec, answers: Settings) -> Settings:
    """Return settings from the answers to `spec.questions`; a bank account without a number is none."""
    settings: dict[str, Value] = {}
    for field in spec.fields:
        if not field.parts:
            settings[field.name] = _as_stored(answers[field.name])
            continue
        name, number = (answers[part.name] for part in field.parts)
        settings[field.name] = BankAccount(None, str(name or ""), str(number), None) if number else None
    return settings


def _as_stored(value: Value) -> Value:
    return value._replace(iban="") if isinstance(value, BankAccount) else value


def title_of(value: Value) -> str:
    """Return a row's name for people: never empty, never harmful."""
    name = shown(value.name) if isinstance(value, Block | BankAccount) else ""
    return name or N_("(no name)")


def words(field: Field, value: Value) -> str:
    """Return a setting as the panel and the review say it."""
    match value:
        case Block():
            return _side_by_side(title_of(value), shown(value.prefix), _id(value))
        case BankAccount(id=None):
            return _side_by_side(shown(value.name), shown(value.number))
        case BankAccount():
            return _side_by_side(title_of(value), shown(value.number), shown(value.currency or ""), _id(value))
        case bool():
            return N_("yes") if value else N_("no")
        case None:
            return field.when_none
    return next((choice.label for choice in field.choices if choice.value == value), shown(value))


def _id(row: Row) -> Sentence:
    return N_("id {id}", id=str(row.id))


def _side_by_side(*parts: str) -> str:
    """Put the parts that are not empty on one line; each stays a sentence of its own for translators."""
    first, *more = filter(None, parts) if any(parts) else ("",)
    line = first
    for part in more:
        line = N_("{before} · {part}", before=line, part=part)
    return line
