"""`rehearse`: prove that invoicing will work, with a draft that is made, read back, compared and deleted."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial

from bokko_cli.commands.rehearse.clean_up import DIFFERS
from bokko_cli.commands.rehearse.interrupt import IsStopping, deferred_interrupt
from bokko_cli.commands.rehearse.performance import Ending, Performance
from bokko_cli.commands.rehearse.steps import Steps
from bokko_cli.commands.shared import endpoints, keys
from bokko_cli.commands.shared.connected import connected
from bokko_cli.commands.shared.saving import stores
from bokko_cli.context import Scope
from bokko_cli.errors import BokkoError, Cancelled, ExitCode, Missing, StorageFailed
from bokko_cli.model.endpoint import refuse_to_leave
from bokko_cli.model.rehearsing import BEGIN_OF_NAME, LABELS, LeftBehind, Report, StepReport, document
from bokko_cli.model.settings import words
from bokko_cli.model.values import Connection, Rehearsal
from bokko_cli.model.wording import N_, lines
from bokko_cli.output.base import StepResult
from bokko_cli.prompter.base import agree, settle
from bokko_cli.prompter.question import yes_or_no
from bokko_cli.store.rehearsal_note import note_path
from bokko_cli.store.rehearsal_outcome import Keep, rehearsing

_LOCK_TIMEOUT = 4.0
"""Seconds to wait for another bokko: together with all the requests they stay within what a command may take."""


@dataclass(frozen=True, slots=True)
class Options:
    """Flags of `rehearse`."""

    yes: bool = False
    clean: bool = False


def run(scope: Scope, options: Options) -> ExitCode:
    """Agree on it, take the steps, clean up, remember the outcome."""
    stored = keys.needed_key(scope, connected(scope))
    key, seen = stored
    endpoint = endpoints.for_stored_key(scope, stored)
    refuse_to_leave(key, endpoint)
    keys.mention_unused_variable(scope, seen.key.storage)
    if not options.clean:
        _agree(scope, seen, options)
    with rehearsing(replace(stores(scope), lock_timeout=_LOCK_TIMEOUT), seen) as keep:
        scope.deadline.restart()
        performance = Performance(
            seen=seen,
            title=scope.spec.title,
            path=note_path(scope.folder, scope.profile_name, scope.spec.provider),
            steps=_steps(scope),
            open=partial(scope.open_rehearsal, endpoint, key),
            clock=scope.clock,
            clean_up_command=scope.command("rehearse", "--clean"),
            key=key,
        )
        ending = _stoppable(performance, performance.clean if options.clean else performance.rehearse)
        if not options.clean:
            _remember(scope, ending, keep)
    _show(scope, ending)
    return ending.exit_code


def _agree(scope: Scope, connection: Connection, options: Options) -> None:
    """Say what will be written; a no is Cancelled, and where nobody can be asked `--yes` is missing."""
    scope.output.say(
        lines(
            N_(
                "This creates a partner named {name} and one draft in your {provider} account, reads the draft "
                "back, and deletes both.",
                name=BEGIN_OF_NAME,
                provider=scope.spec.title,
            ),
            N_("A draft is not an invoice: it has no number, and it is neither reported nor sent to anybody."),
            *(
                N_("{setting}: {value}", setting=field.question, value=words(field, connection.settings[field.name]))
                for field in scope.spec.fields
                if field.is_picked
            ),
        )
    )
    if not options.yes:
        name = N_("Rehearse now?")
        agree(
            scope.prompter,
            yes_or_no(name, Missing("--yes", note=N_("  --yes: {question}", question=name)), marked=True),
        )
        settle(scope.prompter)


def _steps(scope: Scope) -> Steps:
    def show(report: StepReport) -> None:
        message = "" if _is_told_at_the_end(report) else report.message or ""
        scope.output.step(StepResult(LABELS[report.step], report.outcome, report.seconds, message))

    return Steps(scope.output.say, scope.output.busy, show)


def _stoppable(performance: Performance, perform: Callable[[IsStopping], Ending]) -> Ending:
    """Clean up at a first Ctrl-C before leaving; a second one leaves at once, with the note on the disk."""
    try:
        with deferred_interrupt(performance.tell_of_stopping) as is_stopping:
            ending = perform(is_stopping)
            is_stopped = is_stopping()
    except KeyboardInterrupt:
        raise Cancelled(
            N_("Stopped at once; what may be left is noted in {path}.", path=str(performance.path)),
            fix=performance.clean_up_command,
        ) from None
    if not is_stopped or (ending.failure and ending.failure.code == DIFFERS):
        return ending
    if ending.left:
        message = N_("Stopped; what is left is noted in {path}.", path=str(performance.path))
        raise Cancelled(message, fix=performance.clean_up_command)
    raise Cancelled(N_("Stopped; nothing was left at {provider}.", provider=performance.title))


def _remember(scope: Scope, ending: Ending, keep: Keep) -> None:
    """Keep the outcome if there is one to keep; the rehearsal counts all the same where that fails."""
    outcome, code, _ = ending.verdict
    try:
        if outcome != "unknown":
            keep(Rehearsal(scope.clock(), outcome, code), ending.can_write)
        elif ending.can_write is not None:
            keep(None, ending.can_write)
    except StorageFailed as error:
        scope.output.warn(N_("The outcome of the rehearsal could not be stored: {reason}", reason=error.message))


def _show(scope: Scope, ending: Ending) -> None:
    outcome, code, _ = ending.verdict
    report = Report(scope.spec.provider, scope.profile_name, outcome, code, ending.steps, ending.left)
    scope.output.give(document(report), lines(*_in_words(scope, ending)))


def _in_words(scope: Scope, ending: Ending) -> Iterator[str]:
    failure, provider = ending.failure, scope.spec.title
    if failure is None:
        yield ending.words
    else:
        yield from (failure.message, N_("→ {fix}", fix=failure.fix))
        yield from _further(ending.steps, failure)
    for left in ending.left:
        yield _left_in_words(left, provider)
    if failure and not ending.left:
        yield N_("Nothing was left at {provider}.", provider=provider)


def _is_told_at_the_end(report: StepReport) -> bool:
    """Whether a step ended the rehearsal; without an answer about write access it goes on."""
    return report.outcome == "failed" or (report.outcome == "unknown" and report.step != "write_access")


def _further(steps: Sequence[StepReport], failure: BokkoError) -> Iterator[str]:
    """Yield what else went wrong, such as the cleaning up."""
    for report in steps:
        if report.message and report.message != failure.message and _is_told_at_the_end(report):
            yield report.message
            if report.fix:
                yield N_("→ {fix}", fix=report.fix)


def _left_in_words(left: LeftBehind, provider: str) -> str:
    if left.kind == "draft":
        return N_("A draft for {name} may still be at {provider}.", name=left.name, provider=provider)
    return N_("A partner named {name} may still be at {provider}.", name=left.name, provider=provider)
