"""The one request that proves an Agent key without a side effect: a look-up of a document that cannot exist.

Source: https://docs.szamlazz.hu/hu/agent/querying_xml.
"""

from uuid import uuid4
from xml.sax.saxutils import escape

from bokko_cli.model.apikey import ApiKey


def look_up_xml(key: ApiKey) -> bytes:
    """Return the XML of the look-up; the order of its elements is fixed."""
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<xmlszamlaxml xmlns="http://www.szamlazz.hu/xmlszamlaxml">'
        f"<szamlaagentkulcs>{escape(key.reveal())}</szamlaagentkulcs>"
        "<pdf>false</pdf>"
        f"<szamlaKulsoAzon>bokko:connect-probe:{uuid4()}</szamlaKulsoAzon>"
        "</xmlszamlaxml>"
    ).encode()
