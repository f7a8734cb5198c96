"""Every error says what a script and a person need."""

import re

import pytest

from bokko_cli import errors
from bokko_cli.errors import BokkoError, ExitCode, Missing, MissingInput
from bokko_cli.model.wording import Sentence
from bokko_cli.output.scripts import error_document


def _family(kind: type[BokkoError]) -> list[type[BokkoError]]:
    return [kind, *(member for child in kind.__subclasses__() for member in _family(child))]


FAMILY = _family(BokkoError)


@pytest.mark.parametrize("kind", FAMILY)
def test_error_has_an_exit_code_a_code_and_a_fix_of_its_own(kind: type[BokkoError]) -> None:
    assert isinstance(kind.exit_code, ExitCode)
    assert kind.exit_code != ExitCode.DONE
    assert "code" in vars(kind), "a code of its own"
    assert kind.code.isidentifier()
    assert kind.code.islower()
    assert "usual_fix" in vars(kind), "a fix of its own"
    assert isinstance(kind.usual_fix, Sentence)
    assert kind.__doc__


def test_tree_of_errors_is_drawn_as_it_is() -> None:
    drawn = re.findall(r"^ *([│├└─ ]*)([A-Z]\w+) +(\d+)  (\w+)", errors.__doc__ or "", re.MULTILINE)
    assert sorted((name, len(indent) // 4, int(code), word) for indent, name, code, word in drawn) == sorted(
        (kind.__name__, kind.__mro__.index(BokkoError), int(kind.exit_code), kind.code) for kind in FAMILY
    )


def test_no_two_errors_share_a_code() -> None:
    codes = [kind.code for kind in FAMILY]
    assert sorted(codes) == sorted(set(codes))


def test_every_exit_code_but_ready_has_an_error() -> None:
    assert {kind.exit_code for kind in FAMILY} == set(ExitCode) - {ExitCode.DONE}


def test_exit_codes_are_those_of_the_contract() -> None:
    assert {code.name.lower(): int(code) for code in ExitCode} == {
        "done": 0, "unforeseen": 1, "usage": 2, "not_connected": 3, "refused": 4, "not_ready": 5, "unreachable": 6,
        "storage": 7, "cancelled": 130,
    }  # fmt: skip


def test_document_of_an_error_has_its_code_message_and_fix() -> None:
    assert error_document(BokkoError("It broke.", fix="Repair it.")) == {
        "schema": 1,
        "error": {"code": "unforeseen", "message": "It broke.", "fix": "Repair it."},
    }


def test_document_of_missing_input_lists_flags_and_choices() -> None:
    error = MissingInput("Missing: --yes, --block", [Missing("--yes"), Missing("--block", [{"id": 1}])])
    assert error_document(error) == {
        "schema": 1,
        "error": {
            "code": "missing_input",
            "message": "Missing: --yes, --block",
            "fix": "Give these flags, or run the command in a terminal without --no-input.",
            "missing": [{"flag": "--yes"}, {"flag": "--block", "choices": [{"id": 1}]}],
        },
    }
