"""The secret, and how what a person pasted becomes one."""

import re
import unicodedata
from dataclasses import dataclass

from bokko_cli.errors import KeyMalformed
from bokko_cli.model.text import shown
from bokko_cli.model.wording import N_

SANDBOX_PREFIX = "sandbox-"
_LONGEST = 512
_SHORTEST_WITH_HINT = 12
_QUOTES = "\"'`“”„\u2018\u2019"


@dataclass(frozen=True, slots=True, repr=False)
class ApiKey:
    """A key that shows itself to nobody: `repr` and `str` are masked."""

    _value: str

    def reveal(self) -> str:
        """Return the key itself; only the request's header and the secret store call this."""
        return self._value

    def hidden_in(self, text: str) -> str:
        """Return somebody else's text, harmless, with `…` wherever it repeats the key.

        As it will be shown: the key may come in other letters, or with signs inside that are not seen.
        """
        return re.sub(re.escape(self._value), "…", shown(text), flags=re.IGNORECASE)

    def __repr__(self) -> str:
        """Mask the key."""
        return "ApiKey(…)"

    @property
    def hint(self) -> str | None:
        """The last four characters; `None` for a key so short that they would give it away."""
        return self._value[-4:] if len(self._value) >= _SHORTEST_WITH_HINT else None

    @property
    def is_for_sandbox(self) -> bool:
        """Whether the key belongs to the sandbox and must not leave this machine."""
        return self._value.startswith(SANDBOX_PREFIX)

    def has_shape(self, pattern: str) -> bool:
        """Whether the key fits a regular expression, whole."""
        return re.fullmatch(pattern, self._value) is not None


def clean_key(text: str) -> ApiKey:
    """Return the key in what was pasted: blanks, quotes and invisible characters round it are dropped.

    Raises KeyMalformed, whose message never repeats the text.
    """
    key = _without_invisible(text[: _LONGEST * 4])
    while key != (bare := key.strip().strip(_QUOTES)):  # cleaned once more, a clean key must stay what it is
        key = bare
    if not key:
        raise KeyMalformed(N_("The key is empty."), fix=N_("Paste the whole key."))
    if len(key) > _LONGEST:
        raise KeyMalformed(N_("The key is longer than {count} characters.", count=_LONGEST))
    if not all("!" <= character <= "~" for character in key):
        raise KeyMalformed(N_("The key contains spaces, or characters that no key has."))
    return ApiKey(key)


def _without_invisible(text: str) -> str:
    return "".join(character for character in text if unicodedata.category(character) != "Cf")
