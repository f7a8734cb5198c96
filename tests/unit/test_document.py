"""Lists as scripts and `grep` read them: valid JSON whatever the names, and a line for each row."""

import json

from hypothesis import example, given
from hypothesis import strategies as st

from bokko_cli.output.scripts import as_text

ROWS = st.lists(
    st.fixed_dictionaries(
        {"id": st.integers() | st.none(), "name": st.text(), "prefix": st.text(), "active": st.booleans()}
    )
)


@given(ROWS)
@example([])
@example([{"id": 1, "name": "}, {", "prefix": "},\x01{"}, {"id": 2, "name": "\x01\n", "prefix": '"},\n  {"'}])
def test_a_list_has_a_line_for_each_row(rows: list[dict[str, object]]) -> None:
    text = as_text(rows)
    assert text.isascii()
    assert json.loads(text) == rows
    lines = text.split("\n")
    assert [json.loads(line.strip().removesuffix(",")) for line in lines[1:-1]] == rows
    assert not set(map(ord, text)) - {ord("\n"), *range(0x20, 0x7F)}


def test_a_list_looks_as_somebody_would_write_it() -> None:
    rows = [{"id": 1, "name": "Webshop"}, {"id": 2, "name": "Bolt, Ltd. {b}"}]
    assert as_text(rows) == (
        "[\n"
        '  {"id": 1, "name": "Webshop"},\n'
        '  {"id": 2, "name": "Bolt, Ltd. {b}"}\n'
        "]"
    )  # fmt: skip
    assert as_text([]) == "[]"
