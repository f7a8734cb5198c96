"""A drawn question is broken between words at every width, and its answer has room."""

import pytest

from bokko_cli.model.width import columns_of
from bokko_cli.model.wording import NO_BREAK
from bokko_cli.prompter.heading import Tokens, heading, hint, with_room
from bokko_cli.prompter.picklist import around

NAMES = (
    ("Default payment method", "(arrow keys)"),
    ("Bankszámlaszám", "(üresen: a fiókban beállított, Esc:\xa0vissza)"),
    ("Disconnect Billingo (profile default)?", f"{NO_BREAK}(y/N)"),
    ("銀行口座 הבנק", "Erste EUR, külföldi utalások  …00000031  EUR"),
    ("a" * 90, ""),
)


def text(tokens: Tokens) -> str:
    return "".join(words for _, words in tokens)


def styled(tokens: Tokens, style: str) -> str:
    return "".join("".join(words.split()) for worn, words in tokens if worn == style)


@pytest.mark.parametrize("columns", [20, 24, 30, 40, 60, 80, 100, 120, 200])
@pytest.mark.parametrize(("name", "behind"), NAMES)
def test_heading_fits_and_breaks_no_word_that_does(name: str, behind: str, columns: int) -> None:
    tokens = heading(name, behind, "class:answer", columns)
    lines = text(tokens).split("\n")
    assert all(columns_of(line) <= columns for line in lines)
    assert lines[0].startswith("? ")
    assert all(line.startswith("  ") for line in lines[1:])
    words = {word for word in f"{name} {behind}".split() if columns_of(word) < columns - 2}
    assert words <= set(text(tokens).split())
    assert styled(tokens, "class:question") == "".join(name.split())
    assert styled(tokens, "class:answer") == "".join(behind.split())


def test_short_hint_stays_beside_the_last_word() -> None:
    tokens = heading("Disconnect Billingo (profile default)?", f"{NO_BREAK}(y/N)", "class:instruction", 40)
    assert text(tokens) == "? Disconnect Billingo (profile\n  default)? (y/N) "


@pytest.mark.parametrize(("columns", "end"), [(41, "(blank: none) "), (28, "(blank: none)\n  ")])
def test_answer_has_room_behind_the_question_or_a_line_of_its_own(columns: int, end: str) -> None:
    tokens = heading("Tax number", "(blank: none)", "class:instruction", columns)
    assert text(with_room(tokens, 14, columns)).endswith(end)


@pytest.mark.parametrize(
    ("columns", "shown"), [(80, "(Y/n, Esc:\xa0back)"), (30, "(Y/n)"), (24, "(Y/n)"), (20, "(Y/n, Esc:\xa0back)")]
)
def test_way_back_is_shown_where_it_takes_no_line_of_its_own(columns: int, shown: str) -> None:
    assert hint("Invoice capable", ["Y/n"], "Esc: back", columns) == shown


@pytest.mark.parametrize(
    ("pointer", "heights", "room", "shown"),
    [
        (0, {0: 1, 1: 1, 2: 1}, 12, [0, 1, 2]),
        (1, {0: 3, 1: 2, 2: 2, 3: 1}, 5, [1, 2, 3]),
        (5, {4: 1, 5: 9, 6: 1}, 9, [5]),
        (7, {4: 2, 5: 2, 6: 2}, 4, [5, 6]),
        (0, {}, 4, []),
    ],
)
def test_rows_round_the_pointer_are_shown_as_many_as_fit(
    pointer: int, heights: dict[int, int], room: int, shown: list[int]
) -> None:
    assert around(pointer, heights, room) == shown
