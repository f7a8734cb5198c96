"""From what is wrong with a connection to its state, its exit code and what to read first; pure."""

from collections.abc import Sequence
from typing import Literal

from bokko_cli.errors import ExitCode, KeyRejected, NoApiAccess, NoPermission
from bokko_cli.model.values import Problem, Status

REFUSALS = (KeyRejected.code, NoApiAccess.code, NoPermission.code)

State = Literal["ready", "attention", "inactive", "not_connected"]


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


def weight(problem: Problem) -> int:
    """Return how much a problem weighs, the worst first: refusals stop everything, warnings nothing."""
    return 0 if problem.code in REFUSALS else 1 if problem.level == "error" else 2


def worst(problems: Sequence[Problem]) -> Problem | None:
    """Return what somebody should read first."""
    return min(problems, key=weight, default=None)
