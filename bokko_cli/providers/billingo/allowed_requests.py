"""All that is ever sent to Billingo; of what can change something there: partners of ours, drafts, and their removal.

A PUT makes an invoice of a draft, and a copy is issued at once: neither can be undone, and neither stands here.
"""

import json
from collections.abc import Mapping

from bokko_cli.model.rehearsing import BEGIN_OF_NAME
from bokko_cli.network.request_gate import Permit

DRAFT = "draft"
_NUMBER = "[1-9][0-9]*"


def _is_nothing_or_ours(body: bytes) -> bool:
    """Whether a partner lacks everything, so that none is made, or bears a rehearsal's name."""
    value = _object(body)
    return value == {} or str(value.get("name")).startswith(f"{BEGIN_OF_NAME} ")


def _is_a_quiet_draft(body: bytes) -> bool:
    """Whether a document is a draft and is mailed to nobody."""
    value = _object(body)
    return value.get("type") == DRAFT and value.get("settings") == {"should_send_email": False}


def _object(body: bytes) -> Mapping[str, object]:
    """Return the object in a body, never an empty one for a body of another shape."""
    try:
        value: object = json.loads(body)
    except ValueError:
        return {"": None}
    return value if isinstance(value, dict) else {"": None}


READS = (
    Permit("GET", "/organization"),
    Permit("GET", "/document-blocks"),
    Permit("GET", "/bank-accounts"),
    Permit("GET", "/currencies"),
    Permit("GET", "/partners"),
    Permit("GET", f"/partners/{_NUMBER}"),
    Permit("GET", f"/documents/{_NUMBER}"),
    Permit("GET", "/documents/vendor/bokko-rehearsal-[0-9a-f]{16}"),
)
WRITES = (
    Permit("POST", "/partners", _is_nothing_or_ours),
    Permit("POST", "/documents", _is_a_quiet_draft),
    Permit("DELETE", f"/partners/{_NUMBER}"),
    Permit("DELETE", f"/documents/{_NUMBER}"),
)
REQUESTS = (*READS, *WRITES)
