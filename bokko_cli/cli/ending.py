"""How a command ends: its exit code, and every BokkoError."""

import sys
from collections.abc import Callable
from functools import partial
from types import TracebackType
from typing import NoReturn

import typer

from bokko_cli.cli.assembly import output_of
from bokko_cli.cli.run import Run
from bokko_cli.errors import AnswerLost, BokkoError, Cancelled, ExitCode
from bokko_cli.model.wording import N_
from bokko_cli.output.streams import loss, prepare_streams


def end(run: Run, command: Callable[[], ExitCode]) -> NoReturn:
    """Run a command to its exit code; the only place that catches our errors."""
    prepare_streams()
    sys.excepthook = partial(_report_crash, run)
    if run.options.debug:
        _log_to_standard_error()
    try:
        code = command()
    except BokkoError as error:
        code = _report(run, error)
    except (KeyboardInterrupt, EOFError):
        code = _report(run, Cancelled(N_("Nothing was changed.")))
    loss(sys.stdout)  # told by now, if it matters: what was saved stays saved
    raise typer.Exit(code)


def _log_to_standard_error() -> None:
    import logging

    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(logging.Formatter("%(relativeCreated)6d ms  %(name)s: %(message)s"))
    logger = logging.getLogger("bokko")
    logger.addHandler(handler)
    logger.setLevel(logging.DEBUG)


def _report(run: Run, error: BokkoError) -> ExitCode:
    if run.options.debug:
        _print_traceback(error)
    output = output_of(run._replace(must_answer=False))
    if isinstance(error, AnswerLost):
        output.complain(error)
    else:
        output.refuse(error)
    return error.exit_code


def _print_traceback(error: BaseException) -> None:
    """Print how the error came about, harmlessly: what a server or a proxy said stands in it."""
    from traceback import format_exception

    from bokko_cli.model.text import shown_lines

    sys.stderr.write(shown_lines("".join(format_exception(error))))


def _report_crash(run: Run, kind: type[BaseException], error: BaseException, _at: TracebackType | None) -> None:
    if run.options.debug:
        _print_traceback(error)
    _report(
        run._replace(options=run.options._replace(debug=False)),
        BokkoError(N_("Something unforeseen: {kind}.", kind=kind.__name__)),
    )
