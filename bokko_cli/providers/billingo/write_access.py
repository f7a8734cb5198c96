"""Whether a key can write, found out by a write that creates nothing."""

from bokko_cli.errors import BokkoError, RehearsalRefused
from bokko_cli.model.apikey import ApiKey
from bokko_cli.model.rehearsing import READ_ONLY
from bokko_cli.model.values import WriteAccess
from bokko_cli.model.wording import N_
from bokko_cli.network.client import Response
from bokko_cli.providers.billingo.partners import partner_id
from bokko_cli.providers.billingo.write_refusals import INCOMPLETE, deleted, made
from bokko_cli.providers.billingo.writes import Writes

_CREATED = 201
_SOMETHING_MADE = N_(
    "Billingo created something from an empty request but did not say what; please look for a new partner "
    "there and delete it."
)


def partner_made_of_nothing(writes: Writes, key: ApiKey) -> int | None:
    """Send a partner that lacks everything; `None` where Billingo says so, which only a key that may write hears.

    Returns the id of a partner that came of it all the same; raises as `made`.
    """
    return _made_by(writes.post_nothing(), key)


def _made_by(response: Response, key: ApiKey) -> int | None:
    if response.status == INCOMPLETE and not response.is_html:
        return None
    return partner_id(made(response, key), "")


def write_access(writes: Writes, key: ApiKey) -> WriteAccess:
    """Return what a key may do; whatever is neither the one answer nor the other says nothing. Raises nothing."""
    try:
        response = writes.post_nothing()
    except BokkoError:
        return WriteAccess()
    try:
        stray = _made_by(response, key)
    except RehearsalRefused as refusal:
        return WriteAccess(can_write=False if refusal.code == READ_ONLY else None)
    except BokkoError:  # of what was made and cannot be told apart nothing is deleted
        return WriteAccess(news=_SOMETHING_MADE if response.status == _CREATED else "")
    # No note is kept for a run that is killed here, as a rehearsal's is: until the answer there is no number to note,
    # a partner without a name is found by nothing else, and nobody has agreed yet that anything is kept.
    return WriteAccess(can_write=True) if stray is None else WriteAccess(news=_deleted_again(writes, key, stray))


def _deleted_again(writes: Writes, key: ApiKey, stray: int) -> str:
    """Delete a partner that nobody wanted, and say so."""
    try:
        deleted(writes.delete_partner(stray), key)
    except BokkoError:
        return N_("Billingo created a partner without a name (id {number}); please delete it there.", number=str(stray))
    return N_(
        "Billingo created a partner without a name (id {number}); it was deleted again at once.", number=str(stray)
    )
