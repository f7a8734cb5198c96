"""Számlázz.hu's Számla Agent: it proves a key, and tells nothing else."""

from collections.abc import Callable
from dataclasses import dataclass, field

from bokko_cli.deadline import Deadline
from bokko_cli.errors import AskedTooOften, Refused, UnexpectedAnswer, Unreachable
from bokko_cli.model.apikey import ApiKey, clean_key
from bokko_cli.model.values import ORGANIZATION, Organization, Row, Survey
from bokko_cli.model.wording import N_
from bokko_cli.network.client import Client, Response
from bokko_cli.network.exchange import USUAL_PACE, Pace
from bokko_cli.network.parallel import Stopwatch, run_all
from bokko_cli.providers.base import OpenProvider
from bokko_cli.providers.szamlazz.allowed_requests import QUERY, REQUESTS
from bokko_cli.providers.szamlazz.answer import check, is_told_by_head
from bokko_cli.providers.szamlazz.fields import SPEC
from bokko_cli.providers.szamlazz.look_up import look_up_xml

MOST_CALLS = 4


def opener(deadline: Deadline) -> OpenProvider:
    """Return what opens Számlázz.hu for a key; the calls count together, whichever keys it opens."""
    calls = Calls()
    return lambda endpoint, key, notify: Szamlazz(endpoint, key, deadline, notify, calls)


@dataclass(slots=True)
class Calls:
    """The calls that one command may make: repeating a failing one may ban the account.

    A key that was answered is not sent again; `left` bounds all calls together.
    """

    left: int = MOST_CALLS
    accepted: set[ApiKey] = field(default_factory=set)
    refused: dict[ApiKey, Refused] = field(default_factory=dict)


class Szamlazz:
    """Számlázz.hu behind one key."""

    def __init__(
        self,
        endpoint: str,
        key: ApiKey,
        deadline: Deadline,
        notify: Callable[[str], None],
        calls: Calls,
        pace: Pace = USUAL_PACE,
    ) -> None:
        self._key = clean_key(key.reveal())
        self._deadline = deadline
        self._notify = notify
        self._calls = calls
        self._client = Client(endpoint, SPEC.title, REQUESTS, {"Accept": "*/*"}, deadline, notify, pace)

    def survey(self, *, tries_to_write: bool = False) -> Survey:
        """Ask whether the key is good; of whom it is, nobody can ask, nor whether it may write."""
        _ = tries_to_write
        watch = Stopwatch()
        outcome = run_all([watch.timed(ORGANIZATION, self._verified)], self._deadline)[0]
        return Survey(organization=outcome, choices={}, seconds=dict(watch.seconds))

    def listed(self, name: str) -> tuple[Row, ...]:
        """Return nothing: Számlázz.hu lists nothing."""
        _ = name
        return ()

    def close(self) -> None:
        """Close the connection."""
        self._client.close()

    def _verified(self) -> Organization:
        if self._key in self._calls.refused:
            raise self._calls.refused[self._key]
        try:
            if self._key not in self._calls.accepted:
                self._ask()
        except Refused as refusal:
            self._calls.refused[self._key] = refusal
            raise
        self._calls.accepted.add(self._key)
        return Organization()

    def _ask(self) -> None:
        """Make the call, and once more after a network error; never after an answer."""
        try:
            response = self._call()
        except UnexpectedAnswer:
            raise
        except Unreachable as error:
            if self._calls.left <= 0 or not self._deadline.left():
                raise
            self._notify(N_("{message} Trying once more…", message=error.message))
            response = self._call()
        check(response, self._key)

    def _call(self) -> Response:
        """Make one call; raises Unreachable when its answer broke off before it said anything."""
        if self._calls.left <= 0:
            raise AskedTooOften(N_("Számlázz.hu was asked four times; asking more often may get the account banned."))
        self._calls.left -= 1
        response = self._client.post_file("/", QUERY, look_up_xml(self._key))
        if not is_told_by_head(response):
            response.read()
        return response
