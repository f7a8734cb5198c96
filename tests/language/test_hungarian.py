"""Every text that people read is Hungarian where they read Hungarian; what scripts read is English always."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest

from bokko_cli.errors import BokkoError, KeyringUnavailable
from bokko_cli.model.values import Status
from bokko_cli.model.wording import N_
from bokko_cli.output.base import StepResult
from bokko_cli.output.console import DrawnScreen
from bokko_cli.output.hungarian import in_hungarian
from bokko_cli.output.people import People
from bokko_cli.providers.tables import SPECS
from bokko_cli.sandbox.server import KEYS
from tests import preloaded
from tests.fakes import RecordingOutput, Spoil, World
from tests.language.english import english_in
from tests.unit import test_fixes, test_fixes_run
from tests.unit.screens import FakeScreen


def _without_keyring(world: World) -> object:
    failure = KeyringUnavailable(N_("This machine has no usable keyring."))
    world.connected().secrets["keyring"].failure = failure
    return world.disconnect(yes=True)


NOT_IN_WORDS_OF_OURS = {"keyring gone", "no keyring to disconnect with", "disconnected meanwhile"}
"""States in which a fake says something that the program never does."""
STATES: Mapping[str, Spoil] = {
    **{f"{name}, elsewhere": trouble for name, (trouble, _) in test_fixes.STATES.items()
       if name not in NOT_IN_WORDS_OF_OURS},
    **{name: trouble for name, (_, trouble) in test_fixes_run.STATES.items() if name not in NOT_IN_WORDS_OF_OURS},
    "without a keyring": _without_keyring,
}  # fmt: skip
COMMANDS = ["", "billingo", "szamlazz", "integrations", "profiles", "doctor", "sandbox", "help"]
COMMANDS += ["billingo rehearse", "billingo export", "billingo blocks", "billingo accounts"]
COMMANDS += [f"{provider} {name}" for provider in ("billingo", "szamlazz")
             for name in ("connect", "configure", "status", "disconnect", "activate", "exec")]  # fmt: skip
TOPICS = ["environment", "exit-codes", "files", "json", "scripts"]
MISTAKES = [
    "--xyzzy", "conect", "billingo", "billingo connect --vatt", "billingo conect", "billingo status now", "status",
    "billingo connect --yes=1", "billingo connect --vat", "billingo exec", "--profile ÉÉ billingo status", "help xyzzy",
    "billingo connect --api-key x --no-input", "billingo connect --no-input", "szamlazz connect --no-input",
    "billingo connect --vat 18 --payment-method x --tax-number 1 --no-input",
    "szamlazz connect --bank-name OTP --no-input",
    "szamlazz connect --bank-account 12 --no-input", "billingo connect --key-storage x --no-input",
    "billingo connect --api-key-file nowhere --no-input", "billingo connect --api-key-file= --no-input",
    "billingo status", "billingo configure", "billingo activate", "billingo disconnect --yes", "billingo rehearse",
    "billingo export", "billingo exec -- true", "--sandbox billingo exec -- true", "billingo blocks",
    "--profile shop billingo status", "billingo status --all-profiles", "sandbox --port 99999", "sandbox --port x",
    "integrations", "doctor --offline",
]  # fmt: skip


class Heard(RecordingOutput):
    """Prints all of it in Hungarian too, as on a terminal."""

    def __init__(self) -> None:
        super().__init__()
        self.screen = FakeScreen()
        self.people = People(self.screen, self.screen, SPECS, DrawnScreen, in_hungarian)

    def say(self, text: str = "") -> None:
        super().say(text)
        self.people.say(text)

    def warn(self, text: str) -> None:
        super().warn(text)
        self.people.warn(text)

    def report(self, error: BokkoError) -> None:
        super().report(error)
        self.people.report(error)

    def step(self, step: StepResult) -> None:
        super().step(step)
        self.people.step(step)

    def explain(self, text: str) -> None:
        super().explain(text)
        self.people.explain(text)

    def give(self, document: Mapping[str, object], words: str) -> None:
        super().give(document, words)
        self.people.give(document, words)

    def show(self, status: Status) -> None:
        super().show(status)
        self.people.show(status)

    def show_all(self, statuses: list[Status]) -> None:  # type: ignore[override]  # a list is what comes
        super().show_all(statuses)
        self.people.show_all(statuses)

    @contextmanager
    def busy(self, text: str) -> Iterator[Callable[[str], None]]:
        self.people.say(text)
        yield self.say


@pytest.mark.parametrize("state", STATES)
def test_no_error_and_no_advice_is_english(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, state: str) -> None:
    monkeypatch.setenv("COLUMNS", "100")
    world = World(tmp_path / "settings", output=Heard())
    try:
        STATES[state](world)
    except BokkoError as error:
        world.output.report(error)
    assert isinstance(world.output, Heard)
    assert world.output.screen.getvalue()
    assert english_in(world.output.screen.getvalue()) == []


RunCommand = Callable[..., str]


@pytest.fixture
def run(home: dict[str, str], command: list[str]) -> RunCommand:
    """Run the command where people read Hungarian; return all that it printed."""

    def printed(arguments: str, key: str = "", **environ: str) -> str:
        done = preloaded.run([*command, *arguments.split()], {**home, "BOKKO_LANG": "hu", **environ}, key)
        return done.stdout + done.stderr

    return printed


@pytest.mark.parametrize("named", COMMANDS)
def test_no_help_is_english(run: RunCommand, named: str) -> None:
    told = run(f"{named} --help")
    assert told.startswith("Használat: bokko")
    assert english_in(told) == []


@pytest.mark.parametrize("topic", TOPICS)
def test_no_topic_is_english(run: RunCommand, topic: str) -> None:
    assert english_in(run(f"help {topic}")) == []


@pytest.mark.parametrize("arguments", MISTAKES)
def test_no_answer_to_a_mistake_is_english(run: RunCommand, arguments: str) -> None:
    told = run(arguments)
    assert told
    assert english_in(told) == []


TYPICAL = {"sandbox-ready", "sandbox-invalid", "sandbox-read-only"}


@pytest.mark.parametrize(
    ("provider", "key"),
    [
        pytest.param(name, key, marks=() if key in TYPICAL else pytest.mark.exhaustive)
        for name in SPECS
        for key in KEYS[SPECS[name].title]
    ],
)
def test_nothing_that_the_sandbox_shows_is_english(run: RunCommand, provider: str, key: str) -> None:
    flags = "--api-key-stdin --no-input --key-storage file"
    told = [run(f"--sandbox {provider} connect {flags} {more}", key) for more in ("", "--dry-run")]
    told += [run(f"--sandbox {provider} {rest}") for rest in ("status --check", "rehearse --yes", "disconnect --yes")]
    assert [english_in(each) for each in told] == [[]] * len(told)


@pytest.mark.parametrize(
    "arguments",
    [
        "integrations --json", "profiles --json", "doctor --offline --json", "billingo status --json",
        "billingo configure --json", "billingo connect --no-input --json",
        "billingo connect --vat 18 --no-input --json", "--sandbox billingo blocks --json", "profiles",
    ],
)  # fmt: skip
def test_what_scripts_read_is_the_same_in_either_language(run: RunCommand, arguments: str) -> None:
    english, hungarian = (
        run(arguments, "sandbox-no-api", BOKKO_LANG=language).replace("BOKKO_LANG, ", "") for language in ("en", "hu")
    )
    assert english == hungarian


def test_what_the_log_says_is_english(run: RunCommand) -> None:
    told = run("--sandbox --debug billingo connect --api-key-stdin --no-input", "sandbox-no-api")
    assert "GET " in told
    assert "API-hozzáférés" in told
