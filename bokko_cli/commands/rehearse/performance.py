"""A whole rehearsal with what an earlier one left, or the cleaning up alone; the note goes when nothing is left."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from bokko_cli.commands.rehearse.clean_up import Traces
from bokko_cli.commands.rehearse.course import NOT_CLEAN, Course, Occasion, Verdict, verdict
from bokko_cli.commands.rehearse.interrupt import IsStopping
from bokko_cli.commands.rehearse.steps import Steps
from bokko_cli.errors import BokkoError, ExitCode, RehearsalRefused, StorageFailed, Unreachable
from bokko_cli.model.apikey import ApiKey
from bokko_cli.model.rehearsing import STEPS, LeftBehind, StepReport
from bokko_cli.model.values import Connection
from bokko_cli.model.wording import N_
from bokko_cli.providers.rehearsing import Rehearsing
from bokko_cli.store.rehearsal_note import Note, block_of, clear_note, is_fresh, mark_of, new_names, read_note


class Ending(NamedTuple):
    """How it ended: what failed if something did, the steps, what is left, and what was learned of the key."""

    verdict: Verdict
    failure: BokkoError | None
    words: str
    """What to say where nothing failed."""
    steps: tuple[StepReport, ...]
    left: tuple[LeftBehind, ...] = ()
    can_write: bool | None = None

    @property
    def exit_code(self) -> ExitCode:
        """The exit code of the command."""
        return self.verdict.exit_code


@dataclass(frozen=True, slots=True)
class Performance:
    """What a rehearsal needs of the world; `seen` is the connection, `open` opens the provider."""

    seen: Connection
    title: str
    path: Path
    steps: Steps
    open: Callable[[Callable[[str], None]], Rehearsing]
    clock: Callable[[], datetime]
    clean_up_command: str
    key: ApiKey
    """The one in use, which need not be the one that the connection was made with."""

    def tell_of_stopping(self) -> None:
        """Say what a first Ctrl-C does."""
        self.steps.tell(N_("Finishing this step, then cleaning up. Press Ctrl-C again to leave at once."))

    def rehearse(self, is_stopping: IsStopping) -> Ending:
        """Clean up what an earlier rehearsal left, then take all steps; nothing is written before that is gone."""
        earlier = read_note(self.path)
        return self._opened(is_stopping, lambda occasion: self._rehearsed(occasion, earlier))

    def clean(self, is_stopping: IsStopping) -> Ending:
        """Clean up what an earlier rehearsal left, and nothing else."""
        earlier = read_note(self.path)
        if earlier is None:
            words = N_("No rehearsal was left unfinished, so there is nothing to clean up.")
            return Ending(verdict(None), None, words, (StepReport("clean_up", "passed", seconds=0.0),))
        ending = self._opened(is_stopping, lambda occasion: self._cleaned(occasion, earlier, self.steps))
        code = ExitCode.UNREACHABLE if ending.failure else ExitCode.DONE
        return ending._replace(verdict=ending.verdict._replace(exit_code=code))

    def _opened(self, is_stopping: IsStopping, perform: Callable[[Occasion], Ending]) -> Ending:
        provider = self.open(self.steps.tell)
        try:
            return perform(
                Occasion(
                    provider=provider,
                    title=self.title,
                    settings=self.seen.settings,
                    path=self.path,
                    clock=self.clock,
                    is_stopping=is_stopping,
                    clean_up_command=self.clean_up_command,
                )
            )
        finally:
            provider.close()

    def _rehearsed(self, occasion: Occasion, earlier: Note | None) -> Ending:
        if earlier:
            before = self.steps.unshown()
            ending = self._cleaned(occasion, earlier, before)
            if ending.failure:
                return ending._replace(steps=self._only_cleaned(before))
        rehearsal = Course(occasion, self._new_note(), self.steps)
        try:
            rehearsal.run()
        finally:
            self._clear_note_after(rehearsal)
        return self._ended(rehearsal, N_("Invoicing will work: the draft came back exactly as requested."))

    def _only_cleaned(self, before: Steps) -> tuple[StepReport, ...]:
        """Report a rehearsal that did not begin, since what an earlier one left is still there."""
        for step in STEPS[:-1]:
            self.steps.skip(step)
        for report in before.reports:
            self.steps.add(report)
        return tuple(self.steps.reports)

    def _cleaned(self, occasion: Occasion, earlier: Note, steps: Steps) -> Ending:
        if not earlier.is_of(self.seen, self.key):
            return self._of_another_account(earlier, steps)
        rehearsal = Course.of_earlier(
            occasion, earlier, steps, self._doubt_about(earlier), may_be_running=is_fresh(self.path)
        )
        rehearsal.clean_up()
        self._clear_note_after(rehearsal)
        return self._ended(rehearsal, N_("What an earlier rehearsal had left has been deleted."))

    def _of_another_account(self, earlier: Note, steps: Steps) -> Ending:
        """Leave everything as it is: in the account that is connected now nothing would be found."""
        failure = RehearsalRefused(
            N_("An earlier rehearsal was made in a different account from the one connected now."),
            ExitCode.NOT_READY,
            NOT_CLEAN,
            fix=N_(
                "Connect that account again and run: {command}. Or delete {name} there by hand, then the file {path}.",
                command=self.clean_up_command,
                name=earlier.partner_name,
                path=str(self.path),
            ),
        )
        steps.add(StepReport("clean_up", "failed", failure.message, failure.fix))
        return Ending(verdict(failure), failure, "", tuple(steps.reports), Traces.of(earlier).left(earlier))

    def _doubt_about(self, earlier: Note) -> BokkoError | None:
        """Return what it means if nothing is found, `None` where that can only be that nothing is there."""
        if earlier.is_surely_of(self.seen, self.key):
            return None
        return Unreachable(
            N_(
                "This key finds nothing of the earlier rehearsal, which was made with a different key, perhaps "
                "in a different account."
            ),
            fix=N_(
                "With that key, run: {command}. Or delete {name} at {provider} by hand, then the file {path}.",
                command=self.clean_up_command,
                name=earlier.partner_name,
                provider=self.title,
                path=str(self.path),
            ),
        )

    def _clear_note_after(self, rehearsal: Course) -> None:
        """Remove the note where nothing is left; one that stays costs the next rehearsal a look, and no more."""
        if rehearsal.left:
            return
        try:
            clear_note(self.path)
        except StorageFailed as error:
            self.steps.tell(error.message)

    def _ended(self, rehearsal: Course, words: str) -> Ending:
        steps = tuple(rehearsal.steps.reports)
        return Ending(rehearsal.verdict, rehearsal.failure, words, steps, rehearsal.left, rehearsal.can_write)

    def _new_note(self) -> Note:
        partner_name, vendor_id = new_names()
        return Note(
            endpoint=self.seen.endpoint,
            account_tax_code=self.seen.account_tax_code,
            key_hint=self.key.hint,
            partner_name=partner_name,
            vendor_id=vendor_id,
            document_block=block_of(self.seen, self.key),
            key_mark=mark_of(self.key, vendor_id),
        )
