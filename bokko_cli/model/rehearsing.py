"""The values of a rehearsal: what it created, how each step went, what is left."""

from collections.abc import Mapping
from typing import Literal, NamedTuple

from bokko_cli.model.wording import N_

Made = Literal["partner", "draft"]
StepName = Literal["write_access", "partner", "draft", "read_back", "clean_up"]
Outcome = Literal["passed", "failed", "unknown", "skipped"]
STEPS: tuple[StepName, ...] = ("write_access", "partner", "draft", "read_back", "clean_up")
LABELS: Mapping[StepName, str] = {
    "write_access": N_("Write access"),
    "partner": N_("Partner"),
    "draft": N_("Draft"),
    "read_back": N_("Read back"),
    "clean_up": N_("Clean up"),
}
BEGIN_OF_NAME = "BOKKO rehearsal"
READ_ONLY = "read_only_key"
"""The code of a refusal to a key that may only read."""


class Draft(NamedTuple):
    """A document that the provider says it has; `is_draft` is `None` where its answer does not tell."""

    id: int
    is_draft: bool | None
    differences: tuple[str, ...] = ()
    """What is not as it was asked for, in sentences; only what the answer names is compared."""
    is_named: bool = True
    """Whether the answer names us, as partner or in an item; one that names somebody else is no draft of ours."""


class StepReport(NamedTuple):
    """How one step went; `seconds` is `None` for one that was not taken."""

    step: StepName
    outcome: Outcome
    message: str | None = None
    fix: str | None = None
    seconds: float | None = None


class LeftBehind(NamedTuple):
    """What may still be at the provider; `id` is `None` where it is not known."""

    kind: Made
    id: int | None
    name: str


class Report(NamedTuple):
    """A whole rehearsal, or the cleaning up after one."""

    provider: str
    profile: str
    outcome: Literal["passed", "failed", "unknown"]
    code: str | None
    steps: tuple[StepReport, ...]
    left_behind: tuple[LeftBehind, ...] = ()


def document(report: Report) -> Mapping[str, object]:
    """Return a report as scripts read it."""
    return {
        "schema": 1,
        "provider": report.provider,
        "profile": report.profile,
        "outcome": report.outcome,
        "code": report.code,
        "steps": [step._asdict() for step in report.steps],
        "left_behind": [left._asdict() for left in report.left_behind],
    }
