"""A connected profile and a Billingo with books, for rehearsals inside the test's process."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from bokko_cli.commands import rehearse
from bokko_cli.context import Scope
from bokko_cli.deadline import Deadline
from bokko_cli.errors import ExitCode
from bokko_cli.model.apikey import ApiKey
from bokko_cli.network.exchange import Pace
from bokko_cli.prompter.base import NoPrompter, Prompter
from bokko_cli.providers.billingo.rehearsal import BillingoRehearsal
from bokko_cli.store.profile import load
from bokko_cli.store.rehearsal_note import note_path
from tests.fakes import KEY, World
from tests.ledger import Books
from tests.servers import Server

HURRIED = Pace(exchange=0.4, first_wait=0.01)


@dataclass
class RehearsalSaid:
    """What a rehearsal said to scripts, and its exit code."""

    exit_code: ExitCode
    document: dict[str, object]

    @property
    def ending(self) -> tuple[object, object, int]:
        return self.document["outcome"], self.document["code"], int(self.exit_code)

    @property
    def outcomes(self) -> dict[str, str]:
        return {step["step"]: step["outcome"] for step in self._steps}

    @property
    def left(self) -> list[dict[str, object]]:
        return cast("list[dict[str, object]]", self.document["left_behind"])

    def message(self, step: str) -> str:
        return next(str(found["message"]) for found in self._steps if found["step"] == step)

    @property
    def _steps(self) -> list[dict[str, str]]:
        return cast("list[dict[str, str]]", self.document["steps"])


@dataclass
class RehearsalWorld:
    """A world whose rehearsals go to a server with books."""

    world: World
    books: Books
    server: Server
    pace: Pace = HURRIED
    seconds: float = 30.0

    def rehearse(self, *, clean: bool = False) -> RehearsalSaid:
        """Run the command as a script does."""
        options = rehearse.Options(yes=True, clean=clean)
        code = rehearse.run(self.scope(), options)
        return RehearsalSaid(code, dict(self.world.output.documents[-1]))

    def scope(self, prompter: Prompter | None = None) -> Scope:
        """Return the connection as a command gets it, with nobody there unless somebody is given."""
        context = self.world.context(prompter or NoPrompter())._replace(
            rehearsal_opener=lambda _spec, _deadline: self._open
        )
        return context.at("billingo")

    def _open(self, _endpoint: str, key: ApiKey, notify: Callable[[str], None]) -> BillingoRehearsal:
        assert key == ApiKey(KEY)
        return BillingoRehearsal(f"{self.server.url}/v3", key, Deadline(self.seconds), notify, self.pace)

    @property
    def note(self) -> Path:
        return note_path(self.world.folder, "default", "billingo")

    @property
    def connection(self) -> object:
        return load(self.world.folder, "default").connection(self.world.spec)


@contextmanager
def stage(folder: Path, books: Books | None = None, **settings: str | bool) -> Iterator[RehearsalWorld]:
    """Give a connected world and its books."""
    kept = books or Books()
    with Server(kept.answer) as server:
        yield RehearsalWorld(World(folder / "settings").connected(**settings), kept, server)
