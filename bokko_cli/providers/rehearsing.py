"""What a provider that can rehearse is asked for; which request comes when is the command's business."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Protocol

from bokko_cli.deadline import Deadline
from bokko_cli.model.apikey import ApiKey
from bokko_cli.model.rehearsing import Draft
from bokko_cli.model.values import Settings

Prepared = Mapping[str, object]
"""What a draft will hold, in the provider's own words."""


class Rehearsing(Protocol):
    """Makes, reads and deletes what a rehearsal needs.

    What makes something raises RehearsalRefused where surely nothing was made, and Unreachable where nobody knows. What
    reads raises Refused or Unreachable. What deletes is content with what is gone already, and raises any of them.
    """

    @property
    def second_look(self) -> float:
        """Seconds before a look-up that found nothing is made again: one without an answer may still be running."""

    def try_to_write(self) -> int | None:
        """Write what is refused to everybody for what it lacks; return the id of a partner made all the same."""

    def make_partner(self, name: str) -> int:
        """Make a partner and return its id."""

    def prepare(self, settings: Settings, name: str, clock: Callable[[], datetime]) -> Prepared:
        """Return what a draft will hold, made out for the day that it is then; may ask, and changes nothing."""

    def make_draft(self, prepared: Prepared, partner: int, vendor_id: str, settings: Settings, name: str) -> Draft:
        """Make the draft for a partner of that name; it is found again by `vendor_id`."""

    def read_draft(self, number: int, settings: Settings, name: str) -> Draft:
        """Return the draft as it is there now."""

    def find_draft(self, vendor_id: str, settings: Settings, name: str) -> Draft | None:
        """Return the document with that `vendor_id`, draft or not; `None` where the provider says there is none."""

    def find_partners(self, name: str) -> tuple[int, ...]:
        """Return the ids of all partners with exactly that name."""

    def is_nameless(self, number: int) -> bool:
        """Whether there is a partner of that number and it has no name, as one that was made of nothing."""

    def delete_draft(self, number: int) -> bool:
        """Delete a draft; return whether there was none of that number."""

    def delete_partner(self, number: int) -> bool:
        """Delete a partner; return whether there was none of that number."""

    def close(self) -> None:
        """Close the connections."""


OpenRehearsal = Callable[[str, ApiKey, Callable[[str], None]], Rehearsing]
"""Takes the endpoint, the key and a function that gets a line about each wait."""

RehearsalOpener = Callable[[Deadline], OpenRehearsal]
"""What the module that a spec names for rehearsals has under the name `opener`."""
