"""Who answers: the rules that hold for every way of asking a person, and for nobody."""

from collections.abc import Callable

import pytest

from bokko_cli.errors import Cancelled, InvalidValue, Missing, MissingInput, Unreachable
from bokko_cli.model.values import Value
from bokko_cli.prompter.base import NoPrompter, Prompter, agree, settle
from bokko_cli.prompter.person import PersonPrompter
from bokko_cli.prompter.question import Answer, Nothing, Option, Pick, Question, Typed, YesNo, yes_or_no
from tests.fakes import BACK, ENTER, Person, RecordingOutput

COLOURS: Pick[object] = Pick((Option(1, "red"), Option(2, "green"), Option(3, "blue")), marked=1)
SWITCH = Missing("--yes", note="  --yes: it would be switched off.")


def _number(text: str) -> Value:
    if not text.isdigit():
        raise InvalidValue(f"{text} is no number.")
    return text


def _ask(question: Question[Value], *answers: object) -> tuple[object, Person, RecordingOutput]:
    person, output = Person(*((question.name, answer) for answer in answers)), RecordingOutput()
    return person.prompter(output).ask(question), person, output


def test_row_is_answered_by_its_value_and_enter_by_the_marked_one() -> None:
    question: Question[object] = Question("Colour", COLOURS, unattended=3)
    prompter = Person(("Colour", "blue"), ("Colour", ENTER), ("Colour", BACK)).prompter(RecordingOutput())
    assert [prompter.ask(question) for _ in range(3)] == [3, 2, Nothing.BACK]


def test_yes_and_no_stand_for_values() -> None:
    form = YesNo[object](yes="on", no="off", marked="off")
    question: Question[object] = Question("Light", form, unattended="on")
    prompter = Person(("Light", True), ("Light", False), ("Light", ENTER)).prompter(RecordingOutput())
    assert [prompter.ask(question) for _ in range(3)] == ["on", "off", "off"]


def test_what_does_not_parse_is_explained_and_typed_anew_from_what_stood_there() -> None:
    answer, person, output = _ask(Question("Number", Typed[Value](_number), None), "x", "y1", ENTER, "12")
    assert answer == "12"
    assert person.enters == [("Number", ""), ("Number", "x"), ("Number", "y1"), ("Number", "y1")]
    assert [line.split("\n")[0] for line in output.told] == [
        "Error: x is no number.", "Error: y1 is no number.", "Error: y1 is no number.",
    ]  # fmt: skip


def test_secret_that_does_not_parse_is_never_offered_again() -> None:
    _, person, _ = _ask(Question("Secret", Typed[Value](_number, is_secret=True), None), "hidden", "12")
    assert person.enters == [("Secret", ""), ("Secret", "")]


def test_trouble_note_and_table_stand_above_the_question_in_this_order() -> None:
    question = yes_or_no("Go on?", unattended=True, marked=True)._replace(
        trouble=Unreachable("Down.", fix="Wait."), note="Mind this.", table=[Answer("Name", "words")]
    )
    output = RecordingOutput()
    assert Person(("Go on?", True)).prompter(output).ask(question) is True
    assert output.told == ["Error: Down.\nWait.", "Mind this.", "\n  Name  words"]


def test_time_that_a_person_takes_is_told_after_each_answer() -> None:
    answers: list[int] = []
    person = Person(("Number", "x"), ("Number", "1"))
    output = RecordingOutput()
    prompter = PersonPrompter(person, str, output.say, output.report, lambda: answers.append(len(person.left)))
    prompter.ask(Question("Number", Typed[Value](_number), None))
    assert answers == [1, 0]


@pytest.mark.parametrize("leaving", [KeyboardInterrupt, EOFError])
def test_whoever_leaves_has_changed_nothing(leaving: type[BaseException]) -> None:
    class Leaver(Person):
        def yes_or_no(self, name: str, *, marked: bool, can_go_back: bool) -> bool:  # noqa: ARG002 - leaves
            raise leaving

    with pytest.raises(Cancelled, match=r"Nothing was changed\."):
        Leaver().prompter(RecordingOutput()).ask(yes_or_no("Go on?", SWITCH, marked=True))


def test_person_is_asked_what_was_foreseen_only_when_it_is_time() -> None:
    prompter = Person().prompter(RecordingOutput())
    prompter.foresee(SWITCH)
    settle(prompter)


def test_nobody_answers_with_what_holds_and_misses_the_rest_in_one_error() -> None:
    nobody = NoPrompter()
    nobody.foresee(SWITCH)
    assert nobody.ask(Question[object]("Colour", COLOURS, unattended=3)) == 3
    rows = Missing("--colour", [{"id": 1}], "  --colour (Colour), one of:\n    red")
    assert nobody.ask(Question[object]("Colour", COLOURS, unattended=rows)) is Nothing.MISSING
    with pytest.raises(MissingInput) as caught:
        settle(nobody)
    assert caught.value.message == (
        "Missing: --yes, --colour\n  --yes: it would be switched off.\n  --colour (Colour), one of:\n    red"
    )
    assert [missing.flag for missing in caught.value.missing] == ["--yes", "--colour"]


def _nobody() -> Prompter:
    return NoPrompter()


def _person(answer: object) -> Callable[[], Prompter]:
    return lambda: Person(("Sure?", answer)).prompter(RecordingOutput())


@pytest.mark.parametrize(
    ("who", "is_cancelled"), [(_person(True), False), (_person(False), True), (_person(BACK), True), (_nobody, False)]
)
def test_only_a_yes_agrees_and_nobody_is_refused_later(who: Callable[[], Prompter], is_cancelled: bool) -> None:
    prompter = who()
    if is_cancelled:
        with pytest.raises(Cancelled):
            agree(prompter, yes_or_no("Sure?", SWITCH, marked=False))
    else:
        agree(prompter, yes_or_no("Sure?", SWITCH, marked=False))
    assert list(prompter.missing) == ([SWITCH] if who is _nobody else [])
