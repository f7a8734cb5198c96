"""Lists as people read them: a row stays a row at any width."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from bokko_cli.output.columns import in_columns
from bokko_cli.output.line import Look

PLAIN = Look(80, has_color=False, is_unicode=True)
BLOCKS = (
    {"id": 40101, "name": "Webshop", "prefix": "WEB"},
    {"id": 7, "name": "Árvíztűrő tükörfúrógép", "prefix": None},
    {"id": 8, "name": "漢字", "prefix": "K"},
)


def test_each_key_has_a_column_as_wide_as_its_widest_cell() -> None:
    assert in_columns(BLOCKS, PLAIN).splitlines() == [
        "ID      NAME                     PREFIX",
        "40101   Webshop                  WEB",
        "7       Árvíztűrő tükörfúrógép",
        "8       漢字                     K",
    ]


def test_what_is_too_wide_goes_on_below_between_words_where_that_is_possible() -> None:
    rows = [
        {"id": 7, "name": "Webshop of the whole company", "prefix": "x" * 20},
        {"id": 8, "name": "B", "prefix": "b"},
    ]
    assert in_columns(rows, PLAIN._replace(width=30)).splitlines() == [
        "ID   NAME          PREFIX",
        "7    Webshop of    xxxxxxxxxxx",
        "     the whole     xxxxxxxxx",
        "     company",
        "8    B             b",
    ]


def test_head_is_bold_where_there_are_colours() -> None:
    head, first, *_ = in_columns(BLOCKS, PLAIN._replace(has_color=True)).splitlines()
    assert head == "\x1b[1mID      NAME                     PREFIX\x1b[0m"
    assert "\x1b" not in first


def test_empty_list_says_so() -> None:
    assert in_columns((), PLAIN) == "(none)"


def test_blanks_round_a_name_go_and_those_in_it_stay() -> None:
    assert in_columns([{"name": " Web  shop of all "}], PLAIN).splitlines() == ["NAME", "Web  shop of all"]


def test_name_that_would_move_the_cursor_cannot() -> None:
    assert in_columns([{"name": "a\x1b[2J\nb\u202ec"}], PLAIN).splitlines()[1:] == ["a [2J bc"]


@given(
    st.lists(st.tuples(st.text(st.sampled_from("ab 漢é-"), max_size=60), st.integers(0, 10**8)), min_size=1),
    st.integers(20, 100),
)
def test_nothing_is_lost_and_no_line_is_too_wide(rows: list[tuple[str, int]], width: int) -> None:
    drawn = in_columns([{"name": name, "id": number} for name, number in rows], PLAIN._replace(width=width))
    assert all(cell_len(line) <= width for line in drawn.splitlines())
    given_letters = "NAMEID" + "".join(f"{name}{number}" for name, number in rows)
    assert Counter("".join(drawn.split())) == Counter("".join(given_letters.split()))
