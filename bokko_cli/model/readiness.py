"""From what is stored and what the provider said to what is wrong; pure."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Literal

from bokko_cli.errors import BokkoError, ExitCode, KeyRejected, NoApiAccess, NoPermission
from bokko_cli.model.spec import Field, Spec, title_of, words
from bokko_cli.model.text import folded, shown
from bokko_cli.model.values import (
    ORGANIZATION,
    BankAccount,
    Block,
    Connection,
    Organization,
    Problem,
    Rehearsal,
    Remnants,
    Status,
    Survey,
    same_row,
)
from bokko_cli.model.wording import N_

EXPIRES_SOON = timedelta(days=30)
REFUSALS = (KeyRejected.code, NoApiAccess.code, NoPermission.code)

_BASE_NUMBER = 8
_WHOLE_NUMBER = 11

State = Literal["ready", "attention", "inactive", "not_connected"]


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
            N_("This key may only read; no invoice can be made with it."),
            N_(
                "Make a key that may read and write, then connect again. {page} ({advice})",
                page=spec.key_page,
                advice=spec.key_advice,
            ),
        )


def _about_capability(spec: Spec, connection: Connection) -> Iterator[Problem]:
    if connection.settings.get("invoice_capable") is False:
        yield Problem(
            "not_invoice_capable",
            "error",
            N_("This connection is set up as not capable of invoicing."),
            spec.command("configure", "--invoice-capable"),
        )


def _about_rehearsal(spec: Spec, connection: Connection) -> Iterator[Problem]:
    rehearsal = connection.rehearsal
    if rehearsal and rehearsal.outcome == "failed" and rehearsal.code == "drafts_not_in_plan":
        yield Problem(
            "drafts_not_in_plan",
            "error",
            N_("The {provider} subscription does not include drafts: the rehearsal was refused.", provider=spec.title),
            spec.plan_advice,
        )
    elif rehearsal and rehearsal.outcome == "failed" and not _is_told_of_key(connection, rehearsal):
        yield Problem(
            "rehearsal_failed",
            "error",
            N_("The last rehearsal failed ({code}).", code=rehearsal.code or ""),
            spec.command("rehearse"),
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
                "Tax number {number} is not the one of the {provider} account, {own}.",
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
        "By its VAT digit, tax number {number} is exempt from VAT, but the default VAT rate is 27%.", number=number
    )


def _pays(number: str) -> str:
    return N_("By its VAT digit, tax number {number} is subject to VAT, but the default VAT rate is 0%.", number=number)


def _ended(number: str) -> str:
    return N_("The VAT digit of tax number {number} stands for a VAT scheme that ended in 2019.", number=number)


_DOUBTS: Mapping[tuple[str, object], Callable[[str], str]] = {
    ("1", "27%"): _exempt,
    ("2", "0%"): _pays,
    ("4", "0%"): _pays,
    ("5", "0%"): _pays,
    ("3", "0%"): _ended,
    ("3", "27%"): _ended,
}
"""What the VAT digit of a tax number and the default rate say together."""


def problems_of_part(spec: Spec, connection: Connection, survey: Survey, name: str) -> tuple[Problem, ...]:
    """Return what is wrong with one part of a survey that could be known, by the name of its setting."""
    if name == ORGANIZATION:
        return tuple(_about_organization(spec, connection, survey.organization))
    return tuple(_about_choice(spec, spec.field(name), connection, survey))


def live_problems(spec: Spec, connection: Connection, survey: Survey) -> tuple[Problem, ...]:
    """Return what is wrong by what the provider said; a part that could not be known proves nothing."""
    return (
        *_failures(survey),
        *(_about_organization(spec, connection, survey.organization)),
        *(problem for field in spec.fields for problem in _about_choice(spec, field, connection, survey)),
    )


def state_of(*, is_active: bool, problems: tuple[Problem, ...]) -> State:
    """Return the one word for a connection; being inactive wins over problems."""
    if not is_active:
        return "inactive"
    return "attention" if any(problem.level == "error" for problem in problems) else "ready"


def exit_code_of(status: Status) -> ExitCode:
    """Return the exit code that `status` ends with."""
    errors = [problem.code for problem in status.problems if problem.level == "error"]
    if status.state == "not_connected":
        return ExitCode.NOT_CONNECTED
    if any(code in REFUSALS for code in errors):
        return ExitCode.REFUSED
    if status.state == "inactive" or any(code != "unreachable" for code in errors):
        return ExitCode.NOT_READY
    return ExitCode.UNREACHABLE if errors else ExitCode.DONE


def worst(problems: Sequence[Problem]) -> Problem | None:
    """Return what somebody should read first: a refusal, else another error, else a warning."""
    return min(problems, key=lambda problem: (problem.level != "error", problem.code not in REFUSALS), default=None)


def _failures(survey: Survey) -> Iterator[Problem]:
    """One problem for each kind of failure: three unanswered requests are one silence."""
    told: set[str] = set()
    for failure in survey.failures():
        code = failure.code if failure.code in REFUSALS else "unreachable"
        if code not in told:
            told.add(code)
            yield Problem(code, "error", failure.message, failure.fix)


def _about_organization(
    spec: Spec, connection: Connection, organization: Organization | BokkoError
) -> Iterator[Problem]:
    if isinstance(organization, BokkoError):
        return
    if Remnants({}, connection.account_tax_code).is_of_another(organization):
        yield Problem(
            "different_account",
            "error",
            N_(
                "The key opens the account of {found}, but {connected} was connected.",
                found=shown(organization.tax_code or ""),
                connected=shown(connection.account_tax_code or ""),
            ),
            spec.command("connect"),
        )
    if organization.has_nav_connection is False:
        yield Problem(
            "no_nav_connection",
            "warning",
            N_("The {provider} account is not linked with NAV's Online Számla.", provider=spec.title),
            spec.nav_advice,
        )


def _about_choice(spec: Spec, field: Field, connection: Connection, survey: Survey) -> Iterator[Problem]:
    rows = survey.choices.get(field.name)
    chosen = connection.settings.get(field.name)
    if not field.is_picked or rows is None or isinstance(rows, BokkoError):
        return
    found = same_row(rows, chosen)
    noun = "block" if isinstance(chosen, Block) else "account"
    if found is None:
        yield Problem(
            f"{noun}_missing",
            "error",
            N_("{setting} {name} is no longer in this account.", setting=field.question, name=title_of(chosen)),
            spec.command("configure"),
        )
    elif folded(words(field, found)) != folded(words(field, chosen)):
        yield Problem(
            f"{noun}_renamed",
            "warning",
            N_(
                "{setting} {before} is now {now}.",
                setting=field.question,
                before=words(field, chosen),
                now=words(field, found),
            ),
            spec.command("configure"),
        )
