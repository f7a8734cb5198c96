"""A rehearsal from its first step to its last: each is noted before it is taken, and what they made is deleted."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Literal, NamedTuple

from bokko_cli.commands.rehearse.clean_up import DIFFERS, CleanUp, Traces, not_a_draft
from bokko_cli.commands.rehearse.steps import Steps
from bokko_cli.errors import BokkoError, ExitCode, KeyRejected, RehearsalRefused, Unreachable
from bokko_cli.model.rehearsing import READ_ONLY, STEPS, Draft, LeftBehind, Made
from bokko_cli.model.values import Settings
from bokko_cli.model.wording import N_, lines
from bokko_cli.providers.rehearsing import Prepared, Rehearsing
from bokko_cli.store.rehearsal_note import Note, write_note

UNREACHABLE = "unreachable"
NOT_CLEAN = "clean_up_failed"


class Verdict(NamedTuple):
    """What a rehearsal comes to: its outcome, its code and the exit code."""

    outcome: Literal["passed", "failed", "unknown"]
    code: str | None
    exit_code: ExitCode


def verdict(failure: BokkoError | None) -> Verdict:
    """Return what the first failure means; without an answer that tells, nothing is known."""
    if failure is None:
        return Verdict("passed", None, ExitCode.DONE)
    if isinstance(failure, RehearsalRefused | KeyRejected):
        return Verdict("failed", failure.code, failure.exit_code)
    return Verdict("unknown", UNREACHABLE, ExitCode.UNREACHABLE)


@dataclass(frozen=True, slots=True)
class Occasion:
    """What a rehearsal takes place with; `is_stopping` tells whether somebody wants to leave."""

    provider: Rehearsing
    title: str
    settings: Settings
    path: Path
    clock: Callable[[], datetime]
    is_stopping: Callable[[], bool]
    clean_up_command: str


@dataclass(slots=True)
class Course:
    """One rehearsal; `failure` is what it ends with, `can_write` what it learned of the key."""

    occasion: Occasion
    note: Note
    steps: Steps
    failure: BokkoError | None = None
    can_write: bool | None = None
    traces: Traces = field(default_factory=Traces)
    cleans_only: bool = False
    doubt: BokkoError | None = None

    @classmethod
    def of_earlier(
        cls, occasion: Occasion, note: Note, steps: Steps, doubt: BokkoError | None, *, may_be_running: bool = False
    ) -> "Course":
        """Return what is left to do of a rehearsal that was not ended: cleaning up.

        `doubt` is what it ends with where nothing is found and that proves nothing.
        """
        traces = Traces.of(note, may_be_running=may_be_running)
        return cls(occasion, note, steps, traces=traces, cleans_only=True, doubt=doubt)

    @property
    def left(self) -> tuple[LeftBehind, ...]:
        """What may still be at the provider."""
        return self.traces.left(self.note)

    def run(self) -> None:
        """Take the steps and clean up whatever came of them.

        Raises StorageFailed where the note could not be kept; what it would have told of was not sent then.
        """
        try:
            self._take_steps()
        except Exception:  # a bug too: whatever was made is deleted first
            self.clean_up()
            raise
        self.clean_up()

    def clean_up(self) -> None:
        """Report the steps that were not taken, and delete what the others made."""
        for step in () if self.cleans_only else STEPS[:-1]:
            if not self.steps.has(step):
                self.steps.skip(step)
        if not self.left:
            self.steps.skip("clean_up")
            return
        occasion = self.occasion
        cleaning = CleanUp(
            occasion.provider, occasion.title, self.note, occasion.path, occasion.settings, self.traces, self.doubt
        )
        with self.steps.take("clean_up", at_worst="unknown" if self.cleans_only else "failed") as taken:
            cleaning.run()
        if taken.error:
            self._fail(self._not_clean(taken.error))

    def _not_clean(self, error: BokkoError) -> BokkoError:
        """Return the error as this run tells it; who only cleans up is told that it is not known, where it is not."""
        if error.code == DIFFERS or (self.cleans_only and not isinstance(error, RehearsalRefused)):
            return error
        return RehearsalRefused(error.message, ExitCode.NOT_READY, NOT_CLEAN, fix=self.occasion.clean_up_command)

    def _take_steps(self) -> None:
        self._keep()
        if not self._may_go_on() or not self._write_access() or not self._may_go_on():
            return
        partner = self._partner()
        if partner is None or not self._may_go_on():
            return
        draft = self._draft(partner)
        if draft is not None and self._may_go_on():
            self._read_back(draft)

    def _may_go_on(self) -> bool:
        return not self.occasion.is_stopping()

    def _keep(self, kind: Made | None = None) -> None:
        """Have the note on the disk before what it tells of is sent."""
        note = self.note._replace(sent=(*self.note.sent, kind)) if kind else self.note
        write_note(self.occasion.path, note)
        self.note = note

    def _write_access(self) -> bool:
        """Tell whether to go on, which is also where nobody knows."""
        with self.steps.take("write_access") as taken:
            stray = self._tried_to_write()
            self.can_write = True
            if stray is not None:
                self.traces.strays = [stray]
                self.note = self.note._replace(strays=(stray,))
                self._keep()
        if self.steps.reports[-1].outcome != "failed":
            return True
        self._fail(taken.error)
        return False

    def _tried_to_write(self) -> int | None:
        """Try; a no that is about something else than the key leaves open whether it may write."""
        try:
            return self.occasion.provider.try_to_write()
        except RehearsalRefused as refusal:
            if refusal.code in (READ_ONLY, KeyRejected.code):
                raise
            raise Unreachable(refusal.message, fix=refusal.fix) from None

    def _partner(self) -> int | None:
        trace = self.traces.partner
        self._keep("partner")
        trace.may_exist = True
        with self.steps.take("partner") as taken:
            trace.id = self.occasion.provider.make_partner(self.note.partner_name)
        trace.may_exist, trace.may_be_running = not taken.changed_nothing, taken.may_be_running
        self._fail(taken.error)
        return trace.id

    def _draft(self, partner: int) -> Draft | None:
        trace, draft = self.traces.draft, None
        with self.steps.take("draft") as taken:
            prepared = self.occasion.provider.prepare(
                self.occasion.settings, self.note.partner_name, self.occasion.clock
            )
            self._keep("draft")
            trace.may_exist = True
            draft = self._made(prepared, partner)
            # That it is a draft, and ours, counts once it was read back; until then it is looked for by our own name.
            trace.id, trace.is_draft = draft.id, None if draft.is_draft else draft.is_draft
            self._refuse_other_than_draft(draft)
        trace.may_exist = trace.may_exist and (trace.id is not None or not taken.changed_nothing)
        trace.may_be_running = taken.may_be_running
        self._fail(taken.error)
        return None if taken.error else draft

    def _made(self, prepared: Prepared, partner: int) -> Draft:
        occasion, note = self.occasion, self.note
        return occasion.provider.make_draft(prepared, partner, note.vendor_id, occasion.settings, note.partner_name)

    def _read_back(self, draft: Draft) -> None:
        with self.steps.take("read_back") as taken:
            found = self.occasion.provider.read_draft(draft.id, self.occasion.settings, self.note.partner_name)
            if found.is_draft is False or (found.is_draft and found.is_named):
                self.traces.draft.is_draft = found.is_draft
            self._refuse_other_than_draft(found)
            if found.differences:
                raise _differs(found.differences)
        self._fail(taken.error)

    def _refuse_other_than_draft(self, draft: Draft) -> None:
        if draft.is_draft is False:
            raise not_a_draft(self.occasion.title, draft.id, self.occasion.path, draft.differences)

    @property
    def verdict(self) -> Verdict:
        """What it all comes to."""
        return verdict(self.failure)

    def _fail(self, error: BokkoError | None) -> None:
        """Remember the first failure, unless something is no draft, which comes before all."""
        if error and (self.failure is None or error.code == DIFFERS):
            self.failure = error
        if isinstance(error, RehearsalRefused) and error.code == READ_ONLY and not self.traces.partner.may_exist:
            self.can_write = False


def _differs(differences: Sequence[str]) -> RehearsalRefused:
    return RehearsalRefused(
        lines(N_("The draft that came back differs from the settings."), *differences),
        ExitCode.NOT_READY,
        DIFFERS,
        fix=N_("Choose other settings, or change them at the provider, then rehearse again."),
    )
