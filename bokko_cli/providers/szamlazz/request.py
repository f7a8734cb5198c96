"""The one request that proves an Agent key without a side effect: a look-up of a document that cannot exist.

Source: https://docs.szamlazz.hu/hu/agent/querying_xml.
"""

import re
from uuid import uuid4
from xml.sax.saxutils import escape

from bokko_cli.model.apikey import ApiKey
from bokko_cli.network.allowed_requests import Permit

QUERY = "action-szamla_agent_xml"
_QUERY_ONLY = re.compile(rb'[^"]*name="%b";(?s:.)*<xmlszamlaxml ' % QUERY.encode())


def _is_look_up(body: bytes) -> bool:
    """Whether a form is a look-up and nothing beside: by another field's name it would make a document."""
    return body.count(b"form-data;") == 1 and _QUERY_ONLY.match(body) is not None


REQUESTS = (Permit("POST", "/", _is_look_up),)


def probe(key: ApiKey) -> bytes:
    """Return the XML of the look-up; the order of its elements is fixed."""
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<xmlszamlaxml xmlns="http://www.szamlazz.hu/xmlszamlaxml">'
        f"<szamlaagentkulcs>{escape(key.reveal())}</szamlaagentkulcs>"
        "<pdf>false</pdf>"
        f"<szamlaKulsoAzon>bokko:connect-probe:{uuid4()}</szamlaKulsoAzon>"
        "</xmlszamlaxml>"
    ).encode()
