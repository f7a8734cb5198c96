"""A client in a hurry, and what it is asked."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from bokko_cli.deadline import Deadline
from bokko_cli.errors import BokkoError
from bokko_cli.network.client import Client, Response
from bokko_cli.network.exchange import Pace
from tests import servers
from tests.permits import ANYTHING
from tests.servers import (
    Seen,
    Server,
    json_answer,
)

PATIENT = Pace(first_wait=0.01)


HURRIED = Pace(exchange=0.3, first_wait=0.01)


GOOD = json_answer(200, {"good": True})


SECRET = "63faa428-9044-11ea-8ed0-0242ac120005"


def ignore(_: str) -> None:
    pass


def always(answer: servers.ScriptedAnswer) -> Callable[[Seen], servers.ScriptedAnswer]:
    return lambda _: answer


@contextmanager
def client(
    url: str, pace: Pace = PATIENT, seconds: float = 30, tell: Callable[[str], None] = ignore
) -> Iterator[Client]:
    opened = Client(url, "Billingo", ANYTHING, {"X-API-KEY": SECRET}, Deadline(seconds), tell, pace)
    try:
        yield opened
    finally:
        opened.close()


def get(
    answer: Callable[[Seen], servers.ScriptedAnswer] | servers.ScriptedAnswer,
    pace: Pace = PATIENT,
    seconds: float = 30,
    tell: Callable[[str], None] = ignore,
) -> tuple[Response | BokkoError, list[Seen]]:
    """Return what one request comes to, and what the server saw of it."""
    script = answer if callable(answer) else always(answer)
    with Server(script) as server, client(server.url, pace, seconds, tell) as asking:
        try:
            return asking.get("/x"), list(server.seen)
        except BokkoError as error:
            return error, server.seen


def failure(
    answer: Callable[[Seen], servers.ScriptedAnswer] | servers.ScriptedAnswer, pace: Pace = PATIENT, seconds: float = 30
) -> tuple[BokkoError, int]:
    """Return the error of a request that must fail, and how many tries the server saw."""
    outcome, seen = get(answer, pace, seconds)
    error = outcome.unreadable if isinstance(outcome, Response) else outcome
    assert error is not None
    return error, len(seen)
