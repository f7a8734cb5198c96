"""How much room words take, and lines that fit: accents on their own, wide letters, signs that are pictures."""

import unicodedata

import pytest
from prompt_toolkit.utils import get_cwidth
from rich.cells import cell_len

from bokko_cli.model.text import shown
from bokko_cli.model.width import columns_of, padded, wrapped
from bokko_cli.prompter.answer_table import review_lines
from bokko_cli.prompter.question import Answer

DECOMPOSED = unicodedata.normalize("NFD", "Árvíztűrő tükörfúrógép")
WIDE = "東京ウェブショップ株式会社"
HEBREW = "חנות מקוונת"
PICTURES = "🛒 Bolt 🇭🇺"


@pytest.mark.parametrize(
    ("text", "columns"),
    [("", 0), ("Webshop", 7), ("Árvíztűrő", 9), (DECOMPOSED, 22), (WIDE, 26), (HEBREW, 11), ("🛒", 2), ("ﾊﾝｶｸ", 4)],
)
def test_room_of_a_text_is_what_a_terminal_gives_it(text: str, columns: int) -> None:
    assert columns_of(text) == columns
    assert columns_of(padded(text, 30)) == 30


@pytest.mark.parametrize("name", ["Webshop " * 9, DECOMPOSED * 3, WIDE * 3, HEBREW * 5, PICTURES * 4, "x" * 99])
@pytest.mark.parametrize("columns", [2, 20, 33, 80])
def test_lines_fit_and_lose_nothing(name: str, columns: int) -> None:
    lines = wrapped(name, columns)
    assert max(map(columns_of, lines)) <= columns
    assert "".join(lines).replace(" ", "") == name.replace(" ", "")
    assert not any(unicodedata.combining(line[0]) for line in lines)


def test_word_that_may_not_break_stands_over_the_edge() -> None:
    assert wrapped("see https://app.billingo.hu/api-key now", 12, breaks_words=False) == [
        "see", "https://app.billingo.hu/api-key", "now",
    ]  # fmt: skip


@pytest.mark.parametrize("text", ["", " ", "a  b", " a "])
def test_there_is_always_a_line(text: str) -> None:
    assert wrapped(text, 20) == [text.strip()]


@pytest.mark.parametrize("columns", [20, 40, 60, 80])
def test_review_of_wide_names_stays_within_the_terminal(columns: int) -> None:
    answers = [Answer("Bizonylattömb", f"{WIDE} · {WIDE} · id 40101"), Answer("決済", DECOMPOSED, PICTURES)]
    assert max(map(columns_of, review_lines(answers, columns))) <= columns


def test_review_aligns_answers_beside_names_of_any_letters() -> None:
    names = [unicodedata.normalize("NFD", "Bankszámla"), "Bankszámla", "銀行"]
    lines = review_lines([Answer(name, "x") for name in names], 80)
    assert {columns_of(line) for line in lines} == {15}


@pytest.mark.parametrize(
    ("name", "columns"),
    [
        ("A\u0301rvi\u0301ztu\u030bro\u030b", 9), ("株式会社", 8),
        ("👨\u200d👩\u200d👧", 6), ("👍🏽❤\ufe0f1\ufe0f\u20e3", 4),
        ("🇭🇺", 2), ("\u202e\u05e9\u05dc\u05d5\u05dd\u202c", 4), ("\u200bzero\u2060", 4),
        ("\u3164x\uffa0", 1), ("ᄀ\u1161\u11a8", 2),
        ("क्षि", 2), ("ﬁ №½ Ⅷ…", 7), ("e" + "\u0301" * 30, 1),
    ],
)  # fmt: skip
def test_whatever_draws_a_name_takes_it_for_as_wide(name: str, columns: int) -> None:
    told = shown(name)
    assert (columns_of(told), cell_len(told), get_cwidth(told)) == (columns, columns, columns)
