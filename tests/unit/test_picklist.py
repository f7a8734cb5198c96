"""The list's state, the review's lines and the walk back and forth, without a terminal."""

import pytest

from bokko_cli.model.values import BankAccount
from bokko_cli.prompter.answer_table import review_lines
from bokko_cli.prompter.narrowing import Picklist
from bokko_cli.prompter.question import NO_WORDS, YES_WORDS, Answer, Nothing, Option
from bokko_cli.wizard.questions import end_of_number
from bokko_cli.wizard.walk import Move, Step, walk

OPTIONS = [Option(str(number), f"Tömb {number:03}", f"T{number}  id {number}") for number in range(1, 31)]


def _names(picklist: Picklist[str]) -> list[str]:
    return [OPTIONS[index].name for index in picklist.fitting]


def test_pointer_goes_round_over_the_back_row() -> None:
    picklist = Picklist(OPTIONS, can_go_back=True)
    picklist.move(-1)
    assert picklist.chosen() is Nothing.BACK
    picklist.move(1)
    assert picklist.chosen() == OPTIONS[0]


def test_pages_stop_at_the_ends() -> None:
    picklist = Picklist(OPTIONS, can_go_back=False)
    picklist.move(-12)
    assert picklist.chosen() == OPTIONS[0]
    picklist.move(100)
    assert picklist.chosen() == OPTIONS[-1]


def test_filter_finds_name_prefix_and_id_in_any_case() -> None:
    for typed, expected in (("TÖMB 007", ["Tömb 007"]), ("id 12", ["Tömb 012"]), ("t30", ["Tömb 030"])):
        picklist = Picklist(OPTIONS, can_go_back=True)
        for character in typed:
            picklist.type(character)
        assert _names(picklist) == expected


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("arvizturo", [0]), ("ÁRVÍZTŰRŐ", [0]), ("A\u0301rvi\u0301z", [0]), ("furo gep", [0]),
        ("gép árvíz", [0]), ("otp", [1]),
        ("otp huf", [1]), ("huf eur", []), ("11773016-11111018-00000000", [1]), ("11773016 11111018", [1]),
        ("1177\u20133016", [1]), ("HU42 1177", [1]), ("e szamla", [2]), ("eszámla", [2]),
        ("E-SZÁMLA", [2]), ("--", [0, 1, 2]),
        ("gépotp", []),
    ],
)  # fmt: skip
def test_filter_looks_past_case_accents_blanks_and_hyphens_and_wants_every_word(typed: str, found: list[int]) -> None:
    options = [
        Option("a", "Árvíztűrő fúrógép", "ÁTF  id 1"),
        Option("b", "OTP", "…11111018  HUF", also_found_by="11773016-11111018-00000000 HU42117730161111101800000000"),
        Option("c", "E-számla", "ESZ  id 3"),
    ]
    picklist = Picklist(options, can_go_back=True)
    for character in typed:
        picklist.type(character)
    assert picklist.fitting == found


def test_filter_that_fits_nothing_has_no_answer() -> None:
    picklist = Picklist(OPTIONS, can_go_back=True)
    picklist.type("zzz")
    assert picklist.chosen() is None
    picklist.move(1)
    assert picklist.chosen() is None


def test_erasing_widens_the_filter_again() -> None:
    picklist = Picklist(OPTIONS, can_go_back=True)
    picklist.type("029")
    assert _names(picklist) == ["Tömb 029"]
    picklist.erase()
    assert len(picklist.fitting) == 11
    picklist.erase(everything=True)
    assert len(picklist.fitting) == 30
    picklist.erase()
    assert picklist.typed == ""


def test_filtered_row_is_answered_by_its_own_place() -> None:
    picklist = Picklist(OPTIONS, can_go_back=True)
    picklist.type("02")
    picklist.move(1)
    assert picklist.chosen() == OPTIONS[19]


def test_pointer_starts_at_the_marked_row() -> None:
    assert Picklist(OPTIONS, can_go_back=False, pointer=4).chosen() == OPTIONS[4]


ANSWERS = [Answer("Document block", "Árvíztűrő tükörfúrógép · ÁTF · id 40104"), Answer("Tax number", "none")]


def test_review_at_80_columns_stands_side_by_side() -> None:
    assert review_lines(ANSWERS, 80) == [
        "  Document block  Árvíztűrő tükörfúrógép · ÁTF · id 40104",
        "  Tax number      none",
    ]


