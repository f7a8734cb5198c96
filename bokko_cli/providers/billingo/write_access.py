"""Whether a key may write, found out by a write that makes nothing."""

from bokko_cli.errors import BokkoError, RehearsalRefused
from bokko_cli.model.apikey import ApiKey
from bokko_cli.model.values import WriteAccess
from bokko_cli.model.wording import N_
from bokko_cli.providers.billingo.partners import partner_id
from bokko_cli.providers.billingo.refusals import INCOMPLETE, READ_ONLY, deleted, made
from bokko_cli.providers.billingo.writes import Writes


def partner_made_of_nothing(writes: Writes, key: ApiKey) -> int | None:
    """Send a partner that lacks everything; `None` where Billingo says so, which only a key that may write hears.

    Returns the id of a partner that came of it all the same; raises as `made`.
    """
    response = writes.post_nothing()
    if response.status == INCOMPLETE and not response.is_html:
        return None
    return partner_id(made(response, key), "")


def write_access(writes: Writes, key: ApiKey) -> WriteAccess:
    """Return what a key may do; whatever is neither the one answer nor the other says nothing. Raises nothing."""
    try:
        stray = partner_made_of_nothing(writes, key)
    except RehearsalRefused as refusal:
        return WriteAccess(can_write=False if refusal.code == READ_ONLY else None)
    except BokkoError:
        return WriteAccess()
    return WriteAccess(can_write=True) if stray is None else WriteAccess(news=_deleted_again(writes, key, stray))


def _deleted_again(writes: Writes, key: ApiKey, stray: int) -> str:
    """Delete a partner that nobody wanted, and say so."""
    try:
        deleted(writes.delete_partner(stray), key)
    except BokkoError:
        return N_("Billingo made a partner without a name (id {number}); please delete it there.", number=str(stray))
    return N_("Billingo made a partner without a name (id {number}); it was deleted again at once.", number=str(stray))
