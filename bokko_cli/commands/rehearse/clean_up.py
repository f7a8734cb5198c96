"""Deletes what a rehearsal made: only what surely is ours, and a draft only while it is nothing else."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TypeVar

from bokko_cli.errors import BokkoError, ExitCode, RehearsalRefused, Unreachable
from bokko_cli.model.rehearsing import Draft, LeftBehind, Made
from bokko_cli.model.values import Settings
from bokko_cli.model.wording import N_, Sentence, lines
from bokko_cli.providers.rehearsing import Rehearsing
from bokko_cli.store.rehearsal_note import Note

DIFFERS = "draft_differs"
_ONCE_MORE, _PATIENTLY = (1,), (1, 2, 4)
"""By how many times the provider's wait for a second look each look is later than the one before."""
T = TypeVar("T")


@dataclass(slots=True)
class Trace:
    """What is known of one thing that may be at the provider; `is_draft` as this run saw it last.

    `may_be_running` says that the request which makes it may still be under way there: no answer to it came.
    """

    may_exist: bool = False
    id: int | None = None
    is_draft: bool | None = None
    may_be_running: bool = False


@dataclass(slots=True)
class Traces:
    """What may be there of a rehearsal; `strays` are partners that a request made which should have made none.

    `noted_strays` are those of an earlier run: a number in a file, which may be anybody's by now.
    """

    partner: Trace = field(default_factory=Trace)
    draft: Trace = field(default_factory=Trace)
    strays: list[int] = field(default_factory=list)
    noted_strays: list[int] = field(default_factory=list)

    @classmethod
    def of(cls, note: Note, *, may_be_running: bool = False) -> "Traces":
        """Return what an earlier run may have left: nothing is known but what the note says."""
        has_sent_draft = "draft" in note.sent  # only once the partner's answer was there
        partner = Trace("partner" in note.sent, may_be_running=may_be_running and not has_sent_draft)
        draft = Trace(has_sent_draft, may_be_running=may_be_running)
        return cls(partner, draft, noted_strays=[*note.strays])

    def left(self, note: Note) -> tuple[LeftBehind, ...]:
        """Return what may still be there, the draft first."""
        kinds: tuple[tuple[Made, Trace], ...] = (("draft", self.draft), ("partner", self.partner))
        named = [LeftBehind(kind, trace.id, note.partner_name) for kind, trace in kinds if trace.may_exist]
        return (*named, *(LeftBehind("partner", number, "") for number in (*self.strays, *self.noted_strays)))


def not_a_draft(title: str, number: int, path: Path, reasons: Sequence[str] = ()) -> RehearsalRefused:
    """Return that what was made as a draft is something else: only a person may touch it, and its note at `path`."""
    said = N_("Document {number} in {provider} is not a draft.", provider=title, number=str(number))
    return RehearsalRefused(
        lines(said, *reasons),
        ExitCode.NOT_READY,
        DIFFERS,
        fix=N_(
            "Look at document {number} in {provider} now; bokko has not changed it. "
            "Then remove {path}, so that the next rehearsal can begin.",
            provider=title,
            number=str(number),
            path=path,
        ),
    )


