"""The review: every answer as it was and will be, what would be wrong, and a row to change each of them."""

from collections.abc import Iterator, Sequence
from enum import Enum, auto

from bokko_cli.model.settings import put_together, words
from bokko_cli.model.spec import Field, Spec
from bokko_cli.model.values import Problem, Settings
from bokko_cli.model.wording import N_
from bokko_cli.prompter.question import NO_WORDS, YES_WORDS, Answer, Option, Pick, Question
from bokko_cli.wizard.conversation import Plan
from bokko_cli.wizard.key import Verified


class Decision(Enum):
    """What to do with all the answers, if none of them is to be changed."""

    SAVE = auto()
    LEAVE = auto()
    KEY = auto()
    """Use another key first."""


def review_question(
    spec: Spec, plan: Plan, verified: Verified, answers: Settings, *, is_key_asked: bool
) -> Question[Decision | Field]:
    """Return the question at the end: a yes, a no, or the answer to change. Where nobody is asked, yes holds."""
    options: list[Option[Decision | Field]] = [
        Option(Decision.SAVE, N_("Yes"), words=YES_WORDS),
        Option(Decision.LEAVE, N_("No, leave without saving"), words=NO_WORDS),
    ]
    if is_key_asked:
        options.append(Option(Decision.KEY, _change(spec.key_question)))
    options += [Option(field, _change(field.question)) for field in spec.questions]
    table = [*_key_rows(spec, plan, verified), *_answer_rows(spec, plan, answers)]
    problems = plan.foreseen(verified.account, put_together(spec, answers))
    note = "" if plan.is_rerun() else _MODE
    return Question(plan.saving, Pick(options), Decision.SAVE, note=note, table=[*table, *_problem_rows(problems)])


def changes_nothing(spec: Spec, plan: Plan, verified: Verified, answers: Settings) -> bool:
    """Whether all answers, and the key as far as its hint tells, are what is stored."""
    previous = plan.previous.settings
    is_same = all(
        field.name in previous and words(field, previous[field.name]) == words(field, answers[field.name])
        for field in spec.questions
    )
    return is_same and not plan.key_change(verified.key)


def _change(question: str) -> str:
    return N_("Change: {question}", question=question)


def _key_rows(spec: Spec, plan: Plan, verified: Verified) -> Iterator[Answer]:
    for before, now in plan.key_change(verified.key):
        yield Answer(spec.key_question, now, before)


def _answer_rows(spec: Spec, plan: Plan, answers: Settings) -> Iterator[Answer]:
    previous = plan.previous.settings
    for field in spec.questions:
        now = words(field, answers[field.name])
        before = words(field, previous[field.name]) if field.name in previous else now
        yield Answer(field.question, now, "" if before == now else before)


def _problem_rows(problems: Sequence[Problem]) -> Iterator[Answer]:
    for problem in problems:
        yield Answer(N_("Problem") if problem.level == "error" else N_("Warning"), problem.message)


_MODE = N_("Invoice mode is draft review: each invoice is created as a draft, which a person checks and issues.")