def test_review_at_45_columns_hangs_under_the_answer() -> None:
    assert review_lines(ANSWERS, 45) == [
        "  Document block  Árvíztűrő tükörfúrógép ·",
        "                  ÁTF · id 40104",
        "  Tax number      none",
    ]


def test_review_at_30_columns_puts_answers_below() -> None:
    assert review_lines(ANSWERS, 30) == [
        "  Document block",
        "    Árvíztűrő tükörfúrógép ·",
        "    ÁTF · id 40104",
        "  Tax number",
        "    none",
    ]


@pytest.mark.parametrize("columns", [1, 5, 20, 41, 42, 43, 80, 200])
def test_review_loses_nothing_at_any_width(columns: int) -> None:
    lines = review_lines([Answer("Bank account", "x" * 500), Answer("Empty", "")], columns)
    assert "".join(lines).count("x") == 500
    assert all(len(line) <= max(columns, len("  Bank account")) for line in lines)


@pytest.mark.parametrize(
    ("number", "end"),
    [
        ("11773016-11111018-00000000", "11111018"),
        ("11600006-00000000-12345676", "12345676"),
        ("11773016-11111018", "11111018"),
        ("HU42 1177 3016 1111 1018 0000 0000", "00000000"),
        ("LT12 3456", "LT123456"),
        ("", ""),
        ("00000000", "00000000"),
    ],
)
def test_end_of_a_number_says_something(number: str, end: str) -> None:
    assert end_of_number(BankAccount(1, "x", number, None).number) == end


def test_pointer_is_on_what_is_marked_again_when_nothing_is_typed_any_more() -> None:
    picklist = Picklist([Option(name, name) for name in ("Webshop", "Bolt", "Bolt 2")], can_go_back=False, pointer=1)
    picklist.type("zz")
    picklist.erase()
    assert picklist.pointer == 0
    picklist.erase()
    assert picklist.chosen() == Option("Bolt", "Bolt")


def _step(log: list[str], name: str, *outcomes: Move) -> Step:
    left = list(outcomes)

    def step(can_go_back: bool) -> Move:
        log.append(f"{name}{'<' if can_go_back else ''}")
        return left.pop(0)

    return step


def test_back_passes_over_steps_that_asked_nothing() -> None:
    log: list[str] = []
    asked, skipped, back = Move.ASKED, Move.SKIPPED, Move.BACK
    walk([_step(log, "a", asked, asked), _step(log, "b", skipped, skipped), _step(log, "c", back, asked)])
    assert log == ["a", "b<", "c<", "a", "b<", "c<"]


def test_back_from_the_first_question_is_the_callers() -> None:
    log: list[str] = []
    assert walk([_step(log, "a", Move.SKIPPED), _step(log, "b", Move.BACK)]) is Nothing.BACK
    assert log == ["a", "b"]


def test_first_step_knows_of_a_question_before_the_walk() -> None:
    log: list[str] = []
    walk([_step(log, "a", Move.ASKED)], can_go_back=True)
    assert log == ["a<"]


@pytest.mark.parametrize(
    ("typed", "pointed"),
    [("y", "Igen"), ("yes", "Igen"), ("I", "Igen"), ("n", "Nem"), ("nem", "Nem"), ("ne", "Nem"), ("eng", "English")],
)
def test_word_that_means_a_row_points_at_it_whatever_else_fits(typed: str, pointed: str) -> None:
    options = [Option(True, "Igen", words=YES_WORDS), Option(False, "Nem", words=NO_WORDS), Option(False, "English")]
    picklist = Picklist(options, can_go_back=False)
    for letter in typed:
        picklist.type(letter)
    chosen = picklist.chosen()
    assert isinstance(chosen, Option)
    assert chosen.name == pointed


BLOCKS = [Option(1, "Webáruház", "WÁ  id 40103"), Option(2, "Webshop", "WEB  id 40101"), Option(3, "4010", "X  id 7")]


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("web", "Webshop"),
        ("WEB", "Webshop"),
        ("wa", "Webáruház"),
        ("we", "Webáruház"),
        ("webshop", "Webshop"),
        ("40101", "Webshop"),
        ("4010", "4010"),
    ],
)
def test_pointer_is_on_the_row_that_is_called_just_so(typed: str, name: str) -> None:
    picklist = Picklist(BLOCKS, can_go_back=True)
    for letter in typed:
        picklist.type(letter)
    chosen = picklist.chosen()
    assert isinstance(chosen, Option)
    assert chosen.name == name
