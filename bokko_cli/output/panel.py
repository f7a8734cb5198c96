"""The readiness panel, and the page of all providers: what stands in them; pure."""

from collections.abc import Iterator, Mapping, Sequence

from bokko_cli.model.endpoint import is_loopback
from bokko_cli.model.readiness.meanings import PROBLEMS
from bokko_cli.model.readiness.state import weight
from bokko_cli.model.settings import words
from bokko_cli.model.spec import PanelPart, Spec
from bokko_cli.model.text import shown
from bokko_cli.model.values import Connection, Problem, Rehearsal, Status
from bokko_cli.model.wording import N_, Sentence, plural
from bokko_cli.output.page import BLANK, Entry, Page, Paragraph, Styled

_STYLES = {"ready": "green", "attention": "red", "inactive": "yellow", "not_connected": ""}
_STORAGES = {
    "keyring": N_("kept in: system keyring"),
    "file": N_("kept in: file"),
    "env": N_("kept in: environment variable, not stored"),
}


def panel(status: Status, specs: Mapping[str, Spec], *, is_sandbox: bool) -> Page:
    """Return the readiness panel."""
    spec = specs[status.provider]
    active_title = _title(specs, status.active_provider)
    content = list(_rows(status, spec, active_title, is_sandbox=is_sandbox))
    for problem in status.problems:
        content += [BLANK, *_problem(problem)]
    return Page(_titled(spec.title, is_sandbox=is_sandbox), content)


def integrations_page(statuses: Sequence[Status], specs: Mapping[str, Spec], *, is_sandbox: bool) -> Page:
    """Return every provider on one page: its state, since when, and the next step."""
    content: list[Entry | Paragraph] = []
    for status in statuses:
        content += [BLANK] if content else []
        content.append(_row(specs[status.provider].title, _state(status, _title(specs, status.active_provider))))
        if status.connection:
            content.append(_row("", Styled(N_("Connected on {when}", when=status.connection.connected_at))))
        content += [_row("", _problem_line(problem)) for problem in status.problems]
        content.append(_row("", Styled(N_("Next step: {command}", command=status.next_step))))
    return Page(_titled(N_("Integrations"), is_sandbox=is_sandbox), content)


def _titled(title: str, *, is_sandbox: bool) -> str:
    return N_("{title} · sandbox", title=title) if is_sandbox else title


def _title(specs: Mapping[str, Spec], provider: str | None) -> str:
    return specs[provider].title if provider and provider in specs else provider or ""


def _row(label: str, value: Styled) -> Entry:
    return Entry(Styled(label, "bold"), value)


def _rows(status: Status, spec: Spec, active_title: str, *, is_sandbox: bool) -> Iterator[Entry | Paragraph]:
    yield _row(N_("Connection status"), _state(status, active_title))
    if status.connection:
        yield from _connection(status, status.connection, spec)
        yield _row(N_("Profile"), Styled(status.profile))
        if status.settings_file:
            yield _row(N_("Settings file"), Styled(shown(str(status.settings_file))))
        yield from _endpoint(status.connection, spec, is_sandbox=is_sandbox)
    if status.state in ("not_connected", "inactive"):
        yield _row(N_("Next step"), Styled(status.next_step))


def _connection(status: Status, connection: Connection, spec: Spec) -> Iterator[Entry | Paragraph]:
    yield from _settings(connection, spec, PanelPart.CHOSEN)
    yield _row(N_("Invoice mode"), Styled(N_("draft review")))  # there is no other
    yield from _settings(connection, spec, PanelPart.DEFAULTS)
    since = Styled(N_("not saved (dry run)") if status.is_dry_run else connection.connected_at)
    yield _row(N_("Connected on"), since)
    yield BLANK
    yield from _settings(connection, spec, PanelPart.REST)
    if connection.account_tax_code:
        yield _row(N_("Account's tax number"), Styled(shown(connection.account_tax_code)))
    if connection.subscription_until:
        yield _row(N_("Subscription until"), Styled(connection.subscription_until))
    if connection.rehearsal:
        yield _row(N_("Rehearsal"), Styled(_rehearsal(connection.rehearsal)))
    yield _row(spec.key_question, Styled(_key(connection)))
    if spec.cannot_tell:
        yield _row(N_("Cannot be verified"), Styled(spec.cannot_tell))


