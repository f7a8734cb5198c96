"""Every text for people is a whole sentence, marked where it stands."""

import ast

import pytest

from bokko_cli.errors import BokkoError
from tests.language.unmarked import AS_THEY_ARE, all_literals, glued_in, glued_texts, marks_of_halves, unmarked_words


def family(kind: type[BokkoError]) -> set[str]:
    return {kind.__name__}.union(*map(family, kind.__subclasses__()))


ERRORS = frozenset(family(BokkoError))


def test_no_words_stand_unmarked() -> None:
    assert unmarked_words() == []


def test_nothing_is_glued_where_people_are_spoken_to() -> None:
    assert glued_texts(ERRORS) == []


def test_no_marked_sentence_is_a_half_of_another() -> None:
    assert marks_of_halves() == []


def test_every_exception_is_still_needed() -> None:
    assert all_literals() >= AS_THEY_ARE


@pytest.mark.parametrize(
    "source",
    ['Refused("No.")', 'Refused(f"{name} said no.")', 'raise Refused(N_("No."), fix="Try " + what)',
     'output.warn("Careful.")', 'Problem(code, "error", N_("No."), "Wait.")', 'KeyRejected(", ".join(words))',
     'Flag("yes", ("--yes",), "Accept.")', 'Refused("No." if no else N_("Yes."))', 'Refused(N_("No.").lower())'],
)  # fmt: skip
def test_text_that_is_not_marked_is_found(source: str) -> None:
    assert glued_in(ast.parse(source), ERRORS)


@pytest.mark.parametrize(
    "source",
    ['Refused(N_("No."))', "Refused(message, fix=fix)", 'Refused(error.message, fix=spec.command("connect"))',
     'Refused(N_("No."), fix="")', 'output.warn(lines(N_("Careful."), *more))', 'log.debug("no answer from it")'],
)  # fmt: skip
def test_text_that_is_marked_or_handed_on_is_fine(source: str) -> None:
    assert glued_in(ast.parse(source), ERRORS) == []
