"""What is wrong with a connection according to its provider; pure."""

from collections.abc import Iterator

from bokko_cli.errors import BokkoError
from bokko_cli.model.readiness.state import REFUSALS
from bokko_cli.model.settings import title_of, words
from bokko_cli.model.spec import Field, Spec
from bokko_cli.model.text import folded, shown
from bokko_cli.model.values import (
    ORGANIZATION,
    Block,
    Connection,
    Organization,
    Problem,
    Remnants,
    Survey,
    same_row,
)
from bokko_cli.model.wording import N_


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
                "The key belongs to the account with tax number {found}, but {connected} was connected.",
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
