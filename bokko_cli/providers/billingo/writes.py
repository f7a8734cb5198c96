"""Everything that can change anything at Billingo: two requests that create something, two that delete it.

A draft is made by POST alone: a PUT makes an invoice of it, which cannot be undone.
"""

from collections.abc import Mapping

from bokko_cli.network.client import Client, Response
from bokko_cli.providers.billingo.allowed_requests import DRAFT


class Writes:
    """The four writes; each is sent as it stands and returns the response whatever its status. Raises as Client."""

    def __init__(self, client: Client) -> None:
        self._client = client

    def post_nothing(self) -> Response:
        """Send a partner without anything that a partner needs: whoever may write is told what is missing."""
        return self._client.post_json("/partners", {})

    def post_partner(self, name: str) -> Response:
        """Make a partner, a private person."""
        address = {"country_code": "HU", "post_code": "1111", "city": "Budapest", "address": "Próba utca 1."}
        return self._client.post_json(
            "/partners", {"name": name, "address": address, "emails": [], "taxcode": "", "tax_type": "NO_TAX_NUMBER"}
        )

    def post_draft(self, fields: Mapping[str, object]) -> Response:
        """Make a draft: whatever the fields say, it is nothing else and is mailed to nobody."""
        return self._client.post_json("/documents", {**fields, "type": DRAFT, "settings": {"should_send_email": False}})

    def delete_partner(self, partner: int) -> Response:
        """Delete a partner by its id."""
        return self._client.delete(f"/partners/{partner:d}")

    def delete_draft(self, draft: int) -> Response:
        """Delete a draft by its id."""
        return self._client.delete(f"/documents/{draft:d}")
