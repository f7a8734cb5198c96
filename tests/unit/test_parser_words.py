"""What the parser says, as sentences that can be translated: none of its usual errors is left as it comes."""

from collections.abc import Sequence

import pytest
import typer
from typer.main import get_command

from bokko_cli.cli.app import app
from bokko_cli.cli.parser_words import ParserError, told
from bokko_cli.model.wording import Sentence


def refused(arguments: Sequence[str]) -> ParserError:
    """Return the error that the parser has for arguments."""
    with pytest.raises(ParserError) as caught:
        get_command(app).main([*arguments], "bokko", standalone_mode=False)
    return caught.value


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["billingo", "connect", "--vatt"], "No such option: --vatt (perhaps: --vat)"),
        (["billingo", "connect", "--xyzzy"], "No such option: --xyzzy"),
        (["billingo", "status", "now", "or never"], "Unexpected words: now or never"),
        (["billingo", "connect", "--yes=1"], "--yes takes no value."),
        (["billingo", "connect", "--vat"], "--vat needs a value."),
        (["billingo", "conect"], "No such command: 'conect'. Use:\n  bokko billingo connect"),
        (["billingo", "exec"], "Missing: COMMAND ARG…"),
    ],
)
def test_usual_errors_of_the_parser_are_sentences(arguments: list[str], message: str) -> None:
    found = told(refused(arguments))
    assert isinstance(found, Sentence)
    assert found == message


def test_unusual_error_is_told_as_it_comes() -> None:
    assert told(typer.BadParameter("Something else.")) == "Invalid value: Something else."
