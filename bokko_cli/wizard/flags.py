"""Settings as flags give them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from bokko_cli.errors import InvalidValue
from bokko_cli.model.checksums import account_number, free_text, tax_number
from bokko_cli.model.spec import Field, Kind, Spec, words
from bokko_cli.model.text import quoted, shown
from bokko_cli.model.values import BankAccount, Block, Row, Settings, Value

_MOST_ROWS = 20
TYPED: Mapping[Kind, Callable[[str], str]] = {
    Kind.TAX_NUMBER: tax_number,
    Kind.ACCOUNT_NUMBER: account_number,
    Kind.TEXT: free_text,
}
"""How typed text becomes a setting; each raises InvalidValue."""


@dataclass(frozen=True, slots=True)
class Given:
    """What flags say: values that stand by themselves, and texts that must fit a row of the account."""

    values: Mapping[str, Value]
    to_match: Mapping[str, str]


def read_flags(spec: Spec, raw: Mapping[str, str | bool | None]) -> Given:
    """Return what the flags say; `raw` has texts by field name, `False` for a `--no-` flag, `None` for none.

    Raises InvalidValue naming the flag.
    """
    values: dict[str, Value] = {}
    to_match: dict[str, str] = {}
    for field in spec.questions:
        text = raw.get(field.name)
        if text is None:
            continue
        if isinstance(text, str) and _has_surrogates(text):
            raise InvalidValue(f"{field.flag} holds bytes that are not text.", fix="Set a UTF-8 locale and try again.")
        if field.is_picked:
            to_match[field.name] = str(text)
        else:
            values[field.name] = _value(field, text)
    for field in spec.fields:
        _let_go_of_name(field, values)
    return Given(values, to_match)


def refuse_half_an_account(spec: Spec, answers: Settings) -> None:
    """Raise InvalidValue for a bank account that has a name and no number."""
    for field in spec.fields:
        if field.parts:
            name, number = field.parts
            if answers[name.name] and not answers[number.name]:
                raise InvalidValue(f"{name.flag} needs {number.flag}: a bank account is its number.")


def _let_go_of_name(field: Field, values: dict[str, Value]) -> None:
    """Drop the name of an account that a `--no-` flag lets go of."""
    if not field.parts:
        return
    name, number = field.parts
    if number.name in values and values[number.name] is None:
        if values.get(name.name):
            raise InvalidValue(f"{name.flag} and {number.no_flag} cannot be given together.")
        values[name.name] = None


def as_one(flag: str | bool | None, no_flag: bool, field: Field) -> str | bool | None:
    """Return what a flag and its `--no-` form say together, `None` for neither; both raise InvalidValue."""
    if flag and no_flag:
        raise InvalidValue(f"{field.flag} and {field.no_flag} cannot be given together.", fix="Leave one of them out.")
    if no_flag:
        return False
    return flag if isinstance(flag, str) else flag or None


def match_row(field: Field, text: str, rows: tuple[Row, ...]) -> Row:
    """Return the only row that a flag's text fits: by id, exact name, prefix or account number.

    `id:`, `prefix:`, `number:` or `name:` in front decides which. Raises InvalidValue for none and for several.
    """
    fitting = [row for row in rows if _fits(row, text)]
    if len(fitting) == 1:
        return fitting[0]
    if fitting:
        listed = "\n".join(f"    {words(field, row)}" for row in fitting[:_MOST_ROWS])
        raise InvalidValue(
            f"{field.flag} {quoted(text)!r} fits {len(fitting)} rows:\n{listed}",
            fix=f"Say which by its id: {field.flag} id:{fitting[0].id}",
        )
    listed = "\n".join(f"    {words(field, row)}" for row in rows[:_MOST_ROWS])
    more = f"\n    … and {len(rows) - _MOST_ROWS:,} more: `{field.listing}`" if len(rows) > _MOST_ROWS else ""
    raise InvalidValue(
        f"{field.flag} {quoted(text)!r} is not in this account. It has:\n{listed}{more}",
        fix=f"Give an id, or see the list: {field.listing}",
    )


def _value(field: Field, text: str | bool) -> Value:
    if field.kind is Kind.YES_NO:
        return bool(text)
    if isinstance(text, bool):
        return None
    if field.kind in TYPED:
        return TYPED[field.kind](text) or None
    for choice in field.choices:
        if text.strip().lower() in (choice.flag, *choice.also):
            return choice.value
    known = ", ".join(choice.flag for choice in field.choices)
    raise InvalidValue(
        f"{field.flag} is {quoted(text)!r}; it must be one of: {known}.", fix=f"Give {field.flag} one of these."
    )


def _fits(row: Row, text: str) -> bool:
    by, colon, rest = text.partition(":")
    tests = _tests(row)
    if colon and by in tests:
        return rest in tests[by] or rest.strip() in tests[by] or (by == "number" and _bare(rest) in tests[by])
    return any(text in known or text.strip() in known for known in tests.values()) or _fits_number(row, text)


def _tests(row: Row) -> dict[str, set[str]]:
    names = {row.name, shown(row.name)} - {""}
    if isinstance(row, Block):
        return {"id": {str(row.id)}, "prefix": {row.prefix, shown(row.prefix)} - {""}, "name": names}
    return {"id": {str(row.id)}, "number": {_bare(row.number)} - {""}, "name": names}


def _fits_number(row: Row, text: str) -> bool:
    return isinstance(row, BankAccount) and bool(_bare(text)) and _bare(text) == _bare(row.number)


def _bare(number: str) -> str:
    return "".join(character for character in number if not character.isspace() and character != "-").upper()


def _has_surrogates(text: str) -> bool:
    return any("\ud800" <= character <= "\udfff" for character in text)
