"""English where Hungarian should be: sentences of the catalog, and what no catalog knows of."""

import re
import string
from functools import cache

from tests.language.catalog import catalog

DRAWN = re.compile(r"\x1b\[[0-?]*[ -/]*[@-~]|[─-╿]")
NOT_A_WORD = re.compile(
    r"`[^`]*`"  # commands
    r"|\bbokko( --?[\w-]+| [a-z][\w-]*)+( --)?( \./[\w-]+)?( VALUE| PATH)?"
    r"|\bpass show key|cut -f1"
    r"|https?://\S+|~?(/[\w.~:-]+)+"
    r"|--[\w-]+( (?:file|env|keyring))?"
    r"|\b\w*[_=@]\w*"  # codes, fields of JSON, variables
    r"|üzenete: [^→]*"  # what a provider says in its own words
)
"""What is the same in every language."""
ENGLISH = re.compile(
    r"(?i)(the|and|of|to|are|not|cannot|can|with|without|for|from|this|that|these|those|was|were|which|where|must|have"
    r"|or|by|its|your|you|only|more|than|there|here|nothing|yes|it|been|will|would|should|does|did|done|again|them|required)"
)
"""Words without which English says little, and which Hungarian has not."""
TWO_WORDS = re.compile(r"[^\W\d_]{2,}[ ,]+[^\W\d_]{2,}")


def english_in(text: str) -> list[str]:
    """Return the English in what was printed, however it was wrapped: the words of a marked sentence, or others."""
    told = " ".join(DRAWN.sub(" ", text).split())
    sentences = [part for part in _fixed_parts() if part in told]
    words = re.findall(r"[^\W\d_]+", NOT_A_WORD.sub(" ", told))
    return sentences + [f"…{word}…" for word in words if ENGLISH.fullmatch(word)]


@cache
def _fixed_parts() -> frozenset[str]:
    """Return what stands between the fields of each English sentence, where Hungarian never says the same."""
    messages = [message for message in catalog("hu") if message.id]
    same = " ".join(" ".join(_texts(message.string)) for message in messages)
    parts = {part for message in messages for text in _texts(message.id) for part in _parts(text)}
    return frozenset(part for part in parts if TWO_WORDS.search(part) and part not in same)


def _texts(value: str | tuple[str, ...] | list[str] | None) -> tuple[str, ...]:
    return (value or "",) if isinstance(value, str | None) else tuple(value)


def _parts(text: str) -> list[str]:
    return [" ".join(part.split()) for part, _, _, _ in string.Formatter().parse(text)]
