"""A provider of rehearsals that answers from a script, and what a rehearsal with it is made of."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import cast

from bokko_cli.commands.rehearse.steps import Steps
from bokko_cli.model.rehearsing import Draft, StepReport
from bokko_cli.model.values import Settings
from bokko_cli.store.rehearsal_note import Note
from tests.fakes import NOW, OTP, WEBSHOP

NAME = "BOKKO rehearsal 0123456789abcdef"
VENDOR_ID = "bokko-rehearsal-0123456789abcdef"
NOTE = Note("https://api.billingo.hu/v3", "13421739-2-41", "0002", NAME, VENDOR_ID)
SETTINGS: Settings = {"document_block": WEBSHOP, "bank_account": OTP}
PREPARED: Mapping[str, object] = {"block_id": 40101}
Call = tuple[object, ...]
"""What was asked for: the name, then what was given."""

# Every call of a rehearsal whose partner is 7 and whose draft is 9.
TRY: Call = ("try_to_write",)
MAKE_PARTNER: Call = ("make_partner", NAME)
PREPARE: Call = ("prepare", SETTINGS, NAME, NOW)
MAKE_DRAFT: Call = ("make_draft", PREPARED, 7, VENDOR_ID, SETTINGS, NAME)
READ_DRAFT: Call = ("read_draft", 9, SETTINGS, NAME)
FIND_DRAFT: Call = ("find_draft", VENDOR_ID, SETTINGS, NAME)
FIND_PARTNERS: Call = ("find_partners", NAME)
SECOND_LOOK: Call = ("second_look",)
DELETE_DRAFT: Call = ("delete_draft", 9)
DELETE_PARTNER: Call = ("delete_partner", 7)
CLOSE: Call = ("close",)
OURS = Draft(9, is_draft=True)


class Scripted:
    """Answers from a script of call and answer; fails on any other call, and knows what was never asked for.

    An answer that is an error is raised; one that is a function is called, and what it returns is the answer.
    """

    def __init__(self, *script: tuple[Call, object]) -> None:
        self.left = list(script)
        self.asked: list[Call] = []

    @property
    def second_look(self) -> float:
        """Nobody waits in a test, but each time is noted."""
        self.asked.append(SECOND_LOOK)
        return 0.0

    def try_to_write(self) -> int | None:
        return cast("int | None", self._answer("try_to_write"))

    def make_partner(self, name: str) -> int:
        return cast("int", self._answer("make_partner", name))

    def prepare(self, settings: Settings, name: str, clock: Callable[[], datetime]) -> Mapping[str, object]:
        return cast("Mapping[str, object]", self._answer("prepare", settings, name, clock()))

    def make_draft(
        self, prepared: Mapping[str, object], partner: int, vendor_id: str, settings: Settings, name: str
    ) -> Draft:
        return cast("Draft", self._answer("make_draft", prepared, partner, vendor_id, settings, name))

    def read_draft(self, number: int, settings: Settings, name: str) -> Draft:
        return cast("Draft", self._answer("read_draft", number, settings, name))

    def find_draft(self, vendor_id: str, settings: Settings, name: str) -> Draft | None:
        return cast("Draft | None", self._answer("find_draft", vendor_id, settings, name))

    def find_partners(self, name: str) -> tuple[int, ...]:
        return cast("tuple[int, ...]", self._answer("find_partners", name))

    def is_nameless(self, number: int) -> bool:
        return cast("bool", self._answer("is_nameless", number))

    def delete_draft(self, number: int) -> bool:
        return bool(self._answer("delete_draft", number))

    def delete_partner(self, number: int) -> bool:
        return bool(self._answer("delete_partner", number))

    def close(self) -> None:
        self.asked.append(CLOSE)

    def _answer(self, *call: object) -> object:
        self.asked.append(call)
        assert self.left, f"nobody may ask for {call}"
        expected, answer = self.left.pop(0)
        assert call == expected
        answer = answer() if callable(answer) else answer
        if isinstance(answer, BaseException):
            raise answer
        return answer


@dataclass
class Watched:
    """Steps as somebody sees them, line by line."""

    lines: list[str] = field(default_factory=list)

    @property
    def steps(self) -> Steps:
        return Steps(self.lines.append, self._busy, self._show)

    @contextmanager
    def _busy(self, text: str) -> Iterator[Callable[[str], None]]:
        self.lines.append(f"{text}…")
        yield lambda news: self.lines.append(f"{text}: {news}")

    def _show(self, report: StepReport) -> None:
        self.lines.append(f"{report.step} {report.outcome}")
