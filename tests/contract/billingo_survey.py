"""A survey of a Billingo that answers as it is told, and what came of each part."""

from collections.abc import Callable
from dataclasses import dataclass, field

from bokko_cli.deadline import Deadline
from bokko_cli.errors import (
    BokkoError,
)
from bokko_cli.model.apikey import ApiKey
from bokko_cli.model.values import Survey
from bokko_cli.network.exchange import Pace
from bokko_cli.providers.billingo.provider import Billingo
from tests.fake_billingo import FakeBillingo
from tests.servers import ScriptedAnswer, Seen, Server, json_answer

KEY = ApiKey("63faa428-9044-11ea-8ed0-0242ac120005")
QUICK = Pace(first_wait=0.01)
PATHS = {"organization": "/organization", "document_block": "/document-blocks", "bank_account": "/bank-accounts"}
PARTS = list(PATHS)
HTML = b"<!DOCTYPE html><html><title>Log in</title></html>"


@dataclass
class Notices:
    """What was told while waiting."""

    lines: list[str] = field(default_factory=list)


def survey(fake: FakeBillingo, seconds: float = 30, heard: Notices | None = None) -> Survey:
    with Server(fake.answer) as server:
        tell = (heard or Notices()).lines.append
        billingo = Billingo(f"{server.url}/v3", KEY, Deadline(seconds), tell, QUICK)
        try:
            return billingo.survey()
        finally:
            billingo.close()


def part_of(found: Survey, name: str) -> object:
    return found.organization if name == "organization" else found.choices[name]


def with_part(name: str, answer: ScriptedAnswer | Callable[[Seen], ScriptedAnswer]) -> FakeBillingo:
    return FakeBillingo(override={PATHS[name]: answer})


def failure(name: str, answer: ScriptedAnswer | Callable[[Seen], ScriptedAnswer], seconds: float = 30) -> BokkoError:
    """Return the error of the one part that is answered so; the others must be there."""
    found = survey(with_part(name, answer), seconds)
    for other in PARTS:
        assert isinstance(part_of(found, other), BokkoError) == (other == name)
    (error,) = found.failures()
    return error


def listing(*rows: object, **changes: object) -> ScriptedAnswer:
    page: dict[str, object] = {"data": list(rows), "total": len(rows), "current_page": 1, "last_page": 1}
    return json_answer(200, {key: value for key, value in {**page, **changes}.items() if value != "absent"})


def blocks_of(answer: ScriptedAnswer | Callable[[Seen], ScriptedAnswer]) -> tuple[object, ...]:
    rows = survey(with_part("document_block", answer)).choices["document_block"]
    assert isinstance(rows, tuple)
    return rows
