"""Settings as flags give them."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from bokko_cli.errors import InvalidValue, given_together
from bokko_cli.model.checksums import account_number, free_text, same_account, tax_number
from bokko_cli.model.likeness import nearest
from bokko_cli.model.settings import words
from bokko_cli.model.spec import Field, Kind, Spec
from bokko_cli.model.text import cleaned_number, folded, quoted
from bokko_cli.model.values import Block, Row, Settings, Value
from bokko_cli.model.wording import N_, lines

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


def read_flags(spec: Spec, raw: Mapping[str, str | bool | None], besides: InvalidValue | None = None) -> Given:
    """Return what the flags say; `raw` has texts by field name, `False` for a `--no-` flag, `None` for none.

    Raises one InvalidValue that names all flags with wrong values; `besides` is one of another kind that is known.
    """
    values: dict[str, Value] = {}
    to_match: dict[str, str] = {}
    wrong = [besides] if besides else []
    for field in spec.questions:
        text = raw.get(field.name)
        if text is None:
            continue
        try:
            _refuse_surrogates(field, text)
            if field.is_picked:
                to_match[field.name] = str(text)
            else:
                values[field.name] = _value(field, text)
        except InvalidValue as error:
            wrong.append(error)
    refuse_wrong(wrong)
    for field in spec.fields:
        _let_go_of_name(field, values)
    return Given(values, to_match)


def refuse_wrong(errors: Sequence[InvalidValue]) -> None:
    """Raise all wrong values as one error, if there is any."""
    if len(errors) == 1:
        raise errors[0]
    if errors:
        fixes = dict.fromkeys(error.fix for error in errors)
        raise InvalidValue(lines(*(error.message for error in errors)), fix=lines(*fixes))


def refuse_half_an_account(spec: Spec, answers: Settings) -> None:
    """Raise InvalidValue for a bank account that has a name and no number."""
    for name, number in _halves(spec, answers):
        raise InvalidValue(
            N_("{flag} needs {number}: a bank name alone is not enough.", flag=name.flag, number=number.flag)
        )


def number_of_half_an_account(spec: Spec, answers: Settings) -> Field | None:
    """Return the number that a bank account with a name lacks, `None` where every account is whole."""
    return next((number for _, number in _halves(spec, answers)), None)


def _halves(spec: Spec, answers: Settings) -> Iterator[tuple[Field, Field]]:
    for field in spec.fields:
        if field.parts:
            name, number = field.parts
            if answers[name.name] and not answers[number.name]:
                yield name, number


def _let_go_of_name(field: Field, values: dict[str, Value]) -> None:
    """Drop the name of an account that a `--no-` flag lets go of."""
    if not field.parts:
        return
    name, number = field.parts
    if number.name in values and values[number.name] is None:
        if values.get(name.name):
            raise given_together(name.flag, number.no_flag)
        values[name.name] = None


def match_row(field: Field, text: str, rows: tuple[Row, ...]) -> Row:
    """Return the only row that a flag's text fits: by id, exact name, prefix or account number.

    `id:`, `prefix:`, `number:` or `name:` in front decides which. Raises InvalidValue for none and for several.
    """
    fitting = [row for row in rows if _fits(row, text)]
    if len(fitting) == 1:
        return fitting[0]
    if not fitting:
        raise no_fitting_row(field, text, rows)
    several = N_("{flag} {value} matches {count} rows:", flag=field.flag, value=repr(quoted(text)), count=len(fitting))
    raise InvalidValue(
        lines(several, *listed(field, fitting)),
        fix=N_("Choose one by its id: {flag} id:{id}", flag=field.flag, id=str(fitting[0].id)),
    )


def refuse_ambiguous(flags: Sequence[tuple[Field, str, tuple[Row, ...]]]) -> None:
    """Raise InvalidValue if a flag's text fits several rows; what fits none is told with it."""
    wrong = [error for flag in flags if (error := _mismatch(*flag))]
    if any(len([row for row in rows if _fits(row, text)]) > 1 for _, text, rows in flags):
        refuse_wrong(wrong)


def _mismatch(field: Field, text: str, rows: tuple[Row, ...]) -> InvalidValue | None:
    try:
        match_row(field, text, rows)
    except InvalidValue as error:
        return error
    return None


def fits_no_row(text: str, rows: tuple[Row, ...]) -> bool:
    """Whether a flag's text fits no row at all."""
    return not any(_fits(row, text) for row in rows)


