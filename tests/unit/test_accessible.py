"""Questions as plain lines: what is heard, and what each line that is typed means."""

from collections.abc import Callable

import pytest

from bokko_cli.prompter.accessible import PlainSurface
from bokko_cli.prompter.question import NO_WORDS, YES_WORDS, Answer, Nothing, Option, Pick, Typed

BLOCKS = Pick(
    (Option(1, "Webshop", "WEB  id 40101", "stored"), Option(2, "Webáruház", "WÁ  id 40103"), Option(3, "Árvíztűrő"))
)
MANY = Pick([Option(number, f"Számlatömb {number:04}") for number in range(1, 1_251)], marked=6)


def asked(*typed: str, columns: int = 80) -> tuple[PlainSurface, list[str]]:
    """Return what asks somebody who types these lines, and where all that is heard will be."""
    heard: list[str] = []
    lines = list(typed)

    def read(is_secret: bool) -> str:
        heard.append("(secret)\n" if is_secret else "\n")
        if not lines:
            raise EOFError
        return lines.pop(0)

    return PlainSurface(str, read, heard.append, lambda: columns), heard


def test_list_is_heard_in_order_with_numbers_and_what_enter_takes() -> None:
    surface, heard = asked("2")
    assert surface.pick("Document block", BLOCKS, can_go_back=True) == 1
    assert "".join(heard) == (
        "Document block\n"
        "1. Webshop, WEB, id 40101 (stored)\n"
        "2. Webáruház, WÁ, id 40103\n"
        "3. Árvíztűrő\n"
        "0. Back\n"
        "Type a number.\n"
        "Press Enter for Webshop.\n"
        "> \n"
    )


@pytest.mark.parametrize("typed", ["b", "B", "vissza", "Vissza", "0", " b "])
def test_back_is_a_row_a_letter_and_a_word(typed: str) -> None:
    surface, _ = asked(typed)
    assert surface.pick("Document block", BLOCKS, can_go_back=True) is Nothing.BACK


@pytest.mark.parametrize("typed", ["b", "0"])
def test_first_question_has_no_way_back(typed: str) -> None:
    surface, heard = asked(typed, "1")
    assert surface.pick("Document block", BLOCKS, can_go_back=False) == 0
    assert "Back" not in "".join(heard)


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        (("",), 6),
        (("7",), 6),
        (("20",), 19),
        (("szamlatomb 0123", ""), 122),
        (("1201", "1"), 1200),
        (("0123", "1"), 122),
        (("21", "2"), 120),
        (("007", "1"), 6),
    ],
)
def test_long_list_is_narrowed_by_a_part_of_a_name(typed: tuple[str, ...], number: int) -> None:
    surface, heard = asked(*typed)
    assert surface.pick("Document block", MANY, can_go_back=True) == number
    assert "… and 1,230 more.\n" in heard
    assert heard.count("> ") == len(typed)  # every line was waited for: no row was taken that nobody heard


@pytest.mark.parametrize(("opened_with", "typed"), [("", ("web",)), ("", ("web", "webshop")), ("shop", ())])
def test_list_that_was_narrowed_is_whole_again_at_an_asterisk_and_says_so(
    opened_with: str, typed: tuple[str, ...]
) -> None:
    surface, heard = asked(*typed, "*", "3")
    assert surface.pick("Document block", BLOCKS._replace(typed=opened_with), can_go_back=True) == 2
    told = "".join(heard)
    assert "Type * for the whole list.\n" in told
    assert "Type *" not in told[told.rindex("1. Webshop") :]


def test_asterisk_is_a_part_of_a_name_where_the_list_is_whole() -> None:
    surface, _ = asked("*", "1")
    assert surface.pick("Document block", Pick((Option(1, "Web"), Option(2, "Web *"))), can_go_back=True) == 1


def test_long_list_says_once_how_to_narrow_it_and_what_enter_takes() -> None:
    surface, heard = asked("")
    surface.pick("Document block", MANY, can_go_back=False)
    assert heard[-4:] == [
        "Type a number, or a part of a name to narrow the list.\n", "Press Enter for Számlatömb 0007.\n", "> ", "\n",
    ]  # fmt: skip


