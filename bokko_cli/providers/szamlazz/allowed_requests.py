"""All that is ever sent to Számlázz.hu: a look-up, which changes nothing there."""

import re

from bokko_cli.network.request_gate import Permit

QUERY = "action-szamla_agent_xml"
"""The field of the form that makes a request a look-up; by another field's name it would make a document."""
_QUERY_ONLY = re.compile(rb'[^"]*name="%b";(?s:.)*<xmlszamlaxml ' % QUERY.encode())


def _is_look_up(body: bytes) -> bool:
    """Whether a form is a look-up and nothing beside."""
    return body.count(b"form-data;") == 1 and _QUERY_ONLY.match(body) is not None


REQUESTS = (Permit("POST", "/", _is_look_up),)
