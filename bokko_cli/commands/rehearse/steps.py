"""Steps with their outcomes, each shown as soon as it is known."""

import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field, replace

from bokko_cli.errors import BokkoError, KeyRejected, Refused, RehearsalRefused, UnexpectedAnswer, Unreachable
from bokko_cli.model.rehearsing import LABELS, Outcome, StepName, StepReport


@dataclass(slots=True)
class TakenStep:
    """A step that was taken: `error` is why it did not pass, if it did not."""

    error: BokkoError | None = None

    @property
    def changed_nothing(self) -> bool:
        """Whether the provider itself said no, or the request surely did not arrive there."""
        never_arrived = isinstance(self.error, Unreachable) and not self.error.was_sent
        return never_arrived or isinstance(self.error, RehearsalRefused)

    @property
    def may_be_running(self) -> bool:
        """Whether the request may still be under way at the provider: no answer told of it."""
        return isinstance(self.error, Unreachable) and not isinstance(self.error, UnexpectedAnswer)


@dataclass(slots=True)
class Steps:
    """What was done so far; `busy` shows that a step takes time, `show` how it went."""

    say: Callable[[str], None]
    busy: Callable[[str], AbstractContextManager[Callable[[str], None]]]
    show: Callable[[StepReport], None]
    reports: list[StepReport] = field(default_factory=list)
    _change: Callable[[str], None] | None = None

    def unshown(self) -> "Steps":
        """Return steps of their own that nobody sees."""
        return replace(self, show=lambda _: None, reports=[])

    def tell(self, text: str) -> None:
        """Tell news: beside the step that is being taken, else as a line."""
        (self._change or self.say)(text)

    @contextmanager
    def take(self, step: StepName, *, at_worst: Outcome = "unknown") -> Iterator[TakenStep]:
        """Take a step: what the provider refuses or leaves unanswered ends it, any other failure passes through.

        `at_worst` is the outcome where no answer tells.
        """
        started, taken = time.monotonic(), TakenStep()
        with self.busy(LABELS[step]) as change:
            self._change = change
            try:
                yield taken
            except (Refused, RehearsalRefused, Unreachable) as error:
                taken.error = error
            finally:
                self._change = None
        seconds = round(time.monotonic() - started, 2)
        outcome = _outcome(taken.error, at_worst)
        message, fix = (taken.error.message, taken.error.fix) if taken.error else (None, None)
        self.add(StepReport(step, outcome, message, fix, seconds))

    def skip(self, step: StepName) -> None:
        """Report a step that was not taken."""
        self.add(StepReport(step, "skipped"))

    def has(self, step: StepName) -> bool:
        """Whether a step has been reported."""
        return any(report.step == step for report in self.reports)

    def add(self, report: StepReport) -> None:
        """Report a step."""
        self.reports.append(report)
        self.show(report)


def _outcome(error: BokkoError | None, at_worst: Outcome) -> Outcome:
    if error is None:
        return "passed"
    return "failed" if isinstance(error, RehearsalRefused | KeyRejected) else at_worst
