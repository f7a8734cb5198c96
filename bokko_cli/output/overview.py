"""Many profiles at once, a row each: what stands in it; pure."""

from collections.abc import Mapping, Sequence

from bokko_cli.errors import BokkoError, SettingsUnreadable
from bokko_cli.model.readiness.meanings import PROBLEMS, STATES
from bokko_cli.model.readiness.state import worst
from bokko_cli.model.settings import title_of, words
from bokko_cli.model.spec import Field, PanelPart, Spec
from bokko_cli.model.text import shown
from bokko_cli.model.values import BankAccount, Block, Status, Unread, Value
from bokko_cli.model.wording import N_
from bokko_cli.output.base import TableRow

COLUMNS: Mapping[str, str] = {
    "id": N_("id"),
    "name": N_("name"),
    "prefix": N_("prefix"),
    "number": N_("number"),
    "iban": N_("IBAN"),
    "currency": N_("currency"),
    "profile": N_("profile"),
    "active_provider": N_("active provider"),
    "providers": N_("providers"),
    "settings_file": N_("settings file"),
}
"""The fields of lists that JSON has too, as headings."""


def for_people(row: TableRow, specs: Mapping[str, Spec]) -> TableRow:
    """Return a row of JSON as people read it: headings for fields, titles and words for codes."""
    return {COLUMNS.get(name, name): _in_words(name, value, specs) for name, value in row.items()}


def _in_words(name: str, value: object, specs: Mapping[str, Spec]) -> object:
    if name == "name" and not shown(str(value)):
        return N_("(no name)")
    if name == "active_provider" and isinstance(value, str):
        return _title(value, specs)
    if name != "providers" or not isinstance(value, Mapping):
        return value
    told: str = ""
    for provider, state in value.items():
        one = N_("{provider}: {state}", provider=_title(provider, specs), state=STATES.get(state, state))
        told = N_("{before}, {part}", before=told, part=one) if told else one
    return told


def _title(provider: str, specs: Mapping[str, Spec]) -> str:
    return specs[provider].title if provider in specs else provider


def connection_rows(statuses: Sequence[Status | Unread], spec: Spec) -> Sequence[TableRow]:
    """Return a row for each profile: what it is set up with, when it was last verified, its worst problem."""
    return [_unread(status, spec) if isinstance(status, Unread) else _connection(status, spec) for status in statuses]


def _connection(status: Status, spec: Spec) -> TableRow:
    connection = status.connection
    settings = connection.settings if connection else {}
    verified = status.checked_at or (connection.verified_at if connection else None)
    first = worst(status.problems)
    return {
        N_("Profile"): status.profile,
        N_("State"): STATES[status.state],
        **{field.question: _short(field, settings[field.name]) for field in _chosen(spec)},
        N_("Last verified"): N_("{when}", when=verified) if verified else "",
        N_("Worst problem"): PROBLEMS[first.code].short if first else "",
    }


def _short(field: Field, value: Value) -> str:
    """Return a setting in few words: a row of the account by its name alone."""
    is_row = isinstance(value, Block | BankAccount) and value.id is not None
    return title_of(value) if is_row else words(field, value)


def _unread(profile: Unread, spec: Spec) -> TableRow:
    return {
        N_("Profile"): profile.profile,
        N_("State"): N_("not known"),
        **dict.fromkeys((field.question for field in _chosen(spec)), ""),
        N_("Last verified"): "",
        N_("Worst problem"): _hindrance(profile.error),
    }


def _hindrance(error: BokkoError) -> str:
    """Return in few words why nothing is known; the whole error stands beside the table."""
    if isinstance(error, SettingsUnreadable):
        return N_("the settings cannot be read")
    return PROBLEMS[error.code].short if error.code in PROBLEMS else error.code


def _chosen(spec: Spec) -> list[Field]:
    return [field for field in spec.fields if field.section is PanelPart.CHOSEN]
