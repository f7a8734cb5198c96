"""Partners, as far as a rehearsal's own has to be found among them."""

from typing import NamedTuple

from bokko_cli.errors import UnexpectedAnswer
from bokko_cli.model.wording import N_
from bokko_cli.providers.billingo.decode import RawRow, json_object, positive_id

LIST = N_("the list of partners")
_PARTNER = N_("the partner")
_DIFFERENT = N_("Unexpected answer from Billingo: a different partner from the one requested.")


class Partner(NamedTuple):
    """A row of the list of partners; its name is compared and never shown, so it may be anything."""

    id: int
    name: object


def partner(row: RawRow) -> Partner:
    """Decode a row of `GET /partners`; raises UnexpectedAnswer for one without an id, or that could be ours unseen."""
    if "name" not in row:
        raise UnexpectedAnswer(N_("Unexpected answer from Billingo: {what} has no name.", what=LIST))
    return Partner(positive_id(row, LIST), row.get("name"))


def is_nameless(body: bytes, number: int) -> bool:
    """Decode whether the partner of that number has no name; raises UnexpectedAnswer, also for one of another."""
    value = json_object(body, _PARTNER)
    if positive_id(value, _PARTNER) != number or "name" not in value:
        raise UnexpectedAnswer(_DIFFERENT)
    return value["name"] in (None, "")


def partner_id(body: bytes, name: str) -> int:
    """Decode the id of the partner made by that name; raises UnexpectedAnswer, also for one that bears another name."""
    value = json_object(body, _PARTNER)
    if value.get("name") not in (None, name):
        raise UnexpectedAnswer(_DIFFERENT)
    return positive_id(value, _PARTNER)
