"""The settings as questions: what is marked, what holds unattended, what is announced instead of asked."""

from collections.abc import Callable
from functools import partial

from bokko_cli.model.checksums import is_tax_number, tax_number
from bokko_cli.model.spec import Field, Kind, as_choice, title_of, words
from bokko_cli.model.text import shown
from bokko_cli.model.values import Account, BankAccount, Block, Remnants, Row, Settings, Value
from bokko_cli.prompter.question import Nothing, Option, Question, Unknown
from bokko_cli.wizard.flags import TYPED

_END_OF_NUMBER = 8


def question_for(
    field: Field, account: Account, previous: Remnants, answers: Settings, *, can_go_back: bool
) -> Question:
    """Return the question for a setting; `answers` are those of this run, which Enter accepts again."""
    if field.is_picked:
        return _pick(field, account, previous, answers, can_go_back=can_go_back)
    stored, is_stored = _stored(field, account, previous)
    holds: Value | Unknown = stored if is_stored else field.default
    if _is_lost(field, account, previous):
        holds = Nothing.MISSING
    marked = answers[field.name] if field.name in answers else _offered(field, account, stored, is_stored=is_stored)
    return Question(
        name=field.question,
        flag=field.flag,
        marked=marked,
        unattended=holds,
        options=_fixed_options(field),
        parse=partial(_typed, TYPED[field.kind]) if field.kind in TYPED else None,
        can_go_back=can_go_back,
    )


def only_row(field: Field, account: Account, previous: Remnants) -> Row | None:
    """Return the row that is announced instead of asked: the only one, unless another one was stored and is gone."""
    rows = account.choices.get(field.name, ())
    if len(rows) != 1:
        return None
    stored, is_stored = _stored(field, account, previous)
    return rows[0] if not is_stored or _same_row(rows, stored) else None


def _pick(field: Field, account: Account, previous: Remnants, answers: Settings, *, can_go_back: bool) -> Question:
    rows = account.choices.get(field.name, ())
    stored, is_stored = _stored(field, account, previous)
    kept = _same_row(rows, stored)
    again = _same_row(rows, answers.get(field.name))
    unattended: Value | Unknown = kept or only_row(field, account, previous) or Nothing.MISSING
    gone = f"The stored one, {title_of(stored)}, is no longer in this account." if is_stored and not kept else ""
    return Question(
        name=field.question,
        flag=field.flag,
        marked=again or kept,
        unattended=unattended,
        options=tuple(_row_option(field, row) for row in rows),
        note=gone,
        listing=field.listing,
        where_to_make=field.where_to_make,
        can_go_back=can_go_back,
    )


def _stored(field: Field, account: Account, previous: Remnants) -> tuple[Value, bool]:
    """The stored value, and whether there is one that counts: not in another organisation's account."""
    if field.is_of_organization and previous.is_of_another(account.organization):
        return None, False
    return previous.settings.get(field.name), field.name in previous.settings


def _is_lost(field: Field, account: Account, previous: Remnants) -> bool:
    had_one = previous.settings.get(field.name) is not None
    return field.kind is Kind.TAX_NUMBER and had_one and previous.is_of_another(account.organization)


def _offered(field: Field, account: Account, stored: Value, *, is_stored: bool) -> Value:
    if is_stored:
        return stored
    own = account.organization.tax_code
    if field.kind is Kind.TAX_NUMBER and own and is_tax_number(own):
        return tax_number(own)
    return field.default


def _same_row(rows: tuple[Row, ...], wanted: Value) -> Row | None:
    if not isinstance(wanted, Block | BankAccount):
        return None
    return next((row for row in rows if row.id == wanted.id), None)


def _row_option(field: Field, row: Row) -> Option:
    detail = _block_detail(row) if isinstance(row, Block) else _account_detail(row)
    return Option(row, title_of(row), detail, words(field, row), as_choice(row))


def _block_detail(block: Block) -> str:
    return "  ".join(part for part in (shown(block.prefix), f"id {block.id}") if part)


def _account_detail(account: BankAccount) -> str:
    end = end_of_number(account.number)
    return "  ".join(part for part in (f"…{end}" if end else "", shown(account.currency or "")) if part)


def end_of_number(number: str) -> str:
    """Return the last digits of an account number; a last group that is all zeros says nothing and is left out."""
    groups = shown(number).split("-")
    if len(groups) > 1 and not groups[-1].strip("0 "):
        groups.pop()
    return "".join(groups).replace(" ", "")[-_END_OF_NUMBER:]


def _fixed_options(field: Field) -> tuple[Option, ...] | None:
    return tuple(Option(choice.value, choice.label) for choice in field.choices) or None


def _typed(parse: Callable[[str], str], text: str) -> Value:
    return parse(text) if text.strip() else None
