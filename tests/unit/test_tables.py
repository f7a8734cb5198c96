"""Lists: a table on a terminal, where a row stays a row at any width, and lines with tabs in a pipe."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from bokko_cli.output.console import DrawnScreen
from bokko_cli.output.hungarian import in_hungarian
from bokko_cli.output.language import in_english
from bokko_cli.output.people import People
from bokko_cli.output.plain import in_lines
from bokko_cli.providers.tables import SPECS
from tests.unit.screens import FakeScreen

BLOCKS = (
    {"id": 40101, "name": "Webshop", "prefix": "WEB"},
    {"id": 7, "name": "Árvíztűrő tükörfúrógép", "prefix": None},
    {"id": 8, "name": "漢字", "prefix": "K"},
)


def drawn(rows: Sequence[Mapping[str, object]], width: int = 80) -> str:
    """Return a table as a terminal of a width gets it, without the blanks at the ends of its lines."""
    stream = FakeScreen()
    with pytest.MonkeyPatch.context() as monkeypatch:
        monkeypatch.setenv("COLUMNS", str(width))
        DrawnScreen(stream, str).table(rows)
    return "\n".join(line.rstrip() for line in stream.getvalue().splitlines())


@pytest.fixture(autouse=True)
def _without_color(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")


def test_each_key_has_a_column_as_wide_as_its_widest_cell() -> None:
    assert drawn(BLOCKS).splitlines() == [
        "ID      NAME                     PREFIX",
        "40101   Webshop                  WEB",
        "7       Árvíztűrő tükörfúrógép",
        "8       漢字                     K",
    ]


def test_what_is_too_wide_goes_on_below_between_words() -> None:
    rows = [
        {"id": 7, "name": "Webshop of the whole company", "prefix": "x" * 11},
        {"id": 8, "name": "B", "prefix": "b"},
    ]
    assert drawn(rows, 30).splitlines() == [
        "ID   NAME          PREFIX",
        "7    Webshop of    xxxxxxxxxxx",
        "     the whole",
        "     company",
        "8    B             b",
    ]


ACCOUNTS = (
    {"id": 7002, "name": "Erste EUR, külföldi utalások", "number": "11600006-00000000-12345676", "currency": "EUR"},
    {"id": 7001, "name": "OTP HUF", "number": "11773016-11111018-00000000", "currency": "HUF"},
)


@pytest.mark.parametrize("width", range(36, 90))
def test_number_of_an_account_is_never_broken(width: int) -> None:
    text = drawn(ACCOUNTS, width)
    assert all(str(account["number"]) in text for account in ACCOUNTS)
    assert all(cell_len(line) <= width for line in text.splitlines())


def test_rows_without_room_beside_each_other_are_labels_and_values() -> None:
    assert drawn(ACCOUNTS[:1], 40).splitlines() == [
        "ID        7002",
        "NAME      Erste EUR, külföldi utalások",
        "NUMBER    11600006-00000000-12345676",
        "CURRENCY  EUR",
    ]


def test_head_is_bold_where_there_are_colours(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NO_COLOR")
    monkeypatch.setenv("TERM", "xterm")
    head, first, *_ = drawn(BLOCKS).splitlines()
    assert head.startswith("\x1b[1mID")
    assert "\x1b" not in first


def test_blanks_round_a_name_go_and_those_in_it_stay() -> None:
    assert drawn([{"name": " Web  shop of all "}]).splitlines() == ["NAME", "Web  shop of all"]


def test_name_that_would_move_the_cursor_cannot() -> None:
    assert drawn([{"name": "a\x1b[2J\nb\u202ec [b]:heart:[/b]"}]).splitlines()[1:] == ["a [2J bc [b]:heart:[/b]"]


@given(
    st.lists(st.tuples(st.text(st.sampled_from("ab 漢é-"), max_size=60), st.integers(0, 10**8)), min_size=1),
    st.integers(20, 100),
)
def test_nothing_is_lost_and_no_line_is_too_wide(rows: list[tuple[str, int]], width: int) -> None:
    text = drawn([{"name": name, "id": number} for name, number in rows], width)
    assert all(cell_len(line) <= width for line in text.splitlines())
    given_letters = "".join(f"{name}{number}" for name, number in rows)
    heads = text.count("NAME")
    assert heads in (1, len(rows))
    assert Counter("".join(text.split())) == Counter("".join(given_letters.split()) + "NAMEID" * heads)


@pytest.mark.parametrize("count", [499, 500, 501, 1_250])
def test_long_list_has_one_head_and_the_same_columns_throughout(count: int) -> None:
    lines = drawn([{"id": number, "name": "Webshop"} for number in range(count)]).splitlines()
    assert len(lines) == count + 1
    assert {line.index("Webshop") for line in lines[1:]} == {lines[0].index("NAME")}


def test_first_rows_of_ten_thousand_do_not_wait_for_the_last() -> None:
    class Noting(FakeScreen):
        def __init__(self) -> None:
            super().__init__()
            self.written: list[str] = []

        def write(self, text: str, /) -> int:
            self.written.append(text)
            return super().write(text)

    stream = Noting()
    DrawnScreen(stream, str).table([{"id": number, "name": f"Webshop {number}"} for number in range(10_000)])
    first = next(text for text in stream.written if "Webshop 0" in text)
    assert "Webshop 1000" not in first
    assert "Webshop 9999" in stream.written[-1]


def test_list_in_a_pipe_is_a_row_a_line_with_tabs_and_no_head() -> None:
    assert in_lines(BLOCKS) == "40101\tWebshop\tWEB\n7\tÁrvíztűrő tükörfúrógép\t\n8\t漢字\tK"


def test_name_in_a_pipe_is_one_field_of_one_line() -> None:
    assert in_lines([{"id": 1, "name": "a\tb\nc\x1b[2J\u2028d\u202ee\r\x85f", "prefix": True}]) == (
        "1\ta b c [2J de  f\ttrue"
    )


def test_field_of_several_parts_is_one_field() -> None:
    row = {"profile": "shop", "providers": {"billingo": "ready", "szamlazz": "not_connected"}, "settings_file": "/x"}
    assert in_lines([row]) == "shop\tbillingo=ready,szamlazz=not_connected\t/x"


def test_empty_list_is_nothing_in_a_pipe_and_said_beside_a_terminal() -> None:
    pipe, screen, err = FakeScreen(is_terminal=False), FakeScreen(), FakeScreen(is_terminal=False)
    People(pipe, err, {}, DrawnScreen, in_english).show_rows(())
    assert (pipe.getvalue(), err.getvalue()) == ("", "")
    People(screen, err, {}, DrawnScreen, in_english).show_rows(())
    assert (screen.getvalue(), err.getvalue()) == ("", "There are none.\n")


@pytest.mark.parametrize(
    ("language", "heading", "words"),
    [
        ("en", "ACTIVE PROVIDER", "Billingo: ready, Számlázz.hu: not connected"),
        ("hu", "AKTÍV SZOLGÁLTATÓ", "Billingo: kész, Számlázz.hu: nincs csatlakoztatva"),
    ],
)
def test_headings_and_states_are_for_people_and_in_their_language(
    monkeypatch: pytest.MonkeyPatch, language: Literal["en", "hu"], heading: str, words: str
) -> None:
    monkeypatch.setenv("COLUMNS", "150")
    stream = FakeScreen()
    states = {"billingo": "ready", "szamlazz": "not_connected"}
    row = {"profile": "shop", "active_provider": "billingo", "providers": states, "settings_file": "/shop.toml"}
    People(stream, stream, SPECS, DrawnScreen, {"en": in_english, "hu": in_hungarian}[language]).show_rows([row])
    names, values = stream.getvalue().splitlines()
    assert heading in names
    assert "PROVIDERS" in names or "SZOLGÁLTATÓK" in names
    assert values.split("   ")[0] == "shop"
    assert " Billingo " in values
    assert words in values


def test_name_without_blanks_is_broken_in_its_column_and_one_without_letters_is_called_so() -> None:
    rows = [
        {"id": 1, "name": "L" * 60, "number": "11773016-11111018-00000000"},
        {"id": 2, "name": "\u3164", "number": "2"},
    ]
    stream = FakeScreen()
    with pytest.MonkeyPatch.context() as monkeypatch:
        monkeypatch.setenv("COLUMNS", "80")
        People(stream, stream, SPECS, DrawnScreen, in_english).show_rows(rows)
    assert [line.rstrip() for line in stream.getvalue().splitlines()] == [
        f"ID   {'NAME':<46}   NUMBER",
        f"1    {'L' * 46}   11773016-11111018-00000000",
        f"     {'L' * 14}",
        f"2    {'(no name)':<46}   2",
    ]
