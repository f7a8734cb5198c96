"""Why a text is not TOML: what the parser says, as sentences that can be translated."""

import re
from collections.abc import Sequence

from bokko_cli.model.wording import N_, Sentence

_REASONS: Sequence[Sentence] = (
    N_("Expected '=' after a key in a key/value pair"),
    N_("Expected newline or end of document after a statement"),
    N_("Expected ']' at the end of a table declaration"),
    N_("Expected ']]' at the end of an array declaration"),
    N_("Expected {what}"),
    N_("Invalid initial character for a key part"),
    N_("Invalid statement"),
    N_("Invalid value"),
    N_("Invalid date or datetime"),
    N_("Invalid hex value"),
    N_("Unterminated string"),
    N_("Unescaped '\\' in a string"),
    N_("Escaped character is not a Unicode scalar value"),
    N_("Unclosed array"),
    N_("Unclosed inline table"),
    N_("Cannot overwrite a value"),
    N_("Cannot declare {key} twice"),
    N_("Cannot redefine namespace {key}"),
    N_("Cannot mutate immutable namespace {key}"),
    N_("Duplicate inline table key {key}"),
    N_("Illegal character {character}"),
    N_("Found invalid character {character}"),
)


def toml_reason(words: str) -> str:
    """Return what the parser says as a sentence, or as it comes where it says something else."""
    for reason in _REASONS:
        pattern = re.sub(r"\\{(\w+)\\}", r"(?P<\1>.+)", re.escape(reason.template))
        if found := re.fullmatch(pattern, words, re.DOTALL):
            return reason.filled(**found.groupdict()) if found.groupdict() else reason
    return words
