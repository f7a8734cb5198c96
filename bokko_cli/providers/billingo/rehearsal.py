"""A rehearsal at Billingo, request by request: which one comes when is the command's business."""

from collections.abc import Callable, Mapping
from datetime import datetime

from bokko_cli.deadline import Deadline
from bokko_cli.errors import UnexpectedAnswer
from bokko_cli.model.apikey import ApiKey, clean_key
from bokko_cli.model.rehearsing import Draft
from bokko_cli.model.values import Settings
from bokko_cli.model.wording import N_
from bokko_cli.network.client import Client
from bokko_cli.network.exchange import Pace
from bokko_cli.providers.billingo import export
from bokko_cli.providers.billingo.allowed_requests import REQUESTS
from bokko_cli.providers.billingo.budapest import day_in_budapest
from bokko_cli.providers.billingo.documents import conversion_rate, decoded_draft, draft_fields
from bokko_cli.providers.billingo.fields import SPEC
from bokko_cli.providers.billingo.pages import all_rows
from bokko_cli.providers.billingo.partners import LIST, is_nameless, partner, partner_id
from bokko_cli.providers.billingo.refusals import data_of
from bokko_cli.providers.billingo.write_access import partner_made_of_nothing
from bokko_cli.providers.billingo.write_refusals import deleted, is_not_found, made
from bokko_cli.providers.billingo.writes import Writes
from bokko_cli.providers.rehearsing import OpenRehearsal, Prepared

PACE = Pace(exchange=10.0)
"""Each exchange gets less than usual, so that time is left to clean up after one that hangs."""


def opener(deadline: Deadline) -> OpenRehearsal:
    """Return what opens a rehearsal for a key."""
    return lambda endpoint, key, notify: BillingoRehearsal(endpoint, key, deadline, notify)


class BillingoRehearsal:
    """Makes, reads and deletes what a rehearsal needs.

    Each method raises RehearsalRefused where surely nothing was changed, and Unreachable where nobody knows.
    """

    def __init__(
        self, endpoint: str, key: ApiKey, deadline: Deadline, notify: Callable[[str], None], pace: Pace = PACE
    ) -> None:
        self._pace = pace
        self._key = clean_key(key.reveal())
        self._endpoint = endpoint
        self._deadline = deadline
        self._client = Client(endpoint, SPEC.title, REQUESTS, {"X-API-KEY": self._key.reveal()}, deadline, notify, pace)
        self._writes = Writes(self._client)

    @property
    def second_look(self) -> float:
        """Seconds before a second look; the third and the fourth wait are longer, and all end with the deadline."""
        return min(self._pace.first_wait, self._deadline.left() / 4)

    def try_to_write(self) -> int | None:
        """Send a partner that lacks everything; return the id of one that came of it all the same."""
        return partner_made_of_nothing(self._writes, self._key)

    def make_partner(self, name: str) -> int:
        """Make a partner and return its id."""
        body = made(self._writes.post_partner(name), self._key)
        return partner_id(body, name)

    def prepare(self, settings: Settings, name: str, clock: Callable[[], datetime]) -> Prepared:
        """Return what a draft will hold; asks for the exchange rate where it needs one, and changes nothing."""
        currency, rate = export.currency(settings), None
        if currency != export.FORINT:
            rate = conversion_rate(self._get("/currencies", {"from": currency, "to": export.FORINT}))
        return draft_fields(settings, name, day_in_budapest(clock()), rate)

    def make_draft(self, prepared: Prepared, partner: int, vendor_id: str, settings: Settings, name: str) -> Draft:
        """Make the draft for a partner of that name; `vendor_id` is what it is found by should the answer be lost."""
        fields = {**prepared, "partner_id": partner, "vendor_id": vendor_id}
        return decoded_draft(made(self._writes.post_draft(fields), self._key, is_draft=True), settings, name, self._key)

    def read_draft(self, number: int, settings: Settings, name: str) -> Draft:
        """Return the draft as it is there now; raises Unreachable where it cannot be seen."""
        found = decoded_draft(self._get(f"/documents/{number:d}"), settings, name, self._key)
        if found.id != number:
            raise UnexpectedAnswer(N_("Unexpected answer from Billingo: a different document from the one requested."))
        return found

    def find_draft(self, vendor_id: str, settings: Settings, name: str) -> Draft | None:
        """Return the document with that `vendor_id`, draft or not; `None` where Billingo says that there is none."""
        response = self._client.get(f"/documents/vendor/{vendor_id}")
        if is_not_found(response):
            return None
        return decoded_draft(data_of(response, self._key, self._endpoint), settings, name, self._key)

    def find_partners(self, name: str) -> tuple[int, ...]:
        """Return the ids of the partners with exactly that name; raises Unreachable where not all could be seen."""
        found = all_rows(
            lambda paging: self._get("/partners", {"query": name, **paging}), LIST, partner, self._deadline
        )
        return tuple(row.id for row in found if row.name == name)

    def is_nameless(self, number: int) -> bool:
        """Whether there is a partner of that number without a name."""
        response = self._client.get(f"/partners/{number:d}")
        return not is_not_found(response) and is_nameless(data_of(response, self._key, self._endpoint), number)

    def delete_draft(self, number: int) -> bool:
        """Delete a draft; return whether there was none of that number."""
        return deleted(self._writes.delete_draft(number), self._key)

    def delete_partner(self, number: int) -> bool:
        """Delete a partner; return whether there was none of that number."""
        return deleted(self._writes.delete_partner(number), self._key)

    def close(self) -> None:
        """Close the connections."""
        self._client.close()

    def _get(self, path: str, query: Mapping[str, str | int] | None = None) -> bytes:
        return data_of(self._client.get(path, query), self._key, self._endpoint)