def test_what_fits_nothing_is_said_and_the_whole_list_is_there_again() -> None:
    surface, heard = asked("zzz", "1")
    assert surface.pick("Document block", BLOCKS, can_go_back=True) == 0
    assert 'Nothing matches "zzz".\n' in heard
    assert heard.count("3. Árvíztűrő\n") == 2


def test_list_opens_with_the_filter_that_a_flag_gave() -> None:
    surface, heard = asked("")
    assert surface.pick("Document block", BLOCKS._replace(typed="aruhaz"), can_go_back=True) == 1
    assert "1. Webáruház, WÁ, id 40103\n" in heard
    assert not any("Webshop" in line for line in heard)
    surface, heard = asked("")
    assert surface.pick("Document block", BLOCKS._replace(typed="zzz"), can_go_back=True) == 0


@pytest.mark.parametrize(("typed", "answer"), [("", "12"), ("-", ""), ("34", "34"), ("b", Nothing.BACK)])
def test_text_that_stands_there_is_kept_by_enter_and_cleared_by_a_dash(typed: str, answer: object) -> None:
    surface, heard = asked(typed)
    form = Typed(str, begins_with="12", blank="blank: none")
    assert surface.type("Tax number", form, can_go_back=True) == answer
    assert heard[0] == "Tax number (Enter: keep 12, - for none, b to go back)\n"


def test_secret_is_read_without_being_shown() -> None:
    surface, heard = asked("hidden")
    assert surface.type("API key", Typed(str, blank="Enter: keep it", is_secret=True), can_go_back=False) == "hidden"
    assert heard == ["API key (Enter: keep it)\n", "> ", "(secret)\n"]


@pytest.mark.parametrize(
    ("typed", "marked", "answer"),
    [
        (("y",), False, True), (("i",), False, True), (("Igen",), False, True), (("n",), True, False),
        (("nem",), True, False), (("",), True, True), (("",), False, False), (("x", "", "n"), False, False),
        (("b",), True, Nothing.BACK),
    ],
)  # fmt: skip
def test_yes_and_no_are_taken_in_both_languages(typed: tuple[str, ...], marked: bool, answer: object) -> None:
    surface, heard = asked(*typed)
    assert surface.yes_or_no("Save this?", marked=marked, can_go_back=True) is answer
    assert heard.count('"x" is neither a yes nor a no.\n') == typed.count("x")


@pytest.mark.parametrize(
    "ask",
    [
        lambda surface: surface.pick("Block", BLOCKS, can_go_back=True),
        lambda surface: surface.type("Number", Typed(str), can_go_back=True),
        lambda surface: surface.yes_or_no("Save?", marked=True, can_go_back=True),
    ],
)
def test_end_of_input_leaves(ask: Callable[[PlainSurface], object]) -> None:
    surface, _ = asked()
    with pytest.raises(EOFError):
        ask(surface)


def test_lines_break_between_words() -> None:
    surface, heard = asked("1", columns=20)
    surface.pick("Document block", BLOCKS, can_go_back=True)
    assert max(len(line) for line in "".join(heard).split("\n")) <= 20


@pytest.mark.parametrize(("typed", "row"), [("y", 0), ("Igen", 0), ("n", 1), ("NO", 1), ("3", 2), ("", 0)])
def test_yes_or_no_may_be_typed_where_a_list_has_them(typed: str, row: int) -> None:
    surface, _ = asked(typed)
    review = Pick([Option(0, "Yes", words=YES_WORDS), Option(1, "No, leave", words=NO_WORDS), Option(2, "Any block")])
    assert surface.pick("Save this?", review, can_go_back=True) == row


def test_each_answer_of_the_review_is_heard_with_its_name_and_what_it_was() -> None:
    surface, _ = asked()
    answers = [Answer("Default VAT rate", "0%", "27%"), Answer("Accepts business clients", "yes")]
    assert surface.review(answers) == ["Default VAT rate: 0%; until now: 27%", "Accepts business clients: yes"]
