"""From what is stored and what the provider said to what is wrong; pure."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Literal, NamedTuple

from bokko_cli.errors import BokkoError, ExitCode, KeyRejected, NoApiAccess, NoPermission
from bokko_cli.model.spec import Field, Spec, title_of, words
from bokko_cli.model.text import shown
from bokko_cli.model.values import (
    BankAccount,
    Block,
    Connection,
    Organization,
    Problem,
    Remnants,
    Row,
    Status,
    Survey,
    Value,
)

EXPIRES_SOON = timedelta(days=30)
_REFUSALS = (KeyRejected.code, NoApiAccess.code, NoPermission.code)

State = Literal["ready", "attention", "inactive", "not_connected"]


class KeyState(NamedTuple):
    """Whether the key can be read now: the error that says why not, or `None`."""

    failure: BokkoError | None = None


def offline_problems(spec: Spec, connection: Connection, key: KeyState) -> tuple[Problem, ...]:
    """Return what is wrong as far as it shows without a network."""
    problems = []
    if key.failure:
        code = "key_missing" if key.failure.code == "key_missing" else "keyring_unavailable"
        problems.append(Problem(code, "error", key.failure.message, key.failure.fix))
    if connection.settings.get("invoice_capable") is False:
        problems.append(
            Problem(
                "not_invoice_capable",
                "error",
                "This connection is set up as not capable of invoicing.",
                f"bokko {spec.provider} configure --invoice-capable",
            )
        )
    return tuple(problems)


def live_problems(spec: Spec, connection: Connection, survey: Survey, today: date) -> tuple[Problem, ...]:
    """Return what is wrong by what the provider said; a part that could not be known proves nothing."""
    return (
        *_failures(survey),
        *(_about_organization(spec, connection, survey.organization, today)),
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
    if any(code in _REFUSALS for code in errors):
        return ExitCode.REFUSED
    if status.state == "inactive" or any(code != "unreachable" for code in errors):
        return ExitCode.NOT_READY
    return ExitCode.UNREACHABLE if errors else ExitCode.DONE


def _failures(survey: Survey) -> Iterator[Problem]:
    """One problem for each kind of failure: three unanswered requests are one silence."""
    told: set[str] = set()
    for failure in survey.failures():
        code = failure.code if failure.code in _REFUSALS else "unreachable"
        if code not in told:
            told.add(code)
            yield Problem(code, "error", failure.message, failure.fix)


def _about_organization(
    spec: Spec, connection: Connection, organization: Organization | BokkoError, today: date
) -> Iterator[Problem]:
    if isinstance(organization, BokkoError):
        return
    if Remnants({}, connection.account_tax_code).is_of_another(organization):
        yield Problem(
            "different_account",
            "error",
            f"The key opens the account of {shown(organization.tax_code or '')}, "
            f"but {shown(connection.account_tax_code or '')} was connected.",
            f"bokko {spec.provider} connect",
        )
    ends = organization.subscription_until
    if ends and ends <= today + EXPIRES_SOON:
        when = f"ends on {ends}" if ends >= today else f"ended on {ends}"
        yield Problem(
            "subscription_expiring",
            "warning",
            f"The {spec.title} subscription {when}.",
            f"Renew the subscription in {spec.title}.",
        )
    if organization.has_nav_connection is False:
        yield Problem(
            "no_nav_connection",
            "warning",
            f"The {spec.title} account is not linked with NAV's Online Számla.",
            f"Set up the Online Számla connection in {spec.title}.",
        )


def _about_choice(spec: Spec, field: Field, connection: Connection, survey: Survey) -> Iterator[Problem]:
    rows = survey.choices.get(field.name)
    chosen = connection.settings.get(field.name)
    if not field.is_picked or rows is None or isinstance(rows, BokkoError):
        return
    found = _same_row(rows, chosen)
    noun = "block" if isinstance(chosen, Block) else "account"
    if found is None:
        yield Problem(
            f"{noun}_missing",
            "error",
            f"{field.question} {title_of(chosen)} is no longer in this account.",
            f"bokko {spec.provider} configure",
        )
    elif found != chosen:
        yield Problem(
            f"{noun}_renamed",
            "warning",
            f"{field.question} {words(field, chosen)} is now {words(field, found)}.",
            f"bokko {spec.provider} configure",
        )


def _same_row(rows: tuple[Row, ...], chosen: Value) -> Row | None:
    if not isinstance(chosen, Block | BankAccount):
        return None
    return next((row for row in rows if row.id == chosen.id), None)
