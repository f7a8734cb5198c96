"""What may stand in public: only what a function has let through, and never by oversight."""

from datetime import date
from pathlib import PurePosixPath

import pytest

from bokko_cli.errors import ExitCode
from bokko_cli.model import public_findings as findings
from bokko_cli.model.public_findings import Unsafe, doubtful, exit_code_of_findings, well, wrong
from bokko_cli.model.values import Item, Level
from bokko_cli.model.wording import N_, Sentence, lines, plural

KEY = "63faa428-9044-11ea-8ed0-0242ac120002"
FIX = N_("Do this.")


@pytest.mark.parametrize(
    "message",
    [
        N_("The key is {key}.", key=KEY),
        N_("It says {inner}.", inner=N_("the key {key}", key=KEY)),
        plural("{name} is one.", "{name} are {count}.", 2, name="Webshop"),
        lines(N_("First."), "loose"),
        N_("At {path}.", path=PurePosixPath("/home/anna")),
    ],
    ids=["field", "field within a field", "plural", "loose line", "path"],
)
def test_text_that_nobody_called_harmless_is_refused(message: Sentence) -> None:
    with pytest.raises(Unsafe) as caught:
        well("program", "version", message)
    assert KEY not in str(caught.value)
    with pytest.raises(Unsafe):
        wrong("program", "version", N_("So."), message)


def test_item_named_by_what_came_from_outside_is_refused() -> None:
    with pytest.raises(Unsafe):
        well("program", f"key {KEY}", N_("So."))


def test_numbers_dates_and_what_was_let_through_may_be_shown() -> None:
    message = N_(
        "{host}: {count} of {share}, {when}, {inner}",
        host=findings.host("https://anna:secret@api.billingo.hu:8443/v3?key=1"),
        count=3,
        share=0.5,
        when=date(2026, 11, 26),
        inner=N_("as it is"),
    )
    assert well("network", "x", message).message == "api.billingo.hu: 3 of 0.5, 2026-11-26, as it is"


@pytest.mark.parametrize(
    ("let_through", "shown"),
    [
        (findings.identifier("BOKKO_PROFILE"), "BOKKO_PROFILE"),
        (findings.identifier("SecretService Keyring"), "SecretService Keyring"),
        (findings.identifier(KEY), "?"),
        (findings.identifier("key_missing\x1b[2J"), "?"),
        (findings.version("3.12.1+local"), "3.12.1+local"),
        (findings.version("a b"), "?"),
        (findings.version(""), "?"),
        (findings.profile("web-shop_2"), "web-shop_2"),
        (findings.profile("Kovács Bt."), "?"),
        (
            findings.dotted(("billingo", "api_key", "slot"), ["billingo", "api_key", "slot"]),
            "billingo.api_key.slot",
        ),
        (findings.dotted(("billingo", KEY), ["billingo"]), "billingo.?"),
        (findings.host("nothing"), "?"),
        (findings.host("https://[::1"), "?"),
        (findings.mode(0o100644), "0644"),
        (findings.together([findings.profile("a"), findings.profile("b")]), "a, b"),
    ],
)
def test_each_function_lets_one_kind_of_text_through(let_through: str, shown: str) -> None:
    assert let_through == shown


@pytest.mark.parametrize("text", ["rm -rf ~", "bokko", f"bokko connect; echo {KEY}", "bokko billingo connect\n"])
def test_command_that_is_not_ours_is_refused(text: str) -> None:
    with pytest.raises(Unsafe):
        findings.command(text)


@pytest.mark.parametrize(
    ("path", "named", "shown"),
    [
        ("/home/anna/.config/bokko", {"~": "/home/anna"}, "~/.config/bokko"),
        ("/home/anna", {"~": "/home/anna"}, "~"),
        ("/home/anna2/x", {"~": "/home/anna"}, "/home/anna2/x"),
        ("/srv/shop/bokko", {"~": "/home/anna", "$BOKKO_CONFIG_DIR": "/srv/shop/bokko"}, "$BOKKO_CONFIG_DIR"),
        ("/etc/bokko", {"~": "/"}, "/etc/bokko"),
        ("/etc/bokko", {"~": ""}, "/etc/bokko"),
        ("/etc/\x1b[2Jx", {}, "/etc/ [2Jx"),
    ],
)
def test_path_says_neither_whose_home_it_is_in_nor_what_a_variable_holds(
    path: str, named: dict[str, str], shown: str
) -> None:
    assert findings.place(PurePosixPath(path), named) == shown


@pytest.mark.parametrize(
    ("levels", "code"),
    [
        ([], ExitCode.DONE),
        (["ok", "warning"], ExitCode.DONE),
        (["ok", "problem", "warning"], ExitCode.NOT_READY),
    ],
)
def test_a_problem_alone_decides_the_exit_code(levels: list[Level], code: ExitCode) -> None:
    assert exit_code_of_findings(Item("program", "x", level, N_("So.")) for level in levels) == code


def test_what_is_not_well_has_a_fix() -> None:
    assert well("program", "x", N_("So.")).fix is None
    assert doubtful("program", "x", N_("So."), FIX).fix == FIX
    assert wrong("program", "x", N_("So."), FIX).level == "problem"
