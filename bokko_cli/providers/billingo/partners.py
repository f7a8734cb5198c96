"""Partners, as far as a rehearsal's own has to be found among them."""

from dataclasses import dataclass

from bokko_cli.errors import UnexpectedAnswer
from bokko_cli.model.wording import N_
from bokko_cli.providers.billingo.decode import json_object, page, whole_number

LIST = N_("the list of partners")
_PARTNER = N_("the partner")


@dataclass(frozen=True, slots=True)
class PartnerPage:
    """One page of the list of partners, each as its id and its name; `total` is 0 where the server does not count."""

    rows: tuple[tuple[int, object], ...]
    current: int
    last: int
    total: int


def partner_page(body: bytes) -> PartnerPage:
    """Decode one page of `GET /partners`; raises UnexpectedAnswer."""
    whole = page(body, LIST, lambda _: None)
    rows = json_object(body, LIST)["data"]
    names = [row.get("name") for row in rows] if isinstance(rows, list) else []
    return PartnerPage(tuple(zip(whole.ids, names, strict=True)), whole.current, whole.last, whole.total or 0)


def partner_id(body: bytes, name: str) -> int:
    """Decode the id of the partner made by that name; raises UnexpectedAnswer, also for one that bears another name."""
    value = json_object(body, _PARTNER)
    if value.get("name") not in (None, name):
        raise UnexpectedAnswer(N_("Unexpected answer from Billingo: a different partner from the one requested."))
    return whole_number(value, "id", _PARTNER)
