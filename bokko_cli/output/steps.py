"""How a step went: a sign and words where it is seen, words alone where it is heard; pure."""

from bokko_cli.model.wording import N_
from bokko_cli.output.base import StepResult

STEP_STYLES = {"passed": "green", "failed": "bold red", "unknown": "yellow", "skipped": ""}
_SIGNS = {"passed": "✓", "failed": "✗", "unknown": "!", "skipped": "·"}
_OUTCOMES = {
    "passed": N_("passed"),
    "failed": N_("failed"),
    "unknown": N_("not known"),
    "skipped": N_("skipped"),
}


def drawn(step: StepResult) -> str:
    """Return a step behind its sign, with its time."""
    told = N_("{sign} {step}", sign=_SIGNS[step.outcome], step=step.name)
    if step.message:
        told = N_("{sign} {step}: {message}", sign=_SIGNS[step.outcome], step=step.name, message=step.message)
    return _timed(told, step)


def spoken(step: StepResult) -> str:
    """Return a step with its outcome in a word, and its time."""
    told = N_("{step}: {outcome}", step=step.name, outcome=_OUTCOMES[step.outcome])
    if step.message:
        told = N_("{step}: {outcome}: {message}", step=step.name, outcome=_OUTCOMES[step.outcome], message=step.message)
    return _timed(told, step)


def _timed(told: str, step: StepResult) -> str:
    return told if step.seconds is None else N_("{told} ({seconds:.1f} s)", told=told, seconds=step.seconds)
