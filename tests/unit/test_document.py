"""Lists as scripts and `grep` read them: valid JSON whatever the names, and a line for each row."""

import json
import re

from hypothesis import example, given
from hypothesis import strategies as st

from bokko_cli.output.scripts import as_text

ROWS = st.lists(
    st.fixed_dictionaries(
        {"id": st.integers() | st.none(), "name": st.text(), "prefix": st.text(), "active": st.booleans()}
    )
)


MOVES = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\xa0\xad\u200b-\u200f\u2028-\u202f\u2060-\u206f\ud800-\udfff\ufeff]")
"""Control, format and separating characters, and halves of one."""


@given(ROWS)
@example([])
@example([{"id": 1, "name": "}, {", "prefix": "},\x01{"}, {"id": 2, "name": "\x01\n", "prefix": '"},\n  {"'}])
def test_a_list_has_a_line_for_each_row(rows: list[dict[str, object]]) -> None:
    text = as_text(rows)
    assert json.loads(text) == rows
    assert as_text(rows, is_unicode=False).isascii()
    assert json.loads(as_text(rows, is_unicode=False)) == rows
    lines = text.split("\n")
    assert [json.loads(line.strip().removesuffix(",")) for line in lines[1:-1]] == rows
    assert not MOVES.search(text)


def test_a_list_looks_as_somebody_would_write_it() -> None:
    rows = [{"id": 1, "name": "Webshop"}, {"id": 2, "name": "Bolt, Ltd. {b}"}]
    assert as_text(rows) == (
        "[\n"
        '  {"id": 1, "name": "Webshop"},\n'
        '  {"id": 2, "name": "Bolt, Ltd. {b}"}\n'
        "]"
    )  # fmt: skip
    assert as_text([]) == "[]"


def test_letters_stay_as_they_are_and_what_moves_a_cursor_is_escaped() -> None:
    name = "Árvíztűrő 漢字 😀 €\x7f\x9b\u2028\u2029\u202e\u200b\ufeff\xad\ud800"
    text = as_text({"name": name})
    assert "Árvíztűrő 漢字 😀 €\\u007f\\u009b\\u2028\\u2029\\u202e\\u200b\\ufeff\\u00ad\\ud800" in text
    assert json.loads(text) == {"name": name}


def test_other_encodings_get_ascii_alone() -> None:
    assert as_text({"name": "ű😀"}, is_unicode=False) == '{\n  "name": "\\u0171\\ud83d\\ude00"\n}'
