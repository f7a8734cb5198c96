"""A world for commands without terminal, network, keyring or clock: fakes that fail on anything unexpected."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Literal

from bokko_cli.commands import configure, connect, disconnect, lists, status
from bokko_cli.context import Context, Scope
from bokko_cli.deadline import Deadline
from bokko_cli.errors import BokkoError, Cancelled, ExitCode, KeyRejected
from bokko_cli.model.apikey import ApiKey
from bokko_cli.model.invocation import BARE, Invocation
from bokko_cli.model.spec import Spec
from bokko_cli.model.values import BankAccount, Block, Organization, Row, Slot, Status, Storage, Survey, Value
from bokko_cli.output.base import Step
from bokko_cli.prompter.base import NoPrompter, Prompter, Retry
from bokko_cli.prompter.question import Back, KeyQuestion, Nothing, Question
from bokko_cli.providers.billingo.fields import SPEC

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
Script = tuple[str, object]


class Person:
    """Answers from a script of question and answer; fails on another question, and knows what was never asked.

    A list is answered by a row's name, a text by what is typed, the rest by `True`, `False`, a `Retry` or `BACK`.
    """

    can_ask = True

    def __init__(self, *script: Script) -> None:
        self.left = list(script)
        self.asked: list[Question] = []
        self.keys: list[KeyQuestion] = []
        self.reviewed: list[tuple[str, str]] = []
        self.errors: list[BokkoError] = []

    def _next(self, name: str) -> object:
        assert self.left, f"asked {name!r}, and no answer is left"
        expected, answer = self.left.pop(0)
        assert expected == name, f"asked {name!r} instead of {expected!r}"
        return answer

    def ask(self, question: Question) -> Value | Back:
        self.asked.append(question)
        answer = self._next(question.name)
        if answer is BACK:
            return Nothing.BACK
        if answer is ENTER:
            return self._marked(question)
        if question.options is not None:
            return {option.name: option.value for option in question.options}[str(answer)]
        if question.parse:
            return question.parse(str(answer))
        assert isinstance(answer, bool)
        return answer

    def _marked(self, question: Question) -> Value:
        if question.options is None:
            return question.marked
        values = [option.value for option in question.options]
        return question.marked if question.marked in values else values[0]

    def ask_key(self, question: KeyQuestion) -> str | Back:
        self.keys.append(question)
        answer = self._next(question.name)
        return Nothing.BACK if answer is BACK else str(answer)

    def ask_retry(self, error: BokkoError, *, can_change_key: bool) -> Retry:
        self.errors.append(error)
        answer = self._next("retry, or another key" if can_change_key else "retry")
        if not isinstance(answer, Retry):
            raise error
        return answer

    def review(self, lines: Sequence[tuple[str, str]], question: str, *, can_go_back: bool) -> Literal[True] | Back:
        self.reviewed = list(lines)
        answer = self._next(question)
        if answer is BACK:
            assert can_go_back
            return Nothing.BACK
        if answer is not True:
            raise Cancelled("Nothing was changed.")
        return True

    def confirm(self, question: str, flag: str, *, default: bool) -> None:
        assert flag.startswith("--")
        assert default is False
        if self._next(question) is not True:
            raise Cancelled("Nothing was changed.")

    def settle(self) -> None:
        """Every question was asked."""


@dataclass
class RecordingOutput:
    """Keeps what was said; `told` is all of it in order, as lines for people."""

    told: list[str] = field(default_factory=list)
    statuses: list[Status] = field(default_factory=list)
    rows: list[Sequence[Mapping[str, object]]] = field(default_factory=list)
    answers: list[str] = field(default_factory=list)

    def say(self, text: str = "") -> None:
        self.told.append(text)

    def warn(self, text: str) -> None:
        self.told.append(f"Warning: {text}")

    def complain(self, error: BokkoError) -> None:
        self.told.append(f"Error: {error.message}\n{error.fix}")

    def refuse(self, error: BokkoError) -> None:
        self.complain(error)

    def step(self, step: Step) -> None:
        self.told.append(f"{step.name}: {step.outcome}")

    def answer(self, text: str) -> None:
        self.answers.append(text)

    def show(self, status: Status) -> None:
        self.statuses.append(status)

    def show_all(self, statuses: Sequence[Status]) -> None:
        self.statuses.extend(statuses)

    def show_rows(self, rows: Sequence[Mapping[str, object]]) -> None:
        self.rows.append(rows)

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
    _used: str = ""

    def open(self, endpoint: str, key: ApiKey, _tell: Callable[[str], None]) -> "MemoryProvider":
        self.opened.append((endpoint, key.reveal()))
        self.open_now += 1
        self._used = key.reveal()
        return self

    def close(self) -> None:
        self.open_now -= 1

    def survey(self) -> Survey:
        general = self._general()
        organization = general or self.failing.get("organization") or self.organization
        choices = {name: general or self.failing.get(name) or rows for name, rows in self.choices.items()}
        return Survey(organization, choices)

    def listed(self, name: str) -> tuple[Row, ...]:
        failure = self._general() or self.failing.get(name)
        if failure:
            raise failure
        return self.choices[name]

    def _general(self) -> BokkoError | None:
        if self.outages:
            return self.outages.pop(0)
        return None if self._used == self.key else KeyRejected("Billingo refused this key.")


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

    def said(self) -> str:
        return "\n".join(self.output.told)

    def connect(self, *script: Script, options: connect.Options | None = None) -> ExitCode:
        return self._run(script, lambda scope: connect.run(scope, options or connect.Options({})))

    def configure(self, *script: Script, **settings: str | bool) -> ExitCode:
        options = configure.Options(settings=settings)
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
        self.output = RecordingOutput()
        self.provider.opened.clear()
        return self

    def _run(self, script: Sequence[Script], command: Callable[[Scope], ExitCode]) -> ExitCode:
        """Run a command with a person if there is a script, else with nobody; connections are closed either way."""
        person = Person(*script)
        try:
            return command(self.scope(person if script else NoPrompter()))
        finally:
            assert self.provider.open_now == 0, "a connection was left open"
            assert not person.left, f"never asked: {person.left}"
