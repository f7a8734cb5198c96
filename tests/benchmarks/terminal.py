"""The wizard by the clock: from a key press to the bytes that show its effect."""

from time import perf_counter, sleep

from tests.benchmarks.clock import CommandFailedError
from tests.benchmarks.world import FAKE, BenchmarkWorld
from tests.servers import Server
from tests.terminal.child import NewChild
from tests.terminal.screen import WatchedTerminal

SECONDS_OF_A_PERSON = 1.0
"""What it takes at least to paste a key; what the wizard prepares meanwhile, nobody waits for."""
PATIENCE = 30
FIRST_QUESTION = "? API key"


class TimedTerminal(WatchedTerminal):
    """A terminal that knows when the bytes came that it shows last, before the time it takes to show them."""

    moment = 0.0

    def seconds_until(self, text: str, start: float) -> float:
        """Wait for a text on the screen, without the wait for quiet; return the seconds from `start` to it."""
        while text not in self.screen():
            if perf_counter() - start > PATIENCE or self._ended:
                raise CommandFailedError(self._report(f"no {text!r}"))
            self._read()
        return self.moment - start

    def _show(self, data: bytes) -> None:
        self.moment = perf_counter()
        super()._show(data)


def wizard(world: BenchmarkWorld, server: Server | None = None) -> TimedTerminal:
    """Return a wizard that starts now; in a new process, since what loads is part of what is measured."""
    command = world.bokko("billingo", "connect", "--key-storage", "file")
    return TimedTerminal(command.argv, world.environment("wizard", server), start=NewChild)


def first_question_seconds(world: BenchmarkWorld) -> float:
    """Return the seconds from the start of the wizard to its first question."""
    start = perf_counter()
    with wizard(world) as terminal:
        return terminal.seconds_until(FIRST_QUESTION, start)


def first_list_seconds(world: BenchmarkWorld, server: Server) -> float:
    """Return the seconds from Enter on a typed key to the first list."""
    with wizard(world, server) as terminal:
        terminal.seconds_until(FIRST_QUESTION, perf_counter())
        sleep(SECONDS_OF_A_PERSON)
        terminal.type(FAKE.key)
        terminal.seconds_until("*" * len(FAKE.key), perf_counter())
        return _press(terminal, "\r", "Document block")


def filter_seconds(world: BenchmarkWorld, server: Server) -> tuple[float, float]:
    """Return what the first key typed into the first list takes to narrow it, and what the second one takes."""
    with wizard(world, server) as terminal:
        terminal.seconds_until(FIRST_QUESTION, perf_counter())
        terminal.type(f"{FAKE.key}\r")
        terminal.wait_for("type to filter", PATIENCE)
        return _press(terminal, "7", '"7": '), _press(terminal, "3", '"73": ')


def _press(terminal: TimedTerminal, key: str, shown: str) -> float:
    start = perf_counter()
    terminal.type(key)
    return terminal.seconds_until(shown, start)