def _endpoint(connection: Connection, spec: Spec, *, is_sandbox: bool) -> Iterator[Entry]:
    address = shown(connection.endpoint)
    if is_sandbox:
        yield _row(N_("Endpoint"), Styled(N_("sandbox: nothing real is touched"), "cyan"))
    elif is_loopback(connection.endpoint):
        yield _row(N_("Endpoint"), Styled(N_("{address} (this machine)", address=address)))
    elif connection.endpoint != spec.endpoint:
        yield _row(N_("Endpoint"), Styled(address))


def _settings(connection: Connection, spec: Spec, section: PanelPart) -> Iterator[Entry]:
    for field in spec.fields:
        if field.section is section:
            yield _row(field.question, Styled(words(field, connection.settings[field.name])))


def _state(status: Status, active_title: str) -> Styled:
    return Styled(_state_words(status, shown(active_title)), f"bold {_STYLES[status.state]}".strip())


def _state_words(status: Status, active_title: str) -> str:
    connection = status.connection
    if status.state == "not_connected" or connection is None:
        return N_("● Not connected")
    if status.state == "attention":
        return _attention_words(status.problems)
    if status.state == "ready":
        return _with_warnings(_ready_words(status, connection), status.problems)
    if active_title:
        return N_("● Inactive: {provider} is the active provider", provider=active_title)
    return N_("● Inactive: no provider is active")


def _attention_words(problems: Sequence[Problem]) -> Sentence:
    worst = min(problems, key=weight)
    return plural(
        "✗ Needs attention: {worst}",
        "✗ Needs attention, {count} problems, the worst: {worst}",
        len(problems),
        worst=PROBLEMS[worst.code].short,
    )


def _with_warnings(ready: Sentence, problems: Sequence[Problem]) -> Sentence:
    if not problems:
        return ready
    return plural(
        "{ready}; 1 warning: {first}",
        "{ready}; {count} warnings, the first: {first}",
        len(problems),
        ready=ready,
        first=PROBLEMS[problems[0].code].short,
    )


def _first_line(message: str) -> str:
    """Return the first sentence of several that stand below each other, which stays a sentence."""
    if isinstance(message, Sentence) and message.parts:
        return message.parts[0]
    return message if isinstance(message, Sentence) else message.split("\n", maxsplit=1)[0]


def _ready_words(status: Status, connection: Connection) -> Sentence:
    if status.is_dry_run:
        return N_("✓ Would be ready; nothing was saved")
    if status.checked_at:
        return N_("✓ Ready, checked {when}", when=status.checked_at)
    return N_("✓ Ready, last verified {when}", when=connection.verified_at)


def _problem_line(problem: Problem) -> Styled:
    text = _first_line(problem.message)
    if problem.level == "error":
        return Styled(N_("✗ Error: {problem}", problem=text))
    return Styled(N_("! Warning: {problem}", problem=text))


def _problem(problem: Problem) -> Iterator[Paragraph]:
    label = Styled(N_("✗ Error:"), "bold red") if problem.level == "error" else Styled(N_("! Warning:"), "bold yellow")
    yield Paragraph(Styled(problem.message), label, indent=2)
    yield Paragraph(Styled(N_("→ {fix}", fix=problem.fix)), indent=2)


def _rehearsal(rehearsal: Rehearsal) -> str:
    if rehearsal.outcome == "passed":
        return N_("passed on {when}", when=rehearsal.at)
    return N_("failed on {when} ({code})", when=rehearsal.at, code=shown(rehearsal.code or ""))


def _key(connection: Connection) -> str:
    place = _STORAGES[connection.key.storage]
    hint = shown(connection.key.hint or "")
    return N_("ends in {hint}, {place}", hint=hint, place=place) if hint else place
