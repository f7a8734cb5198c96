"""The settings as questions: what is marked, what applies unattended, what is announced instead of asked."""

from collections.abc import Sequence
from functools import partial

from bokko_cli.errors import InvalidValue, Missing
from bokko_cli.model.checksums import is_tax_number, tax_number
from bokko_cli.model.settings import as_choice, title_of
from bokko_cli.model.spec import Field, Kind, Spec
from bokko_cli.model.text import shown
from bokko_cli.model.values import Account, BankAccount, Block, Remnants, Row, Settings, Value, same_row
from bokko_cli.model.wording import N_, lines
from bokko_cli.prompter.question import Option, Pick, Question, Typed, YesNo
from bokko_cli.wizard.flags import TYPED, listed

_END_OF_NUMBER = 8
_STORED = N_("stored")


def question_for(field: Field, spec: Spec, account: Account, previous: Remnants, answers: Settings) -> Question[Value]:
    """Return the question for a setting; `answers` are those of this run, which Enter accepts again."""
    if field.is_picked:
        return _pick_a_row(field, account, previous, answers)
    stored, is_stored = _stored(field, account, previous)
    holds = Missing(field.flag) if _is_lost(field, account, previous) else stored if is_stored else field.default
    marked = answers[field.name] if field.name in answers else _offered(field, account, stored, is_stored=is_stored)
    form = _form(field, spec, marked, answers, kept=(stored,) if is_stored else ())
    return Question(field.question, form, holds, note=_explained(field, answers, is_stored=is_stored))


def _explained(field: Field, answers: Settings, *, is_stored: bool) -> str:
    """Return what explains a setting to somebody who is asked for the first time."""
    return "" if is_stored or field.name in answers else field.explained


def _form(
    field: Field, spec: Spec, marked: Value, answers: Settings, kept: tuple[Value, ...]
) -> Pick[Value] | Typed[Value] | YesNo[Value]:
    """Return how a setting is asked; `kept` has the stored value, if there is one."""
    if field.kind is Kind.YES_NO:
        return YesNo(yes=True, no=False, marked=marked is True)
    if field.kind in TYPED:
        needs_number = _needs_number(field, spec, answers)
        return Typed(
            partial(_typed, field, needs_number),
            begins_with=str(marked or ""),
            blank=N_("blank: {meaning}", meaning=field.when_none),
        )
    options = [
        Option[Value](choice.value, choice.label, mark=_STORED if kept == (choice.value,) else "")
        for choice in field.choices
    ]
    return Pick(options, marked=_position(options, marked))


def _needs_number(field: Field, spec: Spec, answers: Settings) -> bool:
    """Whether the field is the number of a bank account that has a name already."""
    accounts = [whole.parts for whole in spec.fields if whole.parts and whole.parts[-1].name == field.name]
    return any(answers.get(name.name) for name, _ in accounts)


def _position(options: Sequence[Option[Value]], marked: Value) -> int:
    return next((index for index, option in enumerate(options) if option.value == marked), 0)


def only_row(field: Field, account: Account, previous: Remnants) -> Row | None:
    """Return the row that is announced instead of asked: the only one, unless another one was stored and is gone."""
    rows = account.choices.get(field.name, ())
    if len(rows) != 1:
        return None
    stored, is_stored = _stored(field, account, previous)
    return rows[0] if not is_stored or same_row(rows, stored) else None


def _pick_a_row(field: Field, account: Account, previous: Remnants, answers: Settings) -> Question[Value]:
    rows = account.choices.get(field.name, ())
    stored, is_stored = _stored(field, account, previous)
    kept = same_row(rows, stored)
    marked = same_row(rows, answers.get(field.name)) or kept or rows[0]
    gone: str = ""
    if is_stored and not kept:
        gone = N_(
            "{question}: the stored {row} is no longer in this account.", question=field.question, row=title_of(stored)
        )
    return Question(
        name=field.question,
        form=Pick([_row_option(row, kept) for row in rows], marked=rows.index(marked)),
        unattended=kept or only_row(field, account, previous) or _missing(field, rows, gone),
        note=gone or _explained(field, answers, is_stored=is_stored),
    )


def _missing(field: Field, rows: tuple[Row, ...], why: str) -> Missing:
    """Return what a script is told of a list that nobody could pick from: all rows, and some of them in words."""
    head = N_("  {flag} ({question}), one of:", flag=field.flag, question=field.question)
    notes = [N_("    {why}", why=why)] if why else []
    return Missing(
        field.flag, [as_choice(row) for row in rows], lines(head, *notes, *listed(field, rows)), field.listing
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


def _row_option(row: Row, kept: Row | None) -> Option[Value]:
    detail = _block_detail(row) if isinstance(row, Block) else _account_detail(row)
    mark = _STORED if row is kept else ""
    return Option(row, title_of(row), detail, mark, also_found_by=_number_of(row))


def _number_of(row: Row) -> str:
    return f"{row.number} {row.iban}" if isinstance(row, BankAccount) else ""


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


_HALF_AN_ACCOUNT = InvalidValue(
    N_("A bank account needs its number; a name alone is not enough."),
    fix=N_("Type the number, or go back and clear the bank name."),
)


def _typed(field: Field, needs_number: bool, text: str) -> Value:
    if text.strip():
        return TYPED[field.kind](text)
    if needs_number:
        raise _HALF_AN_ACCOUNT
    return None