def trouble_with(field: Field, text: str, rows: tuple[Row, ...]) -> InvalidValue:
    """Return what a person is told of a text that fits no row, above the list to pick from."""
    likely = _likely(field, text, rows)
    told = N_("{flag} {value} is not in this account.", flag=field.flag, value=repr(quoted(text)))
    close = [N_("Similar:"), *likely] if likely else []
    return InvalidValue(lines(told, *close), fix=N_("Pick one here, or clear the filter to see all of them."))


def bare(text: str) -> str:
    """Return a flag's text without the word in front that says what it is."""
    by, rest = _parted(text)
    return rest if by in _COMPARED else text


def _parted(text: str) -> tuple[str, str]:
    """Return the word in front of a colon, in any letters, and what is behind it; without a colon no word."""
    by, colon, rest = text.partition(":")
    return (by.strip().lower(), rest) if colon else ("", text)


def no_fitting_row(field: Field, text: str, rows: tuple[Row, ...]) -> InvalidValue:
    """Return the error of a text that fits no row: what is close to it, and what there is."""
    trouble = trouble_with(field, text, rows)
    return InvalidValue(
        lines(trouble.message, N_("This account has:"), *listed(field, rows)),
        fix=N_("Use an id; to see the list: {listing}", listing=field.listing),
    )


def closest_row(text: str, rows: Sequence[Row]) -> int | None:
    """Return the position of the row that was probably meant, if one is like it."""
    return next(iter(_near(text, rows)), None)


def _near(text: str, rows: Sequence[Row]) -> list[int]:
    return nearest(bare(text), [[name for names in _names(row).values() for name in names] for row in rows])


def _likely(field: Field, text: str, rows: Sequence[Row]) -> list[str]:
    return listed(field, [rows[position] for position in _near(text, rows)])


def listed(field: Field, rows: Sequence[Row]) -> list[str]:
    """Return rows as an error lists them: the first of many, and the command that lists all."""
    rest = len(rows) - _MOST_ROWS
    more = [N_("    … and {rest:,} more: `{listing}`", rest=rest, listing=field.listing)] if rest > 0 else []
    return [*(N_("    {row}", row=words(field, row)) for row in rows[:_MOST_ROWS]), *more]


def _value(field: Field, text: str | bool) -> Value:
    if field.kind is Kind.YES_NO:
        return bool(text)
    if isinstance(text, bool):
        return None
    if field.kind in TYPED:
        return _typed(field, text)
    for choice in field.choices:
        if text.strip().lower() in (choice.flag, *choice.also):
            return choice.value
    known = ", ".join(choice.flag for choice in field.choices)
    value = repr(quoted(text))
    raise InvalidValue(
        N_("{flag} is {value}; it must be one of: {known}.", flag=field.flag, value=value, known=known),
        fix=N_("Use one of these for {flag}.", flag=field.flag),
    )


def _typed(field: Field, text: str) -> Value:
    try:
        return TYPED[field.kind](text) or None
    except InvalidValue as error:
        value = repr(quoted(text))
        message = N_("{flag} is {value}. {reason}", flag=field.flag, value=value, reason=error.message)
        raise InvalidValue(message, fix=error.fix) from None


def _fits(row: Row, text: str) -> bool:
    by, rest = _parted(text)
    known = _names(row)
    if by in known:
        return _is_one_of(rest, known[by], by)
    return any(_is_one_of(text, names, kind) for kind, names in known.items())


def _is_one_of(text: str, names: set[str], kind: str) -> bool:
    return bool(text) and _COMPARED[kind](text) in {_COMPARED[kind](name) for name in names if name}


def _names(row: Row) -> dict[str, set[str]]:
    """Return what a row goes by, for each word that may stand in front."""
    if isinstance(row, Block):
        return {"id": {str(row.id)}, "prefix": {row.prefix}, "name": {row.name}}
    return {"id": {str(row.id)}, "number": {row.number, row.iban}, "name": {row.name}}


_COMPARED: Mapping[str, Callable[[str], str]] = {
    "id": cleaned_number, "prefix": folded, "name": folded, "number": same_account,
}  # fmt: skip


def _refuse_surrogates(field: Field, text: str | bool) -> None:
    if isinstance(text, str) and any("\ud800" <= character <= "\udfff" for character in text):
        raise InvalidValue(
            N_("{flag} holds bytes that are not text.", flag=field.flag), fix=N_("Set a UTF-8 locale and try again.")
        )
