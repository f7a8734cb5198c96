"""A profile as a row, for people and scripts alike."""

from collections.abc import Mapping

from bokko_cli.model.values import Overview, Unread
from bokko_cli.output.base import TableRow


def profile_row(profile: Overview | Unread) -> TableRow:
    """Return a profile in the order of its JSON; what cannot be read leaves its fields empty."""
    if isinstance(profile, Unread):
        return _fields(profile.profile, None, None, str(profile.settings_file))
    return _fields(profile.profile, profile.active_provider, profile.states, str(profile.settings_file))


def _fields(profile: str, active: str | None, states: Mapping[str, str] | None, file: str) -> TableRow:
    return {"profile": profile, "active_provider": active, "providers": states, "settings_file": file}
