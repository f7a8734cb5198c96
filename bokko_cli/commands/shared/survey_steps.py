"""Each thing that was asked of a provider as a step: its outcome and its time."""

from collections.abc import Iterator, Sequence

from bokko_cli.errors import BokkoError, Refused
from bokko_cli.model.readiness.live_problems import problems_of_part
from bokko_cli.model.spec import Spec
from bokko_cli.model.values import ORGANIZATION, Connection, Problem, Survey
from bokko_cli.output.base import StepResult


def checked_parts(spec: Spec, connection: Connection, survey: Survey) -> Iterator[StepResult]:
    """Yield a step for each part of a survey, in the order of the settings."""
    names = {ORGANIZATION: spec.account_part, **{field.name: field.question for field in spec.fields}}
    for name, question in names.items():
        part = survey.organization if name == ORGANIZATION else survey.choices.get(name)
        if isinstance(part, BokkoError):
            is_no = isinstance(part, Refused)
            yield StepResult(question, "failed" if is_no else "unknown", survey.seconds.get(name), part.message)
        elif part is not None:
            yield _known(question, survey.seconds.get(name), problems_of_part(spec, connection, survey, name))


def _known(question: str, seconds: float | None, problems: Sequence[Problem]) -> StepResult:
    """Return how a part went that is known: an error fails it, a warning is only told."""
    has_failed = any(problem.level == "error" for problem in problems)
    message = problems[0].message if problems else ""
    return StepResult(question, "failed" if has_failed else "passed", seconds, message)
