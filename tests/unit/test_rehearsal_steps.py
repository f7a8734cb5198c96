"""Steps with their times, and Ctrl-C as a wish: what each notes, and that nothing is changed by looking."""

import signal
import threading
import time

import pytest

from bokko_cli.commands.rehearse.interrupt import deferred_interrupt
from bokko_cli.errors import ExitCode, KeyRejected, NoPermission, RehearsalRefused, StorageFailed, Unreachable
from bokko_cli.model.rehearsing import StepReport
from tests.scripted_rehearsal import Watched

NO = RehearsalRefused("No.", ExitCode.REFUSED, "write_refused", fix="Tomorrow.")
LOST = Unreachable("Lost.", fix="Again.")


def test_step_is_timed_to_the_hundredth(monkeypatch: pytest.MonkeyPatch) -> None:
    times = iter([10.0, 11.2345])
    steps = Watched().steps
    with monkeypatch.context() as patched:
        patched.setattr(time, "monotonic", lambda: next(times))
        with steps.take("draft"):
            pass
    assert steps.reports == [StepReport("draft", "passed", None, None, 1.23)]


@pytest.mark.parametrize(
    ("error", "outcome"),
    [(NO, "failed"), (KeyRejected("No."), "failed"), (NoPermission("No."), "unknown"), (LOST, "unknown")],
)
def test_step_that_fails_is_reported_with_why(error: RehearsalRefused, outcome: str) -> None:
    steps = Watched().steps
    with steps.take("partner") as taken:
        raise error
    assert taken.error is error
    (report,) = steps.reports
    assert (report.outcome, report.message, report.fix) == (outcome, error.message, error.fix)


def test_outcome_at_worst_is_that_where_nobody_knows() -> None:
    steps = Watched().steps
    with steps.take("clean_up", at_worst="failed"):
        raise LOST
    with steps.take("clean_up", at_worst="skipped"):
        raise NO
    assert [report.outcome for report in steps.reports] == ["failed", "failed"]


def test_other_failures_pass_through_unreported() -> None:
    watched = Watched()
    steps = watched.steps
    with pytest.raises(StorageFailed), steps.take("draft"):
        raise StorageFailed("Full.")
    steps.tell("News.")
    assert (steps.reports, watched.lines) == ([], ["Draft…", "News."])


@pytest.mark.parametrize(
    ("error", "changed_nothing"), [(None, False), (NO, True), (LOST, False), (KeyRejected("No."), False)]
)
def test_only_a_no_to_the_write_itself_means_that_nothing_changed(
    error: RehearsalRefused | None, changed_nothing: bool
) -> None:
    with Watched().steps.take("partner") as taken:
        if error:
            raise error
    assert taken.changed_nothing is changed_nothing


def test_steps_of_their_own_are_neither_shown_nor_mixed_with_others() -> None:
    watched = Watched()
    steps = watched.steps
    steps.skip("draft")
    others = steps.unshown()
    others.skip("partner")
    assert (steps.has("partner"), others.has("partner"), others.has("draft")) == (False, True, False)
    assert watched.lines == ["draft skipped"]


def test_wish_to_leave_is_noted_even_where_it_cannot_be_told() -> None:
    def busy() -> None:
        raise RuntimeError("reentrant call")

    before = signal.getsignal(signal.SIGINT)
    with deferred_interrupt(busy) as is_stopping:
        assert not is_stopping()
        signal.raise_signal(signal.SIGINT)
        assert is_stopping()
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(signal.SIGINT)
    assert signal.getsignal(signal.SIGINT) is before


def test_signals_are_left_alone_on_another_thread() -> None:
    before, seen = signal.getsignal(signal.SIGINT), list[bool]()

    def perform() -> None:
        with deferred_interrupt(lambda: None) as is_stopping:
            seen.append(is_stopping() or signal.getsignal(signal.SIGINT) is not before)

    thread = threading.Thread(target=perform)
    thread.start()
    thread.join()
    assert seen == [False]