@dataclass(frozen=True, slots=True)
class CleanUp:
    """Cleans up after one note, which is kept at `path`.

    `title` is the provider's name, `settings` are those of the connection.
    `doubt` is what to raise where nothing is found, which proves nothing where the account may be another one.
    """

    provider: Rehearsing
    title: str
    note: Note
    path: Path
    settings: Settings
    traces: Traces
    doubt: BokkoError | None = None

    def run(self) -> None:
        """Delete the draft, then its partner; the traces tell what is left.

        Raises Refused, RehearsalRefused and Unreachable; as long as a draft may be there its partner stays.
        """
        if self.doubt and not self._finds_something():
            raise self.doubt
        self._clean_strays()
        if self.traces.draft.may_exist:
            self._clean_draft(self.traces.draft)
            self.traces.draft = Trace()
        if self.traces.partner.may_exist:
            self._clean_partner(self.traces.partner)
            self.traces.partner = Trace()

    def _finds_something(self) -> bool:
        """Whether anything of ours is there, by a name that nothing else bears: this is the account then."""
        traces = self.traces
        if traces.draft.may_exist and self._draft_by_name():
            return True
        return traces.partner.may_exist and bool(self._partners())

    def _clean_strays(self) -> None:
        traces = self.traces
        while traces.strays:
            self._twice(partial(self.provider.delete_partner, traces.strays[0]))
            del traces.strays[0]
        while traces.noted_strays:
            number = traces.noted_strays[0]
            if self.provider.is_nameless(number):
                self._twice(partial(self.provider.delete_partner, number))
            del traces.noted_strays[0]

    def _clean_draft(self, trace: Trace) -> None:
        if trace.is_draft is None:
            self._look_for_draft(trace)
        if trace.id is None:
            return
        if trace.is_draft is not True:
            raise not_a_draft(self.title, trace.id, self.path)
        is_missing = self._twice(partial(self.provider.delete_draft, trace.id))
        if is_missing and self._draft_by_name():
            raise self._to_look_at(
                N_(
                    "{provider} does not delete document {number} and still has it.",
                    provider=self.title,
                    number=str(trace.id),
                )
            )

    def _look_for_draft(self, trace: Trace) -> None:
        """Find out what is there by its `vendor_id`; where there is nothing, the trace stays without an id."""
        found = self._looked_for(self._draft_by_name, trace)
        number = found.id if found and not found.is_named else trace.id
        if number is not None and not (found and found.is_named):
            found = self.provider.read_draft(number, self.settings, self.note.partner_name)
        if found is None:
            return
        trace.id, trace.is_draft = found.id, found.is_draft
        if found.is_draft is None:
            raise self._to_look_at(
                N_(
                    "{provider} does not say whether document {number} is a draft.",
                    provider=self.title,
                    number=str(found.id),
                )
            )

    def _clean_partner(self, trace: Trace) -> None:
        numbers = [trace.id] if trace.id is not None else self._looked_for(self._partners, trace)
        is_missing = self._delete_partners(trace, numbers)
        if is_missing:  # under its number; its name has to tell
            is_missing = self._delete_partners(trace, self._partners())
        if is_missing and self._partners():
            raise self._to_look_at(
                N_(
                    "{provider} does not delete partner {number} and still has it.",
                    provider=self.title,
                    number=str(trace.id),
                )
            )

    def _delete_partners(self, trace: Trace, numbers: Sequence[int]) -> bool:
        """Delete the partners of these numbers; return whether one of them was not there."""
        is_missing = False
        for number in numbers:
            trace.id = number
            is_missing = self._twice(partial(self.provider.delete_partner, number)) or is_missing
        return is_missing

    def _to_look_at(self, message: Sentence) -> Unreachable:
        """Return that nothing is known, or done, until a person has looked."""
        return Unreachable(
            message, fix=N_("Look at it in {provider}, then run the command again.", provider=self.title)
        )

    def _draft_by_name(self) -> Draft | None:
        return self.provider.find_draft(self.note.vendor_id, self.settings, self.note.partner_name)

    def _partners(self) -> Sequence[int]:
        return self.provider.find_partners(self.note.partner_name)

    def _looked_for(self, find: Callable[[], T], trace: Trace) -> T:
        """Look, and again where there was nothing: more often where something may still come."""
        for wait in _PATIENTLY if trace.may_be_running else _ONCE_MORE:
            found = find()
            if found:
                return found
            time.sleep(self.provider.second_look * wait)
        return find()

    def _twice(self, delete: Callable[[], bool]) -> bool:
        """Delete, and once more where no answer came; whether it was not found, as what the first one deleted."""
        try:
            return delete()
        except Unreachable:
            return delete()
