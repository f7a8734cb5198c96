"""The state of each connection and what is wrong with it, in the words of the codes: its own may name accounts."""

from collections.abc import Callable, Iterable, Iterator

from bokko_cli.commands.doctor.installation import Installation
from bokko_cli.model.endpoint import is_loopback, is_same_endpoint
from bokko_cli.model.public_findings import Harmless, doubtful, host, identifier, profile, title, together, well, wrong
from bokko_cli.model.readiness import meanings
from bokko_cli.model.readiness.state import worst
from bokko_cli.model.values import Item, Problem, Section, Status
from bokko_cli.model.wording import N_, Sentence


def items(around: Installation, statuses: Iterable[Status], unread: Iterable[str]) -> Iterator[Item]:
    """Look at every connection there is, of every profile; `unread` are profiles whose settings cannot be read."""
    is_any = False
    for status in statuses:
        is_any = True
        yield _judged(around, status)
        yield from _further(around, status)
        yield from _pinned(around, status)
    for name in sorted(unread):
        is_any = True
        yield doubtful(
            "connections",
            name,
            N_("{profile}: unknown, because its settings cannot be read.", profile=profile(name)),
            N_("Do what the item about this profile under Settings says."),
        )
    if not is_any:
        yield well("connections", "none", N_("Nothing is connected yet."))


def _pinned(around: Installation, status: Status) -> Iterator[Item]:
    """Tell of a variable that names another address than the stored key belongs to: every live command refuses it."""
    spec = around.specs[status.provider]
    named = "" if around.is_sandbox else around.environ.get(spec.url_variable, "").strip()
    stored = status.connection.endpoint if status.connection else ""
    # Whether it is a sandbox key, for which all loopback addresses are one, is not looked at here.
    may_be_same = is_same_endpoint(named, stored) or (is_loopback(named) and is_loopback(stored))
    if named and stored and not may_be_same:
        variable = identifier(spec.url_variable)
        yield wrong(
            "connections",
            f"{status.profile}.{status.provider}.address",
            N_(
                "{profile}, {provider}: {variable} names {host}, but the stored key belongs to {stored}.",
                profile=profile(status.profile),
                provider=title(spec.title),
                variable=variable,
                host=host(named),
                stored=host(stored),
            ),
            N_(
                "Unset {variable}, or connect again: {command}",
                variable=variable,
                command=around.command(status.profile, status.provider, "connect"),
            ),
        )


def _judged(around: Installation, status: Status) -> Item:
    item = f"{status.profile}.{status.provider}"
    names = {"profile": profile(status.profile), "provider": title(around.specs[status.provider].title)}
    first = worst(status.problems)
    state = meanings.STATES[status.state]
    if first is None:
        if status.state == "inactive" and status.active_provider is None:
            fix = N_("Run: {command}", command=around.command(status.profile, status.provider, "activate"))
            return doubtful("connections", item, N_("{profile}, {provider}: no provider is active.", **names), fix)
        return well("connections", item, N_("{profile}, {provider}: {state}", **names, state=state))
    listed = together(identifier(problem.code) for problem in status.problems)
    message = N_(
        "{profile}, {provider}: {state} ({codes}). {meaning}",
        **names,
        state=state,
        codes=listed,
        meaning=meanings.PROBLEMS[first.code].meaning,
    )
    return _level(first)("connections", item, message, _fix(around, status, first))


def _further(around: Installation, status: Status) -> Iterator[Item]:
    """Say of each problem but the worst what it is and what to do about it."""
    for problem in status.problems:
        if problem is not worst(status.problems):
            yield _level(problem)(
                "connections",
                f"{status.profile}.{status.provider}.{problem.code}",
                N_(
                    "{profile}, {provider}: {meaning} ({code})",
                    profile=profile(status.profile),
                    provider=title(around.specs[status.provider].title),
                    code=identifier(problem.code),
                    meaning=meanings.PROBLEMS[problem.code].meaning,
                ),
                _fix(around, status, problem),
            )


def _level(problem: Problem) -> Callable[[Section, str, Sentence, Sentence], Item]:
    return wrong if problem.level == "error" else doubtful


def _fix(around: Installation, status: Status, problem: Problem) -> Sentence:
    """Return what to do about a problem, and the command that tells more."""
    return N_(
        "{advice} Run: {command}",
        advice=meanings.PROBLEMS[problem.code].advice,
        command=_command(around, status, meanings.PROBLEMS[problem.code].command),
    )


def _command(around: Installation, status: Status, words: tuple[str, ...]) -> Harmless:
    return around.command(status.profile, status.provider, *words)
