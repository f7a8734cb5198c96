"""What is wrong with a connection as far as what is stored shows it; pure."""

from collections.abc import Callable, Iterator, Mapping
from datetime import date, timedelta

from bokko_cli.errors import BokkoError
from bokko_cli.model.settings import title_of
from bokko_cli.model.spec import Spec
from bokko_cli.model.text import shown
from bokko_cli.model.values import (
    BankAccount,
    Connection,
    Problem,
    Rehearsal,
)
from bokko_cli.model.wording import N_

ONLY_READS = N_("This key can only read, so it cannot create invoices.")
EXPIRES_SOON = timedelta(days=30)

_BASE_NUMBER = 8
_WHOLE_NUMBER = 11


def offline_problems(
    spec: Spec, connection: Connection, key_failure: BokkoError | None, today: date
) -> tuple[Problem, ...]:
    """Return what is wrong as far as it shows without a network; errors first.

    `key_failure` says why the key cannot be read, if it cannot.
    """
    return (
        *_about_key(spec, connection, key_failure),
        *_about_capability(spec, connection),
        *_about_rehearsal(spec, connection),
        *_about_tax_number(spec, connection),
        *_about_currency(spec, connection),
        *_about_subscription(spec, connection, today),
    )


def _about_key(spec: Spec, connection: Connection, failure: BokkoError | None) -> Iterator[Problem]:
    if failure:
        code = "key_missing" if failure.code == "key_missing" else "keyring_unavailable"
        yield Problem(code, "error", failure.message, failure.fix)
    if connection.key.can_write is False:
        yield Problem(
            "read_only_key",
            "error",
            ONLY_READS,
            N_(
                "Create a key that can read and write: {page} ({advice}). Then connect with it: {command}",
                page=spec.key_page,
                advice=spec.key_advice,
                command=spec.command("connect"),
            ),
        )


def _about_capability(spec: Spec, connection: Connection) -> Iterator[Problem]:
    if connection.settings.get("invoice_capable") is False:
        yield Problem(
            "not_invoice_capable",
            "error",
            N_("Invoice capable is set to no for this connection."),
            spec.command("configure", "--invoice-capable"),
        )


def _about_rehearsal(spec: Spec, connection: Connection) -> Iterator[Problem]:
    rehearsal = connection.rehearsal
    if rehearsal and rehearsal.outcome == "failed" and rehearsal.code == "drafts_not_in_plan":
        yield Problem(
            "drafts_not_in_plan",
            "error",
            N_("The {provider} subscription does not include drafts: the rehearsal was refused.", provider=spec.title),
            N_("{advice} Then rehearse again: {command}", advice=spec.plan_advice, command=spec.command("rehearse")),
        )
    elif rehearsal and rehearsal.outcome == "failed" and not _is_told_of_key(connection, rehearsal):
        yield Problem(
            "rehearsal_failed",
            "error",
            N_("The last rehearsal failed ({code}).", code=rehearsal.code or ""),
            spec.command(_MENDED_BY.get(rehearsal.code or "", "rehearse")),
        )
    elif rehearsal is None and connection.subscription_has_plan is False:
        yield Problem(
            "drafts_may_be_missing",
            "warning",
            N_(
                "The {provider} subscription has an API add-on but no plan; it may not include drafts.",
                provider=spec.title,
            ),
            N_("Find out without risk: {command}", command=spec.command("rehearse")),
        )


_MENDED_BY = {"key_rejected": "connect", "read_only_key": "connect", "settings_refused": "configure"}
"""The command that changes what the rehearsal failed of; after anything else it is rehearsed again."""


def _is_told_of_key(connection: Connection, rehearsal: Rehearsal) -> bool:
    """Whether the key's own problem says already why the rehearsal failed."""
    return rehearsal.code == "read_only_key" and connection.key.can_write is False


def _about_tax_number(spec: Spec, connection: Connection) -> Iterator[Problem]:
    number, own = connection.settings.get("tax_number"), connection.account_tax_code
    if not isinstance(number, str) or not number:
        return
    if own and not _is_same_number(number, own):
        yield Problem(
            "tax_number_differs",
            "warning",
            N_(
                "Tax number {number} is not that of the {provider} account, {own}.",
                number=shown(number),
                provider=spec.title,
                own=shown(own),
            ),
            spec.command("configure", "--tax-number", shown(own)),
        )
    doubt = _DOUBTS.get((_vat_digit(number), connection.settings.get("default_vat_rate")))
    if doubt:
        yield Problem("vat_rate_doubtful", "warning", doubt(shown(number)), spec.command("configure"))


def _about_currency(spec: Spec, connection: Connection) -> Iterator[Problem]:
    account = connection.settings.get("bank_account")
    if isinstance(account, BankAccount) and account.currency not in (None, "", "HUF"):
        yield Problem(
            "foreign_currency_account",
            "warning",
            N_(
                "Bank account {name} is in {currency}; invoices in forints cannot be paid into it without conversion.",
                name=title_of(account),
                currency=shown(account.currency or ""),
            ),
            spec.command("configure"),
        )


def _about_subscription(spec: Spec, connection: Connection, today: date) -> Iterator[Problem]:
    ends = connection.subscription_until
    if ends is None or ends > today + EXPIRES_SOON:
        return
    message = (
        N_("The {provider} subscription ends on {day}.", provider=spec.title, day=ends)
        if ends >= today
        else N_("The {provider} subscription ended on {day}.", provider=spec.title, day=ends)
    )
    yield Problem("subscription_expiring", "warning", message, spec.renewal_advice)


def _is_same_number(number: str, own: str) -> bool:
    """Whether two Hungarian tax numbers are one: the whole where both have eleven digits, else the first eight."""
    one, other = ("".join(filter(str.isdigit, text)) for text in (number, own))
    length = _WHOLE_NUMBER if len(one) == len(other) == _WHOLE_NUMBER else _BASE_NUMBER
    return one[:length] == other[:length]


def _vat_digit(number: str) -> str:
    digits = "".join(filter(str.isdigit, number))
    return digits[_BASE_NUMBER] if len(digits) == _WHOLE_NUMBER else ""


def _exempt(number: str) -> str:
    return N_(
        "According to its VAT digit, tax number {number} is exempt from VAT, but the default VAT rate is 27%.",
        number=number,
    )


def _pays(number: str) -> str:
    return N_(
        "According to its VAT digit, tax number {number} is subject to VAT, but the default VAT rate is 0%.",
        number=number,
    )


def _ended(number: str) -> str:
    return N_("The VAT digit of tax number {number} belongs to a VAT scheme that ended in 2019.", number=number)


_DOUBTS: Mapping[tuple[str, object], Callable[[str], str]] = {
    ("1", "27%"): _exempt,
    ("2", "0%"): _pays,
    ("4", "0%"): _pays,
    ("5", "0%"): _pays,
    ("3", "0%"): _ended,
    ("3", "27%"): _ended,
}
"""What the VAT digit of a tax number and the default rate say together."""
