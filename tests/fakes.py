"""A world for commands without terminal, network, keyring or clock: fakes that fail on anything unexpected."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import ClassVar, TypeVar

from bokko_cli.commands import configure, connect, disconnect, lists, status
from bokko_cli.context import Context, Scope
from bokko_cli.deadline import Deadline
from bokko_cli.errors import BokkoError, ExitCode, KeyRejected
from bokko_cli.model.apikey import ApiKey
from bokko_cli.model.invocation import BARE, Invocation
from bokko_cli.model.spec import Spec
from bokko_cli.model.values import (
    BankAccount,
    Block,
    Connection,
    Item,
    Organization,
    Overview,
    Row,
    Slot,
    Status,
    Storage,
    Survey,
    Unread,
    WriteAccess,
)
from bokko_cli.output.base import Output, StepResult
from bokko_cli.prompter.accessible import PlainSurface
from bokko_cli.prompter.answer_table import review_lines
from bokko_cli.prompter.base import NoPrompter, Prompter
from bokko_cli.prompter.person import PersonPrompter
from bokko_cli.prompter.question import Answer, Back, Nothing, Pick, Typed
from bokko_cli.providers.billingo.fields import SPEC
from bokko_cli.providers.rehearsing import OpenRehearsal

NOW = datetime(2026, 11, 22, 21, 57, 40, tzinfo=UTC)
KEY = "63faa428-9044-11ea-8ed0-0242ac120002"
WEBSHOP = Block(40101, "Webshop", "WEB")
BOLT = Block(40102, "Bolt", "B")
OTP = BankAccount(7001, "OTP HUF", "11773016-11111018-00000000", "HUF")
ERSTE = BankAccount(7002, "Erste EUR", "11600006-00000000-12345676", "EUR")
ORGANIZATION = Organization("13421739-2-41", date(2099, 12, 31), has_nav_connection=True)

CHOSEN: dict[str, str | bool | None] = {"document_block": "40101", "bank_account": "7001"}

BACK = Nothing.BACK
ENTER = object()
"""Accepts what is marked."""
QUESTIONS = (
    "Document block",
    "Bank account",
    "Default VAT rate",
    "Default payment method",
    "Tax number",
    "Invoice capable",
    "Accepts business clients",
)
"""What the wizard of Billingo asks, in order."""
ALL_MARKED = [(question, ENTER) for question in QUESTIONS]
Script = tuple[str, object]
T = TypeVar("T")


class Person:
    """Answers from a script of question and answer; fails on another question, and knows what was never asked.

    A list is answered by a row's name, a text by what is typed, a yes or a no (in a list too) by `True` and `False`;
    `ENTER` takes what is
    marked and `BACK` goes back. `enters` says what Enter alone would have answered, question by question.
    """

    can_edit = True

    def __init__(self, *script: Script) -> None:
        self.left = list(script)
        self.enters: list[tuple[str, object]] = []

    def prompter(self, output: Output) -> PersonPrompter:
        return PersonPrompter(self, str, output.say, output.report_before_asking, lambda: None)

    def review(self, answers: Sequence[Answer]) -> Sequence[str]:
        return review_lines(answers, 80)

    def pick(self, name: str, form: Pick[T], *, can_go_back: bool) -> int | Back:  # noqa: ARG002 - Esc is a key everywhere
        names = [option.name for option in form.options]
        answer = self._next(name, names[form.marked])
        if isinstance(answer, bool):
            answer = next(name for name in names if name.startswith("Yes" if answer else "No"))
        return answer if answer is Nothing.BACK else names.index(str(answer))

    def type(self, name: str, form: Typed[T], *, can_go_back: bool) -> str | Back:  # noqa: ARG002 - the same
        answer = self._next(name, form.begins_with)
        return answer if answer is Nothing.BACK else str(answer)

    def yes_or_no(self, name: str, *, marked: bool, can_go_back: bool) -> bool | Back:  # noqa: ARG002 - the same
        answer = self._next(name, marked)
        assert answer is Nothing.BACK or isinstance(answer, bool)
        return answer

    def _next(self, name: str, enter: object) -> object:
        assert self.left, f"asked {name!r}, and no answer is left"
        self.enters.append((name, enter))
        expected, answer = self.left.pop(0)
        assert expected == name, f"asked {name!r} instead of {expected!r}"
        return enter if answer is ENTER else answer


class PlainPerson(Person):
    """The same person, who is asked in plain lines and types into them; keeps every line heard.

    An answer must come back as what was meant by it.
    """

    def __init__(self, *script: Script) -> None:
        super().__init__(*script)
        self.heard: list[str] = []
        self._typing: list[str] = []
        self._lines = PlainSurface(str, self._read, self.heard.append, lambda: 80)

    def pick(self, name: str, form: Pick[T], *, can_go_back: bool) -> int | Back:
        meant = super().pick(name, form, can_go_back=can_go_back)
        if meant is Nothing.BACK and not can_go_back:
            return meant
        self._typing.append("b" if meant is Nothing.BACK else str(meant + 1))
        found = self._lines.pick(name, form, can_go_back=can_go_back)
        assert found == meant
        return found

    def type(self, name: str, form: Typed[T], *, can_go_back: bool) -> str | Back:
        meant = super().type(name, form, can_go_back=can_go_back)
        if meant is Nothing.BACK and not can_go_back:
            return meant
        self._typing.append("b" if meant is Nothing.BACK else meant or ("-" if form.begins_with else ""))
        found = self._lines.type(name, form, can_go_back=can_go_back)
        assert found == meant
        return found

    def yes_or_no(self, name: str, *, marked: bool, can_go_back: bool) -> bool | Back:
        meant = super().yes_or_no(name, marked=marked, can_go_back=can_go_back)
        if meant is Nothing.BACK and not can_go_back:
            return meant
        self._typing.append("b" if meant is Nothing.BACK else "y" if meant else "n")
        found = self._lines.yes_or_no(name, marked=marked, can_go_back=can_go_back)
        assert found == meant
        return found

    def _read(self, _is_secret: bool) -> str:
        return self._typing.pop(0)


@dataclass
class RecordingOutput:
    """Keeps what was said; `told` is all of it in order, as lines for people."""

    told: list[str] = field(default_factory=list)
    statuses: list[Status] = field(default_factory=list)
    rows: list[Sequence[Mapping[str, object]]] = field(default_factory=list)
    answers: list[str] = field(default_factory=list)
    items: list[Item] = field(default_factory=list)
    profiles: list[Overview | Unread] = field(default_factory=list)
    connections: list[Status | Unread] = field(default_factory=list)
    documents: list[Mapping[str, object]] = field(default_factory=list)
    asked_about: list[BokkoError] = field(default_factory=list)
    """What somebody was asked about, who is not told again."""

    def say(self, text: str = "") -> None:
        self.told.append(text)

    def warn(self, text: str) -> None:
        self.told.append(f"Warning: {text}")

    def report(self, error: BokkoError) -> None:
        self.told.append(f"Error: {error.message}\n{error.fix}")

    def report_before_asking(self, error: BokkoError) -> None:
        self.asked_about.append(error)
        self.report(error)

    def end_with(self, error: BokkoError) -> None:
        self.report(error)

    def step(self, step: StepResult) -> None:
        self.told.append(f"{step.name}: {step.outcome}")

    def answer(self, text: str) -> None:
        self.answers.append(text)

    def explain(self, text: str) -> None:
        self.answers.append(text)

    def show(self, status: Status) -> None:
        self.statuses.append(status)

    def show_all(self, statuses: Sequence[Status]) -> None:
        self.statuses.extend(statuses)

    def show_rows(self, rows: Sequence[Mapping[str, object]]) -> None:
        self.rows.append(rows)

    def found(self, item: Item) -> None:
        self.items.append(item)

    def show_diagnosis(self, items: Sequence[Item]) -> None:
        assert list(items) == self.items

    def show_profiles(self, profiles: Sequence[Overview | Unread]) -> None:
        self.profiles.extend(profiles)

    def show_connections(self, statuses: Sequence[Status | Unread], spec: Spec) -> None:
        assert spec.fields
        self.connections.extend(statuses)

    def give(self, document: Mapping[str, object], words: str) -> None:
        self.documents.append(document)
        self.told.append(words)

    @contextmanager
    def busy(self, text: str) -> Iterator[Callable[[str], None]]:
        assert text
        yield self.say

    @contextmanager
    def counted(self, text: str, total: int) -> Iterator[Callable[[], None]]:
        assert text
        yield lambda: self.say(f"one of {total}")


@dataclass
class DictSecrets:
    """A place for secrets in memory; `failure` is raised by every method while it is set."""

    kept: dict[Slot, str] = field(default_factory=dict)
    failure: BokkoError | None = None

    def read(self, slot: Slot) -> ApiKey | None:
        self._fail()
        return ApiKey(self.kept[slot]) if slot in self.kept else None

    def write(self, slot: Slot, key: ApiKey) -> None:
        self._fail()
        self.kept[slot] = key.reveal()

    def delete(self, slot: Slot) -> None:
        self._fail()
        self.kept.pop(slot, None)

    def probe(self) -> None:
        self._fail()

    def entry(self, slot: Slot) -> str:
        return f"memory, slot {slot}"

    def _fail(self) -> None:
        if self.failure:
            raise self.failure


@dataclass
class MemoryProvider:
    """A provider to change at will; `failing` parts are by name, `outages` are raised for everything, one a call."""

    key: str = KEY
    organization: Organization = ORGANIZATION
    choices: dict[str, tuple[Row, ...]] = field(
        default_factory=lambda: {"document_block": (WEBSHOP, BOLT), "bank_account": (OTP, ERSTE)}
    )
    failing: dict[str, BokkoError] = field(default_factory=dict)
    outages: list[BokkoError] = field(default_factory=list)
    opened: list[tuple[str, str]] = field(default_factory=list)
    open_now: int = 0
    can_write: bool | None = None
    tried_to_write: int = 0
    _used: str = ""

    def open(self, endpoint: str, key: ApiKey, _tell: Callable[[str], None]) -> "MemoryProvider":
        self.opened.append((endpoint, key.reveal()))
        self.open_now += 1
        self._used = key.reveal()
        return self

    def close(self) -> None:
        self.open_now -= 1

    def survey(self, *, tries_to_write: bool = False) -> Survey:
        access = WriteAccess(self.can_write) if tries_to_write else WriteAccess()
        self.tried_to_write += tries_to_write
        general = self._general()
        organization = general or self.failing.get("organization") or self.organization
        choices = {name: general or self.failing.get(name) or rows for name, rows in self.choices.items()}
        return Survey(organization, choices, write_access=access)

    def listed(self, name: str) -> tuple[Row, ...]:
        failure = self._general() or self.failing.get(name)
        if failure:
            raise failure
        return self.choices[name]

    def _general(self) -> BokkoError | None:
        if self.outages:
            return self.outages.pop(0)
        return None if self._used == self.key else KeyRejected("Billingo refused this key.")


def _no_rehearsal(spec: Spec, _deadline: Deadline) -> OpenRehearsal:
    raise AssertionError(f"{spec.provider} was opened for a rehearsal")


@dataclass
class World:
    """Everything round one profile; commands run in it as the app would run them, and may be looked at afterwards."""

    folder: Path
    environ: dict[str, str] = field(default_factory=dict)
    provider: MemoryProvider = field(default_factory=MemoryProvider)
    secrets: dict[Storage, DictSecrets] = field(
        default_factory=lambda: {"keyring": DictSecrets(), "file": DictSecrets()}
    )
    output: RecordingOutput = field(default_factory=RecordingOutput)
    now: datetime = NOW
    standard_input: str = ""
    is_sandbox: bool = False
    invocation: Invocation = BARE
    spec: Spec = SPEC
    profile_name: str = "default"
    person: Person = field(default_factory=Person)

    new_person: ClassVar[type[Person]] = Person
    """How a person is asked: a test may run for each way."""
    """Who was asked last."""

    def context(self, prompter: Prompter) -> Context:
        return Context(
            environ=self.environ,
            folder=self.folder,
            profile_name=self.profile_name,
            invocation=self.invocation,
            specs={self.spec.provider: self.spec},
            output=self.output,
            prompter=prompter,
            clock=lambda: self.now,
            deadline=Deadline(),
            sandbox_url=(lambda spec: f"http://127.0.0.1:1{spec.sandbox_path}") if self.is_sandbox else None,
            opener=lambda _spec, _deadline: self.provider.open,
            rehearsal_opener=_no_rehearsal,
            warm_up=lambda _spec, _endpoint: None,
            open_secrets=lambda _spec, _profile, storage: self.secrets[storage],
            read_first_line=lambda: self.standard_input,
        )

    def scope(self, prompter: Prompter) -> Scope:
        return self.context(prompter).at(self.spec.provider)

    @property
    def settings(self) -> Path:
        return self.folder / f"{self.profile_name}.toml"

    @property
    def status(self) -> Status:
        """The last status shown."""
        return self.output.statuses[-1]

    def stored_connection(self) -> Connection:
        """The connection as the settings tell it."""
        connection = self.scope(NoPrompter()).load().connection(self.spec)
        assert connection
        return connection

    def said(self) -> str:
        return "\n".join(self.output.told)

    def connect(self, *script: Script, options: connect.Options | None = None) -> ExitCode:
        return self._run(script, lambda scope: connect.run(scope, options or connect.Options({})))

    def configure(self, *script: Script, **settings: str | bool) -> ExitCode:
        is_dry_run = bool(settings.pop("dry_run", False))
        options = configure.Options(settings=settings, dry_run=is_dry_run)
        return self._run(script, lambda scope: configure.run(scope, options))

    def disconnect(self, *script: Script, yes: bool = False, leave_secret: bool = False) -> ExitCode:
        options = disconnect.Options(yes=yes, leave_secret=leave_secret)
        return self._run(script, lambda scope: disconnect.run(scope, options))

    def look(self) -> ExitCode:
        return self._run((), lambda scope: status.run(scope, status.Options()))

    def check(self) -> ExitCode:
        return self._run((), lambda scope: status.run(scope, status.Options(check=True)))

    def list(self, name: str, *, from_stdin: bool = False, file: str | None = None) -> ExitCode:
        return self._run((), lambda scope: lists.run(scope, lists.Options(name, from_stdin, file)))

    def connected(self, **settings: str | bool) -> "World":
        """Connect with flags, and forget what was said and asked."""
        self.standard_input, before = self.provider.key, self.standard_input
        assert self.connect(options=connect.Options(CHOSEN | settings, api_key_stdin=True)) == ExitCode.DONE
        self.standard_input = before
        self.output = type(self.output)()
        self.provider.opened.clear()
        return self

    def _run(self, script: Sequence[Script], command: Callable[[Scope], ExitCode]) -> ExitCode:
        """Run a command with a person if there is a script, else with nobody; connections are closed either way."""
        person = self.person = self.new_person(*script)
        try:
            return command(self.scope(person.prompter(self.output) if script else NoPrompter()))
        finally:
            assert self.provider.open_now == 0, "a connection was left open"
            assert not person.left, f"never asked: {person.left}"


Spoil = Callable[[World], object]
"""Does to a world what makes its next command fail."""
