"""How a command ends: its exit code, and every BokkoError."""

import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from types import TracebackType
from typing import NoReturn

import typer

from bokko_cli.cli.assembly import journal_of, output_of
from bokko_cli.cli.journal import Journal
from bokko_cli.cli.run import Run
from bokko_cli.cli.signals import ignore_ctrl_c, restore_before_ending
from bokko_cli.errors import AnswerLost, BokkoError, ExitCode, cancelled
from bokko_cli.model.system_errors import reason_of
from bokko_cli.model.wording import N_
from bokko_cli.output.base import Output
from bokko_cli.output.streams import prepare_streams, write_failure


def end(run: Run, command: Callable[[Output], ExitCode]) -> NoReturn:
    """Run a command to its exit code, with the output of this run; the only place that catches our errors."""
    journal = journal_of(run)
    sys.excepthook = partial(_report_crash, run, journal)
    threading.excepthook = partial(_report_lost, journal)
    sys.unraisablehook = partial(_report_lost, journal)
    prepare_streams()
    restore_before_ending()
    journal.begin()
    output = output_of(run)
    try:
        code = _answered(run, output, command(output))
    except BokkoError as error:
        ignore_ctrl_c()
        code = _report(journal, output, error)
    except (KeyboardInterrupt, EOFError):
        ignore_ctrl_c()
        code = _report(journal, output, cancelled())
    ignore_ctrl_c()
    raise typer.Exit(code)


def _report(journal: Journal, output: Output, error: BokkoError) -> ExitCode:
    journal.ends_with(error)
    if isinstance(error, AnswerLost):
        output.report(error)
    else:
        output.end_with(error)
        if failure := write_failure(sys.stdout):  # to scripts an error is an answer, which did not arrive either
            output.report(error)
            output.warn(N_("The output could not be written: {reason}.", reason=reason_of(failure)))
    return error.exit_code


def _answered(run: Run, output: Output, code: ExitCode) -> ExitCode:
    """Return how a command ends whose answer may be lost: what it saved stays, and only a script depends on more."""
    if not (failure := write_failure(sys.stdout)):
        return code
    lost = N_("All changes are saved, but the answer could not be written: {reason}.", reason=reason_of(failure))
    if not run.as_json:
        output.warn(lost)
        return code
    output.report(AnswerLost(lost, fix=N_("Free some space, then look with {command}", command=run.looking_again)))
    return code or AnswerLost.exit_code


def _report_crash(
    run: Run, journal: Journal, kind: type[BaseException], error: BaseException, _at: TracebackType | None
) -> None:
    try:
        journal.breaks_on(error)
        # With an output of its own: the run's may be what broke.
        output_of(run).end_with(BokkoError(N_("Unexpected error: {kind}.", kind=kind.__name__)))
    except BaseException as another:  # noqa: BLE001 - of a hook that fails Python tells, and quotes both errors
        with suppress(OSError, ValueError):
            sys.stderr.write(f"Error: Unexpected error: {kind.__name__}, then {type(another).__name__}.\n")


def _report_lost(journal: Journal, lost: "threading.ExceptHookArgs | sys.UnraisableHookArgs") -> None:
    """A thread or a clean-up that nobody waits for ends in silence: Python's own report would quote what it holds."""
    if lost.exc_value is not None:
        journal.breaks_on(lost.exc_value)
