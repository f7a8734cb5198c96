import tomllib

import pytest

from bokko_cli.model.wording import Sentence
from bokko_cli.output.hungarian import in_hungarian
from bokko_cli.output.language import in_english
from bokko_cli.store.toml_position import position_of

BROKEN = [
    "a", "a = 1 b = 2", "[a", "[[a]", "=", "a = ", "a = x", "a = 2026-13-01", 'a = "\\u00zz"', 'a = "b', 'a = "\\q"',
    'a = "\\ud800"', "a = [1", "a = {b = 1", "a = 1\na = 2", "[a]\n[a]", "a = {b = 1}\n[a.c]", "a = {b = 1, b = 2}",
    "a = '\x01'", 'a = "\x01"', "a.b = 1\n[a]", "# \x01", "a = '''b",
]  # fmt: skip


@pytest.mark.parametrize("text", BROKEN)
def test_what_the_parser_says_is_a_sentence_in_either_language(text: str) -> None:
    with pytest.raises(tomllib.TOMLDecodeError) as caught:
        tomllib.loads(text)
    reason = position_of(text, caught.value).reason
    assert isinstance(reason, Sentence)
    assert str(caught.value).startswith(in_english(reason))
    assert in_hungarian(reason) != reason


def test_what_no_sentence_is_known_for_stays_as_it_is() -> None:
    assert position_of("", ValueError("Quite new (at line 3, column 4)")) == (3, 4, "Quite new")
